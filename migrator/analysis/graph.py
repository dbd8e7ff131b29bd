"""The graph that values flow through: nodes, edges, watches and the worklist."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, TypeVar

from migrator.analysis import surface
from migrator.analysis.values import (
    Answer,
    Bag,
    Bound,
    Class,
    Client,
    Composed,
    Constant,
    External,
    Function,
    Instance,
    Made,
    Member,
    Method,
    Module,
    Opaque,
    Partial,
    Piece,
    Sequence,
    Value,
    Variable,
)

_VALUES_PER_NODE = 80
# A program that spreads more values than this is followed for what leads to requests only: a tree
# of installed packages, say.
_MOST_VALUES = 2_000_000
_LEADING = (Client, Member, External, Function, Bound, Class, Instance, Module, Partial)
# Where more values meet than this, any of them may be anything: no part of an answer is told there.
MOST_WITH_ANSWERS = 12
# How many values a node may hold before one of that kind counts as unknown: fewer of those that
# lead nowhere by themselves.
_FEWER: Mapping[type[Value], int] = {
    **dict.fromkeys((Constant, Bag), 32),
    **dict.fromkeys((Made, Piece, Composed, Method, Sequence), 12),
    Answer: MOST_WITH_ANSWERS,
}
_MOST_NAMES = 500
# What the key of a dictionary ends in that is loaded from a configuration file.
LOADED = "loaded"
_ROOM = {kind: _FEWER.get(kind, _VALUES_PER_NODE) for kind in Value.__subclasses__()}
_LITTLE_ROOM = {kind: room if kind in _LEADING else 1 for kind, room in _ROOM.items()}
_V = TypeVar("_V", bound=Value)
# A function, and what it is called with before the value: there are very many, in one object each.
Watch = tuple[Any, ...]
_NOWHERE, _NONE = array("i", [-1]), array("i", [0])


def _is_kept(value: Value, held: int) -> bool:
    """Whether a node has room for a value all the same: a table of models names many, with keys."""
    if held >= _MOST_NAMES:
        return False
    match value:
        case Constant(value=str(text)):
            return surface.model(text) is not None or surface.variable(text) is not None
        case Variable(name=name):
            return surface.variable(name) is not None
        case Bag(key=key):
            return key[-1] == LOADED
    return False


class Graph:
    """Nodes, edges, watches and the worklist.

    A value is delivered to a node's edges and watches once, in the order of arrival; what a node
    has not delivered yet waits in the worklist.

    Most nodes hold one value and lead to one other: one is kept in a tuple, more are in a dict,
    which takes four times the room.
    """

    def __init__(self) -> None:
        self.values: list[tuple[Value, ...] | dict[Value, int]] = []
        # Where the only value of a node came from (-1 for nowhere); a dict says it of each.
        self._sources = array("i")
        self._delivered = array("i")
        self._edges: list[tuple[int, ...] | dict[int, None]] = []
        self._watches: list[tuple[Watch, ...]] = []
        self._pending: deque[tuple[int, Value]] = deque()
        self._pool: dict[tuple[object, ...], Value] = {}
        self._spread = 0
        self._room = _ROOM
        self.lost: dict[Answer, None] = {}  # parts of answers that could not be followed further
        self.opaque = self.intern(Opaque)

    def intern(self, kind: type[_V], *parts: object) -> _V:
        """The one value of that kind and those parts."""
        key = (kind, *parts)
        value = self._pool.get(key)
        if value is None:
            value = self._pool[key] = kind(*parts)
        return value  # type: ignore[return-value]

    def node(self) -> int:
        """A new node."""
        return self.nodes(1)

    def nodes(self, count: int) -> int:
        """The first of some new nodes."""
        base = len(self.values)
        empty = ((),) * count
        self.values += empty
        self._edges += empty
        self._watches += empty
        self._sources += _NOWHERE * count
        self._delivered += _NONE * count
        return base

    def source(self, node: int, value: Value) -> int:
        """The node that a value came to another from first: -1 where it began, or is not there."""
        held = self.values[node]
        if isinstance(held, dict):
            return held.get(value, -1)
        return self._sources[node] if value in held else -1

    def add(self, node: int, value: Value, source: int = -1) -> None:
        """Let a node hold a value, which came from `source`."""
        held = self.values[node]
        if value in held:
            return
        if not held:
            self.values[node] = (value,)
            self._sources[node] = source
        else:
            if len(held) >= self._room[type(value)] and not _is_kept(value, len(held)):
                if type(value) is Answer:
                    self.lost[value] = None
                value = self.opaque
                if value in held:
                    return
            if isinstance(held, tuple):
                held = self.values[node] = {held[0]: self._sources[node]}
            held[value] = source
        self._spread += 1
        self._pending.append((node, value))

    def connect(self, source: int, destination: int) -> None:
        """Whatever `source` holds, `destination` holds too."""
        held = self.values[destination]
        if source == destination or (len(held) > _VALUES_PER_NODE and self.opaque in held):
            return
        edges = self._edges[source]
        if destination in edges:
            return
        if not edges:
            self._edges[source] = (destination,)
        else:
            if isinstance(edges, tuple):
                edges = self._edges[source] = {edges[0]: None}
            edges[destination] = None
        if self._delivered[source]:
            for value in self._heard(source):
                self.add(destination, value, source)

    def watch(self, node: int, action: Callable[..., None], *arguments: Any) -> None:
        """Call `action(*arguments, value)` once for every value that a node holds, now or later."""
        self._watches[node] += ((action, *arguments),)
        if self._delivered[node]:
            for value in self._heard(node):
                action(*arguments, value)

    def _heard(self, node: int) -> list[Value]:
        """The values that a node has delivered: the others are still to come."""
        return list(islice(self.values[node], self._delivered[node]))

    def run(self) -> None:
        """Until nothing changes."""
        pending, delivered, values, add = self._pending, self._delivered, self.values, self.add
        edges, watches = self._edges, self._watches
        while pending:
            if self._spread > _MOST_VALUES:
                self._room = _LITTLE_ROOM
            node, value = pending.popleft()
            delivered[node] += 1
            for destination in edges[node]:
                if value not in values[destination]:
                    add(destination, value, node)
            # A watch that is set meanwhile hears of this value by itself.
            for watch in watches[node]:
                watch[0](*watch[1:], value)
