"""Types and imports of the openai package that follow its clients into the SDK."""

from __future__ import annotations

import ast
import re

from migrator.analysis import surface
from migrator.analysis.extract.patches import METHOD, NARROW, PATCH
from migrator.analysis.sites import ImportFacts, Kind, NameFacts, Place, Site
from migrator.edits import ClientConstruction, Edit, ReplaceExpression, ReplaceString
from migrator.language import _
from migrator.planning import syntax
from migrator.planning.context import Context, within
from migrator.planning.messages import item
from migrator.planning.sdk import exceptions
from migrator.planning.sdk.annotations import clients_meant
from migrator.sdks import OwnSdk
from migrator.source import tree_of

CODEMOD = "sdk-name"
_OPENAI = "openai"


def decide(context: Context) -> None:
    """Plan the types that follow, and let imports follow what they are for."""
    sdk = context.sdk
    if sdk is None or not context.sdk_clients:
        return
    for site, facts in context.with_facts(Kind.TYPE_REF, NameFacts):
        if not context.edits.get(site.id) and site.id not in context.hindrances:
            _type(context, sdk, site, facts)
    for site, imported in context.with_facts(Kind.IMPORT, ImportFacts):
        edit = _that_ends(context, site, imported)
        if edit is not None:
            context.share(edit, site.id)


def is_ended(context: Context, site: Site, facts: ImportFacts) -> bool:
    """Whether nothing reads any more what an import of the openai package binds."""
    return _that_ends(context, site, facts) is not None


# -- types -----------------------------------------------------------------------------------------


def _type(context: Context, sdk: OwnSdk, site: Site, facts: NameFacts) -> None:
    if facts.role == METHOD:
        _patched(context, sdk, site, facts)
        return
    known = surface.client_class(facts.name)
    if known is not None:
        there = sdk.client(asynchronous=known.asynchronous)
        meant = clients_meant(context, site, asynchronous=known.asynchronous)
        kinds = {one in context.sdk_clients for one in meant}
        if kinds == {True, False}:
            why = _("clients of both packages go by it")
            told = {"name": facts.name, "sdk": sdk.name, "new": there}
            context.hinder(site.id, item("sdk-type-mixed", site, why, (), told))
        if kinds != {True}:
            return
    else:
        kept = exceptions.others(context) or is_constructed(context, site)
        there = "" if kept else sdk.type(facts.name)
    if there:
        _name(context, sdk, site, facts, there)


def _patched(context: Context, sdk: OwnSdk, site: Site, facts: NameFacts) -> None:
    """What a test puts something in the place of is the method that the SDK calls."""
    owner, _unused, method = facts.name.rpartition(".")
    there = "" if exceptions.others(context) else sdk.type(owner)
    if there:
        instruction = ReplaceString(f"{there}.{method}")
        why = _("{sdk} calls it {there}", sdk=sdk.name, there=there)
        context.edit(Edit(site.path, site.span, CODEMOD, instruction, (site.id,), why))
        return
    why = _("what goes by the SDK does not come this way any more")
    told = {"name": facts.name, "sdk": sdk.name}
    context.hinder(site.id, item("sdk-patch", site, why, sdk.sources, told))


def is_constructed(context: Context, site: Site) -> bool:
    """Whether an object is made of a type, as for the answer of a fake: its fields are openai's."""
    source = context.sources.get(site.path)
    found = next(iter(syntax.ancestors(source, site.span)), None) if source is not None else None
    if found is None or not found[1]:
        return False
    outer = found[1][-1]
    return isinstance(outer, ast.Call) and outer.func is found[0]


def _name(context: Context, sdk: OwnSdk, site: Site, facts: NameFacts, there: str) -> None:
    why = _("{sdk} calls it {there}", sdk=sdk.name, there=there)
    new = there.rpartition(".")[2]
    instruction: ReplaceString | ReplaceExpression
    if facts.role in {PATCH, NARROW}:
        owner = str(ast.literal_eval(site.code)).rpartition(".")[0]
        owner = there.rpartition(".")[0] if owner == _OPENAI else owner
        instruction = ReplaceString(f"{owner}.{new}" if owner else new)
    elif site.code.startswith(("'", '"')):
        quote = site.code[0]
        instruction = ReplaceExpression(f"{quote}{new}{quote}", (there,))
    else:
        instruction = ReplaceExpression(new, (there,) if "." in there else ())
    context.edit(Edit(site.path, site.span, CODEMOD, instruction, (site.id,), why))


# -- imports ---------------------------------------------------------------------------------------


def _that_ends(context: Context, site: Site, facts: ImportFacts) -> Edit | None:
    """An edit that takes the last use of what an import binds away; None where it is still used."""
    source = context.sources.get(site.path)
    tree = tree_of(source.text) if source is not None else None
    whole = facts.names and not site.path.endswith("__init__.py")
    if source is None or tree is None or not whole or facts.module.partition(".")[0] != _OPENAI:
        return None
    bound = {local.partition(".")[0] for _, local in facts.names}
    used = [one for one in ast.walk(tree) if isinstance(one, ast.Name) and one.id in bound]
    ends = [_end_of(context, Place(site.path, source.span_of(one)), one.id) for one in used]
    return ends[-1] if ends and None not in ends else None


def _end_of(context: Context, place: Place, name: str) -> Edit | None:
    """The edit that takes a use of a name away."""
    for edit in _edits_in(context, place.path):
        if within(place, edit.place) and _names_once(context, edit, name):
            return edit
    return None


def _names_once(context: Context, edit: Edit, name: str) -> bool:
    """Whether a name stands once where an edit does: it is the class that is replaced."""
    return len(re.findall(rf"\b{name}\b", context.sources[edit.path].slice(edit.span))) == 1


def _edits_in(context: Context, path: str) -> list[Edit]:
    """The edits of a file that write a name of the SDK in the place of one of openai's."""
    return [
        edit
        for site_id, held in context.edits.items()
        for edit in held
        if edit.path == path
        and (edit.codemod in {CODEMOD, exceptions.CODEMOD} or _constructs(context, site_id, edit))
    ]


def _constructs(context: Context, site_id: str, edit: Edit) -> bool:
    return site_id in context.sdk_clients and isinstance(edit.instruction, ClientConstruction)
