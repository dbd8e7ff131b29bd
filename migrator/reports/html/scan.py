"""A scan as one page: the map, and every place with where its values come from."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from migrator.analysis.result import ScanResult
from migrator.language import _
from migrator.reports.html import places
from migrator.reports.html.becoming import Becoming, bar, of_scan
from migrator.reports.html.coverage import figure, figures, shares
from migrator.reports.html.document import page
from migrator.reports.html.filters import filters
from migrator.reports.html.map import map_of
from migrator.reports.html.texts import code, text
from migrator.reports.words import files as files_of
from migrator.reports.words import in_order

_OPEN = 200  # places that are shown at once


def scan_html(result: ScanResult, *, repository: str = "") -> str:
    """The page of a scan; `repository` is what it is called."""
    becoming = of_scan(in_order(result.sites))
    title = _("What reaches OpenAI")
    if repository:
        title = _("{repository}: what reaches OpenAI", repository=repository)
    paths = list(dict.fromkeys(site.path for site in becoming.sites))
    numbers = {path: number for number, path in enumerate(paths)}
    parts = [
        ("coverage", _("Overview"), _overview(result, becoming)),
        ("map", _("Map"), map_of(becoming, numbers)),
        ("files", _("Files"), _files(becoming, numbers)),
        ("skipped", _("Not looked into"), _skipped(result)),
    ]
    head = f"<h1>{text(title)}</h1>\n<p>{text(_('Nothing has been changed.'))}</p>"
    return page(title, parts, head=head, repository=repository, tools=filters())


def _overview(result: ScanResult, becoming: Becoming) -> str:
    files = len({site.path for site in becoming.sites})
    entries = [
        figure(f"{len(becoming.sites):,}", "", _("places reach OpenAI")),
        figure(f"{files:,}", f"{result.seen:,}", _("files")),
    ]
    if not becoming.sites:
        return f"{figures(entries)}<p>{text(_('No use of OpenAI was found.'))}</p>"
    words = becoming.words(becoming.counted(becoming.sites))
    return f"{figures(entries)}{shares(becoming, words)}"


def _files(becoming: Becoming, numbers: dict[str, int]) -> str:
    parts, shown = [], 0
    for path, group in groupby(becoming.sites, key=lambda site: site.path):
        sites, number = list(group), numbers[path]
        counts = becoming.counted(sites)
        opened = " open" if shown < _OPEN else ""
        parts.append(
            f'<article id="file-{number}" data-file="{number}" data-name="{text(path)}">'
            f"<details{opened}><summary><h3>{code(path)}</h3> "
            f'<span class="soft">{text(becoming.words(counts))}</span>{bar(becoming, counts)}'
            f"</summary>\n<div>{places.found(sites, becoming)}</div></details></article>"
        )
        shown += len(sites)
    return "\n".join(parts)


def _skipped(result: ScanResult) -> str:
    """What could not be read, and how many files were not looked into, by the reason."""
    rows = [
        f"<li>{code(f'{one.path}:{one.line}')} {text(one.reason)}</li>"
        for one in sorted(result.unreadable, key=lambda one: one.path)
    ]
    counts = Counter(reason for _path, reason in result.skipped)
    rows += [
        f"<li>{text(reason)}: {text(files_of(number))}</li>"
        for reason, number in sorted(counts.items())
    ]
    return f"<ul>{''.join(rows)}</ul>" if rows else ""
