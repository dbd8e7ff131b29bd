"""The living checklist and the status, for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from migrator.checklist.living import SETTLED, Line, Look, State
from migrator.checklist.status import Status
from migrator.decisions import Severity
from migrator.language import _, counted, marked
from migrator.reports.json import document, item_data
from migrator.reports.redaction import redact
from migrator.reports.words import (
    MEANINGS,
    left,
    listed,
    place,
    right,
    severity_name,
    visible,
    width_of,
)
from migrator.reports.wrapping import fitted

if TYPE_CHECKING:
    from rich.console import Console

_SHOWN = 20
_FIGURE = 16  # columns of a figure with its word
_PART_FIGURE = 6
_WORDS = {
    State.TICKED: marked("ticked by a person"),
    State.GONE: marked("gone from the code"),
    State.DONE: marked("done, by a comment"),
    State.IGNORED: marked("ignored, by a comment or the settings"),
    State.OFF: marked("off, by the settings"),
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
        yield _(
            "There is no {file} yet: this is what `migrate apply` would leave to do.", file=file
        )
    settled = [one for one in look.lines if one.entry is not None and not one.entry.ticked]
    yield from _section(_("Settled now"), [one for one in settled if one.state in SETTLED])
    new = [one for one in look.lines if one.new and one.state not in SETTLED]
    yield from _section(_("New"), new)
    back = [one for one in look.of(State.OPEN) if one.entry is not None and one.entry.ours]
    yield from _section(_("There again"), back)
    still = [one for one in look.lines if one.still]
    yield from _section(_("Ticked, and there all the same"), still)
    yield from _section(_("Another apply would move these"), look.of(State.MOVABLE))
    for severity in Severity:
        of_severity = [one for one in look.of(State.OPEN) if one.severity is severity]
        heading = _(
            "{severity} ({number} open): {meaning}",
            severity=severity_name(severity),
            number=len(of_severity),
            meaning=_(MEANINGS[severity]),
        )
        yield from _section(heading, of_severity)
    yield _account(look)
    if look.found:
        yield (
            _("{file} is brought up to date.", file=file)
            if written
            else _("{file} is as it was.", file=file)
        )


def _section(heading: str, lines: list[Line]) -> Iterator[str]:
    if not lines:
        return
    yield heading
    for one in lines[:_SHOWN]:
        yield f"  {redact(_entry(one))}"
    if len(lines) > _SHOWN:
        more = _("… {number} more: --format markdown", number=len(lines) - _SHOWN)
        yield f"  {more}"
    yield ""


def _entry(line: Line) -> str:
    told = f"{line.title} [{line.code}]"
    if where := place(line.path, line.number):
        told = _("{place}: {title}", place=where, title=told)
    words = _(_WORDS[line.state]) if line.state in _WORDS else ""
    if line.reason:
        words = _("{words}: {reason}", words=words, reason=line.reason)
    return _("{told} ({details})", told=told, details=words) if words else told


def _account(look: Look) -> str:
    found = Counter(one.state for one in look.lines)
    settled = [
        _("{number} {settled}", number=found[one], settled=_(_WORDS[one]))
        for one in SETTLED_IN_ORDER
        if found[one]
    ]
    told = counted("{number:,} item open", "{number:,} items open", found[State.OPEN])
    return _("{told}; settled: {settled}", told=told, settled=listed(settled)) if settled else told


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
    console.print(
        _text(_("Next: {step}", step=told.step)), style="bold", soft_wrap=True, highlight=False
    )


def _status(told: Status) -> Iterator[str]:
    yield _("To {provider}:", provider=told.name)
    rows = list(figures(told))
    width = max(_FIGURE, *(width_of(word) + len(f" {number:,}") for word, number, _meaning in rows))
    for word, number, meaning in rows:
        yield f"  {word}{right(f'{number:,}', width - width_of(word))}   {meaning}"
    if told.parts:
        yield from _parts(told)


def figures(told: Status) -> Iterator[tuple[str, int, str]]:
    """Each figure: a word for it, the number, and what it is of."""
    yield _("converted"), told.converted, _("sites, by the runs so far")
    yield _("would move"), told.movable, _("sites, by another apply")
    yield _("left"), told.left, _("sites, which stay as they are")
    for severity in Severity:
        if told.open.get(severity):
            meaning = _(
                "{severity}: {meaning}",
                severity=severity_name(severity),
                meaning=_(MEANINGS[severity]),
            )
            yield _("open"), told.open[severity], meaning
    for state in SETTLED_IN_ORDER:
        if told.settled.get(state):
            yield _("settled"), told.settled[state], _(_WORDS[state])


def _parts(told: Status) -> Iterable[str]:
    head = (_("part"), _("would move"), _("open"), _("left"))
    width = max(width_of(one) for one in (head[0], *(one.name for one in told.parts)))
    yield ""
    rows = [
        (one.name, *(f"{n:,}" for n in (one.movable, one.open, one.left))) for one in told.parts
    ]
    widths = [
        max(_PART_FIGURE, *map(width_of, column)) for column in zip(head, *rows, strict=True)
    ][1:]
    for name, *cells in (head, *rows):
        columns = "".join(f"  {right(one, wide)}" for one, wide in zip(cells, widths, strict=True))
        yield f"  {left(name, width)}{columns}"


def _print(console: Console, line: str) -> None:
    for one in fitted(line, console):
        console.print(_text(one), soft_wrap=True, highlight=False)


def _text(line: str) -> Any:
    from rich.text import Text

    return Text(visible(line))
