"""What all repositories come to, on a terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from migrator.fleet.summary import Fleet
from migrator.language import _
from migrator.reports.fleet import words
from migrator.reports.redaction import redact
from migrator.reports.words import visible

_MOST = 10


def print_fleet(fleet: Fleet, folder: Path, console: Console) -> None:
    """The figures, what is in the way of most, what failed, and where the rest is."""
    console.print(f"[bold]{escape(words.headline(fleet))}[/]")
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    for standing, number in fleet.standings.items():
        if number:
            said, means = _(words.STANDINGS[standing]), _(words.MEANINGS[standing])
            table.add_row(f"{number:,}", escape(said), f"[dim]{escape(means)}[/]")
    console.print(table)
    if obstacles := fleet.obstacles:
        console.print(f"\n[bold]{escape(_('What is in the way'))}[/]")
        table = Table(box=None, pad_edge=False, header_style="dim")
        for heading in (_("repositories"), _("only this"), _("code")):
            table.add_column(heading, justify="left" if heading == _("code") else "right")
        for one in obstacles[:_MOST]:
            what = f"{one.code} ({one.about})" if one.about else one.code
            table.add_row(f"{one.repositories:,}", f"{one.alone:,}", escape(_shown(what)))
        console.print(table)
    if fleet.failures:
        console.print(f"\n[bold red]{escape(_('Failed'))}[/]")
        for result in fleet.failures[:_MOST]:
            console.print(f"  {escape(_shown(f'{result.name}: {result.error}'))}", highlight=False)
        if (rest := len(fleet.failures) - _MOST) > 0:
            console.print(
                escape(_("… and {number:,} more in {place}", number=rest, place="fleet.csv"))
            )
    console.print()
    console.print(escape(_("Next: open {page}", page=folder / "index.html")))


def _shown(words: str) -> str:
    return visible(redact(words))
