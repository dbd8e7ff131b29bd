"""Imports whose names may stay: what they name is imported from the SDK, under the same name.

from openai import APITimeoutError  ->  from zai.core import APITimeoutError
"""

from __future__ import annotations

import ast

from migrator.analysis.sites import ImportFacts, Kind, NameFacts, Place, Site
from migrator.edits import Edit, ImportedNames
from migrator.language import _
from migrator.planning.context import Context
from migrator.planning.sdk.names import is_constructed
from migrator.planning.sdk.raising import Raising
from migrator.sdks import OwnSdk
from migrator.source import tree_of

CODEMOD = "sdk-import"


def decide(context: Context) -> None:
    """Plan the imports of names that are called so by the SDK too, or that have an alias."""
    sdk = context.sdk
    if sdk is None or not context.sdk_clients:
        return
    raising = Raising(context)
    for site, facts in context.with_facts(Kind.IMPORT, ImportFacts):
        if not context.edits.get(site.id):
            _import(context, sdk, raising, site, facts)


def _import(
    context: Context, sdk: OwnSdk, raising: Raising, site: Site, facts: ImportFacts
) -> None:
    moved: dict[str, str] = {}
    ended: list[str] = []
    for path, local in facts.names:
        there = _there(sdk, path)
        named = there and local in {there.rpartition(".")[2], *_aliases(path, local)}
        uses = _uses(context, raising, site, local) if named else None
        if uses:
            moved[path.rpartition(".")[2]] = there
            ended += uses
    if not moved:
        return
    module = next(iter(moved.values())).rpartition(".")[0]
    names = tuple((old, _within(new, module)) for old, new in moved.items())
    why = _("{sdk} has it", sdk=sdk.name)
    ids = (site.id, *ended)
    edit = Edit(site.path, site.span, CODEMOD, ImportedNames(module, names), ids, why)
    context.edit(edit)


def _there(sdk: OwnSdk, path: str) -> str:
    """What a name of the openai package is there, where that is one class."""
    raised = sdk.raised(path)
    if raised is not None:
        return raised.classes[0] if len(raised.classes) == 1 and not raised.statuses else ""
    return sdk.type(path)


def _aliases(path: str, local: str) -> tuple[str, ...]:
    return () if path.rpartition(".")[2] == local else (local,)


def _within(path: str, module: str) -> str:
    """A name of a module, and the whole path of any other's."""
    owner, _unused, name = path.rpartition(".")
    return name if owner == module else path


def _uses(context: Context, raising: Raising, site: Site, local: str) -> list[str] | None:
    """The ids of the sites that use a name that is imported; None where something else does."""
    source = context.sources.get(site.path)
    tree = tree_of(source.text) if source is not None else None
    if source is None or tree is None or site.path.endswith("__init__.py"):
        return None
    named = {
        Place(one.path, one.span): one.id
        for one in context.sites
        if one.path == site.path
        and isinstance(one.facts, NameFacts)
        and one.kind in {Kind.EXCEPTION, Kind.TYPE_REF}
        and one.id not in context.hindrances
        and not is_constructed(context, one)
        and not raising.is_beside(one)
    }
    places = [
        Place(site.path, source.span_of(node))
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == local
    ]
    found = [named.get(place) for place in places]
    return [one for one in found if one] if found and all(found) else None
