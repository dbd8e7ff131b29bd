"""The edits of a plan -> the new text of every file, and the plan as it can be carried out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from migrator.changes.diff import FileChange
from migrator.changes.result import EditedText
from migrator.decisions import Checklist, Convert, Decision, Plan
from migrator.edits import (
    AdapterCall,
    ArgumentNames,
    AsMapping,
    ClientBeside,
    ClientConstruction,
    ClientMethod,
    ConstructWith,
    Edit,
    EmbeddingBatch,
    EmbeddingsUtilities,
    NewClient,
    ReadVariable,
    ResultAttribute,
    VariableDefault,
)
from migrator.planning.messages import general, item
from migrator.source import PYTHON, SourceText, UnwritableError
from migrator.workers import each, settled

if TYPE_CHECKING:
    from codemods.changes import Change

# Without one of these the others that belong with it must not be made.
_PARTS = (
    AdapterCall,
    ClientConstruction,
    ClientBeside,
    ReadVariable,
    VariableDefault,
    NewClient,
    ConstructWith,
    ClientMethod,
    ArgumentNames,
    ResultAttribute,
    AsMapping,
    EmbeddingsUtilities,
)
# So many edits take longer than starting workers for them.
_WORTH_WORKERS = 400
# Codemods that make one change of edits in several places: a request would go to one side with the
# key of the other, or be asked for in one shape and read in another.
_WHOLE = frozenset(
    {
        "base-url",
        "request-key",
        "to-chat",
        "transcription",
        "picture-data",
        "second-client",
        "client-beside",
    }
)


@dataclass(frozen=True)
class Rewriting:
    """The changes, and the plan without what could not be carried out.

    `made` is what each edit changes in its file's text, `idle` are edits of plug-ins' codemods that
    found nothing to do.
    """

    plan: Plan
    changes: tuple[FileChange, ...]
    refused: Mapping[Edit, str]
    made: Mapping[Edit, Sequence[Change]] = field(default_factory=dict)
    idle: frozenset[Edit] = frozenset()

    def held(self) -> dict[str, str]:
        """The clients and calls of which a part was refused that the rest is nothing without.

        All that hangs together with a client or a request must wait for it, and a call does not go
        to another endpoint in part.
        """
        return {
            site_id: reason
            for edit, reason in self.refused.items()
            if isinstance(edit.instruction, _PARTS)
            or edit.codemod in _WHOLE
            or not edit.path.endswith(PYTHON)
            for site_id in edit.site_ids
        }


@settled()
def rewrite_all(
    plan: Plan, sources: Mapping[str, SourceText], originals: Mapping[str, bytes]
) -> Rewriting:
    """Carry out a plan's edits in memory.

    A file that would not parse afterwards is left as it is, and so is every edit that its codemod
    refuses: their sites go to the checklist with the reason.
    """
    by_path: defaultdict[str, list[Edit]] = defaultdict(list)
    for edit in plan.edits:
        by_path[edit.path].append(edit)
    changes: list[FileChange] = []
    refused: dict[Edit, str] = {}
    made: dict[Edit, Sequence[Change]] = {}
    idle: set[Edit] = set()
    files = sorted(by_path.items())
    for (path, edits), done in zip(files, _outcomes(files, sources), strict=True):
        source, text = sources[path], done.text
        refused |= {edits[number]: reason for number, reason in done.refused.items()}
        made |= {edits[number]: changes for number, changes in done.made.items()}
        idle.update(edits[number] for number in done.idle)
        if text is None or text == source.text:
            continue
        try:
            after = source.encode(text)
        except UnwritableError as error:
            refused |= dict.fromkeys(edits, str(error))
            continue
        changes.append(FileChange(path, originals[path], after))
    withdrawn = _withdraw(plan, refused)
    changes += _new_files(withdrawn, sources, originals)
    return Rewriting(withdrawn, tuple(changes), refused, made, frozenset(idle))


@dataclass(frozen=True)
class _Outcome:
    """What became of the edits of one file, by their numbers: what a worker can send back."""

    text: str | None
    refused: Mapping[int, str]
    made: Mapping[int, Sequence[Change]]
    idle: Sequence[int]


def _outcomes(
    files: Sequence[tuple[str, Sequence[Edit]]], sources: Mapping[str, SourceText]
) -> Iterator[_Outcome]:
    """What becomes of each file."""

    def one(task: tuple[str, Sequence[Edit]]) -> _Outcome:
        path, edits = task
        idle: set[Edit] = set()
        text, refused, made = _rewrite(sources[path], path, edits, idle)
        numbers = {edit: number for number, edit in enumerate(edits)}
        return _Outcome(
            text,
            {numbers[edit]: reason for edit, reason in refused.items()},
            {numbers[edit]: tuple(changes) for edit, changes in made.items()},
            [numbers[edit] for edit in idle],
        )

    pays = sum(len(edits) for path, edits in files if path.endswith(PYTHON)) >= _WORTH_WORKERS
    if pays:
        import libcst  # noqa: F401 -- before there are workers, which need it all
    return each(one, files, pays=pays)


def _new_files(
    plan: Plan, sources: Mapping[str, SourceText], originals: Mapping[str, bytes]
) -> list[FileChange]:
    """The modules that the edits call, in the manner of the code that calls them."""
    from codemods.helpers import with_manner_of

    calling = (e.instruction for e in plan.edits)
    called = {
        one.path
        for one in calling
        if isinstance(one, AdapterCall | EmbeddingBatch | EmbeddingsUtilities)
    }
    return [
        FileChange(one.path, None, with_manner_of(sources[one.beside], one.text).encode())
        for one in plan.files
        if one.path in called and one.path not in originals
    ]


def _rewrite(
    source: SourceText, path: str, edits: Sequence[Edit], idle: set[Edit]
) -> tuple[str | None, dict[Edit, str], Mapping[Edit, Sequence[Change]]]:
    """The new text, what is refused and why, and what each edit changes.

    What had nothing to do is put into `idle`.
    """
    from codemods.engine import rewrite
    from codemods.outcome import Failed
    from codemods.splice import splice

    if not path.endswith(PYTHON):
        return splice(source, edits)
    outcome = rewrite(source, path, edits)
    code = [edit for edit in edits if edit.site_ids]
    if isinstance(outcome, Failed) and 0 < len(code) < len(edits):
        # Comments follow where they can: the code does not wait for them.
        text, left, made = _rewrite(source, path, code, idle)
        return text, {**dict.fromkeys(set(edits) - set(code), outcome.reason), **left}, made
    if isinstance(outcome, Failed):
        return None, dict.fromkeys(edits, outcome.reason), {}
    idle.update(outcome.idle)
    return outcome.text, {one.edit: one.reason for one in outcome.refused}, outcome.changes


def _withdraw(plan: Plan, refused: Mapping[Edit, str]) -> Plan:
    """The plan without the refused edits; the sites they were for go to the checklist."""
    if not refused:
        return plan
    told = tuple(
        general("rewriting-refused", edit.path, edit.span.line, why, what=edit.reason)
        for edit, why in refused.items()
        if edit in plan.documentation
    )
    return replace(
        plan,
        decisions=tuple(_without(one, refused) for one in plan.decisions),
        extra_items=(*plan.extra_items, *told),
        documentation=tuple(edit for edit in plan.documentation if edit not in refused),
    )


def _without(decision: Decision, refused: Mapping[Edit, str]) -> Decision:
    match decision:
        case (
            Convert(site=site, edits=edits, notes=notes)
            | Checklist(site=site, edits=edits, items=notes)
        ):
            lost = [edit for edit in edits if edit in refused]
            if not lost:
                return decision
            kept = tuple(edit for edit in edits if edit not in refused)
            told = tuple(
                item("rewriting-refused", site, refused[edit], what=edit.reason or edit.codemod)
                for edit in lost
            )
            return Checklist(site, (*told, *notes), kept)
    return decision


def edited_texts(
    plan: Plan, sources: Mapping[str, SourceText], made: Mapping[Edit, Sequence[Change]]
) -> tuple[EditedText, ...]:
    """Every edit with the lines it changes, as they are and as they become."""
    from codemods.changes import changed_lines

    found = []
    for edit in plan.edits:
        source, changes = sources[edit.path], made.get(edit, ())
        before, after = map(source.written, changed_lines(source, changes))
        lines = tuple(_lines(source, one) for one in changes)
        found.append(EditedText(edit.path, edit.site_ids, edit.codemod, before, after, lines))
    return tuple(found)


def _lines(source: SourceText, change: Change) -> tuple[int, int]:
    """The first and the last line of a change, as they are numbered in the file."""
    ends = (change.start, max(change.start, change.end - 1))
    first, last = (source.shown_line(source.position(one)[0]) for one in ends)
    return first, last
