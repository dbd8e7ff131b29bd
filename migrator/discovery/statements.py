"""The import statements of a Python file, taken from its bytes without parsing it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_SEPARATOR = b"\0"
_BEFORE_IMPORT = re.compile(rb"[ \t\f]*(?:from\b[ \t]*([^\s#'\"]+)[ \t]*)?")
_AFTER_IMPORT = frozenset((b" ", b"\t", b"(", b"*", b"\\"))
_OPENING = frozenset((b"(", b"\\"))
_COMMENT = re.compile(rb"#[^\n]*")
_NAME = re.compile(rb"([^\s(),\\;]+)(?:\s+as\s+(\w+))?")
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


def import_statements(data: bytes) -> bytes:
    """The import statements of a file as written, joined; `imported` reads them."""
    found = []
    at = data.find(b"import")
    while at >= 0:
        after = at + 6
        start = data.rfind(b"\n", 0, at) + 1
        end = after
        if data[after : after + 1] in _AFTER_IMPORT and (
            start == at or _BEFORE_IMPORT.fullmatch(data, start, at)
        ):
            closing = b")" if data[after : after + 2].strip() in _OPENING else b"\n"
            end = data.find(closing, after)
            end = end if end >= 0 else len(data)
            found.append(data[start:end])
        at = data.find(b"import", end)
    return _SEPARATOR.join(found)


def imported(statements: bytes) -> Iterator[Imported]:
    """What joined import statements import."""
    if not statements:
        return
    for statement in statements.split(_SEPARATOR):
        before, _, after = statement.partition(b"import")
        if b"#" in after:
            after = _COMMENT.sub(b" ", after)
        names = [
            (name.decode("utf-8", "replace"), (alias or name).decode("utf-8", "replace"))
            for name, alias in _NAME.findall(after)
        ]
        module = before.strip()[4:].strip().decode("utf-8", "replace")
        if not module:
            for name, local in names:
                yield Imported(0, name, (), local)
            continue
        dotted = module.lstrip(".")
        yield Imported(len(module) - len(dotted), dotted, tuple(names), "")
