"""One Python file -> ModuleFacts: the file's syntax lowered to units, nodes and operations.

Reads with the standard library's `ast`, runs nothing, and knows nothing of OpenAI: what a name
means is found when the files are linked.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from migrator.analysis import commands, surface
from migrator.analysis.filling import may_be_address
from migrator.analysis.program import (
    CallRecord,
    ClassRecord,
    Display,
    Entry,
    FieldRecord,
    ImportRecord,
    LiteralRecord,
    Mention,
    ModuleFacts,
    Op,
    Parameter,
    Passed,
    Ref,
    StatementRecord,
    TestRecord,
    Unit,
)
from migrator.analysis.sites import Span
from migrator.analysis.strings import Character, characters
from migrator.analysis.successions import Scope, Successions
from migrator.newer import parse
from migrator.source import SourceText

# What asks whether one text is another, or holds it.
_TESTS: dict[type[ast.cmpop], str] = {
    **dict.fromkeys((ast.Eq, ast.NotEq), "=="),
    **dict.fromkeys((ast.In, ast.NotIn), "in"),
}
_ENDS = frozenset({"startswith", "endswith"})
# What declares names to be those of a scope around; in a string it does no harm.
_DECLARED = re.compile(r"^[^\n\S]*(?:global|nonlocal)[ \t]([^\n#;]*)", re.MULTILINE)
_NAME = re.compile(r"\w+")
# Longer texts are prompts and documents: they name no model, variable or address as a whole.
_LONGEST_TEXT = 4000
_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def _lines(text: str) -> list[str]:
    """The lines of a file as Python counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


class _Numbers(dict[int, int]):
    """One object of each number: the places of all files begin on the same few thousand lines."""

    def __missing__(self, number: int) -> int:
        return self.setdefault(number, number)


_number = _Numbers()
_SMALL = 256  # Python itself has one object of each number up to here


class _Columns:
    """Turns the byte columns of `ast` into code point columns."""

    def __init__(self, text: str) -> None:
        self._lines = None if text.isascii() else _lines(text)

    def point(self, line: int, column: int) -> int:
        assert self._lines is not None
        text = self._lines[line - 1]
        return column if text.isascii() else len(text.encode()[:column].decode(errors="ignore"))

    def span(self, node: ast.AST) -> Span:
        line, end = node.lineno, node.end_lineno  # type: ignore[attr-defined]
        if end > _SMALL:
            line, end = _number[line], _number[end]
        if self._lines is None:
            return Span(line, node.col_offset, end, node.end_col_offset)  # type: ignore[attr-defined]
        return Span(
            line,
            self.point(line, node.col_offset),  # type: ignore[attr-defined]
            end,
            self.point(end, node.end_col_offset),  # type: ignore[attr-defined]
        )


def _targets(node: ast.AST) -> Iterator[str]:
    """The names that an assignment target binds."""
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _targets(part)
        case ast.Starred(value=value):
            yield from _targets(value)


# Where a name can be bound below a node, but for a walrus.
_BINDING: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Assign: ("targets",),
    **dict.fromkeys((ast.AnnAssign, ast.AugAssign), ("target",)),
    **dict.fromkeys((ast.For, ast.AsyncFor), ("target", "body", "orelse")),
    **dict.fromkeys((ast.While, ast.If), ("body", "orelse")),
    **dict.fromkeys((ast.With, ast.AsyncWith), ("items", "body")),
    **dict.fromkeys((ast.Tuple, ast.List), ("elts",)),
    ast.withitem: ("optional_vars",),
    ast.Starred: ("value",),
    ast.Delete: ("targets",),
    ast.Try: ("body", "handlers", "orelse", "finalbody"),
    ast.ExceptHandler: ("body",),
    ast.Match: ("cases",),
    ast.match_case: ("pattern", "body"),
    **dict.fromkeys((ast.MatchSequence, ast.MatchMapping, ast.MatchOr), ("patterns",)),
    ast.MatchClass: ("patterns", "kwd_patterns"),
    ast.MatchAs: ("pattern",),
}
# What binds no name by itself, and is met often.
_UNBOUND = frozenset({*_BINDING, ast.Expr, ast.Return, ast.Raise, ast.Pass, ast.Attribute}) - {
    ast.ExceptHandler,
    ast.MatchAs,
    ast.MatchMapping,
}
if hasattr(ast, "TryStar"):
    _BINDING[ast.TryStar] = _BINDING[ast.Try]
if hasattr(ast, "TypeAlias"):
    _BINDING[ast.TypeAlias] = ("name",)


