"""The diff that is saved beside the code: exact, and without the secrets of ignored files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from migrator.changes.diff import FileChange, diff_text, unified_diff
from migrator.changes.dirty import ignored, repository_prefix
from migrator.changes.errors import DirtyTreeError
from migrator.reports.redaction import holds_secret


def saved_diff(root: Path, changes: Sequence[FileChange]) -> bytes:
    """The diff for `git apply`, byte for byte.

    It is not redacted: git would no longer accept it, and a file that git tracks has given away
    what it holds. But git does not ignore the diff itself, so a file that is ignored (`.env`) and
    whose lines would show a secret is left out and named at the top; `migrate undo` covers it all
    the same.
    """
    diff, hidden = patch(root, changes)
    notes = "".join(f"# left out, since it shows a secret: {path!r}\n" for path in hidden)
    return notes.encode() + diff


def patch(root: Path, changes: Sequence[FileChange]) -> tuple[bytes, list[str]]:
    """The diff alone, and the files that are left out of it for a secret that they show."""
    hidden = _hidden(root, [change.path for change in changes if _shows_secret(change)])
    kept = [change for change in changes if change.path not in hidden]
    return unified_diff(kept, prefix=repository_prefix(root)), sorted(hidden)


def _shows_secret(change: FileChange) -> bool:
    return holds_secret(diff_text([change]))


def _hidden(root: Path, paths: Sequence[str]) -> set[str]:
    """The paths that git ignores, and all of them where git cannot tell."""
    try:
        return ignored(root, paths)
    except DirtyTreeError:
        return set(paths)
