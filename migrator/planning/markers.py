"""Greppable comments above the places that will fail: `# MIGRATE[code]: …`."""

from __future__ import annotations

import re
from dataclasses import replace

from migrator.analysis.sites import Span
from migrator.decisions import ChecklistItem, Severity
from migrator.edits import Edit, EmbeddingsUtilities, Marker
from migrator.language import _, marked
from migrator.planning.context import Context
from migrator.planning.endpoints import ENDPOINT_CODES
from migrator.planning.legacy import knowledge
from migrator.source import PYTHON, SourceText, comment_line, extents_of

_LONGEST = 140
_READ_ON = marked("see MIGRATION_CHECKLIST.md")
_SENTENCE_END = re.compile(r"\. |。")


def mark(context: Context) -> None:
    """Plan a marker for every blocker in a Python file that does not have it yet."""
    for site in context.sites:
        for one in (*context.hindrances.get(site.id, ()), *context.notes.get(site.id, ())):
            if not one.path.endswith(PYTHON):
                continue
            judged = context.suppressions.judged(one) if context.suppressions is not None else one
            if judged.severity is not Severity.BLOCKER or judged.suppressed is not None:
                continue
            source = context.sources.get(one.path)
            if source is not None and not _is_marked(source, one):
                here = (one.path, one.line) == (site.path, site.span.line)
                span = site.span if here else _start(source, one.line)
                instruction = Marker(one.code, _text(one, source))
                context.edit(Edit(one.path, span, "marker", instruction, (site.id,), one.why))


def mark_utilities(context: Context) -> None:
    """Let what is written for `openai.embeddings_utils` have the marker that its calls have."""
    for held in context.edits.values():
        for place, edit in enumerate(held):
            told = _of_utility(context, edit.path)
            if isinstance(edit.instruction, EmbeddingsUtilities) and told is not None:
                marker = f"# MIGRATE[{told.code}]: {_text(told, context.sources[edit.path])}"
                instruction = replace(edit.instruction, marker=marker)
                held[place] = replace(edit, instruction=instruction)


def _of_utility(context: Context, path: str) -> ChecklistItem | None:
    """What keeps the calls of these functions in a file from moving, whatever their client."""
    for one, facts in context.upgrade.before.items():
        if context.by_id[one].path == path and knowledge.is_utility(facts.api):
            told = context.hindrances.get(one, ())
            return next((each for each in told if each.code in ENDPOINT_CODES), None)
    return None


def _start(source: SourceText, number: int) -> Span:
    """Where the text of a line begins."""
    line = source.line(number)
    column = len(line) - len(line.lstrip())
    return Span(number, column, number, column)


def _text(one: ChecklistItem, source: SourceText) -> str:
    """What is wrong and what to do; where that is long, its beginning and where to read on.

    Of what the encoding of the file cannot hold, where to read it.
    """
    told = _told(*(" ".join(text.split()) for text in (one.title, one.action)))
    try:
        told.encode(source.encoding)
    except UnicodeEncodeError:
        return _READ_ON
    return told


def _told(title: str, action: str) -> str:
    whole = _("{title}. {action}", title=title, action=action)
    if len(whole) <= _LONGEST:
        return whole
    first, read_on = _SENTENCE_END.split(action)[0], _(_READ_ON)
    short = _("{title}. {action}; {read_on}", title=title, action=first, read_on=read_on)
    if len(short) <= _LONGEST:
        return short
    return _("{title}; {read_on}", title=title, read_on=read_on)


def _is_marked(source: SourceText, one: ChecklistItem) -> bool:
    """Whether the comment lines right above the item's statement hold the marker."""
    line = comment_line(source, extents_of(source), one.line) - 1
    while line >= 1 and (text := source.line(line).strip()).startswith("#"):
        if text.startswith(f"# MIGRATE[{one.code}]"):
            return True
        line -= 1
    return False
