"""Plans with the places of notebooks as they are in the files, for people to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from migrator.analysis.sites import Site, Span
from migrator.decisions import ChecklistItem, Plan
from migrator.notebooks.program import Notebook
from migrator.notebooks.sites import notebooks_of, shown_site
from migrator.relocating import Relocation
from migrator.source import SourceText


def shown_plan(plan: Plan, sources: Mapping[str, SourceText]) -> Plan:
    """The plan with its sites and items where they stand in their files; its edits stay."""
    notebooks = notebooks_of(sources)
    if not notebooks:
        return plan
    return _Shown(notebooks).plan(plan)


class _Shown(Relocation):
    """The notebooks, by path, and what of a plan stands in them."""

    def __init__(self, notebooks: Mapping[str, Notebook]) -> None:
        self._notebooks = notebooks
        super().__init__(notebooks)

    def line(self, path: str, line: int) -> int:
        return self._notebooks[path].shown_line(line)

    def site(self, site: Site) -> Site:
        return shown_site(site, self._notebooks)

    def item(self, item: ChecklistItem) -> ChecklistItem:
        """An item where it is; one that belongs to no site names lines of the file already."""
        told = replace(item, why=self.words(item.why), action=self.words(item.action))
        if told.path not in self._notebooks or not told.site_ids:
            return told
        notebook, comment = self._notebooks[told.path], told.suppressed
        if comment is not None and comment.path == told.path:
            shown = replace(comment, line=self.line(comment.path, comment.line))
            told = replace(told, suppressed=shown)
        span, cell = notebook.shown(Span(told.line, 0, told.line, 0))
        return replace(told, line=span.line, cell=cell)
