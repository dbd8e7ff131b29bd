"""Small questions to a file's syntax that the facts of a site leave open."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from migrator.analysis.sites import Span
from migrator.newer import parse
from migrator.nodes import parsed
from migrator.source import SourceText, first_line, tree_of

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_TEXT_METHODS = frozenset(
    {"format", "join", "strip", "lstrip", "rstrip", "replace", "lower", "upper", "title"}
)
# Functions that give lists, and types that are lists.
_LISTING = frozenset({"list", "tuple", "sorted", "split", "tolist", "to_list"})
_LISTS = frozenset({"list", "List", "Sequence", "Iterable", "tuple", "Tuple", "Collection"})
# What catches an error.
_ABOVE = {"KeyError": frozenset({"KeyError", "LookupError", "Exception", "BaseException"})}
# How far an expression is looked into for the strings that it is made of.
_DEEPEST = 6


def _expressions(text: str, span: Span) -> Iterator[tuple[ast.expr, tuple[ast.AST, ...]]]:
    """The expressions at a span, each with what stands around it, outermost first."""
    nodes = parsed(text)
    wanted = (span.line, nodes.byte(span.line, span.column))
    pending: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [
        (statement, (nodes.tree,)) for statement in nodes.at_lines(span.line, span.line)
    ]
    while pending:
        node, around = pending.pop()
        if isinstance(node, ast.expr) and (node.lineno, node.col_offset) == wanted:
            yield node, around
        for child in ast.iter_child_nodes(node):
            last = getattr(child, "end_lineno", None)
            if last is None or first_line(child) <= span.line <= last:
                pending.append((child, (*around, node)))


def expression(source: SourceText, span: Span) -> ast.expr | None:
    """The expression at a span; None where none stands there."""
    return next((node for node, _ in ancestors(source, span)), None)


def classes_asked_for(source: SourceText, span: Span) -> Span | None:
    """The class at a span, or the tuple it stands in, where a value is asked whether it is of it.

    That is in `except` and `isinstance`; None elsewhere.
    """
    for node, around in ancestors(source, span):
        whole, outer = node, around[-1]
        if isinstance(outer, ast.Tuple) and len(around) > 1:
            whole, outer = outer, around[-2]
        match outer:
            case (
                ast.ExceptHandler(type=asked)
                | ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[_, asked])
            ) if asked is whole:
                return source.span_of(whole)
    return None


def laid_out_plainly(written: str) -> str:
    """The source of an expression in one line, without comments; as it stands where it is none."""
    try:
        return ast.unparse(ast.parse(f"({written.strip()}\n)", mode="eval"))
    except (SyntaxError, ValueError, RecursionError):
        return written.strip()


def entries(source: SourceText, span: Span) -> dict[str, str] | None:
    """The entries of a dict display, by name, with their sources; None for anything else."""
    found = expression(source, span)
    if not isinstance(found, ast.Dict):
        return None
    written: dict[str, str] = {}
    for key, value in zip(found.keys, found.values, strict=True):
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
            return None
        written[key.value] = source.slice(source.span_of(value))
    return written


def asked_of(source: SourceText, span: Span) -> frozenset[str]:
    """What the value of a call is asked for where it stands, or by the name it is given there.

    `with` says that it stands in a `with` statement.
    """
    found: set[str] = set()
    for node, around in ancestors(source, span):
        whole: ast.AST = node
        for outer in reversed(around):
            if isinstance(outer, ast.withitem):
                found.add("with")
            elif isinstance(outer, ast.Await):
                whole = outer
            elif isinstance(outer, ast.Attribute):
                found.add(outer.attr)
            if isinstance(outer, ast.stmt):
                break
        target = (
            assigned(source.text, source.span_of(whole)) if isinstance(whole, ast.expr) else None
        )
        name = target.name.rpartition(".")[2] if target is not None else ""
        scope = next((one for one in reversed(around) if isinstance(one, _Scope)), around[0])
        found |= _asked_by_name(scope, name) if name else set()
    return frozenset(found)


def _asked_by_name(scope: ast.AST, name: str) -> set[str]:
    """The attributes that a name is asked for in a scope."""
    found: set[str] = set()
    for node in ast.walk(scope):
        match node:
            case ast.Attribute(value=value, attr=attribute):
                found |= {attribute} if _last_name(value) == name else set()
            case ast.withitem(context_expr=entered):
                names = {_last_name(one) for one in ast.walk(entered) if isinstance(one, ast.expr)}
                found |= {"with"} if name in names else set()
    return found


def mentions(source: SourceText, span: Span) -> Iterator[tuple[ast.expr, ast.AST]]:
    """An expression and all mentions of the name it is given there, with what each stands in."""
    for node, around in ancestors(source, span):
        if around:
            yield node, around[-1]
        target = assigned(source.text, span)
        name = target.name.rpartition(".")[2] if target is not None else ""
        scope = next((one for one in reversed(around) if isinstance(one, _Scope)), around[0])
        for outer in ast.walk(scope) if name else ():
            for inner in ast.iter_child_nodes(outer):
                if isinstance(inner, ast.expr) and _last_name(inner) == name:
                    yield inner, outer


def is_displayed(source: SourceText, span: Span) -> bool:
    """Whether an expression, or the name it is given there, stands in a list or dict display."""
    return any(
        (isinstance(outer, ast.List) and isinstance(outer.ctx, ast.Load))
        or (isinstance(outer, ast.Dict) and inner in outer.values)
        for inner, outer in mentions(source, span)
    )


def appended(source: SourceText, span: Span) -> Iterator[tuple[Span, str]]:
    """Where an expression, or the name it is given there, is appended; the list's last name."""
    for inner, outer in mentions(source, span):
        match outer:
            case ast.Call(func=ast.Attribute(value=held, attr="append"), args=[one]):
                if one is inner:
                    yield source.span_of(inner), _last_name(held)


