"""A client that serves what moves and what cannot: written twice, where it is plain who asks it.

What cannot move asks the second one, which stays as the first was. The first has to be assigned to
a variable or to an attribute of `self`, and be asked by that very name. The second is made when it
is asked for, where that is possible: a program whose old key is gone still has to start.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from migrator.analysis.sites import CallFacts, ClientFacts, Destination, Place, Site, Span
from migrator.edits import Edit, ReplaceExpression, SecondClient
from migrator.planning import syntax
from migrator.planning.messages import item

if TYPE_CHECKING:
    from migrator.planning.context import Context

# What the name of the second client begins with.
_PREFIXES = ("openai", "kept")


@dataclass(frozen=True)
class Asked:
    """A call of the second client: its id, where it names the first, the module that it imports
    it from ("" in the file that makes it)."""

    call: str
    place: Place
    module: str


@dataclass(frozen=True)
class Split:
    """A client and the second one beside it, with the calls that ask the second.

    `form` is that of SecondClient, or inline: constructed where it is asked. `construction` is how
    the second is made if not as the first.
    """

    client: str
    name: str
    second: str
    form: str
    construction: str
    calls: tuple[Asked, ...]


def splits(context: Context, unmovable: Iterable[str]) -> Mapping[str, Split]:
    """The clients that can be written twice, by id, for calls that cannot move."""
    asked: defaultdict[str, list[str]] = defaultdict(list)
    for call in unmovable:
        facts = context.call(call)
        for one in facts.clients if facts is not None else ():
            asked[one].append(call)
    found: dict[str, Split] = {}
    for site, client in context.clients():
        served = set(client.calls) - set(asked[site.id])
        if asked[site.id] and served and site.id not in context.hindrances:
            made = _split(context, site, client, asked[site.id])
            if made is not None:
                found[site.id] = made
    return _apart(context, _whole(context, found))


def _apart(context: Context, found: Mapping[str, Split]) -> dict[str, Split]:
    """Two clients of one name cannot both have a definition: they are kept at once, each."""
    count = Counter((context.by_id[one.client].path, one.name) for one in found.values())
    return {
        key: replace(one, form="assignment")
        if count[context.by_id[key].path, one.name] > 1
        else one
        for key, one in found.items()
    }


def _whole(context: Context, found: Mapping[str, Split]) -> dict[str, Split]:
    """Only those whose calls ask no other client than such as are written twice under one name."""
    kept = dict(found)
    while True:
        gone = [one for one in kept.values() if not all(_agree(context, kept, one))]
        if not gone:
            return kept
        for one in gone:
            del kept[one.client]


def _agree(context: Context, kept: Mapping[str, Split], split: Split) -> Iterable[bool]:
    for one in split.calls:
        facts = context.call(one.call)
        for client in facts.clients if facts is not None else ():
            other = kept.get(client)
            yield other is not None and other.second == split.second


def _split(context: Context, site: Site, client: ClientFacts, calls: list[str]) -> Split | None:
    source = context.sources.get(site.path)
    fits = client.form == "call" and client.destination is not Destination.UNKNOWN
    if source is None or not fits or not _is_self_contained(site, client):
        return None
    target = syntax.assigned(source.text, site.span)
    if target is None:
        return None
    places = [
        asked
        for call in calls
        if (facts := context.call(call)) is not None
        and (asked := _receiver(context, site, target, call, facts)) is not None
    ]
    if len(places) < len(calls) or any(one in context.options.held for one in (site.id, *calls)):
        return None
    second = _free_name(context, target.name, {site.path, *(one.place.path for one in places)})
    if second is None:
        return None
    written = source.slice(site.span)
    construction = written
    for name in _given_to_one(client):
        construction = syntax.without(construction, name)
    construction = construction if construction != written else ""
    form = _form(source.text, site.span, target, construction or written)
    if form != "function" and any(one.module for one in places):
        return None
    return Split(site.id, target.name, second, form, construction, tuple(places))


def _given_to_one(client: ClientFacts) -> list[str]:
    """What cannot be meant for two providers: an address or a key that is no variable's."""
    return [
        one.name
        for one in client.arguments
        if one.sources is not None
        and (one.sources.handed_in or (one.name == "api_key" and not one.sources.reads))
    ]


