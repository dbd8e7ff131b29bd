"""The Responses API: kept where the provider has it, a chat request where that takes more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from migrator.analysis.sites import UNKNOWN, Argument, CallFacts, Site
from migrator.decisions import ChecklistItem
from migrator.edits import Edit, ReplaceString
from migrator.language import _, listed
from migrator.planning import chat, efforts, reshaping, unnamed
from migrator.planning.arguments import ArgumentEdits
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.families import RESPONSES
from migrator.planning.messages import item
from migrator.planning.reshaping import exchanges, items
from migrator.planning.reshaping.form import (
    IDLE,
    RENAMED,
    effort_of,
    is_one_text,
    is_plain,
    unsayable,
)
from migrator.planning.reshaping.knowledge import ToChat
from migrator.planning.reshaping.naming import is_named
from migrator.planning.reshaping.reads import read_answer
from migrator.providers import Parameter

_TEXT = '{"role": "user", "content": input}'
_SYSTEM = '{"role": "system", "content": instructions}'
_MAYBE = '*([{"role": "system", "content": instructions}] if instructions else [])'
_USAGE_ASKED = "stream_options"
_USAGE = '{"include_usage": True}'
_PARTS = frozenset({"image", "audio", "file", "video"})
_FORMAT = frozenset({"text", "format"})
_STATE = "previous_response_id"
# Tools that are defined by what is said of them.
_DEFINED = frozenset({"function", "mcp"})


# -- whether a call can be served -----------------------------------------------------------------


def hindrance(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """Why a call of the Responses API cannot be served; None where it can."""
    shape = reshaping.shape_of(context, site)
    if shape is not None:
        return _no_chat(context, site, facts, shape)
    if facts.is_json and (needed := exchanges.needs(context, facts)):
        return _told(site, "responses-by-hand", needed[0], wanted=needed[0].name)
    for argument in facts.arguments:
        parameter = context.provider.responses_parameter(argument.name)
        if parameter.action == "reject" and argument.value not in (None, False):
            return _told(site, "responses-refused", parameter, name=argument.name)
    for kind, tool in _tools_of(context, facts):
        if tool.action == "reject":
            known = listed(context.provider.parameter_names("responses_tools"))
            return _told(site, "responses-tool", tool, name=kind, known=known)
    return None


def _told(site: Site, code: str, fact: Parameter, **details: object) -> ChecklistItem:
    return item(code, site, fact.detail, fact.sources, details)


def _tools_of(context: Context, facts: CallFacts) -> Iterator[tuple[str, Parameter]]:
    """The types of the tools of a call, each with the verdict on it."""
    for one in facts.body.of("tools"):
        kind = one.entry("type")
        if kind is not None and isinstance(kind.value, str):
            yield kind.value, context.provider.responses_tool(kind.value)


def _no_chat(context: Context, site: Site, facts: CallFacts, shape: ToChat) -> ChecklistItem | None:
    """Why a call that asks for a chat request cannot become one."""
    parameter = _wish(context, facts, shape)
    wanted = parameter.name
    if untold := unsayable(context, site, facts, shape):
        return _told(site, "responses-state", parameter, wanted=wanted, **untold._asdict())
    if not is_named(context, site, facts):
        reason = _("the method is called by another name")
        told = {"name": facts.api, "reason": reason}
        return _told(site, "responses-state", parameter, wanted=wanted, **told)
    if places := reshaping.stops(context, site, facts, shape):
        sources = reshaping.sources(context, facts, shape)
        return item("answer-untraced", site, shape.detail, sources, places=places)
    if others := exchanges.staying(context, site):
        places = context.places(others)
        return _told(site, "responses-tied", parameter, wanted=wanted, places=places)
    return None


def _wish(context: Context, facts: CallFacts, shape: ToChat) -> Parameter:
    """What a call becomes a chat request for, itself or for one that it hangs together with."""
    wishes = exchanges.wishes(context, facts, shape)
    if wishes:
        return wishes[0]
    whole = context.provider.responses_parameter("input")
    if context.provider.has_responses:
        return whole
    endpoint = context.provider.endpoint(facts.api)
    return replace(whole, detail=endpoint.detail, sources=endpoint.sources)


# -- what becomes of it ---------------------------------------------------------------------------


def decide(context: Context) -> None:
    """Plan the edits and notes of every call of the Responses API that moves."""
    kept = ArgumentEdits(context, "parameters")
    moved = ArgumentEdits(context, reshaping.CODEMOD)
    for site, facts in context.calls():
        if facts.api not in RESPONSES or site.id not in context.moved_calls:
            continue
        shape = reshaping.shape_of(context, site)
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
        if argument.name == _STATE and argument.value is not None:
            call.note("responses-kept", parameter, name=argument.name)
    _tools(call)
    _reasoning(call)
    _model(call)
    unnamed.tell(call)


def _model(call: Call) -> None:
    """What the endpoint is not known to take of the model and of the messages."""
    for part in sorted(_PARTS & call.facts.features):
        call.note("content-part", call.provider.responses_parameter("input"), part=part)
    for model in call.targets:
        if not call.provider.serves("responses", model):
            parameter = call.provider.responses_parameter("model")
            call.note("model-lacks", parameter, model=model.id, needs=_("the Responses API"))


def _tools(call: Call) -> None:
    """Built-in tools that go by another name, and what of them nobody documents."""
    body = call.facts.body
    for one in body.of("tools", "tool_choice"):
        kind = one.entry("type")
        if kind is None or not isinstance(kind.value, str):
            continue
        tool = call.provider.responses_tool(kind.value)
        if tool.action == "rename" and tool.name_there:
            _rename_tool(call, kind, tool)
        options = [entry.name for entry in one.entries if entry.name != "type"]
        if one.of == "tools" and options and kind.value not in _DEFINED:
            told = {"name": kind.value, "options": listed(options)}
            call.note("responses-tool-options", call.provider.responses_parameter("tools"), **told)
    if call.facts.argument("tools") is not None and "tools" not in body.traced:
        known = listed(call.provider.parameter_names("responses_tools"))
        call.note("responses-tools", call.provider.responses_parameter("tools"), known=known)


def _rename_tool(call: Call, kind: Argument, tool: Parameter) -> None:
    """Give a tool the name that it has at the provider, where the old one is written."""
    told = {"name": kind.value, "there": tool.name_there}
    if not kind.spelled.startswith(("'", '"')):
        call.note("argument-to-add", tool, added=f"type: {tool.name_there}")
        return
    place = (kind.place.path, kind.place.span)
    instruction = ReplaceString(str(tool.name_there))
    reason = f"{kind.value}: {tool.detail}"
    call.context.edit(Edit(*place, "parameters", instruction, (call.site.id,), reason))
    call.note("parameter-renamed", tool, **told)


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
    efforts.tell(
        call, "reasoning.effort", parameter, efforts.words(call.context, call.site, call.facts)
    )


def _to_chat(
    context: Context, edits: ArgumentEdits, site: Site, facts: CallFacts, shape: ToChat
) -> None:
    """A call that becomes a chat request."""
    parameter = _wish(context, facts, shape)
    reason = f"{facts.api} -> {shape.method}: {parameter.name}: {parameter.detail}"
    _messages(context, edits, site, facts, reason)
    arguments = []
    gone = []
    for argument in facts.arguments:
        there = _named_there(context, argument.name)
        if _goes(facts, shape, argument):
            if edits.drop(
                site, argument, _("{name}: a chat request has no such thing", name=argument.name)
            ):
                gone.append(argument)
        elif argument.name == "text":
            edits.rename(site, argument, "response_format", reason)
        elif argument.name not in {"input", "instructions", "reasoning"}:
            if there != argument.name:
                edits.rename(site, argument, there, reason)
            value = items.nested(argument.value)
            arguments.append(replace(argument, name=there, value=value))
    kept = tuple(one for one in facts.body.items if not (one.of in _FORMAT and is_plain(facts)))
    body = replace(facts.body, items=kept)
    items.edit(context, site, replace(facts, body=body), reshaping.CODEMOD, reason)
    reshaping.edit_method(context, site, facts, shape, reason)
    asked = context.provider.chat_parameter(_USAGE_ASKED).action == "keep"
    if asked and read_answer(context, site, facts, shape).usage:
        edits.add(site, _USAGE_ASKED, _USAGE, reason)
    reasoning = facts.argument("reasoning")
    call = Call(context, edits, site, replace(facts, api=shape.method, arguments=tuple(arguments)))
    if reasoning is not None and not shape.asks_nothing(reasoning):
        _chat_effort(call, reasoning)
    chat.plan(call)
    call.note("responses-chat", parameter, wanted=parameter.name)
    for argument in facts.arguments:
        if argument in gone and _is_missed(argument):
            why = context.provider.chat_parameter(argument.name)
            call.note("parameter-dropped", why, name=argument.name)
    if any(one.entry("verbosity") is not None for one in facts.body.of("text")):
        why = context.provider.chat_parameter("verbosity")
        call.note("parameter-dropped", why, name="verbosity")


def _named_there(context: Context, name: str) -> str:
    """What an argument is called in a chat request of the provider."""
    if name not in RENAMED:
        return name
    parameter = context.provider.chat_parameter(RENAMED[name])
    renamed = parameter.name_there if parameter.action == "rename" else None
    return renamed or RENAMED[name]


def _goes(facts: CallFacts, shape: ToChat, argument: Argument) -> bool:
    """Whether a chat request does without an argument."""
    if shape.asks_nothing(argument) or argument.name in IDLE:
        return True
    if argument.name == "parallel_tool_calls":
        return facts.argument("tools") is None  # it is refused without any
    return argument.name == "text" and is_plain(facts)


def _is_missed(argument: Argument) -> bool:
    """Whether an argument that goes asked for something."""
    match argument.name:
        case "include":
            return argument.value not in (None, [])
        case "truncation":
            return argument.value not in (None, "disabled")
    return False


def _messages(
    context: Context, edits: ArgumentEdits, site: Site, facts: CallFacts, reason: str
) -> None:
    said = facts.argument("instructions")
    told = said is not None and said.value is not None
    for given in facts.arguments:
        if given.name != "input":
            continue
        one = is_one_text(context, facts, given)
        if said is None or not told:
            if one:
                edits.compose(site, (given,), "messages", f"[{_TEXT}]", reason)
            else:
                edits.rename(site, given, "messages", reason)
            continue
        first = _MAYBE if "instructions" in facts.body.optional else _SYSTEM
        rest = _TEXT if one else "*input"
        edits.compose(site, (said, given), "messages", f"[{first}, {rest}]", reason)


def _chat_effort(call: Call, reasoning: Argument) -> None:
    parameter = call.chat_parameter("reasoning_effort")
    source = effort_of(reasoning) or ""
    effort = source.strip('"') if source.startswith('"') else UNKNOWN
    words = {call.provider.efforts(model) for model in call.chosen}
    known = next(iter(words)) if len(words) == 1 else ()
    new = efforts.nearest(effort, known) if isinstance(effort, str) else source
    reason = f"reasoning: {parameter.detail}"
    if not known or new is None:
        if call.edits.drop(call.site, reasoning, reason):
            call.note("parameter-dropped", parameter, name="reasoning")
        return
    put = f'"{new}"' if isinstance(effort, str) else source
    call.edits.replace(call.site, reasoning, put, reason)
    call.edits.rename(call.site, reasoning, "reasoning_effort", reason)
    if effort is UNKNOWN:
        call.note("parameter-range", parameter, name="reasoning_effort", range=listed(known))
    elif new != effort:
        call.note("parameter-changed", parameter, name="effort", value=effort, new=new)
