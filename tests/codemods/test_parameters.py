"""Arguments of requests: dropped, renamed, replaced, moved and added."""

import pytest

from migrator.edits import Parameters
from tests.codemods.rewriting import At, outcome, refusals, rewritten

CASES = {
    "one is moved under another name": (
        "f(a=1, b=2)",
        Parameters(rename=(("b", "c"),), move=("b",), rest="parameters"),
        'f(a=1, parameters={"c": 2})',
    ),
    "the first of one line is dropped": ("f(a=1, b=2)", Parameters(drop=("a",)), "f(b=2)"),
    "the middle of one line is dropped": (
        "f(a=1, b=2, c=3)",
        Parameters(drop=("b",)),
        "f(a=1, c=3)",
    ),
    "the last of one line is dropped": ("f(a=1, b=2)", Parameters(drop=("b",)), "f(a=1)"),
    "the only one is dropped": ("f(a=1)", Parameters(drop=("a",)), "f()"),
    "a trailing comma on one line stays": ("f(a=1, b=2,)", Parameters(drop=("b",)), "f(a=1,)"),
    "a line is dropped with its comment": (
        "f(\n    a=1,  # one\n    b=2,  # two\n    c=3,  # three\n)",
        Parameters(drop=("b",)),
        "f(\n    a=1,  # one\n    c=3,  # three\n)",
    ),
    "the last line is dropped, no trailing comma": (
        "f(\n    a=1,  # one\n    b=2  # two\n)",
        Parameters(drop=("b",)),
        "f(\n    a=1  # one\n)",
    ),
    "the comment above the next one stays": (
        "f(\n    a=1,\n    # about b\n    b=2,\n)",
        Parameters(drop=("a",)),
        "f(\n    # about b\n    b=2,\n)",
    ),
    "two on one line of several": (
        "f(\n    a=1, b=2,\n    c=3,\n)",
        Parameters(drop=("b",)),
        "f(\n    a=1,\n    c=3,\n)",
    ),
    "hanging arguments": (
        "f(a=1,\n  b=2)",
        Parameters(add=(("c", "3"),)),
        "f(a=1,\n  b=2,\n  c=3)",
    ),
    "hanging arguments, the last dropped": (
        "f(a=1,\n  b=2)",
        Parameters(drop=("b",)),
        "f(a=1)",
    ),
    "hanging arguments, the first dropped": (
        "f(a=1,\n  b=2)",
        Parameters(drop=("a",)),
        "f(b=2)",
    ),
    "lines that begin with commas": (
        "f(\n    a=1\n  , b=2\n)",
        Parameters(add=(("c", "3"),)),
        "f(\n    a=1\n  , b=2\n  , c=3\n)",
    ),
    "renamed": (
        "f(max_tokens=5)",
        Parameters(rename=(("max_tokens", "n"),)),
        "f(n=5)",
    ),
    "renamed in a dict display, its quotes kept": (
        "{'max_tokens': 5, \"x\": 1}",
        Parameters(rename=(("max_tokens", "n"),)),
        "{'n': 5, \"x\": 1}",
    ),
    "replaced": (
        "f(temperature=2.0, n=1)",
        Parameters(replace=(("temperature", "1.9"),)),
        "f(temperature=1.9, n=1)",
    ),
    "added after a mapping": (
        "f(**params)",
        Parameters(add=(("stream", "True"),)),
        "f(**params, stream=True)",
    ),
    "added where it stands already": (
        "f(stream=True)",
        Parameters(add=(("stream", "True"),)),
        "f(stream=True)",
    ),
    "added after an argument of several lines": (
        "f(a=[\n    1,\n])",
        Parameters(add=(("b", "2"),)),
        "f(a=[\n    1,\n], b=2)",
    ),
    "added before commented-out arguments": (
        "f(\n    a=1,\n    # b=2,\n)",
        Parameters(add=(("c", "3"),)),
        "f(\n    a=1,\n    c=3,\n    # b=2,\n)",
    ),
    "moved to extra_body": (
        "f(a=1, top_k=5)",
        Parameters(move=("top_k",)),
        'f(a=1, extra_body={"top_k": 5})',
    ),
    "moved out of the middle of several lines": (
        "f(\n    top_k=5,  # few\n    a=1,\n)",
        Parameters(move=("top_k",)),
        'f(\n    a=1,\n    extra_body={"top_k": 5},\n)',
    ),
    "extra_body is made": (
        "f(a=1)",
        Parameters(extra_body=(("enable_thinking", "False"),)),
        'f(a=1, extra_body={"enable_thinking": False})',
    ),
    "extra_body is joined": (
        'f(extra_body={"k": 1}, a=1)',
        Parameters(extra_body=(("enable_thinking", "False"),)),
        'f(extra_body={"k": 1, "enable_thinking": False}, a=1)',
    ),
    "an extra_body of several lines is joined": (
        'f(\n    extra_body={\n        "k": 1,\n    },\n)',
        Parameters(extra_body=(("enable_thinking", "False"),)),
        'f(\n    extra_body={\n        "k": 1,\n        "enable_thinking": False,\n    },\n)',
    ),
    "an extra_body that is an expression is spread": (
        "f(extra_body=more)",
        Parameters(extra_body=(("t", "False"),)),
        'f(extra_body={**(more or {}), "t": False})',
    ),
    "an extra_body that is a condition is spread": (
        "f(extra_body=a or b)",
        Parameters(extra_body=(("t", "False"),)),
        'f(extra_body={**(a or b or {}), "t": False})',
    ),
    "an extra_body that is a dict call is joined": (
        "f(extra_body=dict(a=1))",
        Parameters(extra_body=(("t", "False"),)),
        "f(extra_body=dict(a=1, t=False))",
    ),
    "an extra_body that is None is filled": (
        "f(extra_body=None)",
        Parameters(extra_body=(("t", "False"),)),
        'f(extra_body={"t": False})',
    ),
    "an extra_body that has the key already": (
        "f(extra_body={'t': False})",
        Parameters(extra_body=(("t", "False"),)),
        "f(extra_body={'t': False})",
    ),
    "in a dict display": (
        '{"model": m, "seed": 1}',
        Parameters(drop=("seed",), add=(("n", "1"),)),
        '{"model": m, "n": 1}',
    ),
    "in a dict display of several lines": (
        '{\n    "model": m,\n    "seed": 1,  # fixed\n    **rest,\n}',
        Parameters(drop=("seed",), extra_body=(("t", "False"),)),
        '{\n    "model": m,\n    **rest,\n    "extra_body": {"t": False},\n}',
    ),
    "in a dict call": ("dict(a=1, seed=2)", Parameters(drop=("seed",)), "dict(a=1)"),
    "a value with a walrus and a lambda beside": (
        "f(a=(n := 1), g=lambda x: x, seed=2)",
        Parameters(drop=("seed",)),
        "f(a=(n := 1), g=lambda x: x)",
    ),
    "a generator is bracketed": (
        "f(x for x in y)",
        Parameters(add=(("b", "2"),)),
        "f((x for x in y), b=2)",
    ),
    "in tabs": (
        "f(\n\t\ta=1,\n\t)",
        Parameters(add=(("b", "2"),)),
        "f(\n\t\ta=1,\n\t\tb=2,\n\t)",
    ),
    "with CRLF": (
        "f(\r\n    a=1,\r\n    b=2,\r\n)",
        Parameters(drop=("a",), add=(("c", "3"),)),
        "f(\r\n    b=2,\r\n    c=3,\r\n)",
    ),
    "blanks that nobody asked about": (
        "f( a = 1 ,b=2 , c=3 )",
        Parameters(replace=(("b", "5"),)),
        "f( a = 1 ,b=5 , c=3 )",
    ),
}
AROUND = {
    "a statement of its own": "x = {}\n",
    "in a class body": "class A:\n    x = {}\n",
    "in an if on one line": "if x: {}\n",
    "beside a semicolon": "a = 1; b = {}; c = 2\n",
    "awaited": "async def g():\n    return (await {}).x\n",
    "in a decorator": "@{}\ndef g(): ...\n",
    "as a default": "def g(x={}): ...\n",
    "in parentheses": "x = (  # why\n    {}\n)\n",
}


