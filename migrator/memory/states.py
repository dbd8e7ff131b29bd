"""The states of files: by them a file that is as it was is told from one that may have changed."""

from __future__ import annotations

import hashlib
import os
from array import array
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Of each file one after the other: size, time of change, time of change of the inode, inode.
    States = array[int]
else:
    States = array

WIDTH = 4
UNKNOWN = (0,) * WIDTH
_POSITIVE = (1 << 63) - 1
# A file that is written again within the step of the clock it is stamped by keeps its times. The
# coarsest step is FAT's; clocks of other machines may lag a little.
_STEP = 3_000_000_000
_LENGTH = 16


def no_states() -> States:
    return array("q")


def state(status: os.stat_result) -> tuple[int, int, int, int]:
    """The state of a file."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _POSITIVE


def states_of(root: str, paths: Iterable[str]) -> States:
    """The states of files, as they are now; UNKNOWN where a file cannot be asked."""
    found = no_states()
    stat = os.stat
    for path in paths:
        try:
            found.extend(state(stat(f"{root}/{path}")))
        except (OSError, ValueError, OverflowError):  # noqa: PERF203
            found.extend(UNKNOWN)
    return found


def settled(states: States, started: int) -> States:
    """The states with UNKNOWN for each that a later change could leave as it is.

    Such a file was changed right before `started`, when the first file was read, or since.
    """
    found = states[:]
    for at in range(0, len(found), WIDTH):
        if max(found[at + 1], found[at + 2]) > started - _STEP:
            found[at : at + WIDTH] = array("q", UNKNOWN)
    return found


def digest(data: bytes) -> bytes:
    """What tells one content of a file from another."""
    return hashlib.sha256(data).digest()[:_LENGTH]
