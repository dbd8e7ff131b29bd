"""A snippet as it is written: its code, and where each of its nodes stands in that.

Both come of writing it once. LibCST's own positions are lines and columns, at three times the cost.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, TypeVar

from codemods.lazy import LazyModule

if TYPE_CHECKING:
    import libcst as cst

    _Node = TypeVar("_Node", bound=cst.CSTNode)
else:
    cst = LazyModule("libcst")

Place = tuple[int, int]  # the offsets of a node's first character and behind its last
Places = Mapping["cst.CSTNode", Place]


@dataclass(frozen=True)
class Written:
    """A snippet, its code and the places of its nodes."""

    snippet: cst.Module
    code: str
    places: Places

    @classmethod
    def of(cls, snippet: cst.Module) -> Written:
        state = _state()(snippet.default_indent, snippet.default_newline)
        snippet._codegen(state)  # as its own providers do
        offsets = [0, *accumulate(map(len, state.tokens))]
        places = {
            node: (offsets[start], offsets[end]) for node, (start, end) in state.spans.items()
        }
        return cls(snippet, "".join(state.tokens), places)

    def holding(self, wanted: Iterable[cst.CSTNode]) -> Callable[[cst.CSTNode], bool]:
        """Tells of a node whether one that is wanted may stand in it, or is it itself."""
        ranges = sorted(self.places[node] for node in wanted)

        def holds(node: cst.CSTNode) -> bool:
            place = self.places.get(node)
            if place is None:
                return True
            start, end = place
            for number in range(bisect_left(ranges, (start, start)), len(ranges)):
                first, last = ranges[number]
                if first > end:
                    return False
                if last <= end:
                    return True
            return False

        return holds

    def nested(self, nodes: Iterable[cst.CSTNode]) -> bool:
        """Whether one of some nodes stands in another."""
        ranges = sorted(self.places[node] for node in nodes)
        return any(second[0] < first[1] for first, second in pairwise(ranges))

    def rebuilt(
        self, node: _Node, change: Callable[[Any], Any], holds: Callable[[cst.CSTNode], bool]
    ) -> _Node:
        """The node with those of its children that `holds` changed, in the order of the text."""
        held: list[tuple[str, int | None, Any]] = []
        for name in _fields(type(node)):
            value = getattr(node, name)
            if isinstance(value, cst.CSTNode):
                held += [(name, None, value)] if holds(value) else []
            elif isinstance(value, (list, tuple)):
                held += [(name, at, one) for at, one in enumerate(value) if holds(one)]
        held.sort(key=lambda one: self.places.get(one[2], (0, 0)))
        changes: dict[str, Any] = {}
        for name, at, child in held:
            new = change(child)
            if new is child:
                continue
            if at is None:
                changes[name] = new
            else:
                changes.setdefault(name, list(getattr(node, name)))[at] = new
        return node.with_changes(**changes) if changes else node


def inner_nodes(node: cst.CSTNode, without: Sequence[cst.CSTNode] = ()) -> Iterator[cst.CSTNode]:
    """A node and all that stand in it, the outer ones first, but for some and what is in those."""
    if any(node is one for one in without):
        return
    yield node
    for name in _fields(type(node)):
        value = getattr(node, name)
        for one in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(one, cst.CSTNode):
                yield from inner_nodes(one, without)


@cache
def _fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _state() -> Any:
    from libcst._nodes.internal import CodegenState

    class State(CodegenState):
        """Notes for each node between which tokens it stands, without the blanks that it owns."""

        def __init__(self, indent: str, newline: str) -> None:
            super().__init__(indent, newline)
            self.spans: dict[cst.CSTNode, tuple[int, int]] = {}
            self.opened: list[int] = []

        def before_codegen(self, node: cst.CSTNode) -> None:
            self.opened.append(len(self.tokens))

        def after_codegen(self, node: cst.CSTNode) -> None:
            start = self.opened.pop()
            if node not in self.spans:
                self.spans[node] = (start, len(self.tokens))

        def pop_trailing_newline(self) -> None:
            if self.tokens:
                self.tokens[-1] = ""

        def record_syntactic_position(
            self,
            node: cst.CSTNode,
            *,
            start_node: cst.CSTNode | None = None,
            end_node: cst.CSTNode | None = None,
        ) -> Any:
            return Recording(self, node, start_node, end_node)

    class Recording:
        """The stretch of tokens that are written while it is open."""

        __slots__ = ("ends", "node", "start", "starts", "state")

        def __init__(
            self,
            state: State,
            node: cst.CSTNode,
            starts: cst.CSTNode | None,
            ends: cst.CSTNode | None,
        ) -> None:
            self.state, self.node, self.starts, self.ends = state, node, starts, ends

        def __enter__(self) -> None:
            self.start = len(self.state.tokens)

        def __exit__(self, *_: object) -> None:
            spans = self.state.spans
            start = self.start if self.starts is None else spans[self.starts][0]
            end = len(self.state.tokens) if self.ends is None else spans[self.ends][1]
            spans[self.node] = (start, end)

    return State
