"""Replacements of stretches of a text, and the removal of statements as such replacements."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate

from codemods.python_file import PythonFile
from migrator.source import SourceText

_TRAILING = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")
_SEMICOLON_AFTER = re.compile(r"[ \t\f]*;[ \t\f]*")
_BLANK = re.compile(r"[ \t\f]*(?:\r\n|\r|\n)")
_ELSE = re.compile(
    r"[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r(?!\n)|\n)(?:[ \t\f]*(?:\r\n|\r(?!\n)|\n))*"
    r"(?P<line>[ \t\f]*else[ \t\f]*:[ \t\f]*)(?:(?:\r\n|\r|\n)[ \t\f]*)+"
)
_SEMICOLON_BEFORE = re.compile(r"[ \t\f]*;[ \t\f]*\Z")


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """The text between two offsets becomes another."""

    start: int
    end: int
    text: str


def apply(text: str, changes: Iterable[Change]) -> str:
    """The text with all changes made; insertions at one place keep their order.

    What is inserted into a stretch that goes stands in its place. Raises ValueError where two
    changes overlap.
    """
    pieces: list[str] = []
    done, gone = 0, False
    for change in sorted(changes, key=lambda change: (change.start, change.end)):
        if change.start < done and gone and change.start == change.end:
            pieces.append(change.text)
            continue
        if change.start < done:
            raise ValueError("two changes overlap")
        pieces += [text[done : change.start], change.text]
        done, gone = change.end, not change.text
    return "".join([*pieces, text[done:]])


def by_lines(text: str, change: Change) -> Iterator[Change]:
    """A change as those of its lines that differ."""
    old = text[change.start : change.end].splitlines(keepends=True)
    new = change.text.splitlines(keepends=True)
    starts = [change.start, *accumulate(map(len, old), initial=change.start)][1:]
    for tag, first, last, start, end in SequenceMatcher(None, old, new, False).get_opcodes():
        if tag != "equal":
            yield Change(starts[first], starts[last], "".join(new[start:end]))


def changed_lines(source: SourceText, changes: Iterable[Change]) -> tuple[str, str]:
    """The whole lines that some changes give another text, before and after."""
    stretches: list[tuple[int, int]] = []
    for change in sorted(changes):
        start = source.starts[source.position(change.start)[0] - 1]
        last = source.position(max(change.start, change.end - 1))[0]
        end = source.starts[last] if last < len(source.starts) else len(source.text)
        if change.start == change.end == start:
            end = start  # whole lines that are put in
        if stretches and start <= stretches[-1][1]:
            end = max(end, stretches[-1][1])
            start = stretches.pop()[0]
        stretches.append((start, end))
    before, after = [], []
    for start, end in stretches:
        inside = [one for one in changes if start <= one.start and one.end <= end]
        moved = [Change(one.start - start, one.end - start, one.text) for one in inside]
        old, new = source.text[start:end], apply(source.text[start:end], moved)
        left, made = _without_same(old.splitlines(keepends=True), new.splitlines(keepends=True))
        before += left
        after += made
    return "".join(before), "".join(after)


def _without_same(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Two texts without the lines that both begin with, and those that both end in."""
    shorter = min(len(old), len(new))
    start = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    rest = shorter - start
    end = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    return old[start : len(old) - end], new[start : len(new) - end]


def remove(file: PythonFile, statements: Sequence[ast.stmt]) -> Iterator[Change]:
    """Take statements away with their lines; a block that would be empty gets `pass`.

    Of blank lines above and below what goes, those below go along.
    """
    return iter(_ending(file.source.text, list(_removals(file, statements))))


def _ending(text: str, changes: list[Change]) -> list[Change]:
    """The removals; those that leave nothing behind them take the blank lines above them along."""
    end, first = len(text), len(changes)
    while first and not changes[first - 1].text and not text[changes[first - 1].end : end].strip():
        first -= 1
        end = changes[first].start
    kept = text[:end].rstrip()
    ending = _TRAILING.match(text, len(kept))
    if first == len(changes) or not kept or ending is None or ending.end() > end:
        return changes
    return [*changes[:first], Change(ending.end(), len(text), "")]


