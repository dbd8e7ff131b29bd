"""The catalogue: what of OpenAI's surface, its frameworks, models, variables and URLs there is.

Every answer comes from `migrator/knowledge/surface.json`, which is compiled of the YAML beside it.
Names that are not in the catalogue give None (or False); nothing here raises on bad input.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast
from typing import Literal as OneOf
from urllib.parse import urlsplit

from migrator.recognition import LONGEST_MODEL, PLACEHOLDER, Recogniser, host_and_path, pattern

_SURFACE = Path(__file__).parent.parent / "knowledge" / "surface.json"
_CATALOGUE: dict[str, Any] = json.loads(_SURFACE.read_text(encoding="utf-8"))
_RECOGNISER = Recogniser(_CATALOGUE)
_SHORTEST_BEGINNING = 3
_LONGEST_URL = 500

# The attributes that may stand before a method: `with_raw_response` and its sister.
RAW_PREFIXES = frozenset(_CATALOGUE["raw_prefixes"])

Owner = OneOf["openai", "azure", "gateway", "foreign"]
Meaning = OneOf[
    "api_key",
    "base_url",
    "organization",
    "project",
    "azure_endpoint",
    "api_version",
    "api_type",
    "model",
    "other",
]


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the client by its path (`chat.completions.create`).

    `kind`: request; helper (calls other methods or polls); client (on the client itself, as `post`,
    `copy`). `since` and `until` are major versions, `until` None while it lasts. `asynchronous`
    says how AsyncOpenAI's twin is used: awaitable, awaitable_or_async_iterator,
    async_context_manager, plain. `streaming`: stream_kwarg, context_manager, websocket or None.
    `positional` names the parameters that may be given by position, in order.
    """

    path: str
    route: str | None
    http: str | None
    kind: str
    since: int
    until: int | None
    asynchronous: str
    streaming: str | None
    returns: str
    deprecated: str | None
    area: str
    positional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClientClass:
    """A client class of the openai package by its canonical path (`openai.AsyncAzureOpenAI`)."""

    name: str
    asynchronous: bool
    azure: bool
    bedrock: bool
    parameters: tuple[str, ...]
    client_methods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModuleSetting:
    """An attribute of the openai module that settles its client (`openai.api_key = …`).

    `since` and `until` are major versions; `now` is what took the place of one that ended.
    """

    name: str
    since: int
    until: int | None
    meaning: Meaning
    now: str | None


