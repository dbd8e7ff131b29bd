"""Site x Provider -> Decision: what becomes of each site, and why.

The planner is imported once it is asked for: that takes longer than what the settings of a scan
want to know of the checklist's codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from migrator.planning.planner import PlanOptions as PlanOptions
    from migrator.planning.planner import plan as plan

__all__ = ["PlanOptions", "plan"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from migrator.planning import planner

    return getattr(planner, name)
