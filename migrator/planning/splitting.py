"""A client that serves what moves and what cannot: written twice, where it is plain who asks it.

What cannot move asks the second one, which stays as the first was. The first has to be assigned to
a variable or to an attribute of `self`, and be asked by that very name. The second is made when it
is asked for, where that is possible: a program whose old key is gone still has to start.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from migrator.analysis.sites import CallFacts, ClientFacts, Destination, Place, Site, Span
from migrator.edits import ClientBeside, ClientConstruction, Edit, ReplaceExpression, SecondClient
from migrator.language import _, marked
from migrator.planning import facts as knowledge
from migrator.planning import syntax
from migrator.planning.messages import item

if TYPE_CHECKING:
    from migrator.planning.context import Context
    from migrator.planning.variables import Variables

_VERB = re.compile(r"(?:get|make|create|build|new)_")
# What the name of the second client begins with.
_PREFIXES = ("openai", "kept")
_NOT_READ = marked(
    "a .env file that only the settings class reads is not read into the environment"
)
_ADDRESSES = frozenset({"base_url", "azure_endpoint"})
_SETTINGS = frozenset({"api_key", *_ADDRESSES})


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


Splitting = Callable[["Context", Site, ClientFacts, list[str]], Split | None]


@dataclass(frozen=True)
class Second:
    """A client that is written beside one of another provider's.

    `by_settings`: that one gets its key from the field of a settings class.
    """

    split: Split
    site: Site
    facts: ClientFacts
    by_settings: bool = False


def splits(context: Context, unmovable: Iterable[str]) -> Mapping[str, Split]:
    """The clients that can be written twice, by id, for calls that cannot move."""
    return _apart(context, _found(context, unmovable, _split))


def parted(context: Context, calls: Iterable[str], prefix: str) -> Mapping[str, Split]:
    """The clients beside which another can be written, by id, for calls of another provider.

    Its name begins with the prefix. It is made at once: its key is as much needed as the other's.
    """
    return _found(context, calls, partial(_parted, prefix=prefix))


def _found(context: Context, calls: Iterable[str], split: Splitting) -> dict[str, Split]:
    asked: defaultdict[str, list[str]] = defaultdict(list)
    # A row asks no client: what starts its batch does.
    rows = {site.id for site, facts in context.calls() if facts.in_batch}
    for call in calls:
        facts = context.call(call)
        for one in facts.clients if facts is not None and call not in rows else ():
            asked[one].append(call)
    found: dict[str, Split] = {}
    for site, client in context.clients():
        served = set(client.calls) - rows - set(asked[site.id])
        if asked[site.id] and served and site.id not in context.hindrances:
            made = split(context, site, client, asked[site.id])
            if made is not None:
                found[site.id] = made
    return _whole(context, found)


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
    if not _is_self_contained(site, client):
        return None
    found = _asked(context, site, client, calls, _PREFIXES)
    if found is None:
        return None
    target, second, places = found
    source = context.sources[site.path]
    written = source.slice(site.span)
    construction = written
    handed_in = _given_to_one(client)
    if client.azure and not {*handed_in}.isdisjoint(_ADDRESSES):
        return None  # without its endpoint there is no such client
    for name in handed_in:
        construction = syntax.without(construction, name)
    construction = construction if construction != written else ""
    form = _form(source.text, site.span, target, construction or written)
    if form != "function" and any(one.module for one in places):
        return None
    return Split(site.id, target.name, second, form, construction, places)


def _parted(
    context: Context, site: Site, client: ClientFacts, calls: list[str], prefix: str
) -> Split | None:
    here = Place(site.path, site.span)
    if any(one.name in _SETTINGS and one.container != here for one in client.arguments):
        return None
    found = _asked(context, site, client, calls, (prefix,), (syntax.assigned, syntax.returned))
    if found is None:
        return None
    target, second, places = found
    text = context.sources[site.path].text
    if target.name.startswith("self.") and "__slots__" in text:
        return None
    form = "function" if target.called else "assignment"
    return Split(site.id, target.name, second, form, "", places)


def _asked(
    context: Context,
    site: Site,
    client: ClientFacts,
    calls: list[str],
    prefixes: Iterable[str],
    ways: Sequence[Callable[[str, Span], syntax.Target | None]] = (syntax.assigned,),
) -> tuple[syntax.Target, str, tuple[Asked, ...]] | None:
    """What a client is assigned to, the name of the second, and where the calls are to ask it."""
    source = context.sources.get(site.path)
    fits = client.form == "call" and client.destination is not Destination.UNKNOWN
    if source is None or not fits or any(one in context.options.held for one in (site.id, *calls)):
        return None
    targets = (way(source.text, site.span) for way in ways)
    target = next((one for one in targets if one is not None), None)
    if target is None:
        return None
    places = tuple(
        asked
        for call in calls
        if (facts := context.call(call)) is not None
        and (asked := _receiver(context, site, target, call, facts)) is not None
    )
    if len(places) < len(calls):
        return None
    paths = {site.path, *(one.place.path for one in places)}
    second = _free_name(context, target.name, paths, prefixes)
    return (target, second, places) if second is not None else None


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


def new_class(client: ClientFacts) -> str | None:
    """The class that an Azure client becomes one of; None for any other."""
    if not client.azure:
        return None
    return "openai.AsyncOpenAI" if client.asynchronous else "openai.OpenAI"


def _is_self_contained(site: Site, client: ClientFacts) -> bool:
    """Whether its address is written in the construction itself: the second keeps the old one."""
    handed_in = (
        one.sources for one in client.arguments if one.sources is not None and one.sources.handed_in
    )
    written = [Place(one.path, one.span) for one in client.base_url_literals]
    written += [one.place for sources in handed_in for one in sources.reads if one.place]
    return all(one.path == site.path and site.span.holds(one.span) for one in written)


def _free_name(
    context: Context, name: str, paths: Iterable[str], prefixes: Iterable[str]
) -> str | None:
    """What the second client is called: `self.openai_client` beside `self.client`.

    None where every such name is taken in one of the files.
    """
    owner, dot, last = name.rpartition(".")
    bare = last.lstrip("_")
    lead = last[: len(last) - len(bare)]
    taken = frozenset().union(*map(context.words, paths))
    verb = _VERB.match(bare)
    done = verb.group() if verb is not None else ""
    for prefix in prefixes:
        word = prefix.upper() if bare.isupper() else prefix
        new = f"{lead}{done}{word}_{bare.removeprefix(done)}"
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
    here = syntax.receiver(source, place.span, name, called=target.called)
    return Asked(call, Place(place.path, here), module) if here is not None else None


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
        why = _("{provider} does not serve what asks it", provider=provider)
        calls = tuple(one.call for one in split.calls)
        if split.form != "inline":
            instruction = SecondClient(split.second, split.form, split.construction)
            context.edit(Edit(site.path, site.span, "second-client", instruction, (site.id,), why))
        asked = {
            "inline": split.construction or context.sources[site.path].slice(site.span),
            "function": f"{split.second}()",
        }.get(split.form, split.second)
        _ask(context, split, asked, "second-client", why)
        details = {"name": asked, "provider": provider, "calls": context.places(calls)}
        context.note(site.id, item("client-kept", site, why, (), details))


def decide_parted(context: Context, variables: Variables) -> None:
    """Plan the clients that are written beside those of other providers."""
    for second in context.seconds:
        split, site, facts = second.split, second.site, second.facts
        calls = tuple(one.call for one in split.calls if one.call in context.moved_calls)
        if not calls:
            continue
        why = _("{provider} serves what asks it", provider=context.provider.name)
        settings = ClientConstruction(
            new_class(facts),
            tuple(one.name for one in facts.arguments if knowledge.is_dropped(one.name)),
            key_variable=variables.key_variable,
            base_url_variable=variables.base_url_variable,
            base_url_default=context.base_url,
        )
        instruction = ClientBeside(split.second, settings)
        context.edit(Edit(site.path, site.span, "client-beside", instruction, calls, why))
        _ask(context, split, split.second, "client-beside", why)
        details = {
            "name": split.second,
            "provider": context.provider.name,
            "key": variables.key_variable,
            "calls": context.places(calls),
        }
        first = context.by_id[calls[0]]
        context.note(first.id, item("client-beside", first, why, (), details))
        if second.by_settings:
            told = item("settings-field-missing", first, _(_NOT_READ), (), details)
            context.note(first.id, told)


def _ask(context: Context, split: Split, asked: str, codemod: str, why: str) -> None:
    """Let the calls ask the second client."""
    for one in split.calls:
        needs = (f"{one.module}.{split.second}",) if one.module else ()
        expression = ReplaceExpression(asked, needs)
        context.edit(Edit(one.place.path, one.place.span, codemod, expression, (one.call,), why))
