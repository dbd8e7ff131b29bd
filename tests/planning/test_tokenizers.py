"""tiktoken: which encoding is counted by once a model moved, and what is left as it is."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from migrator.decisions import Severity
from tests.planning.builders import ASK, Leave, planned

HEAD = "import tiktoken\nfrom openai import OpenAI\nclient = OpenAI()\n"
CALL = f"client.chat.completions.create(model=model, {ASK})"
CODES = {"tokenizer", "tokenizer-fails", "tokenizer-name", "model-untraced"}
ENCODING = "    encoding = tiktoken.encoding_for_model(model)\n"


def program(body: str, default: str = "'gpt-4o'") -> str:
    return f"{HEAD}def ask(q, model={default}):\n{body}    return {CALL}\n"


@pytest.mark.parametrize(
    ("model", "encoding"), [("gpt-4o", "o200k_base"), ("gpt-4", "cl100k_base")]
)
def test_what_is_counted_for_a_name_that_moved_is_counted_as_before(
    model: str, encoding: str
) -> None:
    found = planned(program(ENCODING, repr(model)))
    after = found.after().replace("'", '"')
    assert f'encoding = tiktoken.get_encoding("{encoding}")' in after
    assert [one for one in found.codes() if one in CODES] == ["tokenizer"]


def test_the_default_of_a_variable_is_a_name_that_moved() -> None:
    code = "model = os.getenv('MODEL', 'gpt-4o')\ncoded = tiktoken.encoding_for_model(model)\n"
    found = planned(f"import os\n{HEAD}{code}def ask(q):\n    {CALL}\n")
    assert 'coded = tiktoken.get_encoding("o200k_base")' in found.after().replace("'", '"')


KEPT = {
    "a name of its own": "    tiktoken.encoding_for_model('gpt-4o')\n",
    "where it falls back": (
        "    try:\n        tiktoken.encoding_for_model(model)\n"
        "    except KeyError:\n        tiktoken.get_encoding('cl100k_base')\n"
    ),
    "where it falls back on any error": (
        "    try:\n        if q:\n            tiktoken.encoding_for_model(model)\n"
        "    except (OSError, Exception):\n        pass\n"
    ),
    "an encoding": "    tiktoken.get_encoding('cl100k_base')\n",
}


@pytest.mark.parametrize("body", KEPT.values(), ids=list(KEPT))
def test_what_goes_on_working_is_kept(body: str) -> None:
    found = planned(program(body))
    assert body in found.after()
    assert not CODES & set(found.codes())
    counting = [one for one in found.plan.decisions if one.site.kind is Kind.TIKTOKEN]
    assert {type(one) for one in counting} == {Leave}


def test_a_parameter_that_no_moved_name_reaches_is_kept() -> None:
    count = "def count(q, name='gpt-4'):\n    return tiktoken.encoding_for_model(name)\n"
    found = planned(program("    pass\n") + count)
    assert count in found.after()
    assert not CODES & set(found.codes())


FAILS = {
    "names of two encodings": (
        "def count(q, name):\n    return tiktoken.encoding_for_model(name)\n"
        "count('', 'gpt-4')\nMODEL = 'gpt-4o'\ncount('', MODEL)\n"
    ),
    "the encoding's name": "MODEL = 'gpt-4o'\ntiktoken.encoding_name_for_model(MODEL)\n",
    "a handler around the function that calls": (
        "MODEL = 'gpt-4o'\n"
        "try:\n    def f():\n        tiktoken.encoding_name_for_model(MODEL)\n"
        "except KeyError:\n    pass\n"
    ),
}


@pytest.mark.parametrize("code", FAILS.values(), ids=list(FAILS))
def test_what_would_fail_and_cannot_be_rewritten_is_a_blocker(code: str) -> None:
    text = HEAD + code + f"def ask(q):\n    return {CALL.replace('=model', '=MODEL')}\n"
    found = planned(text)
    assert code.replace("'gpt-4o'", "'qwen3.7-plus'") in found.after()
    assert found.item("tokenizer-fails").severity is Severity.BLOCKER


def test_a_name_that_is_only_known_at_run_time_is_told() -> None:
    text = program("    pass\n") + "def count(q, name):\n    tiktoken.encoding_for_model(name)\n"
    found = planned(text)
    assert "tiktoken.encoding_for_model(name)" in found.after()
    assert found.item("tokenizer-name").severity is Severity.BEHAVIOUR


def test_a_tokenizer_stays_where_nothing_moves() -> None:
    found = planned("import tiktoken\nencoding = tiktoken.encoding_for_model('gpt-4o')\n")
    assert found.plan.edits == ()
    assert found.codes() == []
