"""Strings that are put into lists, tuples and sets."""

import pytest

from migrator.edits import Listed
from tests.codemods.rewriting import At, refusals, rewritten

NEW = Listed(("new",))
NAMES = [f'"the-name-of-model-{n}"' for n in range(4)]

DISPLAYS = {
    "a list": ('["a", "b"]', '["a", "b", "new"]'),
    "an empty list": ("[]", '["new"]'),
    "a set": ("{'a'}", "{'a', 'new'}"),
    "a tuple": ("('a', 'b')", "('a', 'b', 'new')"),
    "a tuple of one": ('("a",)', '("a", "new")'),
    "a tuple without brackets": ('"a", "b"', '"a", "b", "new"'),
    "blanks inside the brackets": ("( 'a', 'b' )", "( 'a', 'b', 'new' )"),
    "a comma at the end": ("['a', ]", "['a', 'new', ]"),
    "no string beside it": ("[A, *B]", '[A, *B, "new"]'),
    "lines with a comma": ('(\n    "a",\n    "b",  # best\n)', None),
    "lines without one": ('[\n    "a",\n    "b"\n]', None),
    "a set on lines": ('{\n    "a",\n    "b",\n}', None),
    "what stands there": ('["a", "new"]', '["a", "new"]'),
}
ON_LINES = {
    "lines with a comma": '(\n    "a",\n    "b",  # best\n    "new",\n)',
    "lines without one": '[\n    "a",\n    "b",\n    "new"\n]',
    "a set on lines": '{\n    "a",\n    "b",\n    "new",\n}',
}


@pytest.mark.parametrize("name", DISPLAYS)
def test_a_string_is_put_behind_the_others(name: str) -> None:
    before, after = DISPLAYS[name]
    after = after or ON_LINES[name]
    assert rewritten(f"NAMES = {before}\n", At(before, NEW)) == f"NAMES = {after}\n"


def test_several_strings_go_in_together() -> None:
    edits = (At('["a"]', Listed(("b",))), At('["a"]', Listed(("c", "b"))))
    assert rewritten('x = ["a"]\n', *edits) in {'x = ["a", "b", "c"]\n', 'x = ["a", "c", "b"]\n'}


@pytest.mark.parametrize(("opening", "closing"), ["()", "[]", "{}"])
def test_a_line_that_gets_too_long_is_broken(opening: str, closing: str) -> None:
    display = f"{opening}{', '.join(NAMES)}{closing}"
    names = [*NAMES, '"new"']
    row = f"    {', '.join(names)}\n"
    after = rewritten(f"MODELS = {display}\n", At(display, NEW))
    assert after == f"MODELS = {opening}\n{row}{closing}\n"
    rows = "".join(f"    {one},\n" for one in names)
    assert rewritten(f"M = {display}\n", At(display, NEW)) == f"M = {opening}\n{rows}{closing}\n"


def test_what_is_no_display_is_refused() -> None:
    assert refusals("x = names\n", At("names", NEW)) == ["it has no entries"]


REPEATED = {
    "a list": ('["new", "a", "new"]', '["new", "a"]'),
    "a tuple of two": ('("new", "new")', '("new",)'),
    "other quotes": ("""{'new', "new", 'b'}""", "{'new', 'b'}"),
    "lines": (
        '[\n    # best\n    "new",\n    "new",  # dated\n    # others\n    "b",\n]',
        '[\n    # best\n    "new",\n    # others\n    "b",\n]',
    ),
    "another name": ('["a", "a"]', '["a", "a"]'),
}


@pytest.mark.parametrize(("before", "after"), REPEATED.values(), ids=list(REPEATED))
def test_a_string_stands_once(before: str, after: str) -> None:
    edit = At(before, Listed(once=("new",)))
    assert rewritten(f"NAMES = {before}\n", edit) == f"NAMES = {after}\n"
