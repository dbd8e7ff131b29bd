"""Plans with the places of notebooks as they are in the files, for people to read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from migrator.analysis.sites import Span
from migrator.decisions import Checklist, ChecklistItem, Convert, Decision, Plan
from migrator.notebooks.program import Notebook
from migrator.notebooks.sites import notebooks_of, shown_site
from migrator.source import SourceText


def shown_plan(plan: Plan, sources: Mapping[str, SourceText]) -> Plan:
    """The plan with its sites and items where they stand in their files; its edits stay."""
    notebooks = notebooks_of(sources)
    if not notebooks:
        return plan
    shown = _Shown(notebooks)
    return replace(
        plan,
        decisions=tuple(map(shown.decision, plan.decisions)),
        extra_items=tuple(map(shown.item, plan.extra_items)),
    )


class _Shown:
    """The notebooks, by path, and what of a plan stands in them."""

    def __init__(self, notebooks: Mapping[str, Notebook]) -> None:
        self._notebooks = notebooks
        paths = "|".join(map(re.escape, notebooks))
        self._place = re.compile(rf"(?<![\w./-])({paths}):(\d+)")

    def decision(self, decision: Decision) -> Decision:
        site = shown_site(decision.site, self._notebooks)
        match decision:
            case Checklist(items=items):
                return replace(decision, site=site, items=tuple(map(self.item, items)))
            case Convert(notes=notes):
                decision = replace(decision, notes=tuple(map(self.item, notes)))
        return replace(decision, site=site, reason=self._words(decision.reason))

    def item(self, told: ChecklistItem) -> ChecklistItem:
        """An item where it is; one that belongs to no site names lines of the file already."""
        told = replace(told, why=self._words(told.why), action=self._words(told.action))
        if told.path not in self._notebooks or not told.site_ids:
            return told
        notebook, comment = self._notebooks[told.path], told.suppressed
        if comment is not None and comment.path == told.path:
            shown = replace(comment, line=notebook.shown_line(comment.line))
            told = replace(told, suppressed=shown)
        span, cell = notebook.shown(Span(told.line, 0, told.line, 0))
        return replace(told, line=span.line, cell=cell)

    def _words(self, text: str) -> str:
        """A text with the places that it names as path:line."""
        return self._place.sub(
            lambda found: f"{found[1]}:{self._notebooks[found[1]].shown_line(int(found[2]))}", text
        )
