"""The JSON with another source in a cell: nothing else of it changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.notebooks.cells import Cell, code_cells, rewritten
from tests.notebooks.samples import Source, notebook, old_notebook, sources


def changed(text: str, source: str) -> str:
    """A notebook with another source in its only code cell that is not empty."""
    (cell,) = code_cells(text)
    start, end = cell.whole
    return text[:start] + rewritten(text, cell, source) + text[end:]


@pytest.mark.parametrize(
    ("before", "source", "after"),
    [
        (["a = 1\n", "b = 2"], "a = 1\nb = 3", ["a = 1\n", "b = 3"]),
        (["a = 1\n", "b = 2"], "b = 2", ["b = 2"]),
        (["b = 2"], "a = 1\nb = 2\nc = 3", ["a = 1\n", "b = 2\n", "c = 3"]),
        (["a = 1\n"], "", [""]),
        (["a", " = 1\nb = ", "2"], "a = 1\nb = 3", ["a = 1\n", "b = 3"]),
        ("a = 1\nb = 2", "a = 1\nx = 0\nb = 2", "a = 1\nx = 0\nb = 2"),
        ("a = 1", "", ""),
    ],
)
@pytest.mark.parametrize("indent", [None, 0, 1, 4])
def test_a_source_stays_a_list_or_a_string(
    before: Source, source: str, after: Source, indent: int | None
) -> None:
    assert changed(notebook(before, indent=indent), source) == notebook(after, indent=indent)
    old = changed(old_notebook(before, indent=indent), source)
    assert old == old_notebook(after, indent=indent)


def test_what_stays_of_a_line_is_written_as_it_was() -> None:
    text = notebook(["%s"]).replace("%s", r"é\u00e9 = '\/\ud83d\ude00\t\"' + a # \u00E9")
    (cell,) = code_cells(text)
    assert cell.source == "éé = '/😀\t\"' + a # é"
    assert changed(text, cell.source.replace("+ a", "+ 'ü'")) == text.replace("+ a", "+ 'ü'")
    pure = text.replace("é", r"\u00e9")
    assert changed(pure, cell.source.replace("+ a", "+ 'ü'")) == pure.replace("+ a", r"+ '\u00fc'")


def test_what_stands_between_the_lines_stays() -> None:
    text = '{"cells": [{"source" : [ "a\\n" ,\t"b\\n",  "c" ] , "cell_type":"code"}]}'
    assert changed(text, "a\nB\nc").replace("B", "b") == text
    assert changed(text, "a\nx\nb\nc") == text.replace('"a\\n"', '"a\\n" ,\t"x\\n"')


def test_the_cells_of_another_language_are_none() -> None:
    assert code_cells(notebook("library(openai)", kernelspec={"language": "R"})) == []
    assert code_cells(notebook("fn x", language_info={"name": "rust"})) == []
    assert len(code_cells(notebook("x", language_info={"name": "ipython"}))) == 1


TEXT = st.text(st.sampled_from([*'ab"\\/\t\n\r', "é", "😀", "\u2028", "\x0c", "\x00"]), max_size=12)


@given(
    before=st.lists(TEXT, min_size=1, max_size=4),
    after=TEXT,
    indent=st.sampled_from([None, 0, 1]),
    escaped=st.booleans(),
    is_list=st.booleans(),
)
def test_any_source_takes_the_place_of_any_other(
    before: list[str], after: str, indent: int | None, escaped: bool, is_list: bool
) -> None:
    held: Source = ["z", *before] if is_list else "z" + "".join(before)
    text = notebook("", held, indent=indent, escaped=escaped)
    (cell,) = code_cells(text)
    new = changed(text, after)
    assert sources(new) == ["", after]
    assert _without(new, cell, len(new) - len(text)) == _without(text, cell, 0)
    raw = [one for string in cell.characters for one in string]
    assert [text[slice(*place)] for place in cell.places] == raw


def _without(text: str, cell: Cell, more: int) -> tuple[str, str]:
    """What stands around a cell's source."""
    start, end = cell.whole
    return text[:start], text[end + more :]
