"""Programs of the person's own that are run in the terminal: the pager, the editor."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def paged(text: str) -> bool:
    """Show a text in the pager; gives whether there is one."""
    pager = os.environ.get("PAGER") or "less"
    environment = {"LESS": "FRX", "LV": "-c", **os.environ}
    with suppress(OSError, ValueError), left_to_the_program():
        subprocess.run(
            shlex.split(pager), input=text.encode("utf-8", "surrogateescape"), env=environment
        )
        return True
    return False


@contextmanager
def left_to_the_program() -> Iterator[None]:
    """Run a program: Ctrl-C is for it meanwhile."""
    before = signal.signal(signal.SIGINT, lambda *ignored: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
