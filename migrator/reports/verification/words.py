"""The words that the reports of a verification share."""

from __future__ import annotations

from collections.abc import Sequence

from migrator.reports.redaction import redact
from migrator.reports.words import dated, place, visible
from migrator.verification.ladder import Finding, Ladder, Rung, State

MARKS = {State.PASSED: "passed", State.FAILED: "FAILED", State.NOT_RUN: "not run"}


def finding_line(finding: Finding) -> str:
    """`app.py:3: what was seen (the rule)`."""
    where = place(finding.path, finding.line)
    rule = f" ({finding.rule})" if finding.rule else ""
    return visible(redact(f"{where}: {finding.what}{rule}" if where else f"{finding.what}{rule}"))


def source_lines(finding: Finding) -> list[str]:
    """Where the facts are from, each with its date."""
    return [f"{dated(one)} {one.url}" if one.title else dated(one) for one in finding.sources]


def outcome(ladder: Ladder) -> str:
    """`2 of 3 rungs passed, 1 failed`."""
    run = [rung for rung in ladder.rungs if rung.state is not State.NOT_RUN]
    passed = sum(rung.state is State.PASSED for rung in run)
    failed = len(run) - passed
    said = f"{passed} of {len(run)} rungs that were run passed"
    return f"{said}, {failed} failed" if failed else said


def test_rows(rung: Rung) -> Sequence[tuple[str, str, str]]:
    """The tests whose result is another after than before: name, before, after."""
    tests = rung.details.get("tests", {})
    return [(name, then, now) for name, (then, now) in tests.items() if then != now]
