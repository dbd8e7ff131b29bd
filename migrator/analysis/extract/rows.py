"""Rows of batch files: dictionaries that say what is asked, of which endpoint, under which id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrator.analysis import surface
from migrator.analysis.extract.calls import Request, argument_nodes
from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.instances import CallInstance, Given
from migrator.analysis.sites import Literal, Span
from migrator.analysis.values import Bag

_STARTS = "batches.create"
_NAMED = frozenset({"custom_id", "url", "body"})


def rows(evidence: Evidence, called: Iterable[Request]) -> list[Request]:
    """Every dictionary that is a row of a batch, as a request of the clients that start batches.

    A file lies between the row and the call that starts its batch, so any call that may ask for the
    row's endpoint may start it.
    """
    starting = [one for one in called if one.api == _STARTS and one.applications]
    found: dict[tuple[int, Span], Request] = {}
    for (module, span), named, body in _held(evidence) if starting else ():
        url = named.value
        api = surface.method_of_route("POST", url.removeprefix("/v1"))
        by = [one for one in starting if _may_ask_for(evidence, one, url)]
        if api is None or not by:
            continue
        blank = Request(module, span, span, api, in_batch=True)
        kept = found.setdefault((module, span), blank)
        if kept.api != api:
            kept.others[api] = None
        kept.urls[named] = None
        for one in by:
            _join(kept, one, body)
    return [one for one in found.values() if not one.others]


def _held(evidence: Evidence) -> Iterator[tuple[tuple[int, Span], Literal, Given]]:
    """The dictionaries with the entries of a row, by their place: each with its URL and body."""
    for bag in evidence.solver.bags():
        entries = evidence.solver.entries(bag)
        place = _place(evidence, bag)
        if place is None or not _NAMED.issubset({one.name for one in entries}):
            continue
        urls = [one.node for one in entries if one.name == "url"]
        for body in entries:
            if body.name == "body":
                for text in (text for node in urls for text in evidence.texts(node)):
                    yield place, evidence.literal(text.literal), body


def _place(evidence: Evidence, bag: Bag) -> tuple[int, Span] | None:
    """Where a dictionary is written, if by a dict display or a `dict(...)` call."""
    match bag.key:
        case (int(module), int(index), int()):
            return module, evidence.solver.modules[module].displays[index].span
    return None


def _may_ask_for(evidence: Evidence, starting: Request, url: str) -> bool:
    """Whether a call may start a batch for the endpoint: where it is known, it is that one."""
    nodes = argument_nodes(evidence, starting, "endpoint")
    asked = {text.value for node in nodes for text in evidence.texts(node)}
    return url in asked or not all(map(evidence.settled, nodes))


def _join(row: Request, starting: Request, body: Given) -> None:
    """Let a row be sent by whatever starts its batch."""
    spread = Given("**", body.node, body.module, body.place, body.container)
    first: CallInstance = starting.applications[0][0]
    row.applications.append((first, (spread,)))
    row.clients |= starting.clients
    row.receivers += starting.receivers
    row.module_client = row.module_client or starting.module_client
