"""The provider's own SDK: its part of a profile, read, checked and asked questions."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from migrator.decisions import Source
from migrator.language import _
from migrator.targets import COMPATIBLE as COMPATIBLE
from migrator.targets import MODES as MODES
from migrator.targets import SDK as SDK

Cite = Callable[[Mapping[str, Any]], tuple[Source, ...]]
Pairs = tuple[tuple[str, str], ...]

# Where a method takes what none of its arguments is called.
KEYWORDS = "keywords"
EXTRA = "extra_body"


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
    had where it is empty. `renamed` leads from the openai package's arguments to its own, `refused`
    are such as cannot be carried over, and those in `apart` do not go together.

    `reads` leads from the paths of an answer's fields to what they are called there (`["name"]` for
    an item), `absent` are paths of fields that its answers do not have, `object_methods` what may
    be called on an answer and its parts, each with its name there. `stream_methods` are what may be
    asked of a stream; `with` says that it may stand in a `with` statement. `takes_objects` says
    that parts of its answers may be sent again as they are, `closed` that no other fields can be
    put on them.

    `implied` are arguments that go where they have the value they lead to, which is what is sent
    anyhow. `surplus` is a test of a stream's chunk that the openai package would not give, and
    `quiet` are arguments that ask for a stream without such. `own_address`: it is sent to the SDK's
    own address, which a client that is given another does not know.
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
    implied: Mapping[str, Any]
    surplus: str
    quiet: Mapping[str, str]
    own_address: bool
    apart: frozenset[str]
    closed: bool

    def called(self, *, asynchronous: bool) -> str:
        """The path of the method on a client of that kind."""
        return self.async_path if asynchronous else self.path

    def takes(self, argument: str) -> bool:
        """Whether an argument is one of the method's own, by this name."""
        anything = self.rest == KEYWORDS and argument not in {*self.renamed, EXTRA}
        return argument in self.arguments or anything


@dataclass(frozen=True, slots=True)
class Raised:
    """What the SDK raises where the openai package raises an exception of its own.

    `classes` are caught in its place; where they say less, only errors of these `statuses` are
    meant.
    """

    classes: tuple[str, ...]
    statuses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Posting:
    """How a client posts to a path of the provider's own interface.

    `source` is the expression, in which `client`, `path`, `body` and `options` are names, and
    `check` the dotted path of the function that raises where the response is an error.
    """

    source: str
    check: str


@dataclass(frozen=True, slots=True)
class Errors:
    """What exceptions hold: `reads` are the paths of the openai package's and what is there in
    their place, `differs` such as hold something else or are not there, each with what to say.
    """

    reads: Mapping[tuple[str, ...], str]
    differs: Mapping[str, str]


