"""A scan, a plan or a status as the description of a merge request.

It fits where the strictest host cuts: lists are shortened and say so. Nothing in it pings a person
or leads to an issue, whatever stands in the code.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from migrator.analysis.result import ScanResult
from migrator.analysis.sites import Certainty, Kind
from migrator.changes.diff import FileChange
from migrator.changes.result import ApplyResult
from migrator.checklist.status import Status
from migrator.decisions import ChecklistItem, Convert, Plan, Severity
from migrator.language import _, counted
from migrator.providers import UnknownProviderError, load_provider
from migrator.reports.living import figures
from migrator.reports.markdown import code, prose
from migrator.reports.words import (
    MEANINGS,
    alike,
    and_more,
    certainty_name,
    clauses,
    files,
    in_order,
    listed,
    place,
    redacted,
    requests_line,
    severity_name,
    sites_of,
)

BEGINNING = "<!-- migrate -->"
_LIMIT = 65_536  # characters that GitHub takes; GitLab takes 1,048,576
_LENGTHS = (500, 200, 100, 50, 20, 10, 5, 1)  # of a list, until all of it fits
_LONGEST = 400  # characters of a sentence that quotes somebody's text
_CHECKLIST = "MIGRATION_CHECKLIST.md"
_DIFF = "migration.diff"
# What a host makes a link of, or tells a person of, where a word follows.
_REFERENCE = re.compile(r"https?://\S+|(?P<sign>[@#!$%&]|\bGH-)(?=\w)")
_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_NOTHING = "\u200b"  # has no width, and parts a sign from its word

Lines = Iterator[str]


def plan_markdown(result: ApplyResult, *, next_step: str, back: str = "") -> str:
    """What moves, what is left, how to take it back and what comes next.

    `back` says how to take it back where the changes are those of the merge request itself.
    """
    return _fitted(lambda length: _plan(result, next_step, back, length))


def scan_markdown(result: ScanResult, *, next_step: str) -> str:
    """What reaches OpenAI, by kind and by file."""
    return _fitted(lambda length: _scan(result, next_step, length))


def status_markdown(told: Status) -> str:
    """How far the migration has come, part by part."""
    return _fitted(lambda length: _status(told, length))


def _fitted(lines: Callable[[int], Iterable[str]]) -> str:
    """The text with lists as long as they can be."""
    text = ""
    for length in _LENGTHS:
        text = "\n".join([BEGINNING, *lines(length)]) + "\n"
        if len(text) <= _LIMIT:
            break
    return text


# -- a plan ----------------------------------------------------------------------------------------


def _plan(result: ApplyResult, next_step: str, back: str, length: int) -> Lines:
    plan = result.plan
    name = _provider(plan)
    yield "## " + _("Migration to {provider}", provider=name)
    yield ""
    told = [requests_line(plan), _changing(result) if back else _outcome(result)]
    yield clauses(quiet(one) for one in told if one)
    yield ""
    yield from _summary(plan)
    yield from _moving(result, length)
    yield from _left(plan, length)
    yield f"### {_('To take it back')}"
    yield ""
    yield back or (
        _("`migrate undo` restores every file byte for byte.")
        if result.run is not None
        else _(
            "Nothing has been written yet; `migrate undo` restores what `migrate apply` writes, "
            "byte for byte."
        )
    )
    yield ""
    yield from _next(next_step)


def _provider(plan: Plan) -> str:
    """`Alibaba Cloud Bailian (`bailian`), with zhipu for images`."""
    target = plan.target
    try:
        name = load_provider(target.provider).name
        name = _("{name} ({id})", name=quiet(name), id=code(target.provider))
    except UnknownProviderError:
        name = code(target.provider)
    others = (
        _("with {provider} for {capabilities}", provider=code(one), capabilities=quiet(capability))
        for capability, one in target.supplements
    )
    return listed([name, *others])


def _outcome(result: ApplyResult) -> str:
    number = len(result.changes)
    if result.run is not None:
        return _("{files} written by run {run}", files=files(number), run=f"`{result.run.id}`")
    return counted("{number:,} file would change", "{number:,} files would change", number)


def _changing(result: ApplyResult) -> str:
    return counted("{number:,} file changes", "{number:,} files change", len(result.changes))


def _summary(plan: Plan) -> Lines:
    coverage = plan.coverage
    yield _("| places that reach OpenAI | number |")
    yield "|---|--:|"
    yield f"| {_('move')} | {coverage.converted:,} |"
    yield f"| {_('are left to people')} | {coverage.checklist:,} |"
    yield f"| {_('stay as they are, rightly')} | {coverage.left:,} |"
    yield f"| **{_('all')}** | **{coverage.sites:,}** |"
    yield ""


def _moving(result: ApplyResult, length: int) -> Lines:
    if not result.changes:
        return
    moved = Counter(one.site.path for one in result.plan.decisions if isinstance(one, Convert))
    head = _changing(result)
    rows = [
        f"| {_cell(one.path)} | {moved[one.path] or ''} | {_sizes(one)} |" for one in result.changes
    ]
    table = [_("| file | places that move | lines |"), "|---|--:|---|", *rows[:length]]
    yield f"### {_('What moves')}"
    yield ""
    yield from _details(head, [*table, *_more(len(rows) - length, _DIFF)])


def _sizes(change: FileChange) -> str:
    from migrator.changes.diff import unified_diff

    lines = unified_diff([change]).split(b"\n")
    body = [one for one in lines if one[:3] not in (b"+++", b"---")]
    added, removed = (sum(one.startswith(sign) for one in body) for sign in (b"+", b"-"))
    return f"+{added:,} −{removed:,}"


def _left(plan: Plan, length: int) -> Lines:
    items = plan.open_items
    yield f"### {_('What is left')}"
    yield ""
    if not items:
        yield _("Nothing is left to do by hand.")
        yield ""
    for severity in Severity:
        of_severity = [one for one in items if one.severity is severity]
        if of_severity:
            yield from _of_severity(severity, of_severity, length)
    if off := len(plan.checklist) - len(items):
        yield counted(
            "{number:,} item taken off the checklist by comments",
            "{number:,} items taken off the checklist by comments",
            off,
        )
        yield ""


def _of_severity(severity: Severity, items: Sequence[ChecklistItem], length: int) -> Lines:
    head = _(
        "{severity} ({number}): {meaning}",
        severity=severity_name(severity).capitalize(),
        number=len(items),
        meaning=_(MEANINGS[severity]),
    )
    groups = alike(items)
    shown = groups[:length]
    lines = ["\n".join(_entry(one, length)) for one in shown]
    rest = len(items) - sum(map(len, shown))
    yield from _details(head, [*lines, *_more(rest, _CHECKLIST)], opened=severity is _FIRST)


_FIRST = next(iter(Severity))


def _entry(items: Sequence[ChecklistItem], length: int) -> Lines:
    """Items that differ only in their place."""
    first = redacted(items[0])
    places = [code(where) for one in items if (where := place(one.path, one.line, one.cell))]
    yield f"- **{quiet(first.title)}** {code(first.code)}"
    if places:
        told = listed(places[:length])
        rest = len(places) - length
        yield f"  - {and_more(told, rest) if rest > 0 else told}"
    if first.action:
        yield f"  - {quiet(first.action)}"


# -- a scan ----------------------------------------------------------------------------------------


def _scan(result: ScanResult, next_step: str, length: int) -> Lines:
    sites = in_order(result.sites)
    yield f"## {_('What reaches OpenAI')}"
    yield ""
    if not sites:
        yield _("No use of OpenAI was found.")
        yield ""
    else:
        paths = Counter(site.path for site in sites)
        yield _("{sites} in {files}", sites=sites_of(len(sites)), files=files(len(paths)))
        yield ""
        found = Counter((site.kind, site.certainty) for site in sites)
        heads = [_("kind"), *(certainty_name(one) for one in Certainty)]
        yield f"| {' | '.join(heads)} |"
        yield "|---|--:|--:|"
        for kind in Kind:
            numbers = [found[kind, one] for one in Certainty]
            if any(numbers):
                yield f"| {code(kind.value)} | {' | '.join(f'{one:,}' for one in numbers)} |"
        yield ""
        rows = [f"| {_cell(path)} | {number:,} |" for path, number in paths.items()]
        table = [_("| file | places |"), "|---|--:|", *rows[:length]]
        rest = _more(len(rows) - length, "migrate scan --all")
        yield from _details(files(len(paths)), [*table, *rest])
    for file in result.unreadable[:length]:
        where, reason = code(place(file.path, file.line)), quiet(file.reason)
        yield "- " + _("{place}: not analysed, {reason}", place=where, reason=reason)
    yield from _more(len(result.unreadable) - length, "migrate scan")
    yield ""
    yield from _next(next_step)


# -- a status --------------------------------------------------------------------------------------


def _status(told: Status, length: int) -> Lines:
    yield "## " + _("Migration to {provider}", provider=quiet(told.name))
    yield ""
    yield _("| state | number | of what |")
    yield "|---|--:|---|"
    for word, number, meaning in figures(told):
        yield f"| {word} | {number:,} | {quiet(meaning)} |"
    yield ""
    if told.parts:
        rows = [
            f"| {_cell(one.name)} | {one.movable:,} | {one.open:,} | {one.left:,} |"
            for one in told.parts
        ]
        table = [_("| part | would move | open | left |"), "|---|--:|--:|--:|", *rows[:length]]
        rest = _more(len(rows) - length, "migrate status")
        head = counted("{number:,} part", "{number:,} parts", len(rows))
        yield from _details(head, [*table, *rest], opened=len(rows) <= _OPENED)
    yield from _next(told.step)


_OPENED = 20

# -- texts -----------------------------------------------------------------------------------------


def _next(step: str) -> Lines:
    if step:
        yield f"### {_('Next')}"
        yield ""
        yield code(step) if step.startswith("migrate ") else quiet(step)


def _details(head: str, lines: Iterable[str], *, opened: bool = False) -> Lines:
    yield f"<details{' open' if opened else ''}><summary>{html.escape(head)}</summary>"
    yield ""
    yield from lines
    yield ""
    yield "</details>"
    yield ""


def _more(number: int, where: str) -> Lines:
    if number > 0:
        yield ""
        yield _("… and {number:,} more in {place}", number=number, place=code(where))


def _cell(text: str) -> str:
    return code(text).replace("|", "\\|")


def quiet(text: str) -> str:
    """A sentence whose characters mean nothing to Markdown, nor to what a host makes of it."""
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}…"
    written, parts, end = prose(text), [], 0
    for span in _SPAN.finditer(written):
        parts += [_parted(written[end : span.start()]), span.group()]
        end = span.end()
    return "".join([*parts, _parted(written[end:])])


def _parted(text: str) -> str:
    return _REFERENCE.sub(lambda one: one.group() + (_NOTHING if one["sign"] else ""), text)
