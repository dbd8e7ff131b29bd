"""Small questions to the text of a test: where in an expectation an expression stands."""

from __future__ import annotations

import re

from migrator.analysis.sites import Span
from migrator.source import SourceText

_AROUND = 1000
_ALL_ARGUMENTS = re.compile(r"\.assert_(?:any_call|(?:called|awaited)\w*_with|any_await)\(")
# `model="…"`, `{"model": "…"}`
_MODEL_OF = re.compile(r"""\bmodel(?:\s*=|["']\s*:)\s*\Z""")


def is_model_of(source: SourceText, span: Span) -> bool:
    """Whether an expression is given under the name `model`."""
    return _MODEL_OF.search(_before(source, span)) is not None


def with_all_arguments(source: SourceText, span: Span) -> bool:
    """Whether an expression stands in an assertion that names every argument of a call."""
    before = _before(source, span)
    found = list(_ALL_ARGUMENTS.finditer(before))
    inside = before[found[-1].end() :] if found else ")"
    return inside.count("(") >= inside.count(")")


def _before(source: SourceText, span: Span) -> str:
    start, _ = source.bounds(span)
    return source.text[max(0, start - _AROUND) : start]
