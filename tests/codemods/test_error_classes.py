"""Exceptions of another package in tuples of exceptions."""

import pytest

from migrator.edits import ErrorClasses
from tests.codemods.rewriting import At, refusals, rewritten

BUSY = "other.errors.Busy"
BEFORE = "from openai import APIError, RateLimitError\ntry:\n    go()\nexcept {}:\n    pass\n"

TUPLES = {
    "one of two": ("(RateLimitError, ValueError)", ((0, (BUSY,)),), "(Busy, ValueError)"),
    "both": (
        "(RateLimitError, APIError)",
        ((0, (BUSY,)), (1, ("other.errors.Fault",))),
        "(Busy, Fault)",
    ),
    "two that are one there": (
        "(RateLimitError, APIError)",
        ((0, (BUSY,)), (1, (BUSY,))),
        "(Busy,)",
    ),
    "one that is two there": (
        "(RateLimitError, ValueError)",
        ((0, (BUSY, "other.errors.Fault")),),
        "(Busy, Fault, ValueError)",
    ),
    "lines of their own": (
        "(\n    RateLimitError,  # too many\n    ValueError,\n)",
        ((0, (BUSY,)),),
        "(\n    Busy,  # too many\n    ValueError,\n)",
    ),
}


@pytest.mark.parametrize("name", TUPLES)
def test_other_exceptions_take_their_places(name: str) -> None:
    before, classes, after = TUPLES[name]
    text = rewritten(BEFORE.format(before), At(before, ErrorClasses(classes)))
    assert f"except {after}:" in text
    assert "from other.errors import" in text


def test_those_that_stand_there_stay_beside_them() -> None:
    before = "(RateLimitError, APIError)"
    edit = ErrorClasses(((0, (BUSY,)), (1, ("other.errors.Fault",))), beside=True)
    text = rewritten(BEFORE.format(before), At(before, edit))
    assert "except (RateLimitError, APIError, Busy, Fault):" in text
    assert "from openai import APIError, RateLimitError\n" in text


def test_one_that_stands_alone_becomes_one_of_a_tuple() -> None:
    edit = ErrorClasses(((0, (BUSY,)),), beside=True)
    text = rewritten(BEFORE.format("APIError"), At("APIError", edit, 1))
    assert "except (APIError, Busy):" in text


def test_a_class_of_the_same_name_is_written_out() -> None:
    before = "(APIError, ValueError)"
    edit = ErrorClasses(((0, ("other.errors.APIError",)),), beside=True)
    text = rewritten(BEFORE.format(before), At(before, edit))
    assert "except (APIError, ValueError, other.errors.APIError):" in text
    assert "import other.errors\n" in text


def test_what_is_no_tuple_is_refused() -> None:
    assert refusals("X = APIError\n", At("APIError", ErrorClasses(((0, (BUSY,)),))))
