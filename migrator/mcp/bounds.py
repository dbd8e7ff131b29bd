"""What fits into an agent's context: pages of lists, and texts that are cut where they are long."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from migrator.errors import MigrateError
from migrator.reports.json import document
from migrator.reports.redaction import redact, redact_all
from migrator.reports.words import visible

Document = dict[str, Any]

MOST = 40_000  # characters of an answer
SHORTENED = "shortened"
# How long a text and a list may be: the next pair where the answer is too long with one.
_STEPS = ((10_000, 200), (2_000, 50), (400, 10))


class TooLongError(MigrateError):
    """Even cut short, the answer is too long."""

    exit_code = 2


def line(text: str) -> str:
    """A text in one line, with every secret in it hidden."""
    return visible(" ".join(redact(text).split()))


def contract(text: str) -> Document:
    """A document of reports/ as values that any JSON can hold."""
    content: Document = _printable(redact_all(json.loads(text)))
    return content


def of(content: Document) -> Document:
    """A document of this schema of what has none in reports/."""
    return contract(document(content))


def written(content: Document) -> str:
    """A document as it is sent."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def page(entries: Sequence[Any], offset: int, limit: int) -> tuple[list[Any], Document]:
    """The entries from an offset on that fit into an answer, and which of how many they are."""
    shown: list[Any] = []
    room = MOST * 3 // 4
    for entry in entries[offset : offset + limit]:
        room -= len(written({"": _cut(entry, *_STEPS[0])}))
        if room < 0 and shown:
            break
        shown.append(entry)
    end = offset + len(shown)
    return shown, {
        "offset": offset,
        "shown": len(shown),
        "total": len(entries),
        "next_offset": end if shown and end < len(entries) else None,
    }


def fitted(content: Document) -> Document:
    """The document, with long texts and lists cut where it is too long; then it says `shortened`.

    Raises TooLongError.
    """
    for longest, most in _STEPS:
        cut: Document = _cut(content, longest, most)
        if cut != content:
            cut[SHORTENED] = True
        if len(written(cut)) <= MOST:
            return cut
    raise TooLongError("the answer is too long: ask for less (a folder in it, a lower limit)")


def _cut(value: Any, longest: int, most: int) -> Any:
    match value:
        case str() if len(value) > longest:
            return f"{value[:longest]}… {len(value) - longest:,} more characters"
        case list():
            return [_cut(one, longest, most) for one in value[:most]]
        case dict():
            kept = list(value.items())[:most]
            return {key: _cut(one, longest, most) for key, one in kept}
    return value


def _printable(value: Any) -> Any:
    match value:
        case str():
            # A file's name may hold bytes that are no UTF-8, which no JSON on the wire can hold.
            return value.encode("utf-8", "backslashreplace").decode("utf-8")
        case list():
            return [_printable(one) for one in value]
        case dict():
            return {key: _printable(one) for key, one in value.items()}
    return value
