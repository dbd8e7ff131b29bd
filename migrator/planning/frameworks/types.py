"""Annotations and checks that name a framework's class, which becomes another one."""

from __future__ import annotations

from collections import defaultdict

from migrator.analysis.extract.patches import NARROW, PATCH
from migrator.analysis.sites import Kind, NameFacts
from migrator.edits import Edit, ReplaceExpression, ReplaceString
from migrator.language import _
from migrator.planning.context import Context
from migrator.planning.frameworks import recipe_for
from migrator.planning.messages import item

_QUOTES = ("'", '"')


def follow(context: Context) -> None:
    """Plan the edits of what names a class of which every object becomes one of another class."""
    becomes = _classes_that_go(context)
    for site, facts in context.with_facts(Kind.TYPE_REF, NameFacts):
        new = becomes.get(facts.name)
        if new is None:
            continue
        why = _("the objects are of `{new}` now", new=new)
        if facts.role in {PATCH, NARROW}:
            edit = Edit(site.path, site.span, "patch-target", ReplaceString(new), (site.id,), why)
            context.edit(edit)
        elif site.code.startswith(_QUOTES):
            name = facts.name.rpartition(".")[2]
            context.hinder(site.id, item("name-untraced", site, why, (), {"name": name}))
        else:
            instruction = ReplaceExpression(new.rpartition(".")[2], (new,))
            edit = Edit(site.path, site.span, "replace-expression", instruction, (site.id,), why)
            context.edit(edit)


def _classes_that_go(context: Context) -> dict[str, str]:
    """What the classes become of which no object stays."""
    moves: defaultdict[str, set[bool]] = defaultdict(set)
    for site, client, _unused in context.senders():
        moves[client.class_name].add(site.id in context.moved_calls)
    known = ((path, recipe_for(context, path)) for path, moved in moves.items() if moved == {True})
    return {
        path: told.becomes for path, told in known if told is not None and told.becomes is not None
    }