@dataclass(frozen=True, slots=True)
class LegacyCall:
    """A 0.x method (`ChatCompletion.acreate`) and the 1.x path it became, None where none did.

    `positional` names the arguments that have a place and whose successors have a name.
    """

    path: str
    asynchronous: bool
    maps_to: str | None
    on_instance: bool
    positional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LegacyClass:
    """A 0.x class of the openai module with its request methods by name."""

    name: str
    resource: str | None
    methods: tuple[LegacyCall, ...]
    inherited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable of OpenAI's. `exact`: the catalogue has the name itself."""

    name: str
    meaning: Meaning
    exact: bool


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model id OpenAI publishes. `kind` is chat for models that reason as well."""

    id: str
    kind: str
    reasoning: bool
    vision: bool
    status: str
    dimension: int | None
    context: int | None


@dataclass(frozen=True, slots=True)
class ModelMatch:
    """A string that names an OpenAI model: `prefix` (`openai/`) and `id` are its two halves.

    A framework may name an endpoint behind them (`openai/gpt-4o:responses`).

    `known` is False for an id of OpenAI's shape that the catalogue does not have; `base` is the
    known id it goes back to (itself, a fine-tuned model's, a dated snapshot's), or "".
    """

    id: str
    prefix: str
    kind: str
    reasoning: bool
    known: bool
    base: str


@dataclass(frozen=True, slots=True)
class FrameworkClass:
    """A class or function of a framework, by any path it has had.

    `role`: chat, completion, embeddings, azure, client (constructing it makes a client of OpenAI);
    compatible (of the endpoint it is given); factory (makes a client whose provider follows from
    the model string or object); agent (is given a model like that); request (the call itself
    sends); wrapper (returns the client it is given); user (is handed what sends); gateway, address,
    defaults, setting, settings (of requests), tokenizer, instrumentor, type, other. `is_client` is
    True where constructing it makes a client of OpenAI. The tuples name the arguments by what they
    carry; `positional` names the first positional ones, `elsewhere` what may hold a model where no
    argument names one, `unless` what names one for the whole program where it is set or called,
    `heir_of` the classes that hand on theirs then. `request` is the method whose parameters its
    requests have, `sends` the names of parameters by the arguments that say them (False: none),
    `methods` what the use of a method says of its requests, `asks` what an argument, or an entry
    of one, says of those that are made with the client it is given.
    `dictionaries` are the classes that dictionaries in its arguments stand for, by the path there:
    `llm_config.config_list[]`. `holder` is an argument that holds more parameters, `says_of` what
    an argument says of a request, by its name or its class, `openais` the values of arguments by
    which it is OpenAI's at all. `named` is what the call that a method
    is on has to be given; `hidden` are arguments of which one has to be given, where another is (or
    always, for ""), or OpenAI is asked; `texts` are patterns of arguments that are a text,
    or the path of a constant, by which it asks OpenAI.
    """

    path: str
    framework: str
    name: str
    role: str
    is_client: bool
    default_model: str | None
    model: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    base_url: tuple[str, ...] = ()
    organization: tuple[str, ...] = ()
    client: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    positional: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    heir_of: tuple[str, ...] = ()
    request: str = ""
    sends: tuple[tuple[str, str | bool], ...] = ()
    methods: tuple[tuple[str, str], ...] = ()
    holder: str = ""
    says_of: tuple[tuple[str, str], ...] = ()
    asks: tuple[tuple[str, str], ...] = ()
    dictionaries: tuple[tuple[str, str], ...] = ()
    openais: tuple[tuple[str, tuple[str, ...]], ...] = ()
    named: str = ""
    hidden: tuple[tuple[str, frozenset[str]], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()

    def hides(self, given: Collection[str]) -> bool:
        """Whether an argument that is left out beside what is given stands for OpenAI."""
        return any(
            (not wanted or wanted in given) and unless.isdisjoint(given)
            for wanted, unless in self.hidden
        )

    @property
    def entries(self) -> tuple[tuple[str, ...], ...]:
        """The arguments that stand in a dictionary which another one holds, each as its path."""
        named = (*self.model, *self.key, *self.base_url)
        return tuple(tuple(name.split(".")) for name in named if "." in name)

    @property
    def label(self) -> str:
        """What it is of, in a word: the framework, or the package where several share an entry."""
        return self.path.partition(".")[0] if " " in self.framework else self.framework

    @property
    def makes_client(self) -> bool:
        """Whether a call of it may give a client of OpenAI."""
        return self.is_client or self.follows_model or self.role == "gateway"

    @property
    def follows_model(self) -> bool:
        """Whether the provider follows from the model that it is given."""
        return self.role in {"factory", "agent"}

    def meaning(self, argument: str) -> str:
        """What an argument is called by the openai package: of a client, or of its requests."""
        if argument.startswith("azure_") and argument not in self.model:
            return argument
        for meaning in ("model", "key", "base_url"):
            if argument in getattr(self, meaning):
                return "api_key" if meaning == "key" else meaning
        return str(dict(self.sends).get(argument) or argument)

    def says(self, argument: str) -> bool:
        """Whether an argument is a parameter of its requests."""
        own = argument in self.model or argument in dict(self.sends)
        if self.role == "agent" and not own:
            return False  # it goes by the model that it is given
        return self.holds(argument)

    def holds(self, argument: str) -> bool:
        """Whether an argument of what holds its settings is a parameter of its requests."""
        told = dict(self.sends).get(argument)
        if told is not None:
            return bool(told)
        return self.meaning(argument) in _CATALOGUE["framework_parameters"].get(self.request, ())


@dataclass(frozen=True, slots=True)
class Framework:
    """The framework an import path belongs to. `dedicated`: the module serves OpenAI alone."""

    name: str
    module: str
    dedicated: bool


@dataclass(frozen=True, slots=True)
class Package:
    """A distribution. `dedicated`: OpenAI's own or of use with OpenAI alone."""

    name: str
    framework: str
    dedicated: bool


