"""All repositories as one page: the figures, what is in the way, and a table to sort and filter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from urllib.parse import quote

from migrator.decisions import Severity
from migrator.fleet.result import Result, Standing
from migrator.fleet.summary import Fleet
from migrator.fleet.unit import DESCRIPTION, PAGE, PATCH
from migrator.language import _, marked
from migrator.reports.fleet import words
from migrator.reports.html.coverage import figure, figures
from migrator.reports.html.document import page
from migrator.reports.html.filters import filters
from migrator.reports.html.texts import code, prose, rows_of, text

_TONES = {
    Standing.MOVES: "moves",
    Standing.PARTLY: "listed",
    Standing.PEOPLE: "listed",
    Standing.NOTHING: "stays",
    Standing.FOUND: "listed",
    Standing.FAILED: "blocker",
}
_HEADINGS = (
    marked("repository"),
    marked("how it stands"),
    marked("provider"),
    marked("requests"),
    marked("move"),
    marked("blockers"),
    marked("to look at"),
    marked("files"),
    marked("more"),
)
_LINKS = ((PAGE, marked("page")), (PATCH, marked("patch")), (DESCRIPTION, marked("description")))


def fleet_html(fleet: Fleet) -> str:
    """The page."""
    title = _("Migration of many repositories")
    parts = [
        ("overview", _("Overview"), _overview(fleet)),
        ("obstacles", _("What is in the way"), _obstacles(fleet)),
        ("providers", _("Providers"), _providers(fleet)),
        ("failed", _("Failed"), _failed(fleet)),
        ("repositories", _("Repositories"), _repositories(fleet)),
    ]
    head = f"<h1>{text(title)}</h1>\n<p>{text(words.headline(fleet))}</p>"
    return page(title, parts, head=head, tools=filters())


def _overview(fleet: Fleet) -> str:
    requests, files = fleet.total("requests"), fleet.total("changed")
    plus, minus = fleet.total("added"), fleet.total("removed")
    sizes = f' <span class="plus">+{plus:,}</span> <span class="minus">−{minus:,}</span>'
    blockers = fleet.number(Severity.BLOCKER.value)
    moves = fleet.standings[Standing.MOVES]
    entries = [
        figure(f"{moves:,}", f"{len(fleet.results):,}", _("repositories move")),
        figure(f"{fleet.total('moved'):,}", f"{requests:,}", _("requests move")),
        figure(f"{files:,}", "", _("files change"), sizes),
        figure(f"{blockers:,}", "", _("places have no counterpart")),
    ]
    if not fleet.targets:
        found = fleet.standings[Standing.FOUND]
        entries = [
            figure(f"{found:,}", f"{len(fleet.results):,}", _("repositories use OpenAI")),
            figure(f"{requests:,}", "", _("requests")),
        ]
    rows = (
        [
            _standing(one),
            f"{number:,}",
            f'<span class="soft">{text(_(words.MEANINGS[one]))}</span>',
        ]
        for one, number in fleet.standings.items()
        if number
    )
    heads = (_("repositories"), _("number"), _("what that means"))
    return figures(entries) + _table(heads, rows, words_in={2})


def _standing(standing: Standing) -> str:
    said = text(_(words.STANDINGS[standing]))
    return f'<span class="dot {_TONES[standing]}"></span>{said}'


def _obstacles(fleet: Fleet) -> str:
    obstacles = fleet.obstacles
    if not obstacles:
        return ""
    lead = _(
        "What has no counterpart, over all repositories. Where one of these is the only thing in "
        "the way, settling it lets the repository move."
    )
    heads = (_("code"), _("of what"), _("repositories"), _("only this in the way"), _("items"))
    rows = (
        [
            f'<span title="{text(words.obstacle(one))}">{code(one.code)}</span>',
            code(one.about) if one.about else "",
            *(f"{number:,}" for number in (one.repositories, one.alone, one.items)),
        ]
        for one in obstacles
    )
    return f"<p>{text(lead)}</p>{_table(heads, rows, words_in={1})}"


def _providers(fleet: Fleet) -> str:
    if not fleet.providers:
        return ""
    heads = (
        _("provider"),
        _("best for"),
        _("moves whole"),
        _("requests that move"),
        _("blockers"),
    )
    rows = (
        [text(one.target), *(f"{n:,}" for n in (one.best, one.whole, one.moved, one.blockers))]
        for one in fleet.providers
    )
    return _table(heads, rows)


def _failed(fleet: Fleet) -> str:
    return rows_of(f"{code(one.name)} {prose(one.error)}" for one in fleet.failures)


def _repositories(fleet: Fleet) -> str:
    return _table(map(_, _HEADINGS), map(_row, fleet.results), "filtered", {1, 2, 8})


def _row(one: Result) -> Iterator[str]:
    ref = f" @ {one.ref}" if one.ref else ""
    part = f" / {one.folder}" if one.folder else ""
    source = f'<span class="soft">{text(f"{one.source}{ref}{part}")}</span>'
    rest = sum(item.number for item in one.items) - words.blockers(one)
    changed = (
        f'{one.changed:,} <span class="plus">+{one.added:,}</span> '
        f'<span class="minus">−{one.removed:,}</span>'
    )
    yield f"{text(one.name)}<br>{source}"
    yield _standing(one.standing)
    yield text(one.target)
    yield from (f"{number:,}" for number in (one.requests, one.moved, words.blockers(one), rest))
    yield changed if one.changed else "0"
    yield " ".join(_links(one))


def _links(one: Result) -> Iterator[str]:
    for name, said in _LINKS:
        if name in one.files:
            address = quote(f"{words.FOLDER}/{one.name}/{name}")
            yield f'<a href="{text(address)}">{text(_(said))}</a>'


def _table(
    heads: Iterable[str],
    rows: Iterable[Iterable[str]],
    name: str = "",
    words_in: Collection[int] = (),
) -> str:
    """A table that the script lets be sorted; cells are markup, figures but in some columns."""
    head = "".join(
        f'<th scope="col"{_words(number, words_in)}>{text(one)}</th>'
        for number, one in enumerate(heads)
    )
    body = "\n".join(f"<tr>{''.join(_cells(row, words_in))}</tr>" for row in rows)
    label = text(_("A table; it can be scrolled"))
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">'
        f'<table class="figures sortable {name}"><thead><tr>{head}</tr></thead>'
        f"<tbody>\n{body}</tbody></table></div>"
    )


def _cells(row: Iterable[str], words_in: Collection[int]) -> Iterator[str]:
    for number, cell in enumerate(row):
        named, kind = ("td", "") if number else ("th", ' scope="row"')
        yield f"<{named}{kind}{_words(number, words_in)}>{cell}</{named}>"


def _words(number: int, words_in: Collection[int]) -> str:
    return ' class="words"' if number in words_in else ""
