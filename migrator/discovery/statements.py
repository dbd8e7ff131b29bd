"""The import statements of a Python file, taken from its bytes without parsing it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_SEPARATOR = b"\0"
_MARK = b"\xef\xbb\xbf"
_JOINT = re.compile(rb"[ \t]*\\\r?\n[ \t]*")
_CONTINUED = (b"\\\n", b"\\\r\n")
_GAP = rb"(?:[ \t]|\\\r?\n)*"
_PART = rb"[^\s#'\"\\;]+"
_PATH = _PART + rb"(?:(?:[ \t]|\\\r?\n)+" + _PART + rb")*"  # there may be blanks about its dots
_FROM = rb"[ \t\f]*(?:from\b" + _GAP + rb"(" + _PATH + rb")" + _GAP + rb")?"
_BEFORE_IMPORT = re.compile(_FROM)
# The same after another statement of the line, or the head of one.
_ON_ONE_LINE = re.compile(
    rb"(?:[^\n#'\"]*;|[ \t]*(?:try|else|finally|(?:if|elif|except|with|for|while)\b[^\n#'\"]*):)("
    + _FROM
    + rb")"
)
_AFTER_IMPORT = frozenset((b" ", b"\t", b"(", b"*", b"\\"))
# What is imported: names in brackets, among comments, or those up to the end of the line.
_NAMES = re.compile(
    _GAP + rb"(?:\([^)#]*(?:#[^\n]*[^)#]*)*|[^;\\\n#]*(?:\\\r?\n[^;\\\n#]*)*(?:#[^\n]*)?)"
)
_IMPORT = re.compile(rb"(?<!\w)import(?!\w)")
_COMMENT = re.compile(rb"#[^\n]*")
_NAME = re.compile(rb"([^\s(),\\;]+)(?:\s+as\s+(\w+))?")
_DOT = re.compile(rb"[ \t]*\.[ \t]*")
_PUNCTUATION = bytes(c if chr(c).isalnum() or c == 95 or c > 127 else 32 for c in range(256))


class Imported(NamedTuple):
    """One import: `from ..a import b as c` is (2, "a", (("b", "c"),)); names empty for `import a`.

    Each name is (name, local name). `local` is what `import a.b as c` binds, "" where there are
    names.
    """

    level: int
    module: str
    names: tuple[tuple[str, str], ...]
    local: str

    @property
    def paths(self) -> list[str]:
        """The dotted path of each name; the module's where it is a star import."""
        return [self.module if name == "*" else f"{self.module}.{name}" for name, _ in self.names]

    @property
    def locals(self) -> list[str]:
        """The names it binds."""
        return [local for _, local in self.names] or [self.local.partition(".")[0]]


def words(data: bytes) -> list[bytes]:
    """The names and numbers in a piece of source, strings and comments included."""
    return data.translate(_PUNCTUATION).split()


def plain(data: bytes) -> bytes:
    """A file without a mark before it, its lines ended by LF: what is searched line by line."""
    if data.startswith(_MARK):
        data = data[len(_MARK) :]
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data


def import_statements(data: bytes) -> bytes:
    """The import statements of a file as written, joined; `imported` reads them.

    The file is one whose lines are ended by LF (see `plain`).
    """
    found = []
    at = data.find(b"import")
    while at >= 0:
        after = end = at + 6
        if data[after : after + 1] in _AFTER_IMPORT:
            start = _statement_start(data, at)
            if start is not None and (names := _NAMES.match(data, after)):
                end = names.end()
                statement = data[start:end]
                found.append(_JOINT.sub(b" ", statement) if b"\\" in statement else statement)
        at = data.find(b"import", end)
    return _SEPARATOR.join(found)


def _statement_start(data: bytes, at: int) -> int | None:
    """Where the statement begins whose `import` this is, None where it is none."""
    start = _line_start(data, at)
    if start == at or _BEFORE_IMPORT.fullmatch(data, start, at):
        return start
    match = _ON_ONE_LINE.fullmatch(data, start, at)
    return match.start(1) if match else None


def _line_start(data: bytes, at: int) -> int:
    """Where the line begins that a place is on, with the lines that it continues."""
    start = data.rfind(b"\n", 0, at) + 1
    while data.endswith(_CONTINUED, 0, start):
        start = data.rfind(b"\n", 0, start - 1) + 1
    return start


def imported(statements: bytes) -> Iterator[Imported]:
    """What joined import statements import."""
    if not statements:
        return
    for statement in statements.split(_SEPARATOR):
        before, after = _IMPORT.split(statement, maxsplit=1)
        if b"#" in after:
            after = _COMMENT.sub(b" ", after)
        if b"." in after:
            after = _DOT.sub(b".", after)
        names = [
            (name.decode("utf-8", "replace"), (alias or name).decode("utf-8", "replace"))
            for name, alias in _NAME.findall(after)
        ]
        module = b"".join(before.strip()[4:].split()).decode("utf-8", "replace")
        if not module:
            for name, local in names:
                yield Imported(0, name, (), local)
            continue
        dotted = module.lstrip(".")
        yield Imported(len(module) - len(dotted), dotted, tuple(names), "")
