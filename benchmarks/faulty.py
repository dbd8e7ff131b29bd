"""Counts the calls by which a process changes the disk, and ends or fails the one that is chosen.

Every such call of `os` and every write of an opened file is a point. A write is two: before it, and
when half of it is done. One that is refused then is a short write, and the next is refused.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
from collections.abc import Callable
from typing import Any

_CHANGING = (
    "mkdir", "rename", "replace", "unlink", "remove", "rmdir", "truncate", "ftruncate", "link",
    "symlink", "chmod", "fchmod", "lchmod", "chown", "fchown", "lchown", "utime", "setxattr",
    "fsync", "fdatasync",
)  # fmt: skip
_OPENED_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_WRITING_MODES = frozenset("wax+")

# What takes no room, and so succeeds on a disk that is full.
_FREE = frozenset({"unlink", "remove", "rmdir", "chmod", "chown", "utime", "truncate", "ftruncate"})


def killed(_call: str) -> None:
    """The end of the process, as by `kill -9`."""
    os.kill(os.getpid(), signal.SIGKILL)


def refused(number: int) -> Callable[[str], None]:
    """What the operating system answers where it refuses, by an error number."""

    def fail(_call: str) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def full(call: str) -> None:
    """A full disk: what takes room fails."""
    if call not in _FREE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Faulty:
    """From the point `at` on (0: never; once, where it is not `lasting`), calls meet a fault."""

    def __init__(
        self, at: int, fault: Callable[[str], None] = killed, *, lasting: bool = False
    ) -> None:
        self.at = at
        self.points = 0
        self._fault = fault
        self._lasting = lasting
        self._due: OSError | None = None
        self._opened = io.open
        self._written = os.write

    def install(self) -> None:
        """Stand before the real calls, for the rest of the process."""
        for name in _CHANGING:
            if hasattr(os, name):
                setattr(os, name, self._before(name, getattr(os, name)))
        os.open = self._before_opening(os.open)
        os.write = self._write  # type: ignore[assignment]
        io.open = builtins.open = self._open

    def stop(self) -> int:
        """Let all that follows succeed; how many points there were."""
        self.at, self._due = 0, None
        return self.points

    def meet(self, call: str) -> None:
        """One more point."""
        self.points += 1
        if self.points == self.at or (self._lasting and self.at and self.points > self.at):
            self._fault(call)

    def _before(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def met(*arguments: Any, **named: Any) -> Any:
            self.meet(name)
            return call(*arguments, **named)

        return met

    def _before_opening(self, call: Callable[..., int]) -> Callable[..., int]:
        def met(path: Any, flags: int, *arguments: Any, **named: Any) -> int:
            if flags & _OPENED_TO_WRITE:
                self.meet("open")
            return call(path, flags, *arguments, **named)

        return met

    def _write(self, descriptor: int, data: bytes) -> int:
        if self._due is not None:
            due, self._due = self._due, None
            raise due
        self.meet("write")
        done = self._written(descriptor, data[: len(data) // 2])
        try:
            self.meet("write")
        except OSError as error:
            self._due = error
            return done
        return done + self._written(descriptor, data[len(data) // 2 :])

    def _open(self, file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        if not _WRITING_MODES & set(mode):
            return self._opened(file, mode, *arguments, **named)
        opener = named.pop("opener", None)
        closes = named.pop("closefd", True)
        if not isinstance(file, int):
            self.meet("open")
        raw = _Raw(file, mode.replace("b", "").replace("t", ""), closes, opener)
        raw.faulty = self
        stream = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        if "b" in mode:
            return stream
        named.pop("buffering", None)
        return io.TextIOWrapper(stream, **named)


class _Raw(io.FileIO):
    """A file whose every write is counted."""

    faulty: Faulty

    def write(self, data: Any) -> int:
        return self.faulty._write(self.fileno(), bytes(data))
