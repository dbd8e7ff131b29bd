"""Construct a client of another provider's behind the one whose calls it takes.

    client = OpenAI(timeout=3)

    client = OpenAI(timeout=3, api_key=…, base_url=…)
    embeddings_client = OpenAI(timeout=3, api_key=…, base_url=…)

It has the settings that the first had, but for the key and the base URL. Beside a function that
returns the first there is one that returns the other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from codemods.changes import Change
from codemods.client_construction import point_client
from codemods.context import Context
from codemods.imports import after
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.placing import assignment, behind, indentation_behind, laid_out
from codemods.registry import codemod
from migrator.edits import ClientBeside
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    ClientBeside,
    name="client-beside",
    summary="Construct a client of a second provider",
    review="Check that its key is set wherever the program runs",
    statement=True,
)
def construct(instruction: ClientBeside, context: Context) -> Iterator[Change]:
    """Raises CannotRewrite for a call that is neither assigned nor returned."""
    match context.file.statement(context.span):
        case (
            ast.Assign(value=ast.Call() as value)
            | ast.AnnAssign(value=ast.Call() as value) as statement
        ):
            indentation = indentation_behind(context, statement)
            made = _made(instruction, context, value)
            written = assignment(context, instruction.name, made, indentation)
            yield behind(context, statement, [written])
        case ast.Return(value=ast.Call() as value) as statement:
            match next(context.file.ancestors(statement), None):
                case ast.FunctionDef() as function:
                    yield _function(instruction, context, function, statement, value)
                case _:
                    raise CannotRewrite(_("it is returned on one of several ways"))
        case _:
            raise CannotRewrite(_("no construction is assigned or returned there"))


def _made(instruction: ClientBeside, context: Context, value: ast.Call) -> cst.BaseExpression:
    start, end = context.file.bounds(value)
    first = cst.parse_expression(context.file.source.text[start:end])
    return point_client(instruction.settings, first, context)


def _function(
    instruction: ClientBeside,
    context: Context,
    function: ast.FunctionDef,
    statement: ast.Return,
    value: ast.Call,
) -> Change:
    """A function as the one that returns the client, behind it."""
    file, newline = context.file, context.file.source.newline
    decorators = [f"@{file.source.slice(file.span(one))}" for one in function.decorator_list]
    returns = f" -> {file.source.slice(file.span(function.returns))}" if function.returns else ""
    before = file.indentation(statement.lineno)
    body = laid_out(context, "return ", _made(instruction, context, value), before)
    lines = [*decorators, f"def {instruction.name}(){returns}:", f"{before}{body}"]
    at = after(file, function)
    rest = file.source.text[at:]
    opening = "" if file.source.text[:at].endswith(("\n", "\r")) else newline
    missing = newline * 2 if rest.strip() and not rest.startswith(("\n", "\r")) else ""
    text = newline.join(("", "", *lines, ""))
    return Change(at, at, opening + text + missing)
