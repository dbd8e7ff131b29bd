"""Which candidate comes first: by a rule that is stated, and says what decided."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from migrator.comparing.comparison import Candidate
from migrator.decisions import Severity
from migrator.language import _, counted, marked

RULE = marked(
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


def _blockers(one: Candidate) -> str:
    return counted("{number} blocker", "{number} blockers", one.items.get(Severity.BLOCKER, 0))


def _moved(one: Candidate) -> str:
    return _("{moved} of {requests} requests moved", moved=one.moved, requests=one.requests)


def _changes(one: Candidate) -> str:
    number = one.items.get(Severity.BEHAVIOUR, 0)
    return counted("{number} behaviour change", "{number} behaviour changes", number)


def _providers(one: Candidate) -> str:
    return counted(
        "{number} provider", "{number} providers", 1 + len(set(one.supplements.values()))
    )


def _price(one: Candidate) -> str:
    if one.yuan is None:
        return _("not all models have a price in yuan")
    return _("¥{price:g} for its models", price=one.yuan)


_CRITERIA = (
    _Criterion(_of(Severity.BLOCKER), _blockers),
    _Criterion(lambda one: -one.moved, _moved),
    _Criterion(_of(Severity.BEHAVIOUR), _changes),
    _Criterion(lambda one: len(set(one.supplements.values())), _providers),
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
        return _("no other was compared")
    for criterion in _CRITERIA:
        if criterion.figure(first) != criterion.figure(others[0]):
            return _(
                "{said}; {other}: {said_of_other}",
                said=criterion.said(first),
                other=others[0].label,
                said_of_other=criterion.said(others[0]),
            )
    return _("{other} differs in nothing that is counted; the names decided", other=others[0].label)