def name_behind(source: SourceText, span: Span, name: str) -> Span | None:
    """Where an attribute's name stands, right behind what it is read from."""
    _, end = source.bounds(span)
    at = source.text.find(name, end)
    if at < 0 or source.text[end:at].strip() != ".":
        return None
    return source.span(at, at + len(name))


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


def is_asked_whether_set(source: SourceText, name: Span) -> bool:
    """Whether what is read by the literal at a span is asked for its being there alone."""
    for node, around in ancestors(source, name):
        match around:
            case (*_, outer, ast.Call(args=[first, *_]) as read) if first is node:
                return _is_compared_with_none(outer) or is_test(source, source.span_of(read))
    return False


def _is_compared_with_none(node: ast.AST) -> bool:
    match node:
        case ast.Compare(ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return True
    return False


def listed(text: str, span: Span) -> int | None:
    """How many elements a list display at a span has; None for anything else."""
    for node, _ in _expressions(text, span):
        if isinstance(node, ast.List | ast.Tuple):
            starred = any(isinstance(one, ast.Starred) for one in node.elts)
            return None if starred else len(node.elts)
    return None


def may_be_list(text: str, span: Span) -> bool:
    """Whether an expression is a list by its form, or by what it is called or annotated."""
    return any(_may_be_list(node, around) for node, around in _expressions(text, span))


def _may_be_list(node: ast.expr, around: tuple[ast.AST, ...]) -> bool:
    match node:
        case ast.List() | ast.Tuple() | ast.ListComp() | ast.GeneratorExp() | ast.Set():
            return True
        case ast.Subscript(slice=ast.Slice()):
            return True
        case ast.Subscript(slice=ast.Constant(value=str(name))) | ast.Attribute(attr=name):
            return _is_plural(name)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return _is_plural(name) or name in _LISTING
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _may_be_list(left, around) or _may_be_list(right, around)
        case ast.Name(id=name):
            return _is_plural(name) or _is_annotated_list(name, around)
    return False


def _is_plural(name: str) -> bool:
    """Whether a name is that of several things: `texts`, `chunk_list`."""
    words = name.lower().strip("_").split("_")
    last = words[-1]
    return (last.endswith("s") and not last.endswith("ss")) or last in {"list", "batch"}


def _is_annotated_list(name: str, around: tuple[ast.AST, ...]) -> bool:
    functions = (one for one in reversed(around) if isinstance(one, _Function))
    for function in functions:
        given = function.args
        for one in (*given.posonlyargs, *given.args, *given.kwonlyargs):
            if one.arg == name:
                words = ast.walk(one.annotation) if one.annotation is not None else ()
                return any(isinstance(n, ast.expr) and _last_name(n) in _LISTS for n in words)
    return False


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


def has_key(node: ast.expr | None, key: str) -> bool:
    """Whether a dict display has a key."""
    keys = node.keys if isinstance(node, ast.Dict) else ()
    return any(isinstance(one, ast.Constant) and one.value == key for one in keys)


@lru_cache(maxsize=4096)
def ancestors(source: SourceText, span: Span) -> tuple[tuple[ast.expr, list[ast.AST]], ...]:
    """The expressions that stand just at a span, with what stands around each, outermost first."""
    return tuple(
        (node, list(around))
        for node, around in _expressions(source.text, span)
        if source.span_of(node) == span
    )


def is_of_each(source: SourceText, span: Span) -> bool:
    """Whether a name is the variable of a loop around it, or handed to its function."""
    for node, around in ancestors(source, span):
        if isinstance(node, ast.Name):
            return any(node.id in _names_bound(outer) for outer in around)
    return False


def _names_bound(node: ast.AST) -> set[str]:
    match node:
        case ast.For(target=target) | ast.AsyncFor(target=target):
            return {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            targets = [one.target for one in node.generators]
            return {one.id for one in targets if isinstance(one, ast.Name)}
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            arguments = node.args
            every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
            return {one.arg for one in every}
    return set()


def place_in_list(source: SourceText, value: Span) -> tuple[Span, int, ast.Dict] | None:
    """The list display that holds the dict display with this value, the place of it there."""
    for _, around in ancestors(source, value):
        match around[-2:]:
            case [ast.List(elts=items) as held, ast.Dict() as entry] if entry in items:
                return source.span_of(held), items.index(entry), entry
    return None


def texts(source: SourceText, span: Span, value: str) -> list[Span]:
    """Where an expression holds a string, written as such."""
    found = expression(source, span)
    return [
        source.span_of(node)
        for node in (ast.walk(found) if found is not None else ())
        if isinstance(node, ast.Constant) and node.value == value
    ]


def call_around(source: SourceText, span: Span) -> Span | None:
    """The call that an expression is an argument of, by itself or in a list."""
    for _, around in ancestors(source, span):
        for node in reversed(around):
            if isinstance(node, ast.Call):
                return source.span_of(node)
            if not isinstance(node, ast.List | ast.Tuple | ast.keyword):
                break
    return None


def read_call(source: SourceText, name: Span) -> Span | None:
    """The call that reads an environment variable by the literal at a span: `os.getenv("X")`.

    None where it cannot be given a default as its second argument.
    """
    for node, around in ancestors(source, name):
        match around:
            case (*_, ast.Call(func=func, args=[first, *rest], keywords=[]) as call):
                if first is node and len(rest) < 2 and _reads_environment(func):
                    return source.span_of(call)
    return None


def read_at(source: SourceText, name: Span) -> Span | None:
    """The expression that reads an environment variable by the literal at a span."""
    for node, around in ancestors(source, name):
        match around:
            case (*_, ast.Subscript(value=base, slice=key) as read):
                if key is node and _last_name(base) == "environ":
                    return source.span_of(read)
            case (*_, ast.Call(func=function, args=[first, *_]) as read):
                if first is node and _reads_environment(function):
                    return source.span_of(read)
    return None


def _reads_environment(function: ast.expr) -> bool:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name == "getenv":
            return True
        case ast.Attribute(value=base, attr="get"):
            return _last_name(base) == "environ"
    return False


def is_filled(source: SourceText, span: Span) -> bool:
    """Whether the name at a span is given another value where it holds none: `if not x: x = …`."""
    for node, around in ancestors(source, span):
        if isinstance(node, ast.Name):
            scopes = [one for one in around if isinstance(one, _Function | ast.Module)]
            return any(_fills(one, node.id) for one in ast.walk(scopes[-1]))
    return False


def is_asked_for(source: SourceText, span: Span) -> bool:
    """Whether an expression stands where a test has said that it holds something: under `if x:`."""
    for node, around in ancestors(source, span):
        asked = {ast.unparse(node), f"{ast.unparse(node)} is not None"}
        return any(
            isinstance(one, ast.If) and following in one.body and ast.unparse(one.test) in asked
            for one, following in pairwise(around)
        )
    return False


def _fills(node: ast.AST, name: str) -> bool:
    match node:
        case ast.If(test=test, body=body) if _says_empty(test, name):
            return any(_gives(one, name) for one in body)
        case ast.Assign(targets=[ast.Name(id=bound)], value=ast.BoolOp(op=ast.Or(), values=parts)):
            first = parts[0]
            return bound == name and isinstance(first, ast.Name) and first.id == name
    return False


def _says_empty(test: ast.expr, name: str) -> bool:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=asked)):
            return asked == name
        case ast.Compare(left=ast.Name(id=asked), ops=[ast.Is()], comparators=[ast.Constant()]):
            return asked == name
    return False


