"""A plan as one page: what moves, what is left, what is written, and how each is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from migrator.analysis.sites import CallFacts
from migrator.changes.journal import Run
from migrator.comparing.comparison import Comparison
from migrator.decisions import Convert, Plan
from migrator.explaining.places import Account, Told
from migrator.language import _, counted
from migrator.reports.html import places
from migrator.reports.html.becoming import Becoming, bar, of_decisions
from migrator.reports.html.changes import Changes, FileDiff, summary
from migrator.reports.html.checklist import Items, severities
from migrator.reports.html.comparison import comparison_part
from migrator.reports.html.coverage import figure, figures, shares
from migrator.reports.html.document import page
from migrator.reports.html.filters import filters
from migrator.reports.html.map import map_of
from migrator.reports.html.texts import code, prose, text
from migrator.reports.words import coverage_line, in_order

_OPEN = 1500  # lines that are shown at once; files beyond them are folded
_TOLD = 3000  # places of which all is told


def plan_html(told: Told, *, run: Run | None = None, comparison: Comparison | None = None) -> str:
    """The page of a plan.

    `run` is the run that wrote it, where it is written: the places stay those before it.
    `comparison` is what other providers would make of the same repository.
    """
    plan = told.result.plan
    becoming, items = of_decisions(plan.decisions), Items(plan)
    files = _Files(told, becoming, items)
    sites = set(becoming.of)
    title = _("Migration to {provider}", provider=told.provider.name)
    if told.repository:
        title = _("{repository}: migration to {provider}", repository=told.repository,
                  provider=told.provider.name)  # fmt: skip
    parts = [
        ("coverage", _("Coverage"), _coverage(plan, becoming, items, files)),
        ("map", _("Map"), map_of(becoming, files.numbers)),
        ("checklist", _("Checklist"), items.section(sites, files.numbers)),
        ("files", _("Files"), files.section()),
        ("providers", _("Providers"), comparison_part(comparison) if comparison else ""),
    ]
    return page(
        title,
        parts,
        head=f"<h1>{text(title)}</h1>\n<p>{_state(told, run)}</p>\n{_target(plan)}",
        repository=told.repository,
        tools=filters(),
    )


def _state(told: Told, run: Run | None) -> str:
    if run is None:
        number = len(told.result.changes)
        return text(counted("{number} file would change; nothing has been written.",
                            "{number} files would change; nothing has been written.",
                            number))  # fmt: skip
    said = text(_("Written by run {run}; `migrate undo` takes it back.", run=run.id))
    return f"{said} {text(_('The places below are those before it.'))}"


def _target(plan: Plan) -> str:
    target = plan.target
    told = [_("target {name}", name=target.provider), _("mode {name}", name=target.mode)]
    if target.region:
        told.append(_("region {name}", name=target.region))
    told += [
        _("{provider} for {capability}", provider=provider, capability=capability)
        for capability, provider in target.supplements
    ]
    return f'<p class="soft">{text(" · ".join(told))}</p>'


def _coverage(plan: Plan, becoming: Becoming, items: Items, files: _Files) -> str:
    coverage = plan.coverage
    requests = [one for one in plan.decisions if isinstance(one.site.facts, CallFacts)]
    moved = sum(isinstance(one, Convert) for one in requests)
    added, removed = files.added, files.removed
    entries = [
        figure(str(moved), str(len(requests)), _("requests move")) if requests else "",
        figure(f"{coverage.converted:,}", f"{coverage.sites:,}", _("places move")),
        figure(
            str(files.changed),
            "",
            _("files change"),
            f' <span class="plus">+{added:,}</span> <span class="minus">−{removed:,}</span>',
        ),
        figure(
            str(len(items.items)),
            "",
            _("left to people"),
            f'<ul class="legend">{severities(items.found)}</ul>' if items.items else "",
        ),
    ]
    line = coverage_line(coverage)
    return f'{figures(entries)}{shares(becoming, line)}<p class="soft">{text(line)}</p>'


class _Files:
    """File by file: the diff with its reasons, and the places."""

    def __init__(self, told: Told, becoming: Becoming, items: Items) -> None:
        plan = told.result.plan
        self._becoming, self._items = becoming, items
        self._brief = len(becoming.sites) > _TOLD
        self._accounts: defaultdict[str, list[Account]] = defaultdict(list)
        by_site = {one.site.id: one for one in told.accounts}
        for site in in_order(becoming.sites):
            self._accounts[site.path].append(by_site[site.id])
        changes = {one.path: one for one in told.result.changes}
        made = {one.path: one for one in plan.files}
        edited = {one.path for one in plan.edits}
        writing = Changes(plan.edits, {one.site.id: one for one in plan.decisions})
        paths = sorted({*changes, *edited})
        rest = sorted({*self._accounts} - set(paths))
        self.numbers: Mapping[str, int] = {p: n for n, p in enumerate([*paths, *rest])}
        self._diffs = {
            path: writing.of_file(changes.get(path), path, made.get(path)) for path in paths
        }
        self.changed = len(changes)
        self.added = sum(one.added for one in self._diffs.values())
        self.removed = sum(one.removed for one in self._diffs.values())

    def section(self) -> str:
        if not self.numbers:
            return f"<p>{text(_('No use of OpenAI was found.'))}</p>"
        parts, lines = [], 0
        if self._brief:
            said = _(
                "There are too many places to tell of each that stays how it is known: "
                "`migrate explain PATH:LINE` does."
            )
            parts.append(f'<p class="soft">{prose(said)}</p>')
        for path in self.numbers:
            diff = self._diffs.get(path)
            parts.append(self._file(path, diff, opened=lines < _OPEN))
            lines += diff.markup.count("<tr") if diff is not None else 0
        return "\n".join(parts)

    def _file(self, path: str, diff: FileDiff | None, *, opened: bool) -> str:
        accounts = self._accounts[path]
        counts = self._becoming.counted(one.site for one in accounts)
        said = self._becoming.words(counts)
        number = self.numbers[path]
        head = (
            f"<h3>{code(path)}</h3> {summary(diff) if diff else ''} "
            f'<span class="soft">{text(said)}</span>{bar(self._becoming, counts)}'
        )
        known = ""
        if accounts:
            known = places.decided(accounts, self._becoming, self._items, brief=self._brief)
        return (
            f'<article id="file-{number}" data-file="{number}" data-name="{text(path)}">'
            f"<details{' open' if diff and opened else ''}><summary>{head}</summary>\n"
            f"<div>{diff.markup if diff else ''}{known}</div></details></article>"
        )
