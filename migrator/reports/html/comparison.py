"""A comparison of providers as a part of a page: a table with bars, and a card for each."""

from __future__ import annotations

from migrator.comparing.comparison import Candidate, Comparison
from migrator.decisions import Severity
from migrator.language import _
from migrator.reports.comparisons import words
from migrator.reports.html.texts import prose, terms, text

_WIDTH = 100


def comparison_part(comparison: Comparison, *, paths: str = "") -> str:
    """The recommendation, the table, and what is to be said of each candidate."""
    step = words.next_step(comparison, paths)
    parts = [f"<p>{prose(one)}</p>" for one in words.verdict(comparison)]
    if step:
        parts.append(f"<p>{prose(_('Next: {step}', step=f'`{step}`'))}</p>")
    if comparison.candidates and comparison.sites:
        parts += [_table(comparison), *(_card(one, comparison) for one in comparison.candidates)]
        notes = [_(words.PRICES)]
        notes += [_("OpenAI's: {source}.", source=one) for one in words.sources(comparison)]
        parts.append(f'<div class="soft">{"".join(f"<p>{text(one)}</p>" for one in notes)}</div>')
    return "\n".join(parts)


def _table(comparison: Comparison) -> str:
    first, requests, *rest = (f'<th scope="col">{text(_(one))}</th>' for one in words.HEADINGS)
    heading = f"<tr>{first}<td></td>{requests}{''.join(rest)}</tr>"
    rows = "\n".join(_row(one, one is comparison.recommended) for one in comparison.candidates)
    label = text(_("The figures of every provider; they can be scrolled"))
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">'
        f'<table class="figures compared"><thead>{heading}</thead><tbody>\n{rows}</tbody></table>'
        "</div>"
    )


def _row(one: Candidate, best: bool) -> str:
    name, *figures = map(text, words.figures(one))
    cells = "".join(f"<td>{said}</td>" for said in figures)
    mark = ' class="best"' if best else ""
    return f'<tr{mark}><th scope="row">{name}</th><td class="wide">{_bar(one)}</td>{cells}</tr>'


def _bar(one: Candidate) -> str:
    """How many of the requests move."""
    width = round(_WIDTH * one.moved / one.requests) if one.requests else 0
    return (
        f'<svg class="bar" viewBox="0 0 {_WIDTH} 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="moves" width="{width}" height="10"/></svg>'
    )


def _card(candidate: Candidate, comparison: Comparison) -> str:
    name = f"{candidate.name} {candidate.name_zh}".strip()
    blockers = candidate.items.get(Severity.BLOCKER, 0)
    details = terms(
        (one.heading, "".join(f"<p>{prose(line)}</p>" for line in one.lines))
        for one in words.details(candidate)
    )
    opened = " open" if candidate is comparison.recommended else ""
    said = _("{moved} of {requests} requests; blockers: {blockers}", moved=candidate.moved,
             requests=candidate.requests, blockers=blockers)  # fmt: skip
    return (
        f'<details class="card"{opened}><summary><h3>{text(candidate.label)}</h3> {text(name)} '
        f'<span class="soft">{text(said)}</span></summary><div>{details}</div></details>'
    )
