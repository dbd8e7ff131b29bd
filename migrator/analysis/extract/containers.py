"""The parts of answers that lie in the program's own dictionaries and lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from migrator.analysis.graph import MOST_WITH_ANSWERS
from migrator.analysis.instances import Given
from migrator.analysis.program import Display, Entry, Passed, StatementRecord
from migrator.analysis.sites import Span
from migrator.analysis.solver import Solver
from migrator.analysis.values import Value


@dataclass(frozen=True, slots=True)
class Inside:
    """A part in a dictionary: its node, where it is written, and the dictionary's display."""

    node: int
    module: int
    span: Span | None = None  # None in a list: the items of a list have no place
    display: Span | None = None


class Containers:
    """Which dictionaries and lists hold parts of answers, themselves or in others."""

    def __init__(self, solver: Solver, holds: Callable[[int], bool]) -> None:
        """`holds` says whether a node holds a part."""
        self._solver = solver
        self._parts: defaultdict[Value, list[Inside]] = defaultdict(list)
        self._inner: defaultdict[Value, dict[Value, None]] = defaultdict(dict)
        for owner, node, entry in self._contents():
            if holds(node) and self._says(node):
                self._parts[owner].append(_inside(node, entry))
        # One level is enough: what lies deeper tells little of any place.
        for owner, node, _ in self._contents():
            if not self._parts.keys().isdisjoint(solver.values[node]) and self._says(node):
                held = (value for value in solver.values[node] if value is not owner)
                self._inner[owner].update((value, None) for value in held if value in self._parts)

    def _contents(self) -> Iterator[tuple[Value, int, Given | None]]:
        """Every dictionary and list, each node it holds, and the entry that this is."""
        solver = self._solver
        for bag in solver.bags():
            for entry in solver.entries(bag):
                yield bag, entry.node, entry
        for sequence in solver.sequences():
            for node in (*solver.items(sequence), solver.element_node(sequence)):
                yield sequence, node, None

    def _says(self, node: int) -> bool:
        return len(self._solver.values[node]) <= MOST_WITH_ANSWERS

    def hold(self, node: int) -> bool:
        """Whether a node holds one of them."""
        held = self._solver.values[node]
        return not (self._parts.keys().isdisjoint(held) and self._inner.keys().isdisjoint(held))

    def inside(self, node: int) -> Iterator[Inside]:
        """The parts in the dictionaries and lists that a node holds."""
        seen: set[Value] = set()
        held = self._solver.values[node]
        pending = [value for value in held if self._leads(value)]
        while pending:
            value = pending.pop()
            if value not in seen:
                seen.add(value)
                yield from self._parts.get(value, ())
                pending.extend(self._inner.get(value, ()))

    def _leads(self, value: Value) -> bool:
        return value in self._parts or value in self._inner


def _inside(node: int, entry: Given | None) -> Inside:
    if entry is None:
        return Inside(node, -1)
    display = entry.container.span if isinstance(entry.container, Display) else None
    return Inside(node, entry.module, _span(entry), display)


def _span(entry: Given) -> Span | None:
    match entry.place:
        case Passed(span=span) | Entry(span=span):
            return span
        case StatementRecord(value_span=span):
            return span
    return None
