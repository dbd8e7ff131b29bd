"""Small questions to a file's syntax that the facts of a site leave open."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from migrator.analysis.sites import Span
from migrator.source import SourceText

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_TEXT_METHODS = frozenset(
    {"format", "join", "strip", "lstrip", "rstrip", "replace", "lower", "upper", "title"}
)
# How far an expression is looked into for the strings that it is made of.
_DEEPEST = 6


@lru_cache(maxsize=8)
def tree_of(text: str) -> ast.Module | None:
    """The syntax of a file, or None where it does not parse."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _expressions(text: str, span: Span) -> Iterator[tuple[ast.expr, tuple[ast.AST, ...]]]:
    """The expressions at a span, each with what stands around it, outermost first."""
    tree = tree_of(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    wanted = (span.line, len(lines[span.line - 1][: span.column].encode()))
    pending: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(tree, ())] if tree else []
    while pending:
        node, around = pending.pop()
        if isinstance(node, ast.expr) and (node.lineno, node.col_offset) == wanted:
            yield node, around
        for child in ast.iter_child_nodes(node):
            last = getattr(child, "end_lineno", None)
            if last is None or getattr(child, "lineno", 0) <= span.line <= last:
                pending.append((child, (*around, node)))


def span_of(source: SourceText, node: ast.expr | ast.stmt) -> Span:
    """Where an expression or a statement stands, its columns in code points."""

    def column(line: int, offset: int) -> int:
        return len(source.line(line).encode()[:offset].decode(errors="ignore"))

    end = node.end_lineno or node.lineno
    start = column(node.lineno, node.col_offset)
    return Span(node.lineno, start, end, column(end, node.end_col_offset or 0))


def expression(source: SourceText, span: Span) -> ast.expr | None:
    """The expression at a span; None where none stands there."""
    return next((node for node, _ in ancestors(source, span)), None)


def is_test(source: SourceText, span: Span) -> bool:
    """Whether an expression is asked for its truth alone."""
    for node, around in ancestors(source, span):
        inner: ast.AST = node
        for outer in reversed(around):
            match outer:
                case ast.BoolOp():
                    inner = outer
                case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                    return test is inner
                case ast.UnaryOp(op=ast.Not()):
                    return True
                case _:
                    return False
    return False


def listed(text: str, span: Span) -> int | None:
    """How many elements a list display at a span has; None for anything else."""
    for node, _ in _expressions(text, span):
        if isinstance(node, ast.List | ast.Tuple):
            starred = any(isinstance(one, ast.Starred) for one in node.elts)
            return None if starred else len(node.elts)
    return None


def is_text(text: str, span: Span) -> bool:
    """Whether an expression is sure to be a string: by its form, or by its parameter's type."""
    for node, around in _expressions(text, span):
        scopes = [one for one in around if isinstance(one, _Scope)]
        if _is_text(node, scopes[-1] if scopes else None, _DEEPEST):
            return True
    return False


def _is_text(node: ast.expr, scope: _Scope | None, depth: int) -> bool:
    """Whether an expression of a scope is sure to be a string."""
    if not depth:
        return False

    def sure(*parts: ast.expr) -> bool:
        return all(_is_text(part, scope, depth - 1) for part in parts)

    match node:
        case ast.JoinedStr() | ast.Constant(value=str()):
            return True
        case ast.Call(func=ast.Name(id="str" | "input")):
            return True
        case ast.Call(func=ast.Attribute(value=base, attr=name)):
            return name in _TEXT_METHODS and sure(base)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return sure(left) or sure(right)
        case ast.BinOp(left=left, op=ast.Mod()):
            return sure(left)
        case ast.IfExp(body=body, orelse=other):
            return sure(body, other)
        case ast.Name(id=name) if isinstance(scope, _Function):
            given = _values_of(name, scope)
            return sure(*given) if given else _is_text_parameter(scope, name)
    return False


def _values_of(name: str, function: _Function) -> list[ast.expr]:
    """What is assigned to a local name, where nothing but plain assignments binds it."""
    found: list[ast.expr] = []
    bindings = 0
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
                found.append(value)
            case ast.AugAssign(target=ast.Name(id=bound), op=ast.Add()) if bound == name:
                bindings -= 1  # what a string is added to is one
        bindings += isinstance(node, ast.Name) and node.id == name and _is_stored(node)
        bindings += isinstance(node, ast.arg) and node.arg == name
    return found if bindings == len(found) else []


def _is_stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def _is_text_parameter(function: _Function, name: str) -> bool:
    given = function.args
    annotated = any(
        one.arg == name and isinstance(one.annotation, ast.Name) and one.annotation.id == "str"
        for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)
    )
    return annotated and not any(
        isinstance(node, ast.Name) and node.id == name and _is_stored(node)
        for node in ast.walk(function)
    )


def ancestors(source: SourceText, span: Span) -> Iterator[tuple[ast.expr, list[ast.AST]]]:
    """The expressions that stand just at a span, with what stands around each, outermost first."""
    for node, around in _expressions(source.text, span):
        if span_of(source, node) == span:
            yield node, list(around)


def in_literal_type(text: str, span: Span) -> bool:
    """Whether an expression stands in a `Literal[…]`."""
    for _, around in _expressions(text, span):
        for one in around:
            if isinstance(one, ast.Subscript) and _last_name(one.value) == "Literal":
                return True
    return False


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def passes_on(text: str, span: Span) -> bool:
    """Whether the call at a span is given the `**mapping` that its function is given."""
    for node, around in _expressions(text, span):
        scopes = [one for one in around if isinstance(one, _Function)]
        given = scopes[-1].args.kwarg if scopes else None
        if isinstance(node, ast.Call) and given is not None:
            mappings = [one.value for one in node.keywords if one.arg is None]
            if any(isinstance(one, ast.Name) and one.id == given.arg for one in mappings):
                return True
    return False


