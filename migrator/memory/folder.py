"""The folder with what runs keep: the user's own, outside of every repository.

What is read here decides what a scan says, so a repository must not bring any along: a folder that
lies in the repository itself, or that others can write to, is not used. Each file holds a digest of
itself, and is replaced as a whole: one that is damaged, or half written, is as good as none.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

VARIABLE = "MIGRATE_CACHE_DIR"
_NAME = "migrate"
_MAGIC = b"migrate-1\n"
_DIGEST = 32
# All files together take no more than this; the ones not used for longest go.
_MOST_BYTES = 400_000_000
_OTHERS_WRITE = 0o022


def folder(root: str) -> str | None:
    """The folder for what is kept of a root, made if need be; None where there is none to trust."""
    place = _place()
    if not place or _is_inside(place, root):
        return None
    try:
        os.makedirs(place, 0o700, exist_ok=True)  # noqa: PTH103 - imports of pathlib's are not free
        status = os.stat(place)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    if hasattr(os, "geteuid"):
        foreign = status.st_uid != os.geteuid()
        if foreign or status.st_mode & _OTHERS_WRITE:
            return None
    return place


def _place() -> str:
    environment = os.environ
    if VARIABLE in environment:
        return environment[VARIABLE] and os.path.abspath(environment[VARIABLE])  # noqa: PTH100
    home = os.path.expanduser("~")  # noqa: PTH111
    if sys.platform == "win32":
        base = environment.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = f"{home}/Library/Caches"
    else:
        base = environment.get("XDG_CACHE_HOME", "")
        base = base if os.path.isabs(base) else f"{home}/.cache"  # noqa: PTH117
    return os.path.join(base, _NAME) if os.path.isabs(base) else ""  # noqa: PTH117, PTH118


def _is_inside(place: str, root: str) -> bool:
    place, root = os.path.realpath(place), os.path.realpath(root)
    return place == root or place.startswith(root.rstrip(os.sep) + os.sep)


def read(folder: str, name: str) -> bytes | None:
    """What was kept under a name, None where it is not there whole."""
    path = f"{folder}/{name}"
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            data = file.read()
    except (OSError, ValueError):
        return None
    start = len(_MAGIC) + _DIGEST
    body = memoryview(data)[start:]
    if data[: len(_MAGIC)] != _MAGIC or data[len(_MAGIC) : start] != _digest(body):
        return None
    with suppress(OSError):
        os.utime(path)  # used just now
    return bytes(body)


def write(folder: str, name: str, body: bytes) -> None:
    """Keep something under a name, in the place of what was there. Nothing is said of failures."""
    try:
        descriptor, path = tempfile.mkstemp(prefix="part-", dir=folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(_MAGIC + _digest(body))
                file.write(body)
            os.replace(path, f"{folder}/{name}")  # noqa: PTH105
        except BaseException:
            with suppress(OSError):
                os.unlink(path)  # noqa: PTH108
            raise
        _make_room(folder)
    except (OSError, ValueError):
        return


def _digest(body: bytes | memoryview) -> bytes:
    return hashlib.sha256(body).digest()


def _make_room(folder: str) -> None:
    files = []
    for path in Path(folder).iterdir():
        with suppress(OSError):
            status = path.stat()
            files.append((status.st_mtime, status.st_size, path))
    room = _MOST_BYTES
    for _used, size, path in sorted(files, reverse=True):
        room -= size
        if room < 0:
            path.unlink(missing_ok=True)
