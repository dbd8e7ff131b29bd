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


def splice(
    source: SourceText, edits: Sequence[Edit]
) -> tuple[str, dict[Edit, str], dict[Edit, list[Change]]]:
    """The text with the edits made, those that could not be and why, and what each changes.

    Raises ValueError where two changes overlap.
    """
    made: dict[Edit, list[Change]] = {}
    refused: dict[Edit, str] = {}
    for edit in edits:
        try:
            made[edit] = list(changes(source, edit))
        except CannotRewrite as error:  # noqa: PERF203
            refused[edit] = str(error)
    wanted = {change for held in made.values() for change in held}
    return apply(source.text, sorted(wanted)), refused, made


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
