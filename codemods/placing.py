"""New statements of a module: behind another statement, or behind the imports."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from codemods.changes import Change
from codemods.context import Context
from codemods.imports import after, import_blocks, is_followed
from codemods.lazy import LazyModule
from codemods.python_file import PythonFile
from codemods.wrapping import Margins, fitted
from codemods.written import Written

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# Functions that put the variables of a file into the environment (python-dotenv, environs).
_READ_FILES = frozenset({"load_dotenv", "read_env"})


def indentation_behind(context: Context, statement: ast.stmt) -> str | None:
    """The indentation of lines behind a statement; None where it shares its line with others."""
    file = context.file
    before = file.source.line(statement.lineno)[: file.span(statement).column]
    last = statement.end_lineno or statement.lineno
    rest = file.source.line(last)[file.span(statement).end_column :].strip()
    return None if before.strip() or rest.startswith(";") else before


def behind(context: Context, statement: ast.stmt, added: Sequence[str]) -> Change:
    """Statements after another, on lines of their own where that one has its own.

    `added` are laid out already, their lines but the first indented as the statement is.
    """
    file, text = context.file, context.file.source.text
    before = indentation_behind(context, statement)
    if before is None:
        _, end = file.bounds(statement)
        return Change(end, end, "".join(f"; {one}" for one in added))
    at = after(file, statement)
    newline = file.source.newline
    lines = [f"{before}{one}{newline}" for one in added]
    if text[:at].endswith(("\n", "\r")):
        return Change(at, at, "".join(lines))
    return Change(at, at, newline + "".join(lines).removesuffix(newline))


def behind_imports(context: Context, statement: ast.stmt, added: Sequence[str]) -> Change:
    """Statements after the import block; after the statement itself where it is not of it.

    So it is too where what follows shares the block's last line, and may need what is added.
    """
    file, newline = context.file, context.file.source.newline
    holding = (
        one for one in import_blocks(file) if any(statement in ast.walk(each) for each in one)
    )
    block = next(holding, None)
    if block is None or is_followed(file, block[-1]):
        return behind(context, statement, added)
    at = after(file, block[-1])
    before, rest = file.source.text[:at], file.source.text[at:]
    opening = "" if before.endswith(("\n", "\r")) else newline
    closing = newline if rest and not rest.startswith(("\n", "\r")) else ""
    lines = newline.join(added)
    return Change(at, at, f"{opening}{newline}{lines}{newline}{closing}")


def once_filled(
    context: Context, statement: ast.stmt, lines: Callable[[str | None], Sequence[str]]
) -> Change:
    """Statements that an import asks for, behind what fills the environment that they read.

    Where nothing does, behind the import block. `lines` gives them by their indentation.
    """
    filled = _filling(context.file, statement)
    if filled is None:
        return behind_imports(context, statement, lines(indentation_behind(context, statement)))
    return behind(context, filled, lines(indentation_behind(context, filled)))


def _filling(file: PythonFile, statement: ast.stmt) -> ast.stmt | None:
    """The statement behind which the environment holds what files of variables say.

    It stands before the first use of what a statement imports, where the file is run or, if not
    there, in a function.
    """
    body = file.tree.body
    if statement not in body:
        return None
    imported = (node for node in ast.walk(statement) if isinstance(node, ast.alias))
    names = {(one.asname or one.name).partition(".")[0] for one in imported}
    before = body[: body.index(statement)]
    if any(_reads_files(one) for one in before if not isinstance(one, _DEFINITIONS)):
        return None
    functions = (one for one in body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))
    ways = (_fills(block, names) for block in (body, *(one.body for one in functions)))
    return next((found for found in ways if found is not None), None)


def _fills(block: Sequence[ast.stmt], names: Collection[str]) -> ast.stmt | None:
    for statement in block:
        if isinstance(statement, _DEFINITIONS):
            continue
        if isinstance(statement, ast.If) and "__name__" in ast.dump(statement.test):
            return _fills(statement.body, names)
        if _reads_files(statement):
            return statement
        if any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(statement)):
            return None
    return None


def _reads_files(statement: ast.stmt) -> bool:
    called = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
    return any(ast.unparse(one).rpartition(".")[2] in _READ_FILES for one in called)


def assignment(
    context: Context, target: str, value: cst.BaseExpression, indentation: str | None
) -> str:
    """The assignment of a new value, broken over lines where it is too long for one.

    On one line in any case where there is no indentation.
    """
    return laid_out(context, f"{target} = ", value, indentation)


def laid_out(
    context: Context, head: str, value: cst.BaseExpression, indentation: str | None
) -> str:
    """A statement that begins with `head` and ends with a new value, laid out likewise."""
    newline = context.file.source.newline
    bracketed = value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    line = cst.SimpleStatementLine([cst.Expr(bracketed)])
    snippet = Written.of(cst.Module([line], default_newline=newline))
    if indentation is not None:
        calls = [node for node in snippet.places if isinstance(node, cst.Call)]
        snippet = fitted(snippet, calls, Margins(f"{indentation}{head}", "", context.file))
    return f"{head}{snippet.code.removesuffix(newline)[1:-1]}"
