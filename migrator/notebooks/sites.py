"""Sites with the places of notebooks as they are in the files.

Until they are shown to people, a place in a notebook is one of its program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from migrator.analysis.sites import Site, Step
from migrator.notebooks.program import Notebook
from migrator.source import SourceText


def notebooks_of(sources: Mapping[str, SourceText]) -> dict[str, Notebook]:
    """The notebooks among some files, by path."""
    return {path: source for path, source in sources.items() if isinstance(source, Notebook)}


def shown_sites(sites: Iterable[Site], sources: Mapping[str, SourceText]) -> tuple[Site, ...]:
    """The sites where they stand in their files."""
    notebooks = notebooks_of(sources)
    return tuple(shown_site(one, notebooks) if notebooks else one for one in sites)


def shown_site(site: Site, notebooks: Mapping[str, Notebook]) -> Site:
    """A site where it stands in its file, with the cell that it stands in."""
    steps = tuple(_step(one, notebooks) for one in site.provenance)
    if site.path not in notebooks:
        return replace(site, provenance=steps)
    span, cell = notebooks[site.path].shown(site.span)
    return replace(site, span=span, cell=cell, provenance=steps)


def _step(step: Step, notebooks: Mapping[str, Notebook]) -> Step:
    if step.path not in notebooks:
        return step
    return replace(step, line=notebooks[step.path].shown_line(step.line))
