"""Tables keyed by a model's name: an entry for the new name where its value is a known fact."""

from __future__ import annotations

import re

from migrator.analysis import surface
from migrator.analysis.sites import ModelFacts, Place, Site, TableEntry
from migrator.edits import Edit, Parameters
from migrator.planning import branches
from migrator.planning.context import NOTEBOOK, Context, within
from migrator.planning.messages import item
from migrator.providers import Model

# What a table of context lengths is called.
_CONTEXT = re.compile(r"context|window|token_?limit|max_?input", re.IGNORECASE)
_NAMED = re.compile(r"(\w+)\s*(?::[^=\n]*)?=\s*\Z")


def decide(context: Context) -> None:
    """Plan every entry of a table that is asked for a name that became another."""
    for site, facts in context.models():
        if facts.table is not None and site.id not in context.choices:
            _decide_entry(context, site, facts, facts.table)
    moved = [_place(facts) for site, facts in context.models() if site.id in context.choices]
    for site, facts in context.models():
        if facts.role == "table" and not context.is_settled(site.id):
            _leave_choice(context, site, facts, moved)


def _leave_choice(context: Context, site: Site, facts: ModelFacts, moved: list[Place]) -> None:
    """A key that is a choice of the program's own: what it leads to names the model, and moves."""
    source = context.sources.get(site.path)
    if source is None or site.path.endswith(NOTEBOOK):
        return
    span = branches.branches(source.text).entry(facts.literal.span)
    value = Place(site.path, span) if span is not None else None
    if value is not None and any(within(one, value) for one in moved):
        context.leave(site.id, "the program chooses by it, and the model that it leads to moves")


def _place(facts: ModelFacts) -> Place:
    return Place(facts.literal.path, facts.literal.span)


def _decide_entry(context: Context, site: Site, facts: ModelFacts, table: TableEntry) -> None:
    moved = {
        new
        for one in table.asked
        if (choice := context.choices.get(one)) is not None and choice.openai == facts.model
        for new in (choice.model,)
        if new is not None
    }
    missing = sorted(new for new in moved if not _has(context, table, new))
    if not moved and table.asked and table.known:
        context.leave(site.id, "nothing that moves asks for it")
    elif moved and not missing:
        context.leave(site.id, "the table has an entry for what it became")
    for new in missing:
        _extend(context, site, facts, table, new)


def _has(context: Context, table: TableEntry, name: str) -> bool:
    """Whether the table has an entry of that name already."""
    source = context.sources.get(table.display.path)
    text = source.slice(table.display.span) if source is not None else ""
    return re.search(rf"""(['"]){re.escape(name)}\1\s*:""", text) is not None


def _extend(context: Context, site: Site, facts: ModelFacts, table: TableEntry, new: str) -> None:
    known = context.provider.model(new)
    value = _value(context, facts, table, known) if known is not None else None
    if value is None or known is None:
        length = f"{known.context:,}" if known is not None and known.context else "not known here"
        why = "the moved name is looked up here, and the new one is no key of it"
        code = "model-table-missing" if table.strict else "model-table"
        told = {"model": facts.model, "new": new, "context": length}
        context.hinder(site.id, item(code, site, why, known.sources if known else (), told))
        return
    spelled = f"{value:_}" if "_" in table.spelled else str(value)
    instruction = Parameters(add=((new, spelled),))
    place = table.display
    why = f"`{facts.model}` became `{new}`, which is looked up here"
    context.edit(Edit(place.path, place.span, "parameters", instruction, (site.id,), why))
    told = {"model": facts.model, "new": new, "value": spelled}
    context.note(site.id, item("model-table-extended", site, why, known.sources, told))


def _value(context: Context, facts: ModelFacts, table: TableEntry, new: Model) -> int | None:
    """The value of the new entry, where the table holds what the profile knows."""
    if type(table.value) is not int:
        return None
    old = surface.model(facts.model)
    if old is not None and old.dimension is not None:
        same = table.value == old.dimension
        kept = context.provider.embedding_dimensions(table.value, new.id) if same else None
        return table.value if kept == table.value else None
    by_value = old is not None and old.context == table.value
    return new.context if by_value or _CONTEXT.search(_name(context, table)) else None


def _name(context: Context, table: TableEntry) -> str:
    """What the table is assigned to."""
    source = context.sources.get(table.display.path)
    if source is None:
        return ""
    start, _ = source.bounds(table.display.span)
    found = _NAMED.search(source.text[max(0, start - 200) : start])
    return found[1] if found else ""
