"""The rung on which the program runs, in front of the strict stand-in for the provider."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from migrator.verification.junit import FAILED, Results
from migrator.verification.ladder import Finding, Rung, State, judged
from migrator.verification.running import Observed

NAME = "emulated"
_ENDS, _LEAVES = "ends with 0", "stays on this machine"


def emulated(
    observed: Observed, results: Results | None, command: str, *, failed_before: bool = False
) -> Rung:
    """What a command asked of the stand-in; `results` are those of its tests, if its runner says.

    It fails where a request is refused, something leaves by the openai package, or it ends badly
    and did not before.
    """
    findings = [*_refused(observed), *_left(observed)]
    if observed.exit_code != 0:
        failed = sum(one == FAILED for one in (results or {}).values())
        tests = f": {failed} of {len(results)} tests fail" if results and failed else ""
        before = "; it did not end with 0 before either" if failed_before else ""
        what = f"`{command}` ended with {observed.exit_code}{tests}{before}"
        findings.append(Finding(what, rule="" if failed_before else _ENDS))
    asked = observed.exchanges
    accepted = sum(one.refusal is None for one in asked)
    paths = Counter(f"{one.method} {one.path}" for one in asked)
    details = {"command": command, "requests": len(asked), "accepted": accepted, "paths": paths}
    ended = f"`{command}` ended with {observed.exit_code}"
    if not asked and not any(one.rule for one in findings):
        why = f"{ended} and sent no request: nothing was shown of what it sends"
        return Rung(NAME, State.NOT_RUN, why, tuple(findings), details)
    well = f"{ended}; {accepted} of {len(asked)} requests were accepted"
    return judged(NAME, findings, well, details)


def _refused(observed: Observed) -> Iterator[Finding]:
    """Every refusal, told once for each place and rule."""
    times: Counter[Finding] = Counter()
    for one in observed.exchanges:
        if one.refusal is None:
            continue
        place = one.site
        times[
            Finding(
                f"{one.method} {one.path} was refused: {one.refusal.message}",
                place.path if place is not None else "",
                place.line if place is not None else 0,
                one.refusal.rule,
                tuple(one.refusal.sources),
            )
        ] += 1
    for finding, number in times.items():
        yield finding if number == 1 else _times(finding, number)


def _times(finding: Finding, number: int) -> Finding:
    what = f"{finding.what} ({number} times)"
    return Finding(what, finding.path, finding.line, finding.rule, finding.sources)


def _left(observed: Observed) -> Iterator[Finding]:
    for one in dict.fromkeys(observed.outside):
        place = one.site
        done = "was refused" if one.refused else "was let through"
        yield Finding(
            f"a request by {one.by} to {one.host} {done}",
            place.path if place is not None else "",
            place.line if place is not None else 0,
            _LEAVES if one.by == "openai" else "",
        )
