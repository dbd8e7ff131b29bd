"""A plan as one HTML file that needs no other: what moves, what is left, and how each is known.

Every text passes through `_text`, `_prose` or `_code`: secrets are hidden and markup is escaped.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from migrator.changes.journal import Run
from migrator.changes.result import EditedText
from migrator.decisions import (
    Checklist,
    ChecklistItem,
    Convert,
    Decision,
    Leave,
    Plan,
    Severity,
    Source,
)
from migrator.explaining.places import Account, Strand, Told
from migrator.reports.places import stations
from migrator.reports.redaction import redact
from migrator.reports.words import (
    CODE_SPAN,
    MEANINGS,
    alike,
    count,
    coverage_line,
    dated,
    place,
    requests_line,
    visible,
)

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: color-mix(in srgb, CanvasText 65%, Canvas);
  --moves: #2a7f4f; --checklist: #b3541e; --left: #6b7280; }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 64rem; padding: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
pre { background: #8881; margin: .2rem 0; padding: .3rem .5rem; white-space: pre-wrap; }
ol, ul { margin: .2rem 0; padding-left: 1.3rem; } p { margin: .3rem 0; }
.bar { border-radius: .3rem; display: flex; gap: 2px; height: 1rem; overflow: hidden; }
.bar span { min-width: 0; }
.bar .moves, .tag.moves { background: var(--moves); }
.bar .checklist, .tag.checklist { background: var(--checklist); }
.bar .left, .tag.left { background: var(--left); }
.tag { border-radius: .3rem; color: #fff; font-size: .8rem; padding: .1rem .4rem; }
.soft { color: var(--soft); font-size: .9rem; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; }
summary { cursor: pointer; padding: .5rem .8rem; overflow-wrap: anywhere; }
summary h3, summary h4 { display: inline; font-size: 1rem; font-weight: 600; }
summary:focus-visible, a:focus-visible { outline: 3px solid Highlight; outline-offset: 1px; }
details > div { padding: 0 .8rem .6rem; scroll-margin-top: 4rem; }
dl { display: grid; gap: .3rem 1rem; grid-template-columns: fit-content(7rem) minmax(0, 1fr);
  margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
pre.before { border-left: 3px solid #c33; } pre.after { border-left: 3px solid var(--moves); }
@media (max-width: 40rem) {
  dl { grid-template-columns: minmax(0, 1fr); } dt { margin-top: .4rem; }
  details > div { padding: 0 .5rem .5rem; } ol, ul { padding-left: 1rem; }
}
@media print {
  body { font-size: 10pt; max-width: none; padding: 0; }
  details::details-content { block-size: auto; content-visibility: visible; }
  .tag, .bar span { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2, h3, summary { break-after: avoid; } pre { break-inside: avoid; }
}
"""
_BECOMES: dict[type[Decision], tuple[str, str]] = {
    Convert: ("moves", "moves"),
    Checklist: ("checklist", "not moved, on the checklist"),
    Leave: ("left", "left as it is"),
}


def plan_html(told: Told, *, run: Run | None = None) -> str:
    """The page: the coverage, the checklist, and every site of every file with its provenance.

    `run` is the run that wrote it, where it is written: the places stay those before it.
    """
    plan = told.result.plan
    title = f"Migration to {told.provider.name}"
    ids = {one.site.id for one in told.accounts}
    body = [
        f"<header><h1>{_text(title)}</h1>",
        *_coverage(told, run),
        "</header>\n<main>",
        *_checklist(plan, ids),
        *_files(told.accounts),
        *_beside(told, ids),
        "</main>",
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(filter(None, body))
        + "\n</body>\n</html>\n"
    )


# -- at a glance -----------------------------------------------------------------------------------


