"""Break new code over lines where it makes a line too long, as black would."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from codemods.arguments import Entries
from codemods.lazy import LazyModule
from codemods.python_file import width
from codemods.unfolding import unfolded

if TYPE_CHECKING:
    import libcst as cst
    import libcst.metadata as metadata

    from codemods.arguments import Bracketed
    from codemods.unfolding import Foldable
else:
    cst = LazyModule("libcst")
    metadata = LazyModule("libcst.metadata")

_BEFORE_VALUE = re.compile(r"(?:^|(?<![=!<>])=|\b(?:return|await|yield)|[(\[{,:;])[ \t]*$")
_ENTRY = re.compile(r"[ \t]+\w+ ?= ?")  # of a call whose arguments have a line each
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Margins:
    """Where a snippet stands: the text of its first line before it, of its last line after it."""

    before: str
    after: str
    indent: str
    columns: int

    @property
    def alone(self) -> bool:
        """Whether the snippet is all of a value: not an operand, nothing is done with it."""
        after = self.after.strip()
        return bool(_BEFORE_VALUE.search(self.before)) and (not after or after[0] in ")]},:;#")

    def column(self, place: metadata.CodePosition) -> int:
        """The column in the file of a place in the snippet."""
        return place.column + (len(self.before) - 1 if place.line == 1 else 0)

    def lines(self, snippet: cst.Module) -> list[str]:
        """The file's lines that hold the snippet; its outer parentheses are not in the file."""
        code = snippet.code.rstrip("\r\n")[1:-1]
        return _LINE_END.split(self.before + code + self.after)


def positions(snippet: cst.Module) -> Mapping[cst.CSTNode, metadata.CodeRange]:
    """The position of every node of a snippet."""
    wrapper = _wrapper()(snippet, unsafe_skip_copy=True)
    return wrapper.resolve(metadata.PositionProvider)


def around(
    places: Mapping[cst.CSTNode, metadata.CodeRange], wanted: Iterable[cst.CSTNode]
) -> Callable[[cst.CSTNode], bool]:
    """Tells of a node of a snippet whether one that is wanted may stand in it, or is it itself."""
    ranges = sorted(_range(places[node]) for node in wanted)

    def holds(node: cst.CSTNode) -> bool:
        place = places.get(node)
        if place is None:
            return True
        start, end = _range(place)
        for number in range(bisect_left(ranges, (start, start)), len(ranges)):
            first, last = ranges[number]
            if first > end:
                return False
            if last <= end:
                return True
        return False

    return holds


def nested(places: Mapping[cst.CSTNode, metadata.CodeRange], nodes: Iterable[cst.CSTNode]) -> bool:
    """Whether one of some nodes of a snippet stands in another."""
    ranges = sorted(_range(places[node]) for node in nodes)
    return any(second[0] < first[1] for first, second in pairwise(ranges))


def _range(place: metadata.CodeRange) -> tuple[tuple[int, int], tuple[int, int]]:
    start, end = place.start, place.end
    return (start.line, start.column), (end.line, end.column)


@cache
def _wrapper() -> type[metadata.MetadataWrapper]:
    class Wrapper(metadata.MetadataWrapper):
        def visit_batched(self, visitors: Iterable[Any], *hooks: Any) -> cst.CSTNode:
            """Positions come of writing the code: without visitors there is nothing to walk for."""
            return super().visit_batched(visitors, *hooks) if visitors else self.module

    return Wrapper


def fitted(snippet: cst.Module, changed: Collection[cst.CSTNode], margins: Margins) -> cst.Module:
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
            snippet = _replaced(snippet, *crowded, eligible, layout.places)
            continue
        target = _too_long(layout, eligible)
        if target is None:
            break
        snippet = _broken(layout, *target, eligible)
    return snippet


class _Layout:
    """Where the parts of a snippet stand in the file's lines, and which of these are too long."""

    def __init__(self, snippet: cst.Module, margins: Margins) -> None:
        self.snippet = snippet
        self.margins = margins
        self.lines = margins.lines(snippet)
        self.long = {n for n, line in enumerate(self.lines, 1) if width(line) > margins.columns}

    @cached_property
    def places(self) -> Mapping[cst.CSTNode, metadata.CodeRange]:
        return positions(self.snippet)

    @cached_property
    def parts(self) -> list[Bracketed | Foldable]:
        return _outside_strings(self.places)


