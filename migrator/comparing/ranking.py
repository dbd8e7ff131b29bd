"""Which candidate comes first: by a rule that is stated, and says what decided."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from migrator.comparing.comparison import Candidate
from migrator.decisions import Severity

RULE = (
    "fewest blockers, then most requests moved, then fewest behaviour changes, "
    "then one provider before two, then the lower price in yuan"
)


@dataclass(frozen=True, slots=True)
class _Criterion:
    """A figure of which less is better, and how it is said."""

    figure: Callable[[Candidate], float]
    said: Callable[[Candidate], str]


def _of(severity: Severity) -> Callable[[Candidate], float]:
    return lambda one: one.items.get(severity, 0)


def _counted(number: float, noun: str) -> str:
    return f"{number:g} {noun}{'' if number == 1 else 's'}"


def _price(one: Candidate) -> str:
    return (
        "not all models have a price in yuan"
        if one.yuan is None
        else f"¥{one.yuan:g} for its models"
    )


_CRITERIA = (
    _Criterion(
        _of(Severity.BLOCKER), lambda one: _counted(one.items.get(Severity.BLOCKER, 0), "blocker")
    ),
    _Criterion(lambda one: -one.moved, lambda one: f"{one.moved} of {one.requests} requests moved"),
    _Criterion(
        _of(Severity.BEHAVIOUR),
        lambda one: _counted(one.items.get(Severity.BEHAVIOUR, 0), "behaviour change"),
    ),
    _Criterion(
        lambda one: len(set(one.supplements.values())),
        lambda one: _counted(1 + len(set(one.supplements.values())), "provider"),
    ),
    _Criterion(lambda one: math.inf if one.yuan is None else one.yuan, _price),
)


def ranked(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidates, best first; those that differ in nothing by their names."""
    return tuple(
        sorted(candidates, key=lambda one: (*(c.figure(one) for c in _CRITERIA), one.label))
    )


def reason(candidates: tuple[Candidate, ...]) -> str:
    """What decided that the first comes before the second, in words."""
    if not candidates or not candidates[0].moved:
        return ""
    first, *others = candidates
    if not others:
        return "no other was compared"
    for criterion in _CRITERIA:
        if criterion.figure(first) != criterion.figure(others[0]):
            return f"{criterion.said(first)}; {others[0].label}: {criterion.said(others[0])}"
    return f"{others[0].label} differs in nothing that is counted; the names decided"
