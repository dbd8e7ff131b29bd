"""The places of a file and how each is known: those that are decided alike stand together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from migrator.analysis.sites import Certainty, Site, Step
from migrator.decisions import Checklist, ChecklistItem, Convert, Decision, Leave, Source
from migrator.explaining.places import Account, Strand
from migrator.language import _, counted
from migrator.reports.html.becoming import Becoming, tag
from migrator.reports.html.checklist import Items
from migrator.reports.html.texts import code, prose, rows_of, site_anchor, sources, terms, text
from migrator.reports.places import stations
from migrator.reports.words import and_more, certainty_name, clauses, listed, place

_TIES = 6  # that are named
# What is said of all sites that are decided alike.
_Said = tuple[str, tuple[Source, ...]]


def decided(
    accounts: Sequence[Account], becoming: Becoming, items: Items, *, brief: bool = False
) -> str:
    """The places of a file under a plan; in brief, how each that stays is known is left out."""
    tones = [tone for tone, _words in becoming.tones]
    alike: dict[tuple[str, _Said], list[Account]] = {}
    for one in sorted(accounts, key=lambda one: tones.index(becoming.of[one.site.id])):
        alike.setdefault((becoming.of[one.site.id], _said(one.decision)), []).append(one)
    parts = []
    for (_tone, (reason, cited)), together in alike.items():
        head = f"{tag(becoming, together[0].site)} {prose(reason)} {sources(cited)}"
        if brief and isinstance(together[0].decision, Leave):
            rows = rows_of(map(_named, (one.site for one in together)))
        else:
            rows = "\n".join(_site(one.site, _told(one, items)) for one in together)
        parts.append(f'<div class="alike"><div class="because">{head}</div>\n{rows}</div>')
    return _folded(len(accounts), "\n".join(parts))


def found(sites: Sequence[Site], becoming: Becoming) -> str:
    """The places of a file as a scan finds them."""
    rows = [
        _site(site, rows_of(_steps(site.provenance), "ol"), f" {tag(becoming, site)}")
        for site in sites
    ]
    return "\n".join(rows)


def _folded(number: int, markup: str) -> str:
    heading = counted("{number} place, and how it is known",
                      "{number} places, and how each is known", number)  # fmt: skip
    return f'<details class="places"><summary>{text(heading)}</summary>{markup}</details>'


def _said(decision: Decision) -> _Said:
    match decision:
        case Convert(reason=reason, sources=cited) | Leave(reason=reason, sources=cited):
            return reason, cited
        case Checklist(items=items):
            return clauses(dict.fromkeys(one.title for one in items)), ()


def _site(site: Site, body: str, said: str = "") -> str:
    """A site that can be opened; `said` is markup in the place of how certain it is."""
    return (
        f'<details class="site"><summary>{_head(site, said)}'
        f'</summary><div id="{site_anchor(site.id)}">{body}</div></details>'
    )


def _named(site: Site) -> str:
    return f'<span id="{site_anchor(site.id)}">{_head(site)}</span>'


def _head(site: Site, said: str = "") -> str:
    """Where a site stands in its file, and what it is."""
    line = place(str(site.span.line), 0, site.cell)
    notes = [_("in tests")] if site.in_tests else []
    if site.certainty is Certainty.LIKELY and not said:
        notes.insert(0, certainty_name(site.certainty))
    soft = f' <span class="soft">{text(listed(notes))}</span>' if notes else ""
    return (
        f'<span class="line">{text(line)}</span> <span class="kind">{text(site.kind.value)}</span> '
        f"{code(site.detail)}{soft}{said}"
    )


def _told(one: Account, items: Items) -> str:
    """The rest of what is told of a site, below what is said of all alike."""
    listed_items = _items(one.decision)
    actions = {item.action for item in listed_items}
    return terms(
        [
            (_("checklist"), rows_of(_item(item, items) for item in listed_items)),
            (_("written beside"), listed(map(code, one.files))),
            (_("moves with"), _moves_with(one)),
            (
                _("what would change it"),
                rows_of(prose(change) for change in one.changes if change not in actions),
            ),
            *((strand.what, rows_of(_strand(strand), "ol")) for strand in one.strands),
        ]
    )


def _items(decision: Decision) -> tuple[ChecklistItem, ...]:
    match decision:
        case Convert(notes=items) | Checklist(items=items):
            return items
    return ()


def _item(item: ChecklistItem, items: Items) -> str:
    said = f"{prose(item.title)} <span class='soft'>{text(item.code)}</span>"
    if anchor := items.anchor(item):
        return f'<a href="#{anchor}">{said}</a>'
    assert item.suppressed is not None, "every open item is on the page"
    off = text(_("taken off the list: {reason}", reason=item.suppressed.reason))
    return f"{said}; {off}"


def _moves_with(one: Account) -> str:
    links = dict.fromkeys(
        f'<a href="#{site_anchor(site.id)}">{code(place(site.path, site.span.line, site.cell))}</a>'
        for site in one.companions
    )
    if not links:
        return ""
    shared = listed(one.ties[:_TIES])
    if (more := len(one.ties) - _TIES) > 0:
        shared = and_more(shared, more)
    return f"{listed(links)}; {prose(_('they share {ties}', ties=shared))}"


def _strand(strand: Strand) -> Iterator[str]:
    for where, words, line in stations(strand):
        yield f"{code(where)} {prose(words)}{f'<pre>{text(line)}</pre>' if line else ''}"


def _steps(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        yield f"{code(place(step.path, step.line))} {prose(step.what)}"
