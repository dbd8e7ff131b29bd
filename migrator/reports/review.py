"""A question of a review in the terminal: its diff, why, and what it leaves to people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from migrator import language
from migrator.changes.diff import FileChange, diff_text
from migrator.decisions import ChecklistItem, Convert, Severity, Source
from migrator.language import _, counted, marked
from migrator.reports.console import styled_diff
from migrator.reports.redaction import redact
from migrator.reports.words import dated, place, redacted, severity_name, visible
from migrator.reviewing.proposals import Proposal
from migrator.reviewing.questions import Question
from migrator.reviewing.session import Answer

if TYPE_CHECKING:
    from rich.console import Console

_REASONS_SHOWN = 6
_ITEMS_SHOWN = 6
_REASON_LINES = 2
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
    lines = list(diff_lines(proposal.changes))
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
    _print_reasons(question, proposal, console)
    console.print()
    _print_faults(proposal, console)


def print_whole(
    question: Question, proposal: Proposal, standing: Standing, console: Console
) -> None:
    """The same with all of its diff, for a pager."""
    _print_head(question, proposal, standing, console)
    for line in diff_lines(proposal.changes):
        print_line(console, line)
    _print_reasons(question, proposal, console)


def diff_lines(changes: Sequence[FileChange]) -> Iterator[Text]:
    """The diff of changes with secrets hidden."""
    for line, style in styled_diff(redact(diff_text(changes))):
        yield Text(visible(line), style)


def print_line(console: Console, text: str | Text, style: str = "") -> None:
    """A line as it is, whatever its length."""
    line = Text(visible(text), style) if isinstance(text, str) else text
    console.print(line, soft_wrap=True, highlight=False)


def _print_head(
    question: Question, proposal: Proposal, standing: Standing, console: Console
) -> None:
    from rich.rule import Rule

    console.print()
    title = Text(_title(question, proposal, standing), "bold")
    if standing.answer is not None:
        title.append(f" [{_(ANSWERS[standing.answer])}]", _ANSWER_STYLES[standing.answer])
    if standing.edited:
        title.append(" " + _("[edited by you]"), "magenta")
    console.print(Rule(title, align="left", style="dim"))
    _wrapped(console, _about(question), "dim")
    console.print()


def _title(question: Question, proposal: Proposal, standing: Standing) -> str:
    named = {"place": standing.number, "total": standing.total, "name": visible(question.id)}
    if question.comments:
        return _("Comments {place} of {total}: {name}", **named)
    return counted(
        "Group {place} of {total}: {name}, {number} file",
        "Group {place} of {total}: {name}, {number} files",
        len(proposal.changes),
        **named,
    )


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
    shown = language.listed(words[:_PLACES_SHOWN])
    if len(words) <= _PLACES_SHOWN:
        return shown
    return _("{words} and {number} more", words=shown, number=len(words) - _PLACES_SHOWN)


def _print_reasons(question: Question, proposal: Proposal, console: Console) -> None:
    cited: dict[Source, int] = {}
    alike: dict[tuple[str, tuple[Source, ...]], list[Convert]] = {}
    for one in proposal.converts:
        alike.setdefault((one.reason, one.sources), []).append(one)
    if alike:
        _heading(console, _("Why"))
    for (reason, sources), converts in list(alike.items())[:_REASONS_SHOWN]:
        print_line(console, f"  {_places(converts)}", "dim")
        _indented(console, _short(redact(reason), console), _mark(sources, cited))
    _more(console, len(alike) - _REASONS_SHOWN)
    own = [item for item in proposal.items if _is_about(item, question)]
    if proposal.items:
        _heading(console, _("On the checklist with it"))
    items = sorted(own, key=lambda item: list(Severity).index(item.severity))
    for item in map(redacted, items[:_ITEMS_SHOWN]):
        where = place(item.path, item.line, item.cell)
        told = _("{place}: {title}", place=where, title=item.title) if where else item.title
        label = (severity_name(item.severity), _SEVERITY_STYLES[item.severity])
        _row(console, label, told + _mark(item.sources, cited))
    _more(console, len(items) - _ITEMS_SHOWN)
    if others := len(proposal.items) - len(own):
        told = counted(
            "{number} item about other places", "{number} items about other places", others
        )
        print_line(console, f"  {told}", "dim")
    if cited:
        _heading(console, _("Sources"))
    for source, number in cited.items():
        _row(console, (f"[{number}]", "dim"), _cited(source))


def _is_about(item: ChecklistItem, question: Question) -> bool:
    """Whether an item belongs to a question, or to no site at all: a key to get."""
    return not item.site_ids or not set(question.site_ids).isdisjoint(item.site_ids)


def _mark(sources: Sequence[Source], cited: dict[Source, int]) -> str:
    """The number of the first source, which stands for all of them: `x` tells the others."""
    return f" [{cited.setdefault(sources[0], len(cited) + 1)}]" if sources else ""


def _short(text: str, console: Console) -> str:
    """As much of a text as a few lines hold."""
    words = " ".join(text.split())
    size = _REASON_LINES * (console.width - 6)
    return words if len(words) <= size else f"{words[:size].rsplit(maxsplit=1)[0]} …"


def _places(converts: Sequence[Convert]) -> str:
    where = dict.fromkeys(place(one.site.path, one.site.span.line) for one in converts)
    return listed(list(where))


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
    console.print(Text(visible(text), style), highlight=False, soft_wrap=False)


def _indented(console: Console, text: str, mark: str = "") -> None:
    _grid(console, Text(""), Text(visible(text)).append(mark, "dim"))


def _row(console: Console, label: tuple[str, str], text: str) -> None:
    _grid(console, Text(label[0], label[1]), Text(visible(text)))


def _grid(console: Console, label: Text, text: Text) -> None:
    """A text beside its label, which keeps to its column."""
    from rich.table import Table

    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=1)
    table.add_column()
    table.add_column(overflow="fold")
    table.add_row("", label, text)
    console.print(table, highlight=False)
