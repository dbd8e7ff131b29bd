"""The journal under `.migrate/`: what each run writes, kept so that the run can be taken back.

A run has a folder `runs/<id>` with the bytes that its files held before (`before/<n>`) and a
manifest. The manifest comes last and goes first: a folder without one belongs to a run that has
touched nothing, or has been taken back, and is swept away.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import Any

from migrator.changes.errors import BusyError, JournalError, NoRunError
from migrator.changes.filesystem import Attributes, FileSystem, is_reserved, is_within
from migrator.language import _, listed, marked
from migrator.links import require_inside
from migrator.regular import content

FOLDER = ".migrate"
_SCHEMA = 1
_DRAFT = ".new"
_IGNORE_ALL = b"*\n"
_PRIVATE_FOLDER = 0o700  # the files kept here may hold keys
PRIVATE_FILE = 0o600
# A link in its place would have the file that it leads to overwritten.
_OPEN_LOCK = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
_DIGEST = re.compile(r"[0-9a-f]{64}")


class State(str, Enum):
    """How far a run has come. Files of a run that is not committed hold either content."""

    PREPARED = "prepared"
    COMMITTED = "committed"
    UNDOING = "undoing"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a run: the hashes of what it held and of what was written (None: no file).

    `anew` is the hash of what is just being written over it (see `rewrite`).
    """

    path: str
    before: str | None
    after: str | None
    attributes: Attributes | None = None
    anew: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One apply: its files, and the folders it had to create for them, outermost first.

    `planned` is what the run was asked for and left to people, as JSON holds it (see `planned.py`).
    """

    id: str
    command: str
    started: str
    state: State
    entries: tuple[Entry, ...]
    folders: tuple[str, ...] = ()
    planned: Mapping[str, Any] = field(default_factory=dict)

    @property
    def interrupted(self) -> bool:
        return self.state is not State.COMMITTED

    def staging(self, root: Path, number: int) -> Path:
        """Where the new content of a file waits: beside the file, so that a rename is atomic."""
        return (root / self.entries[number].path).parent / f"{FOLDER}-{self.id}-{number}"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def runs(root: Path) -> tuple[Run, ...]:
    """The runs that can be taken back, oldest first. Raises JournalError."""
    return Journal(root.resolve(), FileSystem()).runs()


def rewrite(root: Path, path: str, data: bytes) -> None:
    """Write a report of ours anew. The run that wrote it can be taken back as before.

    Raises BusyError, JournalError, OSError.
    """
    journal = Journal(root.resolve(), FileSystem())
    with journal.locked():
        written = digest(content(journal.root / path))
        runs = [run for run in journal.runs() if _wrote(run, path, written)]
        # Killed between these, the run knows both contents for its own.
        for run in runs:
            journal.record(_with_entry(run, path, anew=digest(data)))
        journal.put(journal.root / path, data)
        for run in runs:
            journal.record(_with_entry(run, path, after=digest(data), anew=None))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is no run's: killed at any instant, it holds the old content or the new.

    Raises BusyError, JournalError, LinkError, OSError.
    """
    require_inside(str(path))
    path = path.resolve()
    journal = Journal(path.parent, FileSystem())
    try:
        with journal.locked():
            journal.put(path, data)
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


