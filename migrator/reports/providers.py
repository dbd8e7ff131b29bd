"""What is known of the providers: a line for each, or all of one with sources and dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from migrator.decisions import Source
from migrator.providers import Model, Parameter, Provider, Region
from migrator.reports.words import dated, visible

if TYPE_CHECKING:
    from rich.console import Console

UNKNOWN = "?"

Row = tuple[str, str, str]  # one word, a heading, a text

_STYLES = {
    "yes": "green", "keep": "green",
    "partial": "yellow", "clamp": "yellow", "rename": "yellow", "extra_body": "yellow",
    "no": "red", "drop": "red", "reject": "red",
}  # fmt: skip


_TABLES = {
    "chat_parameters": "Parameters of chat.completions",
    "roles": "Roles of messages",
    "content": "Parts of messages",
    "embeddings_parameters": "Parameters of embeddings",
}


def print_providers(providers: Sequence[Provider], console: Console, *, next_step: str) -> None:
    """A line for each provider."""
    rows = [
        (provider.id, f"{provider.name} {provider.name_zh}", provider.key_variable)
        for provider in providers
    ]
    _table(console, rows)
    _text(console, f"\nNext: {next_step}")


def print_provider(provider: Provider, console: Console) -> None:
    """All that is known of one provider. Numbers in brackets point to the sources at the end."""
    notes = _Sources()
    _text(console, f"{provider.name} {provider.name_zh}".strip(), "bold")
    _table(console, _introduction(provider))
    _section(console, "Regions", [_region(provider, one, notes) for one in provider.regions])
    endpoints = [
        _endpoint(provider, entry["apis"], notes)
        for entry in provider.data["endpoints"]
        if entry["apis"]  # the others answer no method of OpenAI's
    ]
    _section(console, "OpenAI's endpoints, and whether they are served", endpoints)
    for table, title in _TABLES.items():
        parameters = [_parameter(one, notes) for one in _parameters(provider, table)]
        _section(console, f"{title}, and what a rewriting does", parameters)
    alike = groupby(provider.models(), key=lambda model: replace(model, id=""))
    models = [_model([model.id for model in group], one, notes) for one, group in alike]
    _section(console, "Models", models)
    _print_sources(console, notes)


class _Sources:
    """Numbers sources in the order in which they are first named."""

    def __init__(self) -> None:
        self.numbers: dict[Source, int] = {}

    def after(self, text: str, sources: Iterable[Source]) -> str:
        """The text with the numbers of its sources."""
        numbers = [self.numbers.setdefault(s, len(self.numbers) + 1) for s in sources]
        return " ".join(filter(None, [text, *(f"[{number}]" for number in numbers)]))


def _introduction(provider: Provider) -> list[tuple[str, str]]:
    page = f" (from {provider.key_page})" if provider.key_page else ""
    rows = [
        ("id", provider.id),
        ("also", ", ".join(provider.aliases)),
        ("key", provider.key_variable + page),
        ("base URL", f"{provider.base_url_variable}, by default {provider.base_url()}"),
        ("as of", provider.compiled),
    ]
    return [(name, text) for name, text in rows if text]


def _region(provider: Provider, region: Region, notes: _Sources) -> Row:
    standard = "default" if region == provider.region() else ""
    text = _lines(region.url, notes.after(region.detail, region.sources))
    return standard, f"{region.id}: {region.name}", text


def _endpoint(provider: Provider, methods: Sequence[str], notes: _Sources) -> Row:
    endpoint = provider.endpoint(methods[0])
    nearest = f"Nearest: {endpoint.counterpart}" if endpoint.counterpart else ""
    text = notes.after(_lines(nearest, endpoint.detail), endpoint.sources)
    return endpoint.support, ", ".join(methods), text


def _parameters(provider: Provider, table: str) -> list[Parameter]:
    verdict = {
        "chat_parameters": provider.chat_parameter,
        "roles": provider.role,
        "content": provider.content_part,
        "embeddings_parameters": provider.embeddings_parameter,
    }[table]
    return [verdict(name) for name in provider.parameter_names(table)]


def _parameter(parameter: Parameter, notes: _Sources) -> Row:
    bounded = parameter.minimum is not None or parameter.maximum is not None
    text = _lines(
        f"Range {parameter.range_text}" if bounded else "",
        f"Becomes {parameter.name_there}" if parameter.name_there else "",
        parameter.detail,
    )
    return parameter.action, parameter.name, notes.after(text, parameter.sources)


def _model(names: Sequence[str], model: Model, notes: _Sources) -> Row:
    text = notes.after(_lines(", ".join(_abilities(model)), model.note), model.sources)
    return model.kind, ", ".join(names), text


def _abilities(model: Model) -> list[str]:
    """What it takes, can and is, in words; `?` after what nobody says."""
    abilities = [f"context {_tokens(model.context)}", f"output {_tokens(model.max_output)}"]
    abilities += [
        word if able else f"{word}?"
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
        abilities.append("thinking?")
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
    if model.status != "current":
        abilities.append(f"status {model.status}")
    return abilities


def _tokens(number: int | None) -> str:
    return UNKNOWN if number is None else f"{number:,}"


def _lines(*texts: str) -> str:
    return "\n".join(filter(None, texts))


def _section(console: Console, title: str, rows: Sequence[Row]) -> None:
    if rows:
        _text(console, f"\n{title}", "bold")
        _table(console, [(word, _lines(heading, text)) for word, heading, text in rows])


def _print_sources(console: Console, notes: _Sources) -> None:
    if notes.numbers:
        _text(console, "\nSources", "bold")
        for source, number in notes.numbers.items():
            address = f" {source.url}" if source.title else ""
            _text(console, f"[{number}] {dated(source)}{address}")
    _text(console, f"\nA {UNKNOWN} marks what nobody says.", "dim")


def _table(console: Console, rows: Sequence[tuple[str, ...]]) -> None:
    """Columns without frames. The last one takes what width is left; the others stay whole."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    for number in range(len(rows[0])):
        last = number == len(rows[0]) - 1
        table.add_column(no_wrap=not last, overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(cell), _STYLES.get(cell, "")) for cell in row))
    console.print(table, highlight=False)


def _text(console: Console, text: str, style: str = "") -> None:
    from rich.text import Text

    console.print(Text(visible(text), style), soft_wrap=True, highlight=False)
