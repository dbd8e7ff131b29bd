"""Identifiers that get another name where they stand."""

import pytest

from migrator.edits import Rename
from tests.codemods.rewriting import At, refusals, rewritten

PLACES = {
    "a field": "class S:\n    old: str = ''\n",
    "an attribute": "x = settings . old.strip()\n",
    "an argument's name": "s = S(a=1, old = 2)\n",
    "a variable": "old = 1\n",
    "over several lines": "s = (settings\n    .old)\n",
}


@pytest.mark.parametrize("text", PLACES.values(), ids=list(PLACES))
def test_a_name_wherever_it_stands(text: str) -> None:
    assert rewritten(text, At("old", Rename("new"))) == text.replace("old", "new")


def test_what_is_no_name_is_refused() -> None:
    assert len(refusals("x = 'old'\n", At("'old'", Rename("new")))) == 1
