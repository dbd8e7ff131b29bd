"""Subclasses of the client: where one is pointed at the provider.

A `super().__init__(…)` is given the key and the base URL, unless it passes on what the class is
given (`**given`): then the class is given them where it is constructed. `with_options` constructs
the class anew with a key and a base URL, which would be given twice otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrator.analysis.sites import ClientFacts, Site
from migrator.planning import syntax
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
    source = context.sources.get(super_site.path)
    return source is not None and syntax.passes_on(source.text, super_site.span)


def constructions(context: Context, super_site: Site) -> tuple[str, ...]:
    """The ids of the constructions that a `super().__init__(…)` carries out."""
    return tuple(
        site.id
        for site, client in context.clients()
        if any(one.id == super_site.id for one, _ in _supers(context, site, client))
    )


def _supers(context: Context, site: Site, facts: ClientFacts) -> Iterator[tuple[Site, ClientFacts]]:
    """The `super().__init__(…)` sites of the class that a client is constructed of."""
    every = [(one, client) for one, client in context.clients() if client.form == "super"]
    if facts.form != "call" or not every:
        return
    texts = {path: source.text for path, source in context.sources.items()}
    classes = syntax.ancestors(texts, facts.spelled_class.rpartition(".")[2])
    for one, client in every:
        if syntax.class_around(texts.get(one.path, ""), one.span) in classes:
            yield one, client
