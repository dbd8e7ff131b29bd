"""What a plan amounts to, for one way to go."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from migrator.analysis.sites import CallFacts, ModelFacts, Site
from migrator.comparing.comparison import Candidate, Lost, ModelUse
from migrator.comparing.prices import openai_price
from migrator.decisions import Checklist, Convert, Decision, Plan
from migrator.planning.capabilities import capability
from migrator.providers import Provider

Named = tuple[str, Provider]


def candidate(
    target: str,
    provider: Provider,
    plan: Plan,
    supplements: Mapping[str, Named] = MappingProxyType({}),
) -> Candidate:
    """The figures of a plan for a provider, and for those that take some capabilities from it."""
    requests = list(requests_of(plan))
    every = {one.id: one for one in (provider, *(other for _, other in supplements.values()))}
    return Candidate(
        target,
        {name: named for name, (named, _) in supplements.items()},
        provider.name_en,
        provider.name_zh,
        provider.compiled,
        len(requests),
        sum(isinstance(one, Convert) for one in requests),
        plan.coverage,
        Counter(item.severity for item in plan.open_items),
        _lost(requests),
        _models(plan, provider, every),
        provider.regions,
        provider.region().id,
        provider.offers,
    )


def requests_of(plan: Plan) -> Iterator[Decision]:
    """What was decided of every request."""
    return (one for one in plan.decisions if isinstance(one.site.facts, CallFacts))


def kind_of(request: Decision) -> str:
    """The capability that a request asks for."""
    facts = request.site.facts
    return capability(facts.api) if isinstance(facts, CallFacts) else ""


def _lost(requests: Sequence[Decision]) -> tuple[Lost, ...]:
    """The requests that do not move, by what they are for and why."""
    found: defaultdict[tuple[str, str, str], list[Site]] = defaultdict(list)
    for one in requests:
        if isinstance(one, Checklist):
            found[kind_of(one), one.items[0].code, one.items[0].title].append(one.site)
    return tuple(
        Lost(name, why, tuple(f"{site.path}:{site.span.line}" for site in sites))
        for (name, _code, why), sites in sorted(found.items(), key=lambda entry: entry[0][:2])
    )


def _models(plan: Plan, provider: Provider, every: Mapping[str, Provider]) -> tuple[ModelUse, ...]:
    """What each model becomes, the most used first."""
    requests: defaultdict[tuple[str, str, str | None], set[str]] = defaultdict(set)
    told: dict[tuple[str, str, str | None], tuple[str, str]] = {}
    for decision in plan.decisions:
        facts = decision.site.facts
        choice = plan.choices.get(decision.site.id)
        if not isinstance(facts, ModelFacts) or not facts.reaches:
            continue
        whose = plan.elsewhere.get(decision.site.id, provider.id)
        key = facts.model, whose, choice.model if choice is not None else None
        requests[key].update(facts.reaches)
        said = (choice.confidence, choice.why) if choice is not None else ("", _why(plan, facts))
        told.setdefault(key, said)
    return tuple(
        ModelUse(
            openai,
            openai_price(openai),
            len(reached),
            whose,
            every[whose].model(model) if model is not None else None,
            *told[openai, whose, model],
        )
        for (openai, whose, model), reached in sorted(
            requests.items(),
            key=lambda entry: (-len(entry[1]), *(part or "" for part in entry[0])),
        )
    )


def _why(plan: Plan, facts: ModelFacts) -> str:
    """Why the requests that a model is named for stay: what is said of the first."""
    for one in plan.decisions:
        if one.site.id in facts.reaches and isinstance(one, Checklist):
            return one.items[0].title
    return ""
