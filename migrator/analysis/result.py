"""What an analysis and a scan found, as one value each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from migrator.analysis.sites import Site, Span, Suppression, Unreadable

if TYPE_CHECKING:
    from migrator.source import SourceText


def in_order(site: Site) -> tuple[str, Span, str, str]:
    """The key that sites are sorted by."""
    return site.path, site.span, site.kind.value, site.detail


@dataclass(frozen=True)
class Analysis:
    """Every site, in order; the text of every file read; the files that could not be.

    `suppressions` are the comments that take items off the checklist.
    """

    sites: tuple[Site, ...]
    sources: Mapping[str, SourceText]
    unreadable: tuple[Unreadable, ...]
    parsed: int
    suppressions: tuple[Suppression, ...] = ()


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
