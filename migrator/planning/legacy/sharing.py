"""What becomes of the answers of upgraded calls: objects, or dicts made of them on arrival.

An answer of openai before 1.0 is a dict that can be read by attributes too. Where everything that
is done with it can be done with an object, it becomes one. Where it meets dicts of the program's
own, or is treated as one, a dict is made of it where it arrives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from migrator.analysis.shapes import Shape, shape_of
from migrator.analysis.sites import CallFacts, Place, ResultRead, ResultUse, Site
from migrator.language import _
from migrator.planning.legacy import knowledge

_STEPS = frozenset({"item", "get", "contains"})
_BY_NAME = frozenset({"getattr", "hasattr"})
_DICT_METHODS = frozenset(dir(dict))


@dataclass(frozen=True)
class Answers:
    """The calls whose answers cannot follow, each with the reason; those that are made dicts."""

    unfit: Mapping[str, str]
    dicts: frozenset[str]


def read_answers(
    calls: Mapping[str, tuple[Site, CallFacts]], refused: Mapping[str, str]
) -> Answers:
    """What becomes of the answers of the calls that are not refused already.

    What reads the answers of several calls is rewritten for all of them, or for none: those hang
    together.
    """
    objects = {
        one: why
        for one, (_, facts) in calls.items()
        if one not in refused and (why := _why_no_object(facts))
    }
    unfit: dict[str, str] = {}
    dicts: set[str] = set()
    for group in _groups(calls):
        whole = [one for one in group if one not in refused]
        held = [one for one in group if one in refused or one in objects]
        if not held or not whole:
            continue
        if not any(_why_no_dict(calls[one][1]) for one in whole):
            dicts.update(whole)
            continue
        for one in whole:
            place = next(iter(_rewritten(calls[one][1])), None)
            shared = _("its answer is read where one is that stays a dict")
            if place is not None:
                shared = _(
                    "its answer is read where one is that stays a dict, in {path}", path=place.path
                )
            unfit[one] = objects.get(one, shared)
    return Answers(unfit, frozenset(dicts))


def _groups(calls: Mapping[str, tuple[Site, CallFacts]]) -> Iterator[list[str]]:
    """The calls that hang together by the places where their answers are read."""
    readers: defaultdict[Place, list[str]] = defaultdict(list)
    for one, (_unused, facts) in calls.items():
        for place in _rewritten(facts):
            readers[place].append(one)
    seen: set[str] = set()
    for first in calls:
        if first in seen:
            continue
        group, pending = [], [first]
        while pending:
            one = pending.pop()
            if one not in seen:
                seen.add(one)
                group.append(one)
                pending += [
                    other for place in _rewritten(calls[one][1]) for other in readers[place]
                ]
        yield group


def _rewritten(facts: CallFacts) -> Iterator[Place]:
    for read in facts.reads:
        if is_rewritten(facts.api, read) or is_item(facts.api, read):
            yield read.place
    for use in facts.uses:
        if needs_mapping(facts.api, use):
            yield use.place


def is_known(api: str, read: ResultRead) -> bool:
    """Whether the types of the API have what a step reads."""
    return shape_of(api, read.path, read.streamed) is not Shape.UNKNOWN


# -- an object -------------------------------------------------------------------------------------


def is_rewritten(api: str, read: ResultRead) -> bool:
    """Whether a read is one of a dict's that becomes one of an object's."""
    if read.form not in _STEPS or knowledge.is_utility(api):
        return False
    return _is_object(api, read) or not _is_told(api, read)


def _is_object(api: str, read: ResultRead) -> bool:
    """Whether a step is taken from an object of openai's."""
    return shape_of(api, read.path[:-1], read.streamed) is Shape.OBJECT


def _is_told(api: str, read: ResultRead) -> bool:
    """Whether the types of the API say what a step is taken from.

    Below a field that they do not know there are plain dicts: nothing is made of them.
    """
    told = (shape_of(api, read.path[:end], read.streamed) for end in range(len(read.path)))
    return Shape.OBJECT in told


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


