"""A Python file as the codemods see it: its text, its syntax tree, its manners."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any
from unicodedata import east_asian_width

from migrator.analysis.sites import Span
from migrator.newer import parse
from migrator.nodes import ByClass, Nodes
from migrator.source import Positioned, SourceText

COLUMNS = 100
_NARROW = (88, 79)
_TAB = 4
_BLANKS = re.compile(r"[ \t\f]*")
_BODIES = ("body", "orelse", "finalbody")

_BRACKETS = (ast.Call, ast.Dict, ast.List)
_HOLDING = (ast.stmt, ast.excepthandler, ast.match_case)  # what may hold statements

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True)
class PythonFile:
    """The text and the tree of one file. `parse` raises SyntaxError or ValueError."""

    source: SourceText
    path: str
    tree: ast.Module

    @classmethod
    def parse(cls, source: SourceText, path: str) -> PythonFile:
        return cls(source, path, parse(source.text))

    @cached_property
    def _nodes(self) -> Nodes:
        return Nodes(self.tree)

    def nodes(self, *classes: type[ast.AST]) -> Iterator[Any]:
        """The nodes of some classes: those of the first, the outer ones first, and so on."""
        return chain.from_iterable(self._nodes.by_class.get(one, ()) for one in classes)

    def at_lines(self, first: int, last: int) -> Iterator[ast.stmt]:
        """The statements of the module that stand on all of some lines."""
        return self._nodes.at_lines(first, last)

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node around a node; None around the module."""
        return self._nodes.parent(node)

    def span(self, node: Positioned) -> Span:
        """The span of a node in code points (the tree counts UTF-8 bytes)."""
        return self.source.span_of(node)

    def code(self, node: Positioned) -> str:
        """The source of a node."""
        return self.source.slice(self.span(node))

    def bounds(self, node: Positioned) -> tuple[int, int]:
        """The offsets of a node."""
        return self.source.bounds(self.span(node))

    def expression(self, span: Span) -> ast.expr | None:
        """The outermost expression that stands exactly at a span."""
        found = self._nodes.expressions(span.line, span.end_line)
        return next((node for node in found if self.span(node) == span), None)

    def around(self, span: Span) -> ast.expr | None:
        """The innermost expression around a span: of an attribute's or an argument's name."""
        statement = self.statement(span)
        if statement is None:
            return None
        found = [
            node
            for node in ast.walk(statement)
            if isinstance(node, ast.expr) and self.span(node).holds(span)
        ]
        return found[-1] if found else None

    def string_around(self, span: Span) -> ast.expr | None:
        """The string literal that holds a span which is no expression itself."""
        found = self.around(span) if self.expression(span) is None else None
        if not isinstance(found, ast.JoinedStr) and not (
            isinstance(found, ast.Constant) and isinstance(found.value, str)
        ):
            return None
        parent = self.parent(found)
        return parent if isinstance(parent, ast.JoinedStr) else found

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, from the nearest."""
        while (parent := self.parent(node)) is not None:
            yield parent
            node = parent

    def statement(self, span: Span) -> ast.stmt | None:
        """The innermost statement that holds a span."""
        found, block = None, [self.tree.body]
        while block:
            inner = next((s for body in block if (s := self._holding(body, span))), None)
            if inner is None:
                return found
            found = inner
            block = blocks(found)
        return found

    def _holding(self, body: Sequence[ast.stmt], span: Span) -> ast.stmt | None:
        """The statement of a block that holds a span."""
        for number in range(bisect_left(body, span.end_line, key=_last_line), len(body)):
            whole = self.whole(body[number])
            if whole.holds(span):
                return body[number]
            if whole.line > span.line:
                return None
        return None

    def whole(self, statement: ast.stmt) -> Span:
        """The span of a statement, its decorators included."""
        span = self.span(statement)
        decorators = getattr(statement, "decorator_list", [])
        if not decorators:
            return span
        first = self.span(decorators[0])
        line = self.source.line(first.line)
        at = line.rfind("@", 0, first.column)
        return Span(first.line, max(at, 0), span.end_line, span.end_column)

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """The list of statements that a statement stands in."""
        parent = self.parent(statement)
        every = [parent.body] if isinstance(parent, ast.Module) else blocks(parent or self.tree)
        return next(body for body in every if statement in body)

    def functions(self, span: Span) -> list[Function]:
        """The functions around a span, from the nearest."""
        statement = self.statement(span)
        if statement is None:
            return []
        around = [statement, *self.ancestors(statement)]
        if statement not in self._lambdas:
            self._lambdas[statement] = [n for n in ast.walk(statement) if isinstance(n, ast.Lambda)]
        return [
            *(node for node in self._lambdas[statement] if self.span(node).holds(span)),
            *(n for n in around if isinstance(n, Function) and _inside(self, n, span)),
        ]

    @cached_property
    def _lambdas(self) -> dict[ast.stmt, list[ast.Lambda]]:
        return {}

    def indentation(self, number: int) -> str:
        """The blanks a line begins with."""
        match = _BLANKS.match(self.source.line(number))
        return match.group() if match else ""

    @cached_property
    def indent(self) -> str:
        """One level of indentation as the file writes it."""
        level: Sequence[ast.AST] = self.tree.body
        while level:
            for node in level:
                for body in blocks(node):
                    if isinstance(node, ast.stmt) and body[0].lineno > node.lineno:
                        outer = self.indentation(node.lineno)
                        inner = self.indentation(body[0].lineno)
                        if inner.startswith(outer) and inner != outer:
                            return inner.removeprefix(outer)
            children = (child for node in level for child in ast.iter_child_nodes(node))
            level = [child for child in children if isinstance(child, _HOLDING)]
        return "    "

    @cached_property
    def _in_f_strings(self) -> frozenset[ast.AST]:
        """What stands in f-strings."""
        strings = self.nodes(ast.JoinedStr)
        return frozenset(n for one in strings for n in ast.walk(one) if n is not one)

    @cached_property
    def quote(self) -> str:
        """The quote most of the file's short strings have; double where there is none."""
        counted: Counter[str] = Counter()
        for node in self.nodes(ast.Constant, ast.JoinedStr):
            if isinstance(node, ast.Constant) and not isinstance(node.value, str):
                continue
            # Where the parts of an f-string stand depends on the release of Python.
            if node in self._in_f_strings:
                continue
            code = self.code(node).lstrip("rRuUbBfF")
            value = str(node.value) if isinstance(node, ast.Constant) else code[1:-1]
            free = "'" not in value and '"' not in value
            if free and not code.startswith(('"""', "'''")):
                counted[code[:1]] += 1
        return "'" if counted["'"] > counted['"'] else '"'

    @cached_property
    def columns(self) -> int:
        """The columns a line may have: those of the longest call the file leaves on one line.

        Fewer than usual where the file breaks calls that would fit, and has none beyond.
        """
        calls = [call for call in self.nodes(ast.Call) if call not in self._in_f_strings]
        whole = (
            width(self.source.line(node.lineno).partition("  #")[0])
            for node in calls
            if node.lineno == node.end_lineno and len(node.args) + len(node.keywords) > 1
        )
        longest = max(whole, default=0)
        broken = min(filter(None, map(self._joined, calls)), default=0)
        fitting = (columns for columns in _NARROW if longest <= columns < broken <= COLUMNS)
        return next(fitting, max(COLUMNS, longest))

    def fits(self, line: str) -> bool:
        """Whether a line takes no more columns than a line may have."""
        columns = width(line)
        return columns <= _NARROW[-1] or columns <= self.columns

    def _joined(self, call: ast.Call) -> int:
        """How wide the line of a call would be whose arguments were put on a line of their own.

        0 for any other call.
        """
        last = call.end_lineno if self.in_one_row(call) else None
        if last is None:
            return 0
        opening, row, closing = (self.source.line(number) for number in range(last - 2, last + 1))
        if not opening.endswith("(") or "#" in row:
            return 0
        return width(opening) + width(row.strip()) + width(closing.strip())

    def in_one_row(self, node: ast.expr) -> bool:
        """Whether the entries of a call or a display stand on one line between its first and last.

        A comma behind them asks for a line each: they do not count then.
        """
        lines = {line for part in parts(node) for line in (part.lineno, part.end_lineno)}
        opening = node.func.end_lineno if isinstance(node, ast.Call) else node.lineno
        if opening is None or lines != {opening + 1} or node.end_lineno != opening + 2:
            return False
        return not self.source.line(opening + 1).partition("#")[0].rstrip().endswith(",")

    @cached_property
    def trailing_comma(self) -> bool:
        """Whether most brackets with an entry on each line have a comma behind the last one."""
        ends: Counter[bool] = Counter()
        for node in self.nodes(*_BRACKETS):
            last = node.end_lineno
            lines = [part.lineno for part in parts(node)]
            if last and len(lines) > 1 and len({*lines, last}) == len(lines) + 1:
                ends[self.source.line(last - 1).partition("#")[0].rstrip().endswith(",")] += 1
        return ends[True] > ends[False]

    @cached_property
    def annotated(self) -> bool:
        """Whether most of the file's functions have a return annotation."""
        functions = list(self.nodes(ast.FunctionDef, ast.AsyncFunctionDef))
        return 2 * sum(n.returns is not None for n in functions) > len(functions)

    @cached_property
    def names(self) -> Counter[str]:
        """The names the file uses, those in string annotations and `__all__` included."""
        return used_names(self._nodes.by_class)


