"""Syntax of later Pythons, which this one reads as well as its own."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

import pytest

from migrator.newer import parse
from migrator.source import SourceText
from tests.planning.builders import planned

NEWER = {
    "an alias of types": "type Client = str | None\n",
    "an alias with parameters": "type Pair[A, B] = tuple[A, B]\n",
    "an alias in a class": "class A:\n    type X = int\n    y = 1\n",
    "a generic function": "def f[T](x: T) -> T:\n    return x\n",
    "parameters over several lines": "async def f[\n    T: (int, str),\n](x: T): ...\n",
    "a generic class": "class A[T: int = bool, *Ts](B):\n    pass\n",
    "a group of exceptions": "try:\n    pass\nexcept* ValueError:\n    pass\n",
    "the same quotes": 'x = f"{d["x"]} and {e["y"]}"\n',
    "the same quotes of several lines": 'x = f"""{d["""x"""]}"""\n',
    "a text in a text in a text": "x = f\"{', '.join(f\"{k}={v['a']}\" for k in y)}\"\n",
    "an escape": "x = f\"{'\\n'.join(y)}\"\n",
    "a comment": 'x = f"""{\n    y  # why\n}"""\n',
    "a form with a field": "x = f\"{y!r:{'a'}>{w}} {{z}} {b['k']}\"\n",
    "what looks like it": 'x = """\ntype X = int\ndef f[T](x): ...\n"""\ny = f"{d["x"]}"\n',
}


def _places(tree: ast.AST) -> Iterator[tuple[str, int, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id, node.lineno, node.col_offset


@pytest.mark.parametrize("text", NEWER.values(), ids=NEWER)
def test_it_is_read_and_every_name_is_where_it_stands(text: str) -> None:
    source = SourceText(text)
    for name, line, column in _places(parse(text)):
        assert source.line(line)[column:].startswith(name)


def test_texts_outside_of_fields_are_as_they_were() -> None:
    tree = parse(NEWER["what looks like it"])
    first = tree.body[0]
    assert isinstance(first, ast.Assign) and isinstance(first.value, ast.Constant)
    assert first.value.value == "\ntype X = int\ndef f[T](x): ...\n"


@pytest.mark.parametrize(
    "text",
    [
        "type X = \n",
        "def f[T(x): ...\n",
        'x = f"{d["x"]"\n',
        "class A[T]:\nx = (\n",
        'x = f"{"\u6587"}{d["x"]}" f"{f"{\'文\'}"}" + (\n',
        "x = '''\n",
    ],
)
def test_what_no_python_reads_is_told_as_it_stands(text: str) -> None:
    with pytest.raises(SyntaxError) as here:
        ast.parse(text)
    with pytest.raises(SyntaxError) as there:
        parse(text)
    assert (there.value.msg, there.value.lineno) == (here.value.msg, here.value.lineno)


def test_a_program_for_a_later_python_moves_and_keeps_what_it_says() -> None:
    code = """
from openai import OpenAI

type Answer = str | None


def ask[T](q: T, d) -> Answer:
    prompt = f"{d["name"]}: {'\\n'.join(q)}"
    asked = [{"role": "user", "content": f"{prompt} {d["more"]}"}]
    return OpenAI().chat.completions.create(model="gpt-4o", messages=asked).choices[0]
"""
    after = planned(code).after()
    assert 'model="qwen3.7-plus"' in after
    assert "DASHSCOPE_API_KEY" in after
    for line in code.splitlines()[3:9]:
        assert line in after
    assert parse(after)
    if sys.version_info >= (3, 12):
        compile(after, "app.py", "exec")
