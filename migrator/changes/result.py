"""What an apply did, or would do, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.changes.diff import FileChange
from migrator.changes.journal import Run
from migrator.decisions import Plan


@dataclass(frozen=True, slots=True)
class EditedText:
    """An edit that was carried out: the text of its place before and after.

    `lines` are the first and the last line of each stretch of the file that it changes.
    """

    path: str
    site_ids: tuple[str, ...]
    codemod: str
    before: str
    after: str
    lines: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ApplyResult:
    """A plan and its changes to files. `run` is None where nothing was written (a dry run)."""

    plan: Plan
    changes: tuple[FileChange, ...] = ()
    edits: tuple[EditedText, ...] = ()
    run: Run | None = None
