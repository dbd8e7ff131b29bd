"""All of a run's changes or none of them.

The journal is written first, then every file's new content beside the file, and only then does
each take its place by a rename. Killed before the first rename, the tree is as it was; after the
last, as planned; in between, the journal takes it back (see `undo`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from migrator.changes.diff import FileChange
from migrator.changes.dirty import name_some, require_clean
from migrator.changes.errors import (
    ChangedFileError,
    ChangesError,
    InterruptedRunError,
    PathError,
    WriteError,
)
from migrator.changes.filesystem import Attributes, FileSystem, is_reserved, is_within
from migrator.changes.journal import PRIVATE_FILE, Entry, Journal, Run, State, digest
from migrator.language import _
from migrator.regular import content


def apply_changes(
    root: Path,
    changes: Sequence[FileChange],
    *,
    command: str,
    planned: Mapping[str, Any] | None = None,
    allow_dirty: bool = False,
    files: FileSystem | None = None,
) -> Run | None:
    """Write the changes to the tree under root and give back the run; None where nothing differs.

    A file keeps its mode and owner. A symbolic link stays, and what it leads to is written; a file
    with several hard links is parted from the others, which keep their content. `planned` is kept
    in the run's manifest.

    Raises DirtyTreeError (a file has uncommitted changes), ChangedFileError (a file is no longer
    what `before` says), PathError (a path leads out of root), InterruptedRunError (an earlier run
    was killed), BusyError, JournalError, WriteError (the disk refused: all is as it was).
    """
    root = root.resolve()
    changes = follow_links(root, changes)
    if not changes:
        return None
    journal = Journal(root, files or FileSystem())
    with reporting(root), journal.locked():
        refuse_interrupted(journal)
        _require_unchanged(root, changes)
        if not allow_dirty:
            require_clean(root, _not_made_by_a_run(journal, changes))
        return _write(journal, changes, command, planned or {})


def follow_links(root: Path, changes: Sequence[FileChange]) -> list[FileChange]:
    """The changes that change something, under the names the files have with links followed.

    Raises PathError for a path outside root, in `.git` or `.migrate`, or where two changes to one
    file differ.
    """
    root = root.resolve()
    found: dict[str, FileChange] = {}
    for change in changes:
        if change.before == change.after:
            continue
        path = _real_path(root, change)
        followed = FileChange(path, change.before, change.after)
        if found.setdefault(path, followed) != followed:
            raise PathError(
                _("{file}: two different changes lead to {path}", file=change.path, path=path)
            )
    return sorted(found.values(), key=lambda change: change.path)


def digest_on_disk(root: Path, path: str) -> str | None:
    """The hash of a file under root, None where nothing is there.

    What is no file, or is reached by a link or from outside, has a hash that no file has.
    """
    place = root / path
    if not is_reached(place):
        return ""
    if not os.path.lexists(place):
        return None
    if place.is_symlink() or not place.is_file():
        return ""
    return digest(content(place))


def is_reached(place: Path) -> bool:
    """Whether the folders on the way to a place are what they are called: no links, no `..`."""
    return place.parent.resolve() == place.parent


def refuse_interrupted(journal: Journal) -> None:
    """Raise InterruptedRunError where a run was killed on its way."""
    if run := journal.interrupted():
        raise InterruptedRunError(
            _(
                "{root}: run {run} was interrupted; take it back with: migrate undo {run}",
                root=journal.root,
                run=run.id,
            )
        )


def restore(journal: Journal, run: Run, touched: Sequence[int] | None = None) -> None:
    """Give the run's files (of those numbers; all by default) their bytes and modes, and forget it.

    Can be stopped anywhere and begun again. Raises OSError, JournalError.
    """
    root, files = journal.root, journal.files
    everything = range(len(run.entries))
    for number in everything:
        staging = run.staging(root, number)
        if os.path.lexists(staging):
            files.remove(staging)
    for number in everything if touched is None else touched:
        _restore_file(journal, run, number)
    for folder in reversed(run.folders):
        place = root / folder
        if not is_reached(place) or not place.is_dir() or place.is_symlink():
            continue
        if not any(place.iterdir()):
            files.remove_folder(place)
            files.settle(place.parent)
    journal.discard(run)


@contextmanager
def reporting(root: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a WriteError that names the file."""
    try:
        yield
    except OSError as error:
        raise WriteError(f"{error.filename or root}: {error.strerror}") from error


def _write(
    journal: Journal, changes: Sequence[FileChange], command: str, planned: Mapping[str, Any]
) -> Run:
    root = journal.root
    run = journal.prepare(
        command,
        tuple(_entry(root, change) for change in changes),
        [change.before for change in changes],
        _missing_folders(root, changes),
        planned,
    )
    touched: list[int] = []
    try:
        _stage(journal, run, changes)
        for number, change in enumerate(changes):
            _require_unchanged(root, [change])
            touched.append(number)
            _commit(journal, run, number)
        for folder in sorted({(root / change.path).parent for change in changes}):
            journal.files.settle(folder)
        return journal.record(run, State.COMMITTED)
    except BaseException as failure:
        _take_back(journal, run, touched, failure)
        raise