def _below(path: str, modules: Mapping[str, Any]) -> str | None:
    """The longest of the dotted modules that is `path` or holds it."""
    while path:
        if path in modules:
            return path
        path = path.rpartition(".")[0]
    return None


# --- methods -----------------------------------------------------------------------------------


@cache
def method(path: str) -> Method | None:
    """The client's method of that path, without a raw prefix."""
    row = _CATALOGUE["methods"].get(path)
    if row is None:
        return None
    *fields, positional = row
    return Method(path, *(*fields, tuple(positional)))


@cache
def _resources() -> frozenset[str]:
    found = set()
    for path in _CATALOGUE["methods"]:
        while path := path.rpartition(".")[0]:
            found.add(path)
    return frozenset(found)


def is_resource(path: str) -> bool:
    """Whether a path holds methods (`chat`, `chat.completions`, `beta.threads`)."""
    return path in _resources()


@cache
def deriving_methods() -> frozenset[str]:
    """The client's methods that return another client: `copy`, `with_options`."""
    methods = _CATALOGUE["methods"]
    found = (method(path) for path in _CATALOGUE["client_methods"] if path in methods)
    return frozenset(m.path for m in found if m and m.returns == "Self")


@cache
def answer_type(path: str, streamed: bool) -> str | None:
    """The type of a method's answer, or of the chunks it streams; None where it is not known."""
    types = _CATALOGUE["answers"]["of"].get(path, ())
    found: str | None = types[streamed] if len(types) > streamed else None
    return found


def answer_fields(name: str) -> Mapping[str, str] | None:
    """The fields of a type and their shapes, as `knowledge/answers.yaml` writes them."""
    found: Mapping[str, str] | None = _CATALOGUE["answers"]["types"].get(name)
    return found


def answer_attribute(field: str) -> str:
    """How the attribute of a field is spelled (`hate/threatening`: `hate_threatening`)."""
    found: str = _CATALOGUE["answers"]["names"].get(field, field)
    return found


@cache
def path_requests() -> frozenset[str]:
    """The client's methods that send to a path of the caller's: `get`, `post`, `request`."""
    found = (method(path) for path in _CATALOGUE["client_methods"])
    return frozenset(
        m.path for m in found if m and m.returns.startswith(("ResponseT", "SyncPageT"))
    )


@cache
def methods_at(route: str, verb: str = "") -> tuple[str, ...]:
    """The methods whose requests go to a URL path below `/v1` (`/images/edits`), by any verb."""
    wanted = route.removeprefix("/v1").strip("/")
    return tuple(
        path
        for path, row in _CATALOGUE["methods"].items()
        if row[0] is not None
        and verb in ("", row[1])
        and _route_pattern(row[0].strip("/")).fullmatch(wanted)
    )


@cache
def _route_pattern(route: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^{}]*\})", route)
    return re.compile("".join("[^/]+" if p.startswith("{") else re.escape(p) for p in parts))


# --- clients and the module --------------------------------------------------------------------


@cache
def client_class(path: str) -> ClientClass | None:
    """The client class of that path or alias (`openai.Client` gives `openai.OpenAI`)."""
    name = _CATALOGUE["client_paths"].get(path)
    if name is None:
        return None
    asynchronous, azure, bedrock, parameters = _CATALOGUE["clients"][name]
    methods = tuple(_CATALOGUE["client_methods"])
    return ClientClass(name, asynchronous, azure, bedrock, tuple(parameters), methods)


