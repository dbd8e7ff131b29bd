"""The code cells of a notebook's JSON, and the JSON with another source in one of them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise

from migrator.analysis.documents.findings import Bounds, Entry
from migrator.analysis.documents.json_ import entries

# One character of a value as it is written: two escapes are one where they are a surrogate pair.
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)
_ESCAPED = re.compile(r"\\u(?!00[0-7])[0-9a-fA-F]{4}")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_PYTHON = ("python", "ipython")
_SOURCE = ("source", "input")  # the second in nbformat 3


@dataclass(frozen=True)
class Cell:
    """A code cell: its number among all cells, from 0, and its source.

    `raw` are the JSON strings that hold the source, as they are written between their quotes, and
    `bounds` say where; a source that is no list is one string.
    """

    index: int
    source: str
    raw: tuple[str, ...]
    bounds: tuple[Bounds, ...]
    is_list: bool

    @property
    def whole(self) -> Bounds:
        """The bounds of all its strings, with their quotes."""
        return self.bounds[0][0] - 1, self.bounds[-1][1] + 1

    @cached_property
    def characters(self) -> list[list[str]]:
        """The characters of each string as they are written."""
        return [_CHARACTER.findall(one) for one in self.raw]

    @cached_property
    def places(self) -> list[Bounds]:
        """Where each character of the source stands in the JSON."""
        found = []
        for (at, _), characters in zip(self.bounds, self.characters, strict=True):
            for one in characters:
                found.append((at, at + len(one)))
                at += len(one)
        return found


def code_cells(text: str) -> list[Cell]:
    """The code cells of a notebook that hold something; none where the kernel is not Python's."""
    strings: defaultdict[Bounds, list[Entry]] = defaultdict(list)
    kinds: dict[Bounds, str] = {}
    for entry in entries(text):
        match entry.path:
            case ("metadata", "kernelspec", "language") | ("metadata", "language_info", "name"):
                if entry.value.lower() not in _PYTHON:
                    return []
            case ("cells", int(number), "cell_type"):
                kinds[0, number] = entry.value
            case ("cells", int(number), key, *_) if key in _SOURCE:
                strings[0, number].append(entry)
            case ("worksheets", int(sheet), "cells", int(number), "cell_type"):
                kinds[sheet, number] = entry.value
            case ("worksheets", int(sheet), "cells", int(number), key, *_) if key in _SOURCE:
                strings[sheet, number].append(entry)
    return [
        _cell(text, index, strings[place])
        for index, place in enumerate(sorted(kinds))
        if kinds[place] == "code" and any(one.value.strip() for one in strings[place])
    ]


def _cell(text: str, index: int, strings: Sequence[Entry]) -> Cell:
    return Cell(
        index,
        "".join(one.value for one in strings),
        tuple(text[slice(*one.bounds)] for one in strings),
        tuple(one.bounds for one in strings),
        isinstance(strings[0].path[-1], int),
    )


def rewritten(text: str, cell: Cell, source: str) -> str:
    """What stands in the place of a cell's strings, for another source.

    Lines that stay, and the parts of a changed line that do, are written as they were.
    """
    old = list(_lines(cell))
    new: list[str] = _LINE.findall(source)
    escaped = text.isascii() and _ESCAPED.search(text) is not None
    written: list[tuple[int | None, str]] = []
    values = ["".join(map(_value, characters)) for characters in old]
    for tag, first, last, start, end in SequenceMatcher(None, values, new, False).get_opcodes():
        for number in range(end - start):
            was = first + number if first + number < last else None
            if was is None:
                line = _escape(new[start + number], escaped)
            elif tag == "equal":
                line = "".join(old[was])
            else:
                line = _changed(old[was], values[was], new[start + number], escaped)
            written.append((was, line))
    if not cell.is_list:
        return '"' + "".join(line for _, line in written) + '"'
    return _listed(text, cell, written)


def _lines(cell: Cell) -> Iterator[list[str]]:
    """The characters of each line, as they are written: of each string, where there are several."""
    if cell.is_list:
        yield from cell.characters
        return
    (characters,) = cell.characters
    values, at = [_value(one) for one in characters], 0
    for line in _LINE.findall("".join(values)):
        yield characters[at : at + len(line)]
        at += len(line)


def _listed(text: str, cell: Cell, lines: Sequence[tuple[int | None, str]]) -> str:
    """The strings of a list, with what stands between them."""
    gaps = [text[one[1] + 1 : other[0] - 1] for one, other in pairwise(cell.bounds)]
    start = cell.whole[0]
    space = text[len(text[:start].rstrip()) : start]
    usual = gaps[0] if gaps else f",{space or ' '}"
    parts: list[str] = []
    for number, (was, line) in enumerate(lines):
        if number:
            parts.append(gaps[was - 1] if was else usual)
        parts.append(f'"{line}"')
    return "".join(parts) or '""'


def _changed(characters: Sequence[str], old: str, new: str, escaped: bool) -> str:
    """A line that is written as it was at its beginning and at its end."""
    first = _alike(old, new)
    last = _alike(old[first:][::-1], new[first:][::-1])
    middle = _escape(new[first : len(new) - last], escaped)
    return "".join([*characters[:first], middle, *characters[len(old) - last :]])


def _alike(one: str, other: str) -> int:
    """With how many of the same characters two texts begin."""
    length = min(len(one), len(other))
    return next((at for at in range(length) if one[at] != other[at]), length)


def _value(character: str) -> str:
    return str(json.loads(f'"{character}"')) if character.startswith("\\") else character


def _escape(text: str, escaped: bool) -> str:
    return json.dumps(text, ensure_ascii=escaped)[1:-1]
