"""The Responses API: kept where the provider has it, a chat request where that takes more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from migrator.analysis.sites import UNKNOWN, Argument, CallFacts, Place, Site
from migrator.decisions import ChecklistItem
from migrator.planning import chat, efforts, models, reshaping
from migrator.planning.arguments import ArgumentEdits
from migrator.planning.calls import Call
from migrator.planning.chat_form import (
    IDLE,
    RENAMED,
    effort_of,
    response_format,
    unsayable,
    why_unsayable,
)
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.planning.to_chat import ToChat
from migrator.providers import Parameter

APIS = frozenset({"responses.create", "responses.stream", "responses.parse"})
# Methods that ask for what is kept there.
KEPT = frozenset({"responses.retrieve", "responses.delete", "responses.input_items.list"})
_TEXT = '[{"role": "user", "content": input}]'
_SYSTEM = '{"role": "system", "content": instructions}'
_PARTS = frozenset({"image", "audio", "file", "video"})


# -- whether a call can be served -----------------------------------------------------------------


def hindrance(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """Why a call of the Responses API cannot be served; None where it can."""
    shape = reshaping.shape_of(context, site, facts)
    if shape is not None:
        return _no_chat(context, site, facts, shape)
    for argument in facts.arguments:
        parameter = context.provider.responses_parameter(argument.name)
        if parameter.action == "reject" and argument.value not in (None, False):
            return _told(site, "responses-refused", parameter, name=argument.name)
    for kind in _tool_kinds(facts):
        tool = context.provider.responses_tool(kind)
        if tool.action == "reject":
            known = ", ".join(context.provider.parameter_names("responses_tools"))
            return _told(site, "responses-tool", tool, name=kind, known=known)
    return None


def _told(site: Site, code: str, fact: Parameter, **details: object) -> ChecklistItem:
    return item(code, site, fact.detail, fact.sources, details)


def _tool_kinds(facts: CallFacts) -> Iterator[str]:
    tools = facts.argument("tools")
    for tool in tools.value if tools is not None and isinstance(tools.value, list) else ():
        kind = tool.get("type") if isinstance(tool, dict) else None
        if isinstance(kind, str):
            yield kind


def _no_chat(context: Context, site: Site, facts: CallFacts, shape: ToChat) -> ChecklistItem | None:
    """Why a call that asks for a chat request cannot become one."""
    asking = reshaping.asks_for_chat(context, facts, shape)
    parameter = context.provider.responses_parameter(asking[0].name if asking else "text")
    wanted = asking[0].name if asking else facts.api
    problem = ""
    if name := unsayable(context, site, facts, shape):
        problem = why_unsayable(facts, Place(site.path, site.span), name)
    elif not reshaping.is_named(context, site, facts):
        problem = "the method is not named where it is called"
    if problem:
        return _told(site, "responses-state", parameter, problem=problem, wanted=wanted)
    if places := reshaping.stops(context, site, facts, shape):
        sources = reshaping.sources(context, facts, shape)
        return item("answer-untraced", site, shape.detail, sources, places=places)
    return None


# -- what becomes of it ---------------------------------------------------------------------------


def decide(context: Context) -> None:
    """Plan the edits and notes of every call of the Responses API that moves."""
    kept = ArgumentEdits(context, "parameters")
    moved = ArgumentEdits(context, reshaping.CODEMOD)
    for site, facts in context.calls():
        if facts.api not in APIS or facts.is_json or site.id not in context.moved_calls:
            continue
        shape = reshaping.shape_of(context, site, facts)
        if shape is None:
            _keep(Call(context, kept, site, facts))
        else:
            _to_chat(context, moved, site, facts, shape)
    kept.finish()
    moved.finish()


def _keep(call: Call) -> None:
    """A call that stays at its endpoint: its parameters one by one."""
    for argument in call.facts.arguments:
        parameter = call.provider.responses_parameter(argument.name)
        reason = f"{argument.name}: {parameter.detail}"
        goes = parameter.action in {"drop", "chat"}
        if goes and call.edits.drop(call.site, argument, reason):
            call.note("parameter-dropped", parameter, name=argument.name)
    _tools(call)
    _reasoning(call)
    _model(call)
    if not models.models_of(call.context, call.facts):
        why = "no name of a model was found that reaches it"
        call.say("model-at-run-time", why, provider=call.provider.name)


def _model(call: Call) -> None:
    """What the endpoint is not known to take of the model and of the messages."""
    for part in sorted(_PARTS & call.facts.features):
        call.note("content-part", call.provider.responses_parameter("input"), part=part)
    for model in call.targets:
        if not call.provider.serves("responses", model):
            parameter = call.provider.responses_parameter("model")
            call.note("model-lacks", parameter, model=model.id, needs="the Responses API")


def _tools(call: Call) -> None:
    """Built-in tools that go by another name."""
    tools = call.facts.argument("tools")
    for kind in dict.fromkeys(_tool_kinds(call.facts)):
        tool = call.provider.responses_tool(kind)
        if tool.action != "rename" or tools is None:
            continue
        source = tools.spelled
        for quote in "\"'":
            source = source.replace(f"{quote}{kind}{quote}", f"{quote}{tool.name_there}{quote}")
        if source != tools.spelled:
            call.edits.replace(call.site, tools, source, f"{kind}: {tool.detail}")
        call.note("parameter-renamed", tool, name=kind, there=tool.name_there)
    if tools is not None and (tools.value is UNKNOWN or UNKNOWN in (tools.value or ())):
        known = ", ".join(call.provider.parameter_names("responses_tools"))
        call.note("responses-tools", call.provider.responses_parameter("tools"), known=known)


def _reasoning(call: Call) -> None:
    """What did not reason does not start to; an effort is one of the provider's words."""
    parameter = call.provider.responses_parameter("reasoning")
    given = call.facts.argument("reasoning")
    thinking = [known.id for known in call.targets if known.thinking_default]
    if given is None and parameter.default_here and thinking and not call.reasons:
        if call.facts.complete:
            reason = f"reasoning: {parameter.detail}"
            call.edits.add(call.site, "reasoning", parameter.default_here, reason)
        else:
            call.note("argument-to-add", parameter, added=f"reasoning={parameter.default_here}")
    efforts.tell(call, "effort", parameter, efforts.words(call.context, call.site, call.facts))