@cache
def client_names() -> frozenset[bytes]:
    """The names of the client classes, as a file spells them."""
    return frozenset(name.rpartition(".")[2].encode() for name in _CATALOGUE["clients"])


def drop_in(module_path: str) -> str | None:
    """The module whose names a drop-in offers (`langfuse.openai` gives `openai`)."""
    found: str | None = _CATALOGUE["drop_in"].get(module_path)
    return found


@dataclass(frozen=True, slots=True)
class Layer:
    """A drop-in module or a wrapper between a client and who calls it.

    `takes` are the arguments of a call that it keeps for itself; `methods` its own methods, with
    the one of the openai package that each of them calls; `features` what an argument says of the
    request. `unforced` says what a person does where no tool can be asked for by its name, as the
    layer does.
    """

    path: str
    takes: frozenset[str] = frozenset()
    methods: Mapping[str, str] = field(default_factory=dict)
    features: Mapping[str, str] = field(default_factory=dict)
    unforced: str = ""


@cache
def layer(path: str) -> Layer:
    """The drop-in module or wrapper of that path; one of which nothing is said adds nothing."""
    told: dict[str, Any] = _CATALOGUE["layers"].get(path, {})
    takes = frozenset(told.get("takes", ()))
    methods, features = told.get("methods", {}), told.get("features", {})
    return Layer(path, takes, methods, features, told.get("unforced", ""))


def takes_clients(path: str) -> bool:
    """Whether a framework sends its own requests by a client that something is handed."""
    known = framework_class(path)
    return known is not None and (known.role == "setting" or bool(known.client and known.request))


def is_gateway(path: str) -> bool:
    """Whether objects of a class ask by somebody who hands requests on."""
    known = framework_class(path)
    return known is not None and known.role == "gateway"


def is_gateways_address(path: str) -> bool:
    """Whether a name stands for the address of somebody who hands requests on."""
    known = framework_class(path)
    return known is not None and known.role == "address"


def is_wrapper(path: str) -> bool:
    """Whether a function returns the client that it is given, wrapped."""
    known = framework_class(path)
    return known is not None and known.role == "wrapper"


def layered(layers: Iterable[str], method: str) -> str:
    """The method of the openai package that one of a wrapper's own calls, "" for none."""
    found = (layer(path).methods.get(method, "") for path in layers)
    return next(filter(None, found), "")


@cache
def module_setting(name: str) -> ModuleSetting | None:
    """The setting of the openai module of that name (`api_key`, `api_base`)."""
    row = _CATALOGUE["settings"].get(name)
    return ModuleSetting(name, *row) if row else None


def is_access_of_module(path: str) -> bool:
    """Whether a dotted path is where the openai module is told its key or its address."""
    module, _unused, name = path.rpartition(".")
    found = module_setting(name) if module == "openai" else None
    return found is not None and found.meaning in {"api_key", "base_url"}


@cache
def star_names() -> frozenset[str]:
    """What `from openai import *` binds, in 0.x and since."""
    return frozenset(_CATALOGUE["star"])


# --- 0.x ---------------------------------------------------------------------------------------


def _legacy_name(path: str) -> str:
    """A path below `openai` or `openai.api_resources` without its modules."""
    parts = path.removeprefix("openai.").split(".")
    if parts[0] == "api_resources":
        parts = [part for part in parts if not part.islower()] or parts
    return ".".join(parts)


@cache
def legacy_class(name: str) -> LegacyClass | None:
    """The 0.x class of that name (`ChatCompletion`, `openai.ChatCompletion`)."""
    name = _legacy_name(name)
    entry = _CATALOGUE["legacy"]["classes"].get(name)
    if entry is None:
        return None
    methods = tuple(_legacy_call(f"{name}.{m}", row) for m, row in entry["methods"].items())
    return LegacyClass(name, entry["resource"], methods, tuple(entry["inherited"]))


