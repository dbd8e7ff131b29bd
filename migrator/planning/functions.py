"""`functions=` and `function_call=` of a chat call: the old form of tools, said in the new one.

functions=[f], function_call={"name": "f"}
->  tools=[{"type": "function", "function": f}], tool_choice={"type": "function", "function": …}

What is read of the answer follows: one function call was answered, and it is the first tool call.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from migrator.analysis.sites import UNKNOWN, Argument, Literal, Place, ResultRead, ResultUse
from migrator.edits import Edit, Framed, Instruction, ReplaceExpression, ReplaceString, ToolCall
from migrator.language import _
from migrator.planning import syntax
from migrator.planning.calls import Call
from migrator.planning.function_answers import ROLE, Answered, answered
from migrator.planning.reshaping.knowledge import to_chat
from migrator.planning.tools import is_single
from migrator.providers import Parameter

NAMES = frozenset({"functions", "function_call"})
_CALL = "function_call"
_FINISHED = "tool_calls"
_CHOICES = frozenset({"auto", "none"})
CODE = "functions-tools"
_OPENS = ("argument", "returned", "lost", "spread", "iteration")
_DEFINITION = '{"type": "function", "function": value}'
_DEFINITIONS = f"[{_DEFINITION.replace('value', 'function')} for function in value]"


def is_given(call: Call) -> bool:
    """Whether a call uses the old form, and the provider names the new one."""
    return any(
        call.chat_parameter(one.name).action == "reject"
        for one in call.facts.arguments
        if one.name in NAMES
    )


def decide(call: Call) -> bool:
    """Plan the new form of every part of the old one; False where not all of it can be told."""
    given = [one for one in call.facts.arguments if one.name in NAMES]
    reads = [read for read in call.facts.reads if _is_of_call(read)]
    if not moves(call):
        return False
    for argument in given:
        _argument(call, argument, call.chat_parameter(argument.name))
    for read in reads:
        if read.path[-1] == _CALL:
            _edit(call, read.place, "tool-call", ToolCall(_form(call, read, reads)))
    for place in _finish_reasons(call):
        _edit(call, place, "replace-string", ReplaceString(_FINISHED))
    parameter = call.chat_parameter("functions")
    call.note(CODE, parameter)
    return True


def moves(call: Call) -> bool:
    """Whether all of the old form that a call uses can be told."""
    if not is_given(call) or call.facts.http is not None or call.facts.foreign:
        return False
    given = [one for one in call.facts.arguments if one.name in NAMES]
    reads = [read for read in call.facts.reads if _is_of_call(read)]
    return not _why_not(call, given, reads)


def answer(call: Call, literal: Literal) -> Answered | None:
    """The message that a role stands in, where it answers a call whose form becomes the new one."""
    found = answered(call.context, literal)
    for one in found.asked_by if found is not None else ():
        facts = call.context.call(one)
        asked = replace(call, site=call.context.by_id[one], facts=facts) if facts else None
        if one not in call.context.moved_calls or asked is None or not moves(asked):
            return None
    return found


def _is_of_call(read: ResultRead) -> bool:
    """Whether a step leads to a message's function call, or into it."""
    return _CALL in read.path[-2:] and read.path[:1] == ("choices",)


# -- whether all of it can be told -----------------------------------------------------------------


def _why_not(call: Call, given: list[Argument], reads: list[ResultRead]) -> str:
    parameters = [call.chat_parameter(one.name) for one in given]
    if not all(one.name_there in {"tools", "tool_choice"} for one in parameters):
        return _("no new form of it is known")
    if any(call.edits.shared_with_others(one) for one in given):
        return _("a call that stays is given it too")
    answers = [one for one in call.facts.roles if one.value == ROLE]
    if any(answered(call.context, one) is None for one in answers):
        return _("a message answers a function call")
    if not all(_is_said(call, one) for one in given if one.name == _CALL):
        return _("which function is called is only known at run time")
    if not all(_is_taken(call, one) for one in given if one.name == _CALL):
        return _("a function may not be asked for by its name")
    if not all(_is_plain(call, one) for one in reads):
        return _("its function call is read in another way")
    if any(_leaves(use) for use in call.facts.uses):
        return _("its answer goes where its function call may be read")
    return ""


