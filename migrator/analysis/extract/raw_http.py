"""Requests sent without the openai package: by requests, httpx, aiohttp, urllib, http.client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from migrator.analysis import surface
from migrator.analysis.extract.addresses import (
    Parts,
    addresses,
    attached,
    facts_of,
    nodes,
    written,
)
from migrator.analysis.extract.calls import Request
from migrator.analysis.extract.clients import reads_of
from migrator.analysis.extract.evidence import Draft, Evidence
from migrator.analysis.extract.senders import Form, Senders, form_of, named
from migrator.analysis.sites import HttpFacts, Kind, NameFacts, Span
from migrator.analysis.solver import CallInstance, Given
from migrator.analysis.values import Bag, Constant, Encoded, External, Made

_BODIES = ("json", "data", "content", "body")
_JSON = "json"
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

    @property
    def to_openai(self) -> bool:
        """Whether it may go to OpenAI."""
        return any(map(_is_openai, self.addresses))

    @property
    def api(self) -> str:
        """The method path that the request stands for, "" where it is not known which."""
        return _api(self.addresses, self.verbs)

    def facts(self, evidence: Evidence) -> HttpFacts:
        """What the planner needs to know of it."""
        opened, known = evidence.expand(self.headers)
        headers = [one for item in opened if (one := evidence.argument(item)) is not None]
        keys = (item.node for item in opened if item.name.lower() == _AUTHORIZATION)
        return HttpFacts(
            self.sender,
            tuple(facts_of(evidence, address) for address in self.addresses),
            self.address_known,
            tuple(dict.fromkeys(headers)),
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


def requests(evidence: Evidence) -> list[Request]:
    """Every call expression that may send a request to OpenAI, and those like it to others."""
    found = []
    for (module, span), together in _grouped(evidence, _told_everywhere(evidence), 0):
        first = together[0]
        sending = Sending(first.sender, (first.sent.key[0], first.sent.record.span))
        for told in together:
            told.into(sending)
        if not (sending.to_openai or any(map(_is_alike, sending.addresses))):
            continue
        request = Request(module, span, first.home.record.function_span, sending.api, http=sending)
        request.asynchronous = any(told.asynchronous for told in together)
        request.applications = [(told.home, told.body) for told in together]
        found.append(request)
    return found


def draft_helpers(evidence: Evidence, requests: Iterable[Request]) -> None:
    """Register a site for every call that sends what its callers ask for."""
    for request in requests:
        match request.http:
            case Sending(sender=sender, sent_at=(module, span)) if span != request.span:
                draft = evidence.add(Draft(module, Kind.RAW_HTTP, span, sender))
                draft.facts = NameFacts(sender, "request")


def _told_everywhere(evidence: Evidence) -> Iterator[_Told]:
    """What every call is told to send, in each of its contexts."""
    senders = Senders(evidence)
    for applications in evidence.solver.requests.values():
        for value, instance, given in applications.values():
            if isinstance(value, External | Made) and (form := form_of(value.path)) is not None:
                told = _told(evidence, senders, form, value, instance, given)
                if told is not None:
                    yield told


def _grouped(
    evidence: Evidence, every: Iterable[_Told], depth: int
) -> Iterator[tuple[tuple[int, Span], list[_Told]]]:
    """What is told by one call expression; a helper that asks for several endpoints is told by
    those that call it."""
    groups: defaultdict[tuple[int, Span], list[_Told]] = defaultdict(list)
    for told in every:
        groups[told.home.key[0], told.home.record.span].append(told)
    for key, together in groups.items():
        called = [told.called(evidence) for told in together]
        if depth < _DEEPEST and None not in called and len({one.api for one in together}) > 1:
            yield from _grouped(evidence, (one for one in called if one is not None), depth + 1)
        else:
            yield key, together


def _api(addresses: Iterable[Parts], verbs: Iterable[str]) -> str:
    found = {
        surface.method_of_route(verb, route) if route is not None else None
        for address in addresses
        if _is_openai(address)
        for route in (surface.route_of(_with_scheme(address)),)
        for verb in verbs
    }
    return (found.pop() or "") if len(found) == 1 else ""


def _is_alike(address: Parts) -> bool:
    """Whether an address ends as one of OpenAI's does: another provider's of the same manner."""
    steps = urlsplit(_with_scheme(address)).path.split("/")
    return any(
        surface.method_of_route("POST", "/" + "/".join(steps[start:]))
        for start in range(1, len(steps))
    )


def _is_openai(address: Parts) -> bool:
    return surface.endpoint_owner(_with_scheme(address)) == "openai"


def _with_scheme(address: Parts) -> str:
    text = written(address)
    return text if "://" in text else f"https://{text}"


# -- one call in one context ------------------------------------------------------------------


@dataclass(frozen=True)
class _Told:
    """What a call is told to send in one context."""

    sender: str
    sent: CallInstance
    home: CallInstance
    asynchronous: bool
    addresses: list[Parts]
    address_known: bool
    roots: list[int]
    headers: list[Given]
    verbs: list[str]
    body: tuple[Given, ...]
    body_known: bool

    @property
    def api(self) -> str:
        return _api(self.addresses, self.verbs)

    def called(self, evidence: Evidence) -> _Told | None:
        """The same, told by the call of the function that it stands in."""
        caller = evidence.solver.callers.get(self.home.frame)
        return replace(self, home=caller) if caller is not None else None

    def into(self, sending: Sending) -> None:
        sending.addresses |= dict.fromkeys(self.addresses)
        sending.address_known = sending.address_known and self.address_known
        sending.body_known = sending.body_known and self.body_known
        sending.roots |= dict.fromkeys(self.roots)
        sending.headers |= dict.fromkeys(self.headers)
        sending.verbs |= dict.fromkeys(self.verbs)


def _told(
    evidence: Evidence,
    senders: Senders,
    form: Form,
    value: External | Made,
    instance: CallInstance,
    given: tuple[Given, ...],
) -> _Told | None:
    opened, complete = evidence.expand(given)
    arguments = named(opened, form.positional)
    if "url" not in arguments:
        return None
    url = arguments["url"].node
    # What is called makes a sender, as urllib's Request does, or is a method of one.
    origin = value.origin if isinstance(value, Made) else instance.key
    before = senders.aims(origin, "host" if form.family == "connection" else "base_url")
    found, known = _addresses(evidence, form, before, url)
    if not found:
        return None
    bodies = [arguments[name] for name in _BODIES if name in arguments]
    sent = [_sent(evidence, item, name) for name, item in arguments.items() if name in _BODIES]
    headers = [replace(arguments["headers"], name="**")] if "headers" in arguments else []
    alone = "Async" in value.path or form.family == "aiohttp"
    return _Told(
        value.path,
        instance,
        instance,
        alone or instance.record.awaited,
        found,
        known and complete,
        [url, *before],
        [*headers, *senders.headers(origin)],
        _verbs(evidence, form, arguments, bool(bodies)),
        tuple(item for item, _ in sent if item is not None),
        all(traced for _, traced in sent),
    )


def _addresses(
    evidence: Evidence, form: Form, before: list[int], url: int
) -> tuple[list[Parts], bool]:
    """The URLs of a request, below the base URL or behind the host that its sender has."""
    found, known = addresses(evidence, url)
    if form.family != "connection" and not before:
        return found, known
    bases: list[Parts] = []
    for node in before:
        some, complete = addresses(evidence, node)
        bases += some
        known = known and complete
    how = {"connection": "path", "aiohttp": "urljoin"}.get(form.family, "base")
    full = [
        one if "://" in written(one) else (*base, *attached(one, how))
        for base in bases
        for one in found
    ]
    return list(dict.fromkeys(full)), known and bool(bases)


def _verbs(
    evidence: Evidence, form: Form, arguments: dict[str, Given], has_body: bool
) -> list[str]:
    if form.verb:
        return [form.verb]
    if "method" in arguments:
        return [str(text.value).upper() for text in evidence.texts(arguments["method"].node)]
    return ["POST" if has_body else "GET"]


def _sent(evidence: Evidence, item: Given, name: str) -> tuple[Given | None, bool]:
    """The JSON object that is sent, as a mapping spread into the call; whether it was traced."""
    solver = evidence.solver
    mapping = solver.node()
    traced = True
    for value in solver.values[item.node]:
        sent = value.of if isinstance(value, Encoded) else value
        if isinstance(sent, Bag) and (name == _JSON or sent is not value):
            solver.add(mapping, sent)
        elif not (isinstance(value, Constant) and value.value is None):
            traced = False
    found = replace(item, name="**", node=mapping) if solver.values[mapping] else None
    return found, traced and (found is not None or bool(solver.values[item.node]))
