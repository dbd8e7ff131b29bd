"""JSON schemas of which a type is to be said everywhere: what in one is left unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_REFERENCE = "$ref"
# What says what a value may be in the place of a type.
_TYPING = ("anyOf", "oneOf", "allOf", "enum", "const")
_INNER = ("properties", "$defs", "definitions")


def unsaid(schema: Any) -> str:
    """What is refused in a schema: a reference, a list of types, a type that is missing; or ""."""
    return next(_refused(schema, "the schema"), "")


def _refused(schema: Any, at: str) -> Iterator[str]:
    if not isinstance(schema, Mapping) or not schema:
        return
    if _REFERENCE in schema:
        yield f"{at} refers to another ({_REFERENCE})"
    elif isinstance(schema.get("type"), list):
        yield f"{at} has a list of types"
    elif "type" not in schema and not any(one in schema for one in _TYPING):
        yield f"{at} has no type"
    for name in _INNER:
        held = schema.get(name)
        for key, inner in held.items() if isinstance(held, Mapping) else ():
            yield from _refused(inner, f"{at}.{key}")
    yield from _refused(schema.get("items"), f"{at}[]")
    for name in _TYPING[:3]:
        held = schema.get(name)
        for inner in held if isinstance(held, list) else ():
            yield from _refused(inner, at)
