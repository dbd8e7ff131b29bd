"""What all calls that become chat requests share: the method, what is read of the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from migrator.analysis.sites import CallFacts, Place, Site, Span
from migrator.decisions import Source
from migrator.edits import Edit, MethodPath
from migrator.language import _, apart
from migrator.planning.context import Context
from migrator.planning.reshaping import exchanges
from migrator.planning.reshaping.knowledge import Stop, ToChat, to_chat
from migrator.planning.reshaping.naming import method_paths
from migrator.planning.reshaping.reads import read_answer

CODEMOD = "to-chat"


def shape_of(context: Context, site: Site) -> ToChat | None:
    """How a call becomes a chat request; None for one that is left at its own endpoint."""
    if context.shapes is None:
        context.shapes = {**_plain_shapes(context), **exchanges.shapes(context)}
    return context.shapes.get(site.id)


def _plain_shapes(context: Context) -> Mapping[str, ToChat | None]:
    """Of the calls of endpoints that the provider does not serve: each is on its own."""
    found: dict[str, ToChat | None] = {}
    for site, facts in context.calls():
        shape = None if facts.legacy or facts.is_json else to_chat(facts.api)
        served = context.provider.endpoint(facts.api).support == "yes"
        found[site.id] = None if served else shape
    return found


def sources(context: Context, facts: CallFacts, shape: ToChat) -> tuple[Source, ...]:
    """Who says that a call cannot stay as it is."""
    return (shape.source, *context.provider.endpoint(facts.api).sources)


def bonds(context: Context, site: Site, facts: CallFacts) -> dict[str, str]:
    """What a call that becomes a chat request shares with others that do, by a key, in words."""
    shape = shape_of(context, site)
    return {} if shape is None else exchanges.bonds(context, site, facts, shape)


def stops(context: Context, site: Site, facts: CallFacts, shape: ToChat) -> str:
    """The places that keep the answer from taking another shape, for people to read."""
    found = [
        *read_answer(context, site, facts, shape).stops,
        *_shared_reads(context, site, facts, shape),
    ]
    return apart(dict.fromkeys(map(str, found)))


def _shared_reads(context: Context, site: Site, facts: CallFacts, shape: ToChat) -> Iterator[Stop]:
    """Where the answers of calls that keep their shape are read too."""
    for place in sorted(read_answer(context, site, facts, shape).read_at, key=_order):
        for other in context.readers[place]:
            if shape_of(context, context.by_id[other]) is None:
                yield Stop(
                    place, _("also reads the answer of {places}", places=context.places([other]))
                )


def _order(place: Place) -> tuple[str, Span]:
    return place.path, place.span


def edit_method(context: Context, site: Site, facts: CallFacts, shape: ToChat, why: str) -> None:
    """Call the method of chat, and read its answer where the old one was read."""
    until, earlier = shape.earlier
    older = until and not context.releases.allows(site.path, until)
    method = earlier if older else shape.method
    instruction = MethodPath(*method_paths(context, site, facts, method))
    for named in facts.methods:
        context.edit(Edit(named.path, named.span, CODEMOD, instruction, (site.id,), why))
    for read, change in read_answer(context, site, facts, shape).changes.items():
        context.edit(Edit(read.path, read.span, CODEMOD, change, (site.id,), why))
