"""Model names, wherever they stand."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from migrator.decisions import Severity
from migrator.errors import MigrateError
from tests.planning.builders import ASK, Checklist, chat, planned

CALL = f"client.chat.completions.create(model=model, {ASK})"
HEAD = "from openai import OpenAI\nclient = OpenAI()\n"


def test_a_constant_is_changed_where_it_is_written() -> None:
    found = planned(HEAD + f'model = "gpt-4o"\ndef ask(q):\n    return {CALL}\n')
    assert 'model = "qwen3.7-plus"' in found.after()


def test_a_constant_of_another_file_is_changed_there() -> None:
    found = planned(
        {
            "names.py": 'CHAT = "gpt-4o-mini"\n',
            "app.py": HEAD
            + f"import names\ndef ask(q):\n    model = names.CHAT\n    return {CALL}\n",
        }
    )
    assert found.after("names.py") == 'CHAT = "qwen3.8-flash"\n'


def test_a_default_of_the_environment_is_changed_and_the_variable_named() -> None:
    found = planned(
        HEAD + "import os\nmodel = os.getenv('MODEL', 'gpt-4o')\n" + f"def ask(q):\n    {CALL}\n"
    )
    assert "os.getenv('MODEL', 'qwen3.7-plus')" in found.after()
    assert "`MODEL`" in found.item("model-variable").title
    assert found.item("thinking-switched")


def test_your_own_choice_is_taken() -> None:
    found = planned(chat(), model_map={"gpt-4o": "qwen-plus"})
    assert '"qwen-plus"' in found.after()


def test_your_own_choice_that_is_not_known_is_taken_and_told() -> None:
    found = planned(chat(), model_map={"gpt-4o": "qwen-pluss"})
    assert '"qwen-pluss"' in found.after()
    assert "`qwen-plus` is near" in found.item("model-chosen").action
    assert "model-chosen" not in planned(chat(), model_map={"gpt-4o": "qwen-plus"}).codes()


def test_a_retired_model_of_your_own_choice_is_refused() -> None:
    with pytest.raises(MigrateError, match="qwen-max"):
        planned(chat(), model_map={"gpt-4o": "qwen-max"})


def test_a_model_without_a_counterpart_is_a_blocker_at_its_call_too() -> None:
    found = planned(chat(model='"ft:gpt-4o-mini:acme::x"'))
    assert found.item("model-no-counterpart").severity is Severity.BLOCKER
    assert isinstance(found.decision("app.py", Kind.MODEL), Checklist)
    assert isinstance(found.decision("app.py", Kind.CALL), Checklist)
    assert isinstance(found.decision("app.py", Kind.CLIENT), Checklist)


def test_an_enum_moves_as_a_whole() -> None:
    found = planned(
        HEAD
        + "from enum import Enum\nclass Name(str, Enum):\n"
        + "    ONE = 'gpt-4o'\n    TWO = 'gpt-4o-mini'\n    THREE = 'gpt-4.1'\n"
        + f"def ask(q):\n    model = Name.ONE.value\n    return {CALL}\n"
    )
    assert "TWO = 'qwen3.8-flash'" in found.after()
    merged = found.item("model-merged")
    assert "`gpt-4o` and `gpt-4.1`" in merged.title


def test_a_default_moves_with_choices_that_cannot_be_traced() -> None:
    found = planned(
        HEAD
        + "import gradio\n"
        + f'def ask(q, model="gpt-4o"):\n    return {CALL}\n'
        + 'gradio.Radio(choices=["gpt-4o", "gpt-4.1"], value="gpt-4.1")\n'
    )
    assert 'choices=["qwen3.7-plus"], value="qwen3.7-plus"' in found.after()


def test_choices_move_with_their_default() -> None:
    found = planned(
        HEAD
        + "from typing import Literal\n"
        + "def ask(q, model: Literal['gpt-4o', 'gpt-5-mini'] = 'gpt-4o'):\n"
        + f"    return {CALL}\n"
    )
    assert "Literal['qwen3.7-plus', 'qwen3.8-flash']" in found.after()


def test_a_named_literal_type_moves_with_its_default() -> None:
    found = planned(
        HEAD
        + "from typing import Literal\nName = Literal['gpt-4o', 'gpt-5-mini']\n"
        + f"def ask(q, model: Name = 'gpt-4o'):\n    return {CALL}\n"
    )
    assert "Name = Literal['qwen3.7-plus', 'qwen3.8-flash']" in found.after()


def test_a_list_that_nothing_traced_is_of_stays() -> None:
    found = planned(chat() + "NAMES = ['gpt-4o', 'gpt-4']\n")
    assert "NAMES = ['gpt-4o', 'gpt-4']" in found.after()
    assert found.codes().count("model-untraced") == 2


@pytest.mark.parametrize(
    ("code", "item"),
    [
        ("PRICES = {'gpt-4o': 2}\n", "model-table"),
        ("def dear(name):\n    return name == 'gpt-4o'\n", "model-compare"),
        ("NAME = 'gpt-4o'\n", "model-untraced"),
        ("NAME = 'openai/gpt-4o'\n", "model-prefixed"),
    ],
)
def test_a_name_that_stands_for_itself_is_a_review_item(code: str, item: str) -> None:
    found = planned({"app.py": chat(), "names.py": code})
    assert found.codes("names.py") == [item]
    assert "names.py" not in {edit.path for edit in found.plan.edits}


def test_a_tests_expectation_follows_the_code() -> None:
    test = "def test_it(kwargs):\n    assert kwargs['model'] == 'gpt-4o'\n"
    found = planned({"app.py": chat(), "tests/test_app.py": test})
    assert "== 'qwen3.7-plus'" in found.after("tests/test_app.py")


def test_a_test_does_not_follow_what_only_another_test_asks_for() -> None:
    test = "def test_it(made):\n    assert made['model'] == 'gpt-4o'\n"
    found = planned({"tests/test_app.py": chat(), "tests/test_other.py": test})
    assert "== 'gpt-4o'" in found.after("tests/test_other.py")


def test_a_tests_expectation_follows_what_the_name_usually_becomes() -> None:
    both = chat() + f"def see(q):\n    return {CALL.replace('=model', '=' + repr('gpt-4o'))}\n"
    both = both.replace(f"'gpt-4o', {ASK}", "'gpt-4o', response_format=q(), messages=q")
    both = both.replace("create(model='gpt-4o'", "parse(model='gpt-4o'")
    test = "def test_it(kwargs):\n    assert kwargs['model'] == 'gpt-4o'\n"
    found = planned({"app.py": both, "tests/test_app.py": test})
    assert {"qwen3.7-plus", "qwen-plus"} <= set(found.after().split('"') + found.after().split("'"))
    assert "== 'qwen3.7-plus'" in found.after("tests/test_app.py")


def test_a_tests_expectation_follows_what_the_test_itself_asks_for() -> None:
    asks = (
        chat().replace("messages=", "response_format=dict, messages=").replace("create(", "parse(")
    )
    test = asks + "def test_it(made):\n    assert made.model == 'gpt-4o'\n"
    found = planned({"app.py": chat(), "tests/test_app.py": test})
    assert "== 'qwen-plus'" in found.after("tests/test_app.py")


def test_one_name_for_calls_with_different_needs_meets_them_all() -> None:
    found = planned(
        HEAD
        + "model = 'gpt-4o'\n"
        + f"def ask(q):\n    return {CALL}\n"
        + "def parse(q):\n"
        + f"    return {CALL.replace('create', 'parse')[:-1]}, response_format=q)\n"
    )
    assert "model = 'qwen-plus'" in found.after()
