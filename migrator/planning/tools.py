"""Tools of a chat call, and what cannot go with them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from migrator import schemas
from migrator.analysis import surface
from migrator.analysis.sites import UNKNOWN, Argument, ClientFacts, Origin
from migrator.language import _, either, fact
from migrator.planning import syntax
from migrator.planning.calls import Call
from migrator.providers import Parameter

_CHOICES = frozenset({"auto", "none", "required", "named"})


def decide(call: Call) -> None:
    """Plan tool_choice, parallel calls, and several answers."""
    _names(call)
    _schemas(call)
    _choice(call)
    _parallel(call)
    _answers(call)


def _names(call: Call) -> None:
    """Some names of tools are refused, and so are long ones."""
    rule = call.provider.rules.get("tool-name")
    given = call.facts.argument("tools")
    if rule is None or given is None or not isinstance(given.value, list):
        return
    for function in map(_function, given.value):
        name = function.get("name")
        if isinstance(name, str) and not rule.allows(name):
            call.block("tool-name", call.chat_parameter("tools"), name=name)


def _schemas(call: Call) -> None:
    """Some providers ask of a schema that it says a type everywhere."""
    given = call.facts.argument("tools")
    if "tool-schema" not in call.provider.rules or given is None:
        return
    for function in map(_function, given.value if isinstance(given.value, list) else ()):
        if detail := schemas.unsaid(function.get("parameters", {})):
            parameter = call.chat_parameter("tools")
            call.block("tool-schema", parameter, name=function.get("name", ""), detail=detail)


def _function(tool: object) -> Mapping[str, Any]:
    """What a tool says of its function, as far as it is known."""
    function = tool.get("function") if isinstance(tool, dict) else None
    return function if isinstance(function, dict) else {}


def _choice(call: Call) -> None:
    argument = call.facts.argument("tool_choice")
    if argument is None or argument.value is None:
        _forced(call)
        return
    required = call.chat_parameter("tool_choice_required")
    named = call.chat_parameter("tool_choice_named")
    if argument.value == "none" and call.chat_parameter("tool_choice_none").action != "keep":
        _withhold(call, argument)
        return
    if _is_refused(call, argument):
        return
    if argument.value == "required" and required.action == "rename":
        new = f'"{required.name_there}"'
        reason = f"tool_choice: {required.detail}"
        if call.edits.replace(call.site, argument, new, reason):
            call.note("tool-choice", required)
    elif isinstance(argument.value, dict) or "{" in argument.spelled:
        _named(call, argument, named)
    elif argument.value is UNKNOWN:
        verdicts = {'`"required"`': required, _("a tool by its name"): named}
        refused = [form for form, one in verdicts.items() if one.action != "keep"]
        if refused:
            call.note("tool-choice-value", required, refused=either(refused))


def _forced(call: Call) -> None:
    """Tell where what wraps the client asks for a tool by its name, and the provider refuses."""
    named = call.chat_parameter("tool_choice_named")
    if named.action == "keep" or "tools" not in call.facts.features:
        return
    clients = (call.context.by_id[one].facts for one in call.facts.clients)
    layers = (path for one in clients if isinstance(one, ClientFacts) for path in one.layers)
    for remedy in dict.fromkeys(surface.layer(path).unforced for path in layers):
        if remedy:
            call.note("tool-forced", named, remedy=fact(remedy))


def _withhold(call: Call, choice: Argument) -> None:
    """A request that may not call its tools is sent without them, where it is refused with them."""
    none = call.chat_parameter("tool_choice_none")
    given = [one for one in call.facts.arguments if one.name in {"tools", choice.name}]
    reason = f"tool_choice: {none.detail}"
    alone = len({one.name for one in given}) == len(given)
    certain = choice.always and alone and call.facts.complete
    if certain and all(call.edits.drop(call.site, one, reason) for one in given):
        call.note("tools-withheld", none)
    else:
        call.block("tools-forbidden", none)


def _is_refused(call: Call, argument: Argument) -> bool:
    """Whether the provider does not take the value: taken away where it is the usual one."""
    kind = "named" if isinstance(argument.value, dict) else argument.value
    if kind not in _CHOICES:
        return False
    verdict = call.chat_parameter(f"tool_choice_{kind}")
    if verdict.action == "drop":
        if call.edits.drop(call.site, argument, f"tool_choice: {verdict.detail}"):
            call.note("parameter-dropped", verdict, name="tool_choice")
    elif verdict.action == "reject":
        if call.provider.chat_parameter(verdict.name, call.chosen).action == "reject":
            call.block("value-missing", verdict, **_choice_details(kind))
        else:
            call.block("thinking-conflict", verdict, name="tool_choice", model=call.chosen[0])
    return verdict.action in {"drop", "reject"}


def _choice_details(kind: str) -> dict[str, object]:
    remedy = _(
        "Leave `tool_choice` out, say in the prompt what is to be called, and check that it was"
    )
    return {"name": "tool_choice", "value": kind, "range": "auto", "remedy": remedy}


def _named(call: Call, choice: Argument, named: Parameter) -> None:
    """A tool that is asked for by its name: where that is refused, the only one that is given."""
    if named.action != "rename":
        return
    there, reason = f'"{named.name_there}"', f"tool_choice: {named.detail}"
    given, alone = call.facts.argument("tools"), _narrowed(call, choice)
    narrowed = alone == "" or (
        given is not None
        and alone is not None
        and call.edits.replace(call.site, given, alone, reason)
    )
    if not narrowed:
        call.block("tool-choice-named", named, there=there)
    elif call.edits.replace(call.site, choice, there, reason):
        same = named.name_there == "required"
        call.note("tool-choice-only" if same else "tool-choice", named)


def _narrowed(call: Call, choice: Argument) -> str | None:
    """What gives the tool that is asked for alone; "" where it is the only one that is given.

    None where that is not known.
    """
    wanted = _function(choice.value).get("name")
    node = call.expression(choice)
    is_named = wanted is not None or (choice.value is UNKNOWN and syntax.has_key(node, "function"))
    if is_named and is_single(call, "tools"):
        return ""  # a tool that is not given cannot be asked for
    given = call.facts.argument("tools")
    if given is None or not is_certain(call, "tools") or not isinstance(given.value, list):
        return None
    names = [_function(one).get("name") for one in given.value]
    if wanted is None or names.count(wanted) != 1 or not all(names):
        return None
    return f'[tool for tool in {given.spelled} if tool["function"]["name"] == "{wanted}"]'


def is_single(call: Call, name: str) -> bool:
    """Whether a list that a call is always given holds one thing, and is seen to."""
    given = call.facts.argument(name)
    if given is None or not is_certain(call, name):
        return False
    if isinstance(given.value, list):
        return len(given.value) == 1
    node = call.expression(given)
    elements = node.elts if isinstance(node, ast.List) else []
    return len(elements) == 1 and not isinstance(elements[0], ast.Starred)


def is_certain(call: Call, name: str) -> bool:
    """Whether every request of a call is given an argument, and one and the same."""
    every = [one for one in call.facts.arguments if one.name == name]
    return len(every) == 1 and every[0].always and call.facts.complete


def _parallel(call: Call) -> None:
    """Several tool calls at once, OpenAI's default, have to be asked for."""
    parameter = call.chat_parameter("parallel_tool_calls")
    given = call.facts.argument("parallel_tool_calls") is not None
    tools = call.facts.argument("tools")
    if tools is None or given or not parameter.default_here:
        return
    # What is assigned by itself may be so under a condition.
    certain = tools.always and tools.origin is not Origin.ITEM_ASSIGNMENT
    if call.facts.complete and certain:
        reason = f"parallel_tool_calls: {parameter.detail}"
        call.edits.add(call.site, "parallel_tool_calls", parameter.default_here, reason)
    else:
        # Without tools the argument is refused, so it is not added where they may be absent.
        call.note("parallel-tools", parameter)


def _answers(call: Call) -> None:
    """More than one answer is refused with tools, by some models, and while thinking."""
    argument = call.facts.argument("n")
    if argument is None or not isinstance(argument.value, int) or argument.value < 2:
        return
    parameter = call.chat_parameter("n")
    if parameter.action == "reject" or not parameter.accepts(argument.value):
        return  # refused whatever else is asked for
    rules = call.provider.rules
    rule = rules.get("choices-model")
    with_tools = "tools" in call.facts.features and "choices-with-tools" in rules
    refusing = [model for model in call.chosen if rule is not None and rule.concerns(model)]
    if with_tools or refusing:
        only = _("1 with tools") if with_tools else _("1 for {model}", model=refusing[0])
        call.block("value-refused", parameter, name="n", value=argument.value, range=only)
    elif call.reasons and "choices-while-thinking" in rules:
        call.block("thinking-conflict", parameter, name="n", model=call.chosen[0])
