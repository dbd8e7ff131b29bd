"""Assistant messages with tool calls that a program makes anew of an answer.

{"role": "assistant", "content": message.content, "tool_calls": calls}
->  {..., "reasoning_content": getattr(message, "reasoning_content", None)}
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from migrator.analysis.sites import Literal, Place, ResultRead, Span
from migrator.edits import Edit, Instruction, Parameters, ReplaceExpression
from migrator.language import _, listed
from migrator.planning import frameworks, syntax
from migrator.planning.calls import Call
from migrator.planning.prompts import is_said_elsewhere
from migrator.source import SourceText

_ROLE = "assistant"
_ASKS = "tool_calls"
_SAID = "content"
_THOUGHT = "reasoning_content"
# The rules of a profile that such messages have to keep to.
_CARRIED, _FILLED = "reasoning-content", "empty-content"
_Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module


@dataclass(frozen=True, slots=True)
class _Turn:
    """A message that asks for tools: the display that makes it, and the scope it stands in."""

    source: SourceText
    place: Place
    scope: _Scope
    entries: dict[str, ast.expr]


def decide(call: Call) -> None:
    """Plan what the assistant messages of a call are given, where the provider asks for it."""
    rules = call.provider.rules
    if _CARRIED in rules and call.thinks and frameworks.loses(call.context, call.facts, _THOUGHT):
        details = {"framework": call.facts.framework, "model": listed(call.chosen)}
        call.block("framework-turns", call.provider.role(_ROLE), **details)
    for literal in call.facts.roles:
        turn = _turn(call, literal) if literal.value == _ROLE else None
        if turn is None:
            continue
        if is_said_elsewhere(call, literal):
            why = _("the same message is handed to a call that stays as it is")
            call.say("arguments-shared", why, name=_("an assistant message"))
            continue
        if _FILLED in rules:
            _fill(call, turn)
        if _CARRIED in rules and call.thinks and _THOUGHT not in turn.entries:
            _carry(call, turn)


def _turn(call: Call, literal: Literal) -> _Turn | None:
    """The message that a role belongs to, if it asks for tools and all its keys are written out."""
    source = call.context.sources.get(literal.path)
    if source is None:
        return None
    for _unused, around in syntax.ancestors(source, literal.span):
        display = around[-2] if isinstance(around[-1], ast.keyword) else around[-1]
        scope = next((one for one in reversed(around) if isinstance(one, _Scope)), None)
        entries = _entries(display)
        if scope is None or entries is None or not isinstance(display, ast.expr):
            continue
        if _ASKS in entries or _is_given_calls(display, scope):
            return _Turn(source, Place(literal.path, source.span_of(display)), scope, entries)
    return None


def _entries(display: ast.AST) -> dict[str, ast.expr] | None:
    """The entries of a dict display or a `dict(...)` call; None where not all are known."""
    match display:
        case ast.Dict(keys=keys, values=values):
            names = [one.value if isinstance(one, ast.Constant) else None for one in keys]
            pairs = list(zip(names, values, strict=True))
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            pairs = [(one.arg, one.value) for one in keywords]
        case _:
            return None
    return None if None in dict(pairs) else {str(name): value for name, value in pairs}


def _is_given_calls(display: ast.expr, scope: _Scope) -> bool:
    """Whether a message is given its tool calls later: `message["tool_calls"] = calls`."""
    owners = {
        target.id
        for one in ast.walk(scope)
        if isinstance(one, ast.Assign) and one.value is display
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    return any(
        isinstance(one, ast.Subscript)
        and isinstance(one.ctx, ast.Store)
        and isinstance(one.value, ast.Name)
        and one.value.id in owners
        and isinstance(one.slice, ast.Constant)
        and one.slice.value == _ASKS
        for one in ast.walk(scope)
    )


# -- an empty text ---------------------------------------------------------------------------------


def _fill(call: Call, turn: _Turn) -> None:
    """No text is said in the place of an empty one, which is refused."""
    said = turn.entries.get(_SAID)
    last = said.values[-1] if isinstance(said, ast.BoolOp) and isinstance(said.op, ast.Or) else said
    if isinstance(last, ast.Constant) and last.value == "":
        role = call.provider.role(_ROLE)
        span = turn.source.span_of(last)
        _edit(call, turn, span, "replace-expression", ReplaceExpression("None"), role.detail)
        call.note("content-none", role)


# -- what the model thought ------------------------------------------------------------------------


def _carry(call: Call, turn: _Turn) -> None:
    role = call.provider.role(_ROLE)
    thought = _thought(call, turn)
    if thought is None:
        call.block("reasoning-content", role)
        return
    added = Parameters(add=((_THOUGHT, thought),))
    _edit(call, turn, turn.place.span, "parameters", added, role.detail)
    call.note("reasoning-kept", role)


def _thought(call: Call, turn: _Turn) -> str | None:
    """What gives the thoughts of the message that is made anew; None where it is not known."""
    if written := _written(turn):
        return written
    reads = list(_reads(call, turn))
    inside = [one for one in reads if turn.place.span.holds(one.place.span)]
    found = {_of(turn, read.base.span, read.form) for read in inside or _before(turn, reads)}
    return found.pop() if len(found) == 1 else None


def _written(turn: _Turn) -> str:
    """The thoughts of what the turn takes its tool calls of in its own words; "" for nothing."""
    match turn.entries.get(_ASKS):
        case ast.Attribute(value=message, attr=name) if name == _ASKS:
            form = "attribute"
        case ast.Subscript(value=message, slice=ast.Constant(value=name)) if name == _ASKS:
            form = "item"
        case ast.Call(
            func=ast.Attribute(value=message, attr="get"), args=[ast.Constant(value=name), *_]
        ) if name == _ASKS:
            form = "get"
        case _:
            return ""
    pure = not any(isinstance(one, ast.Call) for one in ast.walk(message))
    return _of(turn, turn.source.span_of(message), form) if pure else ""


def _reads(call: Call, turn: _Turn) -> Iterator[ResultRead]:
    """Where what a message says, or asks for, is read in the file of the turn."""
    for _unused, facts in call.context.calls():
        for read in facts.reads:
            message = read.path[-2:] in {("message", _ASKS), ("message", _SAID)}
            plain = read.proven and not read.streamed and not read.written
            if message and plain and read.place.path == turn.place.path and _is_pure(turn, read):
                yield read


def _before(turn: _Turn, reads: list[ResultRead]) -> Iterator[ResultRead]:
    """The reads of tool calls earlier in the scope, of names that are bound there once."""
    for read in reads:
        base = syntax.expression(turn.source, read.base.span)
        root = _root(base)
        if (
            read.path[-1] == _ASKS
            and turn.place.span.line >= read.place.span.line
            and _is_within(turn, read.place.span)
            and root is not None
            and _is_bound_once(turn.scope, root)
        ):
            yield read


def _is_within(turn: _Turn, span: Span) -> bool:
    return isinstance(turn.scope, ast.Module) or turn.source.span_of(turn.scope).holds(span)


def _is_pure(turn: _Turn, read: ResultRead) -> bool:
    base = syntax.expression(turn.source, read.base.span)
    return base is not None and not any(isinstance(one, ast.Call) for one in ast.walk(base))


def _root(node: ast.expr | None) -> str | None:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _is_bound_once(scope: _Scope, name: str) -> bool:
    names = (one for one in ast.walk(scope) if isinstance(one, ast.Name) and one.id == name)
    return sum(isinstance(one.ctx, ast.Store) for one in names) == 1


def _of(turn: _Turn, span: Span, form: str) -> str:
    message = turn.source.slice(span)
    if form in {"attribute", "getattr", "hasattr"}:
        return f'getattr({message}, "{_THOUGHT}", None)'
    return f'{message}.get("{_THOUGHT}")'


def _edit(
    call: Call, turn: _Turn, span: Span, codemod: str, instruction: Instruction, why: str
) -> None:
    reason = _("an assistant message with tool calls: {why}", why=why)
    edit = Edit(turn.place.path, span, codemod, instruction, (call.site.id,), reason)
    call.context.edit(edit)
