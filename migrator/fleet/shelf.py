"""The folder that the results are kept in: what is there is done, whenever a run ends.

repositories/NAME/   result.json and what belongs to it; result.json comes last
runs.jsonl           how long each took, run by run
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from migrator.fleet.errors import EngineError, FleetError
from migrator.fleet.result import Outcome, Result
from migrator.fleet.wish import Job
from migrator.language import _

REPOSITORIES, RESULT, LOG = "repositories", "result.json", "runs.jsonl"
_SCHEMA = 1
_LOCK = ".lock"
_IGNORE = ".gitignore"


class Shelf:
    """Results by the names of repositories, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def open(self) -> Iterator[Shelf]:
        """Keep every other run out of the folder. Raises FleetError, EngineError."""
        strange = self.folder.is_dir() and not (self.folder / REPOSITORIES).is_dir()
        if strange and any(self.folder.iterdir()):
            told = _("{folder}: not empty, and no folder of results; name another with --output",
                     folder=self.folder)  # fmt: skip
            raise FleetError(told)
        try:
            (self.folder / REPOSITORIES).mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise FleetError(f"{self.folder}: {error.strerror}") from None
        # A report on a repository must not be found in it as a source.
        write_whole(self.folder / _IGNORE, "*\n")
        with (self.folder / _LOCK).open("a") as lock:
            if not _locked(lock.fileno()):
                told = _("{folder}: another run is at work there", folder=self.folder)
                raise EngineError(told)
            yield self

    def place(self, name: str) -> Path:
        """The folder of a repository."""
        return self.folder / REPOSITORIES / name

    def kept(self, job: Job) -> Result | None:
        """The result of a job of a run before, None where there is none of the same wish."""
        try:
            data = json.loads((self.place(job.entry.name) / RESULT).read_text(encoding="utf-8"))
            if (data.pop("schema"), data.pop("fingerprint")) != (_SCHEMA, job.fingerprint):
                return None
            return Result.from_data(data)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def keep(self, job: Job, outcome: Outcome) -> None:
        """Put a result in the place of what was there."""
        folder = self.place(job.entry.name)
        with suppress(FileNotFoundError):
            (folder / RESULT).unlink()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        data = {"schema": _SCHEMA, "fingerprint": job.fingerprint, **outcome.result.data}
        try:
            for name, content in outcome.contents.items():
                (folder / name).write_bytes(content)
            write_whole(folder / RESULT, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
        except OSError as error:
            error.filename = error.filename or str(folder)
            raise
        told = {
            "name": job.entry.name,
            "standing": outcome.result.standing.value,
            "seconds": round(outcome.seconds, 3),
            "memory": outcome.memory,
            "at": round(time.time(), 3),
        }
        with (self.folder / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps(told) + "\n")


def write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever sees a part of it."""
    draft = path.with_name(f"{path.name}.part")
    draft.write_bytes(text.encode("utf-8", "backslashreplace"))
    draft.replace(path)


def _locked(descriptor: int) -> bool:
    """Take the kernel's lock of a file, which ends with the process."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
