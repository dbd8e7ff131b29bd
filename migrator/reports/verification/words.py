"""The words that the reports of a verification share."""

from __future__ import annotations

from collections.abc import Sequence

from migrator.language import _, marked
from migrator.reports.redaction import redact
from migrator.reports.words import dated, place, visible
from migrator.verification.ladder import Finding, Ladder, Rung, State

MARKS = {
    State.PASSED: marked("passed"),
    State.FAILED: marked("FAILED"),
    State.NOT_RUN: marked("not run"),
}


def finding_line(finding: Finding) -> str:
    """`app.py:3: what was seen (the rule)`."""
    where = place(finding.path, finding.line)
    told = finding.what
    if finding.rule:
        told = _("{what} ({rule})", what=told, rule=_(finding.rule))
    if where:
        told = _("{place}: {what}", place=where, what=told)
    return visible(redact(told))


def source_lines(finding: Finding) -> list[str]:
    """Where the facts are from, each with its date."""
    return [f"{dated(one)} {one.url}" if one.title else dated(one) for one in finding.sources]


def outcome(ladder: Ladder) -> str:
    """`2 of 3 rungs passed, 1 failed`."""
    run = [rung for rung in ladder.rungs if rung.state is not State.NOT_RUN]
    passed = sum(rung.state is State.PASSED for rung in run)
    failed = len(run) - passed
    told = (
        marked("{passed} of {number} rungs that were run passed, {failed} failed")
        if failed
        else marked("{passed} of {number} rungs that were run passed")
    )
    return _(told, passed=passed, number=len(run), failed=failed)


def test_rows(rung: Rung) -> Sequence[tuple[str, str, str]]:
    """The tests whose result is another after than before: name, before, after."""
    tests = rung.details.get("tests", {})
    return [(name, _(then), _(now)) for name, (then, now) in tests.items() if then != now]
