"""Whether a call of the Responses API can be said as a chat request, argument by argument."""

from __future__ import annotations

import ast
from typing import NamedTuple

from migrator.analysis.sites import UNKNOWN, Argument, CallFacts, Item, Site
from migrator.language import _, marked
from migrator.planning.arguments import is_own, is_text
from migrator.planning.context import Context
from migrator.planning.reshaping import function_calls
from migrator.planning.reshaping.items import are_sayable, formless
from migrator.planning.reshaping.knowledge import ToChat

# What a chat request calls an argument of the same meaning.
RENAMED = {"max_output_tokens": "max_completion_tokens", "text_format": "response_format"}
_SAME = frozenset(
    {
        "model",
        "stream",
        "temperature",
        "top_p",
        "metadata",
        "user",
        "service_tier",
        "safety_identifier",
    }
    | {"prompt_cache_key", "prompt_cache_retention", "prompt_cache_options", "moderation"}
    | {"parallel_tool_calls", "extra_headers", "extra_query", "extra_body", "timeout"}
)
_LEADING = frozenset({"system", "developer"})
# What asks for nothing that a chat request could do or leave.
IDLE = frozenset({"store", "truncation", "include", "stream_options"})
_SHAPED = frozenset(
    {"input", "instructions", "text", "reasoning", "tools", "tool_choice", *RENAMED}
)
_MESSAGE = ("choices", "message")
_CALL, _RESULT = "function_call", "function_call_output"
_CHOICES = frozenset({"auto", "none", "required"})
_NOT_SO = {
    "instructions": marked("`instructions` may be None, or stand apart from the input"),
    "reasoning": marked("`reasoning` names no effort that is known"),
}
# The kinds of dictionaries that an argument is made of.
_MADE_OF = {
    "input": ("input", "content"),
    "text": ("text", "format"),
    "tools": ("tools",),
    "tool_choice": ("tool_choice",),
}


class Unsayable(NamedTuple):
    """What of a call a chat request cannot say, and why not."""

    name: str
    reason: str


def unsayable(context: Context, site: Site, facts: CallFacts, shape: ToChat) -> Unsayable | None:
    """The first argument that a chat request cannot say; None where it can say all of them."""
    for argument in facts.arguments:
        if not _is_sayable(context, site, facts, shape, argument):
            return Unsayable(argument.name, _reason(site, facts, argument))
    if facts.complete and facts.argument("input") is not None:
        return None
    return Unsayable("input", _("what else this call is given could not be followed"))


def _reason(site: Site, facts: CallFacts, argument: Argument) -> str:
    """Why a chat request cannot say an argument, for people to read."""
    name = argument.name
    if argument.read and name not in _SAME:
        return _("the program looks `{name}` up by this name", name=name)
    if name not in _SHAPED:
        return _("a chat request has no `{name}`", name=name)
    if not is_own(site, argument):
        return _("`{name}` is not written for this call alone", name=name)
    if places := formless(facts, *_MADE_OF.get(name, ())):
        return _("a chat request has no form for what is made at {places}", places=places)
    if name == "tools" and _are_loose(facts):
        return _("the answer is parsed, so the tools have to be strict functions")
    if name in _NOT_SO:
        return _(_NOT_SO[name])
    return _("not all that `{name}` may hold could be followed", name=name)


def _is_sayable(
    context: Context, site: Site, facts: CallFacts, shape: ToChat, argument: Argument
) -> bool:
    """Whether a chat request can say what an argument says."""
    if argument.read and argument.name not in _SAME:
        return False  # the program would look for it in vain
    if shape.asks_nothing(argument) or argument.name in {*_SAME, *IDLE}:
        return True
    if argument.name not in _SHAPED or not is_own(site, argument):
        return False
    match argument.name:
        case "input":
            return _is_input(context, facts, argument)
        case "instructions":
            return _is_beside_the_input(facts, argument)
        case "text":
            return is_plain(facts) or _is_format(facts)
        case "reasoning":
            return effort_of(argument) is not None
        case "tools":
            return _are_functions(facts)
        case "tool_choice":
            value = argument.value
            return (isinstance(value, str) and value in _CHOICES) or _is_forced(facts, argument)
    return True


# -- the input ------------------------------------------------------------------------------------


def is_one_text(context: Context, facts: CallFacts, argument: Argument) -> bool:
    """Whether the input is sure to be one string."""
    return "single_input" in facts.features or is_text(context, argument)


