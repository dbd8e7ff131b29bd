"""What is kept of a plan with the run that wrote it: what was asked for, and what was left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from migrator.analysis.sites import Kind
from migrator.changes.journal import Run
from migrator.decisions import ChecklistItem, Convert, Plan


def kept(plan: Plan, options: Mapping[str, Any]) -> dict[str, Any]:
    """What the manifest of a run says of its plan, as JSON holds it."""
    stays = [one.site for one in plan.decisions if not isinstance(one, Convert)]
    return {
        "options": dict(options),
        "checklist": [list(one) for one in sorted({(i.code, i.path) for i in plan.checklist})],
        "stays": sorted(site.id for site in stays),
        "variables": sorted({site.detail for site in stays if site.kind is Kind.ENV_KEY}),
    }


def options_of(runs: Iterable[Run]) -> Mapping[str, Any]:
    """What the newest run that says so was asked for."""
    said = [run.planned["options"] for run in runs if run.planned]
    return said[-1] if said else {}


@dataclass(frozen=True)
class Listed:
    """What runs left to people: codes with paths, and the sites and the variables that stay."""

    items: frozenset[tuple[str, str]]
    sites: frozenset[str]
    variables: frozenset[str]

    def has(self, item: ChecklistItem, variables: Iterable[str]) -> bool:
        """Whether an item, whose sites name variables, is about something that was told of."""
        if (item.code, item.path) in self.items or not self.sites.isdisjoint(item.site_ids):
            return True
        return not self.variables.isdisjoint(variables)


def listed(runs: Iterable[Run]) -> Listed | None:
    """What runs left to people; None where none of them says."""
    said = [run.planned for run in runs if run.planned]
    if not said:
        return None
    return Listed(
        frozenset((code, path) for one in said for code, path in one["checklist"]),
        frozenset(site for one in said for site in one["stays"]),
        frozenset(name for one in said for name in one["variables"]),
    )