@pytest.mark.parametrize(("before", "instruction", "after"), CASES.values(), ids=list(CASES))
def test_arguments_in_their_layout(before: str, instruction: Parameters, after: str) -> None:
    assert rewritten(f"x = {before}\n", At(before, instruction)) == f"x = {after}\n"


@pytest.mark.parametrize("around", AROUND.values(), ids=list(AROUND))
def test_what_stands_around_is_left_alone(around: str) -> None:
    before, after = "f(a=1,  seed=2)", "f(a=1)"
    changed = rewritten(around.replace("{}", before), At(before, Parameters(drop=("seed",))))
    assert changed == around.replace("{}", after)


def test_the_file_s_quotes_are_used() -> None:
    assert rewritten("x = f(a='b')\n", At("f(a='b')", Parameters(extra_body=(("t", '"on"'),)))) == (
        "x = f(a='b', extra_body={'t': 'on'})\n"
    )


def test_a_call_in_a_call_and_a_dict_in_it() -> None:
    before = "x = f(a=g(seed=1), b={'seed': 2}, seed=3)\n"
    drop = Parameters(drop=("seed",))
    edits = [
        At("f(a=g(seed=1), b={'seed': 2}, seed=3)", drop),
        At("g(seed=1)", drop),
        At("{'seed': 2}", drop),
    ]
    assert rewritten(before, *edits) == "x = f(a=g(), b={})\n"


