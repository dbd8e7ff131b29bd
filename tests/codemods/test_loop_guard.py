"""A loop that passes over what it has no use for."""

import pytest

from migrator.edits import LoopGuard
from tests.codemods.rewriting import At, refusals, rewritten

GUARD = LoopGuard("not answer.choices")

CASES = {
    "a loop": (
        "for chunk in stream:\n    print(chunk.choices[0].delta.content)\n",
        "for chunk in stream:\n    if not chunk.choices:\n        continue\n"
        "    print(chunk.choices[0].delta.content)\n",
    ),
    "an asynchronous one, with tabs and a comment": (
        "async def f():\n\tasync for one in await ask():  # bits\n\t\t# the text\n\t\tshow(one)\n",
        "async def f():\n\tasync for one in await ask():  # bits\n\t\tif not one.choices:\n"
        "\t\t\tcontinue\n\t\t# the text\n\t\tshow(one)\n",
    ),
    "a loop over a call of several lines": (
        "for chunk in create(\n    stream=True,\n):\n    show(chunk)\n",
        "for chunk in create(\n    stream=True,\n):\n    if not chunk.choices:\n        continue\n"
        "    show(chunk)\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=list(CASES))
def test_a_loop_is_guarded(before: str, after: str) -> None:
    start = before.index("async for" if "async for" in before else "for")
    assert rewritten(before, At(before[start:].rstrip("\n"), GUARD)) == after


@pytest.mark.parametrize(
    "before",
    [
        "for chunk in stream: show(chunk)\n",
        "for number, chunk in enumerate(stream):\n    show(chunk)\n",
        "while True:\n    show(stream)\n",
    ],
)
def test_what_cannot_be_guarded(before: str) -> None:
    assert refusals(before, At(before.rstrip("\n"), GUARD))
