"""Speech written down: a chat request that holds the sound."""

from __future__ import annotations

from migrator.analysis.sites import UNKNOWN
from migrator.edits import Edit, Transcription
from migrator.planning import chat
from migrator.planning.arguments import ArgumentEdits
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.media import TRANSCRIPTIONS, is_shaped


def decide(context: Context) -> None:
    """Plan the edits and notes of every transcription that moves."""
    edits = ArgumentEdits(context, "parameters")
    for site, facts in context.calls():
        shaped = facts.api == TRANSCRIPTIONS and is_shaped(context, facts)
        if site.id in context.moved_calls and shaped:
            _decide_call(Call(context, edits, site, facts))
    edits.finish()


def _decide_call(call: Call) -> None:
    provider = call.provider
    for argument in call.facts.arguments:
        parameter = provider.parameter(TRANSCRIPTIONS, argument.name)
        if parameter.action == "drop":
            chat.drop(call, argument, parameter)
        elif parameter.values and argument.value is UNKNOWN:
            said = ", ".join(parameter.values)
            call.note("parameter-range", parameter, name=argument.name, range=said)
    options = provider.parameter(TRANSCRIPTIONS, "language").name_there
    instruction = Transcription(options or "", call.facts.asynchronous)
    sound = provider.parameter(TRANSCRIPTIONS, "file")
    why = f"transcriptions are had by a chat request: {sound.detail}"
    edit = Edit(call.site.path, call.site.span, "transcription", instruction, (call.site.id,), why)
    call.context.edit(edit)
    call.note("transcription-chat", sound)
    if not call.facts.models:
        why = "no name of a model was found that reaches it"
        call.say("model-at-run-time", why, provider=provider.name)