def test_edits_of_one_call_are_joined() -> None:
    code = "f(a=1, seed=2)"
    edits = [
        At(code, Parameters(drop=("seed",), extra_body=(("t", "False"),))),
        At(code, Parameters(drop=("seed",), add=(("n", "1"),))),
    ]
    assert rewritten(f"{code}\n", *edits) == 'f(a=1, n=1, extra_body={"t": False})\n'


def test_edits_that_contradict_are_both_refused() -> None:
    code = "f(a=1)"
    edits = [At(code, Parameters(replace=(("a", "2"),))), At(code, Parameters(drop=("a",)))]
    assert refusals(f"{code}\n", *edits) == ["another edit wants something else of a"] * 2


REFUSED = {
    "an argument that is not there": ("f(a=1)", Parameters(drop=("b",)), "no argument b"),
    "another value": ("f(a=1)", Parameters(add=(("a", "2"),)), "a stands there"),
    "a new name that is taken": (
        "f(a=1, b=2)",
        Parameters(rename=(("a", "b"),)),
        "b stands beside a",
    ),
    "another value in extra_body": (
        "f(extra_body={'t': 1})",
        Parameters(extra_body=(("t", "2"),)),
        "extra_body holds another t",
    ),
    "neither a call nor a dict": ("[a]", Parameters(drop=("a",)), "neither a call"),
}


@pytest.mark.parametrize(("code", "instruction", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_what_cannot_be_done_is_refused(code: str, instruction: Parameters, reason: str) -> None:
    [found] = refusals(f"{code}\n", At(code, instruction))
    assert reason in found


def test_a_refused_edit_leaves_the_others_alone() -> None:
    result = outcome(
        "f(a=g(b=1))\n",
        At("f(a=g(b=1))", Parameters(drop=("zzz",))),
        At("g(b=1)", Parameters(drop=("b",))),
    )
    assert result.text == "f(a=g())\n"
    assert [len(result.applied), len(result.refused)] == [1, 1]


def test_a_row_of_arguments_that_gets_too_long_is_broken() -> None:
    row = f"model={'m' * 30}, messages={'n' * 30}, n=1"
    code = f"f(\n    {row}\n)"
    after = rewritten(f"x = {code}\n", At(code, Parameters(extra_body=(("thinking", "False"),))))
    lines = row.split(", ")
    assert after == (
        "x = f(\n"
        + "".join(f"    {line},\n" for line in lines)
        + '    extra_body={"thinking": False},\n)\n'
    )


LONG = "m" * 66
ROWS = {
    "in brackets that open a line": (
        f"f(\n    a={LONG}, b=2)",
        f'f(\n    a={LONG}, b=2,\n    extra_body={{"thinking": False}})',
    ),
    "below the first argument": (
        f"f(a=1,\n  b={LONG}, c=2)",
        f'f(a=1,\n  b={LONG}, c=2,\n  extra_body={{"thinking": False}})',
    ),
}


@pytest.mark.parametrize(("before", "after"), ROWS.values(), ids=list(ROWS))
def test_a_line_of_arguments_that_gets_too_long_ends_earlier(before: str, after: str) -> None:
    add = Parameters(extra_body=(("thinking", "False"),))
    assert rewritten(f"{before}\n", At(before, add)) == f"{after}\n"


def test_a_second_line_has_the_comma_that_the_file_has() -> None:
    code = "f(\n    a=1\n)"
    habit = "y = g(\n    1,\n    2,\n)\n"
    add = Parameters(add=(("b", "2"),))
    assert rewritten(f"x = {code}\n", At(code, add)) == "x = f(\n    a=1,\n    b=2\n)\n"
    assert rewritten(f"{habit}x = {code}\n", At(code, add)) == (
        f"{habit}x = f(\n    a=1,\n    b=2,\n)\n"
    )
