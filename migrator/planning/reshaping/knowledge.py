"""How a call of another endpoint is said as a chat request, from `knowledge/to_chat.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from migrator.analysis.sites import Argument, Place
from migrator.decisions import Source
from migrator.knowledge.files import knowledge
from migrator.knowledge.prose import each_language

Steps = tuple[str, ...]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """An argument without counterpart: the values that ask for nothing, and what to do instead."""

    idle: tuple[Any, ...]
    remedy: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What is read under another path: `put` follows what is `steps` before the end.

    `own` says that it is an object of the program's own class.
    """

    path: Steps
    steps: int
    put: str
    fallback: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Tested:
    """What a comparison of a part with a text becomes, and the opposite of that."""

    path: Steps
    value: str
    put: str
    opposite: str


@dataclass(frozen=True, slots=True)
class Reads:
    """What can be read of an answer, or of a chunk of it, under the same path or another.

    `texts` are those that are None, and not empty, where a function is called in their place;
    `state` is what nothing but the old endpoint can be asked by.
    """

    same: tuple[Steps, ...] = ()
    changed: tuple[Changed, ...] = ()
    tests: tuple[Tested, ...] = ()
    texts: tuple[Steps, ...] = ()
    state: tuple[Steps, ...] = ()

    def change(self, path: Steps) -> Changed | None:
        """What becomes of a read, if it is under another path."""
        return next((one for one in self.changed if matches(one.path, path)), None)

    def keeps(self, path: Steps) -> bool:
        """Whether a read stays as it is."""
        return any(matches(one, path) for one in self.same) or self.holds_own(path)

    def holds_own(self, path: Steps) -> bool:
        """Whether a path leads to an object of the program's own class, or into one."""
        return any(one.own and _may_match(one.path, path[: len(one.path)]) for one in self.changed)

    def test(self, path: Steps, value: str) -> Tested | None:
        """What becomes of a comparison, if it can be told."""
        found = (one for one in self.tests if one.value == value and matches(one.path, path))
        return next(found, None)

    def is_tested(self, path: Steps) -> bool:
        """Whether a part is one that comparisons are told of."""
        return any(matches(one.path, path) for one in self.tests)


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a stream: the test of a chunk that says the same, and what is read under it.

    `usage` says that the chunk is one that has to be asked for.
    """

    value: str
    put: str
    reads: Reads
    usage: bool = False


@dataclass(frozen=True, slots=True)
class Calls:
    """The items of `output` that are calls of functions: where a chat answer has them.

    `calls` and `message` follow the answer; `kinds` are what tells a call in the old answer, and in
    the new one.
    """

    calls: str
    message: str
    kinds: tuple[str, str]
    same: frozenset[str]
    changed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ToChat:
    """What becomes of the calls of one method.

    `earlier` is the method of releases of openai before the one named.
    """

    api: str
    method: str
    detail: str
    refused: Mapping[str, Refused]
    answer: Reads
    chunk: Reads
    shown_by: frozenset[str]
    source: Source
    events: tuple[Event, ...] = ()
    calls: Calls | None = None
    finals: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[str, str] = ("", "")

    def asks_nothing(self, argument: Argument) -> bool:
        """Whether an argument has a value that it is as well left out with."""
        idle = self.refused[argument.name].idle if argument.name in self.refused else (None,)
        return any(argument.value == one and type(argument.value) is type(one) for one in idle)

    def event(self, value: str) -> Event | None:
        """What is known of the events of a type."""
        return next((one for one in self.events if one.value == value), None)


@dataclass(frozen=True, slots=True)
class Form:
    """A dictionary that a request is made of, and what is done to it: see the file."""

    of: str
    type: str
    needs: frozenset[str]
    drop: frozenset[str]
    rename: Pairs
    replace: Pairs
    compose: Pairs
    nest: tuple[str, Pairs] | None
    lift: str

    @property
    def takes(self) -> frozenset[str]:
        """The entries that a dictionary of this form may have."""
        return self.needs | self.drop | self._nested | {"type"}

    @property
    def changes(self) -> frozenset[str]:
        """The entries that are not there any more, or say something else."""
        renamed = (name for name, _ in (*self.rename, *self.replace))
        gone = self.needs if self.compose or self.lift else frozenset()
        return self.drop | self._nested | gone | frozenset(renamed)

    @property
    def _nested(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.nest[1]) if self.nest is not None else frozenset()


@dataclass(frozen=True, slots=True)
class Types:
    """The type of some methods' answers, and what it is of a chat request's answer or chunk."""

    apis: frozenset[str]
    answer: str
    chunk: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A place that keeps an answer from taking another shape, and what happens there."""

    place: Place
    what: str

    def __str__(self) -> str:
        return f"{self.place.path}:{self.place.span.line} ({self.what})"


