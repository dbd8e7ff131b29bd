"""How much a model is asked to reason: words of the provider's, wherever they are written."""

from __future__ import annotations

import pytest

from migrator.decisions import Severity
from tests.planning.builders import ASK, Planned, chat, planned

HEAD = "from openai import OpenAI\nclient = OpenAI()\n"
RESPOND = 'client.responses.create(model="gpt-5.5", input=q, reasoning={})'
NAMES = {"parameter-changed", "effort-refused", "parameter-range", "parameter-dropped"}


def told(found: Planned) -> list[str]:
    return [code for code in found.codes() if code in NAMES]


WRITTEN = {
    "in the call": ("", '{"effort": "xhigh"}', '{"effort": "high"}'),
    "beside other entries": (
        "",
        '{"effort": "xhigh", "summary": "auto"}',
        '{"effort": "high", "summary": "auto"}',
    ),
    "in a constant": ('EFFORT = "xhigh"\n', '{"effort": EFFORT}', 'EFFORT = "high"\n'),
    "in a table": (
        'EFFORTS = {"deep": "xhigh", "quick": "none"}\n',
        '{"effort": EFFORTS["deep"]}',
        'EFFORTS = {"deep": "high", "quick": "none"}\n',
    ),
    "in a table that is asked at run time": (
        'EFFORTS = {"deep": "max", "quick": "low"}\n',
        '{"effort": EFFORTS.get(q)}',
        'EFFORTS = {"deep": "high", "quick": "low"}\n',
    ),
}


@pytest.mark.parametrize(("before", "reasoning", "after"), WRITTEN.values(), ids=list(WRITTEN))
def test_a_word_that_is_refused_is_replaced_where_it_is_written(
    before: str, reasoning: str, after: str
) -> None:
    call = RESPOND.replace("{}", reasoning)
    found = planned(f"{HEAD}{before}def ask(q):\n    return {call}.output_text\n")
    assert after in found.after()
    assert told(found) == ["parameter-changed"]


def test_a_word_that_is_put_into_a_dictionary_is_replaced() -> None:
    found = planned(
        f"{HEAD}def ask(q, deep):\n"
        '    params = {"model": "gpt-5.5", "input": q}\n'
        "    if deep:\n"
        '        params["reasoning"] = {"effort": "xhigh", "summary": "auto"}\n'
        "    return client.responses.create(**params).output_text\n"
    )
    assert '{"effort": "high", "summary": "auto"}' in found.after()


def test_a_word_for_requests_that_take_different_ones_is_told_at_each() -> None:
    ask = f'client.chat.completions.create(model="o3", {ASK}, reasoning_effort=EFFORT)'
    respond = RESPOND.replace("{}", '{"effort": EFFORT}')
    found = planned(f'{HEAD}EFFORT = "xhigh"\ndef ask(q):\n    {ask}\n    {respond}\n')
    assert 'EFFORT = "xhigh"' in found.after()
    one = found.item("effort-refused")
    assert one.severity is Severity.BLOCKER
    assert "app.py:3" in one.action
    assert one.line == 6


@pytest.mark.parametrize("effort", ["low", "medium", "xhigh"])
def test_a_word_that_is_taken_stays(effort: str) -> None:
    found = planned(chat(f'reasoning_effort="{effort}"', model='"o3"'))
    assert f'reasoning_effort="{effort}"' in found.after()
    assert told(found) == []


def test_what_is_only_known_at_run_time_is_told() -> None:
    call = RESPOND.replace("{}", "{'effort': depth}")
    found = planned(f"{HEAD}def ask(q, depth):\n    return {call}\n")
    assert found.item("parameter-range").title.endswith("none, minimal, low, medium, high")


def test_a_model_that_takes_no_word_is_given_none() -> None:
    code = f"{HEAD}def ask(q, depth):\n    return client.chat.completions.create(\n"
    code += f'        model="gpt-4o", {ASK}, reasoning_effort=depth)\n'
    found = planned(code)
    assert "reasoning_effort" not in found.after()
    assert told(found) == ["parameter-dropped"]
