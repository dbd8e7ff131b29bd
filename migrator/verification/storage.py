"""What the emulator keeps, within bounds."""

from __future__ import annotations

from threading import Lock
from typing import Generic, TypeVar

MAX_STORED = 1_000
MAX_STORED_BYTES = 64 * 1024 * 1024

Kept = TypeVar("Kept")


class Storage(Generic[Kept]):
    """Things by their ids: the oldest are forgotten where they are too many or too large."""

    def __init__(self) -> None:
        self._stored: dict[str, tuple[Kept, int]] = {}
        self._size = 0
        self._lock = Lock()

    def add(self, name: str, kept: Kept, size: int) -> None:
        """Keep something of a size in bytes."""
        with self._lock:
            while self._stored and (
                len(self._stored) >= MAX_STORED or self._size + size > MAX_STORED_BYTES
            ):
                self._forget(next(iter(self._stored)))
            self._stored[name] = (kept, size)
            self._size += size

    def get(self, name: str) -> Kept | None:
        """What has that id, if it is still there."""
        found = self._stored.get(name)
        return found[0] if found else None

    def remove(self, name: str) -> Kept | None:
        """Forget what has that id. Gives it, if it was there."""
        with self._lock:
            return self._forget(name) if name in self._stored else None

    def values(self) -> list[Kept]:
        """All that is kept, oldest first."""
        with self._lock:
            return [kept for kept, _ in self._stored.values()]

    def _forget(self, name: str) -> Kept:
        kept, size = self._stored.pop(name)
        self._size -= size
        return kept
