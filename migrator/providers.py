"""A provider's profile: loads and validates `knowledge/providers/<id>.yaml`, answers questions."""

from __future__ import annotations

import difflib
import fnmatch
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from typing import Literal as OneOf

from migrator.decisions import Source
from migrator.errors import MigrateError
from migrator.knowledge.files import read_compiled, read_yaml
from migrator.knowledge.prose import each_language, said
from migrator.language import CHINESE, _, current, listed, marked
from migrator.sdks import OwnSdk
from migrator.sdks import read as read_sdk
from migrator.targets import is_file as is_file

if TYPE_CHECKING:
    from migrator.plugins import Profile

FOLDER = Path(__file__).parent / "knowledge" / "providers"
Support = OneOf["yes", "partial", "no", "unknown"]
Action = OneOf["keep", "drop", "rename", "extra_body", "clamp", "reject", "chat"]
Pairs = tuple[tuple[str, str], ...]
Price = tuple[float, float]

# Where a profile keeps the parameters of a request, by the beginning of its method's path.
_PARAMETERS = {
    "chat": "chat_parameters",
    "embeddings": "embeddings_parameters",
    "responses": "responses_parameters",
    "images.generate": "images_parameters",
    "images.edit": "edits_parameters",
    "audio.transcriptions": "transcription_parameters",
    "audio.translations": "translation_parameters",
    "audio.speech": "speech_parameters",
    "batches": "batches_parameters",
}

# Arguments of the openai SDK itself, which never reach the provider as parameters.
_SDK_ARGUMENTS = frozenset({"extra_headers", "extra_body", "extra_query", "timeout"})


class ProfileError(MigrateError):
    """A profile that can't be used: the message names the file and the key."""

    exit_code = 2


class UnknownProviderError(ProfileError):
    """No profile of that name."""


class RetiredModelError(MigrateError):
    """A model that was asked for and that the provider has switched off."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Whether the provider serves one OpenAI method path, and what is nearest where it does not.

    `counterpart` names what is nearest, `remedy` says how the work of going there is done.
    """

    api: str
    support: Support
    detail: str
    counterpart: str
    sources: tuple[Source, ...]
    path: str = ""
    remedy: str = ""

    @property
    def is_served(self) -> bool:
        """Whether a client with the provider's base URL reaches it, be it in part."""
        return self.support in ("yes", "partial") and not self.at_another_root

    @property
    def at_another_root(self) -> bool:
        """Whether it is served below another base URL than the rest."""
        return "://" in self.path


@dataclass(frozen=True, slots=True)
class Parameter:
    """The verdict on one request parameter and what a rewriting does with it.

    `action`: keep; drop (undocumented or refused: taken away, with a note); rename (`name_there`);
    extra_body (the provider takes it only there, as `name_there` with `value_there`); clamp (to
    `minimum`/`maximum`; an open end is not in the range, and `nearest_…` is what to write instead;
    `decimals` and `step` say how finely); reject (refused, and taking it away would change what the
    program does, unless its value is `idle` and asks for nothing); chat (of the Responses
    API: not served there, and a chat request takes it). What is `dispensable` is dropped where it
    cannot be brought there. `values` are the only ones, `matches` is the pattern of every one
    that has a meaning there; `values_there` are OpenAI's values that are called otherwise there.
    `default_here` is what to write where a call leaves the parameter out and the provider's default
    differs; `default_there` is that default, where it is only told.
    """

    name: str
    verdict: str
    action: Action
    detail: str
    name_there: str | None = None
    value_there: str | None = None
    default_here: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    open_minimum: bool = False
    open_maximum: bool = False
    nearest_minimum: float | None = None
    nearest_maximum: float | None = None
    values: tuple[str, ...] = ()
    dispensable: bool = False
    sources: tuple[Source, ...] = ()
    matches: str = ""
    default_there: str = ""
    values_there: Pairs = ()
    idle: tuple[Any, ...] = ()
    decimals: int | None = None
    step: int | None = None

    def asks_nothing(self, value: object) -> bool:
        """Whether a request says the same without the parameter."""
        idle = (None, False, *self.idle)
        return any(type(one) is type(value) and one == value for one in idle)

    def goes(self, value: object) -> bool:
        """Whether the parameter is taken away where it has a value."""
        return self.action == "drop" or (self.action == "reject" and self.asks_nothing(value))

    def accepts(self, value: float) -> bool:
        """Whether a number is in the range, and as fine as the provider takes it."""
        return self._rounded(value) == value and not (
            self._is_below(value) or self._is_above(value)
        )

    def _is_below(self, value: float) -> bool:
        return self.minimum is not None and (
            value < self.minimum or (self.open_minimum and value == self.minimum)
        )

    def _is_above(self, value: float) -> bool:
        return self.maximum is not None and (
            value > self.maximum or (self.open_maximum and value == self.maximum)
        )

    def _rounded(self, value: float) -> float:
        if self.step is not None:
            return round(value / self.step) * self.step
        return round(value, self.decimals) if self.decimals is not None else value

    def fits(self, value: str) -> bool:
        """Whether a text is one that has a meaning there; of a size, each side is in the range."""
        if self.matches and re.fullmatch(self.matches, value) is None:
            return False
        return self.minimum is None or all(map(self.accepts, _sides(value)))

    def nearest_size(self, value: str) -> str:
        """The size that is taken and nearest to one that is not."""
        return "x".join(f"{self.nearest(side):g}" for side in _sides(value))

    def nearest(self, value: float) -> float:
        """The number that is taken and nearest to one that is not."""
        rounded = self._rounded(value)
        if self._is_below(rounded):
            assert self.minimum is not None
            return self.nearest_minimum if self.nearest_minimum is not None else self.minimum
        if self._is_above(rounded):
            assert self.maximum is not None
            return self.nearest_maximum if self.nearest_maximum is not None else self.maximum
        return rounded

    @property
    def is_ranged(self) -> bool:
        """Whether it is a number that is not free."""
        return self.minimum is not None or self.maximum is not None

    @property
    def has_one(self) -> bool:
        """Whether it is a number of which there is one alone."""
        return self.minimum is not None and self.minimum == self.maximum

    @property
    def range_text(self) -> str:
        """The range as a person writes it: `[0, 2)`."""
        if self.has_one:
            return f"{self.minimum:g}"
        low = "" if self.minimum is None else f"{self.minimum:g}"
        high = "" if self.maximum is None else f"{self.maximum:g}"
        opening, closing = "(" if self.open_minimum else "[", ")" if self.open_maximum else "]"
        text = f"{opening}{low}, {high}{closing}"
        if self.step is not None:
            return _("{range} in steps of {step}", range=text, step=self.step)
        if self.decimals is not None:
            return _("{range} with {decimals} decimals", range=text, decimals=self.decimals)
        return text


