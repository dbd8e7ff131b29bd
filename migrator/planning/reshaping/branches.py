"""What a comparison with a text lets in, and what is done with a list: by the syntax around."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from migrator.analysis.sites import Span
from migrator.planning.syntax import ancestors
from migrator.source import SourceText, tree_of

_Loop = ast.For | ast.AsyncFor
# Functions that give the same items, one after the other.
_SAME_ITEMS = frozenset({"enumerate", "reversed", "iter"})


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison of an expression with a text by `==` or `!=`.

    `span` is the whole comparison, `literal` the text in it. `lets_in` is where it is known to
    hold; `others` says that something is done where it does not.
    """

    span: Span
    literal: Span
    value: str
    equal: bool
    lets_in: Span | None = None
    others: bool = False


def compared(source: SourceText, span: Span) -> Compared | None:
    """The comparison that an expression is the left side of; None where it is in none such."""
    for node, around in ancestors(source, span):
        match around:
            case [
                *outer,
                ast.Compare(
                    left=left,
                    ops=[ast.Eq() | ast.NotEq() as operator],
                    comparators=[ast.Constant(value=str(value)) as literal],
                ) as test,
            ] if left is node:
                equal = isinstance(operator, ast.Eq)
                lets_in, others = _let_in(source, test, outer, equal=equal)
                places = source.span_of(test), source.span_of(literal)
                return Compared(*places, value, equal, lets_in, others)
    return None


def _let_in(
    source: SourceText, test: ast.expr, around: Sequence[ast.AST], *, equal: bool
) -> tuple[Span | None, bool]:
    """Where a comparison is known to hold, and whether something is done where it does not."""
    match around:
        case [*_, ast.If(test=condition, body=body) as branch] if condition is test and equal:
            return _block(body), _does_something(branch.orelse)
        case [*_, ast.BoolOp(op=ast.And()) as both] if equal:
            return _let_in(source, both, around[:-1], equal=True)
        case [*_, ast.If(test=condition, body=[*_, ast.Continue()], orelse=[]) as branch] if (
            condition is test and not equal
        ):
            rest = _after(branch, around[:-1])
            return (_block(rest) if rest else None), len(branch.body) > 1
        case [*_, ast.expr() as made, ast.comprehension(ifs=conditions)] if (
            equal and test in conditions
        ):
            return source.span_of(made), False
    return None, True


def _after(branch: ast.If, around: Sequence[ast.AST]) -> list[ast.stmt]:
    """The statements of a loop that follow one of its statements."""
    loop = around[-1] if around else None
    if not isinstance(loop, _Loop) or branch not in loop.body:
        return []
    return loop.body[loop.body.index(branch) + 1 :]


def _does_something(block: Sequence[ast.stmt]) -> bool:
    """Whether an `else` does more than to ask what else it may be."""
    match block:
        case [] | [ast.If()] | [ast.Pass() | ast.Continue()]:
            return False
    return True


def _block(body: Sequence[ast.stmt]) -> Span:
    """The lines of a block."""
    end = body[-1].end_lineno or body[-1].lineno
    return Span(body[0].lineno, 0, end + 1, 0)


@dataclass(frozen=True, slots=True)
class Case:
    """A case of a `match`: the text it stands for ("" for any), and its statements."""

    value: str
    lets_in: Span
    idle: bool = False


def cases(source: SourceText, span: Span) -> tuple[Span, tuple[Case, ...]] | None:
    """The `match` whose subject an expression is, and its cases.

    None where it is the subject of none, or where a case asks for more than one text.
    """
    for node, around in ancestors(source, span):
        match around:
            case [*_, ast.Match(subject=subject) as statement] if subject is node:
                found = [_case(one) for one in statement.cases]
                known = [one for one in found if one is not None]
                whole = source.span_of(statement)
                return (whole, tuple(known)) if len(known) == len(found) else None
    return None


def _case(case: ast.match_case) -> Case | None:
    idle = all(isinstance(one, ast.Pass | ast.Continue) for one in case.body)
    match case.pattern:
        case ast.MatchValue(value=ast.Constant(value=str(value))) if case.guard is None:
            return Case(value, _block(case.body), idle)
        case ast.MatchAs(pattern=None, name=None) if case.guard is None:
            return Case("", _block(case.body), idle)
    return None


# -- lists ----------------------------------------------------------------------------------------


def role_of_list(source: SourceText, span: Span) -> str:
    """What is done with a list where it stands.

    `items` where a loop goes over it, `joined` where a list is added to by it, `indexed`, `tested`
    for whether it is empty, "" for anything else.
    """
    for node, around in ancestors(source, span):
        return _role(node, around)
    return ""


