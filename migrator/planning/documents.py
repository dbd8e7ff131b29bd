"""Configuration: models that the code reads from files, and settings a person has to change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from migrator.analysis.documents.template import CODE
from migrator.analysis.sites import Certainty, DocumentFacts, Kind, Place, Site
from migrator.decisions import Source
from migrator.edits import Edit
from migrator.language import _
from migrator.planning import document_variables, loaded_keys
from migrator.planning.context import Context, within
from migrator.planning.messages import item
from migrator.planning.model_settings import ModelSettings
from migrator.planning.variables import MOVING, Variables

# Folders of recorded requests and answers (VCR).
_RECORDINGS = frozenset({"cassettes", "cassette", "vcr_cassettes"})
_ELSEWHERE = frozenset({"foreign", "gateway"})


def decide(context: Context, variables: Variables) -> None:
    """Plan what files set; what could not be tied to what moves is named."""
    loaded_keys.decide(context)
    document_variables.decide(context, variables)
    of_variables = {site.id for group in variables.groups.values() for site, _ in group.settings}
    recordings: defaultdict[str, list[Site]] = defaultdict(list)
    models = ModelSettings(context)
    edits = _edits_by_path(context)
    for site in context.sites:
        if not isinstance(site.facts, DocumentFacts):
            continue
        if _is_recording(site):
            recordings[site.path].append(site)
        elif (
            site.id in of_variables
            or _is_carried(context, edits, site, site.facts)
            or document_variables.is_handed_over(context, site, site.facts)
        ):
            continue
        elif site.kind is Kind.MODEL or (
            site.kind is Kind.CONFIG and site.facts.role == "model" and site.facts.value
        ):
            models.decide(site, site.facts)
        elif site.kind in {Kind.CONFIG, Kind.RAW_HTTP} or (
            site.kind is Kind.ENV_KEY and site.facts.format != "env"
        ):
            _setting(context, variables, site, site.facts)
    models.tell()
    for sites in recordings.values():
        _recording(context, sites)


def _edits_by_path(context: Context) -> Mapping[str, list[Edit]]:
    found: defaultdict[str, list[Edit]] = defaultdict(list)
    for edits in context.edits.values():
        for edit in edits:
            found[edit.path].append(edit)
    return found


def _is_carried(
    context: Context, edits: Mapping[str, list[Edit]], site: Site, facts: DocumentFacts
) -> bool:
    """Whether an edit for what loads a setting changes it already: that is this site's too."""
    if facts.value_span is None:
        return False
    place = Place(site.path, facts.value_span)
    for edit in edits.get(site.path, ()):
        if within(edit.place, place):
            context.share(edit, site.id)
            return True
    return False


def _is_recording(site: Site) -> bool:
    return not _RECORDINGS.isdisjoint(site.path.split("/")[:-1])


def _recording(context: Context, sites: list[Site]) -> None:
    """What was recorded in one file."""
    why = _("it is played back in the place of the requests that the tests make")
    told = item("cassette", sites[0], why, also=sites[1:], provider=context.provider.name)
    for site in sites:
        if _moves(context):
            context.hinder(site.id, told)
        else:
            context.leave(site.id, _("nothing that it was recorded of moves"))


def _moves(context: Context) -> bool:
    return bool(context.moved_clients or context.moved_calls)


# -- other settings -------------------------------------------------------------------------------


def _setting(context: Context, variables: Variables, site: Site, facts: DocumentFacts) -> None:
    extra = dict(facts.extra)
    if facts.role == CODE:
        why = _("what a template holds may be written out as a program")
        context.hinder(site.id, item("code-in-text", site, why))
    elif extra.get("endpoint") in _ELSEWHERE:
        context.leave(site.id, _("it holds another provider's address"))
    elif site.certainty is Certainty.LIKELY:
        why = _("nothing was found that reads it")
        context.hinder(site.id, item("name-untraced", site, why, name=facts.name))
    elif not _moves(context):
        why, name = _("nothing that reads it moves"), facts.name or site.detail
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
    why = _("the setting reaches the program from outside the code")
    sources: tuple[Source, ...] = ()
    variable = facts.name if facts.name.isupper() else extra.get("refers", "")
    meaning = extra.get("meaning", "")
    new = variables.new_name(variable, meaning) if variable and meaning in MOVING else ""
    match facts.role:
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
