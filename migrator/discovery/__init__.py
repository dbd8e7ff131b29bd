"""The files of a repository that could matter: what git lists or a walk finds, sifted by bytes.

Every file is read, searched as bytes, and dropped again: what is kept of it is whether it shows
evidence of OpenAI. The few that do are read when they are analysed, and with them those without
evidence that imports tie to them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.discovery.kinds import is_prose, is_read
from migrator.discovery.listing import Listing
from migrator.discovery.patterns import DiscoveryError, Patterns
from migrator.discovery.sieve import Sheet, Sieve, Sifted
from migrator.discovery.skips import Skip, SkipReason
from migrator.language import _
from migrator.workers import each

if TYPE_CHECKING:
    from migrator.memory.scans import Memory
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
class Listed:
    """The files below a root that are to be read, in order, before any of them is.

    `skipped` are those that are not, and why; `prose` is documentation. `started` is when the first
    of them may have been read, in nanoseconds.
    """

    root: Path
    paths: tuple[str, ...]
    skipped: dict[str, SkipReason]
    prose: tuple[str, ...]
    max_bytes: int
    started: int


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
        (installed packages, a monorepo): each folder in it is one then. The largest comes first:
        that of which the most files may be analysed.
        """
        sifted = self.sifted
        reaching = len(sifted.candidates) + len(sifted.frameworks)
        if not reaching or (reaching <= _LARGEST_PROGRAM and len(sifted.python) <= _LARGEST_TREE):
            return [sifted]
        depth = len(_common_parts((*sifted.candidates, *sifted.frameworks)))
        programs = sifted.split(lambda path: path.split("/")[:-1][: depth + 1])
        return sorted(programs, key=_most_analysed, reverse=True)

    def without_files(self) -> Survey:
        """The same without what was found of the files: enough to tie the programs that it gave."""
        return replace(self, sifted=Sifted())

    def tie(self, program: Sifted) -> Discovery:
        """What is to be read of a program: files with evidence, and those that belong to them."""
        skipped = dict(program.skipped)
        candidates, settings = _bring_back(self.sieve, program, skipped)
        documents = self.sieve.contents(program.documents, skipped)
        return Discovery(
            self.root,
            tuple(program.python),
            dict(sorted(candidates.items())),
            documents,
            skips(skipped),
            program.seen,
            settings,
        )


def _most_analysed(program: Sifted) -> int:
    from migrator.discovery.ties import most_tied

    reaching = len(program.candidates) + len(program.frameworks)
    return min(len(program.python), reaching + most_tied(reaching)) if reaching else 0


def skips(skipped: Mapping[str, SkipReason]) -> tuple[Skip, ...]:
    """The files that are not read, in order."""
    return tuple(Skip(path, reason) for path, reason in sorted(skipped.items()))


def look(
    paths: Sequence[Path],
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    territories: Territories | None = None,
    max_bytes: int = 2_000_000,
) -> Listed:
    """List the files under the paths (the current folder where there are none). Reads none.

    `include` and `exclude` are patterns as in .gitignore, relative to the root; they count before
    those of the settings in `territories`. Raises
    DiscoveryError for a path that does not exist and a pattern that cannot be used.
    """
    started = time.time_ns()
    places = _places(paths)
    root = _common_folder(places)
    patterns = Patterns(include, exclude, territories)
    listing = Listing(root, patterns)
    for place in places:
        listing.add(place)
    listed = listing.listed()
    wanted = [path for path in listed if patterns.includes(path)]
    read = tuple(path for path in wanted if is_read(path))
    others = listing.named.intersection(wanted).difference(read)
    skipped = {**listing.skipped, **dict.fromkeys(others, SkipReason.OTHER_KIND)}
    prose = tuple(one for one in listed if is_prose(one) and one in listing.files)
    return Listed(root, read, skipped, prose, max_bytes, started)


def sift(listed: Listed, memory: Memory | None = None) -> Survey:
    """Read the listed files and sift them; those that `memory` knows are not read again."""
    sieve = Sieve(str(listed.root), listed.max_bytes, digests=memory is not None)
    sheet = sheet_of(sieve, listed.paths) if memory is None else memory.sheet(sieve)
    sifted = Sifted.of(listed.paths, sheet)
    sifted.skipped = {**listed.skipped, **sifted.skipped}
    return Survey(listed.root, sieve, sifted, listed.prose)


def survey(
    paths: Sequence[Path],
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    territories: Territories | None = None,
    max_bytes: int = 2_000_000,
) -> Survey:
    """Find and sift the files under the paths. See `look`."""
    return sift(
        look(
            paths,
            include=include,
            exclude=exclude,
            territories=territories,
            max_bytes=max_bytes,
        )
    )


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


def sheet_of(sieve: Sieve, paths: Sequence[str]) -> Sheet:
    """What the sieve finds out of files, in processes of their own where there are many."""
    parts = [paths[at : at + _PART] for at in range(0, len(paths), _PART)]
    found = Sheet()
    for part in each(sieve.sift, parts, pays=len(parts) > 1):
        found.add(part)
    return found


def _bring_back(
    sieve: Sieve, sifted: Sifted, skipped: dict[str, SkipReason]
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The candidates of a program, with files that showed no evidence of their own.

    Gives Django's settings, too.
    """
    candidates = sieve.contents(sifted.candidates, skipped)
    frameworks = sieve.contents(sifted.frameworks, skipped)
    if not candidates and not frameworks:
        return {}, ()
    from migrator.analysis.resolver import Resolver
    from migrator.analysis.surface import reserved_modules
    from migrator.discovery.configuration import filling
    from migrator.discovery.graph import ImportGraph
    from migrator.discovery.ties import tied_by_imports

    def read(path: str) -> bytes:
        for held in (candidates, frameworks):
            if path in held:
                return held[path]
        data = sieve.read(path)
        if isinstance(data, SkipReason):
            skipped[path] = data
            return b""
        return data

    graph = ImportGraph(Resolver(sifted.python, reserved_modules()), sifted.imports, read)
    for path, data in frameworks.items():
        if graph.outside(path):
            candidates[path] = data
    tied = tied_by_imports(graph, candidates, sifted.hints)
    for path in [*tied, *filling(graph, {*candidates, *tied})]:
        candidates[path] = read(path)
    return candidates, graph.settings if any(map(graph.uses_settings, candidates)) else ()


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
