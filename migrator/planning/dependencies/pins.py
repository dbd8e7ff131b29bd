"""The openai package stays; a pin below 1.0 is raised with the calls it is for."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.analysis.sites import Kind, Site
from migrator.language import _, marked
from migrator.planning.context import Context
from migrator.planning.legacy import knowledge
from migrator.planning.legacy.release import covers, folder
from migrator.planning.legacy.requirement import lets_one_in, requirement
from migrator.planning.messages import item

OPENAI = "openai"
_STAYS = marked("the openai package stays: it speaks to the provider's endpoint")
_OTHERS = marked("a package beside openai: what it sends where is decided in the code")


def to_raise(context: Context) -> Iterator[Site]:
    """The pins below 1.0 whose calls are all upgraded. Says why every other one stays."""
    for site in context.of_kind(Kind.DEP):
        name, specifier = requirement(site)
        if name != OPENAI:
            context.leave(site.id, _(_OTHERS))
        elif not specifier or lets_one_in(specifier):
            context.leave(site.id, _(_STAYS))
        elif context.upgrade.kept and context.releases.keeps(site.path):
            context.leave(site.id, _("the program stays on openai before 1.0"))
        elif _is_due(context, site):
            yield site


def too_old(context: Context, site: Site, why: str = "") -> None:
    """Say of a pin that it has to be raised by hand."""
    why = why or _("clients, which can be pointed at another provider, exist from openai 1.0 on")
    context.hinder(site.id, item("legacy-pin", site, why))


def scope(context: Context, path: str) -> str:
    """The folder whose programs a dependency file is for: its own, or the nearest one with any.

    What CI and containers install is said in folders that hold no program.
    """
    where = folder(path)
    while where and where not in context.program_folders:
        where = where.rpartition("/")[0]
    return where


def _is_due(context: Context, site: Site) -> bool:
    where = scope(context, site.path)
    calls = [one for one in context.upgrade.before if _is_below(context, one, where)]
    refused = [
        one
        for one in context.upgrade.refused
        if _is_below(context, one, where) and not _is_gone(context, one)
    ]
    if calls and not refused:
        return True
    places = context.places(refused)
    too_old(
        context,
        site,
        _("these calls are of openai before 1.0 still: {places}", places=places) if refused else "",
    )
    return False


def _is_gone(context: Context, site_id: str) -> bool:
    """Whether a call has no successor: no release that is still offered carries it out."""
    facts = context.call(site_id)
    return facts is not None and knowledge.successor(facts.api) is None


def _is_below(context: Context, site_id: str, where: str) -> bool:
    return covers(where, context.by_id[site_id].path)
