"""What the solver works with: frames, calls in them, and the arguments that reach these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from migrator.analysis.program import CallRecord, Entry


@dataclass(frozen=True, slots=True)
class Frame:
    """One carrying out of a unit: its nodes start at `base`; `outer` holds its free variables."""

    module: int
    unit: int
    base: int
    outer: int
    depth: int


# Frozen ones take three times as long to make, and there are very many of these two.
@dataclass(slots=True, eq=False)
class Given:
    """An argument that reaches a call: where it is written, and the node with its values."""

    name: str
    node: int
    module: int
    place: object  # Passed or Entry, or the index of an item assignment
    container: object  # a CallRecord, a Display, or a StatementRecord
    named_by: int = -1  # of an item assignment: the literal that is the key

    @property
    def key_literal(self) -> tuple[int, int] | None:
        """The literal that names it; None where a keyword does, or the key is not known."""
        index = self.place.key_literal if isinstance(self.place, Entry) else self.named_by
        return (self.module, index) if index >= 0 else None


@dataclass(slots=True, eq=False)
class CallInstance:
    """A call in one frame."""

    index: int
    key: tuple[int, int]
    record: CallRecord
    frame: int
    function: int
    result: int
    given: tuple[Given, ...]


@dataclass(slots=True)
class BagState:
    """What a dictionary holds: entries by key, and the nodes of what is spread into it."""

    entries: dict[tuple[str, int], Given]
    watches: list[Callable[[Given], None]]
    everything: int
    spread: set[int]
