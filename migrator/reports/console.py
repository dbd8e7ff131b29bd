"""What people read in the terminal. Colour, and lines cut to the width, only where there is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from migrator.analysis.result import ScanResult
from migrator.analysis.sites import Certainty, Kind, Site, Unreadable
from migrator.changes.diff import diff_text
from migrator.changes.result import ApplyResult
from migrator.changes.undo import Undone
from migrator.decisions import ChecklistItem, Group, Severity
from migrator.language import _, counted
from migrator.reports.redaction import redact
from migrator.reports.words import (
    MEANINGS,
    and_more,
    certainty_name,
    clauses,
    coverage_line,
    files,
    group_line,
    in_order,
    left,
    listed,
    place,
    redacted,
    requests_line,
    right,
    severity_name,
    visible,
)
from migrator.reports.wrapping import fitted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

SITES_SHOWN = 50
ITEMS_SHOWN = 10

_DIFF_STYLES = {
    "diff --git": "bold",
    "---": "bold",
    "+++": "bold",
    "@@": "cyan",
    "-": "red",
    "+": "green",
}
_SEVERITY_STYLES = {
    Severity.BLOCKER: "bold red",
    Severity.BEHAVIOUR: "yellow",
    Severity.REVIEW: "cyan",
    Severity.SETUP: "magenta",
}


def print_scan(
    result: ScanResult, console: Console, *, next_step: str, everything: bool = False
) -> None:
    """The sites: how many of each kind, then file by file; and what was not looked into.

    `next_step` is the command to run next. A long list is cut unless `everything` is asked for.
    """
    sites = in_order(result.sites)
    if sites:
        _print_kinds(sites, console)
        _print_sites(sites, console, len(sites) if everything else SITES_SHOWN)
    else:
        _line(console, _("No use of OpenAI was found."))
    _line(console, "")
    for file in sorted(result.unreadable, key=lambda file: (file.path, file.line)):
        _line(console, _unreadable(file), "yellow")
    for line in _suppressed(sites):
        _line(console, line)
    _line(console, _account(result), "dim")
    if sites:
        _next(console, next_step)


def print_apply(
    result: ApplyResult, console: Console, *, next_step: str, diff: bool = True
) -> None:
    """The diff (unless `diff` is False), the checklist in short, the coverage, what to run next."""
    if diff:
        print_diff(result, console)
    items = [redacted(item) for item in result.plan.open_items]
    if items:
        _print_checklist(items, console)
    if off := len(result.plan.checklist) - len(items) - result.plan.coverage.off:
        told = counted(
            "{number:,} item taken off the checklist by comments or the settings",
            "{number:,} items taken off the checklist by comments or the settings",
            off,
        )
        _line(console, told)
        _line(console, "")
    if len(result.plan.groups) > 1 and (diff or not all(g.selected for g in result.plan.groups)):
        _print_groups(result.plan.groups, console)
    if requests := requests_line(result.plan):
        _line(console, requests)
    _line(console, coverage_line(result.plan.coverage), "bold")
    _line(console, _outcome(result))
    if next_step:
        _next(console, next_step)


def print_diff(result: ApplyResult, console: Console) -> None:
    """The diff with secrets hidden: as it is where the output is piped, coloured on a terminal."""
    text = redact(diff_text(result.changes))
    if not console.is_terminal:
        console.file.write(text)
    else:
        for line, style in styled_diff(text):
            _line(console, line, style, whole=True)
    if text:
        _line(console, "")


def styled_diff(text: str) -> Iterator[tuple[str, str]]:
    """The lines of a diff, each with its style."""
    for line in text.split("\n")[:-1]:
        style = next((s for start, s in _DIFF_STYLES.items() if line.startswith(start)), "")
        yield line.removesuffix("\r"), style


def print_undo(undone: Undone, console: Console) -> None:
    """What was taken back."""
    told = _(
        "Run {run} is undone: {restored} restored, {removed} removed.",
        run=undone.run.id,
        restored=files(len(undone.restored)),
        removed=files(len(undone.removed)),
    )
    _line(console, told)
    for path in undone.kept:
        _line(console, _("{path} was changed since, and stays as it is.", path=path))


def _print_kinds(sites: Sequence[Site], console: Console) -> None:
    found = Counter((site.kind, site.certainty) for site in sites)
    kinds = [kind for kind in Kind if any(found[kind, certainty] for certainty in Certainty)]
    _line(console, _row(_("kind"), (certainty_name(one) for one in Certainty)), "bold")
    for kind in kinds:
        _line(console, _row(kind.value, (f"{found[kind, one]:,}" for one in Certainty)))
    if len(kinds) > 1:
        sums = (sum(found[kind, one] for kind in kinds) for one in Certainty)
        _line(console, _row(_("total"), (f"{one:,}" for one in sums)))


def _row(name: str, cells: Iterable[str]) -> str:
    return left(name, 14) + "".join(right(cell, 8) for cell in cells)


def _print_sites(sites: Sequence[Site], console: Console, limit: int) -> None:
    for path, in_file in groupby(sites[:limit], key=lambda site: site.path):
        _line(console, "")
        _line(console, path, "bold")
        for site in in_file:
            _line(console, *_site(site), cut=True)
    rest = sites[limit:]
    if rest:
        more = counted(
            "… {number:,} more site in {files}: migrate scan --all",
            "… {number:,} more sites in {files}: migrate scan --all",
            len(rest),
            files=files(len({site.path for site in rest})),
        )
        _line(console, "")
        _line(console, more)


def _site(site: Site) -> tuple[str, str]:
    tests = f"  {_('(tests)')}" if site.in_tests else ""
    text = (
        f"{site.span.line:>6}  {site.kind.value:<13}  {certainty_name(site.certainty)}  "
        f"{redact(site.detail)}{tests}"
    )
    return text, "yellow" if site.certainty is Certainty.LIKELY else ""


def _unreadable(file: Unreadable) -> str:
    where = place(file.path, file.line)
    if not file.mentions:
        return _("{place}: not analysed, {reason}", place=where, reason=file.reason)
    shown = [*map(str, file.mentions[:5]), *(["…"] if len(file.mentions) > 5 else [])]
    return counted(
        "{place}: not analysed, {reason}; it mentions OpenAI on line {lines}",
        "{place}: not analysed, {reason}; it mentions OpenAI on lines {lines}",
        len(file.mentions),
        place=where,
        reason=file.reason,
        lines=listed(shown),
    )


def _suppressed(sites: Sequence[Site]) -> Iterator[str]:
    """How many sites comments speak of, and which comments are not honoured."""
    comments = {comment for site in sites for comment in site.suppressions}
    honoured = [site for site in sites if any(one.reason for one in site.suppressions)]
    if honoured:
        yield counted(
            "{number:,} site has a comment that takes items off the checklist",
            "{number:,} sites have a comment that takes items off the checklist",
            len(honoured),
        )
    for one in sorted(comments):
        if not one.reason:
            yield _(
                "{place}: the comment gives no reason, and is not honoured",
                place=place(one.path, one.line),
            )


def _account(result: ScanResult) -> str:
    reasons = Counter(reason for _, reason in result.skipped)
    told = counted(
        "{number:,} file seen, {parsed:,} analysed, {skipped:,} skipped",
        "{number:,} files seen, {parsed:,} analysed, {skipped:,} skipped",
        result.seen,
        parsed=result.parsed,
        skipped=len(result.skipped),
    )
    why = (
        _("{number:,} {reason}", number=number, reason=_(reason))
        for reason, number in sorted(reasons.items())
    )
    return _("{told} ({details})", told=told, details=clauses(why)) if reasons else told


def _print_checklist(items: Sequence[ChecklistItem], console: Console) -> None:
    _line(console, _("Checklist"), "bold")
    for severity in Severity:
        of_severity = [item for item in items if item.severity is severity]
        if not of_severity:
            continue
        _line(console, "")
        heading = _(
            "{severity} ({number}): {meaning}",
            severity=severity_name(severity),
            number=len(of_severity),
            meaning=_(MEANINGS[severity]),
        )
        _line(console, heading, _SEVERITY_STYLES[severity])
        for line in _by_code(of_severity):
            _line(console, line)
    _line(console, "")


def _by_code(items: Sequence[ChecklistItem]) -> Iterator[str]:
    """One line for each code: where it occurs first, how often, what it is.

    Without a place, one for each title: two keys are two things to get.
    """
    codes: dict[str, list[ChecklistItem]] = {}
    for item in items:
        codes.setdefault(item.code if item.path else item.title, []).append(item)
    for alike in list(codes.values())[:ITEMS_SHOWN]:
        first, more = alike[0], len(alike) - 1
        where = place(first.path, first.line, first.cell)
        head = where or first.title
        if more:
            head = and_more(head, more)
        told = _("{place}: {title}", place=head, title=first.title) if where else head
        yield f"  {told}"
    rest = sum(map(len, list(codes.values())[ITEMS_SHOWN:]))
    if rest:
        yield "  " + counted(
            "… {number:,} more item in the checklist",
            "… {number:,} more items in the checklist",
            rest,
        )


def _print_groups(groups: Sequence[Group], console: Console) -> None:
    """What moves as a whole each: the names are selectors."""
    head = _("Groups ({number}): what --only and --skip take as a whole", number=len(groups))
    _line(console, head, "bold")
    for group in groups[:ITEMS_SHOWN]:
        _line(console, f"  {group.id}: {group_line(group)}")
    if rest := groups[ITEMS_SHOWN:]:
        more = counted(
            "… {number:,} more group in the checklist",
            "… {number:,} more groups in the checklist",
            len(rest),
        )
        _line(console, f"  {more}")
    _line(console, "")


def _outcome(result: ApplyResult) -> str:
    if result.run is not None:
        return counted(
            "{number:,} file written (run {run})",
            "{number:,} files written (run {run})",
            len(result.run.entries),
            run=result.run.id,
        )
    if result.changes:
        return counted(
            "{number:,} file would change; nothing has been written",
            "{number:,} files would change; nothing has been written",
            len(result.changes),
        )
    return _("Nothing to change.")


def _next(console: Console, step: str) -> None:
    _line(console, "")
    _line(console, _("Next: {step}", step=step), "bold", whole=step.startswith("migrate "))


def _line(
    console: Console, text: str, style: str = "", *, cut: bool = False, whole: bool = False
) -> None:
    """A text of its own in as many lines as a terminal needs for it.

    `cut` shortens it to the width of the terminal, `whole` leaves it as it is, to be copied.
    """
    from rich.text import Text

    cut = cut and console.is_terminal
    text = visible(text)
    for line in [text] if cut or whole else fitted(text, console):
        content: Text = Text(line, style=style, no_wrap=True, overflow="ellipsis")
        console.print(content, soft_wrap=not cut, highlight=False)