def _last_line(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno


def blocks(node: ast.AST) -> list[list[ast.stmt]]:
    """The statement lists of a compound statement."""
    found = [getattr(node, name) for name in _BODIES if isinstance(getattr(node, name, None), list)]
    parts = (*getattr(node, "handlers", ()), *getattr(node, "cases", ()))
    found += [part.body for part in parts]
    return [body for body in found if body]


def _inside(file: PythonFile, function: Function, span: Span) -> bool:
    body = function.body
    parts: list[ast.AST] = list(body) if isinstance(body, list) else [body]
    return any(
        (file.whole(part) if isinstance(part, ast.stmt) else file.span(part)).holds(span)
        for part in parts
        if isinstance(part, (ast.stmt, ast.expr))
    )


def parts(node: ast.AST) -> list[ast.expr | ast.keyword]:
    """The entries of a call or a display."""
    match node:
        case ast.Call(args=args, keywords=keywords):
            return [*args, *keywords]
        case ast.Dict(values=values) | ast.List(elts=values):
            return list(values)
    return []


def width(line: str) -> int:
    """How many columns a line takes, wide characters and tabs counted as such."""
    if line.isascii():
        return len(line.expandtabs(_TAB))
    return sum(2 if east_asian_width(one) in "FW" else 1 for one in line.expandtabs(_TAB))


def used_names(nodes: ByClass) -> Counter[str]:
    """How often each name is read, string annotations and `__all__` included."""

    def of(*kinds: type[ast.AST]) -> Iterator[Any]:
        return chain.from_iterable(nodes.get(kind, ()) for kind in kinds)

    found = Counter(node.id for node in of(ast.Name) if not isinstance(node.ctx, ast.Store))
    for node in of(ast.Assign, ast.AugAssign):
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                found.update(_strings(value))
            case ast.AugAssign(target=ast.Name(id="__all__"), value=value):
                found.update(_strings(value))
    annotations = [node.annotation for node in of(ast.arg, ast.AnnAssign)]
    annotations += [node.returns for node in of(ast.FunctionDef, ast.AsyncFunctionDef)]
    for call in of(ast.Call):
        match call:
            case ast.Call(func=ast.Name(id="cast") | ast.Attribute(attr="cast"), args=[kind, *_]):
                annotations.append(kind)
    for annotation in annotations:
        if annotation is not None and not isinstance(annotation, ast.Name):
            found.update(_words(annotation))
    return found


def _strings(value: ast.expr) -> list[str]:
    return [
        node.value
        for node in ast.walk(value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def _words(annotation: ast.expr) -> list[str]:
    return [word for text in _strings(annotation) for word in re.findall(r"[^\W\d]\w*", text)]
