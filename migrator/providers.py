"""A provider's profile: loads and validates `knowledge/providers/<id>.yaml` and answers questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf

from migrator.decisions import Source

Support = OneOf["yes", "partial", "no", "unknown"]
Action = OneOf["keep", "drop", "rename", "extra_body", "clamp", "reject"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Whether the provider serves one OpenAI method path, and what is nearest where it does not."""

    api: str
    support: Support
    detail: str
    counterpart: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """The verdict on one request parameter and what a rewriting does with it.

    `action`: keep; drop (undocumented or refused: taken away, with a note); rename (to `name_there`);
    extra_body (the provider takes it only there); clamp (to `minimum`/`maximum`, with `below` for an
    open upper end); reject (refused, and taking it away would change what the program does).
    """

    name: str
    verdict: str
    action: Action
    detail: str
    name_there: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    open_minimum: bool = False
    open_maximum: bool = False
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """A model the provider serves now. None means that nobody says."""

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
    thinking: str = "never"  # never, hybrid, always
    thinking_default: bool = False
    stream_only: bool = False
    dimensions: tuple[int, ...] = ()
    default_dimension: int | None = None
    max_batch: int | None = None
    status: str = "current"
    note: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What an OpenAI model becomes. `model` is None where there is no counterpart."""

    openai: str
    model: str | None
    alternatives: tuple[str, ...]
    confidence: str  # official, inferred, unknown, chosen (by the user)
    why: str
    sources: tuple[Source, ...]
