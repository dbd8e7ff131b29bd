"""What Responses requests are made of: `CallFacts.body`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.program import Display
from migrator.analysis.sites import Argument, Body, Item, Place
from migrator.analysis.values import Answer, Bag, Composed, Constant, Made, Piece, Sequence, Value

if TYPE_CHECKING:
    from migrator.analysis.extract.calls import Request

_APIS = "responses."
_ARGUMENTS = ("input", "tools", "tool_choice", "text", "instructions")
# The entries of such a dictionary that hold others, and what these are called.
_INNER = {("input", "content"): "content", ("text", "format"): "format"}
_TEXTS = (Constant, Piece, Composed)
# What an annotation says of what stands in a list says nothing more than the list itself.
_TYPES = "openai.types."
# What is a text, unless it is seen to be made of dictionaries.
_OF_TEXT = frozenset({"content", "instructions"})


def body(evidence: Evidence, request: Request) -> Body:
    """What a request is made of, over all its contexts; nothing of another API's."""
    from migrator.analysis.extract.calls import argument_nodes

    if not request.api.startswith(_APIS):
        return Body()
    making = _Making(evidence)
    for name in _ARGUMENTS:
        for node in argument_nodes(evidence, request, name):
            making.take(node, name)
    return making.body()


@dataclass
class _Making:
    evidence: Evidence
    entries: defaultdict[tuple[str, Place], dict[tuple[str, Place], Argument]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    answers: dict[tuple[str, tuple[str, ...]], None] = field(default_factory=dict)
    untold: set[str] = field(default_factory=set)
    optional: set[str] = field(default_factory=set)
    as_text: bool = False
    annotated: set[str] = field(default_factory=set)
    visited: set[tuple[str, Value]] = field(default_factory=set)

    def body(self) -> Body:
        items = (
            Item(of, place, tuple(held.values())) for (of, place), held in self.entries.items()
        )
        told = {of for of, _ in self.entries}
        traced = frozenset({*_ARGUMENTS, *_INNER.values()} - self.untold - (self.annotated - told))
        optional = frozenset(self.optional)
        return Body(tuple(items), tuple(self.answers), traced, optional, self.as_text)

    def take(self, node: int, of: str) -> None:
        """An argument, or an entry that holds dictionaries: a whole text may be one as well."""
        held = self.evidence.solver.values[node]
        if not held:
            self.untold.add(of)
        for value in held:
            if isinstance(value, Constant) and value.value is None:
                self.optional.add(of)
            elif of in _OF_TEXT and not isinstance(value, Bag | Sequence):
                continue
            elif of in {"input", "tool_choice"} and isinstance(value, _TEXTS):
                self.as_text = self.as_text or of == "input"
            else:
                self._value(value, of)

    def _value(self, value: Value, of: str) -> None:
        if (of, value) in self.visited:
            return
        self.visited.add((of, value))
        solver = self.evidence.solver
        match value:
            case Bag():
                self._dictionary(value, of)
            case Sequence():
                for node in (*solver.items(value), solver.element_node(value)):
                    for inner in solver.values[node]:
                        self._value(inner, of)
            case Answer() if site := self.evidence.sender(value):
                self.answers[site, value.path] = None
            case Made(path=path) if path.startswith(_TYPES):
                self.annotated.add(of)
            case _:
                self.untold.add(of)

    def _dictionary(self, bag: Bag, of: str) -> None:
        place = self._place(bag)
        if place is None:
            self.untold.add(of)
            return
        held = self.entries[of, place]
        for entry in self.evidence.solver.entries(bag):
            argument = self.evidence.argument(entry)
            if argument is None or entry.name in {"", "**"}:
                self.untold.add(of)
                continue
            held.setdefault((argument.name, argument.place), argument)
            if inner := _INNER.get((of, entry.name)):
                self.take(entry.node, inner)

    def _place(self, bag: Bag) -> Place | None:
        """Where a dictionary is made, if by a dict display or a `dict(...)` call."""
        solver = self.evidence.solver
        match bag.key:
            case (int(module), int(index), int()):
                display: Display = solver.modules[module].displays[index]
                return self.evidence.place(module, display.span)
        return None
