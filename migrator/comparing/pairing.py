"""Which other provider to take for what one lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from migrator.comparing.candidates import kind_of, requests_of
from migrator.decisions import Checklist, Convert, Plan
from migrator.settings import SUPPLEMENTED

# What is said of a request that a provider does not serve, whatever it shares with others.
_NOT_SERVED = frozenset(
    {
        "endpoint-missing",
        "endpoint-undocumented",
        "endpoint-unproven",
        "model-no-counterpart",
        "model-native",
    }
)


def lacking(plan: Plan) -> list[str]:
    """The capabilities that are asked for, that a provider does not serve, and that others can."""
    missing = {
        kind_of(one)
        for one in requests_of(plan)
        if isinstance(one, Checklist) and one.items[0].code in _NOT_SERVED
    }
    return [one for one in SUPPLEMENTED if one in missing]


def partners(
    wanted: Iterable[str], plans: Mapping[str, Plan], order: Sequence[str]
) -> dict[str, str]:
    """Who moves most requests of each capability, by the plans of all, with least to know of them.

    Of two alike it is the first in order. A capability that nobody moves is left out.
    """
    found = {}
    for capability in wanted:
        gains = {name: _gain(plan, capability) for name, plan in plans.items()}
        best = max(order, key=gains.__getitem__, default="")
        if best and gains[best][0]:
            found[capability] = best
    return found


def _gain(plan: Plan, capability: str) -> tuple[int, int]:
    """How many requests of a capability move, and how little there is to know of them."""
    moved = [
        one for one in requests_of(plan) if isinstance(one, Convert) and kind_of(one) == capability
    ]
    return len(moved), -sum(len(one.notes) for one in moved)
