"""One analysis, all providers: what each would make of a repository, and which to take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from migrator.comparing.candidates import Named, candidate, kind_of, requests_of
from migrator.comparing.comparison import Candidate, Comparison
from migrator.comparing.pairing import lacking, partners
from migrator.comparing.ranking import ranked, reason
from migrator.decisions import Plan
from migrator.inspection import Inspection
from migrator.providers import Provider

__all__ = ["Candidate", "Comparison", "compare"]

Planner = Callable[[Provider, Mapping[str, Provider]], Plan]


def compare(
    seen: Inspection, providers: Sequence[Named], others: Sequence[Named], plan: Planner
) -> Comparison:
    """The candidates, ranked: each provider, and with another for what it lacks.

    Each of the `providers` comes with what names it on the command line; the `others` are only
    taken for what those lack. `plan` plans for one, and for those that take capabilities from it.
    """
    planner = _Planner(plan, dict((*others, *providers)))
    alone = [(name, one, planner.alone(name)) for name, one in providers]
    found = [candidate(name, one, made) for name, one, made in alone]
    order = [one.target for one in ranked(found)]
    for name, one, made in alone:
        found += planner.paired(name, one, made, [other for other in order if other != name])
    candidates = ranked(found)
    return Comparison(
        ".",
        seen.analysis.parsed,
        len(seen.analysis.sites),
        candidates,
        reason(candidates),
        dict(Counter(map(kind_of, requests_of(alone[0][2]))).most_common()) if alone else {},
    )


class _Planner:
    """Plans for one provider, or for several, each at most once."""

    def __init__(self, plan: Planner, named: Mapping[str, Provider]) -> None:
        self._plan = plan
        self._named = named
        self._plans: dict[str, Plan] = {}

    def alone(self, name: str) -> Plan:
        """The plan for one provider."""
        if name not in self._plans:
            self._plans[name] = self._plan(self._named[name], MappingProxyType({}))
        return self._plans[name]

    def paired(
        self, name: str, provider: Provider, made: Plan, order: Sequence[str]
    ) -> Iterator[Candidate]:
        """A provider with those that serve what it lacks, if more moves so."""
        wanted = lacking(made)
        if not wanted:
            return
        taken = partners(wanted, {one: self.alone(one) for one in order}, order)
        rest = [one for one in self._named if one not in (name, *order)]
        missing = [one for one in wanted if one not in taken]
        if missing and rest:
            taken |= partners(missing, {one: self.alone(one) for one in rest}, rest)
        supplements = {one: (other, self._named[other]) for one, other in taken.items()}
        if supplements:
            plan = self._plan(provider, {one: whom for one, (_, whom) in supplements.items()})
            pair = candidate(name, provider, plan, supplements)
            if pair.moved > candidate(name, provider, made).moved:
                yield pair