def _crowded(layout: _Layout, eligible: Collection[int]) -> tuple[Bracketed, Bracketed] | None:
    """A node with several lines, and the same with the last entry of a line too long on its own."""
    margins, places = layout.margins, layout.places
    for node in layout.parts:
        if isinstance(node, (cst.IfExp, cst.ListComp, cst.BooleanOperation)):
            continue
        entries = Entries.of(node)
        at = entries.crowded if id(node) in eligible else None
        if at is None:
            continue
        written = node.args if isinstance(node, cst.Call) else node.elements
        first, last = places[written[0]].start, places[written[at]].start
        text = layout.lines[last.line - 1]
        if (
            last.line not in layout.long
            or width(text[: margins.column(last)].rstrip()) > margins.columns
        ):
            continue
        indentation = _leading(text)
        if first.line == last.line and not isinstance(entries.lead, cst.ParenthesizedWhitespace):
            indentation = indentation.ljust(margins.column(first))
        return node, entries.on_own_line(at, indentation).rebuilt()
    return None


def _leading(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def _too_long(
    layout: _Layout, eligible: Collection[int]
) -> tuple[Bracketed | Foldable, str] | None:
    snippet, margins, places = layout.snippet, layout.margins, layout.places
    found = []
    for node in layout.parts:
        if id(node) in eligible:
            opens = places[node.func].end if isinstance(node, cst.Call) else places[node].start
            bracketed = margins.before.rstrip()[-1:] in ("", "(") and _is_whole(snippet, node)
            if isinstance(node, cst.IfExp) and bracketed:
                continue  # the brackets around may be in the file already
            before = layout.lines[opens.line - 1][: margins.column(opens)]
            if isinstance(node, cst.BooleanOperation) and not _ENTRY.fullmatch(before):
                continue  # it shares its line, or stands in no brackets
            if _holds_one_atom(node) and not (margins.alone and _is_whole(snippet, node)):
                continue  # it would be torn out of a sum or a chain
            if opens.line + _first_row(node) in layout.long and _breakable(node):
                found.append(((opens.line, opens.column), node))
    if not found:
        return None
    (line, _), node = min(found, key=lambda one: one[0])
    return node, _leading(layout.lines[line - 1])


def _outside_strings(
    places: Mapping[cst.CSTNode, metadata.CodeRange],
) -> list[Bracketed | Foldable]:
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
    strings = [_range(places[node]) for node in places if isinstance(node, cst.FormattedString)]
    free = (
        node
        for node in found
        if not any(
            first <= start and end <= last
            for start, end in [_range(places[node])]
            for first, last in strings
        )
    )
    return sorted(free, key=lambda node: _outer_first(places[node]))


def _outer_first(place: metadata.CodeRange) -> tuple[int, int, int, int]:
    return place.start.line, place.start.column, -place.end.line, -place.end.column


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
) -> cst.Module:
    """The snippet with the entries of a node on one line of their own, or on one line each."""
    snippet, margins, places = layout.snippet, layout.margins, layout.places
    if isinstance(node, (cst.IfExp, cst.ListComp, cst.BooleanOperation)):
        whole = _is_whole(snippet, node)
        row = unfolded(node, outer, margins.indent, each=False, whole=whole)
        changed = _replaced(snippet, node, row, eligible, places)
        below = margins.lines(changed)[positions(changed)[_first(row)].start.line - 1]
        if width(below) <= margins.columns:
            return changed
        rows = unfolded(node, outer, margins.indent, each=True, whole=whole)
        return _replaced(snippet, node, rows, eligible, places)
    entries = Entries.of(node)
    apart = entries.broken(outer, margins.indent, each=True).rebuilt()
    if entries.in_one_row:
        return _replaced(snippet, node, apart, eligible, places)
    together = entries.broken(outer, margins.indent, each=False).rebuilt()
    changed = _replaced(snippet, node, together, eligible, places)
    now = positions(changed)
    opens = now[together.func].end if isinstance(together, cst.Call) else now[together].start
    # The place of a tuple is that of its first entry.
    first = opens.line if isinstance(together, cst.Tuple) else opens.line + 1
    body = margins.lines(changed)[first - 1]
    if len(entries.items) == 1 or width(body) <= margins.columns:
        return changed
    return _replaced(snippet, node, apart, eligible, places)


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
    snippet: cst.Module,
    old: cst.CSTNode,
    new: cst.CSTNode,
    eligible: dict[int, cst.CSTNode],
    places: Mapping[cst.CSTNode, metadata.CodeRange],
) -> cst.Module:
    """The snippet with one node replaced; what is eligible stays so in its new copy."""
    holds = around(places, [old])

    class Replacer(cst.CSTTransformer):
        def on_visit(self, node: cst.CSTNode) -> bool:
            return node is not old and holds(node)

        def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> Any:
            if original is old:
                return new
            if id(original) in eligible:
                eligible[id(updated)] = updated
            return updated

    changed = snippet.visit(Replacer())
    assert isinstance(changed, cst.Module)
    return changed
