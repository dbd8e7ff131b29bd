"""Two texts compared line by line, long ones too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

_LONG = 2000  # lines

Opcode = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]


class Compared(SequenceMatcher[bytes]):
    """The lines of two texts. Long ones are compared between the lines that both have once.

    As a whole that takes the square of their length, and more where lines come again and again.
    """

    def __init__(self, before: list[bytes], after: list[bytes], *, autojunk: bool = True) -> None:
        self.lines = (before, after)
        self.junks = autojunk
        super().__init__(None, before, after, autojunk)

    def get_opcodes(self) -> list[Opcode]:
        before, after = self.lines
        if len(before) < _LONG:
            return super().get_opcodes()
        found: list[Opcode] = []
        for (i, j), (i_end, j_end) in pairwise(_fixed(before, after)):
            piece = SequenceMatcher(None, before[i:i_end], after[j:j_end], self.junks)
            for tag, *places in piece.get_opcodes():
                first = (places[0] + i, places[2] + j)
                if found and found[-1][0] == tag == "equal":
                    first = found.pop()[1::2]
                found.append((tag, first[0], places[1] + i, first[1], places[3] + j))
        return found


def _fixed(before: list[bytes], after: list[bytes]) -> Iterator[tuple[int, int]]:
    """Where two texts begin, where lines stand that both have once, and where they end."""
    once = Counter(before), Counter(after)
    places = {line: number for number, line in enumerate(after) if once[1][line] == 1}
    yield 0, 0
    last = 0
    for number, line in enumerate(before):
        if number and once[0][line] == 1 and places.get(line, 0) > last:
            last = places[line]
            yield number, last
    yield len(before), len(after)
