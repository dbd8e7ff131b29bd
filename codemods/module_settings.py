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
    statement = context.file.statement(context.span)
    read = _source(optional(context, instruction.base_url_variable, instruction.base_url_default))
    slash = f"{context.quote}/{context.quote}"
    # The module's own client joins paths to its base URL as it stands: it has to end in a slash.
    url = f"{read}.rstrip({slash}) + {slash}"
    key = instruction.key_variable and _source(required(context, instruction.key_variable))
    match statement:
        case ast.Import() | ast.ImportFrom():
            lines = [f"{instruction.module}.api_key = {key}"] if key else []
            present = _base_url(instruction, context)
            if present is None:
                lines.append(f"{instruction.module}.base_url = {url}")
            else:
                yield Lowered(context.file.span(present), ReplaceExpression(url))
            if lines:
                yield _after_imports(context, statement, lines)
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            if key:
                yield Lowered(context.file.span(value), ReplaceExpression(key))
            present = _base_url(instruction, context)
            if present is None:
                yield _after(context, statement, f"{instruction.module}.base_url = {url}")
            else:
                yield Lowered(context.file.span(present), ReplaceExpression(url))
        case _:
            raise CannotRewrite("the statement sets nothing of the module")


def _source(node: object) -> str:
    return str(cst.Module([]).code_for_node(node))


def _base_url(instruction: ModuleSettings, context: Context) -> ast.expr | None:
    """The value of the statement that sets the base URL, where the file has one."""
    wanted = f"{instruction.module}.base_url"
    for node in ast.walk(context.file.tree):
        match node:
            case ast.Assign(targets=[ast.Attribute() as target], value=value):
                if ast.unparse(target) == wanted:
                    return value
    return None


def _after(context: Context, statement: ast.stmt, line: str) -> Change:
    """A statement after another, on a line of its own where that one has its own."""
    file, text = context.file, context.file.source.text
    _, end = file.bounds(statement)
    before = file.source.line(statement.lineno)[: file.span(statement).column]
    last = statement.end_lineno or statement.lineno
    rest = file.source.line(last)[file.span(statement).end_column :].strip()
    if before.strip() or rest.startswith(";"):
        return Change(end, end, f"; {line}")
    at = after(file, statement)
    newline = file.source.newline
    opening = newline if not text[:at].endswith(("\n", "\r")) else ""
    closing = newline if not opening else ""
    return Change(at, at, f"{opening}{before}{line}{closing}")


def _after_imports(context: Context, statement: ast.stmt, lines: list[str]) -> Change:
    """Statements after the import block; after the import itself where it stands elsewhere."""
    file, newline = context.file, context.file.source.newline
    block = list(leading_imports(file.tree))
    in_block = any(statement in ast.walk(one) for one in block)
    if not in_block:
        return _after(
            context, statement, (newline + file.indentation(statement.lineno)).join(lines)
        )
    at = after(file, block[-1])
    before, rest = file.source.text[:at], file.source.text[at:]
    opening = "" if before.endswith(("\n", "\r")) else newline
    closing = newline if rest and not rest.startswith(("\n", "\r")) else ""
    return Change(at, at, f"{opening}{newline}{newline.join(lines)}{newline}{closing}")
