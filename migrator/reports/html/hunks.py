"""What changes in a file, line by line: the old beside the new, and which edits did it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from migrator.changes.diff import FileChange
from migrator.reports.redaction import redact_in_place
from migrator.source import PYTHON, SourceText, UndecodableError

_CONTEXT = 3
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Row:
    """A line before and after, by their numbers; 0 where there is none."""

    old: int
    before: str
    new: int
    after: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Hunk:
    """Changed lines with some around them. `changed` are the lines before that change.

    Where lines are only put in, those are the one above and the one below.
    """

    rows: tuple[Row, ...]
    changed: tuple[tuple[int, int], ...]

    @property
    def first(self) -> int:
        """The first line that changes."""
        return next(row.new or row.old for row in self.rows if row.changed)

    @property
    def added(self) -> int:
        """How many lines are put in."""
        return sum(row.changed and bool(row.new) for row in self.rows)

    @property
    def removed(self) -> int:
        """How many lines go."""
        return sum(row.changed and bool(row.old) for row in self.rows)

    def distance(self, first: int, last: int) -> int:
        """How far some lines before are from what changes; 0 where they meet."""
        return min(max(start - last, first - end, 0) for start, end in self.changed)


def hunks(change: FileChange) -> list[Hunk]:
    """The changes of a file in order, with every secret hidden."""
    before, after = _lines(change, change.before), _lines(change, change.after)
    matcher = SequenceMatcher(None, before, after)
    return [
        Hunk(tuple(_rows(group, before, after)), tuple(_changed(group)))
        for group in matcher.get_grouped_opcodes(_CONTEXT)
    ]


def _lines(change: FileChange, data: bytes | None) -> list[str]:
    if not data:
        return []
    try:
        text = SourceText.decode(data, python=change.path.endswith(PYTHON)).text
    except UndecodableError:
        text = data.decode("utf-8", "replace")
    lines = _LINE_END.split(redact_in_place(text))
    return lines if lines[-1] else lines[:-1]


Opcode = tuple[str, int, int, int, int]


def _rows(group: Iterable[Opcode], before: list[str], after: list[str]) -> Iterator[Row]:
    for tag, old, old_end, new, new_end in group:
        for one, other in zip_longest(range(old, old_end), range(new, new_end)):
            yield Row(
                0 if one is None else one + 1,
                "" if one is None else before[one],
                0 if other is None else other + 1,
                "" if other is None else after[other],
                tag != "equal",
            )


def _changed(group: Iterable[Opcode]) -> Iterator[tuple[int, int]]:
    for tag, old, old_end, _new, _new_end in group:
        if tag != "equal":
            yield (old + 1, old_end) if old < old_end else (old, old + 1)


def assigned(found: Sequence[Hunk], lines: Sequence[tuple[int, int]]) -> dict[int, list[int]]:
    """The numbers of the edits of some lines each, by the hunk that they made.

    An edit of lines in which several hunks stand is taken for that which has no other.
    """
    made: defaultdict[int, list[int]] = defaultdict(list)
    if not found:
        return made
    shortest = sorted(range(len(lines)), key=lambda one: (lines[one][1] - lines[one][0], one))
    for number in shortest:
        hunk = min(
            range(len(found)),
            key=lambda one: (found[one].distance(*lines[number]), len(made[one]), one),
        )
        made[hunk].append(number)
    return {hunk: sorted(numbers) for hunk, numbers in made.items() if numbers}


_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_LONGEST = 400
_ALIKE = 0.35


def marked_words(before: str, after: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Two lines in pieces, each with whether it is different; in one piece where all is."""
    whole = [(before, False)], [(after, False)]
    if max(len(before), len(after)) > _LONGEST:
        return whole
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return whole
    codes = _joined(matcher.get_opcodes(), old)
    return (
        [("".join(old[start:end]), changed) for changed, start, end, _, _ in codes if start < end],
        [("".join(new[start:end]), changed) for changed, _, _, start, end in codes if start < end],
    )


def _joined(opcodes: Iterable[Opcode], old: Sequence[str]) -> list[tuple[bool, int, int, int, int]]:
    """The stretches, a mark of punctuation between two that change with these: `gpt-4o` is one."""
    found: list[tuple[bool, int, int, int, int]] = []
    for tag, start, end, new, new_end in opcodes:
        one = (tag != "equal", start, end, new, new_end)
        if one[0] and len(found) > 1 and found[-2][0] and _is_mark(old[found[-1][1] : start]):
            found.pop()
            _changed, first, _, first_new, _ = found.pop()
            one = (True, first, end, first_new, new_end)
        found.append(one)
    return found


def _is_mark(words: Sequence[str]) -> bool:
    return len(words) == 1 and len(words[0]) == 1 and not words[0].isalnum()
