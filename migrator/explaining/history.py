"""Which run of `apply` wrote a line, and what was decided there: read from the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from migrator.changes.errors import JournalError
from migrator.changes.filesystem import FileSystem
from migrator.changes.journal import Journal, Run, digest
from migrator.regular import content
from migrator.source import SourceText, UndecodableError

DECISIONS = "decisions.json"
_LONG = 5_000  # from so many lines on, those that come again and again are not compared


@dataclass(frozen=True, slots=True)
class Written:
    """A line that a run wrote: the lines that stood there (`line` is the first), and those now.

    `exact` says whether the file is still what the run wrote. `decisions` are what the run decided
    of the sites that stood there, as they were kept with it: none where nothing was kept.
    """

    run: str
    command: str
    line: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    exact: bool
    decisions: tuple[Mapping[str, Any], ...] | None


def written(root: Path, path: str, line: int) -> Written | None:
    """The newest run that wrote a line of a file; None where none did, or no journal tells it."""
    try:
        return _written(root, path, line)
    except JournalError:
        return None


def _written(root: Path, path: str, line: int) -> Written | None:
    journal = Journal(root, FileSystem())
    now = content(root / path)
    lines = _lines(now)
    for run in reversed(journal.runs() if journal.folder.is_dir() else ()):
        number = next((n for n, one in enumerate(run.entries) if one.path == path), None)
        if number is None:
            continue
        entry = run.entries[number]
        before = journal.backup(run, number) if entry.before is not None else b""
        old = _lines(before)
        compared = SequenceMatcher(None, old, lines, autojunk=len(old) > _LONG)
        for tag, start, end, here, until in compared.get_opcodes():
            if not here < line <= until:
                continue
            if tag != "equal":
                return Written(
                    run.id,
                    run.command,
                    start + 1,
                    tuple(old[start:end]),
                    tuple(lines[here:until]),
                    digest(now) == entry.after,
                    _decisions(journal, run, path, start + 1, end),
                )
            line = start + line - here
            break
        now, lines = before, old
    return None


def keep(root: Path, run: Run, decisions: str) -> None:
    """Keep with a run what it decided."""
    journal = Journal(root.resolve(), FileSystem())
    with suppress(OSError):  # the run is done: what is told of it later is no part of it
        journal.note(run, DECISIONS, decisions.encode())


def _decisions(
    journal: Journal, run: Run, path: str, first: int, last: int
) -> tuple[Mapping[str, Any], ...] | None:
    """What was decided of the sites on some lines of a file, as it was before the run."""
    try:
        kept = json.loads((journal.place(run) / DECISIONS).read_bytes())["decisions"]
        return tuple(
            one
            for one in kept
            if one["path"] == path and one["line"] <= last and first <= one["end_line"]
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _lines(data: bytes) -> list[str]:
    try:
        return SourceText.decode(data).text.splitlines()
    except UndecodableError:
        return data.decode("utf-8", "replace").splitlines()
