"""Requests sent without the openai package: by requests, httpx, aiohttp, urllib, http.client."""

from __future__ import annotations

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
from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.extract.senders import Form, Origin, Senders, form_of, named
from migrator.analysis.sites import HttpFacts, Span
from migrator.analysis.solver import Given
from migrator.analysis.values import Bag, Constant, Encoded, External, Made

_BODIES = ("json", "data", "content", "body")
_JSON = "json"
_AUTHORIZATION = "authorization"


@dataclass
class Sending:
    """How one call expression sends a request, over all contexts it was seen in."""

    sender: str
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
        found = {
            surface.method_of_route(verb, route) if route is not None else None
            for address in self.addresses
            if _is_openai(address)
            for route in (surface.route_of(_with_scheme(address)),)
            for verb in self.verbs
        }
        return (found.pop() or "") if len(found) == 1 else ""

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
        )

    def nodes(self, evidence: Evidence) -> list[int]:
        """Where its address and its key come from."""
        opened, _ = evidence.expand(self.headers)
        parts = (node for root in self.roots for node in nodes(evidence, root))
        return [*dict.fromkeys(parts), *(item.node for item in opened)]


def requests(evidence: Evidence) -> list[Request]:
    """Every call expression that may send a request to OpenAI, and those like it to others."""
    senders = Senders(evidence)
    found: dict[tuple[int, Span], tuple[Request, Sending]] = {}
    for (module, _), applications in evidence.solver.requests.items():
        for value, instance, given in applications.values():
            form = form_of(value.path) if isinstance(value, External | Made) else None
            if form is None or not isinstance(value, External | Made):
                continue
            origin = value.origin if isinstance(value, Made) else (-1, -1)
            told = _told(evidence, senders, form, origin, given)
            if told is None:
                continue
            record = instance.record
            request, sending = found.setdefault(
                (module, record.span),
                (Request(module, record.span, record.function_span, ""), Sending(value.path)),
            )
            alone = "Async" in value.path or form.family == "aiohttp"
            request.asynchronous = request.asynchronous or alone or record.awaited
            request.applications.append((instance, told.body))
            told.into(sending)
    for request, sending in found.values():
        request.http, request.api = sending, sending.api
    return [
        request
        for request, sending in found.values()
        if sending.to_openai or any(map(_is_alike, sending.addresses))
    ]


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

    addresses: list[Parts]
    address_known: bool
    roots: list[int]
    headers: list[Given]
    verbs: list[str]
    body: tuple[Given, ...]
    body_known: bool

    def into(self, sending: Sending) -> None:
        sending.addresses |= dict.fromkeys(self.addresses)
        sending.address_known = sending.address_known and self.address_known
        sending.body_known = sending.body_known and self.body_known
        sending.roots |= dict.fromkeys(self.roots)
        sending.headers |= dict.fromkeys(self.headers)
        sending.verbs |= dict.fromkeys(self.verbs)


def _told(
    evidence: Evidence, senders: Senders, form: Form, origin: Origin, given: tuple[Given, ...]
) -> _Told | None:
    opened, complete = evidence.expand(given)
    arguments = named(opened, form.positional)
    if "url" not in arguments:
        return None
    url = arguments["url"].node
    before = senders.aims(origin, "host" if form.family == "connection" else "base_url")
    found, known = _addresses(evidence, form, before, url)
    if not found:
        return None
    bodies = [arguments[name] for name in _BODIES if name in arguments]
    sent = [_sent(evidence, item, name) for name, item in arguments.items() if name in _BODIES]
    headers = [_headers(arguments["headers"])] if "headers" in arguments else []
    return _Told(
        found,
        known and complete,
        [url, *before],
        [*headers, *senders.headers(origin)],
        _verbs(evidence, form, arguments, bool(bodies)),
        tuple(item for item, _ in sent if item is not None),
        all(traced for _, traced in sent),
    )


def _headers(item: Given) -> Given:
    return replace(item, name="**")


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
