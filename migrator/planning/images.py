"""Pictures: the parameters of the request, and their data where links are answered."""

from __future__ import annotations

import re

from migrator.analysis.sites import UNKNOWN, Argument
from migrator.edits import Edit, PictureData
from migrator.planning import chat, models, unnamed
from migrator.planning import facts as knowledge
from migrator.planning.arguments import ArgumentEdits
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.media import IMAGES, is_shaped, wants_data

_FORMAT = "response_format"


def decide(context: Context) -> None:
    """Plan the edits and notes of every moved call that draws pictures."""
    edits = ArgumentEdits(context, "parameters")
    for site, facts in context.calls():
        if site.id in context.moved_calls and facts.api == IMAGES and is_shaped(context, facts):
            call = Call(context, edits, site, facts)
            _parameters(call)
            if site.id not in context.sdk_calls:  # which native.py goes on with
                _answers(call)
    edits.finish()


def _parameters(call: Call) -> None:
    for argument in call.facts.arguments:
        _argument(call, argument)
    usual_model(call)
    if call.facts.raw:
        call.say("raw-response", "header names such as x-ratelimit-remaining-requests are OpenAI's")


def _argument(call: Call, argument: Argument) -> None:
    parameter = call.provider.parameter(IMAGES, argument.name)
    if parameter.action == "drop":
        chat.drop(call, argument, parameter)
    elif argument.value is UNKNOWN and (parameter.values or parameter.minimum is not None):
        said = ", ".join(parameter.values) or parameter.range_text
        call.note("parameter-range", parameter, name=argument.name, range=said)
    elif parameter.matches and argument.value is not UNKNOWN:
        if re.fullmatch(parameter.matches, str(argument.value)) is None:
            chat.drop(call, argument, parameter)
        else:
            call.note("picture-size", parameter, size=argument.value)


def usual_model(call: Call) -> None:
    """Name a model where none is: OpenAI takes a usual one, and the provider none."""
    if call.facts.models:
        return
    choice = models.choose(call.context, knowledge.default_image_model())
    if call.facts.argument("model") is None and call.facts.complete and choice.model:
        why = f"model: where none is named, OpenAI takes {choice.openai}"
        call.edits.add(call.site, "model", f'"{choice.model}"', why)
    else:
        unnamed.tell(call)


def _answers(call: Call) -> None:
    """Links are answered: where the program wants the data, it is fetched."""
    parameter = call.provider.parameter(IMAGES, _FORMAT)
    wanted = call.facts.argument(_FORMAT)
    if call.facts.raw or not wants_data(call.context, call.facts):
        call.note("picture-links", parameter)
        return
    if wanted is not None:
        call.edits.drop(call.site, wanted, f"{_FORMAT}: {parameter.detail}")
    instruction = PictureData(call.facts.asynchronous)
    why = f"the program reads the data of pictures: {parameter.detail}"
    edit = Edit(call.site.path, call.site.span, "picture-data", instruction, (call.site.id,), why)
    call.context.edit(edit)
    call.note("picture-data", parameter)