def _sides(size: str) -> list[int]:
    """The sides of a size that is written WIDTHxHEIGHT."""
    return [int(side) for side in size.split("x") if side.isdecimal()]


@dataclass(frozen=True, slots=True)
class Native:
    """The provider's own interface, beside the OpenAI-compatible one on the same host.

    In a base URL `path` stands in the place of what it ends in, `replaces`; below it are `text` for
    models that read text alone, `generation` for those that see, and what makes sound and pictures,
    and `embeddings`. `chat_takes` and `embeddings_takes` are the parameters there, and `codes` what
    the codes of errors are called.
    """

    replaces: str
    path: str
    generation: str
    detail: str
    sources: tuple[Source, ...]
    text: str = ""
    embeddings: str = ""
    chat_takes: tuple[str, ...] = ()
    embeddings_takes: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SingleVectors:
    """The path below the base URL of requests for embeddings that make one vector each."""

    path: str
    detail: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class DrawnEdits:
    """Edits of pictures by the request that draws one: the field that takes the picture."""

    field: str
    detail: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class OwnModels:
    """What a user's own ids of models look like, as patterns."""

    patterns: tuple[str, ...]
    detail: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Voices:
    """The voices of the provider's speech: `table` has one for each of OpenAI's.

    `models` are patterns of the models that have them, `longest` is how many characters one request
    speaks, `languages` what its text may be said to be. `spelled` is how a request names a voice.
    """

    table: Mapping[str, str]
    names: tuple[str, ...]
    languages: tuple[str, ...]
    models: tuple[str, ...]
    longest: int
    detail: str
    sources: tuple[Source, ...]
    spelled: str = "{voice}"

    def spell(self, voice: str, model_id: str) -> str:
        """A voice as a request to a model names it."""
        return self.spelled.format(voice=voice, model=model_id)


@dataclass(frozen=True, slots=True)
class Translation:
    """How a text is translated into English: the model, and where its options go."""

    model: str
    name_there: str
    options: Mapping[str, str]
    detail: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A model the provider serves now. None means that nobody says.

    A price is for a million tokens, in and out; `price_note` is what else is to be said of it.
    """

    id: str
    kind: str
    context: int | None = None
    max_output: int | None = None
    vision: bool | None = None
    video: bool | None = None
    audio_in: bool | None = None
    tools: bool | None = None
    json_object: bool | None = None
    json_schema: bool | None = None
    thinking: str = "never"  # never, hybrid, always, unknown
    thinking_default: bool = False  # taken to be so where nobody says
    default_unsaid: bool = False
    stream_only: bool = False
    dimensions: tuple[int, ...] = ()
    default_dimension: int | None = None
    max_batch: int | None = None
    status: str = "current"
    note: str = ""
    price_cny: Price | None = None
    price_usd: Price | None = None
    price_note: str = ""
    sources: tuple[Source, ...] = ()

    @property
    def thinks(self) -> bool:
        """Whether it thinks where nothing is said of it."""
        return self.thinking_default or self.thinking == "always"


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What an OpenAI model becomes. `model` is None where there is no counterpart."""

    openai: str
    model: str | None
    alternatives: tuple[str, ...]
    confidence: str  # official, inferred, stated (in a user's file), unknown, chosen (by the user)
    why: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ThinkingSwitch:
    """How a model's thinking is switched off: keys of extra_body, or plain parameters.

    `least` says that the model always thinks, and so is asked to do it as little as it can.
    """

    extra_body: Pairs
    parameters: Pairs
    contested: bool
    sources: tuple[Source, ...]
    least: bool = False

    @property
    def written(self) -> str:
        """What is given, as the entries of a dictionary."""
        return ", ".join(f'"{name}": {value}' for name, value in self.extra_body + self.parameters)


@dataclass(frozen=True, slots=True)
class Rule:
    """Something the provider refuses: the error it answers and what the rule is narrowed to.

    `message` is a format string. `models` (glob patterns) are the only models of the rule, and
    `except_models` those it spares; `values`, `names`, `maximum` (how many), `longest` (how many
    characters) and `matches` (a regular expression) are what the rule measures by.
    """

    id: str
    http: int
    code: str
    message: str
    models: tuple[str, ...] = ()
    except_models: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    sources: tuple[Source, ...] = ()
    matches: str = ""
    longest: int | None = None

    def allows(self, name: str) -> bool:
        """Whether a name keeps to the rule."""
        fits = not self.matches or re.fullmatch(self.matches, name) is not None
        short = self.maximum is None or len(name) <= self.maximum
        return fits and short and name not in self.names

    def concerns(self, model_id: str) -> bool:
        """Whether the rule holds for a model."""
        return (not self.models or _any_matches(self.models, model_id)) and not _any_matches(
            self.except_models, model_id
        )


# What is done with a parameter, from what changes least of a call to what changes most.
_STRICTNESS = ("keep", "clamp", "extra_body", "rename", "chat", "drop", "reject")


