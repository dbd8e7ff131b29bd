"""The dictionaries that a Responses request is made of, as a chat request has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from migrator.analysis.sites import Argument, CallFacts, Item, Origin, Place, Site
from migrator.edits import Edit, Instruction, Lifted, Nested, Parameters
from migrator.language import apart, listed
from migrator.planning import syntax
from migrator.planning.context import Context, within
from migrator.planning.reshaping.knowledge import Form, forms

_TYPE, _TEXT = "type", "text"
_WRITTEN = frozenset({Origin.DICT_ENTRY, Origin.DICT_KEYWORD})


def form_of(item: Item) -> Form | None:
    """The form that a dictionary has in a chat request; None where it cannot be told."""
    kind = _kind(item)
    names = {entry.name for entry in item.entries}
    if kind is None or any(entry.container != item.place for entry in item.entries):
        return None
    if any(entry.origin not in _WRITTEN for entry in item.entries):
        return None
    read = {entry.name for entry in item.entries if entry.read}
    found = (one for one in forms(item.of) if one.type == kind and not read & one.changes)
    return next((one for one in found if one.needs <= names <= one.takes), None)


def _kind(item: Item) -> str | None:
    """What the `type` of a dictionary says, empty where it has none; None where nobody knows."""
    kinds = {entry.value if isinstance(entry.value, str) else None for entry in _named(item, _TYPE)}
    return next(iter(kinds or {""})) if len(kinds) < 2 else None


def _named(item: Item, name: str) -> Iterator[Argument]:
    return (entry for entry in item.entries if entry.name == name)


def are_sayable(facts: CallFacts, *kinds: str) -> bool:
    """Whether all dictionaries of some parts of a request are known, and have a form in chat."""
    known = facts.body.traced >= set(kinds)
    return known and all(form_of(one) is not None for one in facts.body.of(*kinds))


def formless(facts: CallFacts, *kinds: str) -> str:
    """Where the dictionaries stand that have no form in chat, for people to read."""
    lines: defaultdict[str, set[int]] = defaultdict(set)
    for one in facts.body.of(*kinds):
        if form_of(one) is None:
            lines[one.place.path].add(one.place.span.line)
    return apart(
        f"{path}:{listed(map(str, sorted(found)))}" for path, found in sorted(lines.items())
    )


def edit(context: Context, site: Site, facts: CallFacts, codemod: str, why: str) -> None:
    """Give the dictionaries of a request the form that they have in a chat request."""
    texts = _single_texts(context, facts)
    for item in facts.body.items:
        form = form_of(item)
        assert form is not None, "a call of which a dictionary has no form does not move"
        made = [Lifted(_TEXT)] if item.place in texts else _instructions(item, form)
        for instruction in made:
            place = (item.place.path, item.place.span)
            context.edit(Edit(*place, codemod, instruction, (site.id,), why))
    for lifted in texts.values():
        context.edit(Edit(lifted.path, lifted.span, codemod, Lifted(), (site.id,), why))


def are_single_texts(context: Context, facts: CallFacts) -> bool:
    """Whether each list of content parts is one text, which a chat request has in its place."""
    parts = facts.body.of("content")
    return bool(parts) and len(_single_texts(context, facts)) == len(parts)


def _single_texts(context: Context, facts: CallFacts) -> dict[Place, Place]:
    """The texts that are all the content of their message, each with the list that it is in."""
    found = {}
    for message in facts.body.of("input"):
        for content in _named(message, "content"):
            source = context.sources.get(content.place.path)
            alone = source is not None and syntax.listed(source.text, content.place.span) == 1
            parts = [one for one in facts.body.of("content") if within(one.place, content.place)]
            if alone and len(parts) == 1 and parts[0].entry(_TEXT) is not None:
                found[parts[0].place] = content.place
    return found


def _instructions(item: Item, form: Form) -> Iterator[Instruction]:
    names = {entry.name for entry in item.entries}
    if form.nest is not None:
        key, pairs = form.nest
        yield Nested(key, tuple(pair for pair in pairs if pair[0] in names))
    if form.lift:
        yield Lifted(form.lift)
        return
    changes = Parameters(
        drop=tuple(sorted(form.drop & names)),
        rename=form.rename,
        replace=form.replace,
        compose=form.compose,
    )
    if changes != Parameters():
        yield changes


def nested(value: Any) -> Any:
    """The value of flat definitions of functions as the chat request has it."""
    if isinstance(value, list):
        return [nested(one) for one in value]
    for form in forms("tools"):
        if isinstance(value, Mapping) and value.get(_TYPE) == form.type and form.nest is not None:
            key, pairs = form.nest
            inner = {new: value[old] for old, new in pairs if old in value}
            others = {name: one for name, one in value.items() if name not in dict(pairs)}
            return {**others, key: inner}
    return value
