"""A comparison on a terminal: the table, then each candidate, the recommendation last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.comparing.comparison import Candidate, Comparison
from migrator.language import _, counted
from migrator.reports.comparisons import words
from migrator.reports.words import visible

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {"blockers": "red", "behaviour": "yellow", "review": "cyan", "setup": "magenta"}
SHOWN = 3  # candidates, where not all are asked for
_WIDTH = 9  # of the headings of details, with what sets them apart


def print_comparison(
    comparison: Comparison, console: Console, *, paths: str = "", everything: bool = False
) -> None:
    """The table, and more of the best three or of everything.

    `paths` is how the paths were spelled, for the command to run next.
    """
    if comparison.candidates and comparison.sites:
        _print_table(comparison, console)
        shown = comparison.candidates[: None if everything else SHOWN]
        for candidate in shown:
            _print_candidate(candidate, console)
        if more := len(comparison.candidates) - len(shown):
            _line(console, "")
            _line(console, _("`--all` says as much of the other {more}.", more=more), "dim")
        _line(console, "")
        analysed = counted(
            "{number:,} file analysed once. {prices}",
            "{number:,} files analysed once. {prices}",
            comparison.files,
            prices=_(words.PRICES),
        )
        _line(console, analysed, "dim")
        for source in words.sources(comparison):
            _line(console, _("OpenAI's: {source}.", source=source), "dim")
        _line(console, "")
    for number, text in enumerate(words.verdict(comparison)):
        _line(console, text, "dim" if number else "bold")
    if step := words.next_step(comparison, paths):
        _line(console, "")
        _line(console, _("Next: {step}", step=step), "bold", whole=True)


def _print_table(comparison: Comparison, console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in words.HEADINGS:
        table.add_column(_(heading), justify="left" if heading == "provider" else "right")
    for candidate in comparison.candidates:
        best = "bold" if candidate is comparison.recommended else ""
        cells = zip(words.HEADINGS, words.figures(candidate), strict=True)
        table.add_row(
            *(
                Text(text, best if heading == "provider" else _style(heading, text))
                for heading, text in cells
            )
        )
    console.print(table, highlight=False)


def _style(heading: str, text: str) -> str:
    return _STYLES.get(heading, "") if text != "0" else "dim"


def _print_candidate(candidate: Candidate, console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    _line(console, "")
    name = f"{candidate.name} {candidate.name_zh}".strip()
    _line(console, _("{label}: {name}", label=candidate.label, name=name), "bold")
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(min_width=_WIDTH, no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for detail in words.details(candidate, brief=True):
        for number, text in enumerate(detail.lines):
            heading = "" if number else detail.heading
            table.add_row(Text(f"  {heading}"), Text(visible(text)))
    console.print(table, highlight=False)


def _line(console: Console, text: str, style: str = "", *, whole: bool = False) -> None:
    from rich.text import Text

    console.print(Text(visible(text), style), soft_wrap=whole, highlight=False)
