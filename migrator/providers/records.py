"""What a provider's profile says, fact by fact: each has its sources."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from migrator.decisions import Source

Support = OneOf["yes", "partial", "no", "unknown"]
Pairs = tuple[tuple[str, str], ...]
Price = tuple[float, float]


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
        return (not self.models or any_matches(self.models, model_id)) and not any_matches(
            self.except_models, model_id
        )


def any_matches(patterns: Iterable[str], name: str) -> bool:
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
