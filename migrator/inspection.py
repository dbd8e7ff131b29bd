"""A repository, discovered and analysed: program by program, in processes of their own if many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from migrator.discovery import Listed, Skip, Survey, look, sift, skips
from migrator.discovery.sieve import Sifted
from migrator.regular import content
from migrator.workers import each, uncollected

# What reads and analyses files is imported where that is done: it takes longer than many a run.
if TYPE_CHECKING:
    from migrator.analysis.reading import Progress
    from migrator.analysis.result import Analysis
    from migrator.analysis.sites import Site
    from migrator.memory.scans import Memory
    from migrator.settings.territories import Territories

_T = TypeVar("_T")


@dataclass(frozen=True)
class Inspection:
    """What the files under `root` say; `originals` are the bytes of every file that was read.

    `python` are the paths of all Python files, read or not, `prose` those of documentation.
    """

    root: Path
    seen: int
    skipped: tuple[Skip, ...]
    python: tuple[str, ...]
    analysis: Analysis
    originals: Mapping[str, bytes]
    prose: tuple[str, ...] = ()

    def modules(self, provider: str) -> dict[str, str]:
        """The texts of the modules that an earlier run may have written for a provider."""
        paths = (one for one in self.python if Path(one).name.startswith(f"{provider}_"))
        return {path: content(self.root / path).decode("utf-8", "replace") for path in paths}

    def beside(self, names: Iterable[str]) -> list[str]:
        """The files of some names in the folders of what was read, and in those above them."""
        folders = {str(one) for path in self.originals for one in PurePosixPath(path).parents}
        paths = [(PurePosixPath(folder) / name).as_posix() for folder in folders for name in names]
        return sorted(path for path in paths if (self.root / path).is_file())


def inspect(
    paths: Sequence[Path],
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    territories: Territories | None = None,
    progress: Progress | None = None,
    traced: bool = False,
) -> Inspection:
    """Look at every file under the paths. Raises MigrateError for paths that cannot be used.

    `progress` is told how many of the files that are worth an analysis were read. `traced`:
    provenance tells every link.
    """
    listed = look(paths, include=include, exclude=exclude, territories=territories)
    with uncollected():
        found = sift(listed)
        programs, found = found.programs(), found.without_files()
        alone = len(programs) == 1
        work = partial(_inspect, found, progress if alone else None, traced)
        parts = each(work, programs, pays=not alone)
        if progress is not None and not alone:
            parts = _counted(parts, programs, progress)
        return replace(_joined(found.root, list(parts)), prose=found.prose)


def said_by(
    listed: Listed, memory: Memory | None = None, progress: Progress | None = None
) -> Inspection:
    """What the listed files say, and nothing else of them: sites stand where people look for them.

    What `memory` knows is not looked at again.
    """
    with uncollected():
        found = sift(listed, memory)
        programs, found = found.programs(), found.without_files()
        known = [memory.analysis(one) if memory is not None else None for one in programs]
        new = [one for one, held in zip(programs, known, strict=True) if held is None]
        alone = len(programs) == 1
        work = partial(_said, found, progress if alone else None)
        made = each(work, new, pays=len(new) > 1)
        if progress is not None and not alone:
            made = _counted(made, new, progress)
        parts = []
        for program, held in zip(programs, known, strict=True):
            said = next(made) if held is None else _Said(held, skips(program.skipped))
            if memory is not None and held is None and len(said.skipped) == len(program.skipped):
                memory.keep_analysis(program, said.analysis)
            parts.append(
                Inspection(
                    found.root,
                    program.seen,
                    said.skipped,
                    tuple(program.python),
                    said.analysis,
                    {},
                )
            )
        return replace(_joined(found.root, parts), prose=found.prose)


class _Said(NamedTuple):
    """What a program says, and which of its files are not read."""

    analysis: Analysis
    skipped: tuple[Skip, ...]


def _said(found: Survey, progress: Progress | None, program: Sifted) -> _Said:
    part = _inspect(found, progress, False, program)
    shown = replace(part.analysis, sites=_shown(part.analysis), sources={})
    return _Said(shown, part.skipped)


def _inspect(found: Survey, progress: Progress | None, traced: bool, program: Sifted) -> Inspection:
    from migrator.analysis.reading import analyse

    with uncollected():
        files = found.tie(program)
        analysis = analyse(
            files.candidates,
            files.documents,
            files.python,
            progress,
            settings=files.settings,
            traced=traced,
        )
    originals = {**files.candidates, **files.documents}
    return Inspection(files.root, files.seen, files.skipped, files.python, analysis, originals)


def _shown(analysis: Analysis) -> tuple[Site, ...]:
    """The sites where they stand in their files."""
    from migrator.source import NOTEBOOK

    if not any(path.endswith(NOTEBOOK) for path in analysis.sources):
        return analysis.sites
    from migrator.notebooks.sites import shown_sites

    return shown_sites(analysis.sites, analysis.sources)


def _counted(parts: Iterable[_T], programs: Sequence[Sifted], progress: Progress) -> Iterator[_T]:
    sizes = [len(program.candidates) for program in programs]
    for count, part in enumerate(parts, 1):
        progress(sum(sizes[:count]), sum(sizes))
        yield part


def _joined(root: Path, parts: Sequence[Inspection]) -> Inspection:
    if len(parts) == 1:
        return parts[0]
    from migrator.analysis.result import Analysis, in_order

    analyses = [part.analysis for part in parts]
    return Inspection(
        root,
        sum(part.seen for part in parts),
        tuple(sorted((skip for part in parts for skip in part.skipped), key=lambda one: one.path)),
        tuple(sorted({path for part in parts for path in part.python})),
        Analysis(
            tuple(sorted((site for one in analyses for site in one.sites), key=in_order)),
            {path: text for one in analyses for path, text in one.sources.items()},
            tuple(gone for one in analyses for gone in one.unreadable),
            sum(one.parsed for one in analyses),
            tuple(sorted(comment for one in analyses for comment in one.suppressions)),
        ),
        {path: data for part in parts for path, data in part.originals.items()},
    )