def _form(text: str, span: Span, target: syntax.Target, construction: str) -> str:
    if target.scope and not target.name.startswith("self."):
        return "inline"
    if syntax.needs_locals(text, span, construction) or "__slots__" in text:
        return "assignment"
    return "property" if target.name.startswith("self.") else "function"


def _is_self_contained(site: Site, client: ClientFacts) -> bool:
    """Whether its address is written in the construction itself: the second keeps the old one."""
    handed_in = (
        one.sources for one in client.arguments if one.sources is not None and one.sources.handed_in
    )
    written = [Place(one.path, one.span) for one in client.base_url_literals]
    written += [one.place for sources in handed_in for one in sources.reads if one.place]
    return all(one.path == site.path and site.span.holds(one.span) for one in written)


def _free_name(context: Context, name: str, paths: Iterable[str]) -> str | None:
    """What the second client is called: `self.openai_client` beside `self.client`.

    None where every such name is taken in one of the files.
    """
    owner, dot, last = name.rpartition(".")
    bare = last.lstrip("_")
    lead = last[: len(last) - len(bare)]
    taken = frozenset().union(*map(context.words, paths))
    for prefix in _PREFIXES:
        new = f"{lead}{prefix.upper() if bare.isupper() else prefix}_{bare}"
        if prefix not in bare.lower() and new not in taken:
            return f"{owner}{dot}{new}"
    return None


def _receiver(
    context: Context, site: Site, target: syntax.Target, call: str, facts: CallFacts
) -> Asked | None:
    """Where a call names the client, if it does so as the construction does, or by an import."""
    place, source = facts.callee, context.sources.get(facts.callee.path)
    if source is None or facts.http is not None or facts.module_client:
        return None
    name, module = target.name, ""
    if place.path != site.path:
        if target.scope:
            return None
        found = syntax.imported(source.text, place.span, target.name)
        if found is None or not _leads_to(place.path, found.module, site.path):
            return None
        name, module = found.local, found.module
    elif not syntax.sees(source.text, place.span, target):
        return None
    if not source.slice(place.span).startswith(name + "."):
        return None
    span = place.span
    here = Place(place.path, Span(span.line, span.column, span.line, span.column + len(name)))
    return Asked(call, here, module)


def _leads_to(importer: str, module: str, path: str) -> bool:
    """Whether a module's name, as a file imports it, means the file of that path."""
    dotted = module.lstrip(".")
    level = len(module) - len(dotted)
    stem = path.rpartition(".")[0].removesuffix("/__init__")
    tail = dotted.replace(".", "/")
    if not level:
        return stem == tail or stem.endswith("/" + tail)
    folders = importer.split("/")[:-level]
    return "/".join([*folders, *([tail] if tail else [])]) == stem


def decide(context: Context) -> None:
    """Plan the second client of every split whose client moves."""
    for split in context.splits.values():
        site = context.by_id[split.client]
        provider = context.provider.name
        why = f"{provider} does not serve what asks it"
        calls = tuple(one.call for one in split.calls)
        if split.form != "inline":
            instruction = SecondClient(split.second, split.form, split.construction)
            context.edit(Edit(site.path, site.span, "second-client", instruction, (site.id,), why))
        asked = {
            "inline": split.construction or context.sources[site.path].slice(site.span),
            "function": f"{split.second}()",
        }.get(split.form, split.second)
        for one in split.calls:
            needs = (f"{one.module}.{split.second}",) if one.module else ()
            expression = ReplaceExpression(asked, needs)
            context.edit(
                Edit(one.place.path, one.place.span, "second-client", expression, (one.call,), why)
            )
        details = {"name": asked, "provider": provider, "calls": context.places(calls)}
        context.note(site.id, item("client-kept", site, why, (), details))
