"""The diff that is saved beside the code: exact, and without a line that shows a secret."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from migrator.changes.diff import CONTEXT, FileChange, diff_text, unified_diff
from migrator.changes.dirty import repository_prefix
from migrator.reports.redaction import holds_secret


def saved_diff(root: Path, changes: Sequence[FileChange]) -> bytes:
    """The diff for `git apply`, byte for byte, with the files named at the top that it lacks.

    A diff is sent to others, and kept where a tree is not. What is redacted git would not accept:
    so a file has fewer lines around its changes where those show a secret, and where the changes
    themselves do it is left out. `migrate apply` writes it and `migrate undo` covers it all the
    same.
    """
    diff, hidden = patch(root, changes)
    notes = "".join(f"# left out, since it shows a secret: {path!r}\n" for path in hidden)
    return notes.encode() + diff


def patch(root: Path, changes: Sequence[FileChange]) -> tuple[bytes, list[str]]:
    """The diff alone, and the files that are left out of it for a secret that they show."""
    prefix = repository_prefix(root)
    shown, hidden = [], []
    for change in sorted(changes, key=lambda change: change.path):
        context = _context(change)
        if context:
            shown.append(unified_diff([change], prefix=prefix, context=context))
        else:
            hidden.append(change.path)
    return b"".join(shown), hidden


def _context(change: FileChange) -> int:
    """How many lines can stand around a change; 0 where no diff of it is without a secret."""
    for context in range(CONTEXT, 0, -1):
        if not holds_secret(diff_text([change], context=context)):
            return context
    return 0
