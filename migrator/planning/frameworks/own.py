"""What frameworks have of their own for single providers: where it is written, and where not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from migrator.analysis.sites import CallFacts, ClientFacts, Site
from migrator.decisions import Source
from migrator.knowledge.files import knowledge
from migrator.knowledge.prose import each_language
from migrator.language import _, listed
from migrator.planning.context import Context
from migrator.planning.frameworks.recipes import recipe
from migrator.planning.messages import item
from migrator.sdks import SDK

CHAT, EMBEDDINGS = "chat", "embeddings"
_FRAMEWORK = "framework"


@dataclass(frozen=True, slots=True)
class Own:
    """What a framework has of its own for a provider.

    `names` are its classes, or how a model is named for it; `serves` says what they ask for. With
    `why` it is not written, for that reason; else it is what `old` become, by `package`.
    """

    provider: str
    serves: tuple[str, ...]
    names: tuple[str, ...]
    sources: tuple[Source, ...]
    why: str = ""
    old: tuple[str, ...] = ()
    package: str = ""


@each_language
def every() -> Mapping[str, tuple[Own, ...]]:
    """All that is known of each framework that has something of its own."""
    found: defaultdict[str, list[Own]] = defaultdict(list)
    for framework in knowledge("frameworks.yaml")["frameworks"]:
        for path, one in _written(framework):
            found[label(path, framework["name"])].append(one)
        for row in framework.get("native", ()):
            found[row.get("of", framework["name"])].append(_unwritten(row))
    return {name: tuple(those) for name, those in found.items()}


def label(path: str, framework: str) -> str:
    """What a framework is called: what is one of several in short goes by its package."""
    return path.split(".")[0] if " " in framework else framework


def is_written(path: str, provider: str) -> bool:
    """Whether a class or function becomes the framework's own for a provider."""
    return recipe(path, provider) != recipe(path)


def of(path: str, provider: str) -> tuple[Own, ...]:
    """What the framework of a class or function has for a provider and such requests."""
    told = recipe(path)
    if told is None:
        return ()
    there = every().get(label(path, told.known.framework), ())
    return tuple(
        one for one in there if one.provider == provider and _serves(told.data) in one.serves
    )


def tell(context: Context) -> None:
    """Say once of every class that moves why none of its framework's own takes its place."""
    if context.target.mode != SDK:
        return
    told: set[str] = set()
    for site, client, _unused in context.senders():
        path = client.class_name
        if site.id not in context.moved_calls or path in told:
            continue
        told.add(path)
        if not is_written(path, context.provider.id):
            _tell(context, site, path)


def _tell(context: Context, site: Site, path: str) -> None:
    known = of(path, context.provider.id)
    unwritten = next((one for one in known if one.why), None)
    why = _("none is known here")
    if unwritten is not None:
        why = _("`{name}` is not written: {why}", name=unwritten.names[0], why=unwritten.why)
    elif known:
        why = _(
            "`{name}` takes the place of {list} alone", name=known[0].names[0], list=_list(known)
        )
    details = {"class": path.rpartition(".")[2], "provider": context.provider.name}
    sources = unwritten.sources if unwritten is not None else ()
    context.note(site.id, item("own-class-unused", site, why, sources, details))


def _list(known: Iterable[Own]) -> str:
    old = dict.fromkeys(path.rpartition(".")[2] for one in known for path in one.old)
    return listed(f"`{name}`" for name in old)


def sender(facts: object) -> str:
    """The class or function of a framework that a site's requests go by, "" for none."""
    match facts:
        case ClientFacts(sends=CallFacts()) as client:
            return client.class_name
        case CallFacts(aims=ClientFacts() as aims):
            return aims.class_name
    return ""


def is_plain(facts: object) -> bool:
    """Whether a site is a client or a request of the openai package itself, by no framework."""
    match facts:
        case ClientFacts():
            return facts.form != _FRAMEWORK
        case CallFacts():
            return not facts.framework
    return False


def _serves(data: Mapping[str, Any]) -> str:
    return EMBEDDINGS if str(data.get("request", "")).startswith(EMBEDDINGS) else CHAT


def _written(framework: Mapping[str, Any]) -> Iterator[tuple[str, Own]]:
    for entry in framework["classes"]:
        told = entry.get("moves", {})
        data = told[0] if isinstance(told, list) else told
        for provider, native in data.get("native", {}).items():
            yield (
                entry["in"][0],
                Own(
                    provider,
                    (_serves(data),),
                    (_named(native),),
                    _sources(native),
                    old=tuple(f"{entry['in'][0]}.{name}" for name in entry["names"]),
                    package=native.get("package", ""),
                ),
            )


def _unwritten(row: Mapping[str, Any]) -> Own:
    """A row of `native`, of one provider."""
    return Own(
        row["provider"],
        tuple(row.get("serves", (CHAT, EMBEDDINGS))),
        tuple(row.get("names", ())),
        _sources(row),
        row["why"],
    )


def _named(native: Mapping[str, Any]) -> str:
    """What is written: a class, a model's name, or the class of what is handed in or made."""
    made = native.get("makes") or native.get("class") or native.get("model")
    return str(made or native["imports"][-1])


def _sources(data: Mapping[str, Any]) -> tuple[Source, ...]:
    return (Source(str(data["src"]), as_of=str(data["as_of"])),)
