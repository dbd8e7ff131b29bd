"""What would become of a name, for people (80 columns) and as JSON."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from migrator.decisions import ChecklistItem, Source
from migrator.explaining.explanation import Explanation
from migrator.language import _, counted
from migrator.providers import Provider
from migrator.reports.json import SCHEMA, source_data
from migrator.reports.words import dated, left, listed, severity_name, visible
from migrator.reports.wrapping import wrapped

if TYPE_CHECKING:
    from rich.console import Console

_INDENT = " " * 10
_WHOLE = 5  # so many different answers are told in full, more of them in one line each


def explain_json(explanations: Sequence[Explanation], provider: Provider) -> str:
    """The explanations as a JSON document."""
    document = {
        "schema": SCHEMA,
        "target": {"provider": provider.id, "compiled": provider.compiled},
        "explanations": [_data(one) for one in explanations],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _data(one: Explanation) -> dict[str, Any]:
    return {
        "subject": one.subject,
        "what": one.what,
        "decision": one.decision,
        "severity": one.severity.value if one.severity else None,
        "code": one.code or None,
        "title": one.title,
        "why": one.why,
        "counterpart": one.counterpart,
        "action": one.action,
        "notes": [
            {"code": note.code, "title": note.title, "why": note.why, "action": note.action}
            for note in one.notes
        ],
        "sources": [source_data(source) for source in one.sources],
        "before": one.before,
        "after": one.after,
    }


def print_explanations(
    explanations: Sequence[Explanation], provider: Provider, console: Console
) -> None:
    """Each answer once, with the names that share it."""
    alike: dict[str, list[Explanation]] = {}
    for one in explanations:
        alike.setdefault(_answer(one), []).append(one)
    if len(alike) > _WHOLE:
        lines = _overview(explanations)
    else:
        parts = [_block(group, provider) for group in alike.values()]
        lines = [line for part in parts for line in (*part, "")][:-1]
    for line in lines:
        console.print(visible(line), markup=False, highlight=False, soft_wrap=True)


def _answer(one: Explanation) -> str:
    """What two explanations share that are told together."""
    told = {**_data(one), "subject": "", "what": "", "title": "", "before": "", "after": ""}
    return json.dumps(told).replace(one.subject, "")


def _overview(explanations: Sequence[Explanation]) -> list[str]:
    width = max(len(one.subject) for one in explanations)
    rows = [f"{one.subject:{width}}  {_decision(one)}" for one in explanations]
    told = counted(
        "{number:,} name; ask for one of them to read why and what to do.",
        "{number:,} names; ask for one of them to read why and what to do.",
        len(rows),
    )
    return [*rows, "", told]


def _block(group: Sequence[Explanation], provider: Provider) -> Iterator[str]:
    first = group[0]
    subjects = dict.fromkeys(one.subject for one in group)
    yield from wrapped(listed(subjects), "")
    if len(subjects) == 1:
        yield from wrapped(listed(one.what for one in group), "")
    yield ""
    told = _decision(first)
    if not first.everywhere:
        told = _("{provider}: {decision}", provider=provider.name, decision=told)
    yield from wrapped(told, "")
    for label, text in _told(first, alone=len(group) == 1):
        yield from labelled(label, text)
    for note in first.notes:
        yield from labelled(_("also"), _note(note))
    for cited in first.sources:
        yield from source(cited)
    shown = first.severity is None or first.everywhere
    if len(group) == 1 and shown and first.before != first.after:
        yield ""
        yield from _example(first)


def _decision(one: Explanation) -> str:
    if one.severity is None or one.everywhere:
        return one.decision
    return listed(dict.fromkeys((one.decision, severity_name(one.severity), one.code)))


def _told(one: Explanation, *, alone: bool) -> Iterator[tuple[str, str]]:
    for label, text in (
        (_("says"), one.title if alone else ""),
        (_("why"), one.why),
        (_("nearest"), one.counterpart if one.counterpart not in one.action else ""),
        (_("to do"), one.action),
    ):
        if text:
            yield label, text


def _note(note: ChecklistItem) -> str:
    return _(
        "{title} ({code}): {why}. {action}",
        title=note.title,
        code=note.code,
        why=note.why,
        action=note.action,
    )


def source(cited: Source) -> Iterator[str]:
    yield from labelled(_("source"), dated(cited) if cited.as_of else cited.title)
    if cited.title and cited.url:
        yield f"{_INDENT}{cited.url}"


def _example(one: Explanation) -> Iterator[str]:
    """What is taken away and what is written, in the program that was decided on."""
    before, after = one.before.splitlines(), one.after.splitlines()
    if one.everywhere and not after:
        yield _("In a small program it is said of:")
        yield from (f"    {line}".rstrip() for line in before)
        return
    yield _("In a small program:")
    for line in difflib.unified_diff(before, after, n=1, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            yield f"  {line}".rstrip()


def labelled(label: str, text: str) -> Iterator[str]:
    yield from wrapped(text, left(f"  {label}", len(_INDENT)))