class Journal:
    """The runs of one root. Whoever changes it holds the lock (see `locked`)."""

    def __init__(self, root: Path, files: FileSystem) -> None:
        self.root = root
        self.files = files
        self.folder = root / FOLDER

    def runs(self) -> tuple[Run, ...]:
        return tuple(self._load(manifest) for manifest in self._manifests())

    def find(self, run_id: str | None) -> Run:
        """The run of that id or beginning of an id; without one, the interrupted or newest run.

        Raises NoRunError.
        """
        known = self.runs()
        if run_id is None:
            if not known:
                raise NoRunError(
                    _(
                        "{root}: there is no run to undo; of another folder: `migrate undo --root "
                        "FOLDER`",
                        root=self.root,
                    )
                )
            return self.interrupted() or known[-1]
        found = [run for run in known if run.id == run_id]
        found = found or [run for run in known if run.id.startswith(run_id)]
        if len(found) == 1:
            return found[0]
        names = listed(run.id for run in found or known) or _("none")
        told = (
            marked("{root}: several runs begin with {run!r} (runs: {names})")
            if found
            else marked("{root}: there is no run {run!r} (runs: {names})")
        )
        raise NoRunError(_(told, root=self.root, run=run_id, names=names))

    def interrupted(self) -> Run | None:
        """The run that was killed on its way, if there is one."""
        return next((run for run in self.runs() if run.interrupted), None)

    def prepare(
        self,
        command: str,
        entries: tuple[Entry, ...],
        contents: list[bytes | None],
        folders: tuple[str, ...],
        planned: Mapping[str, Any] | None = None,
    ) -> Run:
        """Record a run before it touches anything, with what its files hold now."""
        started = datetime.now(timezone.utc).replace(microsecond=0)
        run = Run(
            f"{self._next_number():04}-{started:%Y%m%dT%H%M%SZ}",
            command,
            started.isoformat(),
            State.PREPARED,
            entries,
            folders,
            planned or {},
        )
        for folder in (self._runs, self.place(run), self._backups(run)):
            if not folder.exists():
                self.files.make_folder(folder, _PRIVATE_FOLDER)
        for number, held in enumerate(contents):
            if held is not None:
                self.files.write(self._backups(run) / str(number), held, PRIVATE_FILE)
        self.files.settle(self._backups(run))
        self.files.settle(self._runs)
        self.record(run)
        return run

    def record(self, run: Run, state: State | None = None) -> Run:
        """Write a run's manifest, in another state where one is given."""
        run = replace(run, state=state or run.state)
        text = json.dumps({"schema": _SCHEMA, **asdict(run)}, indent=1) + "\n"
        self._put(self.place(run) / "manifest.json", text.encode())
        return run

    def keep(self, name: str, data: bytes) -> None:
        """Keep something beside the runs, in the place of what was kept under that name."""
        self._put(self.folder / name, data)

    def put(self, path: Path, data: bytes) -> None:
        """Write a file of the root's at once: its draft waits among what is the journal's own."""
        draft = self.folder / f"draft{_DRAFT}"
        if path.exists():
            self.files.write(draft, data, PRIVATE_FILE)
            self.files.dress(draft, path, Attributes.of(path))
        else:
            self.files.write(draft, data)
        self.files.replace(draft, path)
        self.files.settle(path.parent)

    def note(self, run: Run, name: str, data: bytes) -> None:
        """Keep something more with a run, for people who ask about it later."""
        self.files.write(self.place(run) / name, data, PRIVATE_FILE)

    def backup(self, run: Run, number: int) -> bytes:
        """What a file held before the run. Raises JournalError where that copy is damaged."""
        path = self._backups(run) / str(number)
        try:
            data = content(path)
        except FileNotFoundError:
            data = b""
        if digest(data) != run.entries[number].before:
            raise JournalError(
                _("{path}: the copy of {file} is damaged", path=path, file=run.entries[number].path)
            )
        return data

    def place(self, run: Run) -> Path:
        """The folder of a run."""
        return self._runs / run.id

    def discard(self, run: Run) -> None:
        """Forget a run."""
        self.files.remove(self.place(run) / "manifest.json")
        self.files.settle(self.place(run))
        self._remove_tree(self.place(run))

    def sweep(self) -> None:
        """Take away what a kill left: drafts, and what is kept of runs that touched nothing."""
        for draft in self.folder.glob(f"*{_DRAFT}"):
            self.files.remove(draft)
        live = {manifest.parent for manifest in self._manifests()}
        for folder in sorted(self._runs.iterdir()) if self._runs.exists() else []:
            if folder not in live:
                self._remove_tree(folder)

    def holder(self) -> str | None:
        """The process that is at work here, None where there is none. Changes nothing."""
        try:
            descriptor = os.open(self._lock_file, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        except OSError:
            return None
        try:
            _exclusive(descriptor)
        except OSError:
            with suppress(OSError):
                return os.read(descriptor, 32).decode(errors="replace")
            return ""
        finally:
            os.close(descriptor)
        return None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other process out, and leave no empty journal behind.

        The lock is the kernel's, so one that outlives its process cannot exist. Raises BusyError.
        """
        for folder in (self.folder, self._runs):
            if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
                raise JournalError(_("{folder} is not a folder: move it away", folder=folder))
        descriptor = self._lock()
        try:
            self.sweep()
            yield
        finally:
            try:
                with suppress(OSError):  # what stays behind is ignored by git and taken up again
                    self._tidy()
            finally:
                os.close(descriptor)

    @property
    def _runs(self) -> Path:
        return self.folder / "runs"

    @property
    def _lock_file(self) -> Path:
        return self.folder / "lock"

    @property
    def _ignore(self) -> Path:
        return self.folder / ".gitignore"

    def _backups(self, run: Run) -> Path:
        return self.place(run) / "before"

    def _manifests(self) -> list[Path]:
        return sorted(self._runs.glob("*/manifest.json"))

    def _next_number(self) -> int:
        return max((_number(run.id) for run in self.runs()), default=0) + 1

    def _load(self, manifest: Path) -> Run:
        try:
            record = json.loads(content(manifest))
            if record.pop("schema") != _SCHEMA:
                raise ValueError(_("written by another version of migrate"))
            record["entries"] = tuple(_entry(**entry) for entry in record["entries"])
            record["folders"] = tuple(map(_inner, record["folders"]))
            record["state"] = State(record["state"])
            run = Run(**record)
            _number(run.id)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise JournalError(
                _("{manifest}: not a readable manifest ({error})", manifest=manifest, error=error)
            ) from None
        if run.id != manifest.parent.name:
            raise JournalError(
                _("{manifest}: it speaks of another run ({run})", manifest=manifest, run=run.id)
            )
        return run

    def _put(self, path: Path, data: bytes) -> None:
        draft = path.with_suffix(_DRAFT)
        if draft.exists():
            self.files.remove(draft)
        self.files.write(draft, data, PRIVATE_FILE)
        self.files.replace(draft, path)
        self.files.settle(path.parent)

    def _lock(self) -> int:
        while True:
            with suppress(FileExistsError):
                if not self.folder.exists():
                    self.files.make_folder(self.folder, _PRIVATE_FOLDER)
            with suppress(FileNotFoundError):  # another process has just tidied the folder away
                descriptor = os.open(self._lock_file, _OPEN_LOCK, PRIVATE_FILE)
                try:
                    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                        told = _("{file}: not a regular file; move it away", file=self._lock_file)
                        raise JournalError(told)
                    self._hold(descriptor)
                    if _same(descriptor, self._lock_file):
                        self._hide()
                        return descriptor
                except BaseException:
                    os.close(descriptor)
                    raise
                os.close(descriptor)

    def _hold(self, descriptor: int) -> None:
        try:
            _exclusive(descriptor)
        except OSError:
            owner = b""
            with suppress(OSError):
                owner = os.read(descriptor, 32)
            told = (
                marked(
                    "{root}: another migrate is at work here (process {process}); "
                    "wait until it is done"
                )
                if owner
                else marked("{root}: another migrate is at work here; wait until it is done")
            )
            process = owner.decode(errors="replace")
            raise BusyError(_(told, root=self.root, process=process)) from None
        os.truncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())

    def _hide(self) -> None:
        """Have git ignore the journal."""
        if self._ignore.exists() and self._owns_ignore() and self._ignore.stat().st_size < 2:
            self.files.remove(self._ignore)
        if not self._ignore.exists():
            self.files.write(self._ignore, _IGNORE_ALL)

    def _owns_ignore(self) -> bool:
        """Whether .gitignore is the journal's own, or what a kill left of it."""
        return _IGNORE_ALL.startswith(content(self._ignore))

    def _tidy(self) -> None:
        """Take away what is empty. The lock goes last: until then nobody else is at work."""
        if self._runs.exists() and not any(self._runs.iterdir()):
            self.files.remove_folder(self._runs)
        left = {path.name for path in self.folder.iterdir()}
        if left == {".gitignore", "lock"} and self._owns_ignore():
            self.files.remove(self._ignore)
        self.files.remove(self._lock_file)
        if not any(self.folder.iterdir()):
            self.files.remove_folder(self.folder)

    def _remove_tree(self, path: Path) -> None:
        if path.is_symlink() or not path.is_dir():
            self.files.remove(path)
            return
        for child in sorted(path.iterdir()):
            self._remove_tree(child)
        self.files.remove_folder(path)


def _number(run_id: str) -> int:
    return int(run_id.partition("-")[0])


def _entry(
    path: str,
    before: str | None,
    after: str | None,
    attributes: dict[str, int] | None,
    anew: str | None = None,
) -> Entry:
    if not all(one is None or _DIGEST.fullmatch(one) for one in (before, after, anew)):
        raise ValueError(_("{path}: no hash of a file", path=path))
    owned = Attributes(**attributes) if attributes else None
    return Entry(_inner(path), before, after, owned, anew)


def _inner(path: str) -> str:
    """The path, where a run can have written it. Raises ValueError, TypeError."""
    plain = is_within(path) and str(PurePosixPath(path)) == path and "\0" not in path
    if not plain or is_reserved(path):
        raise ValueError(_("{path!r}: not a file that a run writes", path=path))
    return path


def _wrote(run: Run, path: str, content: str) -> bool:
    return any(one.path == path and content in (one.after, one.anew) for one in run.entries)


def _with_entry(run: Run, path: str, **values: str | None) -> Run:
    return replace(
        run,
        entries=tuple(
            replace(one, **values) if one.path == path else one  # type: ignore[arg-type]
            for one in run.entries
        ),
    )


def _same(descriptor: int, path: Path) -> bool:
    """Whether the open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":

    def _exclusive(descriptor: int) -> None:
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:

    def _exclusive(descriptor: int) -> None:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
