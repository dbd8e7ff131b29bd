"""A comparison as one HTML file that needs no other, for a screen of any width."""

from __future__ import annotations

import html
from collections.abc import Iterable

from migrator.comparing.comparison import Candidate, Comparison
from migrator.reports.comparisons import words
from migrator.reports.words import visible

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #888; --best: #2a7f4f; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .6rem; text-align: right; }
th:first-child, td:first-child { text-align: left; white-space: nowrap; }
.best { color: var(--best); font-weight: 600; }
section { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0; padding: 1rem; }
dl { display: grid; gap: .3rem 1rem; grid-template-columns: max-content 1fr; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
dd p { margin: 0 0 .2rem; } footer { color: var(--soft); font-size: .9rem; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dt { margin-top: .4rem; } }
"""


def comparison_html(comparison: Comparison, *, paths: str = "") -> str:
    """The page: the recommendation, the table and a card for each candidate."""
    verdict = words.verdict(comparison)
    step = words.next_step(comparison, paths)
    body = [
        "<h1>Where to move from OpenAI</h1>",
        *(f"<p>{_text(one)}</p>" for one in verdict),
        f"<p>Next: <code>{_text(step)}</code></p>" if step else "",
    ]
    if comparison.candidates and comparison.sites:
        body += [_table(comparison), *map(_card, comparison.candidates), _footer(comparison)]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Where to move from OpenAI</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(filter(None, body))
        + "\n</body>\n</html>\n"
    )


def _table(comparison: Comparison) -> str:
    heading = _cells("th", words.HEADINGS)
    rows = [
        f"<tr{_mark(one is comparison.recommended)}>{_cells('td', words.figures(one))}</tr>"
        for one in comparison.candidates
    ]
    body = "\n".join(rows)
    return f'<div class="scroll"><table>\n<tr>{heading}</tr>\n{body}\n</table></div>'


def _mark(best: bool) -> str:
    return ' class="best"' if best else ""


def _cells(tag: str, texts: Iterable[str]) -> str:
    return "".join(f"<{tag}>{_text(text)}</{tag}>" for text in texts)


def _card(candidate: Candidate) -> str:
    name = f"{candidate.name} {candidate.name_zh}".strip()
    details = "\n".join(
        f"<dt>{_text(one.heading)}</dt><dd>{''.join(f'<p>{_text(t)}</p>' for t in one.lines)}</dd>"
        for one in words.details(candidate)
    )
    heading = f"<h2>{_text(candidate.label)}: {_text(name)}</h2>"
    return f"<section>{heading}\n<dl>\n{details}\n</dl></section>"


def _footer(comparison: Comparison) -> str:
    texts = (words.PRICES, *(f"OpenAI's: {one}." for one in words.sources(comparison)))
    return f"<footer>{''.join(f'<p>{_text(one)}</p>' for one in texts)}</footer>"


def _text(text: str) -> str:
    return html.escape(visible(text))
