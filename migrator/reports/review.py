"""A question of a review in the terminal: its diff, why, and what it leaves to people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.changes.diff import diff_text
from migrator.decisions import ChecklistItem, Convert, Severity, Source
from migrator.language import _, counted, marked
from migrator.reports.console import styled_diff
from migrator.reports.redaction import redact
from migrator.reports.words import dated, place, redacted, visible
from migrator.reviewing.proposals import Proposal
from migrator.reviewing.questions import Question
from migrator.reviewing.session import Answer

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

_REASONS_SHOWN = 6
_ITEMS_SHOWN = 6
_SOURCES_SHOWN = 5
_PLACES_SHOWN = 3
_SCREENS = 2  # a diff that is longer is cut to so many
_LEAST = 40  # lines of a diff that are always shown
_SEVERITY_STYLES = {
    Severity.BLOCKER: "bold red",
    Severity.BEHAVIOUR: "yellow",
    Severity.REVIEW: "cyan",
    Severity.SETUP: "magenta",
}
ANSWERS = {Answer.TAKEN: marked("taken"), Answer.LEFT: marked("left as it is")}
_ANSWER_STYLES = {Answer.TAKEN: "green", Answer.LEFT: "yellow"}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a question stands among the others, and what was said to it."""

    number: int
    total: int
    answer: Answer | None = None
    edited: bool = False


def print_question(
    question: Question, proposal: Proposal, standing: Standing, console: Console
) -> None:
    """All that is shown of a question before it is asked. A long diff is cut."""
    _print_head(question, proposal, standing, console)
    lines = list(diff_lines(proposal))
    shown = max(_SCREENS * console.height, _LEAST)
    for line in lines[:shown]:
        print_line(console, line)
    if rest := lines[shown:]:
        print_line(
            console,
            counted(
                "… {number} more line: P shows all of it in the pager",
                "… {number} more lines: P shows all of it in the pager",
                len(rest),
            ),
            "bold",
        )
    _print_reasons(proposal, console)
    _print_faults(proposal, console)


def print_whole(
    question: Question, proposal: Proposal, standing: Standing, console: Console
) -> None:
    """The same with all of its diff, for a pager."""
    _print_head(question, proposal, standing, console)
    for line in diff_lines(proposal):
        print_line(console, line)
    _print_reasons(proposal, console)


def diff_lines(proposal: Proposal) -> Iterator[Text]:
    """The diff with secrets hidden."""
    from rich.text import Text

    for line, style in styled_diff(redact(diff_text(proposal.changes))):
        yield Text(visible(line), style)


def print_line(console: Console, text: str | Text, style: str = "") -> None:
    """A line as it is, whatever its length."""
    from rich.text import Text

    line = Text(visible(text), style) if isinstance(text, str) else text
    console.print(line, soft_wrap=True, highlight=False)


def _print_head(
    question: Question, proposal: Proposal, standing: Standing, console: Console
) -> None:
    from rich.rule import Rule
    from rich.text import Text

    console.print()
    files = counted("{number} file", "{number} files", len(proposal.changes))
    kind = _("Comments") if question.comments else _("Group")
    title = Text(
        _(
            "{kind} {number} of {total}: {name}, {files}",
            kind=kind,
            number=standing.number,
            total=standing.total,
            name=visible(question.id),
            files=files,
        ),
        "bold",
    )
    if standing.answer is not None:
        title.append(f" [{_(ANSWERS[standing.answer])}]", _ANSWER_STYLES[standing.answer])
    if standing.edited:
        title.append(" " + _("[edited by you]"), "magenta")
    console.print(Rule(title, align="left", style="dim"))
    _wrapped(console, _about(question), "dim")


