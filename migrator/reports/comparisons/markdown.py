"""A comparison as Markdown, for an issue or a merge request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrator.comparing.comparison import Candidate, Comparison
from migrator.reports.comparisons import words
from migrator.reports.markdown import code, prose


def comparison_markdown(comparison: Comparison, *, paths: str = "") -> str:
    """The recommendation, the table and a section for each candidate."""
    parts = ["# Where to move from OpenAI", *map(prose, words.verdict(comparison))]
    if step := words.next_step(comparison, paths):
        parts.append(f"Next: {code(step)}")
    if comparison.candidates and comparison.sites:
        parts.append(_table([words.HEADINGS, *map(words.figures, comparison.candidates)]))
        for candidate in comparison.candidates:
            parts += _section(candidate)
        parts.append(prose(words.PRICES))
        parts += [f"OpenAI's: {prose(source)}" for source in words.sources(comparison)]
    return "\n\n".join(parts) + "\n"


def _table(rows: Sequence[Sequence[str]]) -> str:
    heading, *body = [f"| {' | '.join(map(prose, row))} |" for row in rows]
    marks = ["---", *["--:"] * (len(rows[0]) - 1)]
    return "\n".join([heading, f"|{'|'.join(marks)}|", *body])


def _section(candidate: Candidate) -> Iterator[str]:
    name = f"{candidate.name} {candidate.name_zh}".strip()
    yield f"## {prose(candidate.label)}: {prose(name)}"
    for detail in words.details(candidate):
        lines = "\n".join(f"- {prose(line)}" for line in detail.lines)
        yield f"**{detail.heading.capitalize()}**\n\n{lines}"
