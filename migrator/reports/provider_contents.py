"""What a profile says, in sections of rows: shown on the console and in the pages of the docs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from migrator.decisions import Source
from migrator.freshness import FRESH, facts, stale
from migrator.providers import Model, Parameter, Provider, Region
from migrator.reports.words import price

UNKNOWN = "?"
_TABLES = {
    "chat_parameters": "Parameters of chat.completions",
    "roles": "Roles of messages",
    "content": "Parts of messages",
    "embeddings_parameters": "Parameters of embeddings",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A fact: one word on it (a verdict, a kind, a date), what it is of, and what is said.

    The numbers point to the sources of the page.
    """

    word: str
    heading: str
    text: str = ""
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind under a title."""

    title: str
    rows: tuple[Row, ...]


@dataclass
class Contents:
    """All that a profile says; `sources` have the numbers that its rows point to."""

    introduction: tuple[tuple[str, str], ...]
    sections: list[Section] = field(default_factory=list)
    sources: dict[Source, int] = field(default_factory=dict)

    def add(self, title: str, rows: Iterable[Row]) -> None:
        """A section, where it has rows."""
        if held := tuple(rows):
            self.sections.append(Section(title, held))

    def row(self, word: str, heading: str, text: str, sources: Iterable[Source] = ()) -> Row:
        """A row whose sources are numbered."""
        numbers = [self.sources.setdefault(one, len(self.sources) + 1) for one in sources]
        return Row(word, heading, text, tuple(numbers))


def contents(provider: Provider, today: date | None = None) -> Contents:
    """All that is known of a provider; with a day, which of it is old on that day."""
    page = Contents(_introduction(provider))
    page.add("Regions", (_region(page, provider, one) for one in provider.regions))
    page.add("OpenAI's endpoints, and whether they are served", _endpoints(page, provider))
    for table, title in _TABLES.items():
        rows = (_parameter(page, one) for one in _parameters(provider, table))
        page.add(f"{title}, and what a rewriting does", rows)
    alike = groupby(provider.models(), key=lambda model: replace(model, id=""))
    page.add("Models", (_model(page, [m.id for m in group], one) for one, group in alike))
    page.add("What OpenAI's models become", _choices(page, provider))
    page.add("Errors", _errors(page, provider))
    page.add("Its own SDK, for `--mode sdk`", _sdk(page, provider))
    page.add("Worth knowing", (page.row("", "", one.text, one.sources) for one in provider.quirks))
    page.add("For who comes from OpenAI", _offers(page, provider))
    if today is not None:
        page.add(
            f"Facts older than {FRESH.days} days: look before you trust", _old(provider, today)
        )
    return page


def age(provider: Provider, today: date) -> str:
    """How many facts a profile has, and how many of them are old."""
    return (
        f"{len(facts(provider))} facts of {provider.compiled}, "
        f"{len(stale(provider, today))} older than {FRESH.days} days"
    )


def lines(*texts: str) -> str:
    """What is said, a line each."""
    return "\n".join(filter(None, texts))


def _introduction(provider: Provider) -> tuple[tuple[str, str], ...]:
    page = f" (from {provider.key_page})" if provider.key_page else ""
    rows = (
        ("id", provider.id),
        ("also", ", ".join(provider.aliases)),
        ("key", provider.key_variable + page),
        ("base URL", f"{provider.base_url_variable}, by default {provider.base_url()}"),
        ("as of", provider.compiled),
    )
    return tuple((name, text) for name, text in rows if text)


def _region(page: Contents, provider: Provider, region: Region) -> Row:
    standard = "default" if region == provider.region() else ""
    heading = region.id if region.name == region.id else f"{region.id}: {region.name}"
    return page.row(standard, heading, lines(region.url, region.detail), region.sources)


def _endpoints(page: Contents, provider: Provider) -> Iterator[Row]:
    for entry in provider.data["endpoints"]:
        if not entry["apis"]:
            continue  # it answers no method of OpenAI's
        endpoint = provider.endpoint(entry["apis"][0])
        nearest = f"Nearest: {endpoint.counterpart}" if endpoint.counterpart else ""
        text = lines(nearest, endpoint.detail)
        yield page.row(endpoint.support, ", ".join(entry["apis"]), text, endpoint.sources)


def _sdk(page: Contents, provider: Provider) -> Iterator[Row]:
    sdk = provider.sdk
    if sdk is None:
        return
    if not sdk.own:
        yield page.row("openai", "", sdk.detail, sdk.sources)
        return
    classes = [there for there in dict.fromkeys((sdk.clients or {}).values()) if there]
    text = lines(
        sdk.detail,
        f"Clients: {', '.join(classes)}",
        f"In the place of: {', '.join(sorted((*(sdk.methods or {}), *sdk.by_path)))}",
    )
    yield page.row("own", sdk.requirement, text, sdk.sources)
    for caution in sdk.cautions:
        yield page.row("", "to know", caution.text, caution.sources)


def _parameters(provider: Provider, table: str) -> list[Parameter]:
    verdict = {
        "chat_parameters": provider.chat_parameter,
        "roles": provider.role,
        "content": provider.content_part,
        "embeddings_parameters": provider.embeddings_parameter,
    }[table]
    return [verdict(name) for name in provider.parameter_names(table)]


def _parameter(page: Contents, parameter: Parameter) -> Row:
    bounded = parameter.minimum is not None or parameter.maximum is not None
    text = lines(
        f"Range {parameter.range_text}" if bounded else "",
        f"Becomes {parameter.name_there}" if parameter.name_there else "",
        parameter.detail,
    )
    return page.row(parameter.action, parameter.name, text, parameter.sources)


def _model(page: Contents, names: Sequence[str], model: Model) -> Row:
    text = lines(", ".join(_abilities(model)), model.note)
    return page.row(model.kind, ", ".join(names), text, model.sources)


def _abilities(model: Model) -> list[str]:
    """What it takes, can and is, in words; `?` after what nobody says."""
    abilities = [f"context {_tokens(model.context)}", f"output {_tokens(model.max_output)}"]
    abilities += [
        word if able else f"{word}{UNKNOWN}"
        for word, able in (
            ("images", model.vision),
            ("video", model.video),
            ("audio", model.audio_in),
            ("tools", model.tools),
            ("json_object", model.json_object),
            ("json_schema", model.json_schema),
        )
        if able is not False
    ]
    if model.thinking == "unknown":
        abilities.append(f"thinking{UNKNOWN}")
    elif model.thinking != "never":
        switch = ", on by default" if model.thinking_default else ""
        abilities.append(f"thinking ({model.thinking}{switch})")
    if model.stream_only:
        abilities.append("answers as a stream only")
    if model.dimensions:
        default = f", {model.default_dimension} by default" if model.default_dimension else ""
        abilities.append(f"dimensions {', '.join(map(str, model.dimensions))}{default}")
    if model.max_batch is not None:
        abilities.append(f"batches of {model.max_batch}")
    prices = (price(model.price_cny, "¥"), price(model.price_usd, "$"), model.price_note)
    if told := ", ".join(filter(None, prices)):
        abilities.append(f"price {told}")
    if model.status != "current":
        abilities.append(f"status {model.status}")
    return abilities


def _tokens(number: int | None) -> str:
    return UNKNOWN if number is None else f"{number:,}"


def _choices(page: Contents, provider: Provider) -> Iterator[Row]:
    for entry in provider.data.get("model_map", ()):
        others = ", ".join(entry["alternatives"])
        text = lines(entry["why"], f"Or: {others}" if others else "")
        here = entry["here"] or "no counterpart"
        heading = f"{', '.join(entry['openai'])} -> {here}"
        yield page.row(entry["confidence"], heading, text, provider.cite(entry))


def _errors(page: Contents, provider: Provider) -> Iterator[Row]:
    for error in provider.errors if "errors" in provider.data else ():
        told = lines(f"{error.exception} of the openai SDK", error.meaning)
        yield page.row(str(error.http), error.code, told, error.sources)


def _offers(page: Contents, provider: Provider) -> Iterator[Row]:
    for one in provider.offers:
        yield page.row(one.kind, one.what, one.detail, one.sources)


def _old(provider: Provider, today: date) -> list[Row]:
    """The old facts by their date, oldest first."""
    by_date = groupby(stale(provider, today), key=lambda fact: fact.as_of)
    return [Row(as_of, ", ".join(fact.place for fact in old)) for as_of, old in by_date]
