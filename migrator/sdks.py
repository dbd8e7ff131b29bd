"""The provider's own SDK: its part of a profile, read, checked and asked questions."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from migrator.decisions import Source

Cite = Callable[[Mapping[str, Any]], tuple[Source, ...]]

COMPATIBLE, SDK = "compatible", "sdk"
MODES = (COMPATIBLE, SDK)
# Where a method takes what none of its arguments is called.
KEYWORDS = "keywords"


@dataclass(frozen=True, slots=True)
class Caution:
    """What to know before the SDK is chosen, with its sources."""

    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the SDK that serves one of the openai package's.

    `path` and `async_path` are what it is called there. `arguments` are the names it takes; others
    go into the argument `rest`, stand among its own where `rest` is `keywords`, and are not to be
    had where it is empty. `renamed` leads from the openai package's arguments to its own,
    `required` are arguments that have to be given, `refused` such that the method takes and that
    do not come to what they mean.

    `reads` leads from the paths of an answer's fields to what they are called there, `absent` are
    paths of fields that its answers do not have, `object_methods` what may be called on an answer
    and its parts, each with its name there. `stream_methods` are what may be asked of a stream;
    `with` says that it may stand in a `with` statement. `takes_objects` says that parts of its
    answers may be sent again as they are.
    """

    api: str
    path: str
    async_path: str
    arguments: frozenset[str]
    renamed: Mapping[str, str]
    refused: frozenset[str]
    rest: str
    reads: Mapping[tuple[str, ...], str]
    absent: tuple[tuple[str, ...], ...]
    object_methods: Mapping[str, str]
    stream_methods: frozenset[str]
    takes_objects: bool

    def called(self, *, asynchronous: bool) -> str:
        """The path of the method on a client of that kind."""
        return self.async_path if asynchronous else self.path

    def takes(self, argument: str) -> bool:
        """Whether an argument is one of the method's own, by this name."""
        return argument in self.arguments or self.rest == KEYWORDS


@dataclass(frozen=True, slots=True)
class Raised:
    """What the SDK raises where the openai package raises an exception of its own.

    `classes` are caught in its place; where they say less, only errors of these `statuses` are
    meant.
    """

    classes: tuple[str, ...]
    statuses: tuple[int, ...] = ()


@dataclass(frozen=True)
class OwnSdk:
    """The SDK a provider publishes, or that it recommends openai's (`own` is False).

    `requirement` is what is installed, `packages` the top modules it is imported by. `clients` are
    the classes by the openai package's (`openai.OpenAI`); the arguments of a client in
    `client_arguments` are called there what they lead to, and `client_adds` (name, source) are
    given to every one. `client_methods` are what may be called on a client beside requests.
    `exceptions` and `types` lead from the openai package's names to its own: those that are not
    there have none.
    """

    own: bool
    detail: str
    sources: tuple[Source, ...]
    name: str = ""
    requirement: str = ""
    packages: tuple[str, ...] = ()
    clients: Mapping[str, str] | None = None
    client_arguments: Mapping[str, str] | None = None
    client_adds: Mapping[str, str] | None = None
    client_methods: frozenset[str] = frozenset()
    base_url: str = ""
    base_url_variable: str = ""
    methods: Mapping[str, Method] | None = None
    exceptions: Mapping[str, Raised] | None = None
    types: Mapping[str, str] | None = None
    cautions: tuple[Caution, ...] = ()

    def client(self, *, asynchronous: bool) -> str:
        """The dotted path of the class of a client; "" where there is none of that kind."""
        kind = "openai.AsyncOpenAI" if asynchronous else "openai.OpenAI"
        return (self.clients or {}).get(kind, "")

    def argument(self, name: str) -> str:
        """What an argument of a client is called there; "" where it is not taken."""
        return (self.client_arguments or {}).get(name, "")

    def method(self, api: str) -> Method | None:
        """The method that serves one of the openai package's; None where there is none."""
        return (self.methods or {}).get(api)

    def raised(self, name: str) -> Raised | None:
        """What is raised where the openai package raises an exception; None where nobody says."""
        return (self.exceptions or {}).get(name)

    def type(self, path: str) -> str:
        """The type for one of the openai package's; "" where there is none.

        An entry may end in `*`: the name after it is the same there.
        """
        types = self.types or {}
        if path in types:
            return types[path]
        for pattern, there in types.items():
            if pattern.endswith("*") and fnmatch.fnmatchcase(path, pattern):
                return there.removesuffix("*") + path.removeprefix(pattern.removesuffix("*"))
        return ""


# -- reading --------------------------------------------------------------------------------------


