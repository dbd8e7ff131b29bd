"""Whether everything that is done with the answers of upgraded calls can be done with objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from migrator.analysis.shapes import Shape, shape_of
from migrator.analysis.sites import CallFacts, Place, ResultRead, ResultUse, Site
from migrator.planning.legacy import knowledge

_STEPS = frozenset({"item", "get", "contains"})


def unfit_answers(
    calls: Mapping[str, tuple[Site, CallFacts]], refused: Mapping[str, str]
) -> dict[str, str]:
    """The calls, of those not refused already, whose answers stay dicts, each with the reason.

    What reads the answers of several calls is rewritten for all of them, or for none.
    """
    found = {
        one: why
        for one, (_, facts) in calls.items()
        if one not in refused and (why := _why_unfit(facts))
    }
    readers: defaultdict[Place, set[str]] = defaultdict(set)
    for one, (_, facts) in calls.items():
        for place in _rewritten(facts):
            readers[place].add(one)
    pending = [*refused, *found]
    while pending:
        stuck = pending.pop()
        for place in _rewritten(calls[stuck][1]):
            for other in readers[place] - refused.keys() - found.keys():
                found[other] = f"its answer is read where one is that stays a dict, in {place.path}"
                pending.append(other)
    return found


def _rewritten(facts: CallFacts) -> Iterator[Place]:
    for read in facts.reads:
        if is_rewritten(facts.api, read):
            yield read.place
    for use in facts.uses:
        if needs_mapping(facts.api, use):
            yield use.place


def is_rewritten(api: str, read: ResultRead) -> bool:
    """Whether a read is one of a dict's that becomes one of an object's."""
    if read.form not in _STEPS:
        return False
    if knowledge.is_utility(api):
        return False
    return shape_of(api, read.path[:-1], read.streamed) in {Shape.OBJECT, Shape.UNKNOWN}


def needs_mapping(api: str, use: ResultUse) -> bool:
    """Whether a dict has to be made of a part of an answer."""
    if knowledge.is_utility(api):
        return False
    if shape_of(api, use.path, use.streamed) not in {Shape.OBJECT, Shape.UNKNOWN}:
        return False
    match use.form:
        case "argument":
            return knowledge.wants_mapping(use.name)
        case "method":
            return knowledge.method(use.name) == "mapping"
        case "spread" | "iteration":
            return True
    return False


def _why_unfit(facts: CallFacts) -> str:
    if knowledge.is_utility(facts.api):
        return ""  # the vectors themselves, in every release
    for read in facts.reads:
        if is_rewritten(facts.api, read):
            why = _why_unread(facts, read)
            if why:
                return f"{why} ({read.place.path}:{read.place.span.line})"
    for use in facts.uses:
        why = _why_unused(facts, use)
        if why:
            return f"{why} ({use.place.path}:{use.place.span.line})"
    return ""


def _why_unread(facts: CallFacts, read: ResultRead) -> str:
    name = read.path[-1]
    if not read.proven:
        return "its answer is read where something else may stand too"
    if shape_of(facts.api, read.path, read.streamed) is Shape.UNKNOWN:
        return f"an answer of openai 1.0 and later has no `{name}`"
    deeper = (*read.path,)
    if (
        read.form == "get"
        and read.default is not None
        and not knowledge.is_present(name, streamed=read.streamed)
        and any(one.path[: len(deeper)] == deeper and one.path != deeper for one in facts.reads)
    ):
        return f"`{name}` may be None, and what stands in its place is read further"
    return ""


def _why_unused(facts: CallFacts, use: ResultUse) -> str:
    if needs_mapping(facts.api, use) and not use.proven:
        return "its answer leaves where something else may leave too"
    if shape_of(facts.api, use.path, use.streamed) is not Shape.OBJECT:
        return ""
    if use.form == "isinstance" and "dict" in use.name:
        return "it is asked whether its answer is a dict"
    if use.form == "method" and not knowledge.method(use.name):
        return f"an answer of openai 1.0 and later has no method `{use.name}`"
    return ""
