"""Subclasses of the client: where one is pointed at the provider.

A `super().__init__(…)` is given the key and the base URL, unless it passes on what the class is
given (`**given`): then the class is given them where it is constructed. `with_options` constructs
the class anew with a key and a base URL, which would be given twice otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator.analysis.sites import ClientFacts, Site
from migrator.planning import syntax
from migrator.source import PYTHON

if TYPE_CHECKING:
    from migrator.planning.context import Context

_SETTINGS = frozenset({"api_key", "base_url", "azure_endpoint"})


def makers(context: Context, site: Site, facts: ClientFacts) -> tuple[str, ...]:
    """The ids of the `super().__init__(…)` sites that hold the settings of a construction."""
    return tuple(one.id for one, _ in _supers(context, site, facts) if not passes_on(context, one))


def tied(context: Context, site: Site, facts: ClientFacts) -> tuple[str, ...]:
    """The ids of the `super().__init__(…)` sites that a construction moves with."""
    own = passed_to(context, site, facts) & _SETTINGS
    if own:
        return tuple(one.id for one, _ in _supers(context, site, facts))
    return makers(context, site, facts)


def passed_to(context: Context, site: Site, facts: ClientFacts) -> frozenset[str]:
    """The arguments that the bases of a construction give beside what they pass on."""
    return frozenset(
        argument.name
        for one, client in _supers(context, site, facts)
        if passes_on(context, one)
        for argument in client.arguments
        if argument.container.path == one.path and argument.container.span == one.span
    )


def passes_on(context: Context, super_site: Site) -> bool:
    """Whether a `super().__init__(…)` passes on the keyword arguments of its `__init__`."""
    return super_site.id in context.subclasses.passing


def constructions(context: Context, super_site: Site) -> tuple[str, ...]:
    """The ids of the constructions that a `super().__init__(…)` carries out."""
    return tuple(
        site.id
        for site, client in context.clients()
        if any(one.id == super_site.id for one, _ in _supers(context, site, client))
    )


@dataclass
class Subclasses:
    """The subclasses of a repository, read once: who carries out which construction."""

    bases: dict[str, set[str]] = field(default_factory=dict)
    supers: dict[str, list[tuple[Site, ClientFacts]]] = field(default_factory=dict)
    passing: set[str] = field(default_factory=set)
    above: dict[str, frozenset[str]] = field(default_factory=dict)

    def ancestors(self, name: str) -> frozenset[str]:
        """The names of a class and of those it derives from, as far as they are defined here."""
        if name not in self.above:
            found: set[str] = set()
            pending = [name]
            while pending:
                one = pending.pop()
                if one in self.bases and one not in found:
                    found.add(one)
                    pending += self.bases[one]
            self.above[name] = frozenset(found)
        return self.above[name]


def read(context: Context) -> Subclasses:
    """Read the classes of every file, if a `super().__init__(…)` makes a client at all."""
    found = Subclasses()
    every = [(one, client) for one, client in context.clients() if client.form == "super"]
    for site, client in every:
        source = context.sources.get(site.path)
        if source is None:
            continue
        found.supers.setdefault(syntax.class_around(source.text, site.span), []).append(
            (site, client)
        )
        if syntax.passes_on(source.text, site.span):
            found.passing.add(site.id)
    paths = {site.path for site in context.sites if every}
    for path in sorted(paths):
        source = context.sources.get(path)
        if source is not None and path.endswith(PYTHON) and "class " in source.text:
            for name, bases in syntax.classes(source.text):
                found.bases.setdefault(name, set()).update(bases)
    return found


def _supers(context: Context, site: Site, facts: ClientFacts) -> Iterator[tuple[Site, ClientFacts]]:
    """The `super().__init__(…)` sites of the class that a client is constructed of."""
    known = context.subclasses
    if facts.form != "call" or not known.supers:
        return
    for name in sorted(known.ancestors(facts.spelled_class.rpartition(".")[2])):
        yield from known.supers.get(name, ())