def _coverage(told: Told, run: Run | None) -> Iterator[str]:
    plan = told.result.plan
    coverage = plan.coverage
    shares = (
        ("moves", coverage.converted),
        ("checklist", coverage.checklist),
        ("left", coverage.left),
    )
    if requests := requests_line(plan):
        yield f"<p><strong>{_text(requests)}</strong></p>"
    parts = "".join(
        f'<span class="{name}" style="flex-grow:{number}"></span>'
        for name, number in shares
        if number
    )
    yield f'<div class="bar" aria-hidden="true">{parts}</div>'
    yield f"<p>{_text(coverage_line(coverage))}</p>"
    files = count(len(told.result.changes), "file")
    yield (
        f"<p>{_text(f'{files} would change; nothing has been written.')}</p>"
        if run is None
        else f"<p>Written by run {_code(run.id)}; <code>migrate undo</code> takes it back. "
        "The places below are those before it.</p>"
    )
    target = plan.target
    others = [f"{provider} for {name}" for name, provider in target.supplements]
    told_of = [f"target {target.provider}", f"mode {target.mode}", *others]
    yield f'<p class="soft">{_text("; ".join(told_of))}</p>'


# -- the checklist ---------------------------------------------------------------------------------


def _checklist(plan: Plan, ids: set[str]) -> Iterator[str]:
    items = plan.open_items
    found = Counter(item.severity for item in items)
    yield '<section id="checklist"><h2>Checklist</h2>'
    if not items:
        yield "<p>Nothing is left to do by hand.</p>"
    for severity in (one for one in Severity if found[one]):
        heading = f"{severity.value.capitalize()} ({found[severity]}): {MEANINGS[severity]}"
        yield f"<h3>{_text(heading)}</h3>"
        for group in alike(item for item in items if item.severity is severity):
            yield _group(group, ids)
    if off := [item for item in plan.checklist if item.suppressed and not item.is_off]:
        yield f"<h3>{_text(f'Taken off the list by comments ({len(off)})')}</h3>"
        yield _list("ul", map(_taken_off, off))
    yield "</section>"


def _group(items: Sequence[ChecklistItem], ids: set[str]) -> str:
    """Items that differ only in their place, under one explanation."""
    first = items[0]
    more = f" ({len(items)} places)" if len(items) > 1 else ""
    places = _list("ul", (_where(item, ids) for item in items if item.path))
    terms = [*_explained(first), ("where", places)]
    head = f"<h4>{_prose(first.title)}</h4>{more} <span class='soft'>{_text(first.code)}</span>"
    return f"<details open><summary>{head}</summary>\n<div>{_terms(terms)}</div></details>"


def _explained(item: ChecklistItem) -> list[tuple[str, str]]:
    return [
        ("why", _prose(item.why)),
        ("to do", _prose(item.action)),
        ("sources", _sources(item.sources)),
    ]


def _where(item: ChecklistItem, ids: set[str]) -> str:
    """The place of an item, which leads to its site, and its code."""
    where = _code(place(item.path, item.line, item.cell))
    site = next((one for one in item.site_ids if one in ids), None)
    head = where if site is None else f'<a href="#{_anchor(site)}">{where}</a>'
    return head + _texts(item.source_code, item.replacement, "write instead")


def _taken_off(item: ChecklistItem) -> str:
    assert item.suppressed is not None, "only such items stand here"
    where = _code(place(item.path, item.line, item.cell))
    said = _text(f"{item.code}: {item.suppressed.verb}, {item.suppressed.reason}")
    return f"{where} {said}"


# -- file by file ----------------------------------------------------------------------------------


def _files(accounts: Sequence[Account]) -> Iterator[str]:
    yield "<section><h2>File by file</h2>"
    if not accounts:
        yield "<p>No use of OpenAI was found.</p>"
    ordered = sorted(accounts, key=lambda one: (one.site.path, one.site.span))
    for path, group in groupby(ordered, key=lambda one: one.site.path):
        of_file = list(group)
        head = f"<h3>{_code(path)}</h3> <span class='soft'>{count(len(of_file), 'site')}</span>"
        sites = "\n".join(map(_site, of_file))
        yield f"<details open><summary>{head}</summary>\n<div>{sites}</div></details>"
    yield "</section>"


def _beside(told: Told, ids: set[str]) -> Iterator[str]:
    """What is written for no site: the documentation."""
    if edits := [one for one in told.result.edits if not ids.intersection(one.site_ids)]:
        yield f"<section><h2>Beside the sites</h2>{''.join(map(_edit, edits))}</section>"


