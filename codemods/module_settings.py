"""Point the openai module's own client at the provider: `openai.api_key`, `openai.base_url`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.changes import Change
from codemods.context import Context
from codemods.environment import optional, required
from codemods.imports import after, leading_imports
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.python_file import PythonFile, width
from codemods.registry import codemod
from codemods.statements import Lowered
from migrator.edits import ModuleSettings, ReplaceExpression

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
    key = instruction.key_variable and _source(required(context, instruction.key_variable))
    url = _url(instruction, context)
    present = _base_url(instruction, context)
    added = [] if present else [f"{instruction.module}.base_url = {url}"]
    if present:
        yield Lowered(file.span(present), ReplaceExpression(url))
    match statement:
        case ast.Import() | ast.ImportFrom():
            keys = [f"{instruction.module}.api_key = {key}"] if key else []
            if keys or added:
                yield _after_imports(context, statement, [*keys, *added])
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            if key:
                yield Lowered(file.span(value), ReplaceExpression(key))
            if added:
                yield _after(context, statement, added)
        case _:
            raise CannotRewrite("the statement sets nothing of the module")


def _url(instruction: ModuleSettings, context: Context) -> str:
    """The read of the base URL, with the slash at its end.

    The module's own client joins paths to its base URL as it stands.
    """
    read = optional(context, instruction.base_url_variable, instruction.base_url_default)
    slash = f"{context.quote}/{context.quote}"
    return f"{_source(read)}.rstrip({slash}) + {slash}"


def _laid_out(statement: str, file: PythonFile, indentation: str) -> str:
    """The statement; a sum that makes the line too long in brackets, as black has it."""
    target, _, value = statement.partition(" = ")
    joined, plus, last = value.rpartition(" + ")
    if not plus or width(indentation + statement) <= file.columns:
        return statement
    rows = [joined]
    if width(indentation + file.indent + joined) > file.columns:
        call, _, method = joined.rpartition(".")
        function, _, arguments = call.removesuffix(")").partition("(")
        rows = [f"{function}(", f"{file.indent}{arguments}", f").{method}"]
    inner = [f"{file.indent}{row}" for row in (*rows, f"+ {last}")]
    return (file.source.newline + indentation).join([f"{target} = (", *inner, ")"])


def _source(node: object) -> str:
    return str(cst.Module([]).code_for_node(node))


def _base_url(instruction: ModuleSettings, context: Context) -> ast.expr | None:
    """The value of the statement that sets the base URL, where the file has one."""
    wanted = f"{instruction.module}.base_url"
    for node in context.file.walked:
        match node:
            case ast.Assign(targets=[ast.Attribute() as target], value=value):
                if ast.unparse(target) == wanted:
                    return value
    return None


def _after(context: Context, statement: ast.stmt, added: list[str]) -> Change:
    """Statements after another, on lines of their own where that one has its own."""
    file, text = context.file, context.file.source.text
    _, end = file.bounds(statement)
    before = file.source.line(statement.lineno)[: file.span(statement).column]
    last = statement.end_lineno or statement.lineno
    rest = file.source.line(last)[file.span(statement).end_column :].strip()
    if before.strip() or rest.startswith(";"):
        return Change(end, end, "".join(f"; {one}" for one in added))
    at = after(file, statement)
    newline = file.source.newline
    lines = [f"{before}{_laid_out(one, file, before)}{newline}" for one in added]
    if text[:at].endswith(("\n", "\r")):
        return Change(at, at, "".join(lines))
    return Change(at, at, newline + "".join(lines).removesuffix(newline))


def _after_imports(context: Context, statement: ast.stmt, added: list[str]) -> Change:
    """Statements after the import block; after the import itself where it stands elsewhere."""
    file, newline = context.file, context.file.source.newline
    block = list(leading_imports(file.tree))
    in_block = any(statement in ast.walk(one) for one in block)
    if not in_block:
        return _after(context, statement, added)
    at = after(file, block[-1])
    before, rest = file.source.text[:at], file.source.text[at:]
    opening = "" if before.endswith(("\n", "\r")) else newline
    closing = newline if rest and not rest.startswith(("\n", "\r")) else ""
    lines = newline.join(_laid_out(one, file, "") for one in added)
    return Change(at, at, f"{opening}{newline}{lines}{newline}{closing}")
