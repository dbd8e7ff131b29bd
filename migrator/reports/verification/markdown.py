"""A verification as Markdown, for a merge request."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.language import _
from migrator.reports.markdown import prose
from migrator.reports.redaction import redact
from migrator.reports.verification.words import (
    MARKS,
    finding_line,
    outcome,
    source_lines,
    test_rows,
)
from migrator.verification.ladder import Ladder, Rung


def ladder_markdown(ladder: Ladder) -> str:
    """The table of rungs, and a section for each that saw something."""
    rows = [
        f"| {_(rung.name)} | {_(MARKS[rung.state])} | {prose(redact(rung.why))} |"
        for rung in ladder.rungs
    ]
    parts = [
        _("# Verification: {provider}", provider=prose(ladder.target.provider)),
        f"**{outcome(ladder)}**",
        "\n".join([_("| rung | state | why |"), "|---|---|---|", *rows]),
    ]
    for rung in ladder.rungs:
        parts += _section(rung)
    return "\n\n".join(parts) + "\n"


def _section(rung: Rung) -> Iterator[str]:
    tests = test_rows(rung)
    if not rung.findings and not tests:
        return
    yield f"## {_(rung.name).capitalize()}"
    if rung.findings:
        lines = []
        for finding in rung.findings:
            lines.append(f"- {prose(finding_line(finding))}")
            lines += [f"  - {prose(one)}" for one in source_lines(finding)]
        yield "\n".join(lines)
    if tests:
        rows = [f"| {prose(name)} | {then} | {now} |" for name, then, now in tests]
        yield "\n".join([_("| test | before | after |"), "|---|---|---|", *rows])
