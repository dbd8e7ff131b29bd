"""Notebooks: the cells as the Python analysis gets them, and the magics as sites."""

from __future__ import annotations

import json
from typing import Any

import pytest

from migrator.analysis.documents import document_sites, notebook_cells
from migrator.analysis.sites import DocumentFacts


def notebook(*cells: str | list[str], indent: int | None = 1, **metadata: Any) -> str:
    code = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": c} for c in cells]
    prose = {"cell_type": "markdown", "metadata": {}, "source": ["!pip install openai\n"]}
    return json.dumps({"cells": [prose, *code], "metadata": metadata, "nbformat": 4}, indent=indent)


def rows(text: str) -> list[tuple[int | None, str, str, str]]:
    found = document_sites("a.ipynb", text.encode())
    assert isinstance(found, list)
    lines = text.split("\n")
    for site in found:
        on_disk = lines[site.span.line - 1][site.span.column : site.span.end_column]
        assert "***" in site.code or on_disk == site.code
    return [(site.cell, site.kind.value, site.detail, site.code) for site in found]


def test_code_cells_say_where_each_line_stands_in_the_file() -> None:
    text = notebook(["import openai\n", "x = 1"], ["y = 2"])
    first, second = notebook_cells(text.encode())
    assert (first.index, first.source) == (1, "import openai\nx = 1")
    assert (second.index, second.source) == (2, "y = 2")
    lines = text.split("\n")
    for cell in (first, second):
        for row, (line, column) in enumerate(zip(cell.lines, cell.columns, strict=True)):
            assert lines[line - 1][column:].startswith(cell.source.splitlines()[row])


def test_a_source_in_one_string_stands_on_one_line_of_the_file() -> None:
    text = notebook("a = 1\nb = 2\n")
    (cell,) = notebook_cells(text.encode())
    assert cell.source == "a = 1\nb = 2\n"
    assert len(cell.lines) == 2 and len(set(cell.lines)) == 1
    line = text.split("\n")[cell.lines[0] - 1]
    assert line[cell.columns[1] :].startswith("b = 2")


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("files = !ls", "files = None"),
        ("    out, err = %sx ls", "    out, err = None"),
        ("client?", "pass"),
        ("??client.chat", "pass"),
        ("x = (a\n    % b)", "x = (a\n    % b)"),
        ("x = a != b", "x = a != b"),
        ("x = '!ls'", "x = '!ls'"),
        ("f(a,\n  !=1)", "f(a,\n  !=1)"),
        ("!ls\r\nx = 1\r\n", "pass\r\nx = 1\r\n"),
    ],
)
def test_what_is_a_magic_and_what_is_python(source: str, python: str) -> None:
    (cell,) = notebook_cells(notebook(source).encode())
    assert cell.python == python


def test_magics_are_blanked_out_line_for_line() -> None:
    text = notebook(["!pip install openai\n", "if x:\n", "    %time y()\n", "z = a % b"])
    (cell,) = notebook_cells(text.encode())
    assert cell.python == "pass\nif x:\n    pass\nz = a % b"


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("%%bash\npip install openai", ""),
        ("%%time\nx = 1", "pass\nx = 1"),
        ("%%writefile a.py\nimport openai", ""),
    ],
)
def test_a_cell_magic_says_whether_the_cell_is_python(source: str, python: str) -> None:
    (cell,) = notebook_cells(notebook(source).encode())
    assert cell.python == python


def test_a_notebook_of_another_language_has_no_cells() -> None:
    text = notebook("library(openai)", kernelspec={"language": "R", "name": "ir"})
    assert notebook_cells(text.encode()) == []


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe\xff", b'{"cells": 3}'])
def test_what_is_no_notebook_has_no_cells(data: bytes) -> None:
    assert notebook_cells(data) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("!pip install -qU rich openai==0.28.1", [("dep", "openai", "openai==0.28.1")]),
        ("%pip install openai", [("dep", "openai", "openai")]),
        ("!uv pip install openai", [("dep", "openai", "openai")]),
        ("%%bash\npip install openai", [("dep", "openai", "openai")]),
        ("%env OPENAI_API_KEY=k", [("env_key", "OPENAI_API_KEY", "OPENAI_API_KEY=***")]),
        ("%env OPENAI_BASE_URL https://api.openai.com/v1",
         [("env_key", "OPENAI_BASE_URL", "OPENAI_BASE_URL https://api.openai.com/v1")]),
        ("!export OPENAI_API_KEY=k", [("env_key", "OPENAI_API_KEY", "OPENAI_API_KEY=***")]),
        ("%env MODEL=gpt-4o", [("model", "gpt-4o", "MODEL=gpt-4o")]),
        ("# !pip install openai\nx = 'pip install openai'", []),
        ("model = 'gpt-4o'\nOPENAI_API_KEY='k'", []),
    ],
)  # fmt: skip
def test_magics(source: str, expected: list[tuple[str, str, str]]) -> None:
    assert rows(notebook(source.splitlines(keepends=True))) == [(1, *row) for row in expected]
    assert rows(notebook(source, indent=None)) == [(1, *row) for row in expected]


def test_a_span_behind_escapes_is_the_text_on_disk() -> None:
    text = notebook(['!echo "a\\b\té" && pip install "openai>=1"\n'])
    (site,) = document_sites("a.ipynb", text.encode())  # type: ignore[misc]
    line = text.split("\n")[site.span.line - 1]
    assert line[site.span.column : site.span.end_column] == "openai>=1"
    assert isinstance(site.facts, DocumentFacts) and site.facts.format == "notebook"