def _legacy_call(path: str, row: list[Any]) -> LegacyCall:
    *fields, positional = row
    return LegacyCall(path, *(*fields, tuple(positional)))


@cache
def legacy_call(path: str) -> LegacyCall | None:
    """The 0.x method of that path (`ChatCompletion.acreate`, `embeddings_utils.get_embedding`)."""
    path = path.removeprefix("openai.")
    if row := _CATALOGUE["legacy"]["functions"].get(path):
        return _legacy_call(path, row)
    owner, _, name = path.rpartition(".")
    found = legacy_class(owner)
    return next((m for m in found.methods if m.path.endswith(f".{name}")), None) if found else None


def is_legacy_module(path: str) -> bool:
    """Whether a dotted path is, or is below, a module that ended with 0.28 (`openai.error`)."""
    return _below(path, dict.fromkeys(_CATALOGUE["legacy"]["modules"])) is not None


# --- exceptions and types ----------------------------------------------------------------------


def exception(path: str) -> str | None:
    """The canonical path of an exception (`openai._exceptions.X` gives `openai.X`).

    Those of 0.x keep theirs: `openai.error.RateLimitError`.
    """
    found: str | None = _CATALOGUE["exceptions"].get(path)
    return found


def exception_now(path: str) -> str | None:
    """What took the place of an exception of 0.x (`openai.error.Timeout`)."""
    found: str | None = _CATALOGUE["exceptions_now"].get(path)
    return found


@cache
def _type_names() -> tuple[frozenset[str], dict[str, None]]:
    return frozenset(_CATALOGUE["type_names"]), dict.fromkeys(_CATALOGUE["type_modules"])


def is_type(path: str) -> bool:
    """Whether a path is a type, a sentinel or a helper of the package (or a module of these)."""
    names, modules = _type_names()
    return path in names or _below(path, modules) is not None


# --- all of it ---------------------------------------------------------------------------------

Section = OneOf[
    "method", "legacy_class", "legacy_call", "client", "setting", "exception", "type", "framework"
]


@cache
def every(section: Section) -> tuple[str, ...]:
    """Every name the catalogue has of a kind, in its order; aliases of clients included."""
    match section:
        case "method":
            return tuple(_CATALOGUE["methods"])
        case "legacy_class":
            return tuple(_CATALOGUE["legacy"]["classes"])
        case "legacy_call":
            classes = _CATALOGUE["legacy"]["classes"].items()
            called = [f"{name}.{one}" for name, entry in classes for one in entry["methods"]]
            return (*called, *_CATALOGUE["legacy"]["functions"])
        case "client":
            return tuple(_CATALOGUE["client_paths"])
        case "setting":
            return tuple(_CATALOGUE["settings"])
        case "exception":
            return tuple(_CATALOGUE["exceptions"])
        case "framework":
            return tuple(_newest_of_each())
    # A module may be named as a type, too.
    return tuple(dict.fromkeys((*_CATALOGUE["type_names"], *_CATALOGUE["type_modules"])))


def _newest_of_each() -> Iterator[str]:
    """The path that each class or function of a framework has in its newest generation."""
    seen: set[tuple[str, ...]] = set()
    for path, (framework, name, *_, request) in _CATALOGUE["framework_classes"].items():
        known = framework_class(path)
        sends = known is not None and (known.makes_client or known.role == "request")
        told = (framework, name, path.partition(".")[0] if request is None else "")
        if sends and told not in seen:
            seen.add(told)
            yield path


def every_model() -> tuple[str, ...]:
    """Every model id the catalogue has."""
    return tuple(_CATALOGUE["models"]["ids"])


# --- variables ---------------------------------------------------------------------------------


@lru_cache(maxsize=16384)
def variable(name: str) -> Variable | None:
    """The variable of that name, in either case; None where it does not name OpenAI.

    Names the catalogue does not have are judged by its rules (`OPENAI_EMBED_API_KEY`).
    """
    found = _RECOGNISER.meaning(name)
    return Variable(name, cast(Meaning, found[0]), found[1]) if found else None


