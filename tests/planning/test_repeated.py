"""Names of one list that became the same."""

from __future__ import annotations

import pytest

from tests.planning.builders import ASK, planned

BOTH = '["gpt-4o", "gpt-4.1"]'
ONCE = '["qwen3.7-plus"]'
TWICE = '["qwen3.7-plus", "qwen3.7-plus"]'

# What is done with the list -> whether a name may be taken out of it.
USES = {
    "gone through": ("for one in NAMES:\n    ask(one, 1)", ONCE),
    "its first is taken": ("ask(NAMES[0], 1)", ONCE),
    "joined with another": ("for one in [*NAMES, *NAMES]:\n    ask(one, 1)", ONCE),
    "beside another list": ("for one, price in zip(NAMES, [1, 2]):\n    ask(one, price)", TWICE),
    "its second is taken": ("ask(NAMES[1], 1)", TWICE),
    "counted": ("print(len(NAMES))\nfor one in NAMES:\n    ask(one, 1)", TWICE),
}


def program(use: str) -> str:
    return (
        "from openai import OpenAI\n"
        f"NAMES = {BOTH}\n"
        "def ask(model, q):\n"
        f"    return OpenAI().chat.completions.create(model=model, {ASK})\n"
        f"{use}\n"
    )


@pytest.mark.parametrize(("use", "after"), USES.values(), ids=list(USES))
def test_a_list_names_a_model_once_where_nothing_counts_its_names(use: str, after: str) -> None:
    assert f"NAMES = {after}\n" in planned(program(use)).after()


def test_names_that_are_unpacked_stay_as_many() -> None:
    found = planned(program(f"ONE, OTHER = {BOTH}\nask(ONE, 1)\nask(OTHER, 1)"))
    assert f"ONE, OTHER = {TWICE}" in found.after()


def test_the_choices_of_an_option_are_named_once() -> None:
    option = f'parser.add_argument("--model", default="gpt-4o", choices={BOTH})'
    use = f"import argparse\nparser = argparse.ArgumentParser()\n{option}\n"
    found = planned(program(f"{use}ask(parser.parse_args().model, 1)"))
    assert f"choices={ONCE}" in found.after()
