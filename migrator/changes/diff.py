"""Changed files as a unified diff: exact bytes for `git apply`, readable text for display."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from migrator.changes.comparing import Compared
from migrator.source import SourceText, UndecodableError

CONTEXT = 3
_REGULAR_FILE = b"100644"
_NO_NEWLINE = b"\n\\ No newline at end of file\n"
_ESCAPES = dict(zip('\a\b\t\n\v\f\r"\\', 'abtnvfr"\\', strict=True))


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a file holds and what it is to hold. `path` is relative to the root, with `/`.

    None stands for a file that does not exist.
    """

    path: str
    before: bytes | None
    after: bytes | None


def unified_diff(
    changes: Sequence[FileChange], *, prefix: str = "", context: int = CONTEXT
) -> bytes:
    """The changes as one diff that `git apply` carries out byte for byte, in path order.

    Its bytes are those of the files, whatever their encodings, so it is written to disk as it is.
    git reads the paths from the top of the repository: `prefix` (`services/api/`) leads there from
    the root of the changes. `context` is how many lines stand around a change: one at least.
    """
    return b"".join(header + hunks for _, header, hunks in _patches(changes, prefix, context))


def diff_text(changes: Sequence[FileChange], *, context: int = CONTEXT) -> str:
    """The same diff for people and for JSON, each file decoded in its own encoding."""
    return "".join(
        header.decode("utf-8", "replace") + hunks.decode(_encoding(change), "replace")
        for change, header, hunks in _patches(changes, "", context)
    )


def _patches(
    changes: Sequence[FileChange], prefix: str, context: int
) -> Iterator[tuple[FileChange, bytes, bytes]]:
    """Each change with its header and its hunks."""
    for change in sorted(changes, key=lambda change: change.path):
        if change.before != change.after:
            hunks = _hunks(change.before, change.after, context)
            yield change, b"".join(_header(change, prefix)), hunks


def _header(change: FileChange, prefix: str) -> Iterator[bytes]:
    old, new = (_name(side, prefix + change.path) for side in ("a/", "b/"))
    yield b"diff --git %s %s\n" % (old, new)
    if change.before is None:
        yield b"new file mode %s\n" % _REGULAR_FILE
    if change.after is None:
        yield b"deleted file mode %s\n" % _REGULAR_FILE
    if not change.before and not change.after:  # an empty file comes or goes: there are no lines
        return
    yield b"--- %s\n" % (b"/dev/null" if change.before is None else _ended(old))
    yield b"+++ %s\n" % (b"/dev/null" if change.after is None else _ended(new))


@lru_cache(maxsize=1024)
def _hunks(before: bytes | None, after: bytes | None, context: int) -> bytes:
    """What is shown, looked through for keys and saved of a file is one diff: it is made once."""
    return b"".join(_marked_hunks(_lines(before), _lines(after), context))


def _marked_hunks(before: list[bytes], after: list[bytes], context: int) -> Iterator[bytes]:
    for group in Compared(before, after).get_grouped_opcodes(context):
        _, old_start, _, new_start, _ = group[0]
        _, _, old_end, _, new_end = group[-1]
        yield b"@@ -%s +%s @@\n" % (_range(old_start, old_end), _range(new_start, new_end))
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                yield from _marked(b" ", before[old_from:old_to])
            else:
                yield from _marked(b"-", before[old_from:old_to])
                yield from _marked(b"+", after[new_from:new_to])


def _marked(sign: bytes, lines: list[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield sign + (line if line.endswith(b"\n") else line + _NO_NEWLINE)


def _range(start: int, end: int) -> bytes:
    """A hunk's range as diff writes it: an empty one names the line before it."""
    length = end - start
    if length == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + 1 if length else start, length)


def _lines(data: bytes | None) -> list[bytes]:
    """The lines with their ends. For git only LF ends a line: CR belongs to it."""
    return re.findall(rb"[^\n]*\n|[^\n]+", data or b"")


def _name(side: str, path: str) -> bytes:
    """A file's name, in quotes where git needs them. One in UTF-8 stays readable."""
    name = (side + path).encode("utf-8", "surrogateescape")
    quoted = "".join(map(_character, side + path)).encode()
    return name if quoted == name else b'"' + quoted + b'"'


def _character(character: str) -> str:
    if escape := _ESCAPES.get(character):
        return f"\\{escape}"
    if character.isprintable():
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))


def _ended(name: bytes) -> bytes:
    """A tab ends a name with a blank in it, as git does, since patch reads a date after it."""
    return name + b"\t" if b" " in name and not name.startswith(b'"') else name


def _encoding(change: FileChange) -> str:
    """The encoding of the file, UTF-8 where it is not text in any."""
    try:
        data = change.before or change.after or b""
        return SourceText.decode(data, python=change.path.endswith(".py")).encoding
    except UndecodableError:
        return "utf-8"
