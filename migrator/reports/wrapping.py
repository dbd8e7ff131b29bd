"""Lines that fit a terminal; Chinese has no blanks to break them at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from migrator.reports.words import width_of

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 80
# A wide character with the punctuation that must not begin a line, or what stands between such.
_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_CLOSING = "\u3001\u3002\u300b\u300d\u300f\u3011\uff01\uff09\uff0c\uff1a\uff1b\uff1f"
_OPENING = "\u300a\u300c\u300e\u3010\uff08"
_BREAKS = re.compile(f"[{_OPENING}]*(?:[^{_WIDE}]+|[{_WIDE}])[{_CLOSING}]*")
_HANGING = 2  # columns by which a line that goes on stands further in


def wrapped(text: str, head: str, *, width: int = WIDTH, hanging: int = 0) -> Iterator[str]:
    """The text in lines of at most `width` columns, below `head`; a longer word is whole.

    A line may also be broken before a wide character.
    """
    line, indent = head, " " * (width_of(head) + hanging)
    room = False  # whether anything stands on the line yet
    for blank, part in _parts(text):
        gap = " " if blank and room else ""
        if room and width_of(line) + len(gap) + width_of(part) > width:
            yield line
            line, gap = indent, ""
        line, room = f"{line}{gap}{part}", True
    if room:
        yield line


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """What must stay whole, each with whether a blank is before it."""
    for word in text.split():
        for number, part in enumerate(_BREAKS.findall(word)):
            yield number == 0, part


def fitted(line: str, console: Console) -> Iterator[str]:
    """A line in lines of a terminal's width, each further one further in; as it is for a pipe."""
    if not console.is_terminal or width_of(line) <= console.width:
        yield line
        return
    text = line.lstrip(" ")
    indent = line[: len(line) - len(text)]
    yield from wrapped(text, indent, width=console.width, hanging=_HANGING)


def beside(head: int, text: str, console: Console) -> str:
    """A text that goes on below itself, right of a head of so many columns; as it is for a pipe."""
    if not console.is_terminal or head + width_of(text) <= console.width:
        return text
    return "\n".join(wrapped(text, " " * head, width=console.width)).lstrip(" ")