def _gives(node: ast.stmt, name: str) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id=bound)], value=value):
            return bound == name and not (isinstance(value, ast.Constant) and not value.value)
    return False


def mapping_display(source: SourceText, call: Span) -> Span | None:
    """The dict display that makes the `**mapping` of the call at a span, if it is made there."""
    for node, around in ancestors(source, call):
        if not isinstance(node, ast.Call):
            continue
        scopes = [one for one in around if isinstance(one, _Function | ast.Module)]
        spread = [one.value for one in node.keywords if one.arg is None]
        if len(spread) == 1 and isinstance(spread[0], ast.Name):
            made = _made(spread[0].id, scopes[-1])
            return source.span_of(made) if made is not None else None
    return None


def _made(name: str, scope: ast.AST) -> ast.expr | None:
    """The display that a name is bound to, where nothing else is."""
    bound = [
        node.value
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and any(isinstance(one, ast.Name) and one.id == name for one in _targets(node))
    ]
    match bound:
        case [ast.Dict() as display]:
            return display
        case [ast.Call(func=ast.Name(id="dict"), args=[], keywords=given) as display]:
            return display if all(one.arg for one in given) else None
    return None


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def idle_assignments(
    source: SourceText, span: Span, gone: Sequence[Span]
) -> list[tuple[str, Span]]:
    """The statements whose values nothing reads once an expression is gone, each with its name.

    `gone` are all spans that go. Only statements that do nothing but give a name a value.
    """
    found = []
    for node, around in ancestors(source, span):
        scope = next(one for one in reversed(around) if isinstance(one, _Function | ast.Module))
        names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        for statement in ast.walk(scope):
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in names:
                    if _does_nothing(value) and _is_idle(source, name, scope, gone):
                        found.append((name, source.span_of(statement)))
    return found


