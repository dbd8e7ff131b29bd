"""What a call that sends HTTP requests is told to send, in one context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from migrator.analysis import surface
from migrator.analysis.extract import curl
from migrator.analysis.extract.addresses import Parts, addresses, attached, written
from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.extract.senders import Form, Senders, form_of, named
from migrator.analysis.instances import CallInstance, Given
from migrator.analysis.library import HTTP_MODULES
from migrator.analysis.values import Bag, Constant, Encoded, External, Made, Value

_BODIES = ("json", "data", "content", "body")
_JSON = "json"
_CURL = Form("curl", ())


@dataclass(frozen=True)
class Told:
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
        """The method path that it asks for, "" where that is not known."""
        return api_of(self.addresses, self.verbs)

    def called(self, evidence: Evidence) -> Told | None:
        """The same, told by the call of the function that it stands in."""
        caller = evidence.solver.callers.get(self.home.frame)
        return replace(self, home=caller) if caller is not None else None


@dataclass(frozen=True)
class _Asked:
    """What a call is given, by name, with the headers and the base of whatever sends it."""

    form: Form
    arguments: dict[str, Given]
    headers: list[Given]
    before: list[int]
    complete: bool = True


def _asked(
    evidence: Evidence,
    senders: Senders,
    value: External | Made,
    instance: CallInstance,
    given: tuple[Given, ...],
) -> _Asked | None:
    if curl.is_runner(value):
        command = curl.arguments(evidence, given)
        return _Asked(_CURL, *command, []) if command is not None else None
    form = form_of(value.path)
    if form is None:
        return None
    opened, complete = evidence.expand(given)
    arguments = named(opened, form.positional)
    headers = [replace(arguments["headers"], name="**")] if "headers" in arguments else []
    # What is called makes a sender, as urllib's Request does, or is a method of one.
    origin = value.origin if isinstance(value, Made) else instance.key
    before = senders.aims(origin, "host" if form.family == "connection" else "base_url")
    return _Asked(form, arguments, [*headers, *senders.headers(origin)], before, complete)


def _told(
    evidence: Evidence, value: External | Made, instance: CallInstance, asked: _Asked
) -> Told | None:
    arguments, form = asked.arguments, asked.form
    if "url" not in arguments:
        return None
    url = arguments["url"].node
    found, known = _addresses(evidence, form, asked.before, url)
    if not found:
        return None
    bodies = [arguments[name] for name in _BODIES if name in arguments]
    sent = [_sent(evidence, item, name) for name, item in arguments.items() if name in _BODIES]
    alone = "Async" in value.path or form.family == "aiohttp"
    return Told(
        form.family if form.family == _CURL.family else value.path,
        instance,
        instance,
        alone or instance.record.awaited,
        found,
        known and asked.complete,
        [url, *asked.before],
        asked.headers,
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


def _is_answer(value: Value) -> bool:
    """Whether a value is what a response held: a name that is bound anew after the request."""
    if not isinstance(value, Made):
        return False
    top, _, rest = value.path.partition(".")
    return top in HTTP_MODULES and rest.endswith(".json")


def _sent(evidence: Evidence, item: Given, name: str) -> tuple[Given | None, bool]:
    """The JSON object that is sent, as a mapping spread into the call; whether it was traced."""
    solver = evidence.solver
    mapping = solver.node()
    traced = True
    for value in solver.values[item.node]:
        sent = value.of if isinstance(value, Encoded) else value
        if isinstance(sent, Bag) and (name == _JSON or sent is not value):
            solver.add(mapping, sent)
        elif not (isinstance(value, Constant) and value.value is None) and not _is_answer(value):
            traced = False
    found = replace(item, name="**", node=mapping) if solver.values[mapping] else None
    return found, traced and (found is not None or bool(solver.values[item.node]))


def told_everywhere(evidence: Evidence) -> Iterator[Told]:
    """What every call is told to send, in each of its contexts."""
    senders = Senders(evidence)
    for applications in evidence.solver.requests.values():
        for value, instance, given in applications.values():
            if not isinstance(value, External | Made):
                continue
            found = _asked(evidence, senders, value, instance, given)
            if found is not None and (told := _told(evidence, value, instance, found)) is not None:
                yield told


# -- addresses ---------------------------------------------------------------------------------


def api_of(addresses: Iterable[Parts], verbs: Iterable[str]) -> str:
    """The method path that requests to OpenAI's among some addresses stand for, "" for several."""
    found = {
        surface.method_of_route(verb, route) if route is not None else None
        for address in addresses
        if is_openai(address)
        for route in (surface.route_of(with_scheme(address)),)
        for verb in verbs
    }
    return (found.pop() or "") if len(found) == 1 else ""


def is_openai(address: Parts) -> bool:
    """Whether an address is OpenAI's."""
    return surface.endpoint_owner(with_scheme(address)) == "openai"


def asks_openai(address: Parts) -> bool:
    """Whether an address is one of OpenAI's that something can be asked at: no bare base URL."""
    return is_openai(address) and not surface.is_base_url(with_scheme(address))


def with_scheme(address: Parts) -> str:
    """The URL of an address; that of a connection is written without its scheme."""
    text = written(address)
    return text if "://" in text else f"https://{text}"
