"""Loops over the events of a Responses stream, where a chunk tells what an event told.

for event in stream:
    if event.type == "response.output_text.delta":
        print(event.delta)
->
for event in stream:
    if event.choices and event.choices[0].delta.content:
        print(event.choices[0].delta.content)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from migrator.analysis.sites import CallFacts, Place, ResultRead, ResultUse
from migrator.edits import AnswerRead, MatchTests
from migrator.language import _
from migrator.planning.context import Context, within
from migrator.planning.reshaping import branches
from migrator.planning.reshaping.knowledge import Event, Reads, ToChat
from migrator.planning.reshaping.made import Made
from migrator.source import SourceText

_TYPE = ("type",)
_PLAIN = frozenset({"attribute", "getattr"})


@dataclass(frozen=True, slots=True)
class Guard:
    """Statements that only the events of one type get to."""

    event: Event
    lets_in: Place


@dataclass
class Loops(Made):
    """What becomes of the places that read events, and which events get where."""

    guards: list[Guard] = field(default_factory=list)

    @property
    def usage(self) -> bool:
        """Whether a chunk is waited for that a stream has to be asked for."""
        return any(guard.event.usage for guard in self.guards)


def read_events(context: Context, facts: CallFacts, shape: ToChat) -> Loops:
    """What becomes of every step into an event of a call's stream."""
    reader = _Events(context, facts, shape)
    reader.run()
    return reader.loops


def is_harmless(context: Context, facts: CallFacts, shape: ToChat, use: ResultUse) -> bool:
    """Whether a part of an event that leaves the program's sight is what it was."""
    for guard in read_events(context, facts, shape).guards:
        if within(use.place, guard.lets_in):
            rules = guard.event.reads
            return rules.change(use.path) is not None or rules.keeps(use.path)
    return False


class _Events:
    def __init__(self, context: Context, facts: CallFacts, shape: ToChat) -> None:
        self._context = context
        self._shape = shape
        self._reads = [read for read in facts.reads if read.streamed]
        self._steps = {(read.place, read.path): read for read in self._reads}
        self.loops = Loops()

    def run(self) -> None:
        for read in self._reads:
            if read.path == _TYPE:
                self._kind(read)
        told: set[tuple[Place, tuple[str, ...]]] = set()
        for read in sorted(self._reads, key=lambda one: -len(one.path)):
            if read.path != _TYPE and (read.place, read.path) not in told:
                told |= self._part(read)

    def _source(self, read: ResultRead) -> SourceText:
        return self._context.sources[read.place.path]

    # -- which event it is ----------------------------------------------------------------------

    def _kind(self, read: ResultRead) -> None:
        """A test of an event's type."""
        span = read.place.span
        found = branches.compared(self._source(read), span)
        event = self._shape.event(found.value) if found is not None else None
        plain = read.proven and read.form in _PLAIN
        if found is not None and event is not None and plain and found.lets_in is not None:
            if found.others:
                self.loops.stop(read, _("does something with events of other types"))
            put = event.put if found.equal else f"not ({event.put})"
            path = read.place.path
            self.loops.change(Place(path, found.span), AnswerRead(2, put), read)
            self.loops.guards.append(Guard(event, Place(path, found.lets_in)))
        elif found is not None and event is None:
            self.loops.stop(read, _("waits for events of type `{value}`", value=found.value))
        elif found is not None or not (plain and self._match(read)):
            self.loops.stop(read, _("tells events apart by their type"))

    def _match(self, read: ResultRead) -> bool:
        """Whether the type is what a `match` is about, and its cases are told as tests."""
        found = branches.cases(self._source(read), read.place.span)
        if found is None:
            return False
        whole, cases = found
        tests = []
        for case in cases:
            event = self._shape.event(case.value) if case.value else None
            if event is None and not case.idle:
                return False
            tests.append(event.put if event is not None else "")
            if event is not None:
                place = Place(read.place.path, case.lets_in)
                self.loops.guards.append(Guard(event, place))
        self.loops.change(Place(read.place.path, whole), MatchTests(tuple(tests)), read)
        return True

    # -- what is read of it ---------------------------------------------------------------------

    def _part(self, read: ResultRead) -> set[tuple[Place, tuple[str, ...]]]:
        """A step into an event; gives the steps that are told of with it."""
        rules = self._rules(read)
        change = rules.change(read.path) if rules is not None else None
        if rules is None:
            if any(one.change(read.path) or one.keeps(read.path) for one in self._every()):
                self.loops.stop(read, _("reads `{path}` of any event", path=".".join(read.path)))
            else:
                self.loops.stop(read)
            return set()
        if change is None and not rules.keeps(read.path):
            self.loops.stop(read)
        if change is None:
            return set()
        chain = self._chain(read, change.steps)
        if chain is None:
            self.loops.stop(read)
            return set()
        self.loops.change(read.place, AnswerRead(change.steps, f"answer.{change.put}"), read)
        return chain

    def _rules(self, read: ResultRead) -> Reads | None:
        """What is known of the events that get to a place; None where any may."""
        found = [one.event.reads for one in self.loops.guards if within(read.place, one.lets_in)]
        return found[0] if found else None

    def _every(self) -> Iterator[Reads]:
        return (event.reads for event in self._shape.events)

    def _chain(self, read: ResultRead, length: int) -> set[tuple[Place, tuple[str, ...]]] | None:
        if not read.proven or read.written or read.form != "attribute":
            return None
        found = set()
        for _unused in range(1, length):
            inner = self._steps.get((read.base, read.path[:-1]))
            if inner is None or inner.form != "attribute" or not inner.proven:
                return None
            found.add((inner.place, inner.path))
            read = inner
        return found
