"""A comment line above a statement that a person has to look at: `# MIGRATE[code]: text`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.changes import Change
from codemods.context import Context
from codemods.python_file import PythonFile
from codemods.registry import codemod
from migrator.edits import Marker
from migrator.source import comment_line, extents


@codemod(
    Marker,
    name="marker",
    summary="Mark a statement that cannot be moved",
    review="Do what the comment says, then delete it",
    statement=True,
)
def mark(instruction: Marker, context: Context) -> Iterator[Change]:
    """Yields nothing where the comment stands already."""
    file = context.file
    line = context.span.line
    around = (node for one in file.at_lines(line, line) for node in ast.walk(one))
    number = comment_line(file.source, extents(around, file.source), line)
    text = " ".join(instruction.text.split())
    comment = f"{file.indentation(number)}# MIGRATE[{instruction.code}]: {text}"
    if comment.strip() in _comments_above(file, number):
        return
    at = file.source.starts[number - 1]
    yield Change(at, at, comment + file.source.newline)


def _comments_above(file: PythonFile, number: int) -> set[str]:
    found = set()
    while number > 1 and (line := file.source.line(number - 1).strip()).startswith("#"):
        found.add(line)
        number -= 1
    return found