def _to_chat(
    context: Context, edits: ArgumentEdits, site: Site, facts: CallFacts, shape: ToChat
) -> None:
    """A call that becomes a chat request."""
    asking = reshaping.asks_for_chat(context, facts, shape)
    parameter = context.provider.responses_parameter(asking[0].name if asking else "text")
    reason = f"{facts.api} -> {shape.method}: {parameter.name}: {parameter.detail}"
    _messages(edits, site, facts, reason)
    arguments = []
    for argument in facts.arguments:
        there = RENAMED.get(argument.name, argument.name)
        if shape.asks_nothing(argument) or argument.name in IDLE:
            edits.drop(site, argument, f"{argument.name}: a chat request has no such thing")
        elif argument.name == "text":
            source = response_format(argument.spelled)
            assert source is not None, "a call whose format is not known does not move"
            if not source:
                edits.drop(site, argument, reason)
                continue
            edits.replace(site, argument, source, reason)
            edits.rename(site, argument, "response_format", reason)
        elif argument.name not in {"input", "instructions", "reasoning"}:
            if there != argument.name:
                edits.rename(site, argument, there, reason)
            arguments.append(replace(argument, name=there))
    reshaping.edit_method(context, site, facts, shape, reason)
    reasoning = facts.argument("reasoning")
    call = Call(context, edits, site, replace(facts, api=shape.method, arguments=tuple(arguments)))
    if reasoning is not None and not shape.asks_nothing(reasoning):
        _chat_effort(call, reasoning)
    chat.plan(call)
    call.note("responses-chat", parameter, wanted=parameter.name)


def _messages(edits: ArgumentEdits, site: Site, facts: CallFacts, reason: str) -> None:
    given, said = facts.argument("input"), facts.argument("instructions")
    assert given is not None, "a call without an input does not move"
    listed = isinstance(given.value, list)
    if said is None or said.value is None:
        if listed:
            edits.rename(site, given, "messages", reason)
        else:
            edits.compose(site, (given,), "messages", _TEXT, reason)
        return
    messages = f"[{_SYSTEM}, *input]" if listed else f"[{_SYSTEM}, {_TEXT[1:]}"
    edits.compose(site, (said, given), "messages", messages, reason)


def _chat_effort(call: Call, reasoning: Argument) -> None:
    parameter = call.provider.chat_parameter("reasoning_effort")
    words = {call.provider.efforts(model) for model in call.chosen}
    effort = effort_of(reasoning)
    new = efforts.nearest(effort or "", next(iter(words))) if len(words) == 1 else None
    if new is None:
        if call.edits.drop(call.site, reasoning, f"reasoning: {parameter.detail}"):
            call.note("parameter-dropped", parameter, name="reasoning")
        return
    call.edits.replace(call.site, reasoning, f'"{new}"', f"reasoning: {parameter.detail}")
    call.edits.rename(call.site, reasoning, "reasoning_effort", f"reasoning: {parameter.detail}")
    if new != effort:
        call.note("parameter-changed", parameter, name="effort", value=effort, new=new)
