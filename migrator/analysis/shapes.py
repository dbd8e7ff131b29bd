"""What the answers of OpenAI's API are made of: objects, lists, and the leaves in them."""

from __future__ import annotations

from enum import Enum
from functools import cache

from migrator.analysis import surface
from migrator.analysis.values import Answer


class Shape(str, Enum):
    """What a part of an answer is."""

    OBJECT = "object"  # has named fields
    LIST = "list"
    MAPPING = "mapping"  # a plain dict, whichever the release
    LEAF = "leaf"  # a string, a number, a flag
    UNKNOWN = "unknown"


@cache
def _modern(api: str) -> str:
    """The method that a 0.x method became, which answers alike; any other method itself."""
    legacy = surface.legacy_call(api)
    return api if legacy is None else legacy.maps_to or ""


@cache
def is_page(api: str) -> bool:
    """Whether a method gives pages: iterating over one gives the items of its `data`."""
    found = surface.method(_modern(api))
    return found is not None and "Page[" in found.returns


@cache
def can_stream(api: str) -> bool:
    """Whether what a method gives may be a stream."""
    found = surface.method(_modern(api))
    return found is None or found.streaming is not None


def shape(answer: Answer) -> Shape:
    """What a part of an answer is."""
    return shape_of(answer.api, answer.path, answer.streamed)


def is_beyond(answer: Answer) -> bool:
    """Whether a part lies two steps or more outside the known fields of an answer."""
    return len(answer.path) > 1 and _is_outside(answer.api, answer.path[:-1], answer.streamed)


@cache
def _is_outside(api: str, path: tuple[str, ...], streamed: bool) -> bool:
    known = surface.answer_type(_modern(api), streamed) is not None
    return known and shape_of(api, path, streamed) is Shape.UNKNOWN


@cache
def shape_of(api: str, path: tuple[str, ...], streamed: bool = False) -> Shape:
    """What the part under a path is; UNKNOWN where the API's types do not say."""
    code = surface.answer_type(_modern(api), streamed) or _UNTOLD
    for step in path:
        code = _below(code, step)
    if code.startswith("["):
        return Shape.LIST
    return _CODES.get(code, Shape.OBJECT)


_UNTOLD = "?"
_CODES = {".": Shape.LEAF, "{}": Shape.MAPPING, _UNTOLD: Shape.UNKNOWN}


def _below(code: str, step: str) -> str:
    """The shape of one part of what has a shape."""
    if code.startswith("["):
        return code[1:-1] if step == "*" or step.isdigit() else _UNTOLD
    fields = surface.answer_fields(code) or {}
    by_attribute = {surface.answer_attribute(name): name for name in fields}
    return fields.get(by_attribute.get(step, step), _UNTOLD)
