"""Turn a `match` over the types of events into tests of what takes their place.

match event.type:                            if event.choices and event.choices[0].delta.content:
    case "response.output_text.delta":  ->       print(event.delta)
        print(event.delta)
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterator

from codemods.changes import Change
from codemods.context import Context
from codemods.outcome import CannotRewrite
from codemods.python_file import PythonFile
from codemods.registry import codemod
from migrator.edits import MatchTests
from migrator.language import _

_ANSWER = re.compile(r"\banswer\b")
_TO_COLON = re.compile(r"(?:[^:#]|#[^\r\n]*)*:")


@codemod(
    MatchTests,
    name="match-tests",
    summary="Test what a stream's chunks hold where its events were told apart by `match`",
    review="Check that no other kind of event was waited for",
    statement=True,
)
def match_as_tests(instruction: MatchTests, context: Context) -> Iterator[Change]:
    """Raises CannotRewrite for a statement of another form."""
    file, statement = context.file, context.file.statement(context.span)
    if not isinstance(statement, ast.Match) or len(statement.cases) != len(instruction.tests):
        raise CannotRewrite(_("it is not the match that was looked at"))
    base = _base(file, statement.subject)
    starts = _beginnings(file.source.text)
    outer = file.indentation(statement.lineno)
    surplus = file.indentation(_first_line(starts, statement.cases[0])).removeprefix(outer)
    lines = {statement.lineno, statement.subject.lineno, statement.subject.end_lineno}
    if len(lines) > 1 or not surplus:
        raise CannotRewrite(_("the match is laid out in another way"))
    yield _subject(file, statement)
    word, before = "if", statement.lineno
    for case, test in zip(statement.cases, instruction.tests, strict=True):
        first, last = _first_line(starts, case), case.body[-1].end_lineno or case.body[-1].lineno
        goes = not test and not (isinstance(case.pattern, ast.MatchAs) and word == "elif")
        for number in range(before + 1, (first if goes else last + 1)):
            if number in starts:
                yield _nearer(file, number, surplus)
        before = last
        if goes:
            yield Change(file.source.starts[first - 1], _end(file, last), "")
            continue
        header = f"{word} {_ANSWER.sub(base, test)}:" if test else "else:"
        yield _header(file, first, case, header)
        word = "elif"
    if word == "if":
        raise CannotRewrite(_("no case is left"))


def _base(file: PythonFile, subject: ast.expr) -> str:
    """What the type is read of."""
    match subject:
        case ast.Attribute(value=value):
            return file.code(value)
        case ast.Call(func=ast.Name(id="getattr"), args=[value, *_]):
            return file.code(value)
    raise CannotRewrite(_("the match is about something else"))


def _subject(file: PythonFile, statement: ast.Match) -> Change:
    """The line of the `match` goes; a comment behind it stays."""
    number = statement.lineno
    start = file.source.starts[number - 1]
    line = file.source.line(number)
    comment = line[file.span(statement.subject).end_column :].partition("#")
    kept = f"{file.indentation(number)}#{comment[2]}{file.source.newline}" if comment[1] else ""
    return Change(start, _end(file, number), kept)


def _first_line(starts: Collection[int], case: ast.match_case) -> int:
    """The line of the word `case`: its pattern may begin below it, in brackets."""
    return max(number for number in starts if number <= case.pattern.lineno)


def _header(file: PythonFile, number: int, case: ast.match_case, header: str) -> Change:
    start = file.source.starts[number - 1] + len(file.indentation(number))
    end_line = case.pattern.end_lineno or number
    line = file.source.line(end_line)
    column = len(line.encode()[: case.pattern.end_col_offset].decode())
    colon = _TO_COLON.match(file.source.text, file.source.starts[end_line - 1] + column)
    assert colon is not None
    return Change(start, colon.end(), header)


def _nearer(file: PythonFile, number: int, surplus: str) -> Change:
    start = file.source.starts[number - 1]
    blanks = file.indentation(number)
    if not blanks.endswith(surplus):
        raise CannotRewrite(_("its lines are indented in different ways"))
    return Change(start, start + len(surplus), "")


def _end(file: PythonFile, number: int) -> int:
    """Where the line after one begins."""
    starts = file.source.starts
    return starts[number] if number < len(starts) else len(file.source.text)


def _beginnings(text: str) -> set[int]:
    """The numbers of the lines that begin a statement, or that hold nothing but a comment."""
    found: set[int] = set()
    depth, fresh = 0, True
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in {tokenize.INDENT, tokenize.DEDENT}:
            continue
        if token.type == tokenize.NEWLINE or (token.type == tokenize.NL and not depth):
            fresh = True
            continue
        if fresh:
            found.add(token.start[0])
        fresh = False
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
    return found
