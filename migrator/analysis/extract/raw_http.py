"""Requests sent without the openai package: by requests, httpx, aiohttp, urllib, http.client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from migrator.analysis import surface
from migrator.analysis.extract.addresses import (
    Parts,
    facts_of,
    nodes,
    written,
)
from migrator.analysis.extract.calls import Request
from migrator.analysis.extract.clients import reads_of
from migrator.analysis.extract.destinations import keyed
from migrator.analysis.extract.evidence import Draft, Evidence
from migrator.analysis.extract.sending import (
    Told,
    api_of,
    asks_openai,
    is_openai,
    told_everywhere,
    with_scheme,
)
from migrator.analysis.instances import Given
from migrator.analysis.sites import Argument, HttpFacts, Kind, NameFacts, Span

_AUTHORIZATION = "authorization"
_DEEPEST = 3


@dataclass
class Sending:
    """How one call expression sends a request, over all contexts it was seen in."""

    sender: str
    sent_at: tuple[int, Span]
    verbs: dict[str, None] = field(default_factory=dict)
    addresses: dict[Parts, None] = field(default_factory=dict)
    address_known: bool = True
    body_known: bool = True
    headers: dict[Given, None] = field(default_factory=dict)
    roots: dict[int, None] = field(default_factory=dict)

    def add(self, told: Told) -> None:
        """What it is told in another context."""
        self.verbs |= dict.fromkeys(told.verbs)
        self.addresses |= dict.fromkeys(told.addresses)
        self.address_known = self.address_known and told.address_known
        self.body_known = self.body_known and told.body_known
        self.headers |= dict.fromkeys(told.headers)
        self.roots |= dict.fromkeys(told.roots)

    @property
    def to_openai(self) -> bool:
        """Whether it may go to OpenAI; what others are asked for too has to be a path of it."""
        ours = [address for address in self.addresses if self.asks(address)]
        others = any(surface.is_foreign_url(with_scheme(one)) for one in self.addresses)
        return bool(ours) and (not others or any(map(self._is_known, ours)))

    def asks(self, address: Parts) -> bool:
        """Whether something of OpenAI's may be asked for at an address.

        Nothing is at a bare base URL, unless more may have been put behind it out of sight. Among
        texts that are no addresses, one is a field's that all objects of a class share.
        """
        if asks_openai(address):
            return True
        addresses = all("/" in written(one) for one in self.addresses)
        return is_openai(address) and not self.address_known and addresses

    def _is_known(self, address: Parts) -> bool:
        """Whether an address of OpenAI's is that of one of its endpoints."""
        route = surface.route_of(with_scheme(address))
        return route is not None and any(
            surface.method_of_route(verb, route) for verb in self.verbs
        )

    @property
    def api(self) -> str:
        """The method path that the request stands for, "" where it is not known which."""
        return api_of(self.addresses, self.verbs)

    def facts(self, evidence: Evidence) -> HttpFacts:
        """What the planner needs to know of it."""
        opened, known = evidence.expand(self.headers)
        headers = [one for item in opened if (one := _header(evidence, item)) is not None]
        keys = (item.node for item in opened if item.name.lower() == _AUTHORIZATION)
        return HttpFacts(
            self.sender,
            tuple(facts_of(evidence, address) for address in self.addresses),
            self.address_known,
            tuple({(one.name, one.place): one for one in headers}.values()),
            known,
            reads_of(evidence, keys),
            self.body_known,
            evidence.place(*self.sent_at),
        )

    def nodes(self, evidence: Evidence) -> list[int]:
        """Where its address and its key come from."""
        opened, _ = evidence.expand(self.headers)
        parts = (node for root in self.roots for node in nodes(evidence, root))
        return [*dict.fromkeys(parts), *(item.node for item in opened)]


def _header(evidence: Evidence, item: Given) -> Argument | None:
    """A header as the planner sees it: that of the key with what it may come from."""
    found = evidence.argument(item)
    if found is None or item.name.lower() != _AUTHORIZATION:
        return found
    return keyed(evidence, item.module, found, [item.node])


def requests(evidence: Evidence) -> list[Request]:
    """Every call expression that may send a request to OpenAI, and those like it to others."""
    found = []
    for (module, span), together in _grouped(evidence, told_everywhere(evidence), 0):
        first = together[0]
        sending = Sending(first.sender, (first.sent.key[0], first.sent.record.span))
        for told in together:
            sending.add(told)
        if not any(sending.asks(one) or _is_alike(one) for one in sending.addresses):
            continue
        request = Request(module, span, first.home.record.function_span, sending.api, http=sending)
        request.asynchronous = any(told.asynchronous for told in together)
        request.applications = [(told.home, told.body) for told in together]
        found.append(request)
    return found


def elsewhere(requests: Iterable[Request]) -> set[tuple[int, Span]]:
    """The calls that send, with an address that may be OpenAI's, what is none of its endpoints."""
    return {
        one.http.sent_at
        for one in requests
        if isinstance(one.http, Sending) and any(map(one.http.asks, one.http.addresses))
    }


def draft_helpers(evidence: Evidence, requests: Iterable[Request]) -> None:
    """Register a site for every call that sends what its callers ask for."""
    for request in requests:
        match request.http:
            case Sending(sender=sender, sent_at=(module, span)) if span != request.span:
                draft = evidence.add(Draft(module, Kind.RAW_HTTP, span, sender))
                draft.facts = NameFacts(sender, "helper")


def _grouped(
    evidence: Evidence, every: Iterable[Told], depth: int
) -> Iterator[tuple[tuple[int, Span], list[Told]]]:
    """What is told by one call expression; a helper that asks for several endpoints is told by
    those that call it."""
    groups: defaultdict[tuple[int, Span], list[Told]] = defaultdict(list)
    for told in every:
        groups[told.home.key[0], told.home.record.span].append(told)
    for key, together in groups.items():
        called = [told.called(evidence) for told in together]
        if depth < _DEEPEST and None not in called and len({one.api for one in together}) > 1:
            yield from _grouped(evidence, (one for one in called if one is not None), depth + 1)
        else:
            yield key, together


def _is_alike(address: Parts) -> bool:
    """Whether an address ends as one of OpenAI's does: another provider's of the same manner."""
    steps = surface.url_path(with_scheme(address)).split("/")
    return any(
        surface.method_of_route("POST", "/" + "/".join(steps[start:]))
        for start in range(1, len(steps))
    )
