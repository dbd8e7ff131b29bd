"""Types of answers in annotations: those of calls that became chat requests follow them."""

from __future__ import annotations

from migrator.analysis.sites import Kind, NameFacts, Site
from migrator.edits import Edit, ReplaceExpression
from migrator.language import _
from migrator.planning import reshaping
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.planning.reshaping.knowledge import Types, types_of

_STREAMS = ("Stream[", "AsyncStream[", "Iterator[", "AsyncIterator[", "Iterable[")


def decide(context: Context) -> None:
    """Plan the types of answers whose calls move."""
    for site in context.of_kind(Kind.TYPE_REF):
        if not isinstance(site.facts, NameFacts):
            continue
        types = types_of(site.facts.name)
        if types is not None:
            _decide_type(context, site, types)


def _decide_type(context: Context, site: Site, types: Types) -> None:
    moved: list[str] = []
    stays: list[str] = []
    streams: set[bool] = set()
    for call, facts in context.calls():
        if facts.api in types.apis and not facts.legacy and not facts.is_json:
            goes = call.id in context.moved_calls and reshaping.shape_of(context, call)
            (moved if goes else stays).append(call.id)
            streams.add("stream" in facts.features)
    if not moved:
        return
    new = types.chunk if _is_streamed(context, site) or streams == {True} else types.answer
    settled = _is_streamed(context, site) or types.chunk == types.answer or len(streams) == 1
    quoted = context.sources[site.path].slice(site.span).startswith(("'", '"'))
    if stays or quoted or not settled:
        why = _("the answers are those of {places}", places=context.places([*moved, *stays]))
        context.hinder(site.id, item("answer-type", site, why, name=site.detail, new=new))
        return
    instruction = ReplaceExpression(new.rpartition(".")[2], (new,))
    reason = _("{detail}: the answers are chat completions", detail=site.detail)
    place = (site.path, site.span)
    context.edit(Edit(*place, "answer-type", instruction, (site.id,), reason))


def _is_streamed(context: Context, site: Site) -> bool:
    """Whether the type is written as that of a stream's parts."""
    source = context.sources[site.path]
    return source.line(site.span.line)[: site.span.column].endswith(_STREAMS)