def _site(one: Account) -> str:
    site = one.site
    name, becomes = _BECOMES[type(one.decision)]
    tests = ", in tests" if site.in_tests else ""
    line = place("line", site.span.line, site.cell).replace(":", " ", 1)
    head = (
        f"{_text(line)}: {_text(site.kind.value)} {_code(site.detail)} "
        f'<span class="soft">{_text(site.certainty.value + tests)}</span> '
        f'<span class="tag {name}">{becomes}</span>'
    )
    body = _terms(
        [
            *_decided(one.decision),
            ("written", "".join(map(_edit, one.edits))),
            ("beside", ", ".join(map(_code, one.files))),
            ("moves with", _moves_with(one)),
            ("what would change it", _list("ul", map(_prose, one.changes))),
            ("provenance", _list("ul", map(_strand, one.strands))),
            ("site", _code(site.id)),
        ]
    )
    anchor = _anchor(site.id)
    return f'<details><summary>{head}</summary>\n<div id="{anchor}">{body}</div></details>'


def _decided(decision: Decision) -> Iterator[tuple[str, str]]:
    match decision:
        case Convert(reason=reason, sources=sources, notes=items):
            yield "why", _prose(reason)
            yield "sources", _sources(sources)
        case Checklist(items=items):
            pass
        case Leave(reason=reason, sources=sources):
            yield "why", _prose(reason)
            yield "sources", _sources(sources)
            items = ()
    for item in items:
        off = f"; taken off the list: {_text(item.suppressed.reason)}" if item.suppressed else ""
        head = f"<p>{_prose(item.title)} <span class='soft'>{_text(item.code)}</span>{off}</p>"
        yield _text(item.severity.value), f"{head}{_terms(_explained(item))}"


def _edit(edit: EditedText) -> str:
    where = f'<p class="soft">{_text(edit.path)}, {_text(edit.codemod)}</p>'
    return where + _texts(edit.before, edit.after, "becomes")


def _texts(before: str, after: str, label: str) -> str:
    """Code as it is, and below a label what becomes of it."""
    old, new = (_text(text.strip("\n")) for text in (before, after))
    parts = [
        f'<pre class="before">{old}</pre>' if old.strip() else "",
        f'<p class="soft">{label}</p><pre class="after">{new}</pre>' if new.strip() else "",
    ]
    return "".join(parts)


def _moves_with(one: Account) -> str:
    if not one.companions:
        return ""
    links = dict.fromkeys(
        f'<a href="#{_anchor(site.id)}">{_code(place(site.path, site.span.line, site.cell))}</a>'
        for site in one.companions
    )
    return f"{', '.join(links)}; they share {_prose(', '.join(one.ties))}"


def _strand(strand: Strand) -> str:
    """One thing that is known, and the steps by which it is."""
    return _prose(strand.what) + _list("ol", (_step(*one) for one in stations(strand)))


def _step(where: str, words: str, code: str) -> str:
    shown = f"<pre>{_text(code)}</pre>" if code else ""
    return f"{_code(where)} {_prose(words)}{shown}"


# -- texts -----------------------------------------------------------------------------------------


def _terms(terms: Iterable[tuple[str, str]]) -> str:
    """A list of terms, without those that there is nothing to say of."""
    rows = [f"<dt>{term}</dt><dd>{said}</dd>" for term, said in terms if said]
    return f"<dl>{''.join(rows)}</dl>" if rows else ""


def _list(tag: str, entries: Iterable[str]) -> str:
    rows = "".join(f"<li>{one}</li>\n" for one in entries)
    return f"<{tag}>\n{rows}</{tag}>" if rows else ""


def _sources(sources: Iterable[Source]) -> str:
    return _list("ul", map(_source, sources))


def _source(source: Source) -> str:
    said = _text(dated(source))
    if not source.url.startswith(("https://", "http://")):
        return said
    return f'<a href="{_text(source.url)}" rel="noreferrer">{said}</a>'


def _anchor(site: str) -> str:
    return _text(f"site-{site}")


def _prose(text: str) -> str:
    """A sentence; what stands between backticks is code."""
    text = " ".join(redact(text).split())
    parts: list[str] = []
    end = 0
    for span in CODE_SPAN.finditer(text):
        parts += [_text(text[end : span.start()]), _code(span[2].strip())]
        end = span.end()
    return "".join([*parts, _text(text[end:])])


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>"


def _text(text: str) -> str:
    return html.escape(visible(redact(text)))
