"""The filters of a page that stay in sight; they need the script, and are hidden without it."""

from __future__ import annotations

from migrator.language import _
from migrator.reports.html.texts import text


def filters() -> str:
    """A field for words, what is filtered by the map, and the help."""
    label = text(_("Filter by path, code or words"))
    only, none = text(_("Only {name}")), text(_("Nothing matches."))
    return (
        '<form class="filters needs-script" hidden role="search">'
        f'<input type="search" id="filter" aria-label="{label}" placeholder="{label}" '
        'autocomplete="off" spellcheck="false">'
        f'<button type="button" id="file-filter" data-words="{only}" hidden></button>'
        f'<output id="matches" data-none="{none}"></output>'
        f'<button type="button" id="help" aria-label="{text(_("Keys"))}">?</button></form>'
    )
