"""Speech and transcriptions at OpenAI's own paths: the parameters of the request."""

from __future__ import annotations

from migrator.analysis.sites import UNKNOWN
from migrator.planning import chat, unnamed
from migrator.planning.arguments import ArgumentEdits
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.media import SPEECH, is_served, is_shaped

_VOICE = "voice"


def decide(context: Context) -> None:
    """Plan the edits and notes of every moved call that speaks, or writes speech down."""
    edits = ArgumentEdits(context, "parameters")
    for site, facts in context.calls():
        served = is_served(context, facts) and is_shaped(context, facts)
        if site.id in context.moved_calls and served:
            _decide_call(Call(context, edits, site, facts))
    edits.finish()


def _decide_call(call: Call) -> None:
    for argument in call.facts.arguments:
        parameter = call.provider.parameter(call.facts.api, argument.name)
        if parameter.action == "drop":
            chat.drop(call, argument, parameter)
        elif argument.value is UNKNOWN and (parameter.values or parameter.minimum is not None):
            said = ", ".join(parameter.values) or parameter.range_text
            call.note("parameter-range", parameter, name=argument.name, range=said)
    if call.facts.api == SPEECH:
        _voice(call)
    unnamed.tell(call)


def _voice(call: Call) -> None:
    """The provider's voice in the place of OpenAI's; which others there are is told."""
    voices, argument = call.provider.voices, call.facts.argument(_VOICE)
    if argument is None or len(call.chosen) != 1:
        return
    model, given = call.chosen[0], argument.value
    known = [voices.spell(name, model) for name in voices.names]
    new = voices.table.get(given) if isinstance(given, str) else None
    said = "a voice that is only known at run time has to be one of them"
    if new is not None:
        spelled = voices.spell(new, model)
        if not call.edits.replace(call.site, argument, f'"{spelled}"', f"voice: {voices.detail}"):
            return
        said = f"`{given}` becomes `{spelled}`"
    elif given in known:
        return
    call.say("speech-voice", voices.detail, voices.sources, said=said, names=", ".join(known))
