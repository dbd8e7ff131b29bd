"""Programs made by chance: what must hold for all of them holds for a few at every run.

`python -m benchmarks.fuzz` goes on for as long as it is told to.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.fuzz import signature
from tests.fuzzing.layout import ENCODINGS, LAYOUTS, NEWLINES, laid_out, syntax, written
from tests.fuzzing.programs import Case, cases
from tests.fuzzing.properties import broken, differences
from tests.fuzzing.shapes import SHAPES, shaped

FEW = settings(
    max_examples=5,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
SOURCE = """\
from openai import OpenAI

client = OpenAI(timeout=30)


def ask(text: str) -> str:
    if text:
        answer = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user"}])
        return answer.choices[0].message.content
    return ""
"""


@FEW
@given(cases(shapes=True, layouts=True))
def test_any_program_is_migrated_by_the_rules(case: Case) -> None:
    assert broken(case.files, case.options) == []


@FEW
@given(cases(shapes=False, layouts=True))
def test_the_layout_of_a_program_changes_nothing(case: Case) -> None:
    assert differences(case.plain, case.files, case.options) == []


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.__name__)
def test_a_layout_says_the_same(layout) -> None:  # type: ignore[no-untyped-def]
    made = {laid_out(SOURCE, [layout], Random(seed)) for seed in range(8)}
    assert {syntax(text) for text in made} == {syntax(SOURCE)}
    assert made != {SOURCE}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_another_encoding_says_the_same(encoding: tuple[str, bool]) -> None:
    for newline in NEWLINES:
        data = written(SOURCE, newline, encoding, Random(1))
        assert syntax(data.decode(encoding[0] or "utf-8").lstrip("\ufeff")) == syntax(SOURCE)
        assert (b"\r" in data) == (newline != "\n")


def test_other_shapes_are_python_too() -> None:
    made = {shaped(SOURCE, [shape], Random(seed)) for shape in SHAPES for seed in range(4)}
    assert len(made) > len(SHAPES)
    for text in made:
        compile(text, "shaped", "exec", dont_inherit=True)


def test_a_fault_is_the_same_in_another_program() -> None:
    one, other = "app.py:3 call create is open: 'x'", "main.py:70 call create is open: 'y'"
    assert signature(one) == signature(other) != signature("app.py: other line ends")