def _strictness(parameter: Parameter) -> tuple[int, float, float]:
    """How much is done with a parameter, and how narrow its range is."""
    low, high = parameter.minimum, parameter.maximum
    room = -(high if high is not None else math.inf), low if low is not None else -math.inf
    return _STRICTNESS.index(parameter.action), *room


def _of_model(entry: Mapping[str, Any], model_id: str, *, thinks: bool) -> Mapping[str, Any]:
    """What an entry of a parameter says for one model: the first of `by_model` that fits it."""
    for own in entry.get("by_model", ()):
        if _any_matches(own["models"], model_id) and own.get("thinking", thinks) == thinks:
            same = own.get("action", entry.get("action")) == entry.get("action")
            kept = entry if same else {key: entry[key] for key in entry.keys() - _OF_RANGES}
            return {**kept, **own}
    return entry


# What says how an action brings a number into its range, and so goes with that action.
_OF_RANGES = frozenset(
    {
        "minimum",
        "maximum",
        "open_minimum",
        "open_maximum",
        "nearest_minimum",
        "nearest_maximum",
        "decimals",
        "step",
    }
)


def _of_id(table: Mapping[str, Any], model_id: str) -> Mapping[str, Any]:
    """What a table says of one model, or of every one."""
    return table.get(model_id) or table.get("default", table)  # type: ignore[no-any-return]


