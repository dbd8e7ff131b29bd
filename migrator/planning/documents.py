"""Configuration: models in .env files that the code reads, settings a person has to change."""

from __future__ import annotations

import re
from collections import defaultdict

from migrator.analysis.documents.template import CODE
from migrator.analysis.sites import Certainty, DocumentFacts, Kind, ModelFacts, Site
from migrator.decisions import Source
from migrator.edits import Edit, Splice
from migrator.planning import models
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.planning.variables import MOVING, Variables
from migrator.source import PYTHON

# Folders of recorded requests and answers (VCR).
_RECORDINGS = frozenset({"cassettes", "cassette", "vcr_cassettes"})
_ELSEWHERE = frozenset({"foreign", "gateway"})


def decide(context: Context, variables: Variables) -> None:
    """Plan the values of models in .env files; name every other setting."""
    recordings: defaultdict[str, list[Site]] = defaultdict(list)
    for site in context.sites:
        if not isinstance(site.facts, DocumentFacts):
            continue
        if _is_recording(site):
            recordings[site.path].append(site)
        elif site.kind is Kind.MODEL:
            _model(context, site, site.facts)
        elif site.kind in {Kind.CONFIG, Kind.RAW_HTTP} or (
            site.kind is Kind.ENV_KEY and site.facts.format != "env"
        ):
            _setting(context, variables, site, site.facts)
    for sites in recordings.values():
        _recording(context, sites)


def _is_recording(site: Site) -> bool:
    return not _RECORDINGS.isdisjoint(site.path.split("/")[:-1])


def _recording(context: Context, sites: list[Site]) -> None:
    """What was recorded in one file."""
    why = "it is played back in the place of the requests that the tests make"
    told = item("cassette", sites[0], why, also=sites[1:], provider=context.provider.name)
    for site in sites:
        if _moves(context):
            context.hinder(site.id, told)
        else:
            context.leave(site.id, "nothing that it was recorded of moves")


def _moves(context: Context) -> bool:
    return bool(context.moved_clients or context.moved_calls)


# -- models in .env files -------------------------------------------------------------------------


def _model(context: Context, site: Site, facts: DocumentFacts) -> None:
    choice = models.choose(context, facts.value)
    details = {"name": facts.name, "new": choice.model or "a model of the provider"}
    if choice.model is None:
        blocker = item("model-no-counterpart", site, choice.why, choice.sources, model=facts.value)
        context.hinder(site.id, blocker)
    elif facts.format != "env" or facts.value_span is None or dict(facts.extra).get("prefix"):
        context.hinder(site.id, item("config-value", site, choice.why, choice.sources, details))
    elif not _moves(context):
        why = "nothing that reads it moves"
        context.hinder(site.id, item("variable-waits", site, why, name=facts.name))
    elif _is_read_for_a_model(context, facts.name):
        became = _default_of(context, facts.name, facts.value) or choice.model
        why = f"{facts.value} -> {became}: {choice.why}"
        splice = Splice(became)
        context.edit(Edit(site.path, facts.value_span, "environment-file", splice, (site.id,), why))
    else:
        why = f"no moved call was found that gets its model from `{facts.name}`"
        context.hinder(site.id, item("model-setting", site, why, choice.sources, details))


def _is_read_for_a_model(context: Context, name: str) -> bool:
    """Whether the code reads the variable where only moved calls can get their model from it."""
    if any(_is_default_of(context, site, facts, name) for site, facts in context.models()):
        return True
    if context.something_stays:
        return False
    quoted = re.compile(rf"""(['"]){re.escape(name)}\1""")
    reading = [
        path for path, source in context.sources.items() if _reads(path, source.text, quoted)
    ]
    undecided = [
        site.path
        for site, facts in context.calls()
        if site.id in context.moved_calls and not facts.model_known
    ]
    return bool(reading) and bool(undecided)


def _is_default_of(context: Context, site: Site, facts: ModelFacts, name: str) -> bool:
    """Whether a replaced name is the variable's default: of its read, or of a settings field."""
    if site.id not in context.choices:
        return False
    source = context.sources.get(site.path)
    line = source.line(site.span.line) if source is not None else ""
    field = re.match(rf"\s*{re.escape(name)}\s*[:=]", line, re.IGNORECASE)
    return facts.variable == name or field is not None


def _reads(path: str, text: str, quoted: re.Pattern[str]) -> bool:
    return path.endswith(PYTHON) and bool(quoted.search(text))


def _default_of(context: Context, name: str, model: str) -> str | None:
    """What the variable's default in the code became, if it is the same model."""
    for site, facts in context.models():
        choice = context.choices.get(site.id)
        if facts.model == model and _is_default_of(context, site, facts, name):
            return choice.model if choice is not None else None
    return None


# -- other settings -------------------------------------------------------------------------------


def _setting(context: Context, variables: Variables, site: Site, facts: DocumentFacts) -> None:
    extra = dict(facts.extra)
    if facts.role == CODE:
        why = "what a template holds may be written out as a program"
        context.hinder(site.id, item("code-in-text", site, why))
    elif extra.get("endpoint") in _ELSEWHERE:
        context.leave(site.id, "it holds another provider's address")
    elif site.certainty is Certainty.LIKELY:
        why = "nothing was found that reads it"
        context.hinder(site.id, item("name-untraced", site, why, name=facts.name))
    elif not _moves(context):
        why, name = "nothing that reads it moves", facts.name or site.detail
        context.hinder(site.id, item("setting-unmoved", site, why, name=name))
    else:
        _say(context, variables, site, facts, extra)


def _say(
    context: Context,
    variables: Variables,
    site: Site,
    facts: DocumentFacts,
    extra: dict[str, str],
) -> None:
    """Name the setting and what it becomes."""
    why = "the setting reaches the program from outside the code"
    sources: tuple[Source, ...] = ()
    variable = facts.name if facts.name.isupper() else extra.get("refers", "")
    meaning = extra.get("meaning", "")
    new = variables.new_name(variable, meaning) if variable and meaning in MOVING else ""
    match facts.role:
        case "model":
            choice = models.choose(context, facts.value)
            new, why, sources = (
                choice.model or "a model of the provider",
                choice.why,
                choice.sources,
            )
        case "key" if not variable:
            new = variables.key_variable
        case "base_url" | "url" if not variable or facts.value.startswith("http"):
            named = f"{new}: " if new and new != variable else ""
            new = f"{named}{context.base_url}"
    if new and new != variable:
        details = {"name": facts.name or site.detail, "new": new}
        context.hinder(site.id, item("config-value", site, why, sources, details))
    else:
        context.hinder(site.id, item("config-unused", site, why, name=facts.name))
