"""Answers that a user gives: a text, an echo, a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from migrator.verification.canned import AnswersError, answers_of, last_said

FILE = """\
- match: Weather
  answer: It is sunny.
- match: back
  echo: true
"""


def said(text: str) -> dict[str, Any]:
    return {
        "messages": [{"role": "system", "content": "weather"}, {"role": "user", "content": text}]
    }


def test_answers_are_a_text_an_echo_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(FILE)
    given = answers_of(str(file))
    assert given(said("What is the weather?")) == "It is sunny."
    assert given(said("Say it back")) == "Say it back"
    assert given(said("Hello")) is None
    assert answers_of("echo")(said("Hello")) == "Hello"
    assert answers_of("Always this")(said("Hello")) == "Always this"


@pytest.mark.parametrize(
    "body",
    [
        {"prompt": "Hello"},
        {"input": "Hello"},
        {"input": [{"role": "user", "content": [{"type": "input_text", "text": "Hello"}]}]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hello"}]}]},
    ],
)
def test_every_kind_of_request_says_something(body: dict[str, Any]) -> None:
    assert last_said(body) == "Hello"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("- match: [\n", "answers.yaml:2: "),
        ("match: a\nanswer: b\n", "must be a list of answers"),
        ("- match: a\n", "answer 1 must have either a text as answer, or echo: true"),
        ("- {answer: a, echo: true}\n", "answer 1 must have either"),
        ("- {answer: a}\n- {anwser: b}\n", "answer 2 must hold answer, echo, match"),
        ("- {match: 1, answer: a}\n", "match must be a text"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(tmp_path: Path, content: str, problem: str) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(content)
    with pytest.raises(AnswersError, match=problem) as caught:
        answers_of(str(file))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_no_answer() -> None:
    with pytest.raises(AnswersError, match="No such file"):
        answers_of("missing.json")