def _every() -> Mapping[str, Any]:
    return knowledge("to_chat.yaml")


@each_language
def types_of(name: str) -> Types | None:
    """What becomes of the type of an answer; None for any other name."""
    for entry in _every()["types"]:
        if name in entry["names"]:
            return Types(frozenset(entry["apis"]), str(entry["answer"]), str(entry["chunk"]))
    return None


@each_language
def to_chat(api: str) -> ToChat | None:
    """What becomes of the calls of a method; None where nothing is known."""
    every = _every()
    entry = every.get(api)
    if not isinstance(entry, dict) or "answer" not in entry:
        return None
    chunk = entry.get("chunk", {})
    earlier = entry.get("earlier", {})
    return ToChat(
        api,
        str(entry["method"]),
        str(entry["detail"]),
        {
            name: Refused((None, *one.get("idle", ())), str(one.get("remedy", "")))
            for name, one in entry.get("refused", {}).items()
        },
        _reads(entry["answer"]),
        _reads(chunk),
        frozenset(every["shown_by"]),
        Source(str(entry["source"]), "", str(entry["as_of"])),
        tuple(
            Event(str(one["value"]), str(one["put"]), _reads(one), bool(one.get("usage")))
            for one in chunk.get("events", ())
        ),
        _calls(entry["items"]) if "items" in entry else None,
        dict(entry.get("finals", {})),
        (str(earlier.get("until", "")), str(earlier.get("method", ""))),
    )


@each_language
def forms(of: str) -> tuple[Form, ...]:
    """What the dictionaries may be that some part of a request is made of."""
    return tuple(_form(one) for one in _every()["dictionaries"] if one["of"] == of)


def _form(entry: Mapping[str, Any]) -> Form:
    nest = entry.get("nest")
    return Form(
        str(entry["of"]),
        str(entry["type"]),
        frozenset(entry["needs"]),
        frozenset(entry.get("drop", ())),
        tuple(entry.get("rename", {}).items()),
        tuple((name, f'"{value}"') for name, value in entry.get("replace", {}).items()),
        tuple(entry.get("compose", {}).items()),
        (str(nest["key"]), tuple(nest["names"].items())) if nest else None,
        str(entry.get("lift", "")),
    )


def _calls(entry: Mapping[str, Any]) -> Calls:
    ((old, new),) = entry["type"].items()
    return Calls(
        str(entry["list"]),
        str(entry["message"]),
        (str(old), str(new)),
        frozenset(entry["same"]),
        dict(entry["changed"]),
    )


def _reads(entry: Mapping[str, Any]) -> Reads:
    return Reads(
        _paths(entry, "same"),
        tuple(
            Changed(
                _path(one["path"]),
                len(_path(one["path"])) - len(_path(one.get("of", ""))),
                str(one["put"]),
                str(one.get("or", "")),
                bool(one.get("own")),
            )
            for one in (*entry.get("also", ()), *entry.get("changed", ()))
        ),
        tuple(
            Tested(_path(one["path"]), str(one["value"]), str(one["put"]), str(one["opposite"]))
            for one in entry.get("tests", ())
        ),
        _paths(entry, "texts"),
        _paths(entry, "state"),
    )


def _paths(entry: Mapping[str, Any], name: str) -> tuple[Steps, ...]:
    return tuple(_path(one) for one in entry.get(name, ()))


def _path(dotted: str) -> Steps:
    return tuple(dotted.split(".")) if dotted else ()


def matches(pattern: Steps, path: Steps) -> bool:
    """Whether a path is one of a pattern's, in which `*` is any index."""
    return len(pattern) == len(path) and all(
        wanted == step or (wanted == "*" and is_index(step))
        for wanted, step in zip(pattern, path, strict=True)
    )


def _may_match(pattern: Steps, path: Steps) -> bool:
    """Whether a path may be one of a pattern's: an index of which nothing is known is any."""
    known = (
        wanted if step == "*" and is_index(wanted) else step
        for wanted, step in zip(pattern, path, strict=False)
    )
    return len(pattern) == len(path) and matches(pattern, tuple(known))


def is_index(step: str) -> bool:
    """Whether a step is one into a list, at a place that is known."""
    return step.lstrip("-").isdigit()
