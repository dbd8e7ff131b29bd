"""The few ways in which the tool writes to disk, each of them durable when it returns."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePath

_RESERVED = frozenset({".git", "git~1", ".migrate"})


def is_within(path: str, kind: type[PurePath] = PurePath) -> bool:
    """Whether a path leads below the folder that it is relative to, as it is spelled.

    `kind` says by which system's rules.
    """
    one = kind(path)
    return bool(one.parts) and not one.anchor and ".." not in one.parts


def is_reserved(path: str) -> bool:
    """Whether a path leads to what is git's or the journal's, as any file system reads it.

    Some take capitals for small letters, or leave out dots at the end and what cannot be seen.
    """
    return any(
        "".join(filter(str.isprintable, part)).casefold().rstrip(". ") in _RESERVED
        for part in path.replace("\\", "/").split("/")
    )


@dataclass(frozen=True, slots=True)
class Attributes:
    """A file's permission bits and owner."""

    mode: int
    user: int
    group: int

    @classmethod
    def of(cls, path: Path) -> Attributes:
        status = path.stat()
        return cls(status.st_mode & 0o7777, status.st_uid, status.st_gid)


class FileSystem:
    """Writes to disk. Everything that changes a tree goes through these methods.

    Each raises OSError where the operating system refuses.
    """

    def make_folder(self, path: Path, mode: int = 0o777) -> None:
        path.mkdir(mode)

    def write(self, path: Path, data: bytes, mode: int = 0o666) -> None:
        """Create a file that must not exist yet."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            self.sync(stream.fileno())

    def dress(self, path: Path, like: Path | None, attributes: Attributes) -> None:
        """Give a file the attributes, and what else `like` carries (extended attributes)."""
        if like is not None:
            shutil.copystat(like, path)
            os.utime(path)
        current = Attributes.of(path)
        if (current.user, current.group) != (attributes.user, attributes.group):
            os.chown(path, attributes.user, attributes.group)
        path.chmod(attributes.mode)

    def replace(self, source: Path, target: Path) -> None:
        source.replace(target)

    def remove(self, path: Path) -> None:
        path.unlink()

    def remove_folder(self, path: Path) -> None:
        path.rmdir()

    def settle(self, folder: Path) -> None:
        """Make what was created, renamed and removed in a folder survive a loss of power."""
        if os.name == "nt":  # folders cannot be opened there
            return
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            self.sync(descriptor)
        finally:
            os.close(descriptor)

    def sync(self, descriptor: int) -> None:
        os.fsync(descriptor)


class Unsettled(FileSystem):
    """Writes to a copy that is gone soon: nothing of it has to survive a loss of power."""

    def sync(self, descriptor: int) -> None:
        pass
