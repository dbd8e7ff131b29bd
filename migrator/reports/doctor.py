"""What `migrate doctor` found, for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from migrator.doctor import PARTS, Finding, Verdict
from migrator.language import _, counted, marked
from migrator.reports.json import document
from migrator.reports.redaction import redact
from migrator.reports.words import visible
from migrator.reports.wrapping import beside

if TYPE_CHECKING:
    from rich.console import Console

_WORDS = {
    Verdict.OK: marked("ok"),
    Verdict.NOTE: marked("note"),
    Verdict.PROBLEM: marked("problem"),
}
_STYLES = {Verdict.OK: "green", Verdict.NOTE: "yellow", Verdict.PROBLEM: "bold red"}


def doctor_json(found: Sequence[Finding]) -> str:
    """Every finding, in order."""
    return document(
        {
            "problems": sum(one.verdict is Verdict.PROBLEM for one in found),
            "findings": [
                {
                    "part": one.part,
                    "verdict": one.verdict.value,
                    "told": one.told,
                    "remedy": one.remedy,
                }
                for one in found
            ],
        }
    )


def print_doctor(found: Sequence[Finding], console: Console) -> None:
    """A line for each part, with a remedy below it where there is one."""
    from rich.cells import cell_len
    from rich.text import Text

    words = {one: _(word) for one, word in _WORDS.items()}
    parts = {one: _(word) for one, word in PARTS.items()}
    width = max(map(cell_len, words.values()))
    wide = max(map(cell_len, parts.values()))

    head = width + wide + 4

    def padded(text: str, to: int) -> str:
        return text + " " * (to - cell_len(text))

    for one in found:
        line = Text(padded(words[one.verdict], width), style=_STYLES[one.verdict])
        line.append(f"  {padded(parts[one.part], wide)}  ", style="bold")
        told = Text(beside(head, visible(redact(one.told)), console), style="not bold default")
        line.append(told)
        console.print(line, soft_wrap=True, highlight=False)
        if one.remedy:
            console.print(
                Text(" " * head + beside(head, visible(redact(one.remedy)), console), style="dim"),
                soft_wrap=True,
                highlight=False,
            )
    counts = Counter(one.verdict for one in found)
    console.print()
    console.print(
        _(
            "{problems}, {notes}",
            problems=counted("{number} problem", "{number} problems", counts[Verdict.PROBLEM]),
            notes=counted("{number} note", "{number} notes", counts[Verdict.NOTE]),
        ),
        highlight=False,
    )
