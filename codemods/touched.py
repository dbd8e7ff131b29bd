"""The statements of a module that changes touch: what those become is parsed, not the whole file.

A module is a row of statements. Where each piece of it that begins with a line of its own parses,
all of it does.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from codemods.changes import Change, apply
from codemods.python_file import PythonFile, used_names
from migrator.newer import parse
from migrator.nodes import by_class


def lost_names(file: PythonFile, changes: Sequence[Change]) -> set[str]:
    """The names that nothing reads any more after some changes. Raises SyntaxError."""
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for statements, text in _pieces(file, changes):
        for one in statements:
            before += used_names(by_class(one))
        after += used_names(by_class(parse(text)))
    return {name for name in before - after if file.names[name] <= before[name] - after[name]}


def require_syntax(file: PythonFile, text: str) -> None:
    """Raises SyntaxError where another text of a file does not parse."""
    try:
        for _, piece in _pieces(file, [_difference(file.source.text, text)]):
            parse(piece)
    except SyntaxError:
        parse(text)  # says where, or that it is the piece alone that does not


def _pieces(
    file: PythonFile, changes: Iterable[Change]
) -> Iterator[tuple[Sequence[ast.stmt], str]]:
    """The statements of the module that are touched, and the text that takes their place."""
    source, body = file.source, file.tree.body
    places = [file.whole(statement) for statement in body]
    starts = [(source.starts[one.line - 1], at) for at, one in enumerate(places) if not one.column]
    pieces: dict[tuple[int, int], list[Change]] = {}
    held: tuple[int, int] | None = None
    for change in sorted(changes, key=lambda change: (change.start, change.end)):
        first = bisect_right(starts, change.start, key=lambda one: one[0]) - 1
        last = bisect_right(starts, change.end, key=lambda one: one[0])
        if held is not None and first < held[1]:
            inside = pieces.pop(held)
            held = (held[0], max(held[1], last))
        else:
            inside, held = [], (first, last)
        pieces[held] = [*inside, change]
    ends = [*starts, (len(source.text), len(body))]
    for (first, last), inside in pieces.items():
        start, number = ends[first] if first >= 0 else (0, 0)  # of the comments above all
        end, behind = ends[last]
        moved = [Change(one.start - start, one.end - start, one.text) for one in inside]
        yield body[number:behind], apply(source.text[start:end], moved)


def _difference(old: str, new: str) -> Change:
    """The one change that makes a text of another."""
    shorter = min(len(old), len(new))
    start = bisect_right(range(shorter), 0, key=lambda n: old[: n + 1] != new[: n + 1])
    rest = shorter - start
    same = bisect_right(range(rest), 0, key=lambda n: old[-n - 1 :] != new[-n - 1 :])
    return Change(start, len(old) - same, new[start : len(new) - same])
