"""The names of an import statement: put in and taken out in the layout the statement has."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import pairwise

from codemods.changes import Change
from codemods.python_file import PythonFile, width
from codemods.scope import Import

_COMMENT = re.compile(r"(?:[ \t]*,)?([ \t]*#[^\r\n]*)?")


def order(name: str) -> tuple[int, str, str]:
    """isort's order of the names of a from-import: constants, classes, the rest."""
    bare = name.partition(" ")[0]
    kind = 0 if bare.isupper() and len(bare) > 1 else 1 if bare[:1].isupper() else 2
    return kind, bare.lower(), bare


def merged(old: list[str], added: list[str], gone: set[str]) -> list[str]:
    """The names of a statement after the change: in order where they were, else in place."""
    fresh = [name for name in dict.fromkeys(added) if name not in old]
    new: list[str] = []
    for name in old:
        if name not in gone:
            new.append(name)
        elif fresh:
            new.append(fresh.pop(0))
    new += fresh
    return sorted(new, key=order) if old == sorted(old, key=order) else new


def with_names(file: PythonFile, statement: Import, names: list[str]) -> Change:
    """Put names into the places a statement has; places are cut or added at its end."""
    code = file.code(statement)
    lines = {alias.lineno for alias in statement.names} | {statement.lineno}
    if "(" in code and len(lines) == len(statement.names) + 1:
        return _rows(file, statement, names)
    spans = [file.bounds(alias) for alias in statement.names]
    start, end = spans[0][0], spans[-1][1]
    text = file.source.text
    between = [text[a[1] : b[0]] for a, b in pairwise(spans)]
    between += [between[-1] if between else ", "] * (len(names) - len(spans))
    pieces = [names[0]]
    for separator, name in zip(between, names[1:], strict=False):
        pieces += [separator, name]
    new = "".join(pieces)
    opening = text.find("(", file.bounds(statement)[0], start)
    if opening >= 0 and "\n" in code and "\n" not in new and "#" not in code:
        return Change(opening, file.bounds(statement)[1], new)  # brackets for one line alone
    return _fitted(file, statement, Change(start, end, new), names)


@dataclass(frozen=True)
class _Row:
    """What stands above a name of a statement with one name a line, and behind it."""

    above: str
    behind: str


def _rows(file: PythonFile, statement: Import, names: list[str]) -> Change:
    """One name a line: a name keeps its comments, above it and behind it."""
    text, newline = file.source.text, file.source.newline
    first, last = statement.names[0], statement.names[-1]
    indentation = file.indentation(first.lineno)
    start = file.source.starts[first.lineno - 1]
    closing = file.bounds(statement)[1] - 1
    rows: dict[str, _Row] = {}
    for number, alias in enumerate(statement.names):
        at = file.source.starts[statement.names[number - 1].lineno] if number else start
        begin, end = file.bounds(alias)
        comment = _COMMENT.match(text, end)
        behind = (comment.group(1) or "") if comment else ""
        rows[file.code(alias)] = _Row(text[at:begin].removesuffix(indentation), behind)
    tail = text[file.bounds(last)[1] : closing]
    below = tail.partition(newline)[2] if newline in tail else ""
    trailing = tail.lstrip().startswith(",")
    lines = []
    for name in names:
        row = rows.get(name, _Row("", ""))
        comma = "," if trailing or name is not names[-1] else ""
        lines.append(f"{row.above}{indentation}{name}{comma}{row.behind}")
    ending = newline if newline in tail else ""
    return Change(start, closing, newline.join(lines) + ending + below)


def _fitted(file: PythonFile, statement: Import, change: Change, names: list[str]) -> Change:
    """Break a from-import that has become too long, as black does."""
    line = file.source.line(statement.lineno)
    longer = width(line) + len(change.text) - (change.end - change.start)
    plain = statement.lineno == statement.end_lineno and "(" not in file.code(statement)
    if isinstance(statement, ast.Import) or not plain or longer <= file.columns:
        return change
    newline, outer = file.source.newline, file.indentation(statement.lineno)
    rows = "".join(f"{outer}{file.indent}{name},{newline}" for name in names)
    return Change(change.start, change.end, f"({newline}{rows}{outer})")
