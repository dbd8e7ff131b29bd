"""Break new code over lines where it makes a line too long, as black would."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from codemods.arguments import Entries
from codemods.lazy import LazyModule
from codemods.python_file import PythonFile, width
from codemods.unfolding import unfolded
from codemods.written import Places, Written

if TYPE_CHECKING:
    import libcst as cst

    from codemods.arguments import Bracketed
    from codemods.unfolding import Foldable
else:
    cst = LazyModule("libcst")

_BEFORE_VALUE = re.compile(r"(?:^|(?<![=!<>])=|\b(?:return|await|yield)|[(\[{,:;])[ \t]*$")
_ENTRY = re.compile(r"[ \t]+\w+ ?= ?")  # of a call whose arguments have a line each
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Margins:
    """Where a snippet stands: the text of its first line before it, of its last line after it.

    `widest` are the columns that may be taken in any case: those of the lines as they are.
    """

    before: str
    after: str
    file: PythonFile
    widest: int = 0

    @property
    def indent(self) -> str:
        """One level of indentation."""
        return self.file.indent

    def is_too_long(self, line: str) -> bool:
        """Whether a line takes more columns than the file's lines may have."""
        return not self.file.fits(line) and width(line) > self.widest

    @property
    def alone(self) -> bool:
        """Whether the snippet is all of a value: not an operand, nothing is done with it."""
        after = self.after.strip()
        return bool(_BEFORE_VALUE.search(self.before)) and (not after or after[0] in ")]},:;#")

    def lines(self, code: str) -> list[str]:
        """The file's lines that hold a snippet; its outer parentheses are not in the file."""
        return _LINE_END.split(self.before + code.rstrip("\r\n")[1:-1] + self.after)


def fitted(snippet: Written, changed: Collection[cst.CSTNode], margins: Margins) -> Written:
    """The snippet with the changed calls and displays on lines that are too long broken over lines.

    Of those on one line the first to open is broken first: a call before its arguments, a client
    before the methods called on it.
    """
    eligible = {id(node): node for node in changed}
    for _ in range(2 * len(eligible)):
        layout = _Layout(snippet, margins)
        if not layout.long:
            break
        crowded = _crowded(layout, eligible)
        if crowded is not None:
            snippet = _replaced(snippet, *crowded, eligible)
            continue
        target = _too_long(layout, eligible)
        if target is None:
            break
        snippet = _broken(layout, *target, eligible)
    return snippet


class _Layout:
    """Where the parts of a snippet stand in the file's lines, and which of these are too long."""

    def __init__(self, snippet: Written, margins: Margins) -> None:
        self.snippet = snippet
        self.margins = margins
        self.lines = margins.lines(snippet.code)
        self.long = {n for n, line in enumerate(self.lines, 1) if margins.is_too_long(line)}

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line but the first begins in the code."""
        return [match.end() for match in _LINE_END.finditer(self.snippet.code)]

    def position(self, offset: int) -> tuple[int, int]:
        """The line, counted from 1, and the column in the file's lines of an offset."""
        above = bisect_right(self._starts, offset)
        if above:
            return above + 1, offset - self._starts[above - 1]
        return 1, offset + len(self.margins.before) - 1

    def start(self, node: cst.CSTNode) -> tuple[int, int]:
        """Where a node begins."""
        return self.position(self.snippet.places[node][0])

    def opening(self, node: Bracketed | Foldable) -> tuple[int, int]:
        """Where the brackets of a node open, or what has none begins."""
        if isinstance(node, cst.Call):
            return self.position(self.snippet.places[node.func][1])
        return self.start(node)

    @cached_property
    def parts(self) -> list[Bracketed | Foldable]:
        return _outside_strings(self.snippet.places)


def _crowded(layout: _Layout, eligible: Collection[int]) -> tuple[Bracketed, Bracketed] | None:
    """A node with several lines, and the same with the last entry of a line too long on its own."""
    margins = layout.margins
    for node in layout.parts:
        if isinstance(node, (cst.IfExp, cst.ListComp, cst.BooleanOperation)):
            continue
        entries = Entries.of(node)
        at = entries.crowded if id(node) in eligible else None
        if at is None:
            continue
        written = node.args if isinstance(node, cst.Call) else node.elements
        (first, aligned), (last, column) = layout.start(written[0]), layout.start(written[at])
        text = layout.lines[last - 1]
        if last not in layout.long or margins.is_too_long(text[:column].rstrip()):
            continue
        indentation = _leading(text)
        if first == last and not isinstance(entries.lead, cst.ParenthesizedWhitespace):
            indentation = indentation.ljust(aligned)
        return node, entries.on_own_line(at, indentation).rebuilt()
    return None


