"""How a call of another endpoint is said as a chat request, from `knowledge/to_chat.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from migrator.analysis.sites import Argument, CallFacts, Place, ResultRead, ResultUse
from migrator.decisions import Source

_FILE = Path(__file__).parent.parent / "knowledge" / "to_chat.yaml"
_STEPS = frozenset({"attribute", "item"})

Steps = tuple[str, ...]


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
class Reads:
    """What can be read of an answer, or of a chunk of it, under the same path or another."""

    same: tuple[Steps, ...] = ()
    changed: tuple[Changed, ...] = ()

    def change(self, path: Steps) -> Changed | None:
        """What becomes of a read, if it is under another path."""
        return next((one for one in self.changed if _matches(one.path, path)), None)

    def keeps(self, path: Steps) -> bool:
        """Whether a read stays as it is."""
        return any(_matches(one, path) for one in self.same) or self.holds_own(path)

    def holds_own(self, path: Steps) -> bool:
        """Whether a path leads to an object of the program's own class, or into one."""
        return any(one.own and _matches(one.path, path[: len(one.path)]) for one in self.changed)


@dataclass(frozen=True, slots=True)
class ToChat:
    """What becomes of the calls of one method."""

    api: str
    method: str
    detail: str
    refused: Mapping[str, Refused]
    answer: Reads
    chunk: Reads
    shown_by: frozenset[str]
    source: Source
    text_event: str = ""
    event_test: str = ""

    def asks_nothing(self, argument: Argument) -> bool:
        """Whether an argument has a value that it is as well left out with."""
        idle = self.refused[argument.name].idle if argument.name in self.refused else (None,)
        return any(argument.value == one and type(argument.value) is type(one) for one in idle)

    def is_event(self, read: ResultRead) -> bool:
        """Whether a step reads one of a stream's events, which are of several types."""
        return read.streamed and bool(self.text_event)

    def reads(self, step: ResultRead | ResultUse) -> Reads:
        return self.chunk if step.streamed else self.answer


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


@dataclass(frozen=True)
class Answer:
    """What is to be done where an answer is read, and what stands in the way."""

    changes: tuple[tuple[ResultRead, Changed], ...] = ()
    stops: tuple[Stop, ...] = field(default=())


@cache
def _every() -> Mapping[str, Any]:
    import yaml

    found: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


@cache
def types_of(name: str) -> Types | None:
    """What becomes of the type of an answer; None for any other name."""
    for entry in _every()["types"]:
        if name in entry["names"]:
            return Types(frozenset(entry["apis"]), str(entry["answer"]), str(entry["chunk"]))
    return None


@cache
def to_chat(api: str) -> ToChat | None:
    """What becomes of the calls of a method; None where nothing is known."""
    every = _every()
    entry = every.get(api)
    if not isinstance(entry, dict) or "answer" not in entry:
        return None
    return ToChat(
        api,
        str(entry["method"]),
        str(entry["detail"]),
        {
            name: Refused((None, *one.get("idle", ())), str(one.get("remedy", "")))
            for name, one in entry.get("refused", {}).items()
        },
        _reads(entry["answer"]),
        _reads(entry.get("chunk", {})),
        frozenset(every["shown_by"]),
        Source(str(entry["source"]), "", str(entry["as_of"])),
        str(entry.get("chunk", {}).get("text_event", "")),
        str(entry.get("chunk", {}).get("event_test", "")),
    )


def _reads(entry: Mapping[str, Any]) -> Reads:
    return Reads(
        tuple(_path(one) for one in entry.get("same", ())),
        tuple(
            Changed(
                _path(one["path"]),
                len(_path(one["path"])) - len(_path(one.get("of", ""))),
                f".{one['put']}",
                str(one.get("or", "")),
                bool(one.get("own")),
            )
            for one in entry.get("changed", ())
        ),
    )


def _path(dotted: str) -> Steps:
    return tuple(dotted.split(".")) if dotted else ()


def _matches(pattern: Steps, path: Steps) -> bool:
    return len(pattern) == len(path) and all(
        wanted == step or (wanted == "*" and step.isdigit())
        for wanted, step in zip(pattern, path, strict=True)
    )


def read_answer(facts: CallFacts, shape: ToChat) -> Answer:
    """What becomes of everything that is read of a call's answer, wherever it flows."""
    steps = {(read.place, read.path): read for read in facts.reads}
    changes = []
    stops = []
    within: set[tuple[Place, Steps]] = set()
    for read in sorted(facts.reads, key=lambda one: -len(one.path)):
        change = shape.reads(read).change(read.path)
        if change is None:
            continue
        chain = _chain(read, change.steps, steps) if _is_plain(read) else None
        if chain is None:
            stops.append(Stop(read.place, f"reads `{'.'.join(read.path)}`"))
        else:
            changes.append((read, change))
            within |= chain
    for read in facts.reads:
        rules = shape.reads(read)
        known = rules.keeps(read.path) or rules.change(read.path) is not None
        known = known or (shape.is_event(read) and read.path == ("type",))
        if not known and (read.place, read.path) not in within:
            stops.append(Stop(read.place, f"reads `{'.'.join(read.path)}`"))
    stops += _leaving(facts, shape)
    return Answer(tuple(changes), tuple(dict.fromkeys(stops)))


def _is_plain(read: ResultRead) -> bool:
    return read.proven and not read.written and read.form in _STEPS


def _chain(
    read: ResultRead, length: int, steps: Mapping[tuple[Place, Steps], ResultRead]
) -> set[tuple[Place, Steps]] | None:
    """The steps that a read goes through in one expression; None where they are spread out."""
    found = set()
    for _ in range(1, length):
        inner = steps.get((read.base, read.path[:-1]))
        if inner is None or not _is_plain(inner):
            return None
        found.add((inner.place, inner.path))
        read = inner
    return found


def _leaving(facts: CallFacts, shape: ToChat) -> Iterator[Stop]:
    """Where the answer goes as an object to code that may read anything of it."""
    for use in facts.uses:
        rules = shape.reads(use)
        plain = rules.change(use.path) is not None or rules.holds_own(use.path)
        if use.name in shape.shown_by or plain:
            continue
        if use.form == "returned":
            what = f"`{use.name}` returns it, and nothing here calls that"
        elif use.form == "lost":
            what = "its answer goes where too much meets to follow it"
        elif use.form == "argument":
            what = f"handed to `{use.name}`"
        else:
            what = f"{use.form} {use.name}".strip()
        yield Stop(use.place, what)
