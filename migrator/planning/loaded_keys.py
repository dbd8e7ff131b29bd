"""Keys in configuration files that the program loads: emptied, as OpenAI's is of no use elsewhere.

The setting stays where it is, and what reads it goes on doing so: it is to hold the provider's key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from migrator.analysis.sites import DocumentFacts, Literal, SettingFacts, Site, Sources
from migrator.edits import Edit, ReplaceString
from migrator.language import _
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.planning.variables import KEY


def decide(context: Context) -> None:
    """Empty every key that only what moves is given."""
    for literal, told in settings(context).items():
        moved = [one.id for one in told if _moves(context, one)]
        site = document_site(context, literal)
        if len(moved) < len(told):
            stays = [one.id for one in told if one.id not in moved]
            if site is not None:
                why = _("it is also sent by what stays: {places}", places=context.places(stays))
                context.hinder(site.id, item("setting-unmoved", site, why, name=site.detail))
            continue
        _empty(context, literal, site, moved)


def _empty(context: Context, literal: Literal, site: Site | None, moved: list[str]) -> None:
    source = context.sources.get(literal.path)
    ids = (site.id,) if site is not None else tuple(moved)
    if source is not None and source.slice(literal.span):
        why = _("the key of OpenAI is of no use to the provider")
        empty = ReplaceString("")
        context.edit(Edit(literal.path, literal.span, "configuration", empty, ids, why))
    if site is not None:
        name = site.facts.name if isinstance(site.facts, DocumentFacts) else site.detail
        provider = context.provider.name
        details = {
            "name": name,
            "provider": provider,
            "value": _("a key of {provider}", provider=provider),
        }
        why = _("what loads it now speaks to the provider")
        context.note(site.id, item("variable-kept", site, why, (), details))


def settings(context: Context) -> dict[Literal, list[Site]]:
    """The places of keys in files, each with the clients, requests and settings that get it."""
    found: defaultdict[Literal, list[Site]] = defaultdict(list)
    for site, sources in _keyed(context):
        for literal in sources.settings:
            found[literal].append(site)
    return found


def _keyed(context: Context) -> Iterator[tuple[Site, Sources]]:
    for site, client in context.clients():
        for argument in client.arguments:
            if argument.sources is not None and argument.name.endswith(KEY):
                yield site, argument.sources
    for site, call in context.calls():
        for header in call.http.headers if call.http is not None else ():
            if header.sources is not None:
                yield site, header.sources
    for site in context.sites:
        if isinstance(site.facts, SettingFacts) and site.facts.value.sources is not None:
            yield site, site.facts.value.sources


def _moves(context: Context, site: Site) -> bool:
    written = context.moved_settings | context.ended_settings
    return site.id in context.moved_clients | context.moved_calls | written


def document_site(context: Context, literal: Literal) -> Site | None:
    """The site of the setting itself, if it is one."""
    here = (site for site in context.sites if site.path == literal.path)
    for site in here:
        match site.facts:
            case DocumentFacts(value_span=span) if span == literal.span:
                return site
    return None
