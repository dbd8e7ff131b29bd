"""What a request's messages and parameters use: roles, images, tools, JSON modes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.instances import Given
from migrator.analysis.program import Entry
from migrator.analysis.sites import Literal, Picture, Place
from migrator.analysis.values import (
    Answer,
    Bag,
    Composed,
    Constant,
    Opaque,
    Piece,
    Sequence,
    Value,
    Variable,
)

if TYPE_CHECKING:
    from migrator.analysis.extract.calls import Request

# Types of content parts, and the feature each one asks of a model.
_PARTS = {
    "image_url": "image",
    "input_image": "image",
    "input_audio": "audio",
    "file": "file",
    "input_file": "file",
    "video_url": "video",
    "video": "video",
}
# How far a text that is put together of others is looked into for its beginning.
_DEEPEST = 6
_LEADING_ROLES = frozenset({"system", "developer"})


@dataclass
class Seen:
    """The role literals and features found."""

    roles: tuple[Literal, ...] = ()
    features: frozenset[str] = frozenset()
    content: Place | None = None
    successive: tuple[tuple[Literal, Literal], ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass
class _Reading:
    evidence: Evidence
    roles: dict[Literal, None] = field(default_factory=dict)
    successive: dict[tuple[Literal, Literal], None] = field(default_factory=dict)
    features: set[str] = field(default_factory=set)
    pictures: dict[Picture, None] = field(default_factory=dict)
    known: bool = True
    roles_known: bool = True
    contents: list[tuple[bool, Place]] = field(default_factory=list)
    visited: set[Value] = field(default_factory=set)

    # -- messages -----------------------------------------------------------------------------

    def messages(self, node: int) -> None:
        held = self.evidence.solver.values[node]
        self.known = self.known and bool(held)
        self.roles_known = self.roles_known and bool(held)
        for value in held:
            match value:
                case Sequence():
                    self._sequence(value)
                case Bag():
                    self._message(value, first=False)
                case Answer():
                    continue
                case Constant():
                    self._text(value)
                    self.roles_known = False
                case _:
                    self._lose_track()

    def _lose_track(self) -> None:
        """There are messages that are not known."""
        self.known = self.roles_known = False

    def _sequence(self, sequence: Sequence) -> None:
        if sequence in self.visited:
            return
        self.visited.add(sequence)
        solver = self.evidence.solver
        for position, item in enumerate(solver.items(sequence)):
            for value in solver.values[item]:
                self._entry(value, first=position == 0)
        # In which order a list that grows holds its items is not known here.
        for value in solver.values[solver.element_node(sequence)]:
            self._entry(value, first=True)
        roles = [self._only_role(item) for item in solver.items(sequence)]
        for before, behind in pairwise(roles):
            if before is not None and behind is not None:
                self.successive[(before, behind)] = None

    def _only_role(self, item: int) -> Literal | None:
        """The role of a message that can be no other."""
        solver = self.evidence.solver
        held = solver.values[item]
        if len(held) != 1 or not isinstance(bag := next(iter(held)), Bag):
            return None
        nodes = [entry.node for entry in solver.entries(bag) if entry.name == "role"]
        if len(nodes) != 1 or not self.evidence.settled(nodes[0]):
            return None
        texts = list(self.evidence.texts(nodes[0]))
        return self.evidence.literal(texts[0].literal) if len(texts) == 1 else None

    def _entry(self, value: Value, *, first: bool) -> None:
        match value:
            case Bag():
                self._message(value, first=first)
            case Sequence():
                self._sequence(value)
            case Answer():
                pass
            case _:
                self._lose_track()

    def _message(self, bag: Bag, *, first: bool) -> None:
        if bag in self.visited:
            return
        self.visited.add(bag)
        entries = self.evidence.solver.entries(bag)
        leading = any(
            text.value in _LEADING_ROLES
            for entry in entries
            if entry.name == "role"
            for text in self.evidence.texts(entry.node)
        )
        for entry in entries:
            if entry.name == "role":
                self._role(entry.node, first=first)
            elif entry.name == "content":
                self._content(entry.node)
                if isinstance(entry.place, Entry):
                    place = self.evidence.place(entry.module, entry.place.span)
                    self.contents.append((leading, place))
            elif entry.name in {"", "**"}:
                self._lose_track()

    def _role(self, node: int, *, first: bool) -> None:
        if not self.evidence.settled(node):
            self._lose_track()
        for text in self.evidence.texts(node):
            self.roles[self.evidence.literal(text.literal)] = None
            if text.value in _LEADING_ROLES and not first:
                self.features.add("system_late")

    def _content(self, node: int) -> None:
        for value in self.evidence.solver.values[node]:
            match value:
                case Sequence():
                    self._parts(value)
                case _:
                    self._text(value)

    def _text(self, value: Value) -> None:
        match value:
            case Constant(value=str(text)) | Piece(of=Constant(value=str(text))):
                if "json" in text.lower():
                    self.features.add("json_word")
                if isinstance(value, Piece):
                    self.known = False
            case Opaque() | Variable() | Piece() | Composed():
                self.known = False

    def _parts(self, sequence: Sequence) -> None:
        if sequence in self.visited:
            return
        self.visited.add(sequence)
        solver = self.evidence.solver
        self.features.add("parts")
        for node in (*solver.items(sequence), solver.element_node(sequence)):
            for value in solver.values[node]:
                if isinstance(value, Bag):
                    self._part(value)
                elif isinstance(value, Opaque | Composed):
                    self.known = False

    def _part(self, bag: Bag) -> None:
        for entry in self.evidence.solver.entries(bag):
            if entry.name == "type":
                for text in self.evidence.texts(entry.node):
                    feature = _PARTS.get(str(text.value))
                    if feature:
                        self.features.add(feature)
            elif entry.name == "text":
                self._content(entry.node)
            elif entry.name == "image_url":
                self._picture(entry)

    def _picture(self, given: Given) -> None:
        """What names a picture: an address, or a dictionary that holds one."""
        told = self.evidence.argument(given)
        for value in self._whole(given.node):
            if isinstance(value, Bag):
                if value not in self.visited:
                    self.visited.add(value)  # one may hold itself
                    for entry in self.evidence.solver.entries(value):
                        if entry.name == "url":
                            self._picture(entry)
            elif told is not None:
                self.pictures[Picture(told.place, self._beginning(value))] = None

    def _whole(self, node: int) -> list[Value]:
        """What a node holds, but for what is only known to be a part of a text it holds too."""
        held = list(self.evidence.solver.values[node])
        composed = any(isinstance(one, Composed) for one in held)
        return [one for one in held if not (composed and isinstance(one, Piece))]

    def _beginning(self, value: Value, depth: int = _DEEPEST) -> str:
        """What a text is known to begin with; "" where nothing is."""
        if isinstance(value, Composed) and value.how == "text" and value.parts and depth:
            first = self._whole(value.parts[0])
            return self._beginning(first[0], depth - 1) if len(first) == 1 else ""
        return str(value.value) if isinstance(value, Constant) else ""

    def instructions(self, node: int) -> None:
        """What the Responses API is told in the place of a system message."""
        for value in self.evidence.solver.values[node]:
            self._text(value)

    # -- parameters ----------------------------------------------------------------------------

    def response_format(self, node: int) -> None:
        for kind in self._types(node):
            self.features.add(kind)

    def text_format(self, node: int) -> None:
        """`text={"format": …}` of the Responses API."""
        for value in self.evidence.solver.values[node]:
            if isinstance(value, Bag):
                for entry in self.evidence.solver.entries(value):
                    if entry.name == "format":
                        self.response_format(entry.node)

    def _types(self, node: int) -> Iterator[str]:
        for value in self.evidence.solver.values[node]:
            if isinstance(value, Bag):
                for entry in self.evidence.solver.entries(value):
                    if entry.name == "type":
                        yield from (str(text.value) for text in self.evidence.texts(entry.node))

    def text_input(self, nodes: list[int]) -> None:
        """An input or a prompt: one string, a list of them, or tokens."""
        solver = self.evidence.solver
        held = [value for node in nodes for value in solver.values[node]]
        for value in held:
            if isinstance(value, Sequence):
                self.features.add("list_input")
                for inner in (*solver.items(value), solver.element_node(value)):
                    if any(_is_number(one) for one in solver.values[inner]):
                        self.features.add("token_input")
        if all(solver.values[node] for node in nodes) and held and all(map(_is_text, held)):
            self.features.add("single_input")


def _is_number(value: Value) -> bool:
    return isinstance(value, Constant) and type(value.value) is int


def _is_text(value: Value) -> bool:
    return isinstance(value, Piece) or (
        isinstance(value, Constant) and isinstance(value.value, str)
    )


def read(evidence: Evidence, request: Request) -> Seen:
    """The roles and features of a request over all its contexts."""
    from migrator.analysis.extract.calls import argument_nodes

    def nodes(*names: str) -> Iterable[int]:
        return argument_nodes(evidence, request, *names)

    reading = _Reading(evidence)
    found = list(nodes("messages", "input"))
    reading.text_input([*found, *nodes("prompt")])
    if request.api.startswith(("embeddings", "Embedding")):
        return Seen((), frozenset(reading.features))
    for node in found:
        reading.messages(node)
    for node in nodes("instructions"):
        reading.instructions(node)
    for node in nodes("response_format"):
        reading.response_format(node)
    for node in nodes("text"):
        reading.text_format(node)
    if any(_given(evidence, node) for node in nodes("tools", "functions")):
        reading.features.add("tools")
    if any(_could_be(evidence, node, True) for node in nodes("stream")):
        reading.features.add("stream")
    if found and reading.known:
        reading.features.add("messages_known")
    if found and reading.roles_known:
        reading.features.add("roles_known")
    if request.api.endswith(".parse"):
        reading.features.add("json_schema")
    return Seen(
        tuple(reading.roles),
        frozenset(reading.features),
        _prompt(reading.contents),
        tuple(reading.successive),
        tuple(reading.pictures),
    )


def _prompt(contents: list[tuple[bool, Place]]) -> Place | None:
    """The system message's text, or else the last message's."""
    leading = [place for is_leading, place in contents if is_leading]
    if leading:
        return leading[0]
    return contents[-1][1] if contents else None


def _given(evidence: Evidence, node: int) -> bool:
    held = evidence.solver.values[node]
    return any(not (isinstance(v, Constant) and v.value is None) for v in held)


def _could_be(evidence: Evidence, node: int, wanted: Any) -> bool:
    return any(
        isinstance(value, Constant) and value.value is wanted
        for value in evidence.solver.values[node]
    )
