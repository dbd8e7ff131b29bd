"""A notebook as one program: its code cells, one after the other, as a Python file's text.

A line of the program has the number that it has in the file, as far as every line of a cell has
one of its own there. Between the cells stand comments that tell them apart.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from migrator.analysis.sites import Span
from migrator.language import _
from migrator.notebooks import magics
from migrator.notebooks.cells import Cell, code_cells, rewritten
from migrator.notebooks.magics import BORDER, MARK
from migrator.source import NOTEBOOK, PYTHON, SourceText, UndecodableError, UnwritableError

_BORDER = re.compile(rf"^#{BORDER} (\d+)\r?\n", re.MULTILINE)
# What goes before a cell's first line of Python: its magics, and what is hidden above.
_HEAD = re.compile(rf"(?:(?:[ \t]*(?:\r\n|\r(?!\n)|\n))*#{MARK}[^\r\n]*(?:\r\n|\r|\n))*")
_OURS = re.compile(rf"#[{BORDER}{MARK}]")
_CODE = re.compile(r"^[^\s#]", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """A cell in the program: where its text stands; `is_python` says whether any of it is code."""

    cell: Cell
    start: int
    end: int
    is_python: bool


@dataclass(frozen=True)
class Notebook(SourceText):
    """The program of a notebook. `encode` gives the bytes of the notebook with the new sources.

    `file` is the notebook itself, `parts` are its code cells in order.
    """

    file: SourceText = field(default_factory=lambda: SourceText(""))
    parts: tuple[Part, ...] = ()

    @classmethod
    def read(cls, data: bytes) -> Notebook:
        """Raises UndecodableError where the bytes are no text, or no JSON."""
        file = SourceText.decode(data, python=False)
        try:
            json.loads(file.text)
        except (ValueError, RecursionError) as error:
            raise UndecodableError(_("no valid JSON: {error}", error=error)) from None
        return cls._of(file)

    @classmethod
    def _of(cls, file: SourceText) -> Notebook:
        text: list[str] = []
        parts: list[Part] = []
        length, line = 0, 1
        for cell in code_cells(file.text):
            python = magics.as_python(cell.source)
            shown = magics.as_comment(cell.source) if python is None else python
            above = file.position(cell.bounds[0][0])[0] - 1 - line
            border = "\n" * above + f"#{BORDER} {cell.index}\n"
            start = length + len(border)
            parts.append(Part(cell, start, start + len(shown), python is not None))
            text += [border, shown, "\n"]
            length = start + len(shown) + 1
            line += len(SourceText(border + shown).starts)
        return cls("".join(text) or "\n", file.encoding, file.bom, file, tuple(parts))

    def unread(self) -> Iterator[tuple[str, int, str]]:
        """The cells of Python that are not read: the source, the line in the file, and why."""
        for part in self.parts:
            name = magics.cell_magic(part.cell.source)
            line, _column = self.file.position(part.cell.bounds[0][0])
            if name in magics.FILES:
                yield (
                    part.cell.source,
                    line,
                    _("what %%{name} writes to a file is not read", name=name),
                )
            elif not part.is_python and not name:
                yield part.cell.source, line, _("a cell is not Python 3")

    # -- as the text of a program ---------------------------------------------------------------

    @cached_property
    def newline(self) -> str:
        """The line ending of the cells."""
        joined = "".join(part.cell.source for part in self.parts)
        return SourceText(joined).newline

    @cached_property
    def opening(self) -> int:
        """The offset in the first cell with code that comes after its magics."""
        borders = list(_BORDER.finditer(self.text))
        ends = [one.start() for one in borders[1:]] + [len(self.text)]
        for border, end in zip(borders, ends, strict=True):
            if _CODE.search(self.text, border.end(), end):
                head = _HEAD.match(self.text, border.end(), end)
                return head.end() if head else border.end()
        return len(self.text)

    @cached_property
    def _borders(self) -> list[int]:
        """The lines that stand between the cells."""
        return [self.position(one.start())[0] for one in _BORDER.finditer(self.text)]

    def section(self, number: int) -> int:
        """Which cell a line belongs to."""
        return bisect_left(self._borders, number)

    def is_hidden(self, number: int) -> bool:
        """Whether a line holds a magic or a command."""
        return magics.HIDDEN.search(self.line(number)) is not None

    def is_one_line(self, number: int) -> bool:
        """Whether a line is what a magic like `%time` is followed by."""
        return magics.FOLLOWED in self.line(number)

    def is_comment(self, number: int) -> bool:
        """Whether a line is a comment of its cell."""
        return self.line(number).startswith("#") and not _OURS.match(self.line(number))

    def written(self, text: str) -> str:
        """A text of the program as it is written in its cell."""
        return magics.written(text)

    # -- the way back ---------------------------------------------------------------------------

    def part_at(self, offset: int) -> Part | None:
        """The cell that holds an offset of the program, or the first one below it."""
        number = bisect_left(self.parts, offset, key=lambda part: part.end)
        return self.parts[min(number, len(self.parts) - 1)] if self.parts else None

    def shown(self, span: Span) -> tuple[Span, int | None]:
        """Where a span of the program stands in the file, and the cell that it begins in."""
        start, end = self.bounds(span)
        part = self.part_at(start)
        if part is None:
            return span, None
        first = self.file.position(self._place(start, last=False))
        final = self.file.position(self._place(end, last=end > start))
        return Span(*first, *max(first, final)), part.cell.index

    def shown_line(self, line: int) -> int:
        """The line of the file that a line of the program stands in."""
        start = self.starts[min(line, len(self.starts)) - 1]
        return self.file.position(self._place(start, last=False))[0]

    def _place(self, offset: int, *, last: bool) -> int:
        """The offset in the file of an offset: of the character there, or the end of the `last`."""
        part = self.part_at(offset)
        if part is None:
            return 0
        inside = min(max(offset, part.start), part.end) - part.start
        number = magics.unmarked(self.text[part.start : part.end], inside)
        places = part.cell.places
        if last and number:
            return places[number - 1][1]
        return places[number][0] if number < len(places) else places[-1][1]

    def encode(self, text: str) -> bytes:
        """The bytes of the notebook with what another text of the program says in its cells.

        Raises UnwritableError where a change is of no one cell, or a cell would not parse.
        """
        made = self.file.text
        for part, source in reversed(list(self._sources(text))):
            if part.is_python and source.strip() and magics.as_python(source) is None:
                raise UnwritableError(
                    _("cell {index} would not parse afterwards", index=part.cell.index)
                )
            start, end = part.cell.whole
            made = made[:start] + rewritten(self.file.text, part.cell, source) + made[end:]
        again = Notebook._of(replace(self.file, text=made))
        if _said(again.text) != _said(text):
            raise UnwritableError(_("the cells would not say what was meant"))
        return self.file.encode(made)

    def _sources(self, text: str) -> Iterator[tuple[Part, str]]:
        """The cells that change, each with its new source."""
        old, new = _regions(self.text), _regions(text)
        if old.keys() != new.keys():
            raise UnwritableError(_("a change reaches over the border of two cells"))
        for part in self.parts:
            source = magics.written(new[part.cell.index])
            if new[part.cell.index] != old[part.cell.index]:
                yield part, _trimmed(source, part.cell.source)


def decode(path: str, data: bytes) -> SourceText:
    """The text of a file as it is planned for, by its path. Raises UndecodableError."""
    if path.endswith(NOTEBOOK):
        return Notebook.read(data)
    return SourceText.decode(data, python=path.endswith(PYTHON))


def _regions(text: str) -> dict[int, str]:
    """What stands in each cell of a program, by the cell's number."""
    above, *rest = _BORDER.split(text)
    if above.strip():
        raise UnwritableError(_("a change belongs to no cell"))
    return {int(number): region for number, region in zip(rest[::2], rest[1::2], strict=True)}


def _trimmed(source: str, before: str) -> str:
    """A cell's new source with as many line ends above and below as it had."""
    trimmed = source.rstrip("\r\n")
    if not before.startswith(("\r", "\n")):
        trimmed = trimmed.lstrip("\r\n")
    return trimmed + before[len(before.rstrip("\r\n")) :] if trimmed else ""


def _said(text: str) -> dict[int, str]:
    """What is said in the cells that say anything."""
    said = {number: region.strip("\r\n") for number, region in _regions(text).items()}
    return {number: region for number, region in said.items() if region.strip()}
