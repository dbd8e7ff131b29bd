"""The text of a file, and the way back to its exact bytes."""

from __future__ import annotations

import ast
import codecs
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from migrator.analysis.sites import Span
from migrator.decoding import UndecodableError as UndecodableError
from migrator.decoding import decoded
from migrator.language import _
from migrator.newer import parse

_LINE_END = re.compile(r"\r\n|\r|\n")

# The endings of files whose text is Python.
NOTEBOOK = ".ipynb"
PYTHON = (".py", ".pyw", ".pyi", NOTEBOOK)

Positioned = ast.expr | ast.stmt | ast.excepthandler | ast.arg | ast.keyword | ast.alias


class UnwritableError(ValueError):
    """A text cannot be put in the place of the file's own; the message says why."""


@dataclass(frozen=True)
class SourceText:
    """A decoded file. `encode` gives back the bytes it came from, for the same text.

    Lines are separated by LF, CRLF or CR only, as Python's own tokenizer counts them; a form feed
    or a Unicode line separator is an ordinary character.
    """

    text: str
    encoding: str = "utf-8"
    bom: bool = False

    @classmethod
    def decode(cls, data: bytes, *, python: bool = True) -> SourceText:
        """Decode by BOM, then the cookie (Python files), then UTF-8, then GB18030.

        Raises UndecodableError where none of these fits or the bytes would not come back the same.
        """
        return cls(*decoded(data, python=python))

    def encode(self, text: str) -> bytes:
        """The bytes of the file with another text. Raises UnwritableError."""
        try:
            body = text.encode(self.encoding)
        except UnicodeEncodeError:
            raise UnwritableError(
                _("the new text cannot be written in {encoding}", encoding=self.encoding)
            ) from None
        return codecs.BOM_UTF8 + body if self.bom else body

    def with_text(self, text: str) -> SourceText:
        """The same file with another text."""
        return replace(self, text=text)

    def shown_line(self, line: int) -> int:
        """The line of the file that a line of the text stands in."""
        return line

    def written(self, text: str) -> str:
        """A part of the text as it is written in the file."""
        return text

    @cached_property
    def newline(self) -> str:
        """The line ending of the first line, or LF."""
        match = _LINE_END.search(self.text)
        return match.group() if match else "\n"

    @cached_property
    def opening(self) -> int:
        """The offset after the comments that the text begins with."""
        below = (
            start for number, start in enumerate(self.starts, 1) if not self.is_comment(number)
        )
        return next(below, len(self.text))

    def section(self, number: int) -> int:
        """Which of the parts that are run by themselves a line belongs to: a file is one."""
        return 0

    def is_hidden(self, number: int) -> bool:
        """Whether a line holds what is not in the file's own language."""
        return False

    def is_one_line(self, number: int) -> bool:
        """Whether what stands on a line cannot be broken over several."""
        return False

    def is_comment(self, number: int) -> bool:
        """Whether a line is a comment that begins in its first column."""
        return self.line(number).startswith("#")

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each line's first character."""
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def offset(self, line: int, column: int) -> int:
        """The offset of a 1-based line and a 0-based code point column."""
        return self.starts[line - 1] + column

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and 0-based code point column of an offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1]

    def span(self, start: int, end: int) -> Span:
        """The span between two offsets."""
        return Span(*self.position(start), *self.position(end))

    def span_of(self, node: Positioned) -> Span:
        """Where a node of the text's syntax stands (the tree counts UTF-8 bytes)."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        return Span(
            node.lineno,
            self._column(node.lineno, node.col_offset),
            node.end_lineno,
            self._column(node.end_lineno, node.end_col_offset),
        )

    def _column(self, number: int, offset: int) -> int:
        line = self.line(number)
        return offset if line.isascii() else len(line.encode()[:offset].decode(errors="ignore"))

    def bounds(self, span: Span) -> tuple[int, int]:
        """The start and end offsets of a span."""
        return self.offset(span.line, span.column), self.offset(span.end_line, span.end_column)

    def slice(self, span: Span) -> str:
        """The text of a span."""
        start, end = self.bounds(span)
        return self.text[start:end]

    def line(self, number: int) -> str:
        """The text of a 1-based line without its line ending."""
        start = self.starts[number - 1]
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


@lru_cache(maxsize=64)
def tree_of(text: str) -> ast.Module | None:
    """The syntax of a text, or None where it does not parse."""
    try:
        return parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None


def first_line(node: ast.AST) -> int:
    """The line that a node begins in, with what decorates it."""
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    return min([getattr(node, "lineno", 0), *(one.lineno for one in decorators)])


@lru_cache(maxsize=64)
def statement_lines(text: str) -> tuple[tuple[int, int], ...]:
    """The first (decorators included) and last lines of every statement of a Python text.

    A compound statement counts as far as its header reaches; a text at fault has none.
    """
    tree = tree_of(text)
    spans = []
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.stmt):
            first = first_line(node)
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            spans.append((first, max(first, last)))
    return tuple(sorted(spans))


class Extent(NamedTuple):
    """The first line of a statement, decorators included, and the last of its head and of it all.

    The head of one without a block is all of it; what stands in the line of a head belongs to it.
    """

    first: int
    head: int
    last: int


def extents(nodes: Iterable[ast.AST], source: SourceText) -> list[Extent]:
    """Those of all statements among the nodes of a source."""
    found = []
    for node in nodes:
        if isinstance(node, ast.stmt):
            last = node.end_lineno or node.lineno
            body = getattr(node, "body", None)
            head = _head(body[0], source) if body else last
            head = node.lineno if isinstance(node, ast.Match) else head
            found.append(Extent(first_line(node), head, last))
    return found


def _head(block: ast.stmt, source: SourceText) -> int:
    """The last line of the head of a statement, by the first one of its block."""
    if (first := first_line(block)) < block.lineno:
        return first - 1
    before = source.line(block.lineno).encode()[: block.col_offset]
    return block.lineno if before.strip() else block.lineno - 1


@lru_cache(maxsize=64)
def extents_of(source: SourceText) -> list[Extent]:
    """Those of all statements of a source; none for one at fault."""
    tree = tree_of(source.text)
    return extents(ast.walk(tree), source) if tree is not None else []


def comment_line(source: SourceText, statements: Iterable[Extent], line: int) -> int:
    """The line that a comment on what stands in a line is put above.

    It is the first one of the innermost statement there, or of what that statement continues.
    """
    statements = list(statements)
    covering = [one.first for one in statements if one.first <= line <= one.last]
    line = max(covering, default=line)
    while True:
        begun = [one.first for one in statements if one.first < line <= one.head]
        if line > 1 and source.line(line - 1).endswith("\\"):
            line -= 1
        elif begun:
            line = min(begun)
        else:
            return line
