"""Tools of a chat call, and what cannot go with them."""

from __future__ import annotations

from migrator.analysis.sites import UNKNOWN, Origin
from migrator.planning.calls import Call


def decide(call: Call) -> None:
    """Plan tool_choice, parallel calls, and several answers."""
    _names(call)
    _choice(call)
    _parallel(call)
    _answers(call)


def _names(call: Call) -> None:
    """Some names of tools are refused, and so are long ones."""
    rule = call.provider.rules.get("tool-name")
    given = call.facts.argument("tools")
    if rule is None or given is None or not isinstance(given.value, list):
        return
    for tool in given.value:
        function = tool.get("function") if isinstance(tool, dict) else None
        name = function.get("name") if isinstance(function, dict) else None
        too_long = isinstance(name, str) and rule.maximum and len(name) > rule.maximum
        if isinstance(name, str) and (name in rule.names or too_long):
            call.block("tool-name", call.chat_parameter("tools"), name=name)


def _choice(call: Call) -> None:
    argument = call.facts.argument("tool_choice")
    if argument is None or argument.value is None:
        return
    required = call.chat_parameter("tool_choice_required")
    named = call.chat_parameter("tool_choice_named")
    if argument.value == "required" and required.action == "rename":
        new = f'"{required.name_there}"'
        reason = f"tool_choice: {required.detail}"
        if call.edits.replace(call.site, argument, new, reason):
            call.note("tool-choice", required)
    elif isinstance(argument.value, dict) or "{" in argument.spelled:
        if call.reasons and "forced-tool-while-thinking" in call.provider.rules:
            call.block("thinking-conflict", named, name="tool_choice", model=call.chosen[0])
    elif argument.value is UNKNOWN and required.action != "keep":
        call.note("tool-choice-value", required)


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
    if not parameter.accepts(argument.value):
        return  # refused by its range
    rules = call.provider.rules
    rule = rules.get("choices-model")
    with_tools = "tools" in call.facts.features and "choices-with-tools" in rules
    refusing = [model for model in call.chosen if rule is not None and rule.concerns(model)]
    if with_tools or refusing:
        only = "1 with tools" if with_tools else f"1 for {refusing[0]}"
        call.block("value-refused", parameter, name="n", value=argument.value, range=only)
    elif call.reasons and "choices-while-thinking" in rules:
        call.block("thinking-conflict", parameter, name="n", model=call.chosen[0])
