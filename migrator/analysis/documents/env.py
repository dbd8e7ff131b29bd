"""`.env` files: `NAME=value`, one a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.analysis.documents.findings import WORDS, Entry, Finding, judge_env, sibling_keys
from migrator.analysis.sites import Kind

_LINE = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*"
    r"(?:\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>[^']*)'"
    rf"|(?P<bare>{WORDS}))"
    r"[ \t]*(?:(?<=[ \t=:])#[^\r\n]*)?$",
    re.MULTILINE,
)


def entries(text: str) -> Iterator[Entry]:
    """Every assignment of the file. Commented-out lines are none."""
    for match in _LINE.finditer(text):
        group = next(g for g in ("double", "single", "bare") if match[g] is not None)
        closing = match.end(group) + (group != "bare")
        yield Entry(
            (match["name"],),
            match[group],
            match.span(group),
            (match.start("name"), closing),
            match.span("name"),
        )


def findings(text: str) -> Iterator[Finding]:
    """The findings of a .env file."""
    lines = list(entries(text))
    for entry in lines:
        if found := judge_env(entry):
            yield found
    yield from sibling_keys(lines, Kind.ENV_KEY)
