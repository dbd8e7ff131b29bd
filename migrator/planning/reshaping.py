"""What all calls that become chat requests share: the method, what is read of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.analysis.sites import Argument, CallFacts, Origin, Place, Site
from migrator.decisions import Source
from migrator.edits import AnswerRead, Edit, MethodPath, ReplaceExpression
from migrator.planning import event_loops
from migrator.planning.chat_form import response_format, unsayable
from migrator.planning.context import Context
from migrator.planning.to_chat import Changed, Stop, ToChat, read_answer, to_chat

CODEMOD = "to-chat"
_CHAT_BEFORE_ONE = "ChatCompletion"
_RAW = ("", "with_raw_response")


def shape_of(context: Context, site: Site, facts: CallFacts) -> ToChat | None:
    """How a call becomes a chat request; None for one that is left at its own endpoint."""
    if site.id not in context.shapes:
        context.shapes[site.id] = _shape_of(context, site, facts)
    return context.shapes[site.id]


def _shape_of(context: Context, site: Site, facts: CallFacts) -> ToChat | None:
    shape = to_chat(facts.api)
    if shape is None or facts.legacy or facts.is_json:
        return None
    support = context.provider.endpoint(facts.api).support
    if not facts.api.startswith("responses."):
        return None if support == "yes" else shape
    if support not in {"yes", "partial"} or not context.provider.has_responses:
        return shape
    asking = asks_for_chat(context, facts, shape)
    needed = [one for one in asking if not _can_be_missed(context, one)]
    return shape if needed or (asking and _follows(context, site, facts, shape)) else None


def _can_be_missed(context: Context, argument: Argument) -> bool:
    """Whether a call does without an argument where it cannot become a chat request."""
    parameter = context.provider.responses_parameter(argument.name)
    if parameter.dispensable or argument.name != "text":
        return parameter.dispensable
    return response_format(argument.spelled) == ""


def _follows(context: Context, site: Site, facts: CallFacts, shape: ToChat) -> bool:
    """Whether a chat request can say all of a call, and give all that is read of its answer."""
    reads = [*read_answer(facts, shape).stops, *event_loops.stops(context, facts, shape)]
    sayable = not unsayable(context, site, facts, shape)
    return sayable and not reads and is_named(context, site, facts)


def asks_for_chat(context: Context, facts: CallFacts, shape: ToChat) -> list[Argument]:
    """The arguments of a Responses call that a chat request takes and this endpoint does not."""
    return [
        one
        for one in facts.arguments
        if context.provider.responses_parameter(one.name).action == "chat"
        and not shape.asks_nothing(one)
    ]


def sources(context: Context, facts: CallFacts, shape: ToChat) -> tuple[Source, ...]:
    """Who says that a call cannot stay as it is."""
    return (shape.source, *context.provider.endpoint(facts.api).sources)


def changed_reads(context: Context, site: Site, facts: CallFacts) -> list[Place]:
    """Where a call's answer is read in another way once it is a chat request's."""
    shape = shape_of(context, site, facts)
    if shape is None:
        return []
    tests = [one.comparison for one in event_loops.event_tests(context, facts, shape)]
    return [*tests, *(read.place for read, _ in read_answer(facts, shape).changes)]


def stops(context: Context, site: Site, facts: CallFacts, shape: ToChat) -> str:
    """The places that keep the answer from taking another shape, for people to read."""
    found = [
        *read_answer(facts, shape).stops,
        *_shared_reads(context, site, facts, shape),
        *event_loops.stops(context, facts, shape),
    ]
    return "; ".join(dict.fromkeys(map(str, found)))


def _shared_reads(context: Context, site: Site, facts: CallFacts, shape: ToChat) -> Iterator[Stop]:
    """Where the answers of calls that keep their shape are read too."""
    for read, _ in read_answer(facts, shape).changes:
        for other in context.readers[read.place]:
            also = context.call(other)
            same = also and shape_of(context, context.by_id[other], also) == shape
            if other != site.id and not same:
                yield Stop(read.place, f"also reads the answer of {context.places([other])}")


def is_own(site: Site, argument: Argument) -> bool:
    """Whether an argument is written for this call alone: not for a function that hands it on."""
    here = argument.container == Place(site.path, site.span)
    return argument.shared == 1 and (here or argument.origin is not Origin.KEYWORD)


def is_named(context: Context, site: Site, facts: CallFacts) -> bool:
    """Whether the call names its method by the path from a client."""
    if site.id in context.upgrade.before:
        return True  # only then it is upgraded
    source = context.sources.get(facts.callee.path)
    written = source.slice(facts.callee.span) if source is not None else ""
    path = f".{_paths(context, site, facts)[0]}"
    return facts.raw in _RAW and re.sub(r"[\s\\]+", "", written).endswith(path)


def edit_method(context: Context, site: Site, facts: CallFacts, shape: ToChat, why: str) -> None:
    """Call the method of chat, and read its answer where the old one was read."""
    instruction = MethodPath(*_paths(context, site, facts, shape.method))
    for named in facts.methods:
        context.edit(Edit(named.path, named.span, CODEMOD, instruction, (site.id,), why))
    for read, change in read_answer(facts, shape).changes:
        dict_ = site.id in context.upgrade.kept or site.id in context.upgrade.dicts
        put = _keyed(change) if dict_ else change.put
        step = AnswerRead(change.steps, put, change.fallback)
        place = (read.place.path, read.place.span)
        context.edit(Edit(*place, CODEMOD, step, (site.id,), why))
    for test in event_loops.event_tests(context, facts, shape):
        place = (test.comparison.path, test.comparison.span)
        told = ReplaceExpression(test.source)
        context.edit(Edit(*place, CODEMOD, told, (site.id,), why))


def _keyed(change: Changed) -> str:
    """What is read, as it is of a dict: before openai 1.0 a field that is not told is absent."""
    *outer, last = change.put.removeprefix(".").split(".")
    told = f'.get("{last}")' if change.fallback else f'["{last}"]'
    return "".join(f'["{name}"]' for name in outer) + told


def _paths(context: Context, site: Site, facts: CallFacts, method: str = "") -> tuple[str, str]:
    """How a call's method is written, and how another one is in the same release of openai."""
    kept = context.upgrade.kept.get(site.id)
    if kept is None:
        return _with_raw(facts.api, facts), _with_raw(method, facts)
    return kept.api, f"{_CHAT_BEFORE_ONE}.{kept.api.rpartition('.')[2]}"


def _with_raw(method: str, facts: CallFacts) -> str:
    """A method's path with the prefix that asks for the raw response, where the call has it."""
    owner, _, name = method.rpartition(".")
    return ".".join(filter(None, (owner, facts.raw, name)))