def _does_nothing(value: ast.expr) -> bool:
    """Whether an expression only looks something up, or makes a text or what signs in of it."""
    match value:
        case ast.Constant() | ast.Name():
            return True
        case ast.Attribute(value=base) | ast.Subscript(value=base, slice=ast.Constant()):
            return _does_nothing(base)
        case ast.BoolOp(values=parts):
            return all(map(_does_nothing, parts))
        case ast.Call(func=function, args=given, keywords=named):
            pure = _reads_environment(function) or _last_name(function) in _PURE
            parts = [*given, *(one.value for one in named)]
            return pure and all(map(_does_nothing, parts))
    return False


_PURE = _TEXT_METHODS | {"get", "get_bearer_token_provider"}


def _is_idle(source: SourceText, name: str, scope: ast.AST, gone: Sequence[Span]) -> bool:
    """Whether a name of a scope is bound once and read by nothing but what goes."""
    uses = [one for one in ast.walk(scope) if isinstance(one, ast.Name) and one.id == name]
    stored = [one for one in uses if _is_stored(one)]
    others = (source.span_of(one) for one in uses if not _is_stored(one))
    declared = any(
        name in one.names for one in ast.walk(scope) if isinstance(one, ast.Global | ast.Nonlocal)
    )
    return (
        len(stored) == 1
        and not declared
        and all(any(span.holds(one) for span in gone) for one in others)
    )


def takes_from_outside(text: str, name: str) -> bool:
    """Whether a file may use a name of another one: by an import, or as an attribute."""
    tree = tree_of(text)
    return any(
        (isinstance(node, ast.Attribute) and node.attr == name)
        or (isinstance(node, ast.ImportFrom) and {one.name for one in node.names} & {name, "*"})
        for node in (ast.walk(tree) if tree is not None else ())
    )