def read(entry: Mapping[str, Any], cite: Cite) -> OwnSdk:
    """The SDK that a profile's entry describes."""
    if entry["recommended"] == "openai":
        return OwnSdk(own=False, detail=entry["detail"], sources=cite(entry))
    types = _from_openai(entry.get("types", {}))
    return OwnSdk(
        True,
        entry["detail"],
        cite(entry),
        entry["name"],
        entry["requirement"],
        tuple(entry["packages"]),
        _from_openai(entry["clients"]),
        _named(entry["client_arguments"]),
        entry.get("client_adds", {}),
        frozenset(entry.get("client_methods", ())),
        entry.get("base_url", ""),
        entry.get("base_url_variable", ""),
        {api: _method(api, one, entry) for api, one in entry["methods"].items()},
        {f"openai.{name}": _raised(one) for name, one in entry.get("exceptions", {}).items()},
        types,
        tuple(Caution(one["detail"], cite(one)) for one in entry.get("cautions", ())),
    )


def _from_openai(table: Mapping[str, str]) -> dict[str, str]:
    return {f"openai.{name}": there for name, there in table.items() if there}


def _raised(entry: str | list[str] | Mapping[str, Any]) -> Raised:
    if isinstance(entry, str):
        return Raised((entry,))
    if isinstance(entry, list):
        return Raised(tuple(entry))
    return Raised((entry["nearest"],), tuple(entry["statuses"]))


def _named(entry: Mapping[str, str] | list[str]) -> dict[str, str]:
    """Names that lead to those of the SDK: a list of such as are the same there."""
    if isinstance(entry, list):
        return dict(zip(entry, entry, strict=True))
    return {name: there or name for name, there in entry.items()}


def _method(api: str, entry: Mapping[str, Any], sdk: Mapping[str, Any]) -> Method:
    path = entry.get("path", api)
    answers = {**sdk.get("answers", {}), **entry.get("answers", {})}
    return Method(
        api,
        path,
        entry.get("async_path", path),
        frozenset(entry["arguments"]),
        entry.get("renamed", {}),
        frozenset(entry.get("refused", ())),
        entry.get("rest", ""),
        {tuple(old.split(".")): new for old, new in answers.get("reads", {}).items()},
        tuple(tuple(one.split(".")) for one in answers.get("absent", ())),
        _named(answers.get("object_methods", [])),
        frozenset(answers.get("stream_methods", ())),
        bool(answers.get("takes_objects", False)),
    )


# -- checking -------------------------------------------------------------------------------------

_TEXTS = ("name", "requirement", "detail")
_PLAIN = ("base_url", "base_url_variable")
_LISTS = ("packages", "client_methods")
_PAIRS = ("clients", "client_adds", "types")
_NEEDED = ("name", "requirement", "packages", "clients", "client_arguments", "methods")
_METHOD = frozenset(
    {"path", "async_path", "arguments", "renamed", "refused", "rest", "answers", "src", "as_of"}
)


def problems(entry: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the `sdk` of a profile."""
    if entry.get("recommended") not in {"own", "openai"}:
        yield "sdk.recommended: must be one of openai, own"
        return
    if not isinstance(entry.get("detail"), str):
        yield "sdk.detail: must be text"
    if entry["recommended"] == "openai":
        return
    for key in _NEEDED:
        if key not in entry:
            yield f"sdk.{key}: is missing"
    for key in (*_TEXTS, *_PLAIN):
        if key in entry and not isinstance(entry[key], str):
            yield f"sdk.{key}: must be text"
    for key in _LISTS:
        if key in entry and not _are_texts(entry[key]):
            yield f"sdk.{key}: must be a list of texts"
    for key in _PAIRS:
        if key in entry and not _is_table(entry[key]):
            yield f"sdk.{key}: must be a mapping of texts to texts"
    if not (_are_texts(entry["client_arguments"]) or _is_table(entry["client_arguments"])):
        yield "sdk.client_arguments: must be a list or a mapping of texts"
    for name, raised in entry.get("exceptions", {}).items():
        if not (isinstance(raised, str) or _are_texts(raised) or _is_nearest(raised)):
            yield f"sdk.exceptions.{name}: must be a class, a list of some, or nearest and statuses"
    for api, method in entry["methods"].items():
        yield from _method_problems(f"sdk.methods.{api}", method)


def _method_problems(place: str, method: Any) -> Iterator[str]:
    if not isinstance(method, dict):
        yield f"{place}: must be a mapping"
        return
    for key in method.keys() - _METHOD:
        yield f"{place}.{key}: is not known"
    if not _are_texts(method.get("arguments")):
        yield f"{place}.arguments: must be a list of texts"
    if "renamed" in method and not _is_table(method["renamed"]):
        yield f"{place}.renamed: must be a mapping of texts to texts"


def _is_nearest(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"nearest", "statuses"}


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(one, str) or one is None for pair in value.items() for one in pair
    )