def class_around(text: str, span: Span) -> str:
    """The name of the class that the expression at a span stands in, or ""."""
    for _, around in _expressions(text, span):
        names = [one.name for one in around if isinstance(one, ast.ClassDef)]
        if names:
            return names[-1]
    return ""


@dataclass(frozen=True, slots=True)
class Target:
    """What an expression is assigned to: a name, or an attribute of `self`.

    `scope` is the first line of the function or class that it belongs to, 0 for the module's.
    """

    name: str
    scope: int


def assigned(text: str, span: Span) -> Target | None:
    """What the value at a span, as a whole, is assigned to; None where it is nothing so plain."""
    for node, around in _expressions(text, span):
        match around:
            case (*outside, ast.Assign(targets=[target], value=value)) | (
                *outside,
                ast.AnnAssign(target=target, value=value),
            ) if value is node and not isinstance(outside[-1], ast.ClassDef):
                return _target(target, outside)
    return None


def _target(target: ast.expr, around: Sequence[ast.AST]) -> Target | None:
    functions = [one for one in around if isinstance(one, _Function)]
    classes = [one for one in around if isinstance(one, ast.ClassDef)]
    match target:
        case ast.Name(id=name):
            function = functions[-1] if functions else None
            is_global = function is not None and _is_global(function, name)
            return Target(name, 0 if function is None or is_global else function.lineno)
        case ast.Attribute(value=ast.Name(id="self"), attr=name) if classes:
            return Target(f"self.{name}", classes[-1].lineno)
    return None


def _is_global(function: _Function, name: str) -> bool:
    return any(isinstance(node, ast.Global) and name in node.names for node in ast.walk(function))


def sees(text: str, span: Span, target: Target) -> bool:
    """Whether the name at a span means a target that is assigned to in the same file."""
    for _, around in _expressions(text, span):
        functions = [one for one in around if isinstance(one, _Function)]
        if target.name.startswith("self."):
            classes = [one.lineno for one in around if isinstance(one, ast.ClassDef)]
            return bool(functions) and classes[-1:] == [target.scope]
        for function in reversed(functions):
            if _binds(function, target.name):
                return function.lineno == target.scope
        return target.scope == 0
    return False


@dataclass(frozen=True, slots=True)
class Import:
    """A name that a file imports: of which module (with its dots), and what it calls it."""

    module: str
    local: str


def imported(text: str, span: Span, name: str) -> Import | None:
    """The import by which the expression at a span begins with a name of another module."""
    tree = tree_of(text)
    every = ast.walk(tree) if tree is not None else ()
    found = {
        alias.asname or alias.name: "." * node.level + (node.module or "")
        for node in every
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name == name
    }
    for node, around in _expressions(text, span):
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        functions = [one for one in around if isinstance(one, _Function)]
        if isinstance(root, ast.Name) and root.id in found:
            if any(_binds(function, root.id) for function in functions):
                return None
            return Import(found[root.id], root.id)
    return None


def needs_locals(text: str, span: Span, source: str) -> bool:
    """Whether a source uses a parameter or variable of a function around a span, but `self`."""
    used = {one.id for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Name)} - {"self"}
    for _, around in _expressions(text, span):
        functions = [one for one in around if isinstance(one, _Function)]
        return any(_binds(function, name) for function in functions for name in used)
    return False


def without(source: str, name: str) -> str:
    """A call's source, on one line, without the argument of that name."""
    match ast.parse(f"({source})", mode="eval").body:
        case ast.Call(func=function, args=given, keywords=named):
            kept = [one for one in named if one.arg != name]
            return ast.unparse(ast.Call(function, given, kept))
    return source


def _binds(function: _Function, name: str) -> bool:
    """Whether a function has a parameter or a variable of that name."""
    if _is_global(function, name):
        return False
    return any(
        (isinstance(node, ast.arg) and node.arg == name)
        or (isinstance(node, ast.Name) and node.id == name and _is_stored(node))
        for node in ast.walk(function)
    )


def classes(text: str) -> list[tuple[str, list[str]]]:
    """The classes that a file defines, each with the last names of its bases."""
    tree = tree_of(text)
    return [
        (node.name, [name for base in node.bases if (name := _last_name(base))])
        for node in (ast.walk(tree) if tree is not None else ())
        if isinstance(node, ast.ClassDef)
    ]


def branches(text: str, span: Span) -> tuple[str, str, str] | None:
    """What hangs on the test that an expression stands in: the test, what is done where it holds,
    and what is done where it does not. None for an expression that stands in no test."""
    for _, around in _expressions(text, span):
        inner: list[ast.AST] = []
        for one in reversed(around):
            test = getattr(one, "test", None)
            if isinstance(one, ast.If | ast.IfExp | ast.While) and test in inner:
                held, other = one.body, one.orelse
                return ast.unparse(one.test), _summary(held), _summary(other)
            inner.append(one)
    return None


def _summary(block: ast.expr | list[ast.stmt]) -> str:
    """A branch in few words: its first line, and whether there are more."""
    if isinstance(block, ast.expr):
        return ast.unparse(block)
    if not block:
        return "nothing"
    first, *others = ast.unparse(block[0]).split("\n")
    return first + (" …" if others or len(block) > 1 else "")