def _about(question: Question) -> str:
    number = len(question.site_ids)
    if question.comments:
        return counted(
            "{number} place stays with you: a comment says so there.",
            "{number} places stay with you: comments say so there.",
            number,
        )
    places = counted("{number} place", "{number} places", number)
    if not question.ties:
        return _("{places} that nothing else moves with.", places=places)
    return _("{places} that share {what}.", places=places, what=listed(question.ties))


def listed(words: Sequence[str]) -> str:
    """The first of some words, and how many more there are."""
    shown = ", ".join(words[:_PLACES_SHOWN])
    if len(words) <= _PLACES_SHOWN:
        return shown
    return _("{words} and {number} more", words=shown, number=len(words) - _PLACES_SHOWN)


def _print_reasons(proposal: Proposal, console: Console) -> None:
    cited: dict[Source, int] = {}

    def marks(sources: Sequence[Source]) -> str:
        numbers = [cited.setdefault(one, len(cited) + 1) for one in sources]
        return "".join(f" [{number}]" for number in dict.fromkeys(numbers))

    reasons: dict[tuple[str, tuple[Source, ...]], list[Convert]] = {}
    for one in proposal.converts:
        reasons.setdefault((one.reason, one.sources), []).append(one)
    if reasons:
        _heading(console, _("Why"))
        rows = [
            (_places(alike), f"{redact(reason)}{marks(sources)}")
            for (reason, sources), alike in list(reasons.items())[:_REASONS_SHOWN]
        ]
        _table(console, [(where, visible(text), "") for where, text in rows])
        _more(console, len(reasons) - _REASONS_SHOWN)
    if proposal.items:
        _heading(console, _("On the checklist with it"))
        items = sorted(proposal.items, key=lambda item: list(Severity).index(item.severity))
        _table(
            console,
            [
                (item.severity.value, _told(item) + marks(item.sources), item.severity)
                for item in map(redacted, items[:_ITEMS_SHOWN])
            ],
        )
        _more(console, len(items) - _ITEMS_SHOWN)
    if cited:
        _heading(console, _("Sources"))
        _table(
            console,
            [
                (f"[{number}]", visible(_cited(one)), "")
                for one, number in list(cited.items())[:_SOURCES_SHOWN]
            ],
        )
        _more(console, len(cited) - _SOURCES_SHOWN)


def _places(converts: Sequence[Convert]) -> str:
    where = dict.fromkeys(place(one.site.path, one.site.span.line) for one in converts)
    first, *others = where
    return f"{first} +{len(others)}" if others else first


def _told(item: ChecklistItem) -> str:
    where = place(item.path, item.line, item.cell)
    return visible(f"{where}: {item.title}" if where else item.title)


def _cited(source: Source) -> str:
    return f"{dated(source)} {source.url}" if source.title else dated(source)


def _print_faults(proposal: Proposal, console: Console) -> None:
    if proposal.refused:
        _wrapped(console, proposal.refused, "bold red")
    for path in proposal.conflicts:
        _wrapped(
            console,
            _("It changes lines of {path} that you edited: e puts both before you.", path=path),
            "bold red",
        )


def _heading(console: Console, text: str) -> None:
    console.print()
    print_line(console, text, "bold")


def _more(console: Console, number: int) -> None:
    if number > 0:
        print_line(console, "  " + _("… {number} more: x tells all", number=number), "dim")


def _wrapped(console: Console, text: str, style: str = "") -> None:
    from rich.text import Text

    console.print(Text(visible(text), style), highlight=False, soft_wrap=False)


def _table(console: Console, rows: Sequence[tuple[str, str, Severity | str]]) -> None:
    """Rows of a short text and a long one, which keeps to its column."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=1)
    table.add_column(overflow="fold", max_width=max(console.width // 3, 12))
    table.add_column(overflow="fold")
    for label, text, severity in rows:
        style = _SEVERITY_STYLES[severity] if isinstance(severity, Severity) else "dim"
        cells: list[RenderableType] = ["", Text(visible(label), style), Text(text)]
        table.add_row(*cells)
    console.print(table, highlight=False)
