"""Replace spans of a file that is not Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codemods.changes import Change, apply
from codemods.commands import changes
from codemods.context import Context
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import Edit, Splice
from migrator.source import SourceText


def splice(source: SourceText, edits: Sequence[Edit]) -> tuple[str, dict[Edit, str]]:
    """The text with the edits made, and those that could not be, each with the reason.

    Raises ValueError where two changes overlap.
    """
    wanted: dict[Change, None] = {}
    refused: dict[Edit, str] = {}
    for edit in edits:
        try:
            wanted |= dict.fromkeys(changes(source, edit))
        except CannotRewrite as error:  # noqa: PERF203
            refused[edit] = str(error)
    return apply(source.text, sorted(wanted)), refused


def changes_of_documents(source: SourceText, edits: Sequence[Edit]) -> dict[Edit, list[Change]]:
    """The changes that every edit makes by itself; one that cannot be made makes none."""
    found: dict[Edit, list[Change]] = {}
    for edit in edits:
        try:
            found[edit] = changes(source, edit)
        except CannotRewrite:  # noqa: PERF203
            found[edit] = []
    return found


@codemod(
    Splice,
    name="splice",
    summary="Replace a stretch of a configuration file",
    review="Check that whoever reads the file knows the new value",
    statement=True,
)
def splice_text(instruction: Splice, context: Context) -> Iterator[Change]:
    start, end = context.file.source.bounds(context.span)
    yield Change(start, end, instruction.text)
