"""Two changes of one text put together, as long as they are apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_LONG = 5_000  # from so many lines on, those that come again and again are not compared
_MARKS = (b"<<<<<<< yours\n", b"=======\n", b">>>>>>> the change\n")


@dataclass(frozen=True, slots=True)
class Merged:
    """The text with both changes; where they overlap both stand in it, between marks."""

    text: bytes
    conflicts: int = 0


def merge(base: bytes, mine: bytes, theirs: bytes) -> Merged:
    """The text in which `mine` and `theirs` are both made of `base`."""
    parts: list[bytes] = []
    conflicts = 0
    for old, own, other in _regions(*(_LINE.findall(one) for one in (base, mine, theirs))):
        if own == other or other == old:
            parts += own
        elif own == old:
            parts += other
        else:
            conflicts += 1
            parts += (_MARKS[0], *_ended(own), _MARKS[1], *_ended(other), _MARKS[2])
    return Merged(b"".join(parts), conflicts)


def has_marks(text: bytes) -> bool:
    """Whether marks of a conflict stand in a text."""
    return any(mark in _LINE.findall(text) for mark in (_MARKS[0], _MARKS[2]))


_Lines = Sequence[bytes]


def _regions(base: _Lines, mine: _Lines, theirs: _Lines) -> Iterator[tuple[_Lines, _Lines, _Lines]]:
    """The texts in pieces that belong together: those that all three share, and those between."""
    at = own = other = 0
    for start, in_mine, in_theirs, size in _shared(base, mine, theirs):
        yield base[at:start], mine[own:in_mine], theirs[other:in_theirs]
        at, own, other = start + size, in_mine + size, in_theirs + size
        same = base[start:at]
        yield same, same, same


def _shared(base: _Lines, mine: _Lines, theirs: _Lines) -> Iterator[tuple[int, int, int, int]]:
    """Runs of lines that all three have: where they begin in each, and how long they are.

    The last one is empty and stands at the end.
    """
    own, other = _blocks(base, mine), _blocks(base, theirs)
    i = j = 0
    while i < len(own) and j < len(other):
        first, second = own[i], other[j]
        start, end = max(first.a, second.a), min(first.a + first.size, second.a + second.size)
        if start < end:
            in_mine, in_theirs = first.b + start - first.a, second.b + start - second.a
            yield start, in_mine, in_theirs, end - start
        if first.a + first.size < second.a + second.size:
            i += 1
        else:
            j += 1
    yield len(base), len(mine), len(theirs), 0


def _blocks(base: _Lines, other: _Lines) -> list[Match]:
    return SequenceMatcher(None, base, other, autojunk=len(base) > _LONG).get_matching_blocks()


def _ended(lines: _Lines) -> list[bytes]:
    return [line if line.endswith(b"\n") else line + b"\n" for line in lines]
