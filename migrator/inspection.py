"""A repository, discovered and analysed: program by program, in processes of their own if many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from migrator.analysis.reading import Analysis, Progress, analyse, in_order
from migrator.analysis.sites import Site
from migrator.discovery import Discovery, Skip, Survey, survey
from migrator.discovery.sieve import Sifted
from migrator.source import NOTEBOOK
from migrator.workers import each, uncollected

if TYPE_CHECKING:
    from migrator.settings.territories import Territories


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
        return {path: (self.root / path).read_text("utf-8", "replace") for path in paths}

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
    keep_texts: bool = True,
    progress: Progress | None = None,
    traced: bool = False,
) -> Inspection:
    """Look at every file under the paths. Raises MigrateError for paths that cannot be used.

    Without `keep_texts`, what the sites say is all that is kept, and they stand where people look
    for them. `progress` is told how many of the
    files that are worth an analysis were read. `traced`: provenance tells every link.
    """
    with uncollected():
        found = survey(paths, include=include, exclude=exclude, territories=territories)
        programs = found.programs()
        alone = len(programs) == 1
        look = partial(_inspect, found, keep_texts, progress if alone else None, traced)
        parts = each(look, programs, pays=not alone)
        if progress is not None and not alone:
            parts = _counted(parts, programs, progress)
        return replace(_joined(found.root, list(parts)), prose=found.prose)


def _inspect(
    found: Survey, keep_texts: bool, progress: Progress | None, traced: bool, program: Sifted
) -> Inspection:
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
    if not keep_texts:
        return _inspection(files, replace(analysis, sites=_shown(analysis), sources={}), {})
    return _inspection(files, analysis, {**files.candidates, **files.documents})


def _shown(analysis: Analysis) -> tuple[Site, ...]:
    """The sites where they stand in their files."""
    if not any(path.endswith(NOTEBOOK) for path in analysis.sources):
        return analysis.sites
    from migrator.notebooks.sites import shown_sites

    return shown_sites(analysis.sites, analysis.sources)


def _inspection(files: Discovery, analysis: Analysis, originals: Mapping[str, bytes]) -> Inspection:
    return Inspection(files.root, files.seen, files.skipped, files.python, analysis, originals)


def _counted(
    parts: Iterable[Inspection], programs: Sequence[Sifted], progress: Progress
) -> Iterator[Inspection]:
    sizes = [len(program.candidates) for program in programs]
    for count, part in enumerate(parts, 1):
        progress(sum(sizes[:count]), sum(sizes))
        yield part


def _joined(root: Path, parts: Sequence[Inspection]) -> Inspection:
    if len(parts) == 1:
        return parts[0]
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
