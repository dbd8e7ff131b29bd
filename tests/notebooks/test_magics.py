"""What of a cell is Python, what is hidden, and that hiding loses nothing."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.notebooks.magics import MARK, as_comment, as_python, written


def shown(cell: str) -> str | None:
    """A cell as Python, with the mark spelled out."""
    python = as_python(cell)
    assert python is None or (written(python) == cell and ast.parse(python))
    return python.replace(MARK, "·") if python is not None else None


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%pip install openai", "#·%pip install openai"),
        ("!ls {folder}\nx = 1", "#·!ls {folder}\nx = 1"),
        ("!!ls", "#·!!ls"),
        ("%load_ext autoreload", "#·%load_ext autoreload"),
        ("files = !ls", "files = _#·!ls"),
        ("out, err = %sx ls", "out, err = _#·%sx ls"),
        ("client?", "#·client?"),
        ("??client.chat", "#·??client.chat"),
        ("%time?", "#·%time?"),
        ("if x:\n    !ls\n", "if x:\n    _#·!ls\n"),
        ("!pip install a \\\n  b\nx = 1", "#·!pip install a \\\n#·  b\nx = 1"),
        ("!ls\r\nx = 1\r\n", "#·!ls\r\nx = 1\r\n"),
        ("%time x = f(1)\n", '"""·%time ·""";x = f(1)\n'),
        ("%timeit -n 5 -r3 f()", '"""·%timeit -n 5 -r3 ·""";f()'),
        ("for a in b:\n    %time f(a)", 'for a in b:\n    """·%time ·""";f(a)'),
        ("%%time\nx = 1", "#·%%time\nx = 1"),
        ("\n%%capture out\nx = 1", "\n#·%%capture out\nx = 1"),
        ("await client.get()", "await client.get()"),
    ],
)
def test_what_is_no_python_is_hidden(cell: str, python: str) -> None:
    assert shown(cell) == python


@pytest.mark.parametrize(
    "cell",
    [
        "x = (a\n    % b)",
        "x = a != b",
        "x = '!ls'",
        'x = """\n!ls\n%time f()\n"""',
        "x = [\n  a\n  % b,  # why?\n]",
        "x = 1  # what?",
        "x = a \\\n  % b",
    ],
)
def test_python_stays_as_it_is(cell: str) -> None:
    assert shown(cell) == cell


@pytest.mark.parametrize(
    "cell",
    [
        "%%bash\npip install openai",
        "%%writefile a.py\nimport openai",
        "%%html\n<p>",
        "print 'Python 2'",
        "%time f(\n  1)",  # IPython takes one line of it
        "x = '\ud800'",
        "x = '\ufdd0'",
        "/f a",
    ],
)
def test_what_cannot_be_read_is_none(cell: str) -> None:
    assert as_python(cell) is None
    assert ast.parse(as_comment(cell)).body == []


PIECES = st.sampled_from(
    [
        *(
            "%time ",
            "%env A=1",
            "!ls",
            "?",
            "%%bash",
            "%%time",
            "x = ",
            "f(",
            ")",
            '"""',
            "'",
            "\\",
        ),
        *("\n", "\r\n", "\r", "    ", "if x:", "x", "# c", "é", "😀", "\x0c", "\u2028", "pass"),
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_hiding_loses_nothing(cell: str) -> None:
    shown(cell)
    assert written(as_comment(cell)) == cell