def _any_matches(patterns: Iterable[str], name: str) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class Named:
    """A variable's name, with what is known of it."""

    name: str
    detail: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """A base URL. One with `{WorkspaceId}` in it needs the user's own id."""

    id: str
    name: str
    url: str
    detail: str
    sources: tuple[Source, ...]

    @property
    def needs_workspace(self) -> bool:
        return "{" in self.url


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement with its sources, for people to read."""

    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """Something for who comes from OpenAI (`kind`: docs, grant, free tier, tool, discount)."""

    what: str
    kind: str
    detail: str
    sources: tuple[Source, ...]


# What stands in the place of a code that no source states.
_NO_CODES = frozenset({"unknown", "varies", "none"})


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """An error the provider answers, and the exception of the openai SDK it becomes.

    `kind` is the word for what a program should be ready for: rate-limit, quota, content-filter,
    server-error.
    """

    http: int
    code: str
    meaning: str
    exception: str
    sources: tuple[Source, ...]
    differs: bool = False  # whether OpenAI means something else by the same code
    kind: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.code.split(" / "))

    @property
    def known_codes(self) -> tuple[str, ...]:
        """The codes that a source states."""
        return tuple(code for code in self.codes if code not in _NO_CODES)


@dataclass(frozen=True, slots=True)
class AnswerField:
    """A part of an answer that comes otherwise than OpenAI's.

    `path` is its path in the answer or chunk, with "*" for any index. `state`: empty; partial (only
    sometimes); values or fields (it only takes, or has, those of `values`; `values_there` are those
    of OpenAI's that are called otherwise); thinking (empty while the model thinks).
    """

    path: tuple[str, ...]
    state: str
    values: tuple[str, ...]
    detail: str
    sources: tuple[Source, ...]
    values_there: Pairs = ()


# What a retirement list says of an id that it gives no date for.
_GONE = {"never": marked("no real id"), "unknown": marked("not confirmed here")}
_OFF = marked("off since {since}")

# What a call may need of a model -> the field of Model that says so.
_NEEDS = {
    "vision": "vision",
    "image": "vision",
    "video": "video",
    "audio": "audio_in",
    "tools": "tools",
    "json_object": "json_object",
    "json_schema": "json_schema",
    "forced_tools": "tools",
}
# What a call may need that a rule of the profile decides.
_RULES_OF_NEEDS = {"n": "choices-model", "logprobs": "logprobs-model"}
_LONG_CONTEXT = 1_000_000
# The body of an error where a profile names no other.
_ERROR_BODY: Mapping[str, Any] = {
    "error": {
        "message": "{message}",
        "type": "invalid_request_error",
        "param": None,
        "code": "{code}",
    },
    "request_id": "{id}",
}
# What is said of an endpoint that the profile does not name.
NO_COUNTERPART = marked("nothing that is documented")
_NO_REMEDY = marked("Keep the call on OpenAI with a client of its own, or do without it")


@dataclass(frozen=True)
class Provider:
    """One provider's profile. Every answer carries its sources."""

    file: str
    data: Mapping[str, Any] = field(repr=False)

    # -- who it is -----------------------------------------------------------------------------

    @property
    def id(self) -> str:
        return str(self.data["id"])

    @property
    def spelled(self) -> str:
        """What `--target` takes for it: the id, or the path of the user's file."""
        return str(self.data.get("spelled", self.id))

    @property
    def package(self) -> str:
        """The plug-in that brings it, "" where it comes with the tool or is the user's own file."""
        return str(self.data.get("package", ""))

    @property
    def name(self) -> str:
        """What it is called in the language that is used."""
        return (self.name_zh if current() == CHINESE else "") or self.name_en

    @property
    def name_en(self) -> str:
        return str(self.data["name"]["en"])

    @property
    def name_zh(self) -> str:
        return str(self.data["name"]["zh"])

    @property
    def aliases(self) -> tuple[str, ...]:
        return tuple(self.data["aliases"])

    @property
    def compiled(self) -> str:
        return str(self.data["compiled"])

    @property
    def key_variable(self) -> str:
        return str(self.data["key"]["variable"])

    @property
    def base_url_variable(self) -> str:
        return str(self.data["base_url"]["variable"])

    def beside_its_sdk(self) -> Provider:
        """The profile for code of which some goes by the provider's own SDK.

        The address of what does not is read from a variable that the SDK does not read.
        """
        own = self.sdk.base_url_variable if self.sdk is not None else ""
        address = self.data["base_url"]
        named = {**address, "variable": own or address["variable"]}
        return replace(self, data={**self.data, "base_url": named})

    @cached_property
    def key(self) -> Named:
        return self._named(self.data["key"])

    @property
    def key_format(self) -> str:
        """What the provider's keys look like, in words."""
        return str(self.data["key"].get("format", _("not documented")))

    @property
    def key_page(self) -> str:
        """Where a key is had."""
        return str(self.data["key"].get("get_it_at", ""))

    @property
    def variable_prefix(self) -> str:
        """What the provider's variables begin with (DASHSCOPE)."""
        return re.sub(r"(_API)?_(KEY|TOKEN)$", "", self.key_variable)

    def _named(self, entry: Mapping[str, Any]) -> Named:
        return Named(str(entry["variable"]), str(entry.get("detail", "")), self.cite(entry))

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return {
            str(one["id"]): Source(str(one["url"]), str(one.get("title", "")), str(one["as_of"]))
            for one in self.data["sources"]
        }

    def cite(self, entry: Mapping[str, Any]) -> tuple[Source, ...]:
        """The sources of an entry, each with the date of the fact."""
        as_of = str(entry.get("as_of", ""))
        return tuple(
            Source(known.url, known.title, as_of or known.as_of)
            for name in entry.get("src", ())
            if (known := self._sources.get(name))
        )

    # -- regions -------------------------------------------------------------------------------

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        return tuple(
            Region(one["id"], one["name"], one["url"], one.get("detail", ""), self.cite(one))
            for one in self.data["regions"]
        )

    def region(self, region_id: str = "") -> Region:
        """The region of that id, or the default one. Raises ProfileError for an unknown id."""
        wanted = region_id or self.data["base_url"]["default_region"]
        for one in self.regions:
            if one.id == wanted:
                return one
        known = listed(one.id for one in self.regions)
        raise ProfileError(
            _(
                "{id} has no region {wanted!r}; choose one of: {known}",
                id=self.id,
                wanted=wanted,
                known=known,
            )
        )

    def base_url(self, region_id: str = "") -> str:
        return self.region(region_id).url

    def in_region(self, region_id: str = "") -> Provider:
        """The provider as one region has it: only the models that are served there."""
        here = self.region(region_id).id
        models = [one for one in self.data["models"] if here in one.get("regions", (here,))]
        return replace(self, data={**self.data, "models": models})

    # -- endpoints -----------------------------------------------------------------------------

    def endpoint(self, api: str) -> Endpoint:
        """What the profile says of a method path; support `unknown` where it says nothing."""
        best: tuple[int, Mapping[str, Any]] | None = None
        for entry in self.data["endpoints"]:
            for prefix in entry["apis"]:
                if (api == prefix or api.startswith(prefix + ".")) and (
                    best is None or len(prefix) > best[0]
                ):
                    best = (len(prefix), entry)
        if best is None:
            why = _("no source says that this endpoint exists")
            return Endpoint(api, "unknown", why, _(NO_COUNTERPART), (), remedy=_(_NO_REMEDY))
        entry = best[1]
        return Endpoint(
            api,
            entry["support"],
            str(entry.get("detail", "")),
            str(entry.get("counterpart", "")),
            self.cite(entry),
            str(entry.get("path", "")),
            str(entry.get("remedy", "")),
        )

    # -- parameters ----------------------------------------------------------------------------

    def parameter(
        self, api: str, name: str, models: Iterable[str] = (), *, thinks: bool = False
    ) -> Parameter:
        """The verdict on a parameter of a call: of a chat call where the profile has no others.

        `models` are those that the call may use, the strictest of whose verdicts is given; `thinks`
        says whether one of them may think in it.
        """
        table = _PARAMETERS.get(self.family(api), "chat_parameters")
        return self._parameter(table, name, models, thinks=thinks)

    def family(self, api: str) -> str:
        """The kind of requests a method belongs to (`images.generate`); "" for one of none."""
        having = (one for one in _PARAMETERS if api == one or api.startswith(f"{one}."))
        return next(having, "")

    def names_parameter(self, api: str, name: str) -> bool:
        """Whether the profile says anything of a parameter of a call."""
        return name in self.parameter_names(_PARAMETERS.get(self.family(api), "chat_parameters"))

    @property
    def ignores_unknown(self) -> bool:
        """Whether a parameter that nobody names is known to have no effect, and to do no harm."""
        return "unknown_parameters" in self.data

    def parameter_families(self) -> tuple[str, ...]:
        """The kinds of requests whose parameters the profile knows: chat, embeddings."""
        return tuple(family for family, table in _PARAMETERS.items() if table in self.data)

    def parameters_of(self, family: str) -> tuple[str, ...]:
        """The names of the parameters the profile knows of a kind of requests."""
        return self.parameter_names(_PARAMETERS[family])

    def chat_parameter(
        self, name: str, models: Iterable[str] = (), *, thinks: bool = False
    ) -> Parameter:
        return self._parameter("chat_parameters", name, models, thinks=thinks)

    def embeddings_parameter(self, name: str, models: Iterable[str] = ()) -> Parameter:
        return self._parameter("embeddings_parameters", name, models)

    def responses_parameter(self, name: str) -> Parameter:
        return self._parameter("responses_parameters", name)

    def responses_tool(self, kind: str) -> Parameter:
        """The verdict on a tool of the Responses API, by its type."""
        entry = self.data.get("responses_tools", {}).get(kind)
        if entry is None:
            return Parameter(kind, "unknown", "reject", _("no source names this tool"))
        return self._parameter("responses_tools", kind)

    def responses_part(self, kind: str) -> Parameter:
        """The verdict on a part of a message's content in the Responses API, by its type."""
        return self._parameter("responses_content", kind)

    @property
    def has_responses(self) -> bool:
        """Whether the profile says what requests of the Responses API may hold."""
        return "responses_parameters" in self.data

    def role(self, name: str, models: Iterable[str] = ()) -> Parameter:
        return self._parameter("roles", name, models)

    def content_part(self, name: str, models: Iterable[str] = ()) -> Parameter:
        return self._parameter("content", name, models)

    def _parameter(
        self, table: str, name: str, models: Iterable[str] = (), *, thinks: bool = False
    ) -> Parameter:
        entry = self.data.get(table, {}).get(name)
        if entry is None:
            known = name in _SDK_ARGUMENTS
            if known:
                return Parameter(
                    name, "supported", "keep", _("an argument of the openai SDK itself")
                )
            rule = self.data.get("undocumented", "drop")
            return Parameter(name, "unknown", rule, _("no source names this parameter"))
        asked = table, name, tuple(models), thinks
        if asked not in self._verdicts:
            said = [self._verdict(name, _of_model(entry, one, thinks=thinks)) for one in asked[2]]
            strictest = max(said, key=_strictness, default=None)
            self._verdicts[asked] = strictest or self._verdict(name, entry)
        return self._verdicts[asked]

    @cached_property
    def _verdicts(self) -> dict[tuple[str, str, tuple[str, ...], bool], Parameter]:
        """What was asked already: many calls ask for the same."""
        return {}

    def _verdict(self, name: str, entry: Mapping[str, Any]) -> Parameter:
        return Parameter(
            name,
            entry["verdict"],
            entry.get("action", "keep"),
            str(entry.get("detail", "")),
            entry.get("name_there"),
            entry.get("value_there"),
            entry.get("default_here") or entry.get("write"),
            entry.get("minimum"),
            entry.get("maximum"),
            bool(entry.get("open_minimum")),
            bool(entry.get("open_maximum")),
            entry.get("nearest_minimum"),
            entry.get("nearest_maximum"),
            tuple(entry.get("values", ())),
            bool(entry.get("dispensable")),
            self.cite(entry),
            str(entry.get("matches", "")),
            str(entry.get("default_there", "")),
            tuple(entry.get("values_there", {}).items()),
            tuple(entry.get("idle", ())),
            entry.get("decimals"),
            entry.get("step"),
        )

    def parameter_names(self, table: str) -> tuple[str, ...]:
        return tuple(self.data.get(table, ()))

    # -- models --------------------------------------------------------------------------------

    @cached_property
    def _models(self) -> dict[str, Model]:
        found: dict[str, Model] = {}
        for entry in self.data["models"]:
            for name in (entry["id"], *entry.get("snapshots", ())):
                found.setdefault(name, self._model(name, entry))
        return found

    def _model(self, name: str, entry: Mapping[str, Any]) -> Model:
        def known(key: str) -> bool | None:
            value = entry.get(key)
            return value if isinstance(value, bool) else None

        schema = known("json_schema")
        if entry["id"] in self.data["json_schema_models"]["ids"]:
            schema = True

        def price(key: str) -> Price | None:
            figures = entry.get(key)
            return (figures[0], figures[1]) if figures else None

        return Model(
            name,
            entry["kind"],
            entry.get("context"),
            entry.get("max_output"),
            known("vision"),
            known("video"),
            known("audio_in"),
            known("tools"),
            known("json_object"),
            schema,
            entry.get("thinking", "never"),
            bool(entry.get("thinking_default")),
            entry.get("thinking_default") == "unknown",
            bool(entry.get("stream_only")),
            tuple(entry.get("dimensions", ())),
            entry.get("default_dimension"),
            entry.get("max_batch"),
            str(entry.get("status", "unknown")),
            str(entry.get("note", "")),
            price("price_cny"),
            price("price_usd"),
            str(entry.get("price_note") or entry.get("price", "")),
            self.cite(entry),
        )

    def models(self) -> tuple[Model, ...]:
        return tuple(self._models.values())

    def model(self, model_id: str) -> Model | None:
        """A model that is served now; None for a retired or unknown id."""
        return self._models.get(model_id)

    @cached_property
    def own_models(self) -> OwnModels:
        """The ids that users give models of their own; no patterns where there are none."""
        entry = self.data.get("own_models") or {"patterns": (), "detail": ""}
        return OwnModels(tuple(entry["patterns"]), entry["detail"], self.cite(entry))

    def is_own_model(self, model_id: str) -> bool:
        """Whether an id is one that a user gave a model."""
        return _any_matches(self.own_models.patterns, model_id)

    def retired(self, model_id: str) -> Fact | None:
        """Why an id may not be written any more, if it is on a retirement list."""
        for entry in self.data["retired"]:
            if any(fnmatch.fnmatchcase(model_id, pattern) for pattern in entry["ids"]):
                text = _(_GONE.get(entry["since"], _OFF), since=entry["since"])
                text = _("{text} ({confidence})", text=text, confidence=entry["confidence"])
                return Fact(text, self.cite(entry))
        return None

    def map_model(
        self,
        openai_id: str,
        needs: Iterable[str] = (),
        overrides: Mapping[str, str] | None = None,
    ) -> ModelChoice:
        """What an OpenAI model becomes for a call with these needs.

        `needs`: image, video, audio, tools, forced_tools, json_object, json_schema, n, logprobs,
        long_context, and either `plain` for a call that must not reason (with `unswitched` where
        it can't say so) or `reasoning` for one that has to. A user's own choice (`overrides`) is
        taken as it is, but for a retired model.
        Raises RetiredModelError.
        """
        if overrides and openai_id in overrides:
            chosen = overrides[openai_id]
            if gone := self.retired(chosen):
                raise RetiredModelError(
                    _(
                        "{model} can't become {chosen}: it is {text}; choose a current model "
                        "(migrate providers {spelled})",
                        model=openai_id,
                        chosen=chosen,
                        text=gone.text,
                        spelled=self.spelled,
                    )
                )
            return ModelChoice(openai_id, chosen, (), "chosen", _("your own choice"), ())
        entry = self._map_entry(openai_id)
        if entry is None:
            return ModelChoice(openai_id, None, (), "unknown", _("no source maps this model"), ())
        wanted = frozenset(needs)
        fallbacks = self.data["model_map_fallbacks"]["models"].get(entry["here"], ())
        every = (entry["here"], *entry["alternatives"], *fallbacks)
        options = [name for name in dict.fromkeys(every) if name]
        usable = [name for name in options if name in self._models]
        sources = self.cite(entry)
        fitting = [name for name in usable if self.lacks(name, wanted) == ()]
        if fitting and fitting[0] == entry["here"]:
            chosen, why = fitting[0], str(entry["why"])
        elif fitting:
            chosen = fitting[0]
            missing = listed(self.lacks(entry["here"], wanted)) or _("availability")
            why = _(
                "{here} lacks what the call needs ({missing}); {chosen} has it",
                here=entry["here"],
                missing=missing,
                chosen=chosen,
            )
        elif usable:
            # Nothing meets every need: what comes nearest, and the caller says what is missing.
            chosen = min(usable, key=lambda name: self._shortcomings(name, wanted))
            why = str(entry["why"])
        else:
            return ModelChoice(openai_id, None, (), entry["confidence"], str(entry["why"]), sources)
        others = tuple(name for name in usable if name != chosen)
        confidence = entry["confidence"] if chosen == entry["here"] else "inferred"
        return ModelChoice(openai_id, chosen, others, confidence, why, sources)

    def _map_entry(self, openai_id: str) -> Mapping[str, Any] | None:
        undated = re.sub(self.data["model_map_dates"]["pattern"], "", openai_id)
        for wanted in (openai_id, undated):
            for entry in self.data["model_map"]:
                if wanted in entry["openai"]:
                    return entry  # type: ignore[no-any-return]
        for entry in self.data["model_map"]:
            if any(
                "*" in pattern and fnmatch.fnmatchcase(openai_id, pattern)
                for pattern in entry["openai"]
            ):
                return entry  # type: ignore[no-any-return]
        return None

    def lacks(self, model_id: str, needs: Iterable[str]) -> tuple[str, ...]:
        """Which needs a model is not known to meet."""
        model = self._models.get(model_id)
        if model is None:
            return (_("a current model"),)
        missing = [
            need for need in sorted(needs) if need in _NEEDS and not getattr(model, _NEEDS[need])
        ]
        missing += [
            need
            for need, rule in _RULES_OF_NEEDS.items()
            if need in needs and rule in self.rules and self.rules[rule].concerns(model_id)
        ]
        if "long_context" in needs and (model.context or 0) < _LONG_CONTEXT:
            missing.append("long_context")
        if not {"plain", "forced_tools"}.isdisjoint(needs) and model.thinks:
            switch = self.thinking_off(model_id)
            if switch is None or switch.contested or switch.least:
                missing.append(_("a known way to switch thinking off"))
        if "unswitched" in needs and model.thinks:
            missing.append(_("answers without thinking where nothing switches it off"))
        if "reasoning" in needs:
            missing += self._lacks_while_thinking(model, needs)
        return tuple(missing)

    def _shortcomings(self, model_id: str, needs: Iterable[str]) -> tuple[int, int]:
        """How many needs a model is known not to meet, and how many it is not known to meet."""
        lacking = self.lacks(model_id, needs)
        model = self._models[model_id]
        open_ones = [
            one for one in lacking if one in _NEEDS and getattr(model, _NEEDS[one]) is None
        ]
        return len(lacking) - len(open_ones), len(lacking)

    def _lacks_while_thinking(self, model: Model, needs: Iterable[str]) -> list[str]:
        """What a model that has to reason can't do at the same time."""
        if model.thinking == "never":
            return ["reasoning"]
        rule = self.rules.get("json-while-thinking")
        json_fails = rule is not None and rule.concerns(model.id)
        wants_json = any(need.startswith("json") for need in needs)
        return [_("JSON while it reasons")] if json_fails and wants_json else []

    def thinking_off(self, model_id: str) -> ThinkingSwitch | None:
        """How to switch a model's thinking off, or what is the least of it.

        None where it does not think by default, and where nothing is known to do either.
        """
        model = self._models.get(model_id)
        if model is None or not model.thinks:
            return None
        switch = self.off_switch(model_id)
        return None if model.thinking == "always" and not switch.least else switch

    def thinking_on(self, model_id: str) -> ThinkingSwitch | None:
        """How to switch a model's thinking on; None where it thinks anyway or never can."""
        model = self._models.get(model_id)
        if model is None or model.thinking != "hybrid":
            return None
        if model.thinking_default and not model.default_unsaid:
            return None
        return self.on_switch(model_id)

    @property
    def thinking_room(self) -> int:
        """The smallest token limit that leaves room for thinking; 0 where nobody says."""
        return int(self.data["thinking"].get("room", 0))

    def off_switch(self, model_id: str) -> ThinkingSwitch:
        """What switches thinking off, whatever the model does by default."""
        return self._switch(_of_id(self.data["thinking"]["off"], model_id))

    def on_switch(self, model_id: str) -> ThinkingSwitch:
        """What switches thinking on, whatever the model does by default."""
        return self._switch(_of_id(self.data["thinking_on"], model_id))

    @cached_property
    def split_switch(self) -> ThinkingSwitch | None:
        """What keeps the thoughts of a model out of the text of its answers; None where no need."""
        entry = self.data.get("thinking_split")
        return self._switch(entry) if entry else None

    @cached_property
    def split(self) -> Fact:
        """Why thoughts have to be split off."""
        entry = self.data.get("thinking_split", {})
        return Fact(str(entry.get("detail", "")), self.cite(entry))

    def _switch(self, entry: Mapping[str, Any]) -> ThinkingSwitch:
        return ThinkingSwitch(
            tuple(entry.get("extra_body", {}).items()),
            tuple(entry.get("parameter", {}).items()),
            bool(entry.get("contested")),
            self.cite(entry),
            bool(entry.get("least")),
        )

    @property
    def efforts_off(self) -> frozenset[str]:
        """The values of reasoning_effort that switch thinking off."""
        return frozenset(self.data["thinking"].get("efforts_off", ()))

    def efforts(self, model_id: str) -> tuple[str, ...]:
        """The values of reasoning_effort that a model takes; none where it takes no such thing."""
        for entry in self.data["efforts"]:
            if _any_matches(entry["models"], model_id):
                return tuple(entry["values"])
        return ()

    def embedding_dimensions(self, width: int | None, model_id: str) -> int | None:
        """The `dimensions=` that keeps vectors of a width; None where the model has none such."""
        model = self._models.get(model_id)
        if model is None or width is None:
            return None
        return width if width in model.dimensions else None

    # -- what is refused -----------------------------------------------------------------------

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """What the provider refuses, by rule id, in the order it is looked at."""
        return {
            one["id"]: Rule(
                one["id"],
                one["http"],
                one["code"],
                one["message"],
                tuple(one.get("models", ())),
                tuple(one.get("except_models", ())),
                tuple(one.get("values", ())),
                tuple(one.get("names", ())),
                one.get("minimum"),
                one.get("maximum"),
                self.cite(one),
                one.get("matches", ""),
                one.get("longest"),
            )
            for one in self.data["rules"]
        }

    @cached_property
    def own_parameters(self) -> frozenset[str]:
        """The provider's own request parameters, which stand in extra_body."""
        return frozenset(
            one["name"]
            for one in self.data["provider_parameters"]
            if one.get("pass_as") == "extra_body"
        )

    def serves(self, api: str, model: Model) -> bool:
        """Whether a model is reached through an endpoint (`chat.completions`, `embeddings`, …)."""
        modes = self.data["modes"]
        return model.kind in modes.get(api, ()) and not self.is_native(model.id)

    def speaks(self, model_id: str) -> bool:
        """Whether a model has the voices that are named."""
        return _any_matches(self.voices.models, model_id)

    def has_endpoint(self, api: str) -> bool:
        """Whether a method is served at OpenAI's own path, at least in part."""
        return self.endpoint(api).support in {"yes", "partial"}

    def is_native(self, model_id: str) -> bool:
        """Whether no OpenAI-compatible endpoint reaches a model."""
        return _any_matches(self.data["modes"]["native"], model_id)

    # -- facts to read -------------------------------------------------------------------------

    @cached_property
    def errors(self) -> tuple[ErrorCode, ...]:
        return tuple(
            ErrorCode(
                one["http"],
                one["code"],
                one["meaning"],
                one["exception"],
                self.cite(one),
                one.get("differs", False),
                one.get("kind", ""),
            )
            for one in self.data["errors"]
        )

    def answer_fields(self, api: str) -> tuple[AnswerField, ...]:
        """The parts of a method's answer that come otherwise than OpenAI's."""
        return tuple(
            AnswerField(
                tuple(one["field"].split(".")),
                one["state"],
                tuple(one.get("values", ())),
                one["detail"],
                self.cite(one),
                tuple(one.get("values_there", {}).items()),
            )
            for one in self.data["answers"]
            if any(api == prefix or api.startswith(prefix + ".") for prefix in one["apis"])
        )

    @cached_property
    def error_shape(self) -> Fact:
        return Fact(self.data["error_shape"]["detail"], self.cite(self.data["error_shape"]))

    @property
    def error_body(self) -> Mapping[str, Any]:
        """The body of an error, to fill in: {status}, {code} or {number}, {message}, {id}."""
        body: Mapping[str, Any] = self.data.get("error_shape", {}).get("body", _ERROR_BODY)
        return body

    @cached_property
    def quirks(self) -> tuple[Fact, ...]:
        return tuple(Fact(one["detail"], self.cite(one)) for one in self.data["quirks"])

    @cached_property
    def streams(self) -> Fact | None:
        """What differs in the events of a stream, for who reads them by hand; None where unsaid."""
        entry = self.data.get("streams")
        return Fact(entry["detail"], self.cite(entry)) if entry else None

    @property
    def usage_throughout(self) -> bool:
        """Whether every chunk of a stream carries the usage so far."""
        return str(self.data.get("streams", {}).get("usage")) == "every chunk"

    @cached_property
    def pictures(self) -> AnswerField | None:
        """Where an answer holds the pictures, if not in `data`."""
        entry = self.data.get("pictures")
        if not entry:
            return None
        return AnswerField((entry["field"],), "partial", (), entry["detail"], self.cite(entry))

    @cached_property
    def native(self) -> Native | None:
        """The provider's own interface; None where the profile names none."""
        entry = self.data.get("native")
        if not entry:
            return None
        return Native(
            entry["replaces"],
            entry["path"],
            entry["generation"],
            entry["detail"],
            self.cite(entry),
            entry.get("text_path", ""),
            entry.get("embeddings_path", ""),
            tuple(entry.get("chat_takes", ())),
            tuple(entry.get("embeddings_takes", ())),
            entry.get("codes", {}),
        )

    @cached_property
    def sdk(self) -> OwnSdk | None:
        """The SDK the provider publishes or recommends; None where the profile does not say."""
        entry = self.data.get("sdk")
        return read_sdk(entry, self.cite) if entry else None

    @cached_property
    def single_vectors(self) -> SingleVectors | None:
        """Where embeddings are made one by one; None where the endpoint of OpenAI's kind is."""
        entry = self.data.get("single_vectors")
        return SingleVectors(entry["path"], entry["detail"], self.cite(entry)) if entry else None

    @cached_property
    def drawn_edits(self) -> DrawnEdits | None:
        """How pictures are edited by what draws them; None where that is not so."""
        entry = self.data.get("drawn_edits")
        return DrawnEdits(entry["field"], entry["detail"], self.cite(entry)) if entry else None

    @cached_property
    def voices(self) -> Voices:
        """The voices of the provider's speech: none where the profile names none."""
        entry = self.data.get("voices") or {"table": {}, "names": (), "languages": (), "models": ()}
        return Voices(
            entry["table"],
            tuple(entry["names"]),
            tuple(entry["languages"]),
            tuple(entry["models"]),
            entry.get("longest", 0),
            entry.get("detail", ""),
            self.cite(entry),
            entry.get("spelled", "{voice}"),
        )

    @cached_property
    def translation(self) -> Translation | None:
        """How a text is translated; None where the profile does not say."""
        entry = self.data.get("translation")
        if not entry:
            return None
        sources = self.cite(entry)
        return Translation(
            entry["model"], entry["name_there"], entry["options"], entry["detail"], sources
        )

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """What is there for people who come from OpenAI."""
        return tuple(
            Offer(one["what"], one["kind"], str(one.get("detail", "")), self.cite(one))
            for one in self.data.get("offers", ())
        )

    @cached_property
    def vectors(self) -> Fact:
        return Fact(self.data["vectors"]["detail"], self.cite(self.data["vectors"]))

    @cached_property
    def thinking(self) -> Fact:
        return Fact(self.data["thinking"]["detail"], self.cite(self.data["thinking"]))


# -- loading ----------------------------------------------------------------------------------


@cache
def _files() -> dict[str, Path]:
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


def provider_ids() -> tuple[str, ...]:
    """The ids of the profiles that come with the tool."""
    return tuple(_files())


def known_ids() -> tuple[str, ...]:
    """The ids of all profiles: those that come with the tool, then those of plug-ins.

    Raises PluginError.
    """
    from migrator.plugins import profiles

    return (*provider_ids(), *profiles())


def load_provider(name: str) -> Provider:
    """The profile of an id or alias, or of a file of the user's (its path ends in .yaml or .yml).

    Plug-ins are asked where none of the tool's own has that name. Raises UnknownProviderError,
    ProfileError, PluginError.
    """
    return read_profile(Path(name), name) if is_file(name) else _known_provider(name)


def _known_provider(name: str) -> Provider:
    wanted = name.strip().lower()
    if wanted in _files():
        return _read_own(wanted)
    if (found := _called(wanted, _own())) is not None:
        return found
    if (found := _called(wanted, _of_plugins())) is not None:
        return found
    every = (*_own(), *_of_plugins())
    known = [alias for provider in every for alias in (provider.id, *provider.aliases)]
    nearest = difflib.get_close_matches(wanted, known, n=1)
    hint = (
        _("did you mean {name}?", name=nearest[0])
        if nearest
        else _("known: {names}", names=listed([one.id for one in every]))
    )
    raise UnknownProviderError(_("no provider {name!r}; {hint}", name=name, hint=hint))


def _called(name: str, providers: Iterable[Provider]) -> Provider | None:
    return next((one for one in providers if name in (one.id, *one.aliases)), None)


@each_language
def _read_own(name: str) -> Provider:
    return read_profile(_files()[name])


def _own() -> tuple[Provider, ...]:
    """The providers that come with the tool."""
    return tuple(map(_read_own, _files()))


def _of_plugins() -> tuple[Provider, ...]:
    """The providers of plug-ins. Raises PluginError where one has a name that another has."""
    from migrator import plugins

    return _read_plugged(tuple(plugins.profiles().values()))


@each_language
def _read_plugged(profiles: tuple[Profile, ...]) -> tuple[Provider, ...]:
    taken = {name: "migrate" for one in _own() for name in (one.id, *one.aliases)}
    read = []
    for profile in profiles:
        try:
            found = read_profile(profile.file, profile.id)
        except ProfileError as error:
            raise profile.fault(str(error)) from None
        if found.id != profile.id:
            raise profile.fault(_("{file}: id: must be {id}", file=profile.file, id=profile.id))
        for name in (found.id, *found.aliases):
            if name in taken:
                told = _("{owner} has a provider {name} already", owner=taken[name], name=name)
                raise profile.fault(told)
            taken[name] = profile.package
        read.append(Provider(found.file, {**found.data, "package": profile.package}))
    return tuple(read)


def read_profile(path: Path, spelled: str = "") -> Provider:
    """Read and validate one profile, or the short file of a gateway, which has no `schema`.

    `spelled` is what the user called it. Raises ProfileError naming the file and the key.
    """
    compiled = read_compiled(path) if path.parent == FOLDER else None
    if compiled is not None:
        return Provider(str(path), said(compiled))
    data = _read(path)
    if spelled and not (isinstance(data, dict) and "schema" in data):
        return gateway_provider(data, file=str(path), name=path.name, spelled=spelled)
    whole = said(_valid(path, data))
    return Provider(str(path), {**whole, "spelled": spelled} if spelled else whole)


def checked(path: Path) -> Mapping[str, Any]:
    """What a profile's YAML holds. Raises ProfileError naming the file and the key."""
    return _valid(path, _read(path))


def _read(path: Path) -> Any:
    import yaml

    try:
        return read_yaml(path)
    except FileNotFoundError:
        raise ProfileError(_("{path}: there is no such file", path=path)) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ProfileError(
            _(
                "{path}: cannot be read as YAML: {reason}",
                path=path,
                reason=_first_line(error),
            )
        ) from None


def _valid(path: Path, data: Any) -> Mapping[str, Any]:
    from migrator.profiles import problems

    if problem := next(problems(data), None):
        raise ProfileError(f"{path}: {problem}")
    return data  # type: ignore[no-any-return]


def gateway_provider(table: Any, *, file: str, name: str, spelled: str, at: str = "") -> Provider:
    """The provider that a short table of a user's file describes (see gateway).

    Raises ProfileError naming the file and the key, which stands below `at`.
    """
    from migrator.gateway import profile
    from migrator.gateway.keys import GatewayError

    def base(like: str) -> Mapping[str, Any]:
        try:
            return _known_provider(like).data
        except UnknownProviderError as error:
            raise GatewayError(f"like: {error}") from None

    try:
        return Provider(file, profile(table, name=name, spelled=spelled, base=base))
    except GatewayError as error:
        raise ProfileError(f"{file}: {at}{error}") from None


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:160]
