"""Tables keyed by a model's name: an entry for the new name where its value is a known fact."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from migrator.analysis import surface
from migrator.analysis.sites import ModelFacts, Place, Site, TableEntry
from migrator.edits import Edit, Parameters
from migrator.language import _, apart
from migrator.planning import branches
from migrator.planning.context import Context, within
from migrator.planning.messages import item
from migrator.providers import Model

# What a table of context lengths is called.
_CONTEXT = re.compile(r"context|window|token_?limit|max_?input", re.IGNORECASE)
_NAMED = re.compile(r"(\w+)\s*(?::[^=\n]*)?=\s*\Z")


@dataclass(frozen=True)
class _Missing:
    """A new name that a table has no entry for, at the entry of the old one."""

    site: Site
    old: str
    new: str
    strict: bool


def decide(context: Context) -> None:
    """Plan every entry of a table that is asked for a name that became another."""
    missing: defaultdict[Place, list[_Missing]] = defaultdict(list)
    for site, facts in context.models():
        if facts.table is not None and site.id not in context.choices:
            for one in _decide_entry(context, site, facts, facts.table):
                missing[facts.table.display].append(one)
    for several in missing.values():
        _tell_missing(context, several)
    moved = [_place(facts) for site, facts in context.models() if site.id in context.choices]
    for site, facts in context.models():
        if facts.role == "table" and not context.is_settled(site.id):
            _leave_choice(context, site, facts, moved)


def _leave_choice(context: Context, site: Site, facts: ModelFacts, moved: list[Place]) -> None:
    """A key that is a choice of the program's own: what it leads to names the model, and moves."""
    source = context.sources.get(site.path)
    if source is None:
        return
    span = branches.branches(source.text).entry(facts.literal.span)
    value = Place(site.path, span) if span is not None else None
    if value is not None and any(within(one, value) for one in moved):
        context.leave(site.id, _("the program chooses by it, and the model that it leads to moves"))


def _place(facts: ModelFacts) -> Place:
    return Place(facts.literal.path, facts.literal.span)


def _decide_entry(
    context: Context, site: Site, facts: ModelFacts, table: TableEntry
) -> Iterator[_Missing]:
    """Leave or extend an entry; gives the new names that only a person can make entries for."""
    moved = {
        new
        for one in table.asked
        if (choice := context.choices.get(one)) is not None and choice.openai == facts.model
        for new in (choice.model,)
        if new is not None
    }
    missing = sorted(new for new in moved if not _has(context, table, new))
    if not moved and table.asked and table.known:
        context.leave(site.id, _("nothing that moves asks for it"))
    elif moved and not missing:
        context.leave(site.id, _("the table has an entry for what it became"))
    for new in missing:
        if not _extend(context, site, facts, table, new):
            yield _Missing(site, facts.model, new, table.strict)


def _tell_missing(context: Context, several: list[_Missing]) -> None:
    """One item for a table."""
    first = several[0]
    known = {one.new: context.provider.model(one.new) for one in several}
    lengths = [f"{new}: {one.context:,}" for new, one in known.items() if one and one.context]
    details = {
        "news": _("`, `").join(known),
        "olds": _("`, `").join(dict.fromkeys(one.old for one in several)),
        "context": apart(lengths) or _("not known here"),
    }
    why = _("the moved names are looked up here, and the new ones are no keys of it")
    sources = dict.fromkeys(source for one in known.values() if one for source in one.sources)
    code = "model-table-missing" if first.strict else "model-table-default"
    sites = [one.site for one in several]
    told = item(code, first.site, why, sources, details, also=sites)
    for site in sites:
        context.hinder(site.id, told)


def _has(context: Context, table: TableEntry, name: str) -> bool:
    """Whether the table has an entry of that name already."""
    source = context.sources.get(table.display.path)
    text = source.slice(table.display.span) if source is not None else ""
    return re.search(rf"""(['"]){re.escape(name)}\1\s*:""", text) is not None


def _extend(context: Context, site: Site, facts: ModelFacts, table: TableEntry, new: str) -> bool:
    """Plan an entry for a new name; False where its value is not known."""
    known = context.provider.model(new)
    value = _value(context, facts, table, known) if known is not None else None
    if value is None or known is None:
        return False
    spelled = f"{value:_}" if "_" in table.spelled else str(value)
    instruction = Parameters(add=((new, spelled),))
    place = table.display
    why = _("`{model}` became `{new}`, which is looked up here", model=facts.model, new=new)
    context.edit(Edit(place.path, place.span, "parameters", instruction, (site.id,), why))
    told = {"model": facts.model, "new": new, "value": spelled}
    context.note(site.id, item("model-table-extended", site, why, known.sources, told))
    return True


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
    start, _unused = source.bounds(table.display.span)
    found = _NAMED.search(source.text[max(0, start - 200) : start])
    return found[1] if found else ""
