"""The files of a repository that could matter: what git lists or a walk finds, sifted by bytes.

Every file is read once, searched as bytes, and dropped again unless it shows evidence of OpenAI.
Files without evidence are brought back where imports tie them to files that have it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.discovery.configuration import filling
from migrator.discovery.graph import ImportGraph
from migrator.discovery.kinds import is_prose
from migrator.discovery.listing import Listing
from migrator.discovery.patterns import DiscoveryError, Patterns
from migrator.discovery.sieve import Sieve, Sifted
from migrator.discovery.skips import Skip, SkipReason
from migrator.discovery.ties import tied_by_imports
from migrator.language import _
from migrator.workers import each

if TYPE_CHECKING:
    from migrator.settings.territories import Territories

# So many files are worth a process of their own.
_PART = 4000
# One program has no more files with evidence than this, and no more files at all: such a tree is a
# collection of programs.
_LARGEST_PROGRAM = 400
_LARGEST_TREE = 20_000

__all__ = ["Discovery", "DiscoveryError", "Skip", "SkipReason", "Survey", "discover", "survey"]


@dataclass(frozen=True)
class Discovery:
    """The files under `root`; every path is relative to it, with `/`.

    `python` are all Python files that can be read, `candidates` those to be analysed, `documents`
    the other files that may hold OpenAI configuration, `settings` the files that Django's settings
    are in, where a candidate reads them. `seen` counts the files of a kind that is read, the
    skipped ones included; a folder that is not entered counts once in `skipped`.
    """

    root: Path
    python: tuple[str, ...]
    candidates: dict[str, bytes]
    documents: dict[str, bytes]
    skipped: tuple[Skip, ...]
    seen: int
    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Survey:
    """Every file under the root, read and sifted; which of them belong together is still open.

    `prose` are the paths of its documentation, which was not read.
    """

    root: Path
    sieve: Sieve
    sifted: Sifted
    prose: tuple[str, ...] = ()

    def programs(self) -> list[Sifted]:
        """The files that are linked with each other: all of them, as a rule.

        A tree of very many files, or of many that reach OpenAI, is a collection of programs
        (installed packages, a monorepo): each folder in it is one then. The largest comes first.
        """
        sifted = self.sifted
        reaching = len(sifted.candidates) + len(sifted.frameworks)
        if not reaching or (reaching <= _LARGEST_PROGRAM and len(sifted.python) <= _LARGEST_TREE):
            return [sifted]
        depth = len(_common_parts((*sifted.candidates, *sifted.frameworks)))
        programs = sifted.split(lambda path: path.split("/")[:-1][: depth + 1])
        return sorted(programs, key=lambda one: -len(one.candidates) - len(one.frameworks))

    def tie(self, program: Sifted) -> Discovery:
        """What is to be read of a program: files with evidence, and those that belong to them."""
        kept = program.copy()
        settings = _bring_back(self.sieve, kept)
        return Discovery(
            self.root,
            tuple(kept.python),
            dict(sorted(kept.candidates.items())),
            kept.documents,
            tuple(Skip(path, reason) for path, reason in sorted(kept.skipped.items())),
            kept.seen,
            settings,
        )


def survey(
    paths: Sequence[Path],
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    territories: Territories | None = None,
    max_bytes: int = 2_000_000,
) -> Survey:
    """Find and sift the files under the paths (the current folder where there are none).

    `include` and `exclude` are patterns as in .gitignore, relative to the root; they count before
    those of the settings in `territories`. Raises
    DiscoveryError for a path that does not exist and a pattern that cannot be used.
    """
    places = _places(paths)
    root = _common_folder(places)
    patterns = Patterns(include, exclude, territories)
    listing = Listing(root, patterns)
    for place in places:
        listing.add(place)
    sieve = Sieve(str(root), frozenset(listing.named), patterns, max_bytes)
    listed = listing.listed()
    kept = _sifted(sieve, listed)
    kept.skipped = {**listing.skipped, **kept.skipped}
    prose = tuple(one for one in listed if is_prose(one) and one in listing.files)
    return Survey(root, sieve, kept, prose)


def common_root(paths: Sequence[Path]) -> Path:
    """The folder that what is found under the paths is relative to. Raises DiscoveryError."""
    return _common_folder(_places(paths))


def _places(paths: Sequence[Path]) -> list[Path]:
    return [_located(path) for path in paths or (Path(),)]


def discover(
    paths: Sequence[Path],
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    max_bytes: int = 2_000_000,
) -> Discovery:
    """Everything under the paths as one program, whatever its size. See `survey`."""
    found = survey(paths, include=include, exclude=exclude, max_bytes=max_bytes)
    return found.tie(found.sifted)


def _common_parts(paths: Iterable[str]) -> tuple[str, ...]:
    """The folders that all of the paths lie below."""
    folders = {tuple(path.split("/")[:-1]) for path in paths}
    low, high = min(folders), max(folders)
    same = 0
    while same < min(len(low), len(high)) and low[same] == high[same]:
        same += 1
    return low[:same]


def _sifted(sieve: Sieve, paths: Sequence[str]) -> Sifted:
    parts = [paths[at : at + _PART] for at in range(0, len(paths), _PART)]
    kept = Sifted()
    for part in each(sieve.sift, parts, pays=len(parts) > 1):
        kept.add(part)
    return kept


def _bring_back(sieve: Sieve, kept: Sifted) -> tuple[str, ...]:
    """Make candidates of files that showed no evidence of their own; gives Django's settings."""
    if not kept.candidates and not kept.frameworks:
        return ()
    from migrator.analysis.resolver import Resolver
    from migrator.analysis.surface import reserved_modules

    def read(path: str) -> bytes:
        for held in (kept.candidates, kept.frameworks):
            if path in held:
                return held[path]
        return sieve.read(path, kept, sieve.max_bytes) or b""

    graph = ImportGraph(Resolver(kept.python, reserved_modules()), kept.imports, read)
    for path, data in kept.frameworks.items():
        if graph.outside(path):
            kept.candidates[path] = data
    tied = tied_by_imports(graph, kept.candidates, kept.hints)
    for path in [*tied, *filling(graph, {*kept.candidates, *tied})]:
        kept.candidates[path] = read(path)
    return graph.settings if any(map(graph.uses_settings, kept.candidates)) else ()


def _located(path: Path) -> Path:
    """The absolute path; a link to a file stays what it is, a link to a folder is the folder."""
    try:
        if path.is_dir():
            return path.resolve(strict=True)
        if path.exists() or path.is_symlink():
            return path.parent.resolve(strict=True) / path.name
    except (OSError, ValueError, RuntimeError) as error:
        raise DiscoveryError(
            _("{path}: cannot be read: {error}", path=_printable(path), error=error)
        ) from None
    raise DiscoveryError(_("{path}: no such file or folder", path=_printable(path)))


def _common_folder(places: Sequence[Path]) -> Path:
    folders = [place if place.is_dir() else place.parent for place in places]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:
        raise DiscoveryError(_("the paths are on different drives: scan them one by one")) from None


def _printable(path: Path) -> str:
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8").replace("\n", "\\n")
