"""Takes a run back: every file as it was, byte for byte, or nothing at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrator.changes.dirty import name_some
from migrator.changes.errors import ChangedFileError, NoFolderError
from migrator.changes.filesystem import FileSystem
from migrator.changes.journal import Entry, Journal, Run, State
from migrator.changes.transaction import digest_on_disk, refuse_interrupted, reporting, restore
from migrator.language import _


@dataclass(frozen=True, slots=True)
class Undone:
    """A run that was taken back: the files that hold their old bytes, and those that are gone.

    `kept` are reports of it that a person has changed since: they stay as they are.
    """

    run: Run
    restored: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...] = ()


def undo(
    root: Path,
    run_id: str | None = None,
    *,
    reports: Collection[str] = (),
    files: FileSystem | None = None,
) -> Undone:
    """Take back a run (by default the interrupted one, else the newest) and forget it.

    `reports` are files for people, which may be written into: one that was stays as it is. Raises
    NoFolderError, NoRunError, ChangedFileError (another file is no longer what the run wrote:
    nothing is done), InterruptedRunError (another run than the one asked for was killed),
    BusyError, JournalError, WriteError.
    """
    if not root.is_dir():
        raise NoFolderError(_("{root}: no such folder", root=root))
    root = root.resolve()
    journal = Journal(root, files or FileSystem())
    with reporting(root), journal.locked():
        run = journal.find(run_id)
        if not run.interrupted:
            refuse_interrupted(journal)
        kept = {entry.path for entry in run.entries if entry.path in reports} & _changed(
            journal, run
        )
        _require_untouched(journal, run, kept)
        taken = [number for number, entry in enumerate(run.entries) if entry.path not in kept]
        for number in taken:
            if run.entries[number].before is not None:
                journal.backup(run, number)
        if not run.interrupted:
            run = journal.record(run, State.UNDOING)
        restore(journal, run, taken)
    entries = [run.entries[number] for number in taken]
    return Undone(
        run,
        tuple(entry.path for entry in entries if entry.before is not None),
        tuple(entry.path for entry in entries if entry.before is None),
        tuple(sorted(kept)),
    )


def content_before(root: Path, runs: Sequence[Run]) -> dict[str, bytes | None]:
    """What the files of some runs held before the first of them; None: there was no file.

    Raises JournalError where that copy is damaged.
    """
    journal = Journal(root.resolve(), FileSystem())
    found: dict[str, bytes | None] = {}
    for run in runs:
        for number, entry in enumerate(run.entries):
            if entry.path not in found:
                found[entry.path] = journal.backup(run, number) if entry.before else None
    return found


def _changed(journal: Journal, run: Run) -> set[str]:
    """The files that are no longer what the run wrote."""
    return {
        entry.path
        for entry in run.entries
        if digest_on_disk(journal.root, entry.path) not in _expected(run, entry)
    }


def _require_untouched(journal: Journal, run: Run, kept: Collection[str]) -> None:
    changed = sorted(_changed(journal, run).difference(kept))
    if changed:
        raise ChangedFileError(
            _(
                "changed since run {run}: {paths}; {remedy}",
                run=run.id,
                paths=name_some(changed),
                remedy=_remedy(journal, run, changed),
            )
        )


def _expected(run: Run, entry: Entry) -> set[str | None]:
    written = {entry.after, entry.anew or entry.after}
    return written | {entry.before} if run.interrupted else written


def _remedy(journal: Journal, run: Run, changed: Sequence[str]) -> str:
    later = [
        other.id
        for other in journal.runs()
        if other.id > run.id and {entry.path for entry in other.entries} & set(changed)
    ]
    if later:
        return _("first take back the later run: migrate undo {run}", run=later[-1])
    return _("nothing was undone; the old content is in {place}", place=journal.place(run))
