"""Where results go, and how far a long run is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from migrator.language import _

if TYPE_CHECKING:
    from rich.console import Console

    from migrator.analysis.reading import Progress

_LONG_RUN = 200


def console() -> Console:
    """Standard output, for people."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def write(text: str) -> None:
    """Put a text on standard output, byte for byte, with a line end."""
    put(text.encode("utf-8", "surrogateescape"))
    if not text.endswith("\n"):
        put(b"\n")


def put(data: bytes) -> None:
    """Put bytes on standard output as they are."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


@contextmanager
def progress() -> Iterator[Progress | None]:
    """A progress bar on standard error: on a terminal only, and only when the work is long."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = _Bar()
    try:
        yield bar.step
    finally:
        bar.close()


class _Bar:
    """Appears once a run turns out to be long."""

    def __init__(self) -> None:
        self._progress: object = None
        self._task: object = None

    def step(self, done: int, total: int) -> None:
        if total < _LONG_RUN:
            return
        from rich.console import Console
        from rich.progress import Progress as Bar

        if not isinstance(self._progress, Bar):
            self._progress = Bar(console=Console(stderr=True), transient=True)
            self._progress.start()
            self._task = self._progress.add_task(_("Reading"), total=total)
        self._progress.update(self._task, completed=done)  # type: ignore[arg-type]

    def close(self) -> None:
        from rich.progress import Progress as Bar

        if isinstance(self._progress, Bar):
            self._progress.stop()
