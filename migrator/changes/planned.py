"""What is kept of a plan with the run that wrote it: what was asked for, and what was left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from migrator.changes.journal import Run
from migrator.decisions import Plan


def kept(plan: Plan, options: Mapping[str, Any]) -> dict[str, Any]:
    """What the manifest of a run says of its plan, as JSON holds it."""
    target = plan.target
    return {
        "target": {
            "provider": target.provider,
            "mode": target.mode,
            "region": target.region,
            "supplements": dict(target.supplements),
        },
        "options": dict(options),
        "checklist": [list(one) for one in sorted({(i.code, i.path) for i in plan.checklist})],
    }


def options_of(runs: Iterable[Run]) -> Mapping[str, Any]:
    """What the newest run that says so was asked for."""
    said = [run.planned["options"] for run in runs if run.planned]
    return said[-1] if said else {}


def listed(runs: Iterable[Run]) -> set[tuple[str, str]]:
    """What the checklists of runs list: codes with paths."""
    return {(code, path) for run in runs for code, path in run.planned.get("checklist", ())}
