"""JSON, with comments and trailing commas allowed, read with the position of every value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from migrator.analysis.documents.findings import (
    Bounds,
    Entry,
    Finding,
    judge_config,
    paired,
    sibling_keys,
)
from migrator.analysis.documents.requirement import Requirement, finding, listed
from migrator.analysis.sites import Kind

_TOKEN = re.compile(
    r"(?P<string>\"(?:[^\"\\\n]|\\.)*\")|(?P<mark>[{}\[\]:,])"
    r"|(?P<skipped>//[^\r\n]*|/\*.*?(?:\*/|\Z)|\"(?:[^\"\\\n]|\\.)*(?=\n|\Z))"
    r"|(?P<bare>[^\s{}\[\]:,\"/]+|/)",
    re.DOTALL,
)


class _Container:
    """An object or an array that is open: its place in its parent and what comes next in it."""

    __slots__ = ("bounds", "index", "is_object", "key")

    def __init__(self, is_object: bool) -> None:
        self.is_object = is_object
        self.key: str | None = None
        self.bounds: Bounds | None = None
        self.index = 0

    @property
    def step(self) -> str | int:
        return (self.key or "") if self.is_object else self.index


def unquoted(token: str) -> str:
    """The value of a JSON string literal; the text itself where it is not a valid one."""
    if "\\" not in token:
        return token[1:-1]
    try:
        return str(json.loads(token))
    except ValueError:
        return token[1:-1]


def entries(text: str) -> Iterator[Entry]:
    """Every scalar of the document. What is malformed is read as far as it makes sense."""
    stack: list[_Container] = []
    for match in _TOKEN.finditer(text):
        top = stack[-1] if stack else None
        token = match.group()
        if match.lastgroup == "skipped":
            continue
        if match.lastgroup == "mark":
            if token in "{[":
                stack.append(_Container(token == "{"))
            elif token in "}]":
                if stack:
                    stack.pop()
            elif token == "," and top:
                top.key, top.bounds = None, None
                top.index += 1
            continue
        start, end = match.span()
        quoted = match.lastgroup == "string"
        inner = (start + 1, end - 1) if quoted else (start, end)
        value = unquoted(token) if quoted else token
        if top and top.is_object and top.key is None:
            top.key, top.bounds = value, inner
            continue
        key = top.bounds if top and top.is_object else None
        path = tuple(container.step for container in stack)
        yield Entry(path, value, inner, (key[0] - 1 if key else start, end), key)


def requirements(text: str) -> Iterator[Requirement]:
    """Every requirement of its lists."""
    return filter(None, map(listed, entries(text)))


def findings(text: str) -> Iterator[Finding]:
    """The findings of a JSON document."""
    found_entries = paired(entries(text))
    for entry in found_entries:
        if found := finding(listed(entry)) or judge_config(entry):
            yield found
    yield from sibling_keys(found_entries, Kind.CONFIG)
