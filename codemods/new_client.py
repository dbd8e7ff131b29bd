"""Write the construction of a client where the openai module was set up, or after the imports.

openai.api_key = key  ->  client = OpenAI(api_key=key, base_url=os.getenv("URL", "https://…"))
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from codemods.changes import Change
from codemods.context import Context
from codemods.environment import optional, required
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.placing import assignment, behind, behind_imports, indentation_behind
from codemods.registry import codemod
from codemods.statements import Lowered
from migrator.edits import ConstructWith, NewClient
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    NewClient,
    name="new-client",
    summary="Construct a client for calls that were made on the openai module",
    review="Check that the client is constructed after its settings are known",
    statement=True,
)
def construct(instruction: NewClient, context: Context) -> Iterator[Change | Lowered]:
    """Raises CannotRewrite for a place where no statement stands."""
    statement = context.file.statement(context.span)
    if statement is None:
        raise CannotRewrite(_("no statement stands there"))
    match statement:
        case ast.Assign(targets=[target], value=value) if not instruction.beside:
            yield from _in_place(instruction, context, statement, target, value)
        case _:
            indentation = indentation_behind(context, statement)
            lines = _first(instruction, context, indentation), *_others(instruction, context)
            yield behind_imports(context, statement, lines)


def _in_place(
    instruction: NewClient,
    context: Context,
    statement: ast.stmt,
    target: ast.expr,
    value: ast.expr,
) -> Iterator[Change | Lowered]:
    file, (name, path) = context.file, instruction.clients[0]
    if instruction.key_variable is None:
        start, end = file.bounds(target)
        yield Change(start, end, name)
        constructed = ConstructWith(
            path, instruction.base_url_variable, instruction.base_url_default
        )
        yield Lowered(file.span(value), constructed)
    else:
        start, end = file.bounds(statement)
        indentation = indentation_behind(context, statement)
        yield Change(start, end, _first(instruction, context, indentation))
    others = _others(instruction, context)
    if others:
        yield behind(context, statement, others)


def _first(instruction: NewClient, context: Context, indentation: str | None) -> str:
    name, path = instruction.clients[0]
    if instruction.key_variable is None:
        raise CannotRewrite(_("nothing says where the key comes from"))
    key = required(context, instruction.key_variable)
    made = _construction(path, key, instruction, context)
    return assignment(context, name, made, indentation)


def _others(instruction: NewClient, context: Context) -> list[str]:
    """The other clients: what the first was given, they take from it."""
    first = instruction.clients[0][0]
    return [
        f"{name} = {context.spell(path)}(api_key={first}.api_key, base_url={first}.base_url)"
        for name, path in instruction.clients[1:]
    ]


def _construction(
    path: str, key: cst.BaseExpression, instruction: NewClient | ConstructWith, context: Context
) -> cst.BaseExpression:
    url = optional(context, instruction.base_url_variable, instruction.base_url_default)
    call = context.entries(cst.Call(context.parse(context.spell(path))))
    call = call.insert(0, "api_key", key)
    built = call.insert(1, "base_url", url).rebuilt()
    context.fresh.append(built)
    return built


@codemod(
    ConstructWith,
    name="construct-with",
    summary="Make the key of the openai module a client's",
    review="Check that the client is constructed before it is used",
)
def construct_with(
    instruction: ConstructWith, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """The client constructed with a key."""
    return _construction(instruction.class_path, node, instruction, context)
