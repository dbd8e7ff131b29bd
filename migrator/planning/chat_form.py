"""Whether a call of the Responses API can be said as a chat request, argument by argument."""

from __future__ import annotations

import ast

from migrator.analysis.sites import Argument, CallFacts, Place, Site
from migrator.planning.arguments import is_text
from migrator.planning.context import Context
from migrator.planning.to_chat import ToChat

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
    | {"extra_headers", "extra_query", "extra_body", "timeout"}
)
_LEADING = frozenset({"system", "developer"})
IDLE = frozenset({"store", "truncation", "include", "parallel_tool_calls", "stream_options"})
_SHAPED = frozenset({"input", "instructions", "text", "reasoning", *RENAMED})


def unsayable(context: Context, site: Site, facts: CallFacts, shape: ToChat) -> str:
    """The first argument that a chat request cannot say; empty where it can say all of them."""
    for argument in facts.arguments:
        if not _is_sayable(context, site, facts, shape, argument):
            return argument.name
    return "" if facts.complete and facts.argument("input") is not None else "input"


def why_unsayable(facts: CallFacts, here: Place, name: str) -> str:
    """What stands in the way of saying an argument in a chat request, for people to read."""
    argument = facts.argument(name)
    if argument is None:
        return "some of its arguments are only known at run time"
    if name not in _SHAPED:
        return f"a chat request has nothing like `{name}`"
    if argument.container != here:
        where = f"{argument.place.path}:{argument.place.span.line}"
        return f"`{name}` is not written in the call, but at {where}"
    return {
        "input": "`input` is neither one text nor a list of plain messages, as far as can be told",
        "text": "the format in `text` is not written in the call",
        "reasoning": "the effort in `reasoning` is not written in the call, or not alone",
    }.get(name, f"`{name}` could not be said in one")


def _is_sayable(
    context: Context, site: Site, facts: CallFacts, shape: ToChat, argument: Argument
) -> bool:
    """Whether a chat request can say what an argument says."""
    if shape.asks_nothing(argument) or argument.name in {*_SAME, *IDLE}:
        return True
    if argument.name not in _SHAPED or argument.container != Place(site.path, site.span):
        return False
    match argument.name:
        case "input":
            return _is_one_text(context, facts, argument) or _is_messages(facts, argument)
        case "text":
            return response_format(argument.spelled) is not None
        case "reasoning":
            return effort_of(argument) is not None
    return True


def _is_one_text(context: Context, facts: CallFacts, argument: Argument) -> bool:
    return "single_input" in facts.features or is_text(context, argument)


def _is_messages(facts: CallFacts, argument: Argument) -> bool:
    """Whether the input is a list of plain messages, written in the call."""
    plain = isinstance(argument.value, list) and "parts" not in facts.features
    late = facts.argument("instructions") is not None and _LEADING & {
        one.value for one in facts.roles
    }
    return (
        plain
        and not late
        and all(isinstance(one, dict) and set(one) == {"role", "content"} for one in argument.value)
    )


def effort_of(argument: Argument) -> str | None:
    """The effort that a `reasoning` of nothing else asks for."""
    value = argument.value
    effort = value.get("effort") if isinstance(value, dict) and len(value) == 1 else None
    return effort if isinstance(effort, str) else None


def response_format(text: str) -> str | None:
    """The source of chat's `response_format` for that of `text`; None where it cannot be told.

    Empty where plain text is asked for, at whatever length.
    """
    written = text.strip()
    try:
        named = _entries(ast.parse(written, mode="eval").body)
    except SyntaxError:  # an operation over lines, which the brackets of the call hold together
        return None
    if named is None or not named.keys() <= {"format", "verbosity"}:
        return None
    form = named.get("format")
    entries = _entries(form) if form is not None else {}
    if form is None or entries is None:
        return "" if form is None else None
    kind = entries.pop("type", None)
    match kind:
        case ast.Constant(value="text"):
            return ""
        case ast.Constant(value="json_object"):
            return ast.get_source_segment(written, form)
        case ast.Constant(value="json_schema"):
            rest = ", ".join(f'"{name}": {ast.unparse(one)}' for name, one in entries.items())
            return f'{{"type": "json_schema", "json_schema": {{{rest}}}}}'
    return None


def _entries(node: ast.expr) -> dict[str, ast.expr] | None:
    """The entries of a dict display whose keys are plain strings; None for anything else."""
    if not isinstance(node, ast.Dict):
        return None
    pairs = zip(node.keys, node.values, strict=True)
    found = {
        key.value: value
        for key, value in pairs
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
    return found if len(found) == len(node.keys) else None
