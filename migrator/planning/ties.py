"""Requests that go on from what another one made: they have to be sent to where it is kept."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator

from migrator.analysis import surface
from migrator.analysis.sites import UNKNOWN, CallFacts, Site
from migrator.language import _
from migrator.planning.context import Context
from migrator.planning.facts import is_handle
from migrator.planning.media import BATCHES
from migrator.planning.messages import item

_ID = "id"
_OUTPUT = ("output",)
Ties = defaultdict[str, dict[str, None]]


def decide(context: Context) -> None:
    """Let what goes on from what stays, or the other way round, stay too."""
    tied = ties(context)
    pending = deque(
        site.id
        for site, facts in context.calls()
        if site.id in context.hindrances and not facts.foreign
    )
    while pending:
        stays = pending.popleft()
        for other in tied[stays]:
            if other not in context.hindrances and not _only_tests(context, stays, other):
                site = context.by_id[other]
                details = {"calls": context.places([stays])}
                why = _why(context.call(stays), context.call(other))
                context.hinder(other, item("call-tied", site, why, (), details))
                pending.append(other)


def _why(*tied: CallFacts | None) -> str:
    """What it is that ties two requests, in words."""
    if _is_of_rows(*tied):
        return _("the one is a row of the batch that the other starts")
    return _("what one of them makes, the other asks for by its id")


def _is_of_rows(*tied: CallFacts | None) -> bool:
    return any(one is not None and one.in_batch for one in tied)


def _only_tests(context: Context, stays: str, other: str) -> bool:
    """Whether it is for a test alone that a request of the program would stay."""
    return context.by_id[stays].in_tests and not context.by_id[other].in_tests


def ties(context: Context) -> Ties:
    """The requests that have to be sent to one place, by each of them."""
    found: Ties = defaultdict(dict)
    for one, other in _pairs(context):
        found[one][other] = None
        found[other][one] = None
    return found


def bonds(context: Context, tied: Ties, site: Site) -> dict[str, str]:
    """What a request shares with those that it is tied to, by a key, in words."""
    return {
        ":".join(("tie", *sorted((site.id, other)))): _shared(context, site.id, other)
        for other in tied[site.id]
    }


def _shared(context: Context, one: str, other: str) -> str:
    places = context.places([other])
    if _is_of_rows(context.call(one), context.call(other)):
        return _("the batch of {places}", places=places)
    return _("what is kept of {places}", places=places)


def _pairs(context: Context) -> Iterator[tuple[str, str]]:
    makers: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for site, facts in context.calls():
        if _tells_its_id(facts):
            for key in _kept_by(facts):
                makers[key].append(site.id)
    for site, facts in context.calls():
        known = [one for one in (*facts.follows, *_sends_back(facts)) if one in context.by_id]
        if not known and _asks_by_id(facts):
            known = [one for key in _kept_by(facts) for one in makers[key]]
        yield from ((site.id, one) for one in known if one != site.id)
        if facts.api == BATCHES:
            yield from ((site.id, row) for row in rows_of(context, facts))


def rows_of(context: Context, starting: CallFacts) -> list[str]:
    """The rows that may be in the file of the batch that a call starts."""
    asked = starting.argument("endpoint")
    return [
        site.id
        for site, facts in context.calls()
        if facts.in_batch
        and not set(facts.clients).isdisjoint(starting.clients)
        and (asked is None or asked.value in (UNKNOWN, surface.path_of(facts.api)))
    ]


def _sends_back(facts: CallFacts) -> list[str]:
    """The requests whose output goes on as it was given, with the ids that it has there."""
    return [one for one, path in facts.body.answers if path[:1] == _OUTPUT and len(path) < 3]


def _kept_by(facts: CallFacts) -> list[tuple[str, str]]:
    """What is made by one client and under one path of the API can be asked for there."""
    area = facts.api.removeprefix("beta.").partition(".")[0]
    return [(client, area) for client in facts.clients]


def _asks_by_id(facts: CallFacts) -> bool:
    """Whether something that OpenAI keeps is named, and where the name comes from is not known."""
    return any(is_handle(one.name) and one.value is UNKNOWN for one in facts.arguments)


def _tells_its_id(facts: CallFacts) -> bool:
    """Whether the program has the id of what a request makes."""
    whole = any(not use.path for use in facts.uses)
    return whole or any(read.path[-1:] == (_ID,) for read in facts.reads)
