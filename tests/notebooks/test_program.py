"""A notebook as a program: where its places stand in the file, and what is written back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.notebooks.magics import written
from migrator.notebooks.program import Notebook
from migrator.source import UnwritableError
from tests.notebooks.samples import listed, notebook, old_notebook, read, sources

CELLS = ["import os\nimport sys\n", "%time x = '😀é\"\\t'\n!ls\n", "print(x)"]


def test_lines_are_those_of_the_file_where_each_line_has_its_own() -> None:
    text = notebook(*map(listed, CELLS))
    program = read(text).text.split("\n")
    lines = text.split("\n")
    for line in ("import os\n", "import sys\n", "!ls\n", "print(x)"):
        (number,) = (at for at, one in enumerate(lines) if json.dumps(line) in one)
        assert written(program[number]) == line.rstrip("\n")


CELL = st.lists(
    st.sampled_from(
        [*("x = 1", "%time f()", "!ls", "'😀é'", '"\\t"', "if x:", "    !ls", "    y"), "z?", "\t1"]
    ),
    min_size=1,
    max_size=5,
)


@given(
    cells=st.lists(CELL, min_size=1, max_size=3),
    end=st.sampled_from(["\n", "\r\n"]),
    is_list=st.booleans(),
    indent=st.sampled_from([None, 1]),
    escaped=st.booleans(),
    old=st.booleans(),
)
def test_every_character_of_the_program_has_its_place_in_the_file(
    cells: list[list[str]], end: str, is_list: bool, indent: int | None, escaped: bool, old: bool
) -> None:
    given_ = [end.join(cell) for cell in cells]
    held = [listed(one) if is_list else one for one in given_]
    text = (
        old_notebook(*held, indent=indent)
        if old
        else notebook(*held, indent=indent, escaped=escaped)
    )
    program = read(text)
    assert [part.cell.source for part in program.parts] == given_
    for part in program.parts:
        found = 0
        for at in range(part.start, part.end):
            span, cell = program.shown(program.span(at, at + 1))
            raw = program.file.slice(span)
            assert cell == part.cell.index
            assert not raw or json.loads(f'"{raw}"') == program.text[at]
            found += len(raw)
        assert found == sum(map(len, part.cell.raw))
    assert program.encode(program.text) == text.encode()


def test_a_change_belongs_to_the_cell_that_it_stands_in() -> None:
    text = notebook(*map(listed, CELLS))
    program = read(text)
    made = program.text.replace("import sys\n", "import sys\nimport json\n")
    made = made.replace("print(x)\n", "# here\nprint(x, 1)\n\n\n")
    assert sources(program.encode(made)) == [
        "import os\nimport sys\nimport json\n",
        CELLS[1],
        "# here\nprint(x, 1)",
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("print(x)", "print(x", "cell 3 would not parse afterwards"),
        ("#\ufdd0 2\n", "", "a change reaches over the border of two cells"),
        ("#\ufdd0 1\n", "import re\n#\ufdd0 1\n", "a change belongs to no cell"),
        ('"""\ufdd1%time \ufdd1""";x = ', '"""\ufdd1%time \ufdd1""";x = (\n', "would not parse"),
        ("import sys", "!rm", "would not say what was meant"),
        ("x = ", "x = '\ud800' + ", "parse"),
    ],
)
def test_what_cannot_be_written_is_refused(old: str, new: str, reason: str) -> None:
    program = read(notebook(*map(listed, CELLS)))
    assert old in program.text
    with pytest.raises(UnwritableError, match=reason):
        program.encode(program.text.replace(old, new))


def test_cells_that_are_not_read_say_why() -> None:
    text = notebook("print 'a'", "%%writefile a.py\nx", "%%bash\nls", "x = 1")
    assert [(line, why) for _, line, why in read(text).unread()] == [
        (text.split("\n").index('   "source": "print \'a\'"') + 1, "a cell is not Python 3"),
        (
            text.split("\n").index('   "source": "%%writefile a.py\\nx"') + 1,
            "what %%writefile writes to a file is not read",
        ),
    ]


def test_the_bytes_around_the_text_stay() -> None:
    data = b"\xef\xbb\xbf" + notebook("x = 1\r\n").replace("\n", "\r\n").encode()
    program = Notebook.read(data)
    assert program.encode(program.text) == data
    assert program.encode(program.text.replace("x = 1", "x = 2")) == data.replace(
        b"x = 1", b"x = 2"
    )
    assert program.newline == "\r\n"