def _why_no_object(facts: CallFacts) -> str:
    if knowledge.is_utility(facts.api):
        return ""  # the vectors themselves, in every release
    own = {
        _anywhere(read.path)
        for read in facts.reads
        if read.written or read.form in {"contains", "get"}
    }
    for read in facts.reads:
        if is_rewritten(facts.api, read):
            why = _why_unread(facts, read, own)
            if why:
                return _told_at(why, read.place)
        elif read.form == "attribute" and read.proven and _is_in_a_dict(facts.api, read):
            why = _("what it reads of its answer is in a dict since openai 1.0")
            return _told_at(why, read.place)
    for use in facts.uses:
        why = _why_unused(facts, use)
        if why:
            return _told_at(why, use.place)
    return ""


def _told_at(why: str, place: Place) -> str:
    return _("{why} ({path}:{line})", why=why, path=place.path, line=place.span.line)


def _is_in_a_dict(api: str, read: ResultRead) -> bool:
    """Whether a step is taken from a field that the types of the API do not know."""
    base = shape_of(api, read.path[:-1], read.streamed)
    return base is Shape.UNKNOWN and _is_told(api, read)


def _anywhere(path: tuple[str, ...]) -> tuple[str, ...]:
    """A path with any index in the place of every one."""
    return tuple("*" if step.isdigit() else step for step in path)


def _why_unread(facts: CallFacts, read: ResultRead, own: Iterable[tuple[str, ...]]) -> str:
    name = read.path[-1]
    if not read.proven:
        return _("its answer is read where something else may stand too")
    # What the program writes into an answer itself, or asks for, an object of openai takes too.
    taken = _anywhere(read.path) in own and name.isidentifier()
    if not is_known(facts.api, read) and not taken:
        return _("an answer of openai 1.0 and later has no `{name}`", name=name)
    deeper = (*read.path,)
    if (
        read.form == "get"
        and read.default is not None
        and not knowledge.is_present(name, streamed=read.streamed)
        and any(one.path[: len(deeper)] == deeper and one.path != deeper for one in facts.reads)
    ):
        return _("`{name}` may be None, and what stands in its place is read further", name=name)
    return ""


def _why_unused(facts: CallFacts, use: ResultUse) -> str:
    if needs_mapping(facts.api, use) and not use.proven:
        return _("its answer leaves where something else may leave too")
    if shape_of(facts.api, use.path, use.streamed) is not Shape.OBJECT:
        return ""
    if use.form == "isinstance" and "dict" in use.name:
        return _("it is asked whether its answer is a dict")
    known = use.name in _DICT_METHODS or use.name in knowledge.object_methods()
    if use.form == "method" and known and not knowledge.method(use.name):
        return _("an answer of openai 1.0 and later has no method `{name}`", name=use.name)
    return ""


# -- a dict ----------------------------------------------------------------------------------------


def is_item(api: str, read: ResultRead) -> bool:
    """Whether a read is one by attribute, that of a dict is one by its key."""
    if read.form != "attribute" or knowledge.is_utility(api):
        return False
    if not read.proven and not is_known(api, read):
        return False  # of something else than an answer, which has no such field
    return shape_of(api, read.path[:-1], read.streamed) in {Shape.OBJECT, Shape.UNKNOWN}


def _why_no_dict(facts: CallFacts) -> str:
    """Why no dict can be made of a call's answer where it arrives; empty where one can."""
    if knowledge.is_utility(facts.api):
        return ""
    stream = facts.argument("stream")
    if stream is not None and stream.value not in (False, None):
        return _("it may stream")
    if not facts.arrives:
        return _("its answer arrives in something else")
    for read in facts.reads:
        if read.streamed:
            return _("it streams")
        if is_item(facts.api, read) and not read.proven:
            return _("its answer is read where something else may stand too")
        if read.form in _BY_NAME and is_known(facts.api, read):
            return _("its answer is read by the name of an attribute")
    return next((why for use in facts.uses if (why := _why_not_used(facts.api, use))), "")


def _why_not_used(api: str, use: ResultUse) -> str:
    if use.streamed:
        return _("it streams")
    if shape_of(api, use.path) not in {Shape.OBJECT, Shape.UNKNOWN}:
        return ""
    if use.form == "isinstance" and "dict" not in use.name:
        return _("it is asked whether its answer is an object of openai's")
    if use.form == "method" and use.name in knowledge.object_methods():
        return _("a dict has no method `{name}`", name=use.name)
    return ""
