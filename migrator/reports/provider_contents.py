"""What a profile says, in sections of rows: shown on the console and in the pages of the docs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from migrator.decisions import Source
from migrator.freshness import FRESH, facts, stale
from migrator.language import _, marked
from migrator.providers import Model, Parameter, Provider, Region
from migrator.reports.words import listed, offer_name, price

UNKNOWN = "?"
_TABLES = {
    "chat_parameters": marked("Parameters of chat.completions, and what a rewriting does"),
    "roles": marked("Roles of messages, and what a rewriting does"),
    "content": marked("Parts of messages, and what a rewriting does"),
    "embeddings_parameters": marked("Parameters of embeddings, and what a rewriting does"),
}
# The words of a profile that stand alone in a row.
_WORDS = frozenset(
    {
        *(marked("yes"), marked("partial"), marked("no"), marked("unknown")),
        *(marked("keep"), marked("drop"), marked("rename"), marked("clamp"), marked("reject")),
        *(marked("chat"), marked("embedding"), marked("rerank"), marked("moderation")),
        *(marked("image"), marked("video"), marked("asr"), marked("tts"), marked("realtime")),
        *(marked("reasoning"), marked("vision"), marked("omni"), marked("ocr"), marked("code")),
        *(marked("long"), marked("translation"), marked("multimodal"), marked("audio")),
        *(marked("free"), marked("grant"), marked("discount"), marked("docs"), marked("tool")),
        *(marked("official"), marked("inferred"), marked("stated")),
        *(marked("never"), marked("hybrid"), marked("always")),
    }
)


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
    page.add(_("Regions"), (_region(page, provider, one) for one in provider.regions))
    page.add(_("OpenAI's endpoints, and whether they are served"), _endpoints(page, provider))
    for table, title in _TABLES.items():
        rows = (_parameter(page, one) for one in _parameters(provider, table))
        page.add(_(title), rows)
    alike = groupby(provider.models(), key=lambda model: replace(model, id=""))
    page.add(_("Models"), (_model(page, [m.id for m in group], one) for one, group in alike))
    page.add(_("What OpenAI's models become"), _choices(page, provider))
    page.add(_("Errors"), _errors(page, provider))
    page.add(_("Its own SDK, for `--mode sdk`"), _sdk(page, provider))
    quirks = (page.row("", "", one.text, one.sources) for one in provider.quirks)
    page.add(_("Worth knowing"), quirks)
    page.add(_("For who comes from OpenAI"), _offers(page, provider))
    if today is not None:
        title = _("Facts older than {number} days: look before you trust", number=FRESH.days)
        page.add(title, _old(provider, today))
    return page


def age(provider: Provider, today: date) -> str:
    """How many facts a profile has, and how many of them are old."""
    return _(
        "{number} facts of {date}, {old} older than {days} days",
        number=len(facts(provider)),
        date=provider.compiled,
        old=len(stale(provider, today)),
        days=FRESH.days,
    )


def verdict(word: str) -> str:
    """A word of a profile, as people read it."""
    return _(word) if word in _WORDS else word


def lines(*texts: str) -> str:
    """What is said, a line each."""
    return "\n".join(filter(None, texts))


def _introduction(provider: Provider) -> tuple[tuple[str, str], ...]:
    key = provider.key_variable
    if provider.key_page:
        key = _("{key} (from {page})", key=key, page=provider.key_page)
    url = _(
        "{variable}, by default {url}",
        variable=provider.base_url_variable,
        url=provider.base_url(),
    )
    rows = (
        (_("id"), provider.id),
        (_("also"), listed(provider.aliases)),
        (_("key"), key),
        (_("base URL"), url),
        (_("as of"), provider.compiled),
    )
    return tuple((name, text) for name, text in rows if text)


def _region(page: Contents, provider: Provider, region: Region) -> Row:
    standard = _("default") if region == provider.region() else ""
    heading = region.id
    if region.name != region.id:
        heading = _("{id}: {name}", id=region.id, name=region.name)
    return page.row(standard, heading, lines(region.url, region.detail), region.sources)


def _endpoints(page: Contents, provider: Provider) -> Iterator[Row]:
    for entry in provider.data["endpoints"]:
        if not entry["apis"]:
            continue  # it answers no method of OpenAI's
        endpoint = provider.endpoint(entry["apis"][0])
        nearest = endpoint.counterpart and _("Nearest: {name}", name=endpoint.counterpart)
        text = lines(nearest, endpoint.detail)
        yield page.row(verdict(endpoint.support), ", ".join(entry["apis"]), text, endpoint.sources)


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
        _("Clients: {names}", names=", ".join(classes)),
        _(
            "In the place of: {names}",
            names=", ".join(sorted((*(sdk.methods or {}), *sdk.by_path))),
        ),
    )
    yield page.row(_("own"), sdk.requirement, text, sdk.sources)
    for caution in sdk.cautions:
        yield page.row("", _("to know"), caution.text, caution.sources)


def _parameters(provider: Provider, table: str) -> list[Parameter]:
    known = {
        "chat_parameters": provider.chat_parameter,
        "roles": provider.role,
        "content": provider.content_part,
        "embeddings_parameters": provider.embeddings_parameter,
    }[table]
    return [known(name) for name in provider.parameter_names(table)]


def _parameter(page: Contents, parameter: Parameter) -> Row:
    bounded = parameter.minimum is not None or parameter.maximum is not None
    text = lines(
        _("Range {range}", range=parameter.range_text) if bounded else "",
        _("Becomes {name}", name=parameter.name_there) if parameter.name_there else "",
        parameter.detail,
    )
    return page.row(verdict(parameter.action), parameter.name, text, parameter.sources)


def _model(page: Contents, names: Sequence[str], model: Model) -> Row:
    text = lines(listed(_abilities(model)), model.note)
    return page.row(verdict(model.kind), ", ".join(names), text, model.sources)


def _abilities(model: Model) -> list[str]:
    """What it takes, can and is, in words; `?` after what nobody says."""
    abilities = [
        _("context {number}", number=_tokens(model.context)),
        _("output {number}", number=_tokens(model.max_output)),
    ]
    abilities += [
        word if able else f"{word}{UNKNOWN}"
        for word, able in (
            (_("images"), model.vision),
            (_("video"), model.video),
            (_("audio"), model.audio_in),
            (_("tools"), model.tools),
            ("json_object", model.json_object),
            ("json_schema", model.json_schema),
        )
        if able is not False
    ]
    if model.thinking == "unknown":
        abilities.append(_("thinking") + UNKNOWN)
    elif model.thinking != "never":
        how = verdict(model.thinking)
        if model.thinking_default:
            how = _("{how}, on by default", how=how)
        abilities.append(_("thinking ({how})", how=how))
    if model.stream_only:
        abilities.append(_("answers as a stream only"))
    if model.dimensions:
        dimensions = listed(map(str, model.dimensions))
        if model.default_dimension:
            dimensions = _(
                "{dimensions}, {number} by default",
                dimensions=dimensions,
                number=model.default_dimension,
            )
        abilities.append(_("dimensions {dimensions}", dimensions=dimensions))
    if model.max_batch is not None:
        abilities.append(_("batches of {number}", number=model.max_batch))
    prices = (price(model.price_cny, "¥"), price(model.price_usd, "$"), model.price_note)
    if told := listed(filter(None, prices)):
        abilities.append(_("price {price}", price=told))
    if model.status != "current":
        abilities.append(_("status {status}", status=model.status))
    return abilities


def _tokens(number: int | None) -> str:
    return UNKNOWN if number is None else f"{number:,}"


def _choices(page: Contents, provider: Provider) -> Iterator[Row]:
    for entry in provider.data.get("model_map", ()):
        others = ", ".join(entry["alternatives"])
        text = lines(entry["why"], _("Or: {names}", names=others) if others else "")
        here = entry["here"] or _("no counterpart")
        heading = f"{', '.join(entry['openai'])} -> {here}"
        yield page.row(verdict(entry["confidence"]), heading, text, provider.cite(entry))


def _errors(page: Contents, provider: Provider) -> Iterator[Row]:
    for error in provider.errors if "errors" in provider.data else ():
        named = _("{exception} of the openai SDK", exception=error.exception)
        told = lines(named, error.meaning)
        yield page.row(str(error.http), error.code, told, error.sources)


def _offers(page: Contents, provider: Provider) -> Iterator[Row]:
    for one in provider.offers:
        yield page.row(offer_name(one.kind), one.what, one.detail, one.sources)


def _old(provider: Provider, today: date) -> list[Row]:
    """The old facts by their date, oldest first."""
    by_date = groupby(stale(provider, today), key=lambda fact: fact.as_of)
    return [Row(as_of, listed(fact.place for fact in old)) for as_of, old in by_date]
