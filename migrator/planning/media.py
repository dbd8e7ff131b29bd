"""Pictures, sound and batches: what of a call no request of the provider's can say."""

from __future__ import annotations

import re

from migrator.analysis.sites import UNKNOWN, Argument, CallFacts, ModelFacts, Origin, Site
from migrator.decisions import ChecklistItem
from migrator.language import _, joined, listed, marked
from migrator.planning import facts as knowledge
from migrator.planning import models, syntax
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.providers import Model, Parameter

IMAGES = "images.generate"
EDITS = "images.edit"
TRANSCRIPTIONS = "audio.transcriptions.create"
TRANSLATIONS = "audio.translations.create"
SPEECH = "audio.speech.create"
BATCHES = "batches.create"
# What serves each: the name of the models' mode, where a model has to be reached by it.
_MODES = {
    IMAGES: "images.generate",
    EDITS: "images.generate",
    TRANSCRIPTIONS: "chat.completions",
    TRANSLATIONS: "chat.completions",
    SPEECH: SPEECH,
    BATCHES: "",
}
# The arguments that have to stand in a call that becomes another one.
_NEEDED = {
    EDITS: ("image", "prompt"),
    TRANSCRIPTIONS: ("file",),
    TRANSLATIONS: ("file",),
    SPEECH: ("input", "voice"),
}
_SOUNDS = {SPEECH: "audio.speech", TRANSCRIPTIONS: "audio.transcriptions"}
_COUNT = "n"  # another number of pictures is another program
DATA = "b64_json"
READ = "content"  # of speech
STREAMED = "with_streaming_response"
# Why a call is not written so that it can become another one.
UNWRITTEN = marked("the method has to be called on the client where the request is made")
RAW = marked("its raw response is read")


def is_shaped(context: Context, facts: CallFacts) -> bool:
    """Whether a call is one of these, and the profile says what its parameters become."""
    known = context.provider.family(facts.api) in context.provider.parameter_families()
    alike = facts.api == IMAGES or is_served(context, facts)
    return facts.api in _MODES and known and (alike or not facts.is_json)


def is_served(context: Context, facts: CallFacts) -> bool:
    """Whether sound goes to OpenAI's own path at the provider, too, and to no other request."""
    return facts.api in _SOUNDS and context.provider.has_endpoint(facts.api)


def by_path(context: Context, site: Site, facts: CallFacts) -> bool:
    """Whether a call goes by the provider's own SDK, to a path of the provider's own interface."""
    sdk = context.sdk
    return sdk is not None and site.id in context.sdk_calls and facts.api in sdk.by_path


def asks_for_data(argument: Argument) -> bool:
    """Whether a format asks for the picture itself in the place of a link."""
    return isinstance(argument.value, str) and argument.value == DATA


def reads_data(facts: CallFacts) -> bool:
    """Whether the picture itself is read of the answer."""
    return any(DATA in read.path for read in facts.reads)


def wants_data(context: Context, facts: CallFacts) -> bool:
    """Whether the program gets the pictures themselves of OpenAI, and so may go by them."""
    wanted = facts.argument("response_format")
    asked = wanted is not None and asks_for_data(wanted)
    silent = any(knowledge.answers_with_data(old) for old, _ in models.models_of(context, facts))
    return asked or silent or reads_data(facts)