def is_in_function(text: str, span: Span) -> bool:
    """Whether an expression stands in a function."""
    return any(
        isinstance(one, _Function) for _, around in _expressions(text, span) for one in around
    )


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


def dotted(source: SourceText | None, span: Span) -> str:
    """The attributes at the end of the expression at a span, however it is laid out.

    `client().chat.create` gives `.chat.create`; the name that it begins with stands before them.
    """
    return dotted_path(expression(source, span) if source is not None else None)


def dotted_path(node: ast.AST | None) -> str:
    """The attributes at the end of an expression, behind the name that it begins with."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    return ".".join([node.id if isinstance(node, ast.Name) else "", *names])


def receiver(source: SourceText, span: Span, name: str, *, called: bool = False) -> Span | None:
    """Where the method at a span names what it is of, by a path; None where that is another.

    `called`: it is of what the function of that name returns.
    """
    node = expression(source, span)
    while isinstance(node, ast.Attribute):
        node = node.value
        named = node.func if called and isinstance(node, ast.Call) else node
        if called == isinstance(node, ast.Call) and dotted_path(named) == name:
            return source.span_of(named)
    return None


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


def is_caught(text: str, span: Span, error: str) -> bool:
    """Whether an error that a call raises is caught in the function that the call stands in."""
    for node, around in _expressions(text, span):
        if not isinstance(node, ast.Call):
            continue
        for inner, outer in pairwise(reversed((*around, node))):
            if isinstance(inner, _Scope):
                break
            handlers = outer.handlers if isinstance(outer, ast.Try) and inner in outer.body else []
            if any(catches(one, error) for one in handlers):
                return True
    return False


def catches(handler: ast.ExceptHandler, error: str) -> bool:
    """Whether a handler catches an error, by its own name or that of a class above it."""
    match handler.type:
        case None:
            return True
        case ast.Tuple(elts=kinds):
            return any(_last_name(kind) in _ABOVE[error] for kind in kinds)
        case kind:
            return _last_name(kind) in _ABOVE[error]


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
    `called`: it is the function of that name that returns the expression.
    """

    name: str
    scope: int
    called: bool = False


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


def returned(text: str, span: Span) -> Target | None:
    """The function of the module without parameters that only returns the value at a span."""
    for node, around in _expressions(text, span):
        match around:
            case (
                ast.Module(),
                ast.FunctionDef(name=name, args=taken, body=body),
                ast.Return(value=value),
            ) if value is node and not ast.unparse(taken) and _is_alone(body):
                return Target(name, 0, called=True)
    return None


def _is_alone(body: Sequence[ast.stmt]) -> bool:
    """Whether a function has but one statement, beside its documentation."""
    match body:
        case [_] | [ast.Expr(value=ast.Constant(value=str())), _]:
            return True
    return False


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
        while isinstance(root, (ast.Attribute, ast.Call)):
            root = root.value if isinstance(root, ast.Attribute) else root.func
        functions = [one for one in around if isinstance(one, _Function)]
        if isinstance(root, ast.Name) and root.id in found:
            if any(_binds(function, root.id) for function in functions):
                return None
            return Import(found[root.id], root.id)
    return None


def import_of(source: SourceText, packages: Collection[str]) -> Span | None:
    """The first import of one of some packages, or of what is in it, that a file begins with."""
    tree = tree_of(source.text)
    for node in tree.body if tree is not None else ():
        match node:
            case ast.Import(names=names):
                named = [one.name for one in names]
            case ast.ImportFrom(module=str(module), level=0):
                named = [module]
            case _:
                continue
        if any(one.partition(".")[0] in packages for one in named):
            return source.span_of(node)
    return None


def is_above_async(source: SourceText, span: Span) -> bool:
    """Whether the expression at a span decorates an `async def`."""
    return any(
        isinstance(scope, ast.AsyncFunctionDef) and node in scope.decorator_list
        for node, around in ancestors(source, span)
        for scope in around[-1:]
    )


def needs_locals(text: str, span: Span, source: str) -> bool:
    """Whether a source uses a parameter or variable of a function around a span, but `self`."""
    used = {one.id for one in ast.walk(parse(source)) if isinstance(one, ast.Name)} - {"self"}
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
