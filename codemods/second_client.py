"""Keep a client as it was beside the one that moves, for calls that the provider does not serve.

self.client = OpenAI()  ->  self.client = OpenAI(api_key=…, base_url=…)

                            @cached_property
                            def openai_client(self) -> OpenAI:
                                return OpenAI()

It is made when it is first asked for, so that a program whose old key is gone still starts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.changes import Change
from codemods.context import Context
from codemods.imports import after
from codemods.outcome import CannotRewrite
from codemods.placing import behind
from codemods.registry import codemod
from migrator.edits import SecondClient
from migrator.language import _

_METHOD = (ast.FunctionDef, ast.AsyncFunctionDef)
_LONG_STRINGS = ('"""', "'''")


@codemod(
    SecondClient,
    name="second-client",
    summary="Keep a client for the calls that the provider does not serve",
    review="Check whether anything still has to be asked of it",
    statement=True,
)
def keep(instruction: SecondClient, context: Context) -> Iterator[Change]:
    """Raises CannotRewrite for a place where nothing is assigned."""
    match context.file.statement(context.span):
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value) as statement:
            pass
        case _:
            raise CannotRewrite(_("nothing is assigned there"))
    start, end = context.file.bounds(value)
    construction = instruction.construction or context.file.source.text[start:end]
    if instruction.form == "assignment":
        yield behind(context, statement, [f"{instruction.name} = {construction}"])
    elif instruction.form == "property":
        yield _property(instruction.name, context, statement, value, construction)
    else:
        yield _function(instruction.name, context, statement, value, construction)


def _property(
    name: str, context: Context, statement: ast.stmt, value: ast.expr, construction: str
) -> Change:
    """A property of the class, behind the method that makes the client."""
    methods = [one for one in context.file.functions(context.span) if isinstance(one, _METHOD)]
    if not methods:
        raise CannotRewrite(_("it stands in no method"))
    method = methods[-1]
    indentation = context.file.indentation(method.lineno)
    head = f"def {name.rpartition('.')[2]}(self){_returns(value)}:"
    decorator = f"@{context.spell('functools.cached_property')}"
    lines = _lines(context, indentation, decorator, head, statement, construction)
    newline, at = context.file.source.newline, after(context.file, method)
    is_apart = context.file.source.text[at:].startswith(("\n", "\r"))
    return _inserted(context, at, f"{newline}{lines}{'' if is_apart else newline}")


def _function(
    name: str, context: Context, statement: ast.stmt, value: ast.expr, construction: str
) -> Change:
    """A function of the module, behind the statement that makes the client."""
    file, newline = context.file, context.file.source.newline
    indentation = file.indentation(statement.lineno)
    head = f"def {name}(){_returns(value)}:"
    decorator = f"@{context.spell('functools.cache')}"
    lines = _lines(context, indentation, decorator, head, statement, construction)
    at = after(file, statement)
    apart = newline if indentation else newline * 2
    rest = file.source.text[at:]
    blank = len(rest) - len(rest.lstrip("\r\n"))
    missing = apart[blank:] if rest.strip() and not rest.startswith((" ", "\t")) else ""
    return _inserted(context, at, f"{apart}{lines}{missing}")


def _returns(value: ast.expr) -> str:
    if isinstance(value, ast.Call) and isinstance(value.func, (ast.Name, ast.Attribute)):
        return f" -> {ast.unparse(value.func)}"
    return ""


def _lines(
    context: Context,
    indentation: str,
    decorator: str,
    head: str,
    statement: ast.stmt,
    construction: str,
) -> str:
    """The lines of a function that returns what the statement constructs."""
    inner = indentation + context.file.indent
    if any(quotes in construction for quotes in _LONG_STRINGS):
        raise CannotRewrite(_("a string of several lines stands in it"))
    before = context.file.indentation(statement.lineno)
    first, *others = construction.splitlines()
    body = [f"return {first}", *(one.removeprefix(before) for one in others)]
    lines = [indentation + decorator, indentation + head, *(inner + one for one in body)]
    return "".join(line.rstrip() + context.file.source.newline for line in lines)


def _inserted(context: Context, at: int, text: str) -> Change:
    before = context.file.source.text[:at]
    opening = "" if before.endswith(("\n", "\r")) else context.file.source.newline
    return Change(at, at, opening + text)
