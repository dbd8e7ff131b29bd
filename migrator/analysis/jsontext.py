"""JSON in a text whose characters know where they stand."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]

from migrator.analysis.strings import HOLE
from migrator.language import _

_SCALAR = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")


@dataclass(frozen=True, slots=True)
class Json:
    """A value and its stretch of the text.

    `value` is a scalar, a tuple of values, or of (key, value) pairs where `is_object`; HOLE for
    what fills the text.
    """

    value: object
    start: int
    end: int
    is_object: bool = False


class MalformedError(ValueError):
    """A text that is no JSON."""


def read(text: str) -> Json:
    """The value of a whole text. Raises MalformedError."""
    found = _value(text, _blank(text, 0))
    if _blank(text, found.end) != len(text):
        raise MalformedError(_("more than one value"))
    return found


def _blank(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _value(text: str, at: int) -> Json:
    if text.startswith("{", at):
        return _object(text, at)
    if text.startswith("[", at):
        return _array(text, at)
    if text.startswith('"', at):
        try:
            value, end = scanstring(text, at + 1, False)
        except ValueError as error:
            raise MalformedError(str(error)) from None
        return Json(value, at, end)
    if text.startswith(HOLE, at):
        return Json(HOLE, at, at + 1)
    if scalar := _SCALAR.match(text, at):
        return Json(json.loads(scalar[0]), at, scalar.end())
    raise MalformedError(_("no value"))


def _object(text: str, start: int) -> Json:
    pairs: list[tuple[Json, Json]] = []
    at = _blank(text, start + 1)
    while not text.startswith("}", at):
        key = _value(text, at)
        at = _blank(text, key.end)
        if not text.startswith(":", at):
            raise MalformedError(_("a key without a value"))
        value = _value(text, _blank(text, at + 1))
        pairs.append((key, value))
        at = _separated(text, value.end, "}")
    return Json(tuple(pairs), start, at + 1, is_object=True)


def _array(text: str, start: int) -> Json:
    items: list[Json] = []
    at = _blank(text, start + 1)
    while not text.startswith("]", at):
        items.append(_value(text, at))
        at = _separated(text, items[-1].end, "]")
    return Json(tuple(items), start, at + 1)


def _separated(text: str, at: int, closing: str) -> int:
    """The place of what comes after a comma, or of the closing bracket."""
    at = _blank(text, at)
    if text.startswith(",", at):
        return _blank(text, at + 1)
    if not text.startswith(closing, at):
        raise MalformedError(_("an entry is not ended"))
    return at
