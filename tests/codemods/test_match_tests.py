"""A `match` over the types of events as tests."""

import pytest

from migrator.edits import AnswerRead, MatchTests
from tests.codemods.rewriting import At, refusals, rewritten

TEXT = "answer.choices and answer.choices[0].delta.content"
USAGE = "answer.usage"

CASES = {
    "two cases": (
        """\
for event in stream:
    match event.type:
        case "delta":
            print(event.delta, end="")
        case "completed":
            done()
    after()
""",
        (TEXT, USAGE),
        """\
for event in stream:
    if event.choices and event.choices[0].delta.content:
        print(event.delta, end="")
    elif event.usage:
        done()
    after()
""",
    ),
    "comments, lines and strings": (
        '''\
match event.type:  # which
    # a piece
    case "delta":  # of text
        if event.delta:
            show(
                event.delta,
            )
        else:
            print("""
    nothing""")
''',
        (TEXT,),
        '''\
# which
# a piece
if event.choices and event.choices[0].delta.content:  # of text
    if event.delta:
        show(
                event.delta,
            )
    else:
        print("""
    nothing""")
''',
    ),
    "what does nothing goes": (
        """\
match event.type:
    case "created":
        pass
    case "delta":
        a()
    case _:
        pass
""",
        ("", TEXT, ""),
        """\
if event.choices and event.choices[0].delta.content:
    a()
else:
    pass
""",
    ),
    "patterns in brackets": (
        """\
match event.type:
    case (
        "delta"  # of text: more
        | "other"
    ):  # a piece
        a()
    case "completed":
        b()
""",
        (TEXT, USAGE),
        """\
if event.choices and event.choices[0].delta.content:  # a piece
    a()
elif event.usage:
    b()
""",
    ),
    "on one line each": (
        """\
match event.type:
    case "delta": a()
    case "completed": b()
""",
        (TEXT, USAGE),
        """\
if event.choices and event.choices[0].delta.content: a()
elif event.usage: b()
""",
    ),
}


@pytest.mark.parametrize(("before", "tests", "after"), CASES.values(), ids=list(CASES))
def test_cases_become_branches(before: str, tests: tuple[str, ...], after: str) -> None:
    start = before.index("match")
    whole = before[start : before.index("    after()")] if "after()" in before else before
    assert rewritten(before, At(whole.strip(), MatchTests(tests))) == after


def test_what_is_read_in_a_case_is_rewritten_with_it() -> None:
    before = 'match e.type:\n    case "delta":\n        print(\n            e.delta,\n        )\n'
    read = At("e.delta", AnswerRead(1, "answer.choices[0].delta.content"))
    assert rewritten(before, At(before.strip(), MatchTests((TEXT,))), read) == (
        "if e.choices and e.choices[0].delta.content:\n"
        "    print(\n            e.choices[0].delta.content,\n        )\n"
    )


def test_other_statements_are_refused() -> None:
    assert refusals("pass\n", At("pass", MatchTests((TEXT,))))
    assert refusals(
        "match e:\n    case 1:\n        pass\n",
        At("match e:\n    case 1:\n        pass", MatchTests((TEXT,))),
    )
