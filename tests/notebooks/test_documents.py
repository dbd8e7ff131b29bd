"""The magics and commands of notebooks as sites."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.analysis.documents import document_sites, notebook_sites
from migrator.analysis.sites import DocumentFacts, Unreadable
from migrator.notebooks.sites import shown_sites
from tests.notebooks.samples import listed, notebook, old_notebook, read


def rows(text: str) -> list[tuple[int | None, str, str, str]]:
    """The sites of a notebook; checks on the way that each stands there in the file."""
    program = read(text)
    found = shown_sites(notebook_sites("a.ipynb", program), {"a.ipynb": program})
    lines = text.split("\n")
    for site in found:
        on_disk = lines[site.span.line - 1][site.span.column : site.span.end_column]
        assert "***" in site.code or on_disk == site.code
    return [(site.cell, site.kind.value, site.detail, site.code) for site in found]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("!pip install -qU rich openai==0.28.1", [("dep", "openai", "openai==0.28.1")]),
        ("%pip install openai", [("dep", "openai", "openai")]),
        ("try:\n    import openai\nexcept ImportError:\n    %pip install openai",
         [("dep", "openai", "openai")]),
        ("!pip install rich \\\n  openai>=1\nx = 'openai'", [("dep", "openai", "openai>=1")]),
        ("!uv pip install openai", [("dep", "openai", "openai")]),
        ("%%bash\npip install openai", [("dep", "openai", "openai")]),
        ("%env OPENAI_API_KEY=k", [("env_key", "OPENAI_API_KEY", "OPENAI_API_KEY=***")]),
        ("%set_env OPENAI_API_KEY=k", [("env_key", "OPENAI_API_KEY", "OPENAI_API_KEY=***")]),
        ("%env OPENAI_BASE_URL https://api.openai.com/v1",
         [("env_key", "OPENAI_BASE_URL", "OPENAI_BASE_URL https://api.openai.com/v1")]),
        ("!export OPENAI_API_KEY=k", [("env_key", "OPENAI_API_KEY", "OPENAI_API_KEY=***")]),
        ("%env MODEL=gpt-4o", [("model", "gpt-4o", "MODEL=gpt-4o")]),
        ("# !pip install openai\nx = 'pip install openai'", []),
        ("x = '''\n!pip install openai\n'''", []),
        ("model = 'gpt-4o'\nOPENAI_API_KEY='k'", []),
    ],
)  # fmt: skip
def test_magics(source: str, expected: list[tuple[str, str, str]]) -> None:
    assert rows(notebook(listed(source))) == [(1, *row) for row in expected]
    assert rows(notebook(source, indent=None)) == [(1, *row) for row in expected]
    assert rows(old_notebook(listed(source))) == [(0, *row) for row in expected]


def test_a_span_behind_escapes_is_the_text_on_disk() -> None:
    text = notebook(['!echo "a\\b\té😀" && pip install "openai>=1"\n'])
    assert rows(text) == [(1, "dep", "openai", "openai>=1")]


def test_what_stands_where_says_how_it_is_read() -> None:
    program = read(notebook("%env OPENAI_API_KEY=k\n!pip install openai"))
    facts = [site.facts for site in notebook_sites("a.ipynb", program)]
    assert [one.format for one in facts if isinstance(one, DocumentFacts)] == ["env", "shell"]


@pytest.mark.parametrize("data", [b"", b"{", b"{'a': 1}", b"\xff\xfe\xff", b"<<<<<<< HEAD\n{}"])
def test_what_is_no_notebook_is_not_read(data: bytes) -> None:
    assert isinstance(document_sites("a.ipynb", data), Unreadable)


@pytest.mark.parametrize("data", [b"[]", b'{"cells": 3}', b"{}"])
def test_a_notebook_without_cells_has_no_sites(data: bytes) -> None:
    assert document_sites("a.ipynb", data) == []


PIECES = st.sampled_from(
    [
        *("%env ", "OPENAI_API_KEY", "OPENAI_BASE_URL", "=", "gpt-4o", "https://api.openai.com/v1"),
        *(
            "!",
            "%pip install ",
            "openai",
            "==0.28",
            " ",
            "\\",
            "\n",
            "\r\n",
            "    ",
            "%%bash\n",
            "%%sh",
        ),
        *(
            "export ",
            "curl ",
            "$",
            "'",
            '"',
            "#",
            "x = ",
            "é",
            "😀",
            "\u2028",
            "\x0c",
            "%time ",
            "(",
        ),
    ]
)


@given(
    cells=st.lists(st.lists(PIECES, max_size=12).map("".join), max_size=3),
    indent=st.sampled_from([None, 1]),
)
def test_no_cell_raises_and_every_span_lies_in_the_file(
    cells: list[str], indent: int | None
) -> None:
    text = notebook(*cells, indent=indent)
    program = read(text)
    for site in shown_sites(notebook_sites("a.ipynb", program), {"a.ipynb": program}):
        start, end = program.file.bounds(site.span)
        assert 0 < start < end < len(text)
