"""Terraform: what variables and environments are set to. Comments are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.analysis.documents.findings import Entry, Finding, judge_config

_COMMENT = re.compile(r"(?m)(?:^|(?<=[ \t]))(?:#|//)[^\r\n]*|(?s:/\*.*?(?:\*/|\Z))")
_PAIR = re.compile(
    r"(?<![\w.-])(?P<quote>\"?)(?P<key>[A-Za-z_][\w.-]*)(?P=quote)[ \t]*[=:][ \t]*"
    r"(?:\"(?P<text>[^\"\r\n]*)\"|(?P<bare>[\w.\[\]]+))"
)


def entries(text: str) -> Iterator[Entry]:
    """Every `name = value` of the file."""
    code = _COMMENT.sub(lambda match: " " * len(match[0]), text)
    for match in _PAIR.finditer(code):
        group = "text" if match["text"] is not None else "bare"
        key = match.span("key")
        whole = (key[0], match.end(group) + (group == "text"))
        yield Entry((match["key"],), match[group], match.span(group), whole, key)


def findings(text: str) -> Iterator[Finding]:
    """The findings of a Terraform file."""
    for entry in entries(text):
        if found := judge_config(entry):
            yield found