@dataclass(frozen=True)
class OwnSdk:
    """The SDK a provider publishes, or that it recommends openai's (`own` is False).

    `requirement` is what is installed, `packages` the top modules it is imported by. `clients` are
    the classes by the openai package's (`openai.OpenAI`); the arguments of a client in
    `client_arguments` are called there what they lead to, and `client_adds` (name, source) are
    given to every one. `client_members` are what a client may be asked for
    beside requests (`with`: to stand in a statement).
    `exceptions` and `types` lead from the openai package's names to its own: those that are not
    there have none. `posts` says that its clients post to a path as the openai package's do,
    `threads` that several threads may share one.

    A client reads its key from `key_variable` by itself, and knows the addresses of
    `known_regions`: it is given the arguments (name, source) that a region leads to there;
    `workspace_variable` holds the workspace of such as need one. `numbers` are the arguments of a
    client that have to be numbers, and `async_client_methods` what is called otherwise on an
    asynchronous one. `posting` says how a client posts to a path, which the requests of `by_path`
    take; `errors` is what differs in what its exceptions hold. `address_variable` is read for the
    address by the SDK itself, which puts `address_ends_before` behind it.
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
    client_members: frozenset[str] = frozenset()
    base_url: str = ""
    base_url_variable: str = ""
    methods: Mapping[str, Method] | None = None
    exceptions: Mapping[str, Raised] | None = None
    types: Mapping[str, str] | None = None
    cautions: tuple[Caution, ...] = ()
    posts: bool = False
    threads: bool = True
    key_variable: str = ""
    known_regions: Mapping[str, Pairs] = field(default_factory=dict)
    workspace_variable: str = ""
    numbers: frozenset[str] = frozenset()
    async_client_methods: Mapping[str, str] = field(default_factory=dict)
    posting: Posting | None = None
    by_path: frozenset[str] = frozenset()
    errors: Errors | None = None
    address_variable: str = ""
    address_ends_before: str = ""

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
        frozenset(entry.get("client_members", ())),
        entry.get("base_url", ""),
        entry.get("base_url_variable", ""),
        {api: _method(api, one, entry) for api, one in entry["methods"].items()},
        {f"openai.{name}": _raised(one) for name, one in entry.get("exceptions", {}).items()},
        types,
        tuple(Caution(one["detail"], cite(one)) for one in entry.get("cautions", ())),
        bool(entry.get("posts", False)),
        bool(entry.get("threads", True)),
        entry.get("key_variable", ""),
        {one: tuple(given.items()) for one, given in entry.get("known_regions", {}).items()},
        entry.get("workspace_variable", ""),
        frozenset(entry.get("numbers", ())),
        entry.get("async_client_methods", {}),
        Posting(**entry["posting"]) if "posting" in entry else None,
        frozenset(entry.get("by_path", ())),
        _errors(entry["errors"]) if "errors" in entry else None,
        entry.get("address", {}).get("variable", ""),
        entry.get("address", {}).get("ends_before", ""),
    )


def _errors(entry: Mapping[str, Any]) -> Errors:
    return Errors(_paths(entry.get("reads", {})), entry.get("differs", {}))


def _paths(table: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    return {tuple(old.split(".")): new for old, new in table.items()}


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
        _paths(answers.get("reads", {})),
        tuple(tuple(one.split(".")) for one in answers.get("absent", ())),
        _named(answers.get("object_methods", [])),
        frozenset(answers.get("stream_methods", ())),
        bool(answers.get("takes_objects", False)),
        entry.get("implied", {}),
        answers.get("surplus", ""),
        entry.get("quiet", {}),
        bool(entry.get("own_address")),
        frozenset(entry.get("apart", ())),
        bool(answers.get("closed", False)),
    )


# -- checking -------------------------------------------------------------------------------------

_TEXTS = ("name", "requirement", "detail")
_PLAIN = ("base_url", "base_url_variable", "key_variable", "workspace_variable")
_LISTS = ("packages", "client_members", "numbers", "by_path")
_PAIRS = ("clients", "client_adds", "types", "async_client_methods", "posting")
_NEEDED = ("name", "requirement", "packages", "clients", "client_arguments", "methods")
_METHOD = frozenset(
    {"path", "async_path", "arguments", "renamed", "refused", "rest", "answers", "src", "as_of"}
    | {"implied", "quiet", "own_address", "apart"}
)


def problems(entry: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the `sdk` of a profile."""
    if entry.get("recommended") not in {"own", "openai"}:
        yield _("{place}: must be one of openai, own", place="sdk.recommended")
        return
    if not isinstance(entry.get("detail"), str):
        yield _("{place}: must be text", place="sdk.detail")
    if entry["recommended"] == "openai":
        return
    for key in _NEEDED:
        if key not in entry:
            yield _("{place}: is missing", place=f"sdk.{key}")
    for key in (*_TEXTS, *_PLAIN):
        if key in entry and not isinstance(entry[key], str):
            yield _("{place}: must be text", place=f"sdk.{key}")
    for key in _LISTS:
        if key in entry and not _are_texts(entry[key]):
            yield _("{place}: must be a list of texts", place=f"sdk.{key}")
    for key in _PAIRS:
        if key in entry and not _is_table(entry[key]):
            yield _("{place}: must be a mapping of texts to texts", place=f"sdk.{key}")
    if not (_are_texts(entry["client_arguments"]) or _is_table(entry["client_arguments"])):
        yield _("{place}: must be a list or a mapping of texts", place="sdk.client_arguments")
    for name, raised in entry.get("exceptions", {}).items():
        if not (isinstance(raised, str) or _are_texts(raised) or _is_nearest(raised)):
            yield _(
                "{place}: must be a class, a list of some, or nearest and statuses",
                place=f"sdk.exceptions.{name}",
            )
    for api, method in entry["methods"].items():
        yield from _method_problems(f"sdk.methods.{api}", method)


def _method_problems(place: str, method: Any) -> Iterator[str]:
    if not isinstance(method, dict):
        yield _("{place}: must be a mapping", place=place)
        return
    for key in method.keys() - _METHOD:
        yield _("{place}: is not known", place=f"{place}.{key}")
    if not _are_texts(method.get("arguments")):
        yield _("{place}: must be a list of texts", place=f"{place}.arguments")
    if "renamed" in method and not _is_table(method["renamed"]):
        yield _("{place}: must be a mapping of texts to texts", place=f"{place}.renamed")


def _is_nearest(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"nearest", "statuses"}


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(one, str) or one is None for pair in value.items() for one in pair
    )
