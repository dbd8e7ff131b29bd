"""The rungs of a verification: each passed, failed or was not run, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from migrator.decisions import Source, Target
from migrator.language import counted, marked


class State(str, Enum):
    """How a rung ended. The values are the words of the JSON contract."""

    PASSED = marked("passed")
    FAILED = marked("failed")
    NOT_RUN = marked("not run")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a rung saw; `rule` names what it breaks, "" for what is only told."""

    what: str
    path: str = ""
    line: int = 0
    rule: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung. Findings with a rule are why it failed; `details` are what JSON says beside.

    Its name, its state and the rules of its findings are words that are shown by `_`.
    """

    name: str
    state: State
    why: str
    findings: tuple[Finding, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ladder:
    """A verification: what the code moved to, and the rungs from the surest to the nearest life."""

    target: Target
    rungs: tuple[Rung, ...]

    @property
    def failed(self) -> bool:
        """Whether a rung failed."""
        return any(rung.state is State.FAILED for rung in self.rungs)


def judged(name: str, findings: list[Finding], well: str, details: Mapping[str, Any]) -> Rung:
    """A rung that was run: failed where a finding breaks a rule; `well` says what held."""
    broken = sum(bool(one.rule) for one in findings)
    state = State.FAILED if broken else State.PASSED
    why = well
    if broken:
        why = counted("{number} thing does not hold", "{number} things do not hold", broken)
    return Rung(name, state, why, tuple(findings), details)
