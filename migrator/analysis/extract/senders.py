"""What sends HTTP requests: functions of libraries, and clients that are given a base URL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.instances import Given
from migrator.analysis.library import SENDERS
from migrator.analysis.values import Constant, External, Made

# Libraries whose functions and clients are alike.
_FAMILIES = {
    "requests": "requests",
    "niquests": "requests",
    "curl_cffi": "requests",
    "httpx": "httpx",
    "httpx2": "httpx",
    "aiohttp": "aiohttp",
    "urllib": "urllib",
    "urllib3": "urllib3",
    "http": "connection",
    "curl": "curl",
}
_VERBS = frozenset({"get", "post", "put", "patch", "delete"})
_WITH_VERB = frozenset({"request", "stream"})
CURL = "curl.run"  # what a command line is read as
_URLLIB = frozenset({"urllib.request.Request", "urllib.request.urlopen"})
_CONNECTION = "http.client.HTTPSConnection"
# The arguments that say where a sender's requests go, where they may be given by position.
_AIMS = {"http.client.HTTPSConnection": ("host",), "aiohttp.ClientSession": ("base_url",)}
Origin = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Form:
    """How a function is told what to send: its positional arguments, and its HTTP method."""

    family: str
    positional: tuple[str, ...]
    verb: str = ""


def form_of(path: str) -> Form | None:
    """What is known of the function or method of that dotted path, if it sends requests."""
    family = _FAMILIES.get(path.split(".", 1)[0])
    owner, _, name = path.rpartition(".")
    if family is None:
        return None
    if family == "curl":
        return Form(family, ()) if path == CURL else None
    if family == "urllib":
        return Form(family, ("url", "data", "headers")) if path in _URLLIB else None
    if family == "connection":
        sends = owner == _CONNECTION and name == "request"
        return Form(family, ("method", "url", "body", "headers")) if sends else None
    if owner not in SENDERS and owner not in _FAMILIES and owner != "curl_cffi.requests":
        return None
    if name in _WITH_VERB:
        return Form(family, ("method", "url"))
    if name not in _VERBS or family == "urllib3":
        return None
    body = ("data", "json") if name == "post" else ("data",) if name in {"put", "patch"} else ()
    return Form(family, ("url", *(body if family == "requests" else ())), name.upper())


def named(given: Iterable[Given], positional: tuple[str, ...]) -> dict[str, Given]:
    """The arguments by name."""
    order = iter(positional)
    return {name: item for item in given if (name := item.name or next(order, ""))}


class Senders:
    """What every client of an HTTP library was made with, and which headers it was given later."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._made: defaultdict[Origin, list[dict[str, Given]]] = defaultdict(list)
        self._headers: defaultdict[Origin, list[Given]] = defaultdict(list)
        for key, applications in evidence.solver.requests.items():
            for value, _, given in applications.values():
                match value:
                    case External(path=path) if path in SENDERS:
                        opened, _ = evidence.expand(given)
                        self._made[key].append(named(opened, _AIMS.get(path, ())))
                    case Made(path=path, origin=origin):
                        self._later(path, origin, given)
        for value, name, module, statement, node in evidence.solver.setting_writes:
            if not isinstance(value, Made):
                continue
            record = evidence.solver.modules[module].statements[statement]
            if value.path in SENDERS and name == "headers":
                self._headers[value.origin].append(Given("**", node, module, record, record))
            elif value.path.removesuffix(".headers") in SENDERS and name.startswith("["):
                written = Given(name[1:-1], node, module, record, record)
                self._headers[value.origin].append(written)

    def _later(self, path: str, origin: Origin, given: tuple[Given, ...]) -> None:
        """`session.headers.update(…)`, `request.add_header(name, value)`."""
        owner, _, method = path.rpartition(".")
        if path.endswith(".headers.update") and owner.removesuffix(".headers") in SENDERS:
            self._headers[origin] += (_spread(item) for item in given)
        elif owner in SENDERS and method == "add_header" and len(given) == 2:
            for text in self._evidence.solver.held(given[0].node, Constant):
                item = given[1]
                self._headers[origin].append(
                    Given(str(text.value), item.node, item.module, item.place, item.container)
                )

    def aims(self, origin: Origin, name: str) -> list[int]:
        """The nodes of an argument that the sender was made with."""
        return [made[name].node for made in self._made.get(origin, ()) if name in made]

    def headers(self, origin: Origin) -> list[Given]:
        """The headers that the sender was given, mappings as spread ones."""
        first = [
            _spread(made["headers"]) for made in self._made.get(origin, ()) if "headers" in made
        ]
        return [*first, *self._headers.get(origin, ())]


def _spread(item: Given) -> Given:
    """A mapping of headers as if it were spread; one that is named stays."""
    return item if item.name not in {"", "headers"} else replace(item, name="**")
