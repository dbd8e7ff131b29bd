"""The nodes of a file's syntax, found where they are asked for.

Most statements of a module hold nothing that is asked for: they are never looked into.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from migrator.analysis.sites import Span
from migrator.source import SourceText, first_line, tree_of

ByClass = Mapping[type[ast.AST], list[Any]]

# Fields of nodes that hold none, or one that the tree shares among nodes.
_PLAIN = frozenset(
    {"ctx", "op", "ops", "id", "attr", "arg", "kind", "type_comment", "module", "level", "asname"}
) | {"simple", "conversion", "is_async", "rest"}


class Nodes:
    """The nodes of one file, without contexts and operators, which the tree shares among nodes."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self._known: set[ast.stmt] = set()
        self._parents: dict[ast.AST, ast.AST] = {}
        self._by_lines: defaultdict[tuple[int, int], list[ast.expr]] = defaultdict(list)

    @cached_property
    def by_class(self) -> ByClass:
        """All nodes by their classes, the outer ones first."""
        return by_class(self.tree)

    def at_lines(self, first: int, last: int) -> Iterator[ast.stmt]:
        """The statements of the module that stand on all of some lines."""
        body = self.tree.body
        for number in range(bisect_left(body, last, key=_last_line), len(body)):
            if first_line(body[number]) > first:
                return
            yield body[number]

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node around a node; None around the module."""
        if node not in self._parents and isinstance(node, (ast.expr, ast.stmt)):
            self._look_into(node.lineno, node.lineno)
        return self._parents.get(node)

    def expressions(self, first: int, last: int) -> Sequence[ast.expr]:
        """The expressions with such a first and last line, the outer ones first."""
        self._look_into(first, last)
        return self._by_lines.get((first, last), ())

    def _look_into(self, first: int, last: int) -> None:
        """Note what stands in the statements of the module that hold some lines."""
        for statement in self.at_lines(first, last):
            if statement in self._known:
                continue
            self._known.add(statement)
            self._parents[statement] = self.tree
            for node in _walked(statement, self._parents):
                if isinstance(node, ast.expr):
                    self._by_lines[node.lineno, node.end_lineno or node.lineno].append(node)


class Parsed(Nodes):
    """The nodes of a text, by the places that they have there."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        super().__init__(tree)
        self.source = SourceText(text)

    def byte(self, line: int, column: int) -> int:
        """A column in code points as the tree counts it: in bytes."""
        text = self.source.line(line)
        return column if text.isascii() else len(text[:column].encode())

    def expression(self, span: Span) -> ast.expr | None:
        """The outermost expression at a span."""
        columns = (self.byte(span.line, span.column), self.byte(span.end_line, span.end_column))
        found = self.expressions(span.line, span.end_line)
        return next((one for one in found if (one.col_offset, one.end_col_offset) == columns), None)


@lru_cache(maxsize=64)
def parsed(text: str) -> Parsed:
    """The nodes of a text; none where it does not parse."""
    return Parsed(text, tree_of(text) or ast.Module([], []))


def by_class(tree: ast.AST) -> ByClass:
    """The nodes of a tree by their classes, the outer ones first."""
    found: defaultdict[type[ast.AST], list[Any]] = defaultdict(list)
    for node in _walked(tree):
        found[type(node)].append(node)
    return found


def _last_line(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno


def _walked(root: ast.AST, parents: dict[ast.AST, ast.AST] | None = None) -> list[ast.AST]:
    """The nodes of a tree, the outer ones first. `parents` takes what each node stands in."""
    found = [root]
    for node in found:  # grows meanwhile
        inner: list[ast.AST] = []
        for name in _inner_fields[node.__class__]:
            value = getattr(node, name, None)
            if isinstance(value, list):
                inner += [one for one in value if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST):
                inner.append(value)
        if parents is not None:
            parents.update(dict.fromkeys(inner, node))
        found += inner
    return found


class _InnerFields(dict[Any, tuple[str, ...]]):
    """The fields of a class of nodes that may hold nodes."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        names = () if kind is ast.Constant else kind._fields
        self[kind] = tuple(name for name in names if name not in _PLAIN)
        return self[kind]


_inner_fields = _InnerFields()
