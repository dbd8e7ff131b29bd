"""What the results of all repositories come to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from migrator.decisions import Severity
from migrator.fleet.result import Item, Result, Standing


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What is in the way of repositories: a code of the checklist and what it is about.

    `alone` counts the repositories in which nothing else is: those would move if it were settled.
    """

    code: str
    about: str
    repositories: int
    items: int
    alone: int


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider would make of all repositories; `best` is how many it is recommended for."""

    target: str
    moved: int
    whole: int
    blockers: int
    best: int


@dataclass(frozen=True)
class Fleet:
    """All results, in the order of their names."""

    results: tuple[Result, ...]

    @property
    def standings(self) -> Mapping[Standing, int]:
        """How many repositories stand how."""
        counts = Counter(one.standing for one in self.results)
        return {standing: counts[standing] for standing in Standing}

    @property
    def failures(self) -> Sequence[Result]:
        """The repositories that nothing can be said of."""
        return [one for one in self.results if one.standing is Standing.FAILED]

    @property
    def branches(self) -> Sequence[Result]:
        """The repositories that a branch was made of."""
        return [one for one in self.results if one.branch]

    @property
    def targets(self) -> Sequence[str]:
        """The providers that repositories move to."""
        return sorted({one.target for one in self.results if one.target})

    def total(self, field: str) -> int:
        """The sum of a field that counts."""
        return sum(getattr(one, field) for one in self.results)

    def number(self, severity: str) -> int:
        """How many items of the checklist there are of a severity."""
        return sum(one.number(severity) for one in self.results)

    @property
    def obstacles(self) -> Sequence[Obstacle]:
        """What is in the way; first what would let most repositories move if it were settled."""
        found: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
        alone: Counter[tuple[str, str]] = Counter()
        for result in self.results:
            blockers = [one for one in result.items if one.severity == Severity.BLOCKER.value]
            for item in blockers:
                found[item.code, item.about].append(item)
            if len(blockers) == 1:
                alone[blockers[0].code, blockers[0].about] += 1
        rows = [
            Obstacle(*key, len(items), sum(one.number for one in items), alone[key])
            for key, items in found.items()
        ]
        return sorted(rows, key=lambda one: (-one.alone, -one.repositories, -one.items, one.code,
                                             one.about))  # fmt: skip

    @property
    def providers(self) -> Sequence[Provider]:
        """What each provider would make of all, where it was asked for; the best first."""
        moved: Counter[str] = Counter()
        whole: Counter[str] = Counter()
        blockers: Counter[str] = Counter()
        best: Counter[str] = Counter()
        for result in self.results:
            # The first of a provider's is the best that it has to offer.
            firsts = {one.target: one for one in reversed(result.offers)}
            for target, one in firsts.items():
                moved[target] += one.moved
                blockers[target] += one.blockers
                whole[target] += not one.blockers and one.moved == result.requests
                best[target] += one.best
        rows = [Provider(one, moved[one], whole[one], blockers[one], best[one]) for one in moved]
        return sorted(rows, key=lambda one: (-one.best, -one.moved, one.blockers, one.target))
