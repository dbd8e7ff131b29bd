"""Chat calls: the parameters of the request, wherever each is written."""

from __future__ import annotations

import ast
from collections.abc import Callable

from migrator.analysis.sites import UNKNOWN, Argument, Place
from migrator.language import _, listed
from migrator.planning import (
    efforts,
    frameworks,
    functions,
    prompts,
    raw_http,
    stops,
    syntax,
    thinking,
    tool_turns,
    tools,
    unnamed,
)
from migrator.planning.arguments import ArgumentEdits, ToldChanges
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.families import CHAT
from migrator.planning.frameworks import imposed
from migrator.planning.messages import item
from migrator.providers import Parameter

# Planned by a module of their own, or never a parameter of the request.
_ELSEWHERE = frozenset(
    {"messages", "model", "stream", "response_format", "tool_choice", "max_retries"}
)
_ANSWERS = "n"  # how many answers: another number is another program
_LIMITS = ("max_tokens", "max_completion_tokens")
_PROBABILITIES = frozenset({"logprobs", "top_logprobs"})
# What stands for a parameter that is not given.
_NOT_GIVEN = ("NOT_GIVEN", "NotGiven", "omit", "Omit")


def decide(context: Context) -> None:
    """Plan the edits and notes of every moved chat call."""
    edits, told = ArgumentEdits(context, "parameters"), ToldChanges(context, "parameters")
    for site, facts in context.calls():
        if site.id in context.moved_calls and facts.api in CHAT and frameworks.asks(facts):
            shared = facts.foreign or (facts.http is not None and raw_http.others(facts.http))
            plan(Call(context, told if shared else edits, site, facts))
            edits.settle(site, facts)
    edits.finish()


def plan(call: Call) -> None:
    """Plan the parameters of one call, which may be one that becomes a chat request."""
    old_form = functions.is_given(call) and functions.decide(call)
    for argument in call.facts.arguments:
        if old_form and argument.name in functions.NAMES:
            continue
        if argument.name not in _ELSEWHERE and not _is_not_given(argument):
            _parameter(call, argument)
    _extras(call)
    _limits(call)
    _usual_limit(call)
    tools.decide(call)
    prompts.decide(call)
    tool_turns.decide(call)
    imposed.tell(call)
    thinking.decide(call)
    _streaming(call)
    _usage_so_far(call)
    _told(call)


def _is_not_given(argument: Argument) -> bool:
    return argument.spelled.rpartition(".")[2].removesuffix("()") in _NOT_GIVEN


# -- plain parameters ------------------------------------------------------------------------------


def _parameter(call: Call, argument: Argument) -> None:
    parameter = call.chat_parameter(argument.name)
    handlers: dict[str, Callable[[Call, Argument, Parameter], None]] = {
        "drop": drop,
        "clamp": clamp,
        "extra_body": move,
        "rename": _rename,
        "reject": _reject,
    }
    if argument.name in _PROBABILITIES and argument.value and parameter.action != "reject":
        _logprobs(call, parameter)
    tell_kept(call, parameter)
    if argument.name == stops.NAME:
        stops.decide(call, argument, parameter)
    if argument.name == "reasoning_effort":
        _effort(call, argument, parameter)
    elif parameter.action in handlers:
        handlers[parameter.action](call, argument, parameter)
    elif parameter.values and argument.value is not None:
        _one_of(call, argument, parameter)


def tell_kept(call: Call, parameter: Parameter) -> None:
    """A parameter that nobody documents and that stays by the rule of the profile."""
    if parameter.verdict == "unknown" and parameter.action == "keep":
        call.note("parameter-unknown", parameter, name=parameter.name)


