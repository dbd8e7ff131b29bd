"""Plans whose places are told otherwise than they were planned, for people to read."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import replace

from migrator.analysis.sites import Site
from migrator.decisions import Checklist, ChecklistItem, Convert, Decision, Plan


class Relocation(ABC):
    """Where the lines of some files are told to be."""

    def __init__(self, paths: Iterable[str]) -> None:
        named = "|".join(map(re.escape, paths))
        self._place = re.compile(rf"(?<![A-Za-z0-9_./-])({named}):(\d+)")

    @abstractmethod
    def line(self, path: str, line: int) -> int:
        """Where a line of a file is told to be."""

    @abstractmethod
    def site(self, site: Site) -> Site:
        """A site there."""

    @abstractmethod
    def item(self, item: ChecklistItem) -> ChecklistItem:
        """An item there."""

    def plan(self, plan: Plan) -> Plan:
        """A plan with its sites and items there; its edits stay."""
        return replace(
            plan,
            decisions=tuple(map(self.decision, plan.decisions)),
            extra_items=tuple(map(self.item, plan.extra_items)),
        )

    def decision(self, decision: Decision) -> Decision:
        """A decision there."""
        site = self.site(decision.site)
        match decision:
            case Checklist(items=items):
                return replace(decision, site=site, items=tuple(map(self.item, items)))
            case Convert(notes=notes):
                decision = replace(decision, notes=tuple(map(self.item, notes)))
        return replace(decision, site=site, reason=self.words(decision.reason))

    def words(self, text: str) -> str:
        """A text with the places that it names as path:line."""
        return self._place.sub(
            lambda found: f"{found[1]}:{self.line(found[1], int(found[2]))}", text
        )
