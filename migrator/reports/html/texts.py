"""Texts as markup: every text of a page passes through here.

Secrets are hidden, what a browser would obey or hide is spelled out, and markup is escaped: source
code and file names are somebody else's.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from migrator.decisions import Source
from migrator.reports.redaction import redact
from migrator.reports.words import CODE_SPAN, dated, visible

_CITED = 2


def text(words: str) -> str:
    """A text, for what stands between tags and for attributes in double quotes."""
    return html.escape(visible(redact(words)))


def code(words: str) -> str:
    """A text that is code, in a line."""
    return f"<code>{text(words)}</code>"


def prose(words: str) -> str:
    """A sentence; what stands between backticks is code."""
    words = " ".join(redact(words).split())
    parts: list[str] = []
    end = 0
    for span in CODE_SPAN.finditer(words):
        parts += [text(words[end : span.start()]), code(span[2].strip())]
        end = span.end()
    return "".join([*parts, text(words[end:])])


def terms(rows: Iterable[tuple[str, str]]) -> str:
    """A list of terms, each with markup; without those that there is nothing to say of."""
    found = [f"<dt>{text(term)}</dt><dd>{said}</dd>" for term, said in rows if said]
    return f"<dl>{''.join(found)}</dl>" if found else ""


def rows_of(entries: Iterable[str], tag: str = "ul") -> str:
    """Pieces of markup one below the other."""
    rows = "".join(f"<li>{one}</li>" for one in entries)
    return f"<{tag}>{rows}</{tag}>" if rows else ""


def sources(cited: Iterable[Source]) -> str:
    """Where facts come from, each with its date and a link; of many the first one is shown."""
    every = [f"<cite>{_source(one)}</cite>" for one in dict.fromkeys(cited)]
    if len(every) <= _CITED:
        return " ".join(every)
    more = " ".join(every[1:])
    folded = f'<details class="cites"><summary>+{len(every) - 1}</summary>{more}</details>'
    return f"{every[0]} {folded}"


def _source(source: Source) -> str:
    said = text(dated(source))
    if not source.url.startswith(("https://", "http://")):
        return said
    return f'<a href="{text(source.url)}" rel="noreferrer noopener">{said}</a>'


def site_anchor(site: str) -> str:
    """The id of the element that tells of a site."""
    return text(f"site-{site}")
