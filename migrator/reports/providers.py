"""What is known of the providers: a line for each, or all of one with sources and dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from migrator.language import _, apart
from migrator.providers import Provider
from migrator.reports.provider_contents import UNKNOWN, Row, age, contents, lines, verdict
from migrator.reports.redaction import redact
from migrator.reports.words import dated, visible

if TYPE_CHECKING:
    from rich.console import Console

    from migrator.verification.records import Record

_STYLES = {
    "yes": "green", "keep": "green",
    "partial": "yellow", "clamp": "yellow", "rename": "yellow", "extra_body": "yellow",
    "no": "red", "drop": "red", "reject": "red",
}  # fmt: skip


def print_providers(
    providers: Sequence[Provider], console: Console, *, today: date, next_step: str
) -> None:
    """A line for each provider, with how many of its facts are old on a day."""
    rows = [
        (
            provider.id,
            lines(
                f"{provider.name_en} {provider.name_zh}",
                apart(filter(None, (provider.key_variable, age(provider, today), _of(provider)))),
            ),
        )
        for provider in providers
    ]
    _table(console, rows)
    _text(console, "\n" + _("Next: {step}", step=next_step))


def print_provider(
    provider: Provider, console: Console, *, today: date, record: Record | None = None
) -> None:
    """All that is known of one provider. Numbers in brackets point to the sources at the end.

    `record` is what it answered when it was last asked from here.
    """
    page = contents(provider, today)
    _text(console, f"{provider.name_en} {provider.name_zh}".strip(), "bold")
    _table(console, page.introduction)
    for section in page.sections:
        _text(console, f"\n{section.title}", "bold")
        _table(console, [_cells(row) for row in section.rows])
    if record is not None:
        _print_record(record, provider, console)
    if page.sources:
        _text(console, "\n" + _("Sources"), "bold")
        for source, number in page.sources.items():
            address = f" {source.url}" if source.title else ""
            _text(console, f"[{number}] {dated(source)}{address}")
    _text(console, "\n" + _("A {mark} marks what nobody says.", mark=UNKNOWN), "dim")


def _of(provider: Provider) -> str:
    """Which plug-in brings a provider, if one does."""
    return _("of the plug-in {package}", package=provider.package) if provider.package else ""


def _print_record(record: Record, provider: Provider, console: Console) -> None:
    from migrator.verification.records import against

    _text(console, "\n" + _("Asked from here on {day}", day=record.day), "bold")
    told = _(
        "{accepted} of {number} requests were answered, at {url}",
        accepted=sum(200 <= row["status"] < 300 for row in record.rows),
        number=len(record.rows),
        url=record.base_url,
    )
    _text(console, told)
    for line in against(record, provider):
        _text(console, redact(line), "yellow")


def _cells(row: Row) -> tuple[str, str]:
    numbers = (f"[{number}]" for number in row.numbers)
    return row.word, lines(row.heading, " ".join(filter(None, [row.text, *numbers])))


def _table(console: Console, rows: Sequence[tuple[str, ...]]) -> None:
    """Columns without frames. The last one takes what width is left; the others stay whole."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    for number in range(len(rows[0])):
        last = number == len(rows[0]) - 1
        table.add_column(no_wrap=not last, overflow="fold")
    styles = {verdict(word): style for word, style in _STYLES.items()}
    for row in rows:
        table.add_row(*(Text(visible(cell), styles.get(cell, "")) for cell in row))
    console.print(table, highlight=False)


def _text(console: Console, text: str, style: str = "") -> None:
    from rich.text import Text

    console.print(Text(visible(text), style), soft_wrap=True, highlight=False)