def _stage(journal: Journal, run: Run, changes: Sequence[FileChange]) -> None:
    """Put every new content beside its file: a full disk or a missing right shows here."""
    root, files = journal.root, journal.files
    for folder in run.folders:
        files.make_folder(root / folder)
        files.settle((root / folder).parent)
    for number, change in enumerate(changes):
        if change.after is None:
            continue
        staging = run.staging(root, number)
        attributes = run.entries[number].attributes
        try:
            if attributes is None:
                files.write(staging, change.after)
            else:
                files.write(staging, change.after, PRIVATE_FILE)
                files.dress(staging, root / change.path, attributes)
        except OSError as error:
            error.filename = str(root / change.path)  # a person knows nothing of the other
            raise


def _commit(journal: Journal, run: Run, number: int) -> None:
    entry = run.entries[number]
    if entry.after is None:
        journal.files.remove(journal.root / entry.path)
    else:
        journal.files.replace(run.staging(journal.root, number), journal.root / entry.path)


def _take_back(journal: Journal, run: Run, touched: Sequence[int], failure: BaseException) -> None:
    """After a failure put everything back as it was, and say so."""
    try:
        restore(journal, run, touched)
    except (OSError, ChangesError) as error:
        raise InterruptedRunError(
            _(
                "{root}: run {run} failed ({failure}) and could not be taken back ({error}); "
                "when the cause is gone: migrate undo {run}",
                root=journal.root,
                run=run.id,
                failure=failure,
                error=error,
            )
        ) from failure
    if isinstance(failure, OSError):
        place = failure.filename or journal.root
        raise WriteError(
            _("{place}: {reason}; nothing has been changed", place=place, reason=failure.strerror)
        ) from failure


def _restore_file(journal: Journal, run: Run, number: int) -> None:
    root, files, entry = journal.root, journal.files, run.entries[number]
    place = root / entry.path
    current = digest_on_disk(root, entry.path)
    if entry.before is None:
        if current is not None:
            files.remove(place)
            files.settle(place.parent)
        return
    if current == entry.before and entry.attributes == Attributes.of(place):
        return
    for folder in _missing_folders(root, [FileChange(entry.path, None, b"")]):
        files.make_folder(root / folder)
    staging = run.staging(root, number)
    files.write(staging, journal.backup(run, number), PRIVATE_FILE)
    if entry.attributes:
        files.dress(staging, place if current is not None else None, entry.attributes)
    files.replace(staging, place)
    files.settle(place.parent)


def _entry(root: Path, change: FileChange) -> Entry:
    before, after = (
        None if content is None else digest(content) for content in (change.before, change.after)
    )
    attributes = None if change.before is None else Attributes.of(root / change.path)
    return Entry(change.path, before, after, attributes)


def _missing_folders(root: Path, changes: Sequence[FileChange]) -> tuple[str, ...]:
    """The folders to create for the files that are written, outermost first."""
    parents = {
        parent
        for change in changes
        if change.after is not None
        for parent in PurePosixPath(change.path).parents
    }
    missing = {str(parent) for parent in parents if not (root / parent).exists()}
    return tuple(sorted(missing))


def _require_unchanged(root: Path, changes: Sequence[FileChange]) -> None:
    changed = [
        change.path
        for change in changes
        if digest_on_disk(root, change.path)
        != (None if change.before is None else digest(change.before))
    ]
    if changed:
        raise ChangedFileError(
            _(
                "changed since they were read: {paths}; run the command again",
                paths=name_some(changed),
            )
        )


def _not_made_by_a_run(journal: Journal, changes: Sequence[FileChange]) -> list[str]:
    """The paths without those that an earlier run created and nobody has changed since."""
    made = {
        (entry.path, entry.after)
        for run in journal.runs()
        for entry in run.entries
        if entry.before is None
    }
    return [
        change.path
        for change in changes
        if change.before is None or (change.path, digest(change.before)) not in made
    ]


def _real_path(root: Path, change: FileChange) -> str:
    if not is_within(change.path):
        raise PathError(_("{path}: not a path inside {root}", path=change.path, root=root))
    place = root / change.path
    try:
        path = place.resolve().relative_to(root).as_posix()
    except (ValueError, OSError, RuntimeError):
        raise PathError(
            _("{path}: leads out of {root}, so it is not written", path=change.path, root=root)
        ) from None
    if is_reserved(path):
        raise PathError(
            _(
                "{path}: {target} belongs to git or to migrate, so it is not written",
                path=change.path,
                target=path,
            )
        )
    if place.is_symlink() and change.after is None:
        raise PathError(
            _(
                "{path}: a symbolic link to {target}, so it is not removed",
                path=change.path,
                target=path,
            )
        )
    with suppress(OSError):
        if (root / path).exists() and not (root / path).is_file():
            raise PathError(_("{path}: not a file, so it is not written", path=change.path))
    return path
