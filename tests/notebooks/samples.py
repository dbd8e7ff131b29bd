"""Notebooks as text: of code cells, with a cell of prose above and outputs under each."""

from __future__ import annotations

import json
from typing import Any

from migrator.notebooks.program import Notebook

Source = str | list[str]


def notebook(*cells: Source, indent: int | None = 1, escaped: bool = True, **metadata: Any) -> str:
    """A notebook of format 4; its first cell is prose."""
    prose = {"cell_type": "markdown", "metadata": {}, "source": ["!pip install openai\n"]}
    code = [
        {
            "cell_type": "code",
            "execution_count": number,
            "id": f"cell-{number}",
            "metadata": {"tags": ["é😀"]},
            "outputs": [{"output_type": "stream", "name": "stdout", "text": ["gpt-4o: é\n"]}],
            "source": source,
        }
        for number, source in enumerate(cells)
    ]
    made = {"cells": [prose, *code], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(made, indent=indent, ensure_ascii=escaped)


def old_notebook(*cells: Source, indent: int | None = 1) -> str:
    """A notebook of format 3."""
    code = [
        {"cell_type": "code", "input": source, "language": "python", "outputs": []}
        for source in cells
    ]
    return json.dumps({"worksheets": [{"cells": code}], "nbformat": 3}, indent=indent)


def listed(source: str) -> list[str]:
    """A source as the list that Jupyter writes."""
    return source.splitlines(keepends=True)


def read(text: str) -> Notebook:
    return Notebook.read(text.encode("utf-8", "surrogatepass"))


def sources(data: bytes | str) -> list[str]:
    """The sources of the code cells."""
    made = json.loads(data)
    cells = made.get("cells") or [cell for sheet in made["worksheets"] for cell in sheet["cells"]]
    held = [cell.get("source", cell.get("input")) for cell in cells if cell["cell_type"] == "code"]
    return ["".join(one) for one in held]
