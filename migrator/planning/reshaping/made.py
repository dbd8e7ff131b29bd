"""What is to be done where an answer is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from migrator.analysis.sites import Place, ResultRead
from migrator.edits import Instruction
from migrator.language import _
from migrator.planning.reshaping.knowledge import Stop


@dataclass
class Made:
    """What becomes of the places that read an answer, and what stands in the way.

    `read_at` are the steps into the answer that something is done for.
    """

    changes: dict[Place, Instruction] = field(default_factory=dict)
    stops: list[Stop] = field(default_factory=list)
    read_at: set[Place] = field(default_factory=set)

    def change(self, place: Place, instruction: Instruction, read: ResultRead) -> None:
        """Do something at a place for a step."""
        self.changes[place] = instruction
        self.read_at.add(read.place)

    def stop(self, read: ResultRead, what: str = "") -> None:
        """A step of which it is not known what it becomes."""
        self.stops.append(Stop(read.place, what or _("reads `{path}`", path=".".join(read.path))))
