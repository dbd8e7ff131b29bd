"""Packages: the openai package stays; a pin below 1.0 is raised with the calls it is for."""

from __future__ import annotations

import re

from migrator.analysis.sites import DocumentFacts, Kind, NameFacts, Site
from migrator.edits import Edit, ReplaceString, Splice
from migrator.planning.context import Context
from migrator.planning.legacy import knowledge
from migrator.planning.legacy.release import covers, folder
from migrator.planning.legacy.requirement import lets_one_in, requirement
from migrator.planning.messages import item

_OPENAI = "openai"
_STAYS = "the openai package stays: it speaks to the provider's endpoint"
_OTHERS = "a package beside openai: what it sends where is decided in the code"
_SHELLS = frozenset({"docker", "shell"})


def decide(context: Context) -> None:
    """Raise the pins below 1.0 whose calls are all upgraded, and say why every other one stays."""
    for site in context.of_kind(Kind.DEP):
        name, specifier = requirement(site)
        if name != _OPENAI:
            context.leave(site.id, _OTHERS)
        elif not specifier or lets_one_in(specifier):
            context.leave(site.id, _STAYS)
        elif context.upgrade.kept and context.releases.keeps(site.path):
            context.leave(site.id, "the program stays on openai before 1.0")
        else:
            _raise(context, site, specifier)


def _raise(context: Context, site: Site, specifier: str) -> None:
    where = folder(site.path)
    calls = [one for one in context.upgrade.before if _is_below(context, one, where)]
    refused = [
        one
        for one in context.upgrade.refused
        if _is_below(context, one, where) and not _is_gone(context, one)
    ]
    edit = _edit(context, site, specifier) if calls and not refused else None
    if edit is not None:
        context.edit(edit)
        return
    why = "clients, which can be pointed at another provider, exist from openai 1.0 on"
    if refused:
        why = f"these calls are of openai before 1.0 still: {context.places(refused)}"
    context.hinder(site.id, item("legacy-pin", site, why))


def _is_gone(context: Context, site_id: str) -> bool:
    """Whether a call has no successor: no release that is still offered carries it out."""
    facts = context.call(site_id)
    return facts is not None and knowledge.successor(facts.api) is None


def _is_below(context: Context, site_id: str, where: str) -> bool:
    return covers(where, context.by_id[site_id].path)


def _edit(context: Context, site: Site, specifier: str) -> Edit | None:
    """The edit that puts the new releases in the place of the old ones."""
    why = f"the calls are of openai {knowledge.pin()} now"
    match site.facts:
        case NameFacts(name=written) if site.code.rstrip().endswith(("'", '"')):
            new = ReplaceString(written.replace(specifier.strip(), knowledge.pin()))
            return Edit(site.path, site.span, "replace-string", new, (site.id,), why)
        case DocumentFacts(value=value, value_span=span) as facts if span is not None:
            text = re.sub(r"\s+$", "", value.replace(specifier, knowledge.pin(), 1))
            if facts.format in _SHELLS:
                source = context.sources.get(site.path)
                line = source.line(span.line) if source is not None else ""
                bare = line[: span.column][-1:] not in {"'", '"'}
                text = f'"{text}"' if bare else text
            if text == value:
                return None
            return Edit(site.path, span, "splice", Splice(text), (site.id,), why)
    return None
