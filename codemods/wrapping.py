"""Break new code over lines where it makes a line too long, as black would."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codemods.arguments import Entries
from codemods.lazy import LazyModule

if TYPE_CHECKING:
    import libcst as cst
    import libcst.metadata as metadata
else:
    cst = LazyModule("libcst")
    metadata = LazyModule("libcst.metadata")

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Margins:
    """Where a snippet stands: the text of its first line before it, of its last line after it."""

    before: str
    after: str
    indent: str
    columns: int

    def lines(self, snippet: cst.Module) -> list[str]:
        """The lines of the file that hold the snippet; its outer parentheses are not in the file."""
        code = snippet.code.rstrip("\r\n")[1:-1]
        return _LINE_END.split(self.before + code + self.after)


def positions(snippet: cst.Module) -> dict[cst.CSTNode, metadata.CodeRange]:
    """The position of every node of a snippet."""
    wrapper = metadata.MetadataWrapper(snippet, unsafe_skip_copy=True)
    return dict(wrapper.resolve(metadata.PositionProvider))


def fitted(snippet: cst.Module, fresh: Collection[cst.CSTNode], margins: Margins) -> cst.Module:
    """The snippet with the outermost new calls on lines that are too long broken over lines."""
    made = {id(node) for node in fresh}
    for _ in range(len(made)):
        target = _too_long(snippet, made, margins)
        if target is None:
            break
        node, outer = target
        snippet = _broken(snippet, node, outer, margins)
    return snippet


def _too_long(
    snippet: cst.Module, made: Collection[int], margins: Margins
) -> tuple[cst.Call | cst.Dict, str] | None:
    lines = margins.lines(snippet)
    long = {number for number, line in enumerate(lines, 1) if len(line) > margins.columns}
    if not long:
        return None
    found = [
        (place.start.line, place.start.column, node)
        for node, place in positions(snippet).items()
        if id(node) in made
        and isinstance(node, (cst.Call, cst.Dict))
        and place.end.line in long
        and not Entries.of(node).spread
        and Entries.of(node).items
        and _on_one_line(node)
    ]
    if not found:
        return None
    line, _, node = min(found, key=lambda one: one[:2])
    text = lines[line - 1]
    return node, text[: len(text) - len(text.lstrip(" \t\f"))]


def _on_one_line(node: cst.Call | cst.Dict) -> bool:
    bare = node.with_changes(func=cst.Name("f")) if isinstance(node, cst.Call) else node
    return not _LINE_END.search(cst.Module([]).code_for_node(bare))


def _broken(
    snippet: cst.Module, node: cst.Call | cst.Dict, outer: str, margins: Margins
) -> cst.Module:
    entries = Entries.of(node)
    for each in (False, True):
        broken = entries.broken(outer, margins.indent, each=each).rebuilt()
        changed = snippet.deep_replace(node, broken)
        assert isinstance(changed, cst.Module)
        inner = next(p.start.line for n, p in positions(changed).items() if n is broken)
        body = inner + 1
        if each or len(margins.lines(changed)[body - 1]) <= margins.columns:
            return changed
    return changed