def is_key_shape(text: str) -> bool:
    """Whether a prefix or a pattern says what OpenAI's keys look like (`sk-`)."""
    return pattern(_CATALOGUE["variables"]["key_shape"]).search(text) is not None


# --- models ------------------------------------------------------------------------------------


@cache
def model(model_id: str) -> ModelEntry | None:
    """The published model of that id."""
    row = _CATALOGUE["models"]["ids"].get(model_id)
    return ModelEntry(model_id, *row) if row else None


@lru_cache(maxsize=1024)
def begins_model(text: str) -> bool:
    """Whether a text that more follows can begin the id of an OpenAI model (`gpt-`, `ft:`)."""
    if len(text) < _SHORTEST_BEGINNING:
        return False
    ids = _CATALOGUE["models"]["ids"]
    return text.startswith("ft:") or any(one != text and one.startswith(text) for one in ids)


def _base(model_id: str) -> ModelEntry | None:
    """The published model that an id goes back to: itself, or what it was tuned or cut from."""
    candidate = model_id.removeprefix("ft:")
    while candidate:
        if entry := model(candidate):
            return entry
        candidate = candidate[: max(candidate.rfind("-"), candidate.rfind(":"), 0)]
    return None


def match_model(text: str, *, in_model_position: bool) -> ModelMatch | None:
    """The OpenAI model that a string names, if it does.

    `in_model_position` is True where only a model can stand (`model=`): some ids (`o1`, `ada`) are
    words of everyday use and are taken for models there alone.
    """
    if len(text) > LONGEST_MODEL:
        return None
    return _matched_model(text, in_model_position)


@lru_cache(maxsize=16384)
def _matched_model(text: str, in_model_position: bool) -> ModelMatch | None:
    found = _RECOGNISER.model(text, in_model_position)
    if found is None:
        return None
    model_id, prefix, shape = found
    if base := _base(model_id):
        known = base.id == model_id
        return ModelMatch(model_id, prefix, base.kind, base.reasoning, known, base.id)
    kind = next(kind for name, _, kind, _ in _CATALOGUE["models"]["patterns"] if name == shape)
    reasons = kind == "reasoning"
    return ModelMatch(model_id, prefix, "chat" if reasons else kind, reasons, False, "")


def is_reasoning(model: str) -> bool:
    """Whether a model of OpenAI's reasons before it answers."""
    match = match_model(model, in_model_position=True)
    return match is not None and match.reasoning


# --- frameworks and packages -------------------------------------------------------------------

# What `params` of a framework says of a class's arguments.
_ARGUMENTS = frozenset(
    {
        "model",
        "key",
        "base_url",
        "organization",
        "client",
        "other",
        "positional",
        "elsewhere",
        "heir_of",
        "unless",
    }
)


def model_constants() -> Mapping[str, str]:
    """The models of OpenAI's that members of frameworks' enumerations stand for, by their paths."""
    found: Mapping[str, str] = _CATALOGUE["framework_constants"]
    return found


@cache
def framework_class(path: str) -> FrameworkClass | None:
    """The class or function of a framework at that import path, of any generation."""
    row = _CATALOGUE["framework_classes"].get(path)
    if row is None:
        return None
    framework, name, role, is_client, key, default_model, request = row
    params = _CATALOGUE["framework_params"][framework].get(key, {})
    names = {k: tuple(v) for k, v in params.items() if k in _ARGUMENTS}
    told: dict[str, Any] = request or {}
    return FrameworkClass(
        path,
        framework,
        name,
        role,
        is_client,
        default_model,
        **names,
        request=told.get("request", ""),
        sends=tuple(told.get("sends", {}).items()),
        methods=tuple(told.get("methods", {}).items()),
        holder=told.get("settings", ""),
        says_of=tuple(told.get("says", {}).items()),
        asks=tuple(told.get("asks", {}).items()),
        dictionaries=tuple(told.get("dictionaries", {}).items()),
        openais=tuple((k, tuple(v)) for k, v in told.get("openais", {}).items()),
        named=told.get("named", ""),
        hidden=tuple(
            (row.get("given", ""), frozenset(row["unless"])) for row in told.get("hidden", ())
        ),
        texts=tuple(told.get("texts", {}).items()),
    )


