"""The rungs of a verification in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.language import _
from migrator.reports.redaction import redact
from migrator.reports.verification.words import MARKS, finding_line, outcome, source_lines
from migrator.reports.words import left, visible
from migrator.reports.wrapping import beside, fitted
from migrator.verification.ladder import Ladder, Rung, State

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {State.PASSED: "bold green", State.FAILED: "bold red", State.NOT_RUN: "dim"}
_WIDTH, _STATE_WIDTH = 18, 9
_SHOWN = 20


def print_ladder(ladder: Ladder, console: Console) -> None:
    """Each rung with its state and reason, and what it saw."""
    for rung in ladder.rungs:
        _print_rung(rung, console)
    console.print(outcome(ladder), style="bold")


def _print_rung(rung: Rung, console: Console) -> None:
    from rich.text import Text

    line = Text(left(_(rung.name), _WIDTH))
    line.append(left(_(MARKS[rung.state]), _STATE_WIDTH), _STYLES[rung.state])
    line.append(beside(_WIDTH + _STATE_WIDTH, visible(redact(rung.why)), console))
    console.print(line, soft_wrap=True)
    for finding in rung.findings[:_SHOWN]:
        for told in fitted(f"  {finding_line(finding)}", console):
            console.print(Text(told), soft_wrap=True)
        for source in source_lines(finding):
            console.print(Text(f"    {source}", "dim"), soft_wrap=True)
    if len(rung.findings) > _SHOWN:
        more = _("and {number} more (--format json)", number=len(rung.findings) - _SHOWN)
        console.print(Text(f"  {more}", "dim"))
