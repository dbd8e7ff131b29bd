"""Messages that answer a function call, said as messages that answer a tool call.

{"role": "function", "name": name, "content": text}
->  {"role": "tool", "content": text, "tool_call_id": message.tool_calls[0].id}
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from migrator.analysis.sites import Literal, Place
from migrator.edits import Edit, Parameters, ReplaceString
from migrator.language import _
from migrator.planning import syntax
from migrator.planning.context import Context

ROLE = "function"
_CALL = "function_call"
_NAMED = "name"
_Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module


@dataclass(frozen=True, slots=True)
class Answered:
    """A message that answers: its dict display, the name of the message it answers to, and the
    calls that may have asked for the function."""

    display: Place
    named: bool
    message: str
    asked_by: frozenset[str]


def answered(context: Context, literal: Literal) -> Answered | None:
    """What the role of a message belongs to; None where it is not known which call it answers.

    That is the call whose function call was read before it in the same function, of a name that is
    bound there once.
    """
    source = context.sources.get(literal.path)
    if source is None:
        return None
    for _unused, around in syntax.ancestors(source, literal.span):
        display = around[-1]
        scope = next((one for one in reversed(around) if isinstance(one, _Scope)), None)
        if not (isinstance(display, ast.Dict) and scope and _is_role(display)):
            return None
        place = Place(literal.path, source.span_of(display))
        readers: dict[str, set[str]] = {}
        for name, call in _read(context, place, scope):
            readers.setdefault(name, set()).add(call)
        if len(readers) != 1:
            return None
        ((message, asked_by),) = readers.items()
        return Answered(place, _has(display, _NAMED), message, frozenset(asked_by))
    return None


def _is_role(display: ast.Dict) -> bool:
    """Whether a display is a message with all its keys written out."""
    return _has(display, "role") and _has(display, "content") and None not in display.keys


def _has(display: ast.Dict, key: str) -> bool:
    return any(isinstance(one, ast.Constant) and one.value == key for one in display.keys)


def _read(context: Context, display: Place, scope: _Scope) -> Iterator[tuple[str, str]]:
    """The names whose function call is read before a display in its scope, with the call asked."""
    source = context.sources[display.path]
    inside = {source.span_of(one) for one in ast.walk(scope) if isinstance(one, ast.Name)}
    for site, facts in context.calls():
        for read in facts.reads:
            if read.path[-1:] != (_CALL,) or read.place.path != display.path:
                continue
            base = syntax.expression(source, read.base.span)
            before = read.place.span.line <= display.span.line and read.base.span in inside
            if isinstance(base, ast.Name) and before and _is_bound_once(scope, base.id):
                yield base.id, site.id


def _is_bound_once(scope: _Scope, name: str) -> bool:
    stored = [
        one
        for one in ast.walk(scope)
        if isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Store)
    ]
    return len(stored) == 1


def rewrite(context: Context, site: str, literal: Literal, one: Answered, role: str) -> None:
    """Let a message answer the first tool call of the message that asked for it."""
    why = _("the provider takes tools in the place of functions")
    identified = f"{one.message}.tool_calls[0].id"
    parameters = Parameters(
        drop=(_NAMED,) if one.named else (), add=(("tool_call_id", identified),)
    )
    place = (literal.path, literal.span)
    context.edit(Edit(*place, "message-role", ReplaceString(role), (site,), why))
    display = (one.display.path, one.display.span)
    context.edit(Edit(*display, "parameters", parameters, (site,), why))
