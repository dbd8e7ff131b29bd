"""Upgraded calls that do not move after all, and cannot stay on OpenAI in their new form."""

from __future__ import annotations

from migrator.analysis import surface
from migrator.analysis.sites import CallFacts, Site
from migrator.language import _
from migrator.planning.context import Context
from migrator.planning.legacy import knowledge
from migrator.planning.legacy.upgrade import settings_of

_ADDRESS = "api_base"


def stranded(context: Context) -> dict[str, str]:
    """The calls that have to stay as they are, each with the reason.

    What stays on OpenAI gets the module's own client. Azure wants another class, and the address
    another form, than what the settings of 0.x say.
    """
    found = {}
    for one, facts in context.upgrade.before.items():
        if one not in context.moved_calls:
            why = _why(context, context.by_id[one], facts)
            if why:
                found[one] = why
    return found


def _why(context: Context, site: Site, facts: CallFacts) -> str:
    cause = _cause(context, site)
    successor = surface.method(knowledge.successor(facts.api) or "")
    if successor is not None and successor.until is not None:
        return _(
            "{cause}, and later releases of openai have no `{path}`",
            cause=cause,
            path=successor.path,
        )
    files = context.upgrade.files
    if files and not all(files.in_function(place.span, place.path) for place in facts.named):
        return _("{cause}, and its method is named where the file is imported", cause=cause)
    if any(facts.argument(name) is not None for name in knowledge.azure()):
        return _("{cause}, and its arguments are for Azure", cause=cause)
    told = [
        setting
        for where, setting in settings_of(context.upgrade)
        if files is not None and files.related(where.path, site.path)
    ]
    if any(setting.name in knowledge.azure() for setting in told):
        return _("{cause}, and the module is set up for Azure", cause=cause)
    if any(setting.name == _ADDRESS for setting in told):
        return _(
            "{cause}, at an address that openai 1.0 and later want in another form", cause=cause
        )
    return ""


def _cause(context: Context, site: Site) -> str:
    reasons = [one.title for one in context.hindrances.get(site.id, ())]
    return _("it does not move ({reason})", reason=reasons[0]) if reasons else _("it does not move")