def hindrance(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """Why a call cannot be served by the provider; None where it can."""
    becomes = facts.api in _NEEDED and not is_served(context, facts)
    if becomes and (why := _why_not_plain(context, site, facts)):
        endpoint = context.provider.endpoint(facts.api)
        details = {"api": facts.api, "remedy": endpoint.remedy}
        return item("media-untraced", site, why, endpoint.sources, details)
    for argument in facts.arguments:
        found = _refused(context, site, facts, argument)
        if found is not None:
            return found
    elsewhere = context.provider.pictures if facts.api == IMAGES else None
    links = DATA not in context.provider.parameter(facts.api, "response_format").values
    data = facts.api == IMAGES and links and facts.is_json and wants_data(context, facts)
    if data or (elsewhere and (facts.is_json or facts.raw)):
        endpoint = context.provider.endpoint(facts.api)
        why = _("the program gets the data of the picture, and links are answered")
        why = elsewhere.detail if elsewhere else why
        details = {
            "api": facts.api,
            "provider": context.provider.name,
            "counterpart": endpoint.counterpart,
            "remedy": endpoint.remedy,
        }
        return item("endpoint-unproven", site, why, endpoint.sources, details)
    return _unreached(context, site, facts)


def _why_not_plain(context: Context, site: Site, facts: CallFacts) -> str:
    """Why a call is not written so that it can become another one; "" where it is."""
    needed = _NEEDED[facts.api]
    upgraded = site.id in context.upgrade.before  # which names the method and the arguments
    if not facts.complete or any(_stands_elsewhere(facts, one, upgraded) for one in needed):
        return _(
            "its arguments have to stand in the call by name, with {names}", names=joined(needed)
        )
    if not (upgraded or is_written(context, facts)):
        return _(UNWRITTEN)
    if facts.raw and not (facts.api == SPEECH and facts.raw == STREAMED):
        return _(RAW)
    read = listed(sorted(_read_of(context, facts) - {READ})) if facts.api == SPEECH else ""
    return (
        _("its answer is read for {read}, which a file of sound has not", read=read) if read else ""
    )


def _read_of(context: Context, facts: CallFacts) -> set[str]:
    """What is read of an answer, but where another request's answer may stand in its place."""
    alone = (one for one in facts.reads if len(context.readers[one.place]) == 1)
    return {one.path[0] for one in alone if one.path}


def _stands_elsewhere(facts: CallFacts, name: str, upgraded: bool) -> bool:
    """Whether an argument does not stand in the call by its name, nor will."""
    found = facts.argument(name)
    named = found is not None and found.origin is Origin.KEYWORD
    return not (named or (found is not None and upgraded and found.origin is Origin.POSITIONAL))


def is_written(context: Context, facts: CallFacts) -> bool:
    """Whether the whole path of the method stands at the call, behind a client."""
    owner, _unused, name = facts.api.rpartition(".")
    steps = [*owner.split("."), *([facts.raw] if facts.raw else []), name]
    return ends_in(context, facts, re.escape(f".{'.'.join(steps)}"))


def ends_in(context: Context, facts: CallFacts, pattern: str) -> bool:
    """Whether what is called is written so that its dotted path ends in a pattern."""
    written = syntax.dotted(context.sources.get(facts.callee.path), facts.callee.span)
    return re.search(rf"{pattern}$", written) is not None


def _refused(
    context: Context, site: Site, facts: CallFacts, argument: Argument
) -> ChecklistItem | None:
    parameter = context.provider.parameter(facts.api, argument.name, _asked(context, facts))
    value = argument.value
    endpoint = context.provider.endpoint(facts.api)
    remedy = endpoint.remedy or endpoint.detail
    instead = _("do it by hand: {remedy}", remedy=remedy) if remedy else _("do it in another way")
    details = {"name": argument.name, "value": value, "instead": instead, "remedy": remedy}
    known = value is not UNKNOWN
    if parameter.action == "reject" and not parameter.asks_nothing(value):
        return item("parameter-refused", site, parameter.detail, parameter.sources, details)
    if not known or (facts.api in {IMAGES, EDITS} and asks_for_data(argument)):
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    brought = parameter.action == "clamp" and argument.name != _COUNT
    if number and not parameter.accepts(value) and not brought:
        details["range"] = parameter.range_text
    elif parameter.values and value is not None and not _is_known(parameter, value):
        details["range"] = listed(parameter.values)
        return item("value-missing", site, parameter.detail, parameter.sources, details)
    else:
        return None
    return item("value-refused", site, parameter.detail, parameter.sources, details)


def _is_known(parameter: Parameter, value: object) -> bool:
    """Whether a value is one of the provider's, or has another name there."""
    return value in parameter.values or str(value) in dict(parameter.values_there)


def _asked(context: Context, facts: CallFacts) -> list[str]:
    """The models that the ones of a call become."""
    named = [context.by_id.get(one) for one in facts.models]
    olds = [one.facts.model for one in named if one and isinstance(one.facts, ModelFacts)]
    return [new for old in olds if (new := models.choose(context, old).model) is not None]


def _unreached(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """A model whose counterpart is not served by the requests that are written."""
    for one in facts.models if _MODES[facts.api] else ():
        named = context.by_id.get(one)
        if named is None or not isinstance(named.facts, ModelFacts):
            continue
        choice = models.choose(context, named.facts.model)
        new = context.provider.model(choice.model or "")
        if new is None or _reaches(context, facts.api, new):
            continue
        endpoint = context.provider.endpoint(facts.api)
        details = {
            "model": named.facts.model,
            "new": new.id,
            "counterpart": choice.why,
            "remedy": endpoint.remedy,
        }
        return item("model-native", site, new.note or choice.why, choice.sources, details)
    return None


def _reaches(context: Context, api: str, model: Model) -> bool:
    """Whether the requests that are written for a method reach a model."""
    if api in _SOUNDS and context.provider.has_endpoint(api):
        return context.provider.serves(_SOUNDS[api], model)
    if api == SPEECH:
        return context.provider.speaks(model.id)
    return context.provider.serves(_MODES[api], model)
