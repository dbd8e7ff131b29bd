"""Replace spans of a file that is not Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codemods.changes import Change, apply
from codemods.context import Context
from codemods.registry import codemod
from migrator.edits import Edit, Splice
from migrator.source import SourceText


def splice(source: SourceText, edits: Sequence[Edit]) -> str:
    """The text with the spans replaced; edits that are not splices are left out.

    Raises ValueError where two spans overlap.
    """
    wanted = {
        (source.bounds(edit.span), edit.instruction.text)
        for edit in edits
        if isinstance(edit.instruction, Splice)
    }
    return apply(source.text, [Change(start, end, text) for (start, end), text in sorted(wanted)])


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
