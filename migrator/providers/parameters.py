"""The verdict on a parameter of a request, and what a rewriting does with it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from typing import Literal as OneOf

from migrator.decisions import Source
from migrator.language import _
from migrator.providers.records import Pairs, any_matches

Action = OneOf["keep", "drop", "rename", "extra_body", "clamp", "reject", "chat"]


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


# What is done with a parameter, from what changes least of a call to what changes most.
_STRICTNESS = ("keep", "clamp", "extra_body", "rename", "chat", "drop", "reject")


def strictness(parameter: Parameter) -> tuple[int, float, float]:
    """How much is done with a parameter, and how narrow its range is."""
    low, high = parameter.minimum, parameter.maximum
    room = -(high if high is not None else math.inf), low if low is not None else -math.inf
    return _STRICTNESS.index(parameter.action), *room


def of_model(entry: Mapping[str, Any], model_id: str, *, thinks: bool) -> Mapping[str, Any]:
    """What an entry of a parameter says for one model: the first of `by_model` that fits it."""
    for own in entry.get("by_model", ()):
        if any_matches(own["models"], model_id) and own.get("thinking", thinks) == thinks:
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
