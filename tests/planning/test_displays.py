"""What lines alone show of an expression agrees with what the file's syntax says."""

from __future__ import annotations

import ast

import pytest

from migrator.planning.branches import branches, display
from migrator.source import SourceText

TEXTS = [
    'x = "gpt", "b"\n',
    'x="gpt",\n',
    'x = "gpt" \\\n , "b"\n',
    'x: tuple = "gpt", 1\n',
    'x["("] = "gpt", "c"\n',
    'f(\n)\nx = "gpt", 2\n',
    'f(x="gpt", y=2)\n',
    'f(\n    x="gpt", y=["gpt"])\n',
    'g(h, # (\n  x="gpt", y=1)\n',
    'f(a)(x="gpt",)\n',
    '(x := "gpt", 2)\n',
    'for m in "gpt", "b": pass\n',
    'if a: "gpt", "b"\n',
    'd = {"a": "gpt", "b": 1}\n',
    'lambda x="gpt", y=1: (\n"gpt",)\n',
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_display_is_found_as_by_the_syntax(text: str) -> None:
    source = SourceText(text)
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    spans = [source.span_of(node) for node in found]
    assert [display(source, one) for one in spans] == [branches(text).display(one) for one in spans]
