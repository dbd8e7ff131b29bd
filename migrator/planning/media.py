"""Pictures, sound and batches: what of a call no request of the provider's can say."""

from __future__ import annotations

import re

from migrator.analysis.sites import UNKNOWN, Argument, CallFacts, ModelFacts, Origin, Site
from migrator.decisions import ChecklistItem
from migrator.planning import models
from migrator.planning.context import NOTEBOOK, Context
from migrator.planning.messages import item

IMAGES = "images.generate"
TRANSCRIPTIONS = "audio.transcriptions.create"
BATCHES = "batches.create"
# What serves each: the name of the models' mode, where a model has to be reached by it.
_MODES = {IMAGES: "images.generate", TRANSCRIPTIONS: "chat.completions", BATCHES: ""}
DATA = "b64_json"
_WRITTEN = re.compile(r"\.\s*audio\s*\.\s*transcriptions\s*\.\s*create$")


def is_shaped(context: Context, facts: CallFacts) -> bool:
    """Whether a call is one of these, and the profile says what its parameters become."""
    known = context.provider.family(facts.api) in context.provider.parameter_families()
    return facts.api in _MODES and not facts.is_json and known


def asks_for_data(argument: Argument) -> bool:
    """Whether a format asks for the picture itself in the place of a link."""
    return isinstance(argument.value, str) and argument.value == DATA


def reads_data(facts: CallFacts) -> bool:
    """Whether the picture itself is read of the answer."""
    return any(DATA in read.path for read in facts.reads)


def hindrance(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """Why a call cannot be served by the provider; None where it can."""
    if facts.api == TRANSCRIPTIONS and not _is_plain(context, site, facts):
        endpoint = context.provider.endpoint(facts.api)
        why = "its file and its other arguments have to stand in the call"
        return item("transcription-untraced", site, why, endpoint.sources, remedy=endpoint.remedy)
    for argument in facts.arguments:
        found = _refused(context, site, facts, argument)
        if found is not None:
            return found
    return _unreached(context, site, facts)


def _is_plain(context: Context, site: Site, facts: CallFacts) -> bool:
    """Whether a transcription is written so that its call can become another one."""
    upgraded = site.id in context.upgrade.before  # which names the method and the arguments
    source = context.sources.get(facts.callee.path)
    written = source is not None and _WRITTEN.search(source.slice(facts.callee.span)) is not None
    file = facts.argument("file")
    return (
        facts.complete
        and not facts.raw
        and not site.path.endswith(NOTEBOOK)
        and (written or upgraded)
        and file is not None
        and (file.origin is Origin.KEYWORD or (upgraded and file.origin is Origin.POSITIONAL))
    )


def _refused(
    context: Context, site: Site, facts: CallFacts, argument: Argument
) -> ChecklistItem | None:
    parameter = context.provider.parameter(facts.api, argument.name)
    value = argument.value
    details = {"name": argument.name, "value": value, "there": "another way"}
    known = value is not UNKNOWN
    if parameter.action == "reject" and value not in (None, False):
        return item("parameter-refused", site, parameter.detail, parameter.sources, details)
    if not known or (facts.api == IMAGES and asks_for_data(argument)):
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and not parameter.accepts(value):
        details["range"] = parameter.range_text
    elif parameter.values and value is not None and value not in parameter.values:
        details["range"] = ", ".join(parameter.values)
    else:
        return None
    return item("value-refused", site, parameter.detail, parameter.sources, details)


def _unreached(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """A model whose counterpart is not served by the requests that are written."""
    mode = _MODES[facts.api]
    for one in facts.models if mode else ():
        named = context.by_id.get(one)
        if named is None or not isinstance(named.facts, ModelFacts):
            continue
        choice = models.choose(context, named.facts.model)
        new = context.provider.model(choice.model or "")
        if new is None or context.provider.serves(mode, new):
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