def _is_said(call: Call, argument: Argument) -> bool:
    node = _node(call, argument.place)
    if isinstance(argument.value, str):
        return argument.value in _CHOICES
    branches = [node.body, node.orelse] if isinstance(node, ast.IfExp) else []
    words = [one.value for one in branches if isinstance(one, ast.Constant)]
    return isinstance(node, ast.Dict) or (len(words) == 2 and set(words) <= _CHOICES)


def _is_taken(call: Call, argument: Argument) -> bool:
    """Whether a function may be asked for by its name, or the only one for being that."""
    action = call.chat_parameter("tool_choice_named").action
    by_name = isinstance(_node(call, argument.place), ast.Dict)
    return not by_name or action == "keep" or (action == "rename" and is_single(call, "functions"))


def _is_plain(call: Call, read: ResultRead) -> bool:
    """Whether a read is one of a whole answer, at a place that can be written twice."""
    if read.streamed or read.written or not read.proven or read.default is not None:
        return False
    if read.form not in {"attribute", "item", "get", "contains"}:
        return False
    base = _node(call, read.base)
    return base is not None and not any(isinstance(one, ast.Call) for one in ast.walk(base))


def _leaves(use: ResultUse) -> bool:
    """Whether a part that may hold a function call goes where that is not followed."""
    shape = to_chat("completions.create")
    shown = shape is not None and use.name in shape.shown_by
    holds = use.path[:1] in {(), ("choices",)} and use.path[3:4] in {(), (_CALL,)}
    return use.form in _OPENS and holds and not shown


# -- the request -----------------------------------------------------------------------------------


def _argument(call: Call, argument: Argument, parameter: Parameter) -> None:
    reason = f"{argument.name}: {parameter.detail}"
    call.edits.rename(call.site, argument, str(parameter.name_there), reason)
    node = _node(call, argument.place)
    if argument.name == _CALL:
        named = call.chat_parameter("tool_choice_named")
        if isinstance(node, ast.Dict) and named.action == "rename":
            required = ReplaceExpression(f'"{named.name_there}"')
            _edit(call, argument.place, "replace-expression", required)
        elif isinstance(node, ast.Dict):
            _edit(call, argument.place, "framed", Framed(_DEFINITION))
    elif isinstance(node, ast.List) and argument.value is not UNKNOWN and node.elts:
        for place in _elements(call, argument.place, node):
            _edit(call, place, "framed", Framed(_DEFINITION))
    else:
        _edit(call, argument.place, "framed", Framed(_DEFINITIONS))


def _elements(call: Call, place: Place, node: ast.List) -> Iterator[Place]:
    source = call.context.sources[place.path]
    for one in node.elts:
        yield Place(place.path, source.span_of(one))


# -- the answer ------------------------------------------------------------------------------------


def _form(call: Call, read: ResultRead, reads: list[ResultRead]) -> str:
    """How a function call is read: a step to something in it, a test, or its value."""
    if any(other.base == read.place for other in reads):
        return "step"
    source = call.context.sources[read.place.path]
    return "test" if syntax.is_test(source, read.place.span) else "value"


def _finish_reasons(call: Call) -> Iterator[Place]:
    """The literals that the reason is compared with."""
    for comparison in call.facts.comparisons:
        if comparison.path[-1:] == ("finish_reason",) and _CALL in comparison.values:
            node = _node(call, comparison.place)
            source = call.context.sources[comparison.place.path]
            for one in ast.walk(node) if node is not None else ():
                if isinstance(one, ast.Constant) and one.value == _CALL:
                    yield Place(comparison.place.path, source.span_of(one))


# -- small things ----------------------------------------------------------------------------------


def _node(call: Call, place: Place) -> ast.expr | None:
    source = call.context.sources.get(place.path)
    return syntax.expression(source, place.span) if source is not None else None


def _edit(call: Call, place: Place, codemod: str, instruction: Instruction) -> None:
    why = _("the provider takes tools in the place of functions")
    call.context.edit(Edit(place.path, place.span, codemod, instruction, (call.site.id,), why))
