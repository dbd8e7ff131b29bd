"""The layout of what is written: a formatted file stays formatted, and a line's length counts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from codemods.python_file import PythonFile, width
from migrator.edits import (
    ClientConstruction,
    EmbeddingBatch,
    ItemAssignment,
    Parameters,
    ReplaceString,
    StructuredOutput,
)
from migrator.source import SourceText
from tests.codemods.rewriting import PROVIDER, At, rewritten

POINTED = replace(PROVIDER, base_url_default="https://api.example.com/compatible-mode/v1")
AZURE = replace(POINTED, class_path="openai.OpenAI", drop=("azure_endpoint", "api_version"))
THINKING = Parameters(extra_body=(("enable_thinking", "False"),))
HEAD = "import os\n\nfrom openai import OpenAI\n\n"
CREATE = 'client.chat.completions.create(model="old", messages=messages, temperature=0.5)'
SHORT = 'client.chat.completions.create(model="old", messages=messages)'
PARSE = "c.chat.completions.parse(model=MODEL, messages=messages, response_format=Answer)"
PROGRAMS = {
    "a client": (f"{HEAD}client = OpenAI()\n", [At("OpenAI()", POINTED)]),
    "a client in a function in a class": (
        f"{HEAD}\nclass A:\n    def f(self):\n        return OpenAI(timeout=3)\n",
        [At("OpenAI(timeout=3)", POINTED)],
    ),
    "clients in a list and a dict": (
        f'{HEAD}clients = [OpenAI(), None]\nnamed = {{"a": OpenAI(timeout=3)}}\n',
        [At("OpenAI()", POINTED), At("OpenAI(timeout=3)", POINTED)],
    ),
    "a client on a condition": (
        f"{HEAD}client = OpenAI() if condition else None\n",
        [At("OpenAI()", POINTED)],
    ),
    "a client on a condition in a call": (
        f"{HEAD}client = f(a=OpenAI() if condition else None, b=2)\n",
        [At("OpenAI()", POINTED)],
    ),
    "clients of a comprehension": (
        f"{HEAD}clients = [OpenAI(timeout=t) for t in times if t]\n",
        [At("OpenAI(timeout=t)", POINTED)],
    ),
    "a name on a condition": (
        f'model = {"a" * 40} if {"b" * 30} else "old"\n',
        [At('"old"', ReplaceString("new-and-longer-name"))],
    ),
    "an Azure client over lines": (
        "import os\n\nfrom openai import AzureOpenAI\n\nclient = AzureOpenAI(\n"
        '    api_version="v",\n    azure_endpoint=os.environ["E"],\n    timeout=3,\n)\n',
        [
            At(
                'AzureOpenAI(\n    api_version="v",\n    azure_endpoint=os.environ["E"],\n'
                "    timeout=3,\n)",
                AZURE,
            )
        ],
    ),
    "a default factory": (
        f"{HEAD}client = field(default_factory=OpenAI)\n",
        [At("OpenAI", POINTED, 1)],
    ),
    "a request": (f"answer = {CREATE}\n", [At(CREATE, THINKING)]),
    "a request on a row of its own": (
        f"answer = function_with_a_long_name(\n    first_argument, {SHORT}\n)\n",
        [At(SHORT, THINKING)],
    ),
    "embeddings": (
        f"{HEAD}\ndef f(texts: list[str]) -> object:\n"
        '    return client.embeddings.create(input=texts, model="m").data\n',
        [At('client.embeddings.create(input=texts, model="m")', EmbeddingBatch(10, False))],
    ),
    "a structured answer": (
        f"{HEAD}\nasync def f(c):\n    return await {PARSE}\n",
        [At(PARSE, StructuredOutput(True))],
    ),
    "statements that go": (
        'def f(p):\n    p["a"] = 1\n\n    p["b"] = 2\n\n    p["c"] = 3\n\n\nx = 1\n',
        [
            At('p["a"] = 1', ItemAssignment(drop=True)),
            At('p["c"] = 3', ItemAssignment(drop=True)),
        ],
    ),
    "a longer string in a call": (
        f'answer = g("{"a" * 40}", "old", "{"b" * 30}")\n',
        [At('"old"', ReplaceString("n" * 20))],
    ),
}


def ruff() -> str:
    found = shutil.which("ruff") or shutil.which("ruff", path=str(Path(sys.executable).parent))
    return found or pytest.skip("ruff is not installed")


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_formatted_file_stays_formatted(name: str) -> None:
    before, edits = PROGRAMS[name]
    formatting = [ruff(), "format", "--isolated", "--line-length", "100", "-"]

    def formatted(text: str) -> str:
        done = subprocess.run(formatting, input=text, capture_output=True, text=True, check=True)
        return done.stdout

    assert formatted(before) == before
    after = rewritten(before, *edits)
    assert formatted(after) == after


ROW = "    first_argument_of_it_is_long, second_argument_of_it_is_too_x"
BLACK = f"x = some_longer_function_name(\n{ROW}\n)\n"
WIDTHS = {
    "nothing to go by": ("x = f(1, 2)\n", 100),
    "a longer call on one line": (f"x = f({'a' * 60}, {'b' * 60})\n", 129),
    "a call that was broken at 79 columns": (f"x = some_function_nam(\n{ROW}\n)\n", 79),
    "a call that was broken at 88 columns": (BLACK, 88),
    "a call that was broken for its looks": ("x = f(\n    1, 2\n)\n", 100),
    "a call that a comma keeps on its lines": (BLACK.replace("_x\n", "_x,\n"), 100),
    "a long comment behind a call": (f"x = f(1, 2)  # {'c' * 100}\n", 100),
    "a long f-string": (f"x = f\"{'c' * 100} {{f('a', 'b')}}\"\n", 100),
}


@pytest.mark.parametrize(("text", "columns"), WIDTHS.values(), ids=list(WIDTHS))
def test_how_wide_a_file_is(text: str, columns: int) -> None:
    assert PythonFile.parse(SourceText(text), "a.py").columns == columns


def test_a_short_call_in_a_long_line_is_not_torn_apart() -> None:
    line = f"x = {'a' * 60} and y.startswith('old') or y.endswith('b')\n"
    assert rewritten(line, At("'old'", ReplaceString("new" * 5))) == line.replace("old", "new" * 5)


def test_a_call_of_its_own_is_broken_at_its_only_string() -> None:
    line = f"{'a' * 60} = function_of_it('old')\n"
    after = f"{'a' * 60} = function_of_it(\n    '{'new' * 9}'\n)\n"
    assert rewritten(line, At("'old'", ReplaceString("new" * 9))) == after


BRACKETED = {
    "in brackets on the line": "c = (OpenAI() if x else None)\n",
    "in brackets over lines": "c = (\n    OpenAI() if x else None\n)\n",
    "a statement of its own": "OpenAI() if x else None\n",
}


@pytest.mark.parametrize("code", BRACKETED.values(), ids=list(BRACKETED))
def test_a_condition_gets_no_second_brackets(code: str) -> None:
    after = rewritten(f"{HEAD}{code}", At("OpenAI()", POINTED)).removeprefix(HEAD)
    assert after.count("(") == code.count("(") + 1
    assert ") if x else None" in after


def test_a_file_of_88_columns_is_kept_to_them() -> None:
    before = f"{HEAD}{BLACK}c = OpenAI()\n"
    after = rewritten(before, At("OpenAI()", POINTED))
    assert max(map(len, after.splitlines())) <= 88


def test_wide_characters_and_tabs_take_their_columns() -> None:
    assert width("模型") == 4
    assert width("\tx") == 5


def test_mixed_line_endings_stay_as_they_are() -> None:
    before = "import os\r\n\r\nc = f(\n    a=1,\n)\r\n"
    code = "f(\n    a=1,\n)"
    after = rewritten(before, At(code, ClientConstruction(key_variable="K")))
    assert after == ('import os\r\n\r\nc = f(\n    a=1,\n    api_key=os.environ["K"],\n)\r\n')


def test_comments_stay_where_a_call_is_laid_out_anew() -> None:
    before = f'x = f(  # of the team\n    first={"a" * 40}, model="old"  # TODO\n)\n'
    wide = f"second_model_of_a_name_{'b' * 40}"
    after = f'x = f(  # of the team\n    first={"a" * 40},\n    model="{wide}",  # TODO\n)\n'
    assert rewritten(before, At('"old"', ReplaceString(wide))) == after
