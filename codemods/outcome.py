"""What becomes of the edits of one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from codemods.changes import Change
from migrator.edits import Edit


class CannotRewrite(Exception):  # noqa: N818 - it is an answer, not an error
    """A codemod does not carry out its instruction; the message says why, for a person."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edit that was not carried out, and why."""

    edit: Edit
    reason: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The file's new text.

    Every edit is in one of four places: `applied`; `absorbed`, where another edit replaced or took
    away the code it was meant for; `refused`; `idle`, where a plug-in's codemod left it alone.
    `changes` are those that each makes, without imports and helpers; where several make one
    together, each has the lines that it has a part in.
    """

    text: str
    applied: tuple[Edit, ...] = ()
    refused: tuple[Refusal, ...] = ()
    absorbed: tuple[Edit, ...] = ()
    changes: Mapping[Edit, Sequence[Change]] = field(default_factory=dict)
    idle: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing of the file can be rewritten."""

    reason: str


Outcome = Rewritten | Failed
