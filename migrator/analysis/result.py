"""What a scan found, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from migrator.analysis.sites import Site, Unreadable


class Skipped(NamedTuple):
    """A file that was not looked into, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The sites under a root, and an account of every file.

    `seen` counts the files of the repository, `parsed` those that were analysed.
    """

    root: str
    seen: int
    parsed: int
    skipped: tuple[Skipped, ...] = ()
    sites: tuple[Site, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
