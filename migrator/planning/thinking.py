"""Thinking: what did not reason does not start to, what reasoned goes on."""

from __future__ import annotations

from collections.abc import Sequence

from migrator.analysis import surface
from migrator.language import _
from migrator.planning import syntax
from migrator.planning.calls import Call
from migrator.providers import ThinkingSwitch

_SMALL = 2000
_LIMITS = ("max_tokens", "max_completion_tokens")


def decide(call: Call) -> None:
    """Switch thinking off where it would be new, and name the limits that it may use up."""
    plain = [new for old, new in call.pairs if not surface.is_reasoning(old)]
    switches = {new: call.provider.thinking_off(new) for new in plain}
    never_off = [new for new, switch in switches.items() if switch is not None and switch.least]
    if never_off:
        call.note("thinking-always", call.provider.thinking, model=never_off[0])
    if any(switches.values()):
        if call.reasons or not _switch_off(call, switches):
            _tell_unknown(call, never_off)
        elif not call.facts.model_known and not never_off:
            call.note("thinking-switched", call.provider.thinking)
    elif not call.facts.model_known:
        _tell_unknown(call)
    if call.reasons:
        _keep_on(call)
    if call.thinks and not (len(never_off) == len(call.chosen) and _give_room(call)):
        _small_limits(call)
    _split_off(call)


def _split_off(call: Call) -> None:
    """Keep the thoughts of a model that goes on thinking out of the text of its answers."""
    switch = call.provider.split_switch
    thinking = call.thinks or any(
        model.thinks and call.provider.thinking_off(model.id) is None for model in call.targets
    )
    if switch is None or not (thinking or not call.facts.model_known):
        return
    for key, source in switch.extra_body:
        if _is_sent(call, key):
            continue
        fact = call.provider.split
        if not call.edits.extra_body(call.site, call.facts, key, source, fact.text):
            call.note("argument-to-add", fact, added=f"{key}={source}")


def _is_sent(call: Call, key: str) -> bool:
    """Whether the call's `extra_body` is a display that has a key."""
    given = call.facts.argument("extra_body")
    return given is not None and syntax.has_key(call.expression(given), key)


def _tell_unknown(call: Call, never_off: Sequence[str] = ()) -> None:
    """Say what a person may have to add; what always thinks was told of."""
    if call.facts.model_known and len(never_off) == len(call.chosen):
        return
    where = _("in the JSON that is sent") if call.facts.is_json else _("in `extra_body`")
    switch = call.provider.off_switch(call.chosen[0] if call.chosen else "")
    call.note("thinking-unknown", call.provider.thinking, where=where, switch=switch.written)


def _switch_off(call: Call, switches: dict[str, ThinkingSwitch | None]) -> bool:
    """Switch thinking off, if every model that can reach the call takes the same switch."""
    if any(switch is None and not _takes_switch(call, new) for new, switch in switches.items()):
        return False
    needed = [switch for switch in switches.values() if switch is not None]
    kinds = {(switch.extra_body, switch.parameters) for switch in needed}
    if len(kinds) != 1:
        return False
    extra_body, parameters = next(iter(kinds))
    reason = _("the model did not reason; {text}", text=call.provider.thinking.text)
    for key, source in extra_body:
        if call.facts.argument(key) is not None:
            continue  # the call says it itself
        if not call.edits.extra_body(call.site, call.facts, key, source, reason):
            return False
    for name, source in parameters:
        if call.facts.argument(name) is None:
            call.edits.add(call.site, name, source, reason)
    for new, switch in switches.items():
        if switch is not None and switch.contested:
            why = call.provider.thinking.text
            call.say("thinking-contested", why, switch.sources, model=new)
    return True


def _keep_on(call: Call) -> None:
    """Switch thinking on where the model that took the place of one that reasons asks for it."""
    models_here = {new for old, new in call.pairs if surface.is_reasoning(old)}
    dull = [
        known
        for new in sorted(models_here)
        if (known := call.provider.model(new)) is not None
        and (known.default_unsaid or not known.thinks)
    ]
    switch = call.provider.thinking_on(dull[0].id) if dull else None
    if not dull:
        return
    if switch is None or len(call.chosen) > 1 or _refuses_thinking(call):
        call.note("thinking-lost", call.provider.thinking, model=dull[0].id)
        return
    for key, source in switch.extra_body:
        reason = _("the model reasoned; {text}", text=call.provider.thinking.text)
        call.edits.extra_body(call.site, call.facts, key, source, reason)


def _refuses_thinking(call: Call) -> bool:
    """Whether the call asks for what is refused while a model thinks."""
    rules = call.provider.rules
    asks = {"json_object", "json_schema"} & call.facts.features
    answers = call.facts.argument("n")
    several = answers is not None and answers.value != 1
    return bool(asks and "json-while-thinking" in rules) or (
        several and "choices-while-thinking" in rules
    )


def _takes_switch(call: Call, model_id: str) -> bool:
    """Whether a model that does not think by default knows the switch all the same."""
    model = call.provider.model(model_id)
    return model is not None and model.thinking == "hybrid"


def _give_room(call: Call) -> bool:
    """Where thinking is new and cannot be switched off, a small limit leaves no answer.

    False where the provider does not say how much room thinking needs.
    """
    room = call.provider.thinking_room
    for name in _LIMITS if room else ():
        argument = call.facts.argument(name)
        value = argument.value if argument is not None else None
        if argument is None or not isinstance(value, int) or value >= room:
            continue
        parameter = call.chat_parameter(name)
        if call.edits.replace(call.site, argument, str(room), f"{name}: {parameter.detail}"):
            call.note("thinking-room", parameter, name=name, value=value, new=room)
    return room > 0


def _small_limits(call: Call) -> None:
    for name in _LIMITS:
        argument = call.facts.argument(name)
        if argument is not None and isinstance(argument.value, int) and argument.value < _SMALL:
            call.note("thinking-tokens", call.chat_parameter(name), name=name)