@dataclass(frozen=True, slots=True)
class FrameworkSetting:
    """A model in a file of a framework's own shape: how its name is written, what it takes."""

    framework: str
    form: str
    beside: str


def framework_setting(path: str, name: str) -> FrameworkSetting | None:
    """What a key path (without list indices) of a file names a model for, if for a framework."""
    for framework, files, model, form, beside in _CATALOGUE["framework_documents"]:
        if pattern(files).search(path) and pattern(model).fullmatch(name):
            return FrameworkSetting(framework, form, beside)
    return None


def is_fluent(method: str) -> bool:
    """Whether a method of that name gives a framework's client again, told something more."""
    return method in _CATALOGUE["framework_fluent"]


def copies() -> list[tuple[str, ...]]:
    """What a copy of the openai package is known by: the files of each of its layouts."""
    return [tuple(files) for files in _CATALOGUE["copies"]]


@cache
def reserved_modules() -> frozenset[str]:
    """Top-level import names of openai and of the frameworks."""
    modules = {name.split(".")[0] for name in _CATALOGUE["framework_modules"]}
    return frozenset(modules | {"openai", "tiktoken"})


@cache
def _leading() -> frozenset[str]:
    """Every class of a framework that is known, and the modules that lead to one."""
    return frozenset(
        path[:end]
        for path, (_, _, role, *_) in _CATALOGUE["framework_classes"].items()
        if role != "user"
        for end in (*(at for at, char in enumerate(path) if char == "."), len(path))
    )


def leads_to_openai(path: str) -> bool:
    """Whether an imported path is OpenAI's, or a framework's that can reach OpenAI."""
    if path.partition(".")[0] == "openai" or path in _leading():
        return True
    framework = framework_module(path)
    return framework is not None and framework.dedicated


def framework_sends(method: str) -> bool:
    """Whether a method of that name sends a request, on an object of a framework's client class."""
    return method in _CATALOGUE["framework_requests"]


@cache
def framework_module(path: str) -> Framework | None:
    """The framework that a module path (or a path below it) belongs to."""
    modules = _CATALOGUE["framework_modules"]
    module = _below(path, modules)
    return Framework(modules[module][0], module, modules[module][1]) if module else None


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def related_package(name: str) -> Package | None:
    """The distribution of that name, if it is OpenAI's or a framework's that can reach OpenAI."""
    name = _normalised(name)
    row = _CATALOGUE["packages"].get(name)
    return Package(name, *row) if row else None


def package(name: str) -> Package | None:
    """The distribution of that name, if it is OpenAI's own or of use with OpenAI alone."""
    found = related_package(name)
    return found if found and found.dedicated else None


PACKAGE = "openai"
# A statement that imports openai, in a text.
OPENAI_IMPORT = re.compile(
    r"^[ \t]*(?:import openai\b|from openai(?:\.[\w.]+)? import\b)[^\r\n]*", re.MULTILINE
)

# --- URLs --------------------------------------------------------------------------------------


def endpoint_owner(url: str) -> Owner | None:
    """Whose endpoint a base URL is; None where the text holds no host to tell by.

    `gateway`: somebody else's host that hands requests on to OpenAI. A host of another kind, a
    local one too, is `foreign`.
    """
    parts = host_and_path(url.strip())
    return cast(Owner, _RECOGNISER.owner(*parts)) if parts and parts[0] else None


def ends_as_azures(url: str) -> bool:
    """Whether a base URL of which the host is not known ends as Azure's do (`/openai/v1/`)."""
    return pattern(_CATALOGUE["urls"]["azure_end"]).search(url) is not None


