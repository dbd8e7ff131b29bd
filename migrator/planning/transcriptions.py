"""Speech written down, or translated too: a chat request that holds the sound."""

from __future__ import annotations

from dataclasses import replace

from migrator.analysis.sites import UNKNOWN
from migrator.edits import Edit, Transcription
from migrator.language import _, listed
from migrator.planning import chat, unnamed
from migrator.planning.arguments import ArgumentEdits
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.media import TRANSCRIPTIONS, TRANSLATIONS, is_served, is_shaped
from migrator.planning.sdk.movement import CREATE


def decide(context: Context) -> None:
    """Plan the edits and notes of every transcription that moves."""
    edits = ArgumentEdits(context, "parameters")
    for site, facts in context.calls():
        shaped = facts.api in {TRANSCRIPTIONS, TRANSLATIONS} and is_shaped(context, facts)
        if site.id in context.moved_calls and shaped and not is_served(context, facts):
            _decide_call(Call(context, edits, site, facts))
    edits.finish()


def _decide_call(call: Call) -> None:
    provider, api = call.provider, call.facts.api
    for argument in call.facts.arguments:
        parameter = provider.parameter(api, argument.name)
        if parameter.action == "drop":
            chat.drop(call, argument, parameter)
        elif parameter.values and argument.value is UNKNOWN:
            said = listed(parameter.values)
            call.note("parameter-range", parameter, name=argument.name, range=said)
    sound = provider.parameter(api, "file")
    why = _("speech is written down by a chat request: {detail}", detail=sound.detail)
    made = _instruction(call)
    edit = Edit(call.site.path, call.site.span, "transcription", made, (call.site.id,), why)
    call.context.edit(edit)
    call.note("translation-chat" if made.translator else "transcription-chat", sound)
    unnamed.tell(call)


def _instruction(call: Call) -> Transcription:
    provider, later = call.provider, call.facts.asynchronous
    options = provider.parameter(TRANSCRIPTIONS, "language").name_there or ""
    translation = provider.translation
    if call.facts.api == TRANSCRIPTIONS or translation is None:
        return _said(call, Transcription(options, later))
    told = ", ".join(f'"{name}": "{value}"' for name, value in translation.options.items())
    told = f'{{"{translation.name_there}": {{{told}}}}}'
    return _said(call, Transcription(options, later, translation.model, told))


def _said(call: Call, made: Transcription) -> Transcription:
    """The same, in the words of the SDK that sends it."""
    sdk = call.context.sdk if call.site.id in call.context.sdk_calls else None
    method = sdk.method(CREATE) if sdk is not None else None
    return made if method is None else replace(made, rest=method.rest, own=True)