def _is_input(context: Context, facts: CallFacts, argument: Argument) -> bool:
    return is_one_text(context, facts, argument) or _is_messages(context, facts)


def _is_messages(context: Context, facts: CallFacts) -> bool:
    """Whether the input is a list of what a chat request has messages for, and nothing else."""
    body = facts.body
    listed = "list_input" in facts.features and not body.as_text and "input" not in body.optional
    late = facts.argument("instructions") is not None and _LEADING & {
        one.value for one in facts.roles
    }
    fed = all(_is_fed(context, site_id, path) for site_id, path in body.answers)
    asked = bool(body.answers) or any(_type_of(one) == _CALL for one in body.of("input"))
    answered = any(_type_of(one) == _RESULT for one in body.of("input"))
    whole = fed and (asked or not answered)  # a result follows the call that it is of
    return listed and not late and whole and are_sayable(facts, *_MADE_OF["input"])


def _is_fed(context: Context, site_id: str, path: tuple[str, ...]) -> bool:
    """Whether a part of an answer that is sent again is one that a chat request takes."""
    other = context.call(site_id)
    if other is None:
        return False
    if path[:1] == ("output",):
        return len(path) < 3 and function_calls.sends_back(context, other)
    return (path[:1], path[2:]) == (_MESSAGE[:1], _MESSAGE[1:])


def _is_beside_the_input(facts: CallFacts, argument: Argument) -> bool:
    """Whether one message can be made of the instructions, in front of the input."""
    if argument.value is None:
        return True
    inputs = [one for one in facts.arguments if one.name == "input"]
    alone = sum(one.name == "instructions" for one in facts.arguments) == len(inputs) == 1
    beside = alone and inputs[0].container == argument.container
    return beside and ("instructions" not in facts.body.optional or argument.spelled.isidentifier())


# -- formats, tools, reasoning --------------------------------------------------------------------


def is_plain(facts: CallFacts) -> bool:
    """Whether `text` asks for no format: for plain text, at whatever length."""
    if "text" not in facts.body.traced:
        return False
    asking = [one for one in facts.body.of("text") if one.entry("format") is not None]
    plain = all(_type_of(one) == "text" for one in facts.body.of("format"))
    return not asking or (plain and "format" in facts.body.traced)


def _is_format(facts: CallFacts) -> bool:
    """Whether `text` asks for JSON, or for what keeps to a schema, in a way that is known."""
    known = not {"text", "format"} & facts.body.optional
    return known and bool(facts.body.of("format")) and are_sayable(facts, *_MADE_OF["text"])


def _type_of(item: Item) -> object:
    kind = item.entry("type")
    return kind.value if kind is not None else None


def _are_functions(facts: CallFacts) -> bool:
    """Whether the tools are functions that a chat request takes."""
    tools = facts.body.of("tools")
    return bool(tools) and not _are_loose(facts) and are_sayable(facts, *_MADE_OF["tools"])


def _are_loose(facts: CallFacts) -> bool:
    """Whether tools of a call are not strict, as the helper that parses answers wants them."""
    strict = (one.entry("strict") for one in facts.body.of("tools"))
    return facts.api.endswith(".parse") and not all(one and one.value is True for one in strict)


def _is_forced(facts: CallFacts, argument: Argument) -> bool:
    chosen = facts.body.of("tool_choice")
    return (
        bool(chosen) and argument.value is not None and are_sayable(facts, *_MADE_OF["tool_choice"])
    )


def effort_of(argument: Argument) -> str | None:
    """The source of the effort that a `reasoning` asks for; None where it cannot be told.

    What it asks for of a summary a chat request does not give.
    """
    value = argument.value
    if isinstance(value, dict) and value.keys() <= {"effort", "summary", "generate_summary"}:
        effort = value.get("effort")
        if isinstance(effort, str):
            return f'"{effort}"'
        return _written(argument, "effort") if effort is UNKNOWN else None
    return None


def _written(argument: Argument, name: str) -> str | None:
    """The source of an entry of a dict display."""
    try:
        display = ast.parse(argument.spelled.strip(), mode="eval").body
    except SyntaxError:
        return None
    for key, value in (
        zip(display.keys, display.values, strict=True) if isinstance(display, ast.Dict) else ()
    ):
        if isinstance(key, ast.Constant) and key.value == name:
            return ast.get_source_segment(argument.spelled.strip(), value)
    return None
