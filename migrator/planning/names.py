"""Names that stand for themselves: imports, exceptions, types, addresses."""

from __future__ import annotations

import ast
from urllib.parse import urlsplit

from migrator.analysis import surface
from migrator.analysis.extract.names import AZURE, CODE, LISTED
from migrator.analysis.sites import Certainty, ImportFacts, Kind, NameFacts, Place, Site
from migrator.language import _, listed, marked
from migrator.planning.context import Context, within
from migrator.planning.messages import item

_BASES = frozenset({"base_url", "host"})  # an address without the path of a request
_ERRORS = "openai.error"
_STAYS = marked("the openai package stays, and the name means the same there")
_SDK_STAYS = marked("the openai package stays: it speaks to the provider's endpoint")
_OLD_STAYS = marked("the program stays on openai before 1.0")


def decide(context: Context) -> None:
    """Explain every name; tokenizers are planned by themselves."""
    for site in context.sites:
        if isinstance(site.facts, ImportFacts):
            _import(context, site, site.facts)
        elif isinstance(site.facts, NameFacts):
            _name(context, site, site.facts)


def _name(context: Context, site: Site, facts: NameFacts) -> None:
    if site.kind is Kind.RAW_HTTP:
        _address(context, site, facts)
    elif facts.role == CODE:
        why = _("what is in a text may be run, or written out as a program")
        context.hinder(site.id, item("code-in-text", site, why))
    elif site.kind in {Kind.EXCEPTION, Kind.TYPE_REF}:
        _sdk_name(context, site, facts.name)


# -- imports, exceptions, types -------------------------------------------------------------------


def _import(context: Context, site: Site, facts: ImportFacts) -> None:
    paths = [path for path, _ in facts.names] or [facts.module]
    ended = [path for path in paths if _is_before_one(path)]
    if context.edits.get(site.id) or site.id in context.left:
        return
    if ended and context.keeps(site.path):
        context.leave(site.id, _(_OLD_STAYS))
    elif ended and not (
        _ends_with_calls(context, site, ended) or _ends_with_errors(context, site, facts, ended)
    ):
        why = _("openai 1.0 and later have no {names}", names=listed(ended))
        context.hinder(site.id, item("legacy-name", site, why, name=ended[0]))
    elif any(surface.client_class(path) for path in paths) or paths[0].split(".")[0] == "openai":
        context.leave(site.id, _(_SDK_STAYS))
    else:
        context.leave(
            site.id, _("a framework's import stays with its client, which is looked at by itself")
        )


def _ends_with_calls(context: Context, site: Site, ended: list[str]) -> bool:
    """Whether what is imported are classes whose calls in the file are all upgraded."""
    classes = [surface.legacy_class(path) for path in ended]
    return all(one is not None and one.methods for one in classes) and not any(
        facts.legacy and one.path == site.path for one, facts in context.calls()
    )


def _ends_with_errors(context: Context, site: Site, facts: ImportFacts, ended: list[str]) -> bool:
    """Whether what is imported is the module of errors, and each of these got another name."""
    local = next((name for path, name in facts.names if path == _ERRORS), "")
    tree = context.upgrade.files.tree(site.path) if context.upgrade.files is not None else None
    if not local or ended != [_ERRORS] or tree is None:
        return False
    renamed = [
        one
        for one, _ in context.with_facts(Kind.EXCEPTION, NameFacts)
        if one.path == site.path and one.code.startswith(f"{local}.") and context.edits[one.id]
    ]
    named = [one for one in ast.walk(tree) if isinstance(one, ast.Name) and one.id == local]
    return len(named) == len(renamed)


def _is_before_one(path: str) -> bool:
    """Whether a path ended with openai 0.28."""
    return surface.is_legacy_module(path) or surface.legacy_class(path) is not None


def _sdk_name(context: Context, site: Site, name: str) -> None:
    if context.edits.get(site.id) or context.moves(site.id) or site.id in context.left:
        return
    before = _is_before_one(name) or surface.exception_now(name)
    if before and context.keeps(site.path):
        context.leave(site.id, _(_OLD_STAYS))
    elif before:
        now = surface.exception_now(name)
        why = (
            _("openai 1.0 and later call it {now}", now=now)
            if now
            else _("openai 1.0 and later lack {name}", name=name)
        )
        context.hinder(site.id, item("legacy-name", site, why, name=name))
    else:
        context.leave(site.id, _(_STAYS))


# -- addresses ------------------------------------------------------------------------------------


def _address(context: Context, site: Site, facts: NameFacts) -> None:
    """A literal address of OpenAI's, or a request to one."""
    place = Place(site.path, site.span)
    if place in context.addresses or any(within(place, gone) for gone in context.replaced):
        covering = [
            edit
            for edits in [*context.edits.values()]
            for edit in edits
            if edit.path == site.path and edit.codemod != "marker" and within(place, edit.place)
        ]
        if covering:
            context.share(covering[-1], site.id)
        else:
            context.convert(site.id, _("the client that it was written for is redirected"))
        return
    if site.in_tests and site.certainty is Certainty.PROVEN:
        why = _("something that asks for it stays on OpenAI")
        context.hinder(site.id, item("address-expected", site, why, base_url=context.base_url))
        return
    if facts.role == LISTED:
        why = _("what the code does on it was not followed")
        new = urlsplit(context.base_url).netloc
        told = {"name": facts.name, "provider": context.provider.name, "new": new}
        context.hinder(site.id, item("address-listed", site, why, (), told))
        return
    details = {"base_url": context.base_url, "key": context.provider.key_variable}
    if facts.role == AZURE:
        why = _(
            "Azure's paths name a deployment and a version, and its key has a header of its own"
        )
        context.hinder(site.id, item("raw-http-azure", site, why, (), details))
        return
    if askers := context.askers.get(place):
        why = _("it is the address of {places}", places=context.places(askers))
        context.hinder(site.id, item("address-waits", site, why, address=site.detail))
        return
    if not surface.route_of(facts.name) and facts.role in _BASES:
        why = _("no client, request or setting was found that it reaches")
        told = {**details, "address": facts.name, "variable": context.provider.base_url_variable}
        context.hinder(site.id, item("address-untraced", site, why, (), told))
        return
    why = _("the address is OpenAI's, and no client of the openai package speaks to it")
    code = "raw-http" if site.certainty is Certainty.PROVEN else "raw-http-untraced"
    context.hinder(site.id, item(code, site, why, (), details))
