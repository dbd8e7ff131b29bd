"""Which calls of the Responses API hang together, and so become chat requests together.

Calls do that are made of the same dictionaries, that send back the answer of one another, or whose
answers are read in the same place. A group goes to chat if one of its calls asks for it and all of
them can; where not all can, those go alone that could not do without.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from migrator.analysis.sites import CallFacts, Place, Site
from migrator.language import _
from migrator.planning.context import Context
from migrator.planning.reshaping.form import is_plain, unsayable
from migrator.planning.reshaping.knowledge import ToChat, to_chat
from migrator.planning.reshaping.naming import is_named
from migrator.planning.reshaping.reads import read_answer
from migrator.providers import Parameter

_SERVED = frozenset({"yes", "partial"})
_FORMAT = "text"
_PARTS = frozenset({"image", "audio"})


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A call, how it would be said as chat, and whether it can do without."""

    site: Site
    facts: CallFacts
    shape: ToChat
    needs: bool
    wants: bool


def shapes(context: Context) -> Mapping[str, ToChat | None]:
    """How each call of the Responses API becomes a chat request; None for one that stays."""
    found = {one.site.id: one for one in _candidates(context)}
    settled: dict[str, ToChat | None] = {}
    for group in _groups(context, found):
        members = [found[one] for one in group]
        asked = any(one.needs or one.wants for one in members)
        together = asked and all(_follows(context, one, group) for one in members)
        for one in members:
            settled[one.site.id] = one.shape if together or one.needs else None
    return settled


def _candidates(context: Context) -> Iterator[_Candidate]:
    for site, facts in context.calls():
        shape = to_chat(facts.api) if facts.api.startswith("responses.") else None
        if shape is None or facts.legacy or facts.is_json:
            continue
        support = context.provider.endpoint(facts.api).support
        needs = support not in _SERVED or not context.provider.has_responses
        asked = wishes(context, facts, shape)
        needs = needs or any(not one.dispensable for one in asked)
        yield _Candidate(site, facts, shape, needs, bool(asked))


def wishes(context: Context, facts: CallFacts, shape: ToChat) -> list[Parameter]:
    """What of a Responses call a chat request takes, and this endpoint does not."""
    provider = context.provider
    found = []
    for argument in facts.arguments:
        parameter = provider.responses_parameter(argument.name)
        idle = argument.name == _FORMAT and is_plain(facts)
        if parameter.action == "chat" and not shape.asks_nothing(argument) and not idle:
            found.append(parameter)
    parts = (provider.responses_part(f"input_{one}") for one in sorted(_PARTS & facts.features))
    found += [one for one in parts if one.action == "chat"]
    return sorted(found, key=lambda one: one.dispensable)


def needs(context: Context, facts: CallFacts) -> list[Parameter]:
    """What a call cannot do without that only a chat request takes."""
    shape = to_chat(facts.api)
    asked = wishes(context, facts, shape) if shape is not None else []
    return [one for one in asked if not one.dispensable]


def _follows(context: Context, one: _Candidate, group: frozenset[str]) -> bool:
    """Whether a chat request can say all of a call, and give all that is read of its answer."""
    if unsayable(context, one.site, one.facts, one.shape):
        return False
    if not is_named(context, one.site, one.facts):
        return False
    reading = read_answer(context, one.site, one.facts, one.shape)
    shared = (set(context.readers[place]) for place in reading.read_at)
    return not reading.stops and all(others <= group for others in shared)


def staying(context: Context, site: Site) -> list[str]:
    """The calls that a call hangs together with and that stay at their endpoint."""
    assert context.shapes is not None
    found = {one.site.id: one for one in _candidates(context)}
    group = next(one for one in _groups(context, found) if site.id in one)
    return sorted(one for one in group if context.shapes.get(one) is None)


# -- what hangs together --------------------------------------------------------------------------


def bonds(context: Context, site: Site, facts: CallFacts, shape: ToChat) -> dict[str, str]:
    """What a call shares with those that it becomes a chat request with, in words."""
    found: dict[str, str] = {}
    for place in read_answer(context, site, facts, shape).read_at:
        found[f"read:{place.path}:{place.span}"] = _(
            "what reads the answer at {place}", place=_where(place)
        )
    for item in facts.body.items:
        found[f"item:{item.place.path}:{item.place.span}"] = _(
            "the dictionary at {place}", place=_where(item.place)
        )
    for other, _unused in facts.body.answers:
        found[f"answer:{other}"] = _("the answer of {places}", places=context.places([other]))
    return found


def _where(place: Place) -> str:
    return f"{place.path}:{place.span.line}"


def _groups(context: Context, found: Mapping[str, _Candidate]) -> list[frozenset[str]]:
    """The calls by what they share, directly or by others."""
    owners: defaultdict[str, list[str]] = defaultdict(list)
    held: dict[str, list[str]] = {}
    for site_id, one in found.items():
        held[site_id] = [*bonds(context, one.site, one.facts, one.shape), f"answer:{site_id}"]
        for key in held[site_id]:
            owners[key].append(site_id)
    groups: list[frozenset[str]] = []
    seen: set[str] = set()
    for site_id in found:
        if site_id in seen:
            continue
        group, pending = {site_id}, [site_id]
        while pending:
            near = {other for key in held[pending.pop()] for other in owners[key]} - group
            group |= near
            pending += near
        seen |= group
        groups.append(frozenset(group))
    return groups
