"""Change a statement that sets one item: `params["seed"] = 1`, `params["seed"] += 1`,
`params |= {"seed": 1}`, `params.update(seed=1)`, `params.setdefault("seed", 1)`,
`openai.organization = x`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.context import Context
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from codemods.statements import Lowered, Removal
from migrator.analysis.sites import Span
from migrator.edits import ItemAssignment, Parameters, ReplaceExpression, ReplaceString
from migrator.language import _


@codemod(
    ItemAssignment,
    name="item-assignment",
    summary="Drop or change the statement that sets one parameter",
    review="Check that nobody else reads the item",
    statement=True,
)
def change_item(instruction: ItemAssignment, context: Context) -> Iterator[Removal | Lowered]:
    """Raises CannotRewrite for a statement that is of none of these forms."""
    statement = context.file.statement(context.span)
    match statement:
        case ast.Assign(targets=[target], value=value):
            yield from _assigned(instruction, context, statement, target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _assigned(instruction, context, statement, target, value)
        case ast.AugAssign(op=ast.BitOr(), value=ast.Dict(keys=[ast.Constant(value=str(name))])):
            span = context.file.span(statement.value)
            yield from _updated(instruction, statement, span, name)
        case ast.AugAssign(target=ast.Subscript() as target, value=value):
            yield from _assigned(instruction, context, statement, target, value)
        case ast.Assign() if instruction.drop:
            raise CannotRewrite(_("the statement assigns to something else too"))
        case ast.Expr(value=ast.Call() as call):
            yield from _called(instruction, context, statement, call)
        case _:
            raise CannotRewrite(_("the statement does not set one item"))


def _assigned(
    instruction: ItemAssignment,
    context: Context,
    statement: ast.stmt,
    target: ast.expr,
    value: ast.expr,
) -> Iterator[Removal | Lowered]:
    if isinstance(target, (ast.Tuple, ast.List, ast.Starred)):
        raise CannotRewrite(_("the statement assigns to something else too"))
    if instruction.drop:
        yield Removal(statement)
        return
    if instruction.key is not None:
        if not isinstance(target, ast.Subscript):
            raise CannotRewrite(_("the statement sets no item of a mapping"))
        yield Lowered(_text(context, target.slice), ReplaceString(instruction.key))
    if instruction.value is not None:
        yield Lowered(context.file.span(value), ReplaceExpression(instruction.value))


def _called(
    instruction: ItemAssignment, context: Context, statement: ast.stmt, call: ast.Call
) -> Iterator[Removal | Lowered]:
    span = context.file.span
    match call:
        case ast.Call(func=ast.Attribute(attr="setdefault"), args=[key, value], keywords=[]):
            if instruction.drop:
                yield Removal(statement)
                return
            if instruction.key is not None:
                yield Lowered(_text(context, key), ReplaceString(instruction.key))
            if instruction.value is not None:
                yield Lowered(span(value), ReplaceExpression(instruction.value))
        case ast.Call(
            func=ast.Attribute(attr="update"), args=[], keywords=[ast.keyword(arg=str(name))]
        ):
            yield from _updated(instruction, statement, span(call), name)
        case ast.Call(
            func=ast.Attribute(attr="update"),
            args=[ast.Dict(keys=[ast.Constant(value=str(name))]) as display],
            keywords=[],
        ):
            yield from _updated(instruction, statement, span(display), name)
        case _:
            raise CannotRewrite(_("the call does not set one item alone"))


def _updated(
    instruction: ItemAssignment, statement: ast.stmt, span: Span, name: str
) -> Iterator[Removal | Lowered]:
    if instruction.drop:
        yield Removal(statement)
        return
    rename = ((name, instruction.key),) if instruction.key is not None else ()
    replace = ((name, instruction.value),) if instruction.value is not None else ()
    yield Lowered(span, Parameters(rename=rename, replace=replace))


def _text(context: Context, key: ast.expr) -> Span:
    if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
        raise CannotRewrite(_("the key is not a string literal"))
    return context.file.span(key)
