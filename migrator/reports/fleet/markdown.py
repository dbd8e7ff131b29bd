"""What all repositories come to, for a wiki or an issue."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.decisions import Severity
from migrator.fleet.summary import Fleet
from migrator.language import _
from migrator.reports.fleet import words
from migrator.reports.markdown import code
from migrator.reports.merge_request import quiet
from migrator.reports.words import severity_name

_MOST = 50  # rows of a table, and failures

Lines = Iterator[str]


def fleet_markdown(fleet: Fleet) -> str:
    """Totals, what is in the way of most, providers, and what failed."""
    return "\n".join([*_head(fleet), *_obstacles(fleet), *_providers(fleet), *_failed(fleet)])


def _head(fleet: Fleet) -> Lines:
    yield f"# {_('Migration of many repositories')}"
    yield ""
    yield quiet(words.headline(fleet))
    yield ""
    yield _("| repositories | number | what that means |")
    yield "|---|--:|---|"
    for standing, number in fleet.standings.items():
        if number:
            said, means = _(words.STANDINGS[standing]), _(words.MEANINGS[standing])
            yield f"| {said} | {number:,} | {means} |"
    yield ""
    if any(fleet.number(one.value) for one in Severity):
        yield _("| left to people | items |")
        yield "|---|--:|"
        for severity in Severity:
            yield f"| {severity_name(severity)} | {fleet.number(severity.value):,} |"
        yield ""


def _obstacles(fleet: Fleet) -> Lines:
    obstacles = fleet.obstacles
    if not obstacles:
        return
    yield f"## {_('What is in the way')}"
    yield ""
    yield _("| code | of what | repositories | only this in the way | items |")
    yield "|---|---|--:|--:|--:|"
    for one in obstacles[:_MOST]:
        about = code(one.about).replace("|", "\\|") if one.about else ""
        figures = f"{one.repositories:,} | {one.alone:,} | {one.items:,}"
        yield f"| {code(one.code)} | {about} | {figures} |"
    yield from _more(len(obstacles))
    yield ""


def _providers(fleet: Fleet) -> Lines:
    if not fleet.providers:
        return
    yield f"## {_('Providers')}"
    yield ""
    yield _("| provider | best for | moves whole | requests that move | blockers |")
    yield "|---|--:|--:|--:|--:|"
    for one in fleet.providers:
        figures = f"{one.best:,} | {one.whole:,} | {one.moved:,} | {one.blockers:,}"
        yield f"| {code(one.target)} | {figures} |"
    yield ""


def _failed(fleet: Fleet) -> Lines:
    if not fleet.failures:
        return
    yield f"## {_('Failed')}"
    yield ""
    for one in fleet.failures[:_MOST]:
        yield f"- {code(one.name)}: {quiet(one.error)}"
    yield from _more(len(fleet.failures))
    yield ""


def _more(number: int) -> Lines:
    if number > _MOST:
        yield ""
        yield _("… and {number:,} more in {place}", number=number - _MOST, place=code("fleet.csv"))