def _role(node: ast.expr, around: Sequence[ast.AST]) -> str:
    match around:
        case [*_, ast.For() | ast.AsyncFor() | ast.comprehension() as loop] if loop.iter is node:
            return "items"
        case [*_, ast.Call(func=ast.Name(id=name), args=[first, *_])] if first is node:
            return "items" if name in _SAME_ITEMS else ""
        case [*_, ast.AugAssign(op=ast.Add(), value=value)] if value is node:
            return "joined"
        case [*_, ast.Call(func=ast.Attribute(attr="extend"), args=[value])] if value is node:
            return "joined"
        case [*_, ast.List(), ast.Starred()] | [*_, ast.BinOp(op=ast.Add())]:
            return "joined"
        case [*_, ast.Subscript(value=value)] if value is node:
            return "indexed"
        case [*_, ast.If() | ast.While() | ast.IfExp() as branch] if branch.test is node:
            return "tested"
        case [*_, ast.UnaryOp(op=ast.Not())]:
            return "tested"
        case [*_, ast.If() | ast.While() | ast.IfExp(), ast.BoolOp()]:
            return "tested"
    return ""


def gathered_by(source: SourceText, span: Span) -> str:
    """The name that the list is given which a comprehension over an expression makes.

    "" where it makes no list of the same items, or none that has a name.
    """
    for _, around in ancestors(source, span):
        match around:
            case [
                *_,
                ast.Assign(targets=[ast.Name(id=name)]),
                ast.ListComp(
                    elt=ast.Name(id=kept), generators=[ast.comprehension(target=ast.Name(id=one))]
                ),
                ast.comprehension(),
            ] if kept == one:
                return name
    return ""


def is_joined(source: SourceText, name: str) -> bool:
    """Whether a list of that name is added to another one anywhere in a file."""
    tree = tree_of(source.text)
    for node in ast.walk(tree) if tree is not None else ():
        match node:
            case (
                ast.AugAssign(op=ast.Add(), value=ast.Name(id=given))
                | ast.Starred(value=ast.Name(id=given))
                | ast.BinOp(op=ast.Add(), left=ast.Name(id=given))
                | ast.BinOp(op=ast.Add(), right=ast.Name(id=given))
                | ast.Call(func=ast.Attribute(attr="extend"), args=[ast.Name(id=given)])
            ) if given == name:
                return True
    return False


def is_in_loop_over(source: SourceText, span: Span, name: str) -> bool:
    """Whether an expression stands in a loop over the list of that name."""
    for _, around in ancestors(source, span):
        return any(
            isinstance(one, _Loop) and isinstance(one.iter, ast.Name) and one.iter.id == name
            for one in around
        )
    return False


def attribute_of(source: SourceText, span: Span) -> Span | None:
    """The attribute that is read of an expression; None where none is."""
    for node, around in ancestors(source, span):
        match around:
            case [*_, ast.Attribute(value=value) as attribute] if value is node:
                return source.span_of(attribute)
    return None


def answered_after(source: SourceText, span: Span, kind: str) -> bool:
    """Whether `list.append(expression)` is followed, in its block, by one of a dict of a kind.

    The kind is the dict's `type`; the expression stands at the span.
    """
    for node, around in ancestors(source, span):
        match around:
            case [*_, parent, ast.Expr(value=ast.Call() as call) as statement, ast.Call()] if (
                _appended(call, node) is not None
            ):
                name = _appended(call, node)
                return any(_appends_kind(one, name, kind) for one in _following(parent, statement))
    return False


def _appended(call: ast.Call, node: ast.expr) -> str | None:
    """What an expression is appended to."""
    match call:
        case ast.Call(func=ast.Attribute(value=target, attr="append"), args=[value]) if (
            value is node
        ):
            return ast.unparse(target)
    return None


def _following(parent: ast.AST, statement: ast.stmt) -> Iterator[ast.stmt]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(parent, name, ())
        if statement in block:
            yield from block[block.index(statement) + 1 :]


def _appends_kind(statement: ast.stmt, name: str | None, kind: str) -> bool:
    for node in ast.walk(statement):
        match node:
            case ast.Call(
                func=ast.Attribute(value=target, attr="append"), args=[ast.Dict() as display]
            ) if ast.unparse(target) == name:
                return any(
                    isinstance(value, ast.Constant) and value.value == kind
                    for value in display.values
                )
    return False
