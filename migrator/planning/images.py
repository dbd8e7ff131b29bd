"""Pictures: the parameters of the request, and their data where links are answered."""

from __future__ import annotations

import re

from migrator.analysis.sites import UNKNOWN, Argument
from migrator.edits import Edit, PictureData
from migrator.language import _, listed
from migrator.planning import chat, models, unnamed
from migrator.planning import facts as knowledge
from migrator.planning.arguments import ArgumentEdits
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.media import DATA, IMAGES, by_path, is_shaped, wants_data
from migrator.providers import Parameter

_FORMAT = "response_format"
_SIZE = "size"


def decide(context: Context) -> None:
    """Plan the edits and notes of every moved call that draws pictures."""
    edits = ArgumentEdits(context, "parameters")
    for site, facts in context.calls():
        if site.id not in context.moved_calls or facts.api != IMAGES:
            continue
        call = Call(context, edits, site, facts)
        if not is_shaped(context, facts):
            usual_model(call)
            continue
        _parameters(call)
        if not by_path(context, site, facts):  # which native.py goes on with
            _answers(call)
    edits.finish()


def _parameters(call: Call) -> None:
    for argument in call.facts.arguments:
        decide_argument(call, argument)
    usual_model(call)
    _usual_values(call)
    if call.facts.raw:
        call.say(
            "raw-response", _("header names such as x-ratelimit-remaining-requests are OpenAI's")
        )


def decide_argument(call: Call, argument: Argument) -> None:
    """Plan what becomes of an argument of a call that draws pictures, or edits them."""
    parameter = call.provider.parameter(call.facts.api, argument.name)
    value, there = argument.value, dict(parameter.values_there)
    if parameter.goes(argument.value):
        chat.drop(call, argument, parameter)
    elif value is UNKNOWN:
        _tell_range(call, argument, parameter)
        _move(call, argument, parameter)
    elif str(value) in there:
        _replace(call, argument, parameter, there[str(value)])
    elif parameter.matches and not _fits(call, parameter, str(value)):
        _refit(call, argument, parameter)
    else:
        if parameter.matches and not (there or parameter.is_ranged) and argument.name == _SIZE:
            call.note("picture-size", parameter, size=value)
        _move(call, argument, parameter)


def _move(call: Call, argument: Argument, parameter: Parameter) -> None:
    """Some parameters have other names there, which the SDK does not know."""
    if parameter.action == "extra_body":
        chat.move(call, argument, parameter)


def _replace(call: Call, argument: Argument, parameter: Parameter, new: str) -> None:
    reason = f"{argument.name}: {parameter.detail}"
    if call.edits.replace(call.site, argument, f'"{new}"', reason):
        details = {"name": argument.name, "value": argument.value, "new": new}
        call.note("parameter-changed", parameter, **details)


def _refit(call: Call, argument: Argument, parameter: Parameter) -> None:
    """The nearest size that is taken; what is no size, or no word of the provider's, goes."""
    size = str(argument.value)
    if parameter.is_ranged and re.fullmatch(parameter.matches, size):
        _replace(call, argument, parameter, parameter.nearest_size(size))
    else:
        chat.drop(call, argument, parameter)


def _tell_range(call: Call, argument: Argument, parameter: Parameter) -> None:
    """Say what a value may be that is only known at run time."""
    words = parameter.values or tuple(dict.fromkeys(new for _, new in parameter.values_there))
    if argument.name != _FORMAT or DATA not in words:
        said = listed(words) or (parameter.range_text if parameter.is_ranged else "")
        if said:
            call.note("parameter-range", parameter, name=argument.name, range=said)


def _fits(call: Call, parameter: Parameter, size: str) -> bool:
    """Whether a size is written as the provider has it, and not too small for it."""
    rule = call.provider.rules.get("image-area")
    sides = re.fullmatch(r"([0-9]+)x([0-9]+)", size)
    area = int(sides[1]) * int(sides[2]) if sides else None
    small = rule is not None and area is not None and area < (rule.minimum or 0)
    return parameter.fits(size) and not small


def usual_model(call: Call) -> None:
    """Name a model where none is: OpenAI takes a usual one, and the provider none."""
    if call.facts.models:
        return
    choice = models.choose(call.context, knowledge.default_image_model())
    if call.facts.argument("model") is None and call.facts.complete and choice.model:
        why = _("model: where none is named, OpenAI takes {model}", model=choice.openai)
        call.edits.add(call.site, "model", f'"{choice.model}"', why)
    else:
        unnamed.tell(call)


def _usual_values(call: Call) -> None:
    """Say what the provider takes otherwise than OpenAI where nothing is said."""
    for name in call.provider.parameters_of(IMAGES):
        parameter = call.provider.parameter(IMAGES, name)
        value = parameter.default_here
        if value is None or call.facts.argument(name) is not None:
            continue
        reason = f"{name}: {parameter.detail}"
        if name not in call.provider.own_parameters:
            _add(call, name, value, parameter)
        elif not call.edits.extra_body(call.site, call.facts, name, value, reason):
            call.note("argument-to-add", parameter, added=f'extra_body={{"{name}": {value}}}')


def _add(call: Call, name: str, value: str, parameter: Parameter) -> None:
    if call.facts.complete:
        call.edits.add(call.site, name, value, f"{name}: {parameter.detail}")
    else:
        call.note("argument-to-add", parameter, added=f"{name}={value}")


def ask_for_data(call: Call) -> bool:
    """Ask for the data of pictures where the program wants it; False where it is not answered."""
    parameter = call.provider.parameter(call.facts.api, _FORMAT)
    answered = DATA in parameter.values and wants_data(call.context, call.facts)
    if answered and call.facts.argument(_FORMAT) is None:
        _add(call, _FORMAT, f'"{DATA}"', parameter)
    return answered


def _answers(call: Call) -> None:
    """Where the program wants the data, it is asked for, or fetched where links are answered."""
    parameter = call.provider.parameter(IMAGES, _FORMAT)
    wanted, elsewhere = call.facts.argument(_FORMAT), call.provider.pictures
    data = not call.facts.raw and wants_data(call.context, call.facts)
    if data and ask_for_data(call):
        return
    call.note("picture-data" if data else "picture-links", parameter)
    if call.facts.raw or not (data or elsewhere):
        return
    if data and wanted is not None and parameter.action != "drop":
        call.edits.drop(call.site, wanted, f"{_FORMAT}: {parameter.detail}")
    field = elsewhere.path[0] if elsewhere else ""
    instruction = PictureData(call.facts.asynchronous, field, data)
    why = elsewhere.detail if elsewhere else parameter.detail
    why = (
        _("the program reads the data of pictures: {why}", why=why)
        if data
        else _("the program reads the links of pictures: {why}", why=why)
    )
    edit = Edit(call.site.path, call.site.span, "picture-data", instruction, (call.site.id,), why)
    call.context.edit(edit)
