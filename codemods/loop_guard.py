"""Pass over what a loop has no use for: a chunk of a stream that holds no choice.

for chunk in stream:                      for chunk in stream:
    print(chunk.choices[0].delta)     ->      if not chunk.choices:
                                                  continue
                                              print(chunk.choices[0].delta)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from codemods.changes import Change
from codemods.context import Context
from codemods.outcome import CannotRewrite
from codemods.python_file import PythonFile
from codemods.registry import codemod
from migrator.edits import LoopGuard
from migrator.language import _

_ANSWER = re.compile(r"\banswer\b")


@codemod(
    LoopGuard,
    name="loop-guard",
    summary="Pass over the chunk of a stream that holds no choice",
    review="Check that the loop does nothing that has to be done for every chunk",
    statement=True,
)
def guard(instruction: LoopGuard, context: Context) -> Iterator[Change]:
    """Raises CannotRewrite for anything but a loop with one name and a body of its own lines."""
    file, loop = context.file, context.file.statement(context.span)
    if not isinstance(loop, ast.For | ast.AsyncFor) or not isinstance(loop.target, ast.Name):
        raise CannotRewrite(_("it is not a loop that gives one name its values"))
    number = _first_line(file, loop)
    test = _ANSWER.sub(loop.target.id, instruction.test)
    blanks, newline = file.indentation(number), file.source.newline
    at = file.source.starts[number - 1]
    yield Change(at, at, f"{blanks}if {test}:{newline}{blanks}{file.indent}continue{newline}")


def _first_line(file: PythonFile, loop: ast.For | ast.AsyncFor) -> int:
    """The first line of the body, with the comments above its first statement."""
    number = file.whole(loop.body[0]).line
    header = loop.iter.end_lineno or loop.iter.lineno
    if number <= header:
        raise CannotRewrite(_("the body stands on the line of the loop"))
    while number - 1 > header and file.source.line(number - 1).lstrip().startswith("#"):
        number -= 1
    return number
