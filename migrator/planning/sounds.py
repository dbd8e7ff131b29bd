"""Speech and transcriptions at OpenAI's own paths: the parameters of the request."""

from __future__ import annotations

from migrator.analysis.sites import UNKNOWN
from migrator.language import _, listed
from migrator.planning import chat, unnamed
from migrator.planning.arguments import ArgumentEdits
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.media import SPEECH, is_served, is_shaped
from migrator.providers import Parameter

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
        there = dict(parameter.values_there)
        if parameter.goes(argument.value):
            chat.drop(call, argument, parameter)
        elif parameter.action == "clamp":
            chat.clamp(call, argument, parameter)
        elif (new := there.get(str(argument.value))) is not None:
            call.edits.replace(call.site, argument, f'"{new}"', _reason(parameter))
            call.note("speech-format", parameter, format=new)
        elif argument.value is UNKNOWN and (parameter.values or parameter.minimum is not None):
            said = listed(parameter.values) or parameter.range_text
            call.note("parameter-range", parameter, name=argument.name, range=said)
    if call.facts.api == SPEECH:
        _voice(call)
        _format(call)
        _length(call)
    elif (sound := call.provider.parameter(call.facts.api, "file")).verdict == "partial":
        call.note("sound-limits", sound)
    unnamed.tell(call)


def _reason(parameter: Parameter) -> str:
    return f"{parameter.name}: {parameter.detail}"


def _format(call: Call) -> None:
    """Ask for the format that is nearest to OpenAI's usual one, where the provider's is another."""
    parameter = call.provider.parameter(SPEECH, "response_format")
    usual = parameter.default_here
    if usual is None or call.facts.argument(parameter.name) is not None:
        return
    if call.facts.complete:
        call.edits.add(call.site, parameter.name, usual, _reason(parameter))
        call.note("speech-format", parameter, format=usual.strip('"'))
    else:
        call.note("argument-to-add", parameter, added=f"{parameter.name}={usual}")


def _length(call: Call) -> None:
    """One request speaks so many characters."""
    longest, given = call.provider.voices.longest, call.facts.argument("input")
    if given is None or not longest or "speech-text" not in call.provider.rules:
        return
    parameter = call.provider.parameter(SPEECH, "input")
    if isinstance(given.value, str) and len(given.value) > longest:
        call.block("speech-long", parameter, longest=longest)
    elif not isinstance(given.value, str):
        call.note("speech-length", parameter, longest=longest)


def _voice(call: Call) -> None:
    """The provider's voice in the place of OpenAI's; which others there are is told."""
    voices, argument = call.provider.voices, call.facts.argument(_VOICE)
    if argument is None or len(call.chosen) != 1:
        return
    model, given = call.chosen[0], argument.value
    known = [voices.spell(name, model) for name in voices.names]
    new = voices.table.get(given) if isinstance(given, str) else None
    said = _("a voice that is only known at run time has to be one of them")
    if new is not None:
        spelled = voices.spell(new, model)
        if not call.edits.replace(call.site, argument, f'"{spelled}"', f"voice: {voices.detail}"):
            return
        said = _("`{given}` becomes `{spelled}`", given=given, spelled=spelled)
    elif given in known:
        return
    call.say("speech-voice", voices.detail, voices.sources, said=said, names=listed(known))
