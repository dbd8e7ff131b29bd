"""Subclasses of the client: which `super().__init__(…)` makes the clients of a class."""

from __future__ import annotations

from migrator.analysis.sites import ClientFacts, Site
from migrator.planning import syntax
from migrator.planning.context import Context


def makers(context: Context, site: Site, facts: ClientFacts) -> tuple[str, ...]:
    """The ids of the `super().__init__(…)` sites that carry out a construction, if any do."""
    supers = [(one, client) for one, client in context.clients() if client.form == "super"]
    if facts.form != "call" or not supers:
        return ()
    texts = {path: source.text for path, source in context.sources.items()}
    classes = syntax.ancestors(texts, facts.spelled_class.rpartition(".")[2])
    return tuple(
        one.id
        for one, _ in supers
        if syntax.class_around(texts.get(one.path, ""), one.span) in classes
    )


def passes_on(context: Context, super_site: Site) -> bool:
    """Whether a `super().__init__(**given)` is known to be given no base URL."""
    made = [
        client
        for site, client in context.clients()
        if super_site.id in makers(context, site, client)
    ]
    given = {argument.name for client in made for argument in client.arguments}
    return bool(made) and all(client.complete for client in made) and "base_url" not in given
