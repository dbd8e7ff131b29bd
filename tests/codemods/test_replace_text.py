"""The texts between the values of an f-string."""

import pytest

from migrator.edits import ReplaceText
from tests.codemods.rewriting import At, refusals, rewritten

TO_NEW = ReplaceText((("https://old/v1/", "https://new/v2/"),))

STRINGS = {
    "before a value": ('f"https://old/v1/{path}"', 'f"https://new/v2/{path}"'),
    "single quotes": ("f'https://old/v1/{a}/{b}'", "f'https://new/v2/{a}/{b}'"),
    "a raw f-string": ("rf'https://old/v1/{a}'", "rf'https://new/v2/{a}'"),
    "beside a plain string": ("f'https://old/v1/{a}' '/b'", "f'https://new/v2/{a}' '/b'"),
    "after a value": ("f'{scheme}https://old/v1/'", "f'{scheme}https://new/v2/'"),
}


@pytest.mark.parametrize(("before", "after"), STRINGS.values(), ids=list(STRINGS))
def test_a_text_is_replaced_and_the_values_stay(before: str, after: str) -> None:
    assert rewritten(f"x = g({before})\n", At(before, TO_NEW)) == f"x = g({after})\n"


def test_braces_in_the_new_text_are_doubled() -> None:
    instruction = ReplaceText((("a/", "{id}/"),))
    assert rewritten("x = f'a/{b}'\n", At("f'a/{b}'", instruction)) == "x = f'{{id}}/{b}'\n"


def test_two_texts_of_one_f_string_are_replaced_together() -> None:
    code = "f'a/{b}/c'"
    edits = (At(code, ReplaceText((("a/", "x/"),))), At(code, ReplaceText((("/c", "/z"),))))
    assert rewritten(f"y = {code}\n", *edits) == "y = f'x/{b}/z'\n"


def test_a_text_that_is_not_one_piece_is_refused() -> None:
    code = "f'https://old/' f'v1/{b}'"
    reason = "https://old/v1/ does not stand there in one piece"
    assert refusals(f"x = {code}\n", At(code, TO_NEW)) == [reason]


def test_two_new_texts_for_one_are_refused() -> None:
    code = "f'a/{b}'"
    edits = (At(code, ReplaceText((("a/", "x/"),))), At(code, ReplaceText((("a/", "y/"),))))
    assert len(refusals(f"y = {code}\n", *edits)) == 2
