"""A comparison as Markdown, for an issue or a merge request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrator.comparing.comparison import Candidate, Comparison
from migrator.language import _
from migrator.reports.comparisons import words
from migrator.reports.markdown import code, prose


def comparison_markdown(comparison: Comparison, *, paths: str = "") -> str:
    """The recommendation, the table and a section for each candidate."""
    parts = [f"# {_(words.TITLE)}", *map(prose, words.verdict(comparison))]
    if step := words.next_step(comparison, paths):
        parts.append(_("Next: {step}", step=code(step)))
    if comparison.candidates and comparison.sites:
        headings = tuple(map(_, words.HEADINGS))
        parts.append(_table([headings, *map(words.figures, comparison.candidates)]))
        for candidate in comparison.candidates:
            parts += _section(candidate)
        parts.append(prose(_(words.PRICES)))
        parts += [_("OpenAI's: {source}", source=prose(one)) for one in words.sources(comparison)]
    return "\n\n".join(parts) + "\n"


def _table(rows: Sequence[Sequence[str]]) -> str:
    heading, *body = [f"| {' | '.join(map(prose, row))} |" for row in rows]
    marks = ["---", *["--:"] * (len(rows[0]) - 1)]
    return "\n".join([heading, f"|{'|'.join(marks)}|", *body])


def _section(candidate: Candidate) -> Iterator[str]:
    name = f"{candidate.name} {candidate.name_zh}".strip()
    heading = _("{label}: {name}", label=prose(candidate.label), name=prose(name))
    yield f"## {heading}"
    for detail in words.details(candidate):
        lines = "\n".join(f"- {prose(line)}" for line in detail.lines)
        yield f"**{detail.heading.capitalize()}**\n\n{lines}"