def _leading(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def _too_long(
    layout: _Layout, eligible: Collection[int]
) -> tuple[Bracketed | Foldable, str] | None:
    snippet, margins = layout.snippet.snippet, layout.margins
    found = []
    for node in layout.parts:
        if id(node) in eligible:
            line, column = layout.opening(node)
            bracketed = margins.before.rstrip()[-1:] in ("", "(") and _is_whole(snippet, node)
            if isinstance(node, cst.IfExp) and bracketed:
                continue  # the brackets around may be in the file already
            before = layout.lines[line - 1][:column]
            if isinstance(node, cst.BooleanOperation) and not _ENTRY.fullmatch(before):
                continue  # it shares its line, or stands in no brackets
            if _holds_one_atom(node) and not (margins.alone and _is_whole(snippet, node)):
                continue  # it would be torn out of a sum or a chain
            if line + _first_row(node) in layout.long and _breakable(node):
                found.append(((line, column), node))
    if not found:
        return None
    (line, _), node = min(found, key=lambda one: one[0])
    return node, _leading(layout.lines[line - 1])


def _outside_strings(places: Places) -> list[Bracketed | Foldable]:
    """What can be broken over lines in a snippet: nothing that stands in an f-string.

    What stands around something comes before it.
    """
    displays = (
        *(cst.Call, cst.Dict, cst.List, cst.Set, cst.IfExp, cst.ListComp),
        cst.BooleanOperation,
    )
    found = [
        node
        for node in places
        if isinstance(node, displays) or (isinstance(node, cst.Tuple) and node.lpar)
    ]
    strings = [places[node] for node in places if isinstance(node, cst.FormattedString)]
    free = (
        node
        for node in found
        if not any(first <= places[node][0] and places[node][1] <= last for first, last in strings)
    )
    return sorted(free, key=lambda node: (places[node][0], -places[node][1]))


def _first_row(node: Bracketed | Foldable) -> int:
    """How many lines below its bracket the first entry of a node stands."""
    if isinstance(node, (cst.IfExp, cst.ListComp, cst.BooleanOperation)):
        return 0
    return 1 if Entries.of(node).in_one_row else 0


def _holds_one_atom(node: Bracketed | Foldable) -> bool:
    match node:
        case cst.Call(args=[cst.Arg(value=cst.SimpleString() | cst.Name() | cst.Integer())]):
            return True
    return False


def _breakable(node: Bracketed | Foldable) -> bool:
    if isinstance(node, (cst.IfExp, cst.ListComp, cst.BooleanOperation)):
        return _on_one_line(node)
    entries = Entries.of(node)
    if not entries.items:
        return False
    if entries.in_one_row and len(entries.items) > 1:
        code = cst.Module([]).code_for_node
        return not any(_LINE_END.search(code(item.node)) for item in entries.items)
    return not entries.spread and _on_one_line(node)


def _on_one_line(node: Bracketed | Foldable) -> bool:
    bare = node.with_changes(func=cst.Name("f")) if isinstance(node, cst.Call) else node
    return not _LINE_END.search(cst.Module([]).code_for_node(bare))


def _broken(
    layout: _Layout, node: Bracketed | Foldable, outer: str, eligible: dict[int, cst.CSTNode]
) -> Written:
    """The snippet with the entries of a node on one line of their own, or on one line each."""
    snippet, margins = layout.snippet, layout.margins
    if isinstance(node, (cst.IfExp, cst.ListComp, cst.BooleanOperation)):
        whole = _is_whole(snippet.snippet, node)
        row = unfolded(node, outer, margins.indent, each=False, whole=whole)
        changed = _Layout(_replaced(snippet, node, row, eligible), margins)
        if changed.start(_first(row))[0] not in changed.long:
            return changed.snippet
        rows = unfolded(node, outer, margins.indent, each=True, whole=whole)
        return _replaced(snippet, node, rows, eligible)
    entries = Entries.of(node)
    apart = entries.broken(outer, margins.indent, each=True).rebuilt()
    if entries.in_one_row:
        return _replaced(snippet, node, apart, eligible)
    together = entries.broken(outer, margins.indent, each=False).rebuilt()
    changed = _Layout(_replaced(snippet, node, together, eligible), margins)
    opens = changed.opening(together)[0]
    # The place of a tuple is that of its first entry.
    body = opens if isinstance(together, cst.Tuple) else opens + 1
    if len(entries.items) == 1 or body not in changed.long:
        return changed.snippet
    return _replaced(snippet, node, apart, eligible)


def _is_whole(snippet: cst.Module, node: cst.CSTNode) -> bool:
    """Whether a node is all there is in a snippet."""
    match snippet.body:
        case [cst.SimpleStatementLine(body=[cst.Expr(value=value)])]:
            return value is node
    return False


def _first(node: Foldable) -> cst.BaseExpression:
    match node:
        case cst.IfExp(body=first) | cst.ListComp(elt=first) | cst.BooleanOperation(left=first):
            return first


def _replaced(
    written: Written, old: cst.CSTNode, new: cst.CSTNode, eligible: dict[int, cst.CSTNode]
) -> Written:
    """The snippet with one node replaced; what is eligible stays so in its new copy."""
    holds = written.holding([old])

    def changed(node: cst.CSTNode) -> cst.CSTNode:
        if node is old:
            return new
        updated = written.rebuilt(node, changed, holds)
        if id(node) in eligible:
            eligible[id(updated)] = updated
        return updated

    return Written.of(written.rebuilt(written.snippet, changed, holds))
