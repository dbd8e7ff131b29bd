"""Point the openai module's own client at the provider: `openai.api_key`, `openai.base_url`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.changes import Change
from codemods.context import Context
from codemods.environment import optional, required
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.placing import behind, indentation_behind, once_filled
from codemods.python_file import PythonFile, width
from codemods.registry import codemod
from codemods.statements import Lowered
from migrator.edits import ModuleSettings, ReplaceExpression
from migrator.language import _

cst = LazyModule("libcst")


@codemod(
    ModuleSettings,
    name="module-settings",
    summary="Set the key and the base URL of the openai module",
    review="Check that nothing else that uses the module has to stay on OpenAI",
    statement=True,
)
def set_module(instruction: ModuleSettings, context: Context) -> Iterator[Change | Lowered]:
    """Raises CannotRewrite for a statement that is neither `openai.api_key = …` nor an import."""
    file, statement = context.file, context.file.statement(context.span)
    key = _key(instruction, context)
    added = []
    for address in instruction.addresses:
        url = _url(instruction, context, address)
        target = f"{instruction.module}.{address}"
        present = None if instruction.beside else _base_url(context, target)
        if present:
            yield Lowered(file.span(present), ReplaceExpression(url))
        else:
            added.append(f"{target} = {url}")
    match statement:
        case ast.Import() | ast.ImportFrom():
            keys = [f"{instruction.module}.api_key = {key}"] if key else []
            if keys or added:
                yield once_filled(
                    context,
                    statement,
                    lambda indentation: [
                        _laid_out(one, file, indentation) for one in (*keys, *added)
                    ],
                )
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            if key:
                yield Lowered(file.span(value), ReplaceExpression(key))
            if added:
                indentation = indentation_behind(context, statement)
                lines = [_laid_out(one, file, indentation) for one in added]
                yield behind(context, statement, lines)
        case _:
            raise CannotRewrite(_("the statement sets nothing of the module"))


def _key(instruction: ModuleSettings, context: Context) -> str:
    """The read of the key; empty where it stands there already."""
    variable = instruction.key_variable
    if variable is None:
        return ""
    if instruction.optional:
        return _source(optional(context, variable, None))
    return _source(required(context, variable))


def _url(instruction: ModuleSettings, context: Context, address: str) -> str:
    """The read of the base URL, with the slash at its end.

    The module's own client joins paths to its base URL as it stands; before 1.0 they began with it.
    """
    read = optional(context, instruction.base_url_variable, instruction.base_url_default)
    if address != "base_url":
        return _source(read)
    slash = f"{context.quote}/{context.quote}"
    return f"{_source(read)}.rstrip({slash}) + {slash}"


def _laid_out(statement: str, file: PythonFile, indentation: str | None) -> str:
    """The statement; what makes the line too long over several lines, as black has it."""
    target, __, value = statement.partition(" = ")
    joined, plus, last = value.rpartition(" + ")
    if indentation is None or width(indentation + statement) <= file.columns:
        return statement
    if not plus:
        function, bracket, arguments = value.partition("(")
        rows = [f"{target} = {function}(", f"{file.indent}{arguments.removesuffix(')')}", ")"]
        return (file.source.newline + indentation).join(rows) if bracket else statement
    rows = [joined]
    if width(indentation + file.indent + joined) > file.columns:
        call, __, method = joined.rpartition(".")
        function, __, arguments = call.removesuffix(")").partition("(")
        rows = [f"{function}(", f"{file.indent}{arguments}", f").{method}"]
    inner = [f"{file.indent}{row}" for row in (*rows, f"+ {last}")]
    return (file.source.newline + indentation).join([f"{target} = (", *inner, ")"])


def _source(node: object) -> str:
    return str(cst.Module([]).code_for_node(node))


def _base_url(context: Context, wanted: str) -> ast.expr | None:
    """The value of the statement that sets the base URL, where the file has one."""
    for node in context.file.nodes(ast.Assign):
        match node:
            case ast.Assign(targets=[ast.Attribute() as target], value=value):
                if ast.unparse(target) == wanted:
                    return value
    return None