def _removals(file: PythonFile, statements: Sequence[ast.stmt]) -> Iterator[Change]:
    doomed = set(_with_conditions(file, statements))
    done, apart = 0, False
    for statement in sorted(doomed, key=lambda s: (s.lineno, s.col_offset)):
        block = file.block(statement)
        in_module = isinstance(file.parent(statement), ast.Module)
        empties = doomed.issuperset(block) and not _is_elif(file, statement)
        opening = _else_of(file, statement) if empties else None
        if opening is not None:
            change = replace(_removal(file, statement), start=opening)
        elif not in_module and empties and statement is block[0]:
            start, end = file.source.bounds(file.whole(statement))
            change = Change(start, end, "pass")
        else:
            change = _removal(file, statement)
            apart = _is_apart(file, change.start) or (apart and change.start == done)
            change = _with_gap(file.source.text, change) if apart else change
        yield Change(max(change.start, done), change.end, change.text)
        done = change.end


def _with_conditions(file: PythonFile, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The statements, each with the `if` around it that would be about nothing without it."""
    gone = dict.fromkeys(statements)
    pending = list(gone)
    while pending:
        around = file.parent(pending.pop())
        if isinstance(around, ast.If) and around not in gone and _may_go(file, around, gone):
            gone[around] = None
            pending.append(around)
    return [statement for statement in gone if file.parent(statement) not in gone]


def _is_elif(file: PythonFile, statement: ast.stmt) -> bool:
    """Whether a statement is a further branch of an `if`, which can do without it."""
    start, _ = file.bounds(statement)
    return isinstance(statement, ast.If) and file.source.text.startswith("elif", start)


def _may_go(file: PythonFile, condition: ast.If, gone: Container[ast.AST]) -> bool:
    """Whether an `if` does nothing but choose among what goes, and says nothing in a comment."""
    lines = range(condition.lineno, (condition.end_lineno or condition.lineno) + 1)
    return (
        all(one in gone for one in (*condition.body, *condition.orelse))
        and not any("#" in file.source.line(number) for number in lines)
        and not any(map(_may_act, ast.walk(condition.test)))
    )


def _may_act(node: ast.AST) -> bool:
    """Whether a part of a condition may do more than look."""
    match node:
        case ast.Call(func=ast.Name(id="isinstance" | "hasattr" | "len" | "bool" | "callable")):
            return False
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(key)), *_]):
            return not key.isidentifier()  # a key of a mapping, and no address
        case ast.Call(func=ast.Name(id="getenv") | ast.Attribute(attr="getenv")):
            return False
    return isinstance(node, ast.Call | ast.Await | ast.NamedExpr | ast.Yield | ast.YieldFrom)


def _else_of(file: PythonFile, statement: ast.stmt) -> int | None:
    """Where the `else` begins that holds a statement, if nothing else is said before that one."""
    around = file.parent(statement)
    if not isinstance(around, ast.If) or around.orelse[:1] != [statement]:
        return None
    _, above = file.bounds(around.body[-1])
    start, _ = file.source.bounds(file.whole(statement))
    found = _ELSE.fullmatch(file.source.text, above, start)
    return found.start("line") if found else None


def _is_apart(file: PythonFile, start: int) -> bool:
    """Whether an offset begins a line that follows a blank line or opens a block."""
    number, column = file.source.position(start)
    before = file.source.line(number - 1).strip() if number > 1 else ""
    return column == 0 and (not before or before.endswith(":"))


def _with_gap(text: str, change: Change) -> Change:
    """The removal with the blank line below it, or at the end of the text those above it."""
    if not text[change.end :].strip():
        kept = text[: change.start].rstrip()
        ending = _TRAILING.match(text, len(kept)) if kept else None
        return Change(ending.end(), len(text), "") if ending else change
    below = _BLANK.match(text, change.end)
    return Change(change.start, below.end(), "") if below else change


def _removal(file: PythonFile, statement: ast.stmt) -> Change:
    text, source = file.source.text, file.source
    start, end = source.bounds(file.whole(statement))
    line_start = source.starts[source.position(start)[0] - 1]
    semicolon = _SEMICOLON_AFTER.match(text, end)
    if semicolon and not _TRAILING.match(text, semicolon.end()):
        return Change(start, semicolon.end(), "")
    if not text[line_start:start].strip():
        trailing = _TRAILING.match(text, semicolon.end() if semicolon else end)
        return Change(line_start, trailing.end() if trailing else end, "")
    before = _SEMICOLON_BEFORE.search(text[:start], line_start)
    return Change(before.start() if before else start, end, "")
