"""Speech and pictures: calls that become other requests, by a module of theirs.

Pictures are only drawn so where the SDK in use has no method that reaches the model.
"""

from __future__ import annotations

import re

from migrator.analysis.sites import UNKNOWN, Argument, CallFacts
from migrator.language import _, listed
from migrator.planning import chat, unnamed
from migrator.planning.adapters import Adapters, pictures, speech
from migrator.planning.arguments import ArgumentEdits
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.images import ask_for_data, decide_argument, usual_model
from migrator.planning.media import (
    EDITS,
    IMAGES,
    SPEECH,
    STREAMED,
    by_path,
    is_served,
    is_shaped,
    wants_data,
)
from migrator.providers import Parameter

_FORMAT = "response_format"
_VOICE = "voice"
_WAVE = "wav"
_WAV = frozenset({_WAVE, "pcm"})


def decide(context: Context) -> None:
    """Plan the edits and notes of every moved call that becomes a native request."""
    edits, adapters = ArgumentEdits(context, "parameters"), Adapters(context)
    for site, facts in context.calls():
        if site.id not in context.moved_calls or not is_shaped(context, facts):
            continue
        if is_served(context, facts):
            continue
        call = Call(context, edits, site, facts)
        if facts.api == SPEECH:
            _speak(call, adapters)
        elif facts.api == EDITS and context.provider.drawn_edits is not None:
            _edit_by_drawing(call, adapters)
        elif facts.api == EDITS:
            _edit(call, adapters)
        elif facts.api == IMAGES and by_path(context, site, facts):
            _draw(call, adapters)
    edits.finish()
    adapters.finish()


def _method(facts: CallFacts) -> str:
    """The path of the method as it is called on a client, `with_streaming_response` in it."""
    owner, _unused, name = facts.api.rpartition(".")
    return ".".join(part for part in (owner, facts.raw, name) if part)


# -- speech ---------------------------------------------------------------------------------------


def _speak(call: Call, adapters: Adapters) -> None:
    for argument in call.facts.arguments:
        parameter = call.provider.parameter(SPEECH, argument.name)
        if parameter.action == "drop":
            chat.drop(call, argument, parameter)
    streamed = call.facts.raw == STREAMED
    function = speech.CREATE
    if call.facts.asynchronous:
        function = speech.STREAM_LATER if streamed else speech.CREATE_LATER
    sound = call.provider.parameter(SPEECH, _FORMAT)
    why = _("speech is asked for by the provider's own interface: {detail}", detail=sound.detail)
    adapters.call(call.site, "speech", _method(call.facts), function, why)
    wanted = call.facts.argument(_FORMAT)
    if wanted is None or wanted.value not in _WAV:
        call.note("speech-format", sound, format=_WAVE)
    voices = call.provider.voices
    voice = call.facts.argument(_VOICE)
    chosen = voices.table.get(str(voice.value)) if voice is not None else None
    said = (
        _("`{value}` becomes `{chosen}`", value=voice.value, chosen=chosen)
        if voice and chosen
        else _("voices become others")
    )
    names = listed(voices.names)
    call.say("speech-voice", voices.detail, voices.sources, said=said, names=names)
    unnamed.tell(call)


# -- edits of pictures ----------------------------------------------------------------------------


def _edit(call: Call, adapters: Adapters) -> None:
    for argument in call.facts.arguments:
        _argument(call, argument)
    usual_model(call)
    links = call.provider.parameter(EDITS, _FORMAT)
    why = _("pictures are edited by the provider's own interface: {detail}", detail=links.detail)
    function = pictures.EDIT_LATER if call.facts.asynchronous else pictures.EDIT
    adapters.call(call.site, "pictures", _method(call.facts), function, why)
    _links(call, links)


def _draw(call: Call, adapters: Adapters) -> None:
    links = call.provider.parameter(IMAGES, _FORMAT)
    why = _("pictures are asked for by the provider's own interface: {detail}", detail=links.detail)
    function = pictures.DRAW_LATER if call.facts.asynchronous else pictures.DRAW
    adapters.call(call.site, "pictures", _method(call.facts), function, why)
    _links(call, links)


def _links(call: Call, links: Parameter) -> None:
    """Links are answered: where the program wants the data, it is fetched."""
    wanted = call.facts.argument(_FORMAT)
    if wanted is not None:
        call.edits.drop(call.site, wanted, f"{_FORMAT}: {links.detail}")
    if wants_data(call.context, call.facts):
        why = _("the program reads the data of pictures")
        call.edits.add(call.site, pictures.WITH_DATA, "True", why)
        call.note("picture-data", links)
    else:
        call.note("picture-links", links)


def _edit_by_drawing(call: Call, adapters: Adapters) -> None:
    for argument in call.facts.arguments:
        decide_argument(call, argument)
    usual_model(call)
    links = call.provider.parameter(EDITS, _FORMAT)
    function = pictures.EDIT_LATER if call.facts.asynchronous else pictures.EDIT
    drawn = call.provider.drawn_edits
    assert drawn is not None, "only then it is asked for"
    why = f"image: {drawn.detail}"
    adapters.call(call.site, "edits", _method(call.facts), function, why)
    if not ask_for_data(call):
        call.note("picture-links", links)


def _argument(call: Call, argument: Argument) -> None:
    parameter = call.provider.parameter(EDITS, argument.name)
    if parameter.action == "drop":
        chat.drop(call, argument, parameter)
    elif argument.value is UNKNOWN and parameter.minimum is not None:
        call.note("parameter-range", parameter, name=argument.name, range=parameter.range_text)
    elif argument.value not in (UNKNOWN, None) and not _matches(parameter, argument.value):
        chat.drop(call, argument, parameter)


def _matches(parameter: Parameter, value: object) -> bool:
    return not parameter.matches or re.fullmatch(parameter.matches, str(value)) is not None
