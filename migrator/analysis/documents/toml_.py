"""TOML, read with the position of every key and value; pyproject.toml and Pipfile among them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.analysis.documents.findings import Bounds, Entry, Finding, judge_config, sibling_keys
from migrator.analysis.documents.json_ import unquoted
from migrator.analysis.documents.requirement import Requirement, finding, listed, tabled
from migrator.analysis.sites import Kind

_TOKEN = re.compile(
    r"(?P<comment>#[^\r\n]*)"
    r"|(?P<long>\"\"\".*?\"\"\"|'''.*?''')"
    r"|(?P<basic>\"(?:[^\"\\\r\n]|\\.)*\")|(?P<literal>'[^'\r\n]*')"
    r"|(?P<line>\r\n|\r|\n)|(?P<mark>[=\[\]{},])|(?P<bare>[^\s=\[\]{},#\"']+)",
    re.DOTALL,
)

Token = re.Match[str]


def _value(token: Token) -> str:
    text = token.group()
    if token.lastgroup == "long":
        return text[3:-3]
    if token.lastgroup == "literal":
        return text[1:-1]
    return unquoted(text) if token.lastgroup == "basic" else text


def _inner(token: Token) -> Bounds:
    """The bounds of a token without its quotes."""
    width = {"long": 3, "basic": 1, "literal": 1}.get(token.lastgroup or "", 0)
    return token.start() + width, token.end() - width


class _Reader:
    """Reads statements off the tokens. Malformed input ends the statement, not the reading."""

    def __init__(self, text: str) -> None:
        self.tokens = [m for m in _TOKEN.finditer(text) if m.lastgroup != "comment"]
        self.at = 0
        self.arrays: dict[tuple[str, ...], int] = {}

    def peek(self, text: str = "") -> Token | None:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        return token if token and (not text or token.group() == text) else None

    def take(self, text: str) -> bool:
        found = self.peek(text) is not None
        self.at += found
        return found

    def skip_lines(self) -> None:
        while (token := self.peek()) and token.lastgroup == "line":
            self.at += 1

    def skip_statement(self) -> None:
        while (token := self.peek()) and token.lastgroup != "line":
            self.at += 1

    def key(self) -> tuple[tuple[str, ...], Bounds] | None:
        """A dotted key and the bounds of its last part."""
        parts: list[str] = []
        bounds: Bounds | None = None
        while (token := self.peek()) and token.lastgroup in ("bare", "basic", "literal"):
            if token.lastgroup == "bare":
                parts += [part for part in token.group().split(".") if part]
                end = token.end()
                bounds = (end - len(parts[-1]) if parts else end, end)
            else:
                parts.append(_value(token))
                bounds = _inner(token)
            self.at += 1
        return (tuple(parts), bounds) if parts and bounds else None

    def statements(self) -> Iterator[Entry]:
        table: tuple[str | int, ...] = ()
        while self.at < len(self.tokens):
            self.skip_lines()
            if self.take("["):
                is_array = self.take("[")
                header = self.key()
                table = self.table(header[0] if header else (), is_array)
            else:
                yield from self.pair(table)
            self.skip_statement()

    def table(self, name: tuple[str, ...], is_array: bool) -> tuple[str | int, ...]:
        """The path of a table's header, with the index of each array of tables on the way."""
        if is_array:
            inside = [key for key in self.arrays if key[: len(name)] == name and key != name]
            for key in inside:
                del self.arrays[key]
            self.arrays[name] = self.arrays.get(name, -1) + 1
        path: list[str | int] = []
        for at, part in enumerate(name, start=1):
            path.append(part)
            if name[:at] in self.arrays:
                path.append(self.arrays[name[:at]])
        return tuple(path)

    def pair(self, table: tuple[str | int, ...]) -> Iterator[Entry]:
        start = self.peek()
        key = self.key()
        if start and key and self.take("="):
            yield from self.value((*table, *key[0]), start.start(), key[1])

    def value(self, path: tuple[str | int, ...], start: int, key: Bounds | None) -> Iterator[Entry]:
        if self.take("["):
            yield from self.array(path)
        elif self.take("{"):
            yield from self.inline_table(path)
        elif (token := self.peek()) and token.lastgroup not in ("mark", "line"):
            self.at += 1
            yield Entry(path, _value(token), _inner(token), (start, token.end()), key)

    def array(self, path: tuple[str | int, ...]) -> Iterator[Entry]:
        index = 0
        while token := self.peek():
            self.skip_lines()
            before = self.at
            if self.take("]"):
                return
            if self.take(","):
                index += 1
                continue
            yield from self.value((*path, index), token.start(), None)
            if self.at == before:
                return

    def inline_table(self, path: tuple[str | int, ...]) -> Iterator[Entry]:
        while self.peek():
            self.skip_lines()
            before = self.at
            if self.take("}"):
                return
            if not self.take(","):
                yield from self.pair(path)
            if self.at == before:
                return


def entries(text: str) -> Iterator[Entry]:
    """Every scalar of the document, list items with the bounds of their own text."""
    for entry in _Reader(text).statements():
        if entry.is_item:
            start, end = entry.bounds
            yield Entry(entry.path, entry.value, entry.bounds, (start, end))
        else:
            yield entry


def _requirement(entry: Entry) -> Requirement | None:
    return tabled(entry) or listed(entry)


def requirements(text: str) -> Iterator[Requirement]:
    """Every requirement of the document, whatever tool it is for."""
    return filter(None, map(_requirement, entries(text)))


def findings(text: str) -> Iterator[Finding]:
    """The findings of a TOML document."""
    found_entries = list(entries(text))
    for entry in found_entries:
        if found := finding(_requirement(entry)) or judge_config(entry):
            yield found
    yield from sibling_keys(found_entries, Kind.CONFIG)
