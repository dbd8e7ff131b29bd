"""How far a migration has come: what is converted, what another apply would move, what is open."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from migrator.checklist.living import SETTLED, Look, State
from migrator.decisions import Convert, Leave, Severity
from migrator.language import _

_DEPTH = 2  # folders that name a part


@dataclass(frozen=True, slots=True)
class Part:
    """A folder: its sites that another apply would move, its open entries, its sites that stay."""

    name: str
    movable: int
    open: int
    left: int


@dataclass(frozen=True, slots=True)
class Status:
    """The figures. `converted` are sites that were moved, `movable` such as would be now.

    `open` counts what is left to do by severity, `settled` what is done by how that is known.
    `step` is the command to run next.
    """

    provider: str
    name: str
    converted: int
    movable: int
    left: int
    open: Mapping[Severity, int]
    settled: Mapping[State, int]
    parts: tuple[Part, ...]
    groups: tuple[str, ...]
    step: str


def status(look: Look) -> Status:
    """How far the migration has come that a look was taken at."""
    decisions = look.plan.decisions
    open_lines = [one for one in look.lines if one.state is State.OPEN]
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for decision in decisions:
        kind = {Convert: "movable", Leave: "left"}.get(type(decision))
        if kind is not None:
            counted[_part(decision.site.path)][kind] += 1
    for line in open_lines:
        if line.path:
            counted[_part(line.path)]["open"] += 1
    return Status(
        look.provider.id,
        look.provider.name,
        look.converted,
        sum(isinstance(one, Convert) for one in decisions),
        sum(isinstance(one, Leave) for one in decisions),
        Counter(one.severity for one in open_lines),
        Counter(one.state for one in look.lines if one.state in SETTLED),
        tuple(
            Part(name, held["movable"], held["open"], held["left"])
            for name, held in sorted(counted.items())
        ),
        tuple(group.id for group in look.plan.groups),
        _step(look),
    )


def _part(path: str) -> str:
    return "/".join(PurePosixPath(path).parent.parts[:_DEPTH]) or "."


def _step(look: Look) -> str:
    """The command that comes next."""
    if any(isinstance(one, Convert) for one in look.plan.decisions):
        return f"migrate apply --target {look.plan.target.provider}"
    open_lines = sorted(
        look.of(State.OPEN), key=lambda line: (list(Severity).index(line.severity), line.path)
    )
    placed = next((one for one in open_lines if one.path and one.number), None)
    if placed is not None:
        return f"migrate explain {placed.path}:{placed.number}"
    if open_lines:
        return _("read MIGRATION_CHECKLIST.md: what is open on it is for a person")
    return _("migrate verify -- YOUR TESTS")
