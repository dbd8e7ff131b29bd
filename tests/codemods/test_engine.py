"""What holds for every rewriting: bytes outside edits stay, results parse, order is no matter."""

from __future__ import annotations

import ast
import random
import subprocess
import sys
from pathlib import Path
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from codemods import Failed, Refusal, Rewritten, codemods, rewrite
from codemods.engine import ORDER
from migrator.analysis.sites import Span
from migrator.edits import (
    ClientConstruction,
    Edit,
    Instruction,
    ItemAssignment,
    JsonPrompt,
    Marker,
    Parameters,
    ReplaceExpression,
    ReplaceString,
)
from migrator.source import SourceText
from tests.codemods.rewriting import At, outcome, rewritten


def test_every_instruction_has_one_codemod() -> None:
    assert set(codemods()) == set(get_args(Instruction))
    assert set(ORDER) == set(get_args(Instruction))
    names = [codemod.name for codemod in codemods().values()]
    assert len(names) == len(set(names))


def test_every_codemod_has_cases() -> None:
    tests = [path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    for instruction in codemods():
        cases = sum(text.count(f"{instruction.__name__}(") for text in tests)
        assert cases, instruction.__name__


def test_every_codemod_says_what_to_review() -> None:
    for codemod in codemods().values():
        assert codemod.summary[0].isupper()
        assert codemod.review[0].isupper()


def test_the_registry_is_read_without_libcst() -> None:
    code = "import sys, codemods; codemods.codemods(); print('libcst' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_file_that_does_not_parse_fails() -> None:
    result = rewrite(SourceText("print 1\n"), "a.py", [])
    assert isinstance(result, Failed)
    assert "does not parse" in result.reason


def test_a_text_that_would_not_parse_is_not_given_out() -> None:
    source = SourceText("x = 1\n")
    result = rewrite(source, "a.py", [At("x", ReplaceExpression("2")).edit(source, "a.py")])
    assert isinstance(result, Failed)
    assert "would not parse after the rewriting" in result.reason


def test_no_edits_no_change() -> None:
    text = "x = 1 \r\n\x0cy = 2\t\r\n"
    assert rewritten(text) == text


def test_a_span_with_nothing_there_is_refused() -> None:
    edit = Edit("a.py", Span(1, 1, 1, 3), "x", ReplaceString("y"))
    result = rewrite(SourceText("f('a')\n"), "a.py", [edit])
    assert isinstance(result, Rewritten)
    assert result.refused == (Refusal(edit, "no expression stands at 1:1"),)


def test_gbk_source_comes_back_as_gbk() -> None:
    data = "# -*- coding: gbk -*-\r\nx = f('模型', seed=1)  # 注释\r\n".encode("gbk")
    source = SourceText.decode(data)
    edit = At("f('模型', seed=1)", Parameters(drop=("seed",))).edit(source, "a.py")
    result = rewrite(source, "a.py", [edit])
    assert isinstance(result, Rewritten)
    assert source.encode(result.text) == data.replace(b", seed=1", b"")


def test_a_byte_order_mark_comes_back() -> None:
    data = b"\xef\xbb\xbfx = 'a'\n"
    source = SourceText.decode(data)
    result = rewrite(source, "a.py", [At("'a'", ReplaceString("b")).edit(source, "a.py")])
    assert isinstance(result, Rewritten)
    assert source.encode(result.text) == data.replace(b"'a'", b"'b'")


def test_the_same_edit_twice_is_one() -> None:
    edit = At("'a'", ReplaceString("b"))
    result = outcome("x = 'a'\n", edit, edit)
    assert result.text == "x = 'b'\n"
    assert len(result.applied) == 1


PROGRAM = """\
import os
from openai import AzureOpenAI

client = AzureOpenAI(api_key=os.getenv('OLD'),  azure_endpoint='e')
params = {'seed': 1, 'model': 'old', }  # params
params['top'] = 2


@retry(wait = 3)
async def ask(question: str, model='old'):
\tif question: return None; pass
\tanswer = await client.chat.completions.create(
\t\tmodel=model,   # which
\t\t# the talk
\t\tmessages=[{'role': 'system', 'content': f'Be {model}.'}],
\t\tseed=1)
\treturn (answer
\t\t.choices[0])
"""
CREATE = PROGRAM[PROGRAM.index("client.chat") : PROGRAM.index("seed=1)") + 7]
EDITS = [
    At(
        "AzureOpenAI(api_key=os.getenv('OLD'),  azure_endpoint='e')",
        ClientConstruction(
            "openai.OpenAI", ("azure_endpoint",), "NEW", None, "URL", "https://e.com"
        ),
    ),
    At("'OLD'", ReplaceString("NEW")),
    At("{'seed': 1, 'model': 'old', }", Parameters(drop=("seed",))),
    At("'old'", ReplaceString("new")),
    At("'old'", ReplaceString("new"), 1),
    At("params['top'] = 2", ItemAssignment(drop=True)),
    At("retry(wait = 3)", Parameters(add=(("stop", "1"),))),
    At(CREATE, Parameters(drop=("seed",), extra_body=(("enable_thinking", "False"),))),
    At(CREATE, Marker("thinking", "look here")),
    At("f'Be {model}.'", JsonPrompt("Use JSON.")),
    At("question: str", Marker("x", "y")),
]


def test_a_whole_program() -> None:
    assert (
        rewritten(PROGRAM, *EDITS)
        == """\
import os
from openai import OpenAI

client = OpenAI(api_key=os.environ['NEW'],  base_url=os.getenv('URL', 'https://e.com'))
params = {'model': 'new', }  # params


# MIGRATE[x]: y
@retry(wait = 3, stop = 1)
async def ask(question: str, model='new'):
\tif question: return None; pass
\t# MIGRATE[thinking]: look here
\tanswer = await client.chat.completions.create(
\t\tmodel=model,   # which
\t\t# the talk
\t\tmessages=[{'role': 'system', 'content': f'Be {model}. Use JSON.'}],
\t\textra_body={'enable_thinking': False})
\treturn (answer
\t\t.choices[0])
"""
    )


@settings(max_examples=60)
@given(st.sets(st.sampled_from(range(len(EDITS)))), st.randoms(), st.sampled_from(["\n", "\r\n"]))
def test_any_edits_in_any_order(chosen: set[int], order: random.Random, newline: str) -> None:
    source = SourceText(PROGRAM.replace("\n", newline))
    edits = [
        At(EDITS[n].code.replace("\n", newline), EDITS[n].instruction, EDITS[n].number).edit(
            source, "a.py"
        )
        for n in sorted(chosen)
    ]
    result = rewrite(source, "a.py", edits)
    order.shuffle(edits)
    assert rewrite(source, "a.py", edits) == result
    assert isinstance(result, Rewritten)
    ast.parse(result.text)
    assert not result.refused
    assert len(result.applied) + len(result.absorbed) == len(edits)
    assert result.text.count("\r") == (result.text.count("\n") if newline == "\r\n" else 0)
    for line in _untouched(source, edits):
        assert line in result.text.split(newline)


def _untouched(source: SourceText, edits: list[Edit]) -> list[str]:
    """The lines no edit stands on, the imports apart."""
    touched = {n for e in edits for n in range(e.span.line, e.span.end_line + 1)}
    return [source.line(n) for n in range(3, len(source.starts)) if n not in touched]


NAMES = st.sampled_from(["a", "b", "seed", "模"])
ATOMS = st.sampled_from(["1", "'x'", '"y"', "z", "f'{q}'", "(1, 2)", "lambda v: v", "{'k': 1}"])
GAPS = st.sampled_from(["", " ", "\n    ", "  # c\n    ", "\r\n\t", "\n\n  # own\n  "])


@st.composite
def calls(draw: st.DrawFn) -> str:
    """A call in any layout, with `seed` among its arguments at most once."""
    names = draw(st.lists(NAMES, unique=True, max_size=4))
    pieces = [
        f"{draw(GAPS)}{name}{draw(st.sampled_from(['=', ' = ']))}{draw(ATOMS)}{draw(GAPS)}"
        for name in names
    ]
    comma = "," if names and draw(st.booleans()) else ""
    return f"f({','.join(pieces)}{comma}{draw(GAPS) if names else ''})"


@settings(max_examples=150)
@given(
    calls(), st.sampled_from(["{}\n", "def g():\n    return [{}, 1]  # t \n", "x = {}; y = 1\n"])
)
def test_arguments_of_any_layout(call: str, around: str) -> None:
    text = around.replace("{}", call)
    source = SourceText(text)
    instruction = Parameters(
        drop=("seed",) if "seed" in call else (), add=(("added", "1"),), extra_body=(("t", "2"),)
    )
    result = rewrite(source, "a.py", [At(call, instruction).edit(source, "a.py")])
    assert isinstance(result, Rewritten)
    assert not result.refused
    head, _, tail = around.partition("{}")
    assert result.text.startswith(head)
    assert result.text.endswith(tail)
    after = ast.parse(result.text[len(head) : len(result.text) - len(tail)], mode="eval").body
    before = ast.parse(call, mode="eval").body
    assert isinstance(after, ast.Call)
    assert isinstance(before, ast.Call)
    kept = [ast.dump(k) for k in before.keywords if k.arg != "seed"]
    assert [ast.dump(k) for k in after.keywords[: len(kept)]] == kept
    assert [k.arg for k in after.keywords[len(kept) :]] == ["added", "extra_body"]
    if "seed" not in call:
        assert result.text.count("#") == text.count("#")


NOTHING = [Parameters(), ClientConstruction()]


@settings(max_examples=100)
@given(calls(), st.sampled_from(NOTHING), st.sampled_from(["\n", "\r\n"]))
def test_an_instruction_that_asks_for_nothing_changes_nothing(
    call: str, instruction: Instruction, newline: str
) -> None:
    text = f"x = [{call}, 'b']; y = 1 \x0c # {call!r}{newline}"
    source = SourceText(text)
    result = rewrite(source, "a.py", [At(call, instruction).edit(source, "a.py")])
    assert isinstance(result, Rewritten)
    assert not result.refused
    assert result.text == text


@settings(max_examples=150)
@given(
    st.text(max_size=12),
    st.sampled_from(["'a'", '"a"', "'''a'''", "r'a'", "u'a'", '"""a"""', "f'a'"]),
)
def test_any_string_value(value: str, literal: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        return
    text = rewritten(f"x = {literal}\n", At(literal, ReplaceString(value)))
    assert ast.literal_eval(text.removeprefix("x = ").rstrip("\n")) == value