def drop(call: Call, argument: Argument, parameter: Parameter) -> None:
    """Take a parameter away, with a note; one the profile does not name at all is left.

    Where the profile names one number, that says no more than its absence, and no other goes.
    """
    if not call.provider.names_parameter(call.facts.api, argument.name):
        call.note("parameter-unknown", parameter, name=argument.name)
        return
    if parameter.has_one and argument.value is not None and not _says_nothing(parameter, argument):
        known = argument.value is not UNKNOWN
        value = argument.value if known else argument.spelled
        call.block(
            "value-refused", parameter, name=argument.name, value=value, range=parameter.range_text
        )
        return
    taken = call.edits.drop(call.site, argument, f"{argument.name}: {parameter.detail}")
    if taken and not parameter.has_one and parameter.action != "reject":  # it asked for something
        call.note("parameter-dropped", parameter, name=argument.name)


def _says_nothing(parameter: Parameter, argument: Argument) -> bool:
    value = argument.value
    return isinstance(value, int | float) and parameter.accepts(value)


def clamp(call: Call, argument: Argument, parameter: Parameter) -> None:
    """Bring a number into its range; what run time gives is told of."""
    value = argument.value
    details = {"name": argument.name, "value": value, "range": parameter.range_text}
    if value is UNKNOWN:
        call.note("parameter-range", parameter, **details)
    elif not isinstance(value, int | float) or isinstance(value, bool) or parameter.accepts(value):
        return
    elif argument.name == _ANSWERS:
        call.block("value-refused", parameter, **details)
    else:
        new = _written(parameter.nearest(value))
        reason = f"{argument.name}: {parameter.detail}"
        if call.edits.replace(call.site, argument, new, reason):
            call.note("parameter-changed", parameter, **details, new=new)