def is_no_key(text: str) -> bool:
    """Whether a text stands in the place of a key that a server of one's own does not ask for."""
    return pattern(_CATALOGUE["urls"]["no_key"]).search(text) is not None


def url_host(text: str) -> str | None:
    """The host a URL names, in lower case; None where it names none."""
    parts = host_and_path(text.strip())
    return parts[0] if parts and parts[0] else None


def url_path(text: str) -> str:
    """The path of a URL, "" where there is none."""
    parts = host_and_path(text.strip())
    return parts[1] if parts else ""


def url_role(text: str) -> str | None:
    """What a string is as OpenAI's address: base_url, url (of a request), host, azure; else None.

    Web pages of OpenAI's (documentation, the platform's site) and prose that holds a URL are None.
    """
    return _role_of_url(text) if len(text) <= _LONGEST_URL else None


@lru_cache(maxsize=16384)
def _role_of_url(text: str) -> str | None:
    return _RECOGNISER.address(text)


def is_command_to_openai(text: str) -> bool:
    """Whether a command line sends a request to OpenAI, by curl or the like."""
    urls = re.findall(r"https?://[^\s'\"]+", text)
    return " " in text and any(endpoint_owner(url) == "openai" for url in urls)


def is_foreign_url(text: str) -> bool:
    """Whether a string is the address of somebody who is neither OpenAI nor Azure OpenAI."""
    return endpoint_owner(text) in ("foreign", "gateway")


def has_own_names(url: str) -> bool:
    """Whether a URL's host is known to serve no model by a bare name of OpenAI's."""
    host = url_host(url)
    return host is not None and bool(pattern(_CATALOGUE["urls"]["own_names_host"]).search(host))


# --- routes ------------------------------------------------------------------------------------


@cache
def _routes() -> list[tuple[str, re.Pattern[str], str]]:
    """(HTTP method, pattern of the route, method path), what lasts before what ended."""
    known = sorted(
        (row[4] is not None, path.startswith("beta."), path, row[1], row[0])
        for path, row in _CATALOGUE["methods"].items()
        if row[2] == "request" and row[0] and row[1]
    )
    return [
        (http, re.compile(PLACEHOLDER.sub("[^/]+", route)), path)
        for _, _, path, http, route in known
    ]


@lru_cache(maxsize=1024)
def method_of_route(http: str, route: str) -> str | None:
    """The method path that sends a request to that route (`POST`, `/chat/completions`)."""
    return next((p for m, pattern, p in _routes() if m == http and pattern.fullmatch(route)), None)


def path_of(method: str) -> str:
    """The URL path that a method's requests are sent to, as rows of batches name it; or ""."""
    known = _CATALOGUE["methods"].get(method)
    route = known[0] if known is not None else None
    return f"{urlsplit(base_url()).path}{route}" if route else ""


def base_url() -> str:
    """The base URL of OpenAI's interface."""
    return str(_CATALOGUE["urls"]["base_url"])


def hosts() -> tuple[str, ...]:
    """Patterns of the hosts that are OpenAI's own, or Azure's for it alone."""
    urls = _CATALOGUE["urls"]
    return urls["openai_host"], urls["azure_host"]


def is_base_url(url: str) -> bool:
    """Whether a URL is OpenAI's base URL, or its host alone."""
    parts = host_and_path(url.strip())
    base = host_and_path(base_url())
    return (
        parts is not None and base is not None and parts[1].strip("/") in {"", base[1].strip("/")}
    )


def route_of(url: str) -> str | None:
    """What a URL asks for below OpenAI's base URL; None for a URL that is not below it."""
    parts = host_and_path(url.strip())
    base = host_and_path(base_url())
    if parts is None or base is None or _RECOGNISER.owner(*parts) != "openai":
        return None
    path = re.sub("/+", "/", parts[1]).rstrip("/")
    below = path == base[1] or path.startswith(base[1] + "/")
    return path.removeprefix(base[1]) if below else None
