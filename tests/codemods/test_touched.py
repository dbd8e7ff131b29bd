"""What changes make of a module, by the statements that they touch."""

from __future__ import annotations

import ast
from contextlib import suppress

import pytest

from codemods.changes import Change, apply
from codemods.python_file import PythonFile
from codemods.touched import lost_names, require_syntax
from migrator.source import SourceText

TEXT = '''\
# above
import a, b, c; d = 1


@a.decorated
def first():
    """Doc."""
    return b.one(c, d)

value = [
    c,
]
if value: \\
    print(value)
x = 1; y = x
'''


def _file(text: str = TEXT) -> PythonFile:
    return PythonFile.parse(SourceText(text), "app.py")


def _change(old: str, new: str, text: str = TEXT) -> Change:
    at = text.index(old)
    return Change(at, at + len(old), new)


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ([_change("b.one", "two")], {"b"}),
        ([_change("c, d", "")], {"d"}),  # c is read in another statement
        ([_change("c, d", ""), _change("    c,\n", "")], {"c", "d"}),
        ([_change("@a.decorated\n", "")], {"a"}),
        ([_change("y = x", "y = 2")], {"x"}),
        ([_change("# above\n", "b.two\n"), _change("b.one", "two")], set()),
        ([Change(len(TEXT), len(TEXT), "z = b\n")], set()),
    ],
)
def test_names_are_lost_that_nothing_reads_any_more(changes: list[Change], lost: set[str]) -> None:
    file = _file()
    assert lost_names(file, changes) == lost
    after = _file(apply(TEXT, changes))
    assert set(file.names) - set(after.names) == lost


@pytest.mark.parametrize(
    "old", ["# above", "c;", '"""Doc', "[\n", "c,\n]", "\\\n", "print(", "= x"]
)
@pytest.mark.parametrize("new", ["", "(", "\n", '"""', "\\", "else:\n", " z = 1\n", "import z"])
def test_pieces_parse_where_the_whole_does(old: str, new: str) -> None:
    change = _change(old, new)
    text = apply(TEXT, [change])
    wrong: SyntaxError | None = None
    try:
        ast.parse(text)
    except SyntaxError as error:
        wrong = error
    if wrong is None:
        require_syntax(_file(), text)
        with suppress(SyntaxError):  # of the pieces alone: then the whole file is asked
            lost_names(_file(), [change])
        return
    with pytest.raises(SyntaxError):
        require_syntax(_file(), text)
    with pytest.raises(SyntaxError):
        lost_names(_file(), [change])
