"""Messages of one role in a row that become one."""

from __future__ import annotations

import pytest

from migrator.edits import MergeMessages
from tests.codemods.rewriting import At, refusals, rewritten


def merged(messages: str, *at: int) -> str:
    text = rewritten(f"ms = {messages}\n", At(messages, MergeMessages(at)))
    return text.removeprefix("ms = ").removesuffix("\n")


A = '{"role": "user", "content": "a"}'
B = '{"role": "user", "content": "b"}'


@pytest.mark.parametrize(
    ("messages", "at", "after"),
    [
        (f"[{A}, {B}]", (1,), r'[{"role": "user", "content": "a\n\nb"}]'),
        (f"[{A}, {B}, {A}]", (1, 2), r'[{"role": "user", "content": "a\n\nb\n\na"}]'),
        (f"[{A}, {B}, *more]", (1,), r'[{"role": "user", "content": "a\n\nb"}, *more]'),
        (
            '[{"content": x, "role": "user"}, {"role": "user", "content": f"{y}"}]',
            (1,),
            r'[{"content": x + "\n\n" + f"{y}", "role": "user"}]',
        ),
        (
            '[{"role": "user", "content": x or y}, {"role": "user", "content": z if x else y}]',
            (1,),
            r'[{"role": "user", "content": (x or y) + "\n\n" + (z if x else y)}]',
        ),
        (
            '[dict(role="user", content=x), dict(role="user", content=y)]',
            (1,),
            r'[dict(role="user", content=x + "\n\n" + y)]',
        ),
    ],
    ids=["two literals", "three", "more behind", "expressions", "loose ones", "calls of dict"],
)
def test_the_texts_stand_in_one_message(messages: str, at: tuple[int, ...], after: str) -> None:
    assert merged(messages, *at) == after


def test_the_joined_text_is_the_text_of_both() -> None:
    after = merged(f"[{A}, {B}]", 1)
    assert eval(after) == [{"role": "user", "content": "a\n\nb"}]


def test_long_texts_stay_apart() -> None:
    long = "word " * 12
    messages = f'[{{"role": "user", "content": "{long}"}}, {B}]'
    assert eval(merged(messages, 1))[0]["content"] == f"{long}\n\nb"
    assert r'+ "\n\n" + "b"' in merged(messages, 1)


def test_a_comment_stays() -> None:
    code = f"[\n    {A},\n    # and\n    {B},\n    {{}},\n]"
    assert "# and" in merged(code, 1)


@pytest.mark.parametrize("code", ["f(x)", f'[{A}, {{"role": "user"}}]'])
def test_what_is_no_list_of_messages_with_texts_is_refused(code: str) -> None:
    assert len(refusals(f"ms = {code}\n", At(code, MergeMessages((1,))))) == 1
