"""The rung on which the program runs, in front of the strict stand-in for the provider."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from migrator.language import _, marked
from migrator.verification.junit import FAILED, Results
from migrator.verification.ladder import Finding, Rung, State, judged
from migrator.verification.running import Observed

NAME = marked("emulated")
_UNSEEN = marked(
    "no Python of the command was watched (it sets a PYTHONPATH of its own, or is started with -I, "
    "-E or -S): where requests are made is not told, and what leaves is not kept back"
)
_ENDS = marked("it has to end with 0")
_LEAVES = marked("it has to stay on this machine")


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
        what = _("`{command}` ended with {code}", command=command, code=observed.exit_code)
        if results and failed:
            what = _(
                "{what}: {failed} of {number} tests fail",
                what=what,
                failed=failed,
                number=len(results),
            )
        if failed_before:
            what = _("{what}; it did not end with 0 before either", what=what)
        findings.append(Finding(what, rule="" if failed_before else _ENDS))
    if not observed.witnessed:
        findings.append(Finding(_(_UNSEEN)))
    asked = observed.exchanges
    accepted = sum(one.refusal is None for one in asked)
    paths = Counter(f"{one.method} {one.path}" for one in asked)
    details = {"command": command, "requests": len(asked), "accepted": accepted, "paths": paths}
    if not asked and not any(one.rule for one in findings):
        why = _(
            "`{command}` ended with {code} and sent no request: nothing was shown of what it sends",
            command=command,
            code=observed.exit_code,
        )
        return Rung(NAME, State.NOT_RUN, why, tuple(findings), details)
    well = _(
        "`{command}` ended with {code}; {accepted} of {number} requests were accepted",
        command=command,
        code=observed.exit_code,
        accepted=accepted,
        number=len(asked),
    )
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
                _(
                    "{method} {path} was refused: {message}",
                    method=one.method,
                    path=one.path,
                    message=one.refusal.message,
                ),
                place.path if place is not None else "",
                place.line if place is not None else 0,
                one.refusal.rule,
                tuple(one.refusal.sources),
            )
        ] += 1
    for finding, number in times.items():
        yield finding if number == 1 else _times(finding, number)


def _times(finding: Finding, number: int) -> Finding:
    what = _("{what} ({number} times)", what=finding.what, number=number)
    return Finding(what, finding.path, finding.line, finding.rule, finding.sources)


def _left(observed: Observed) -> Iterator[Finding]:
    for one in dict.fromkeys(observed.outside):
        place = one.site
        told = (
            marked("a request by {by} to {host} was refused")
            if one.refused
            else marked("a request by {by} to {host} was let through")
        )
        yield Finding(
            _(told, by=one.by, host=one.host),
            place.path if place is not None else "",
            place.line if place is not None else 0,
            _LEAVES if one.by == "openai" else "",
        )
