"""The bytes of a file of a repository, where a pipe or a device may bear the name of one."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_KIND, _REGULAR = 0o170000, 0o100000


def content(path: str | Path) -> bytes:
    """What a file holds. Raises OSError, also for what is no file: nobody waits for a pipe."""
    descriptor = os.open(path, _OPEN)
    try:
        if os.fstat(descriptor).st_mode & _KIND != _REGULAR:
            from migrator.language import _

            raise OSError(22, _("not a regular file; move it away"), os.fspath(path))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(descriptor)
