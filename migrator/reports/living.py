"""The living checklist and the status, for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from migrator.checklist.living import SETTLED, Line, Look, State
from migrator.checklist.status import Status
from migrator.decisions import Severity
from migrator.reports.json import document, item_data
from migrator.reports.redaction import redact
from migrator.reports.words import MEANINGS, count, place, visible

if TYPE_CHECKING:
    from rich.console import Console

_SHOWN = 20
_WORDS = {
    State.TICKED: "ticked by a person",
    State.GONE: "gone from the code",
    State.DONE: "done, by a comment",
    State.IGNORED: "ignored, by a comment or the settings",
    State.OFF: "off, by the settings",
}


def checklist_json(look: Look) -> str:
    """Every line of the checklist with its state."""
    return document(
        {
            "target": {"provider": look.provider.id, "compiled": look.provider.compiled},
            "found": look.found,
            "open": len(look.of(State.OPEN)),
            "settled": {one.value: len(look.of(one)) for one in SETTLED_IN_ORDER},
            "movable": len(look.of(State.MOVABLE)),
            "items": [_line_data(one) for one in look.lines],
        }
    )


SETTLED_IN_ORDER = tuple(one for one in State if one in SETTLED)


def _line_data(line: Line) -> dict[str, Any]:
    told: dict[str, Any] = {
        "code": line.code,
        "path": line.path,
        "line": line.number,
        "severity": line.severity.value,
        "title": line.title,
    }
    if line.item is not None:
        told |= item_data(line.item)
    return {
        **told,
        "state": line.state.value,
        "reason": line.reason,
        "new": line.new,
        "still_there": line.still,
    }


def print_checklist(look: Look, console: Console, *, file: str, written: bool) -> None:
    """What is settled, what is new, and what is open, by severity."""
    for line in _checklist(look, file, written):
        _print(console, line)


def _checklist(look: Look, file: str, written: bool) -> Iterator[str]:
    if not look.found:
        yield f"There is no {file} yet: this is what `migrate apply` would leave to do."
    settled = [one for one in look.lines if one.entry is not None and not one.entry.ticked]
    yield from _section("Settled now", [one for one in settled if one.state in SETTLED])
    yield from _section("New", [one for one in look.lines if one.new and one.state not in SETTLED])
    back = [one for one in look.of(State.OPEN) if one.entry is not None and one.entry.ours]
    yield from _section("There again", back)
    yield from _section("Ticked, and there all the same", [one for one in look.lines if one.still])
    yield from _section("Another apply would move these", look.of(State.MOVABLE))
    for severity in Severity:
        of_severity = [one for one in look.of(State.OPEN) if one.severity is severity]
        heading = f"{severity.value} ({len(of_severity)} open): {MEANINGS[severity]}"
        yield from _section(heading, of_severity)
    yield _account(look)
    if look.found:
        yield f"{file} is brought up to date." if written else f"{file} is as it was."


def _section(heading: str, lines: list[Line]) -> Iterator[str]:
    if not lines:
        return
    yield heading
    for one in lines[:_SHOWN]:
        where = place(one.path, one.number)
        words = f"{_WORDS.get(one.state, '')}{f': {one.reason}' if one.reason else ''}"
        said = f" ({words})" if words else ""
        yield f"  {where + ': ' if where else ''}{redact(one.title)} [{one.code}]{redact(said)}"
    if len(lines) > _SHOWN:
        yield f"  … {len(lines) - _SHOWN} more: --format markdown"
    yield ""


def _account(look: Look) -> str:
    found = Counter(one.state for one in look.lines)
    settled = [f"{found[one]} {_WORDS[one]}" for one in SETTLED_IN_ORDER if found[one]]
    done = f"; settled: {', '.join(settled)}" if settled else ""
    return f"{count(found[State.OPEN], 'item')} open{done}"


# -- status ---------------------------------------------------------------------------------------


def status_json(told: Status) -> str:
    """The figures as a JSON document."""
    return document(
        {
            "target": {"provider": told.provider},
            "converted": told.converted,
            "movable": told.movable,
            "left": told.left,
            "open": {one.value: told.open.get(one, 0) for one in Severity},
            "settled": {one.value: told.settled.get(one, 0) for one in SETTLED_IN_ORDER},
            "parts": [
                {"part": one.name, "movable": one.movable, "open": one.open, "left": one.left}
                for one in told.parts
            ],
            "groups": list(told.groups),
            "next": told.step,
        }
    )


def print_status(told: Status, console: Console) -> None:
    """The figures, part by part, and what comes next."""
    for line in _status(told):
        _print(console, line)
    console.print()
    console.print(_text(f"Next: {told.step}"), style="bold", soft_wrap=True, highlight=False)


def _status(told: Status) -> Iterator[str]:
    yield f"To {told.name}:"
    yield f"  converted {told.converted:>6,}   sites, by the runs so far"
    yield f"  would move {told.movable:>5,}   sites, by another apply"
    yield f"  left      {told.left:>6,}   sites, which stay as they are"
    for severity in Severity:
        if told.open.get(severity):
            yield f"  open      {told.open[severity]:>6,}   {severity.value}: {MEANINGS[severity]}"
    for state in SETTLED_IN_ORDER:
        if told.settled.get(state):
            yield f"  settled   {told.settled[state]:>6,}   {_WORDS[state]}"
    if told.parts:
        yield from _parts(told)


def _parts(told: Status) -> Iterable[str]:
    width = max(len("part"), *(len(one.name) for one in told.parts))
    yield ""
    yield f"  {'part':{width}}  would move    open    left"
    for one in told.parts:
        yield f"  {one.name:{width}}  {one.movable:>10,}{one.open:>8,}{one.left:>8,}"


def _print(console: Console, line: str) -> None:
    console.print(_text(line), soft_wrap=True, highlight=False)


def _text(line: str) -> Any:
    from rich.text import Text

    return Text(visible(line))