def _bound_names(body: Iterable[ast.AST], *, walrus: bool) -> tuple[Counter[str], set[str]]:
    """The names that a block binds in its own scope, each with how often, and those it declares
    global or nonlocal.

    `walrus`: there is one in it, so any expression can bind a name.
    """
    bound: list[str] = []
    elsewhere: set[str] = set()
    pending = list(body)
    while pending:
        node = pending.pop()
        if not walrus and type(node) in _UNBOUND:
            pending.extend(_where_bound(node))
            continue
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                bound.append(node.name)
                pending.extend(node.decorator_list if walrus else ())
                continue
            case ast.Lambda():
                continue
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                bound.append(name)
            case ast.Import(names=names):
                bound.extend(alias.asname or alias.name.split(".")[0] for alias in names)
            case ast.ImportFrom(names=names):
                bound.extend(alias.asname or alias.name for alias in names if alias.name != "*")
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                elsewhere.update(names)
            case ast.ExceptHandler(name=str(name)):
                bound.append(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                bound.append(name)
            case ast.MatchMapping(rest=str(name)):
                bound.append(name)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp() if walrus:
                inner = {name for part in node.generators for name in _targets(part.target)}
                named, _ = _bound_names(ast.iter_child_nodes(node), walrus=walrus)
                bound.extend(named.keys() - inner)
                continue
        pending.extend(ast.iter_child_nodes(node) if walrus else _where_bound(node))
    return Counter(name for name in bound if name not in elsewhere), elsewhere


def _where_bound(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node below which a name can be bound, but for a walrus."""
    for field in _BINDING.get(type(node), ()):
        part = getattr(node, field)
        if isinstance(part, list):
            yield from part
        elif part:
            yield part


def _bound_from(statement: ast.AST) -> list[ast.expr]:
    """The expressions that give what a statement binds names to."""
    match statement:
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return [value]
        case ast.For(iter=value) | ast.AsyncFor(iter=value):
            return [value]
        case ast.With(items=items) | ast.AsyncWith(items=items):
            return [item.context_expr for item in items]
    return []


def _may_remain(node: ast.expr, name: str) -> bool:
    """Whether an expression may be what a name held, if it is not told that it is: `f(x)`."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        return any(_mentions(one, name) for one in node.values if not isinstance(one, ast.Name))
    return _mentions(node, name)


def _mentions(node: ast.expr, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(node))


def _statements(block: Iterable[ast.AST]) -> int:
    """How many statements a block holds, at any depth."""
    total = 0
    for node in block:
        total += isinstance(node, ast.stmt)
        for name in ("body", "orelse", "handlers", "finalbody", "cases"):
            total += _statements(getattr(node, name, ()))
    return total


def _chain(node: ast.expr) -> tuple[str, tuple[str, ...]]:
    """The root name of an attribute chain ("" where it is not a name) and the attributes."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id if isinstance(node, ast.Name) else ""), tuple(reversed(parts))


class Lowering(Successions):
    """Lowers one file. `run` gives its facts; a syntax error is the caller's to handle."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__()
        self.facts = ModuleFacts(path)
        self._text = text
        lines = _lines(text) if ":=" in text else []
        self._walruses = [number for number, line in enumerate(lines, 1) if ":=" in line]
        self._columns = _Columns(text)
        self._imported: set[str] = set()
        self._awaited: set[int] = set()

    def run(self, tree: ast.Module) -> ModuleFacts:
        """The facts of a parsed module."""
        bound, _ = self._bound(tree.body)
        self.facts.units.append(Unit("<module>", 1, None))
        self._scope = Scope(0, None, bound)
        if "global " in self._text or "nonlocal " in self._text:
            declared = _DECLARED.findall(self._text)
            self._bound_elsewhere = {name for one in declared for name in _NAME.findall(one)}
        self._body(tree.body)
        for name, ref in self._scope.names.items():
            if isinstance(ref, int) and name in bound:
                self.facts.exports[name] = ref
        return self.facts

    def _bound(self, body: Sequence[Any]) -> tuple[Counter[str], set[str]]:
        """The names that a block binds, and those it declares to be bound elsewhere."""
        walrus = False
        if self._walruses and body:
            starts = [body[0], *getattr(body[0], "decorator_list", ())]
            at = bisect_left(self._walruses, min(one.lineno for one in starts))
            walrus = at < len(self._walruses) and self._walruses[at] <= body[-1].end_lineno
        return _bound_names(body, walrus=walrus)

    # -- nodes, operations, names --------------------------------------------------------------

    @property
    def _unit(self) -> Unit:
        return self.facts.units[self._scope.unit]

    def _node(self, line: int = 0, label: str = "") -> int:
        unit = self._unit
        index = unit.size
        unit.size += 1
        if label:
            unit.labels[index] = (_number[line], label)
        return index

    def _emit(self, op: Op, *operands: object) -> None:
        self._unit.operations.append((op, *operands))

    def _span(self, node: ast.AST) -> Span:
        return self._columns.span(node)

    def _declare(self, scope: Scope, name: str, line: int) -> Ref:
        """The node of a name in the scope that owns it."""
        if name in scope.names:
            return scope.names[name]
        ref: Ref
        if scope.class_index is not None:
            ref = (scope.class_index, name)
        else:
            unit = self.facts.units[scope.unit]
            ref = unit.size
            unit.size += 1
            unit.labels[ref] = (_number[line], name)
        scope.names[name] = ref
        return ref

    def _bind(self, name: str, line: int) -> Ref:
        """The node that a store to a name writes."""
        owner = self._owner(name)
        ref = self._outer(owner, self._declare(owner, name, line))
        self._may_hold(owner, name, ref)
        return ref

    def _owner(self, name: str) -> Scope:
        """The scope that a store to a name binds it in."""
        scope: Scope | None = self._scope
        while scope is not None and name not in scope.bound:
            scope = scope.parent
        return scope or self._module_scope()

    def _store(self, name: str, line: int, value: Ref, made_of: Iterable[ast.expr] = ()) -> None:
        """Bind a name to a value. One that is made of what the name held may still hold that."""
        anew = self._owner(name) is self._scope and not (
            name in self._scope.followed and any(_may_remain(one, name) for one in made_of)
        )
        if not anew:
            self._also(name, line, value)
            return
        self._hold(name, value, line)
        self._emit(Op.COPY, value, self._declare(self._scope, name, line))

    def _also(self, name: str, line: int, value: Ref) -> None:
        """Let a name hold a value beside what it holds, or in its place."""
        owner = self._owner(name)
        self._may_hold(owner, name, value)
        self._emit(Op.COPY, value, self._outer(owner, self._declare(owner, name, line)))

    def _binds(self, body: Sequence[ast.stmt]) -> Iterable[str]:
        bound, _ = self._bound(body)
        return bound

    def _module_scope(self) -> Scope:
        scope = self._scope
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def _outer(self, owner: Scope, ref: Ref) -> Ref:
        if isinstance(ref, int) and owner.unit != self._scope.unit:
            return (owner.unit, ref)
        return ref

    def _lookup(self, name: str, line: int) -> Ref:
        """The node that a load of a name reads."""
        scope: Scope | None = self._scope
        first = True
        while scope is not None:
            # Functions do not see the names of the class that they stand in.
            in_class_body = first and scope.unit == self._scope.unit
            visible = scope.class_index is None or in_class_body
            here = scope.unit == self._scope.unit and not self._scope.lazy
            if visible and here and name in scope.latest:
                return scope.latest[name]
            if visible and name in scope.bound:
                return self._outer(scope, self._declare(scope, name, line))
            first = first and scope.class_index is None
            scope = scope.parent
        self.facts.free.setdefault(name, line)
        return name

    # -- statements ----------------------------------------------------------------------------

    def _body(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            handler = getattr(self, "_do_" + type(statement).__name__, None)
            if handler is not None:
                handler(statement)
            else:
                self._children(statement)

    def _children(self, node: ast.AST) -> None:
        """Any statement without a meaning of its own: its expressions, then its blocks."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self._body([child])
            elif isinstance(child, ast.expr):
                self._expression(child, "value")
            else:
                self._children(child)

    def _do_Expr(self, node: ast.Expr) -> None:  # noqa: N802
        if not isinstance(node.value, ast.Constant):
            self._expression(node.value, "value")

    def _do_Assert(self, node: ast.Assert) -> None:  # noqa: N802
        self._expression(node.test, "assert")

    def _do_Return(self, node: ast.Return) -> None:  # noqa: N802
        if node.value is not None:
            value = self._expression(node.value, "return")
            if self._unit.result >= 0:
                self._emit(Op.COPY, value, self._unit.result)

    def _do_Assign(self, node: ast.Assign) -> None:  # noqa: N802
        value: Ref
        if self._is_alias(node.value):
            value = self._alias(node.value)
        else:
            value = self._expression(node.value, f"assign:{_target_name(node.targets[0])}")
        for target in node.targets:
            self._assign(target, value, node)

    def _do_AnnAssign(self, node: ast.AnnAssign) -> None:  # noqa: N802
        if node.value is not None:
            name = node.target.id if isinstance(node.target, ast.Name) else ""
            value = self._expression(node.value, f"assign:{name}")
            self._assign(node.target, value, node)
        typed = self._node()
        self._annotation(node.annotation, typed)
        if node.value is not None and isinstance(node.target, ast.Name):
            # What the annotation says is told of the same value.
            self._also(node.target.id, node.lineno, typed)
        else:
            self._assign(node.target, typed, node, typed_only=True)

    def _do_AugAssign(self, node: ast.AugAssign) -> None:  # noqa: N802
        value = self._expression(node.value, "value")
        base = self._expression(ast.copy_location(_as_load(node.target), node.target), "value")
        self._emit(Op.MERGE, base, value)
        if isinstance(node.target, ast.Name):
            part = self._node()
            self._emit(Op.JOIN, value, part)
            self._also(node.target.id, node.lineno, part)

    def _assign(
        self, target: ast.expr, value: Ref, statement: ast.stmt, typed_only: bool = False
    ) -> None:
        match target:
            case ast.Name(id=name):
                self._store(name, target.lineno, value, _bound_from(statement))
            case ast.Attribute(value=base, attr=attribute):
                index = -1 if typed_only else self._statement(statement, target, value)
                self._emit(Op.STORE, self._expression(base, "value"), attribute, value, index)
            case ast.Subscript(value=base, slice=key):
                literal = self._key(key)
                index = -1 if typed_only else self._statement(statement, target, value)
                self._emit(Op.SET_ITEM, self._expression(base, "value"), literal, value, index)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                self._unpack(parts, value, statement)

    def _unpack(self, parts: list[ast.expr], value: Ref, statement: ast.stmt) -> None:
        """`first, *rest, last = value`: what comes after a starred name may be any item."""
        starred = False
        for position, part in enumerate(parts):
            item = self._node()
            if isinstance(part, ast.Starred):
                starred = True
                self._emit(Op.SEQUENCE, item, (), (value,))
                self._assign(part.value, item, statement, typed_only=True)
                continue
            if starred:
                self._emit(Op.ELEMENT, value, item)
            else:
                self._emit(Op.ITEM, value, position, item)
            self._assign(part, item, statement, typed_only=True)

    def _statement(self, statement: ast.stmt, target: ast.expr, value: Ref) -> int:
        written = getattr(statement, "value", None) or statement
        self.facts.statements.append(
            StatementRecord(
                self._span(statement),
                ast.unparse(target) if isinstance(target, ast.Attribute) else "",
                self._span(written),
                value,
                "",
            )
        )
        return len(self.facts.statements) - 1

    def _key(self, key: ast.expr) -> int:
        """The literal index of a constant key, or -1 (the key is lowered all the same)."""
        if isinstance(key, ast.Constant):
            return self._literal(key, "item")
        self._expression(key, "item")
        return -1

    def _do_Import(self, node: ast.Import) -> None:  # noqa: N802
        names: list[tuple[str, str, Ref]] = []
        for alias in node.names:
            local = alias.asname or alias.name.split(".")[0]
            ref = self._bind(local, node.lineno)
            self._emit(Op.IMPORT, ref, alias.name, alias.asname is None)
            self._imported.add(local)
            names.append((alias.name, local, ref))
        self.facts.imports.append(
            ImportRecord(self._span(node), node.names[0].name, 0, tuple(names), False)
        )

    def _do_ImportFrom(self, node: ast.ImportFrom) -> None:  # noqa: N802
        names: list[tuple[str, str, Ref]] = []
        module = node.module or ""
        for alias in node.names:
            if alias.name == "*":
                self.facts.stars.append((module, node.level))
                continue
            local = alias.asname or alias.name
            ref = self._bind(local, node.lineno)
            self._emit(Op.IMPORT_FROM, ref, module, node.level, alias.name)
            self._imported.add(local)
            names.append((alias.name, local, ref))
        self.facts.imports.append(
            ImportRecord(self._span(node), module, node.level, tuple(names), True)
        )

    def _do_For(self, node: ast.For | ast.AsyncFor) -> None:  # noqa: N802
        iterable = self._expression(node.iter, "value")
        element = self._node()
        self._emit(Op.ELEMENT, iterable, element)

        def once() -> None:
            self._assign(node.target, element, node, typed_only=True)
            self._body(node.body)

        self._repeat([node], once)
        self._body(node.orelse)

    _do_AsyncFor = _do_For  # noqa: N815

    def _do_With(self, node: ast.With | ast.AsyncWith) -> None:  # noqa: N802
        for item in node.items:
            value = self._expression(item.context_expr, "value")
            if item.optional_vars is not None:
                entered = self._node()
                self._emit(Op.ENTER, value, entered)
                self._assign(item.optional_vars, entered, node, typed_only=True)
        self._within(node.body)

    _do_AsyncWith = _do_With  # noqa: N815

    def _do_If(self, node: ast.If) -> None:  # noqa: N802
        self._expression(node.test, "value")
        name = _missing(node.test)
        if name in self._scope.followed and name in self._binds(node.body):
            filled = (partial(self._body, node.body), node.body)
            self._branch((filled, (partial(self._otherwise, name, node), node.orelse)))
        else:
            self._fork((node.body, node.orelse))

    def _otherwise(self, name: str, node: ast.If) -> None:
        """What is done where a name holds something: `if x is None: x = default`."""
        held = self._node(node.lineno, name)
        self._emit(Op.SIFT, self._lookup(name, node.lineno), held)
        if name not in self._bound_elsewhere:
            self._scope.latest[name] = held
        self._body(node.orelse)

    def _do_While(self, node: ast.While) -> None:  # noqa: N802
        def once() -> None:
            self._expression(node.test, "value")
            self._body(node.body)

        self._repeat([node], once)
        self._body(node.orelse)

    def _do_ExceptHandler(self, node: ast.ExceptHandler) -> None:  # noqa: N802
        caught = self._expression(node.type, "except") if node.type is not None else None
        scope, name = self._scope, node.name
        if name is None or name not in scope.bound or scope.class_index is not None:
            self._body(node.body)
            return
        # The name of an error ends with its handler: each handler has one of its own.
        before = scope.names.get(name)
        scope.latest.pop(name, None)
        scope.names[name] = error = self._node(node.lineno, name)
        alternatives = _alternatives(node.type) if node.type is not None else []
        if caught is not None and any(_chain(one)[0] in self._imported for one in alternatives):
            self._emit(Op.TYPED, caught, error)
        self._body(node.body)
        if before is None:
            del scope.names[name]
        else:
            scope.names[name] = before

    def _do_Try(self, node: ast.Try) -> None:  # noqa: N802
        self._attempt(node, self._do_ExceptHandler)

    _do_TryStar = _do_Try  # noqa: N815

    def _do_Match(self, node: ast.Match) -> None:  # noqa: N802
        subject = self._expression(node.subject, "value")
        ways = [(partial(self._case, subject, case), case.body) for case in node.cases]
        self._branch([*ways, (lambda: None, [])])

    def _case(self, subject: Ref, case: ast.match_case) -> None:
        for part in ast.walk(case.pattern):
            match part:
                case ast.MatchAs(name=str(name)):
                    self._store(name, part.lineno, subject)
                case ast.MatchValue(value=value):
                    self._test("==", subject, self._expression(value, "compare"), value)
        if case.guard is not None:
            self._expression(case.guard, "value")
        self._body(case.body)

    def _do_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:  # noqa: N802
        decorators = []
        options: dict[str, Ref] = {}
        applied: list[Ref] = []
        for decorator in node.decorator_list:
            applied.append(self._expression(decorator, "decorator"))
            options |= self._option(decorator)
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            root, parts = _chain(target)
            decorators.append(".".join((root, *parts)))
        index = self._function(node, node.name, tuple(decorators), options)
        plain = self._node()
        self._emit(Op.FUNCTION, plain, index)
        self._name(node, plain, applied)

    _do_AsyncFunctionDef = _do_FunctionDef  # noqa: N815

    def _name(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
        plain: int,
        decorators: Iterable[Ref],
    ) -> None:
        """Bind the name of a function or class, whatever its decorators make of it."""
        made = self._bind(node.name, node.lineno)
        self._emit(Op.COPY, plain, made)
        for decorator in decorators:
            self._emit(Op.DECORATE, decorator, plain, made)

    def _option(self, decorator: ast.expr) -> dict[str, Ref]:
        """`@option("--model", default=…)`: the default of the parameter that it fills."""
        match decorator:
            case ast.Call(args=[ast.Constant(value=str(flag)), *_]) if flag.startswith("-"):
                record = self.facts.calls[-1]  # the decorator's own call was lowered last
                flags = [a.value for a in decorator.args if isinstance(a, ast.Constant)]
                name = next((f for f in flags if str(f).startswith("--")), flag)
                return {
                    str(name).lstrip("-").replace("-", "_"): passed.node
                    for passed in record.arguments
                    if passed.name == "default"
                }
        return {}

    def _function(
        self,
        node: _FunctionNode,
        name: str,
        decorators: tuple[str, ...],
        options: dict[str, Ref] | None = None,
    ) -> int:
        """Lower a function into a unit of its own; gives the unit's index."""
        outer = self._scope
        # Defaults and annotations belong to the scope around the function.
        defaults = {**(options or {}), **self._defaults(node.args)}
        class_index = outer.class_index
        index = len(self.facts.units)
        self.facts.units.append(
            Unit(name, node.lineno, outer.unit, class_index, decorators=decorators)
        )
        body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        bound, _ = self._bound(body)
        bound.update(a.arg for a in every)
        bound.update(a.arg for a in (arguments.vararg, arguments.kwarg) if a)
        self._scope = Scope(index, outer, bound)
        unit = self._unit
        unit.statements = 0 if isinstance(node, ast.Lambda) else _statements(node.body)
        unit.result = self._node(node.lineno, f"{name}()")
        unit.yields = self._node(node.lineno, f"{name}()")
        unit.parameters = tuple(self._parameters(arguments, defaults))
        if isinstance(node, ast.Lambda):
            self._emit(Op.COPY, self._expression(node.body, "return"), unit.result)
        else:
            self._body(node.body)
            if node.returns is not None:
                self._annotation(node.returns, unit.result)
        self._scope = outer
        return index

    def _defaults(self, arguments: ast.arguments) -> dict[str, Ref]:
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = [
            *zip(
                positional[len(positional) - len(arguments.defaults) :],
                arguments.defaults,
                strict=True,
            ),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        return {
            argument.arg: self._expression(value, f"default:{argument.arg}")
            for argument, value in pairs
            if value is not None
        }

    def _parameters(
        self, arguments: ast.arguments, defaults: dict[str, Ref]
    ) -> Iterator[Parameter]:
        groups: list[tuple[list[ast.arg], str]] = [
            ([*arguments.posonlyargs, *arguments.args], "positional"),
            ([arguments.vararg] if arguments.vararg else [], "star"),
            (arguments.kwonlyargs, "keyword"),
            ([arguments.kwarg] if arguments.kwarg else [], "double_star"),
        ]
        for group, kind in groups:
            for argument in group:
                node = cast(int, self._declare(self._scope, argument.arg, argument.lineno))
                self._scope.loose.add(argument.arg)
                if argument.annotation is not None and kind in {"positional", "keyword"}:
                    self._annotation(argument.annotation, node)
                default = defaults.get(argument.arg)
                if default is not None:
                    parent = self._scope.parent
                    if isinstance(default, int) and parent is not None:
                        default = (parent.unit, default)
                    self._emit(Op.COPY, default, node)
                yield Parameter(argument.arg, node, kind, default)

    def _do_ClassDef(self, node: ast.ClassDef) -> None:  # noqa: N802
        decorators = tuple(self._expression(d, "decorator") for d in node.decorator_list)
        bases = tuple(self._expression(base, "base") for base in node.bases)
        for keyword in node.keywords:
            self._expression(keyword.value, f"keyword:{keyword.arg or ''}")
        index = len(self.facts.classes)
        bound, _ = self._bound(node.body)
        record = ClassRecord(
            node.name, self._scope.unit, node.lineno, bases, decorators, names=frozenset(bound)
        )
        self.facts.classes.append(record)
        record.fields = tuple(self._fields(node))
        record.prefix = _env_prefix(node) if "env_prefix" in self._text else ""
        outer = self._scope
        self._scope = Scope(outer.unit, outer, bound, index)
        self._body(node.body)
        self._scope = outer
        plain = self._node()
        self._emit(Op.CLASS, plain, index)
        self._name(node, plain, decorators)

    def _fields(self, node: ast.ClassDef) -> Iterator[FieldRecord]:
        for statement in node.body:
            match statement:
                case ast.AnnAssign(target=ast.Name(id=name) as target, value=value):
                    annotated = True
                case ast.Assign(targets=[ast.Name(id=name) as target], value=value):
                    annotated = False
                case _:
                    continue
            self.facts.literals.append(LiteralRecord(name, self._span(target), "field"))
            yield FieldRecord(
                name,
                self._span(statement),
                self._span(target),
                annotated,
                value is not None,
                self._span(value) if value is not None else None,
                self._alias_of(value),
                len(self.facts.literals) - 1,
            )

    def _alias_of(self, value: ast.expr | None) -> Span | None:
        """The literal that `Field(alias="NAME")` gives a field for its name."""
        if isinstance(value, ast.Call):
            for keyword in value.keywords:
                if keyword.arg in {"alias", "validation_alias", "env"} and isinstance(
                    keyword.value, ast.Constant
                ):
                    return self._span(keyword.value)
        return None

    # -- annotations ---------------------------------------------------------------------------

    def _is_alias(self, value: ast.expr) -> bool:
        if not isinstance(value, ast.Subscript):
            return False
        root, parts = _chain(value.value)
        return (parts[-1] if parts else root) in {"Annotated", "Optional", "Union", "Literal"}

    def _alias(self, value: ast.expr) -> int:
        typed, node = self._node(), self._node()
        self._annotation(value, typed)
        self._emit(Op.ALIAS, node, typed)
        return node

    def _annotation(self, node: ast.expr, destination: Ref) -> None:
        """Let `destination` hold an instance of what the annotation names."""
        match node:
            case ast.Constant(value=str(text)):
                inner = _parse_annotation(text, node)
                if inner is not None:
                    self._annotation(inner, destination)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                self._annotation(left, destination)
                self._annotation(right, destination)
            case ast.Subscript(value=base, slice=inner):
                self._generic(base, inner, destination)
            case ast.Name() | ast.Attribute():
                self._emit(Op.TYPED, self._expression(node, "annotation"), destination)

    def _generic(self, base: ast.expr, inner: ast.expr, destination: Ref) -> None:
        root, parts = _chain(base)
        name = parts[-1] if parts else root
        self._expression(base, "annotation")
        items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if name == "Literal":
            for item in items:
                value = self._expression(item, "annotation")
                self._emit(Op.COPY, value, destination if _is_model(item) else self._node())
        elif name == "Annotated":
            self._annotation(items[0], destination)
            for extra in items[1:]:
                self._dependency(extra, destination)
        elif name in {"Optional", "Union", "ClassVar", "Final", "Required", "NotRequired"}:
            for item in items:
                self._annotation(item, destination)
        elif name in {"Type", "type", "Callable"}:
            for item in items:
                self._annotation(item, self._node())
        else:
            elements = []
            for item in items:
                element = self._node()
                self._annotation(item, element)
                elements.append(element)
            self._emit(Op.SEQUENCE, destination, tuple(elements), (), True)

    def _dependency(self, extra: ast.expr, destination: Ref) -> None:
        """`Annotated[T, Depends(make)]`: the parameter holds what `make()` gives."""
        value = self._expression(extra, "value")
        if isinstance(extra, ast.Call) and extra.args:
            maker = self._expression(extra.args[0], "value")
            self._record_call(extra, maker, (), destination, "", "", role="dependency")
        else:
            self._emit(Op.COPY, value, self._node())

    # -- expressions ---------------------------------------------------------------------------

    def _expression(self, node: ast.expr, context: str) -> Ref:
        handler: Callable[[ast.expr, str], Ref] | None = getattr(
            self, "_of_" + type(node).__name__, None
        )
        if handler is not None:
            return handler(node, context)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self._expression(child, "value")
        result = self._node()
        self._emit(Op.OPAQUE, result)
        return result

    def _of_Constant(self, node: ast.Constant, context: str) -> Ref:  # noqa: N802
        result = self._node()
        if isinstance(node.value, str) and len(node.value) > _LONGEST_TEXT:
            self._emit(Op.OPAQUE, result)
            if surface.OPENAI_IMPORT.search(node.value):
                self._literal(node, context)  # code that is run, or written out
        else:
            self._emit(Op.CONSTANT, result, self._literal(node, context))
            if isinstance(node.value, str) and commands.may_ask(node.value):
                self._command(node, context, [])
        return result

    def _command(self, node: ast.expr, context: str, values: list[Ref]) -> None:
        """The operations of the curl commands that a string is or holds, where it is run."""
        if not commands.is_run(context):
            return
        source = SourceText(self._text)
        span = self._span(node)
        try:
            given = characters(source.slice(span), source.bounds(span)[0])
        except ValueError:
            return
        target = _CommandTarget(self.facts, self._node, self._emit, source.span)
        commands.write(target, given, lambda one: _filled(one, values), span)

    def _literal(self, node: ast.Constant, context: str) -> int:
        self.facts.literals.append(LiteralRecord(node.value, self._span(node), context))
        return len(self.facts.literals) - 1

    def _of_Name(self, node: ast.Name, context: str) -> Ref:  # noqa: N802
        ref = self._lookup(node.id, node.lineno)
        if node.id in self._imported or self.facts.stars:
            self._mention(node, ref, context, node.id)
        return ref

    def _mention(self, node: ast.expr, ref: Ref, context: str, spelled: str) -> None:
        unit = self._scope.unit
        placed = (unit, ref) if isinstance(ref, int) else ref
        self.facts.mentions.append(Mention(placed, self._span(node), context, spelled))

    def _of_Attribute(self, node: ast.Attribute, context: str) -> Ref:  # noqa: N802
        base = self._expression(node.value, "base of " + context)
        result = self._node(node.lineno, node.attr)
        self._emit(Op.LOAD, base, node.attr, result)
        root, parts = _chain(node)
        # An upper-case attribute is how settings objects spell their variables.
        if root and (root in self._imported or self.facts.stars or node.attr.isupper()):
            self._mention(node, result, context, ".".join((root, *parts)))
        return result

    def _of_Await(self, node: ast.Await, context: str) -> Ref:  # noqa: N802
        if isinstance(node.value, ast.Call):
            self._awaited.add(id(node.value))
        return self._expression(node.value, context)

    def _of_Starred(self, node: ast.Starred, context: str) -> Ref:  # noqa: N802
        return self._expression(node.value, context)

    def _of_NamedExpr(self, node: ast.NamedExpr, context: str) -> Ref:  # noqa: N802
        name = node.target.id
        value = self._expression(node.value, f"assign:{name}")
        self._also(name, node.lineno, value)
        return self._lookup(name, node.lineno)

    def _union(self, parts: Iterable[ast.expr], context: str) -> Ref:
        result = self._node()
        for part in parts:
            self._emit(Op.COPY, self._expression(part, context), result)
        return result

    def _of_BoolOp(self, node: ast.BoolOp, context: str) -> Ref:  # noqa: N802
        if isinstance(node.op, ast.And):
            return self._union(node.values, context)
        *first, last = node.values
        return self._choice(first, last, context)

    def _of_IfExp(self, node: ast.IfExp, context: str) -> Ref:  # noqa: N802
        self._expression(node.test, "value")
        asked = _asked(node.test)
        if asked is not None and _chain(asked) == _chain(node.body):
            return self._choice((node.body,), node.orelse, context)
        return self._union((node.body, node.orelse), context)

    def _choice(self, first: Iterable[ast.expr], last: ast.expr, context: str) -> Ref:
        """One of some expressions that is true, or the last one."""
        result = self._node()
        for part in first:
            self._emit(Op.SIFT, self._expression(part, context), result)
        self._emit(Op.COPY, self._expression(last, context), result)
        if isinstance(last, ast.Constant):
            self.facts.fallbacks.append(len(self.facts.literals) - 1)
        return result

    def _of_Compare(self, node: ast.Compare, context: str) -> Ref:  # noqa: N802
        role = "assert" if context == "assert" else "compare"
        parts = [self._expression(part, role) for part in (node.left, *node.comparators)]
        if (how := _TESTS.get(type(node.ops[0]))) and _may_be_texts(node):
            negated = isinstance(node.ops[0], ast.NotEq | ast.NotIn)
            self._test(how, parts[0], parts[1], node, negated=negated)
        match node:
            case ast.Compare(left=ast.Constant(value=str(key)), ops=[ast.In() | ast.NotIn()]):
                # `"NAME" in mapping` asks the mapping for the name.
                found = self.facts.literals
                index = next(i for i in reversed(range(len(found))) if found[i].value == key)
                self._emit(Op.ITEM, parts[1], key, self._node(), index, role)
        return self._node()

    def _test(
        self, how: str, left: Ref, right: Ref, node: ast.expr, *, negated: bool = False
    ) -> None:
        unit, span = self._scope.unit, self._span(node)
        self.facts.tests.append(TestRecord(how, unit, left, right, span, negated))

    def _of_UnaryOp(self, node: ast.UnaryOp, context: str) -> Ref:  # noqa: N802
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                negative = ast.copy_location(ast.Constant(-number), node)
                return self._of_Constant(negative, context)
        self._expression(node.operand, "value")
        return self._node()

    def _of_BinOp(self, node: ast.BinOp, context: str) -> Ref:  # noqa: N802
        left, right = self._expression(node.left, "piece"), self._expression(node.right, "piece")
        result = self._node()
        if isinstance(node.op, ast.Add) and _is_written(node):
            self._compose(result, (left, right))
        elif isinstance(node.op, ast.Mod):
            self._emit(Op.FILL, result, left, right)
        elif isinstance(node.op, ast.Add | ast.Div):
            self._emit(Op.JOIN, left, result)
            self._emit(Op.JOIN, right, result)
        elif isinstance(node.op, ast.BitOr):
            self._emit(Op.COPY, left, result)
            self._emit(Op.COPY, right, result)
        else:
            self._emit(Op.OPAQUE, result)
        return result

    def _of_JoinedStr(self, node: ast.JoinedStr, context: str) -> Ref:  # noqa: N802
        result = self._node()
        parts: list[Ref] = []
        values: list[Ref] = []
        for part in node.values:
            match part:
                case ast.FormattedValue(value=value, conversion=conversion, format_spec=spec):
                    piece = self._expression(value, "piece")
                    if conversion != -1 or spec is not None:
                        self._emit(Op.JOIN, piece, result)
                        self._emit(Op.OPAQUE, piece := self._node())
                    parts.append(piece)
                    values.append(piece)
                case ast.Constant():
                    # Python 3.10 and 3.11 give every piece the position of the whole f-string.
                    parts.append(
                        self._of_Constant(
                            ast.copy_location(ast.Constant(part.value), node), "piece"
                        )
                    )
        if len(parts) == len(values) == 1 and values == parts and len(node.values) == 1:
            self._emit(Op.SHOW, parts[0], result)
            return result
        texts = [str(part.value) for part in node.values if isinstance(part, ast.Constant)]
        if any("curl" in text for text in texts):
            self._command(node, context, values)
        if may_be_address(texts):
            self._compose(result, tuple(parts))
            return result
        for piece in parts:
            self._emit(Op.JOIN, piece, result, True)
        self._emit(Op.OPAQUE, result)
        return result

    def _compose(self, result: Ref, parts: tuple[Ref, ...]) -> None:
        for part in parts:
            self._emit(Op.JOIN, part, result, True)
        self._emit(Op.COMPOSE, result, parts)

    def _of_Tuple(self, node: ast.Tuple | ast.List | ast.Set, context: str) -> Ref:  # noqa: N802
        role = (
            context
            if context in {"except", "base", "assert", "compare"}
            else (f"element of {context}")
        )
        items = [part for part in node.elts if not isinstance(part, ast.Starred)]
        spreads = [part.value for part in node.elts if isinstance(part, ast.Starred)]
        result = self._node()
        self._emit(
            Op.SEQUENCE,
            result,
            tuple(self._expression(part, role) for part in items),
            tuple(self._expression(part, "value") for part in spreads),
        )
        return result

    _of_List = _of_Set = _of_Tuple  # noqa: N815

    def _of_Dict(self, node: ast.Dict, context: str) -> Ref:  # noqa: N802
        entries = []
        for key, value in zip(node.keys, node.values, strict=True):
            match key:
                case None:
                    entries.append(
                        Entry(None, -1, self._expression(value, "value"), self._span(value))
                    )
                case ast.Constant(value=str(name)):
                    literal = self._literal(key, "key")
                    ref = self._expression(value, f"entry:{name}")
                    entries.append(Entry(name, literal, ref, self._span(value)))
                case _:
                    self._expression(key, "key")
                    ref = self._expression(value, "value")
                    entries.append(Entry("", -1, ref, self._span(value)))
        return self._display(node, entries, is_call=False)

    def _display(self, node: ast.expr, entries: list[Entry], *, is_call: bool) -> Ref:
        self.facts.displays.append(Display(self._span(node), tuple(entries), is_call))
        result = self._node()
        self._emit(Op.DICT, result, len(self.facts.displays) - 1)
        return result

    def _of_Subscript(self, node: ast.Subscript, context: str) -> Ref:  # noqa: N802
        base = self._expression(node.value, "value")
        result = self._node()
        root, parts = _chain(node.value)
        if (parts[-1] if parts else root) == "Literal":
            self._expression(node.slice, "annotation")
            return result
        match node.slice:
            case ast.Constant(value=str() | int() as key):
                if isinstance(key, str):
                    literal = self._literal(node.slice, "item")
                    self._emit(Op.ITEM, base, key, result, literal, context)
                else:
                    self._emit(Op.ITEM, base, key, result)
            case ast.Slice(lower=lower, upper=upper, step=step):
                for bound in (lower, upper, step):
                    if bound is not None:
                        self._expression(bound, "value")
                self._emit(Op.COPY, base, result)
            case _:
                asked = self._expression(node.slice, "item")
                self._emit(Op.ITEM, base, None, result, -1, "", asked)
        return result

    def _of_Lambda(self, node: ast.Lambda, context: str) -> Ref:  # noqa: N802
        index = self._function(node, "<lambda>", ())
        result = self._node()
        self._emit(Op.FUNCTION, result, index)
        return result

    def _of_Yield(self, node: ast.Yield, context: str) -> Ref:  # noqa: N802
        if node.value is not None and self._unit.yields >= 0:
            self._emit(Op.COPY, self._expression(node.value, "return"), self._unit.yields)
        result = self._node()
        self._emit(Op.OPAQUE, result)
        return result

    def _of_YieldFrom(self, node: ast.YieldFrom, context: str) -> Ref:  # noqa: N802
        value = self._expression(node.value, "return")
        element = self._node()
        self._emit(Op.ELEMENT, value, element)
        if self._unit.yields >= 0:
            self._emit(Op.COPY, element, self._unit.yields)
        return value

    def _comprehension(self, node: ast.expr, generators: list[ast.comprehension]) -> Scope:
        """Open the scope of a comprehension; the caller restores the one it gives back."""
        outer = self._scope
        bound = Counter(name for part in generators for name in _targets(part.target))
        first = self._expression(generators[0].iter, "value")
        lazy = outer.lazy or isinstance(node, ast.GeneratorExp)
        self._scope = Scope(outer.unit, outer, bound, lazy=lazy)
        for position, part in enumerate(generators):
            iterable = first if position == 0 else self._expression(part.iter, "value")
            element = self._node()
            self._emit(Op.ELEMENT, iterable, element)
            self._assign(part.target, element, cast(ast.stmt, node), typed_only=True)
            for condition in part.ifs:
                self._expression(condition, "value")
        return outer

    def _of_ListComp(  # noqa: N802
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, context: str
    ) -> Ref:
        outer = self._comprehension(node, node.generators)
        element = self._expression(node.elt, f"element of {context}")
        result = self._node()
        self._emit(Op.SEQUENCE, result, (element,), ())
        self._scope = outer
        return result

    _of_SetComp = _of_GeneratorExp = _of_ListComp  # noqa: N815

    def _of_DictComp(self, node: ast.DictComp, context: str) -> Ref:  # noqa: N802
        filtered = _filtered(node)
        if filtered is not None:
            return self._expression(filtered, context)
        outer = self._comprehension(node, node.generators)
        self._expression(node.key, "key")
        value = self._expression(node.value, "value")
        result = self._display(node, [Entry("", -1, value, self._span(node.value))], is_call=False)
        self._scope = outer
        return result

    def _of_Call(self, node: ast.Call, context: str) -> Ref:  # noqa: N802
        root, parts = _chain(node.func)
        if root == "dict" and not parts and "dict" not in self._module_scope().bound:
            return self._dict_call(node)
        function = self._expression(node.func, "call")
        base = self._unit.operations[-1][1] if isinstance(node.func, ast.Attribute) else None
        arguments = tuple(self._passed(node, root, parts))
        if parts[-1:] and parts[-1] in _ENDS and len(arguments) == 1 and base is not None:
            self._test(parts[-1], cast(Ref, base), arguments[0].node, node)
        result = self._node(node.lineno, "")
        self._record_call(node, function, arguments, result, root, ".".join(parts), context)
        return result

    def _record_call(
        self,
        node: ast.Call,
        function: Ref,
        arguments: tuple[Passed, ...],
        result: Ref,
        root: str,
        method: str,
        role: str = "",
    ) -> None:
        self.facts.calls.append(
            CallRecord(
                function,
                self._span(node),
                self._span(node.func),
                result,
                arguments,
                root,
                method,
                id(node) in self._awaited,
                role,
            )
        )
        self._emit(Op.CALL, len(self.facts.calls) - 1)

    def _passed(self, node: ast.Call, root: str, parts: tuple[str, ...]) -> Iterator[Passed]:
        called = parts[-1] if parts else root
        if called in {"startswith", "endswith"}:
            called = ".".join((root, *parts))  # what is asked tells what the text is
        for value in node.args:
            if isinstance(value, ast.Starred):
                yield Passed("*", self._expression(value.value, "value"), self._span(value.value))
            else:
                ref = self._expression(value, f"argument of {called}")
                yield Passed("", ref, self._span(value))
        for keyword in node.keywords:
            context = f"keyword:{keyword.arg}" if keyword.arg else "value"
            ref = self._expression(keyword.value, context)
            yield Passed(keyword.arg or "**", ref, self._span(keyword.value))

    def _dict_call(self, node: ast.Call) -> Ref:
        entries = [
            Entry(None, -1, self._expression(value, "value"), self._span(value))
            for value in node.args
        ]
        for keyword in node.keywords:
            context = f"entry:{keyword.arg}" if keyword.arg else "value"
            ref = self._expression(keyword.value, context)
            entries.append(Entry(keyword.arg, -1, ref, self._span(keyword.value)))
        return self._display(node, entries, is_call=True)


@dataclass(frozen=True)
class _CommandTarget:
    """The unit that a string with commands stands in."""

    facts: ModuleFacts
    node: Callable[[], int]
    emit: Callable[..., None]
    span: Callable[[int, int], Span]


def _filled(one: Character, values: list[Ref]) -> Ref | None:
    return values[one.filled] if isinstance(one.filled, int) and one.filled < len(values) else None


def _missing(test: ast.expr) -> str:
    """The name of which a test says that it holds nothing: `if not x`, `if x is None`."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name)):
            return name
        case ast.Compare(
            left=ast.Name(id=name), ops=[ast.Is()], comparators=[ast.Constant(value=None)]
        ):
            return name
    return ""


def _asked(test: ast.expr) -> ast.expr | None:
    """The name of which a test says that it holds something: `if x`, `if x is not None`."""
    match test:
        case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            test = left
    return test if isinstance(test, ast.Name | ast.Attribute) and _chain(test)[0] else None


def _may_be_texts(node: ast.Compare) -> bool:
    """Whether two values are compared, neither of which is a number or None."""
    sides = (node.left, *node.comparators)
    numbers = (one for one in sides if isinstance(one, ast.Constant))
    return len(sides) == 2 and all(isinstance(one.value, str) for one in numbers)


def _is_written(node: ast.BinOp) -> bool:
    """Whether a sum is one of strings: a part of it is a literal, or is called an address."""
    return any(
        isinstance(part, ast.JoinedStr)
        or (isinstance(part, ast.Constant) and isinstance(part.value, str))
        or (isinstance(part, ast.BinOp) and isinstance(part.op, ast.Add) and _is_written(part))
        or _names_an_address(part)
        for part in (node.left, node.right)
    )


_ADDRESS_NAME = re.compile(
    r"url|uri|host|endpoint|server|domain|(?:^|_)(?:base|api|path|route)(?:_|$)", re.IGNORECASE
)


def _names_an_address(node: ast.expr) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _ADDRESS_NAME.search(name) is not None
    return False


def _filtered(node: ast.DictComp) -> ast.expr | None:
    """The dictionary of `{k: v for k, v in mapping.items() if …}`: what is left of it."""
    match node:
        case ast.DictComp(
            key=ast.Name(id=key),
            value=ast.Name(id=value),
            generators=[
                ast.comprehension(
                    target=ast.Tuple(elts=[ast.Name(id=first), ast.Name(id=second)]),
                    iter=ast.Call(func=ast.Attribute(value=mapping, attr="items"), args=[]),
                )
            ],
        ) if (key, value) == (first, second):
            return mapping
    return None


def _alternatives(node: ast.expr) -> list[ast.expr]:
    """The classes of an `except`."""
    return node.elts if isinstance(node, ast.Tuple) else [node]


def _target_name(target: ast.expr) -> str:
    """What an assignment's target is called: a name, an attribute, a constant key."""
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


def _env_prefix(node: ast.ClassDef) -> str:
    """The constant `env_prefix` of a class body, of its inner Config or its model_config."""
    for part in ast.walk(node):
        match part:
            case ast.keyword(arg="env_prefix", value=ast.Constant(value=str(prefix))):
                return prefix
            case ast.Assign(
                targets=[ast.Name(id="env_prefix")], value=ast.Constant(value=str(prefix))
            ):
                return prefix
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    match key, value:
                        case ast.Constant(value="env_prefix"), ast.Constant(value=str(prefix)):
                            return prefix
    return ""


def _as_load(target: ast.expr) -> ast.expr:
    match target:
        case ast.Name(id=name):
            return ast.Name(name, ast.Load())
        case ast.Attribute(value=value, attr=attribute):
            return ast.copy_location(ast.Attribute(value, attribute, ast.Load()), target)
        case ast.Subscript(value=value, slice=key):
            return ast.copy_location(ast.Subscript(value, key, ast.Load()), target)
    return target


def _is_model(item: ast.expr) -> bool:
    """Whether a name that a type allows is a model's: what is so typed may be any of them."""
    match item:
        case ast.Constant(value=str(text)):
            return surface.match_model(text, in_model_position=False) is not None
    return False


def _parse_annotation(text: str, place: ast.Constant) -> ast.expr | None:
    """A string annotation as an expression standing where the string stands."""
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        return None
    for part in ast.walk(tree):
        if hasattr(part, "lineno"):
            ast.copy_location(part, place)
    return tree.body


def lower(path: str, text: str) -> ModuleFacts:
    """The facts of one file's source. Raises SyntaxError (ValueError for a NUL character)."""
    return Lowering(path, text).run(parse(text))
