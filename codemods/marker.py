"""A comment line above a statement that a person has to look at: `# MIGRATE[code]: text`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.changes import Change
from codemods.context import Context
from codemods.python_file import PythonFile, blocks
from codemods.registry import codemod
from migrator.edits import Marker


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
    number = _line(file, context)
    text = " ".join(instruction.text.split())
    comment = f"{file.indentation(number)}# MIGRATE[{instruction.code}]: {text}"
    if comment.strip() in _comments_above(file, number):
        return
    at = file.source.starts[number - 1]
    yield Change(at, at, comment + file.source.newline)


def _line(file: PythonFile, context: Context) -> int:
    """The line that the comment stands above: the first of the statement and its decorators."""
    statement = file.statement(context.span)
    number = context.span.line if statement is None else file.whole(statement).line
    while (earlier := _earlier(file, number)) < number:
        number = earlier
    return number


def _earlier(file: PythonFile, number: int) -> int:
    """Where what a line continues begins; the line itself where it continues nothing."""
    if number > 1 and file.source.line(number - 1).endswith("\\"):
        return number - 1
    inside = (node for one in file.at_lines(number, number) for node in ast.walk(one))
    for node in inside:
        if isinstance(node, ast.stmt) and not blocks(node):
            last = node.end_lineno or node.lineno
            if node.lineno < number <= last:
                return node.lineno
    return number


def _comments_above(file: PythonFile, number: int) -> set[str]:
    found = set()
    while number > 1 and (line := file.source.line(number - 1).strip()).startswith("#"):
        found.add(line)
        number -= 1
    return found