def _written(value: float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _one_of(call: Call, argument: Argument, parameter: Parameter) -> None:
    """Take a parameter away whose value is none of the provider's."""
    if argument.value is UNKNOWN:
        known = listed(parameter.values)
        call.note("parameter-range", parameter, name=argument.name, range=known)
    elif argument.value not in parameter.values:
        drop(call, argument, parameter)


def _rename(call: Call, argument: Argument, parameter: Parameter) -> None:
    there = str(parameter.name_there)
    if call.facts.argument(there) is not None:
        drop(call, argument, parameter)  # the call says it by that name already
        return
    reason = f"{argument.name}: {parameter.detail}"
    if call.edits.rename(call.site, argument, there, reason):
        call.note("parameter-renamed", parameter, name=argument.name, there=there)


def move(call: Call, argument: Argument, parameter: Parameter) -> None:
    """Send a parameter as one of the provider's own, if it can be said there."""
    if not parameter.value_there and call.facts.is_json:
        _rename(call, argument, parameter)  # what is the provider's own stands beside the rest
        return
    if not parameter.value_there and not _means_the_same(call, argument):
        drop(call, argument, parameter)
        return
    there, value = str(parameter.name_there), str(parameter.value_there or argument.spelled)
    reason = f"{argument.name}: {parameter.detail}"
    if not call.edits.extra_body(call.site, call.facts, there, value, reason):
        call.block(
            "parameter-refused",
            parameter,
            name=argument.name,
            instead=_("use `extra_body: {there}`", there=there),
        )
    elif call.edits.drop(call.site, argument, reason):
        code = "parameter-renamed" if call.facts.is_json else "parameter-moved"
        call.note(code, parameter, name=argument.name, there=there)


def _means_the_same(call: Call, argument: Argument) -> bool:
    """Whether what an argument is given can be said in the call as it is spelled."""
    here = argument.container == Place(call.site.path, call.site.span)
    return here or (argument.always and isinstance(call.expression(argument), ast.Constant))


def _reject(call: Call, argument: Argument, parameter: Parameter) -> None:
    if parameter.asks_nothing(argument.value):
        drop(call, argument, parameter)
        return
    old = argument.name in functions.NAMES
    there = parameter.name_there
    instead = _("use `{there}`", there=there) if there else _("do it in another way")
    call.block(
        "functions-deprecated" if old else "parameter-refused",
        parameter,
        name=argument.name,
        there=there,
        instead=instead,
    )


def _extras(call: Call) -> None:
    """What is written in `extra_body` goes into the request as it is."""
    given = call.facts.argument("extra_body")
    node = call.expression(given) if given is not None else None
    for key in node.keys if isinstance(node, ast.Dict) else ():
        name = key.value if isinstance(key, ast.Constant) else None
        if not isinstance(name, str) or name in call.provider.own_parameters:
            continue
        parameter = call.chat_parameter(name)
        known = call.provider.names_parameter(call.facts.api, name)
        if parameter.action != "keep" and (known or not call.provider.ignores_unknown):
            call.block("extra-refused", parameter, name=name)


# -- parameters that hang on the model -------------------------------------------------------------


def _logprobs(call: Call, parameter: Parameter) -> None:
    rule = call.provider.rules.get("logprobs-model")
    if rule is None:
        return
    refused = [new for new in call.chosen if rule.concerns(new)]
    if refused:
        call.block("logprobs-refused", parameter, model=refused[0])
    elif parameter.verdict == "partial":
        call.note("logprobs-models", parameter)


def _effort(call: Call, argument: Argument, parameter: Parameter) -> None:
    words = {call.provider.efforts(model) for model in call.chosen}
    if words == {()}:
        drop(call, argument, parameter)
    elif len(words) == 1 and not call.facts.foreign:
        efforts.tell(call, argument.name, parameter, words.pop())
    elif argument.value is not None:
        said = sorted({word for one in words for word in one}, key=efforts.strength)
        known = listed(said) or _("the words of its model")
        call.note("parameter-range", parameter, name=argument.name, range=known)


def _limits(call: Call) -> None:
    """A token limit is one that the model can keep to."""
    most = [known.max_output for known in call.targets if known.max_output]
    for name in _LIMITS:
        argument = call.facts.argument(name)
        value = argument.value if argument is not None else None
        if argument is None or not isinstance(value, int):
            continue
        parameter = call.chat_parameter(name)
        kept = _written(parameter.nearest(min([value, *most])))
        if kept == str(value):
            continue
        new = kept
        if call.edits.replace(call.site, argument, new, f"{name}: {parameter.detail}"):
            call.note("parameter-changed", parameter, name=name, value=value, new=new)


def _usual_limit(call: Call) -> None:
    """An answer that OpenAI would not cut may be cut where no limit is given."""
    parameter = call.chat_parameter(_LIMITS[0])
    given = any(call.facts.argument(name) is not None for name in _LIMITS)
    if parameter.default_there and not given and call.facts.complete:
        call.note("answer-limit", parameter, limit=parameter.default_there)


def _streaming(call: Call) -> None:
    """Some models answer only as a stream."""
    if "stream" in call.facts.features or call.facts.api.endswith(".stream"):
        return
    for model in call.targets:
        if model.stream_only:
            call.block("stream-only", call.chat_parameter("stream"), model=model.id)


def _usage_so_far(call: Call) -> None:
    """The usage of a stream, where every chunk has it: the last is the one that counts."""
    streams = call.provider.streams
    if streams is None or not call.provider.usage_throughout:
        return
    for read in call.facts.reads:
        source = call.context.sources.get(read.place.path)
        if not read.streamed or read.path != ("usage",) or read.written or source is None:
            continue
        call.note("stream-usage", streams)
        stays = syntax.assigned(source.text, read.place.span) is not None
        at_the_end = not syntax.is_of_each(source, read.base.span)
        if not (stays or at_the_end or syntax.is_test(source, read.place.span)):
            where = f"{read.place.path}:{read.place.span.line}"
            call.context.hinder(
                call.site.id,
                item("stream-usage-taken", call.site, streams.text, streams.sources, where=where),
            )


# -- what is left to say ---------------------------------------------------------------------------


def _told(call: Call) -> None:
    if not call.facts.complete:
        refused = [
            name
            for name in call.provider.parameter_names("chat_parameters")
            if call.chat_parameter(name).action in {"drop", "reject"}
        ]
        why = _("a mapping that is made at run time is passed to the call")
        call.say("arguments-unknown", why, names=listed(refused))
    unnamed.tell(call)
