"""Small questions to the text of a test: where in an expectation an expression stands."""

from __future__ import annotations

import re

from migrator.analysis.sites import Span
from migrator.source import SourceText

_AROUND = 1000
_ASSERTS = r"\.assert_(?:any_call|(?:called|awaited)\w*_with|any_await)\("
_ALL_ARGUMENTS = re.compile(rf"{_ASSERTS}|==\s*(?:\{{|dict\()")
# What stands beside a model in a request, and not in a setting.
_REQUEST = re.compile(r"""\b(?:messages|input|prompt)\b["']?\s*[:=]""")
_OF_CLIENT = re.compile(rf"{_ASSERTS}(?=[^()]*\bapi_key\s*=)")
# `model="…"`, `{"model": "…"}`
_MODEL_OF = re.compile(r"""\bmodel(?:\s*=|["']\s*:)\s*\Z""")


def is_model_of(source: SourceText, span: Span) -> bool:
    """Whether an expression is given under the name `model`."""
    return _MODEL_OF.search(_before(source, span)) is not None


def with_all_arguments(source: SourceText, span: Span) -> bool:
    """Whether an expression stands where every argument of a call is asserted or compared."""
    before = _before(source, span)
    found = list(_ALL_ARGUMENTS.finditer(before))
    inside = before[found[-1].end() :] if found else ")"
    if any(inside.count(one) < inside.count(other) for one, other in ("()", "{}", "[]")):
        return False
    _, end = source.bounds(span)
    around = inside + source.text[end : end + _AROUND]
    return found[-1].group().startswith(".") or _REQUEST.search(around) is not None


def compares_client(source: SourceText) -> bool:
    """Whether an assertion names the key that a client is made with."""
    return _OF_CLIENT.search(source.text) is not None


def _before(source: SourceText, span: Span) -> str:
    start, _ = source.bounds(span)
    return source.text[max(0, start - _AROUND) : start]
