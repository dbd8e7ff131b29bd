"""What calls become chat requests with: another method, composed arguments, other reads."""

import pytest

from migrator.edits import AnswerRead, MethodPath, Parameters
from tests.codemods.rewriting import At, refusals, rewritten

CHAT = MethodPath("completions.create", "chat.completions.create")
PROMPT = Parameters(compose=(("messages", '[{"role": "user", "content": prompt}]'),))
TOLD = '{"role": "system", "content": instructions}'
BOTH = Parameters(compose=(("messages", f'[{TOLD}, {{"role": "user", "content": input}}]'),))
LIST = Parameters(compose=(("messages", f"[{TOLD}, *input]"),))

METHODS = {
    "a path is made longer": (
        "client.completions.create",
        CHAT,
        "client.chat.completions.create",
    ),
    "a path in front of it stays": (
        "self.api().completions.create",
        CHAT,
        "self.api().chat.completions.create",
    ),
    "a path on several lines stays so": (
        "(client\n .completions\n .create)",
        CHAT,
        "(client.chat\n .completions\n .create)",
    ),
    "a path of other names": (
        "client.responses.create",
        MethodPath("responses.create", "chat.completions.create"),
        "client.chat.completions.create",
    ),
    "a prefix inside the path": (
        "client.responses.with_raw_response.parse",
        MethodPath("responses.with_raw_response.parse", "chat.completions.with_raw_response.parse"),
        "client.chat.completions.with_raw_response.parse",
    ),
}


@pytest.mark.parametrize(("before", "edit", "after"), METHODS.values(), ids=list(METHODS))
def test_a_method_is_called_by_another_path(before: str, edit: MethodPath, after: str) -> None:
    bare = before.strip("()")
    assert rewritten(f"x = {before}(1)\n", At(bare, edit)) == f"x = {after}(1)\n"


def test_a_method_that_is_held_in_a_name_is_refused() -> None:
    assert refusals("x = create(1)\n", At("create", CHAT))


COMPOSED = {
    "one argument": (
        "f(model=m, prompt=p, n=1)",
        PROMPT,
        'f(model=m, messages=[{"role": "user", "content": p}], n=1)',
    ),
    "an entry of a dictionary": (
        "{'model': m, 'prompt': p}",
        PROMPT,
        "{'model': m, 'messages': [{'role': 'user', 'content': p}]}",
    ),
    "two arguments, the first place kept": (
        "f(input=i, model=m, instructions=s)",
        BOTH,
        'f(messages=[{"role": "system", "content": s}, {"role": "user", "content": i}], model=m)',
    ),
    "lines keep their comments": (
        "f(\n    model=m,  # one\n    prompt=p,  # two\n    n=1,  # three\n)",
        PROMPT,
        "f(\n    model=m,  # one\n"
        '    messages=[{"role": "user", "content": p}],  # two\n    n=1,  # three\n)',
    ),
    "a list that is written there is extended": (
        "f(instructions=s, input=[a, b])",
        LIST,
        'f(messages=[{"role": "system", "content": s}, a, b])',
    ),
    "a list on lines is extended by a line": (
        "f(\n    instructions=s,\n    input=[\n        a,  # first\n    ],\n)",
        LIST,
        "f(\n    messages=[\n"
        '        {"role": "system", "content": s},\n        a,  # first\n    ],\n)',
    ),
    "a list that stands elsewhere is spread": (
        "f(instructions=s, input=history)",
        LIST,
        'f(messages=[{"role": "system", "content": s}, *history])',
    ),
}


@pytest.mark.parametrize(("before", "edit", "after"), COMPOSED.values(), ids=list(COMPOSED))
def test_arguments_are_made_into_one(before: str, edit: Parameters, after: str) -> None:
    assert rewritten(f"x = {before}\n", At(before, edit)) == f"x = {after}\n"


def test_a_part_that_is_missing_is_refused() -> None:
    assert refusals("f(input=i)\n", At("f(input=i)", BOTH)) == [
        "no argument instructions stands there"
    ]


TEXT = AnswerRead(1, "answer.message.content")
DELTA = AnswerRead(1, 'answer.delta.content or ""')
READS = {
    "an attribute": ("x = r.choices[0].text\n", TEXT, "x = r.choices[0].message.content\n"),
    "in the middle of a chain": (
        "x = r.choices[0].text.strip()\n",
        TEXT,
        "x = r.choices[0].message.content.strip()\n",
    ),
    "with what stands for None": (
        "x = r.choices[0].text\n",
        DELTA,
        'x = r.choices[0].delta.content or ""\n',
    ),
    "in brackets where it would be torn apart": (
        "x = a + r.choices[0].text\n",
        DELTA,
        'x = a + (r.choices[0].delta.content or "")\n',
    ),
    "as an argument and what is yielded": (
        "yield r.choices[0].text\n",
        DELTA,
        'yield r.choices[0].delta.content or ""\n',
    ),
    "in an f-string": (
        'x = f"{r.choices[0].text}!"\n',
        DELTA,
        "x = f\"{r.choices[0].delta.content or ''}!\"\n",
    ),
}


@pytest.mark.parametrize(("before", "edit", "after"), READS.values(), ids=list(READS))
def test_an_answer_is_read_elsewhere(before: str, edit: AnswerRead, after: str) -> None:
    assert rewritten(before, At("r.choices[0].text", edit)) == after


def test_several_steps_are_replaced_by_others() -> None:
    read = "r.output[0].content[0].text"
    edit = AnswerRead(5, "answer.choices[0].message.content")
    assert rewritten(f"x = {read}\n", At(read, edit)) == "x = r.choices[0].message.content\n"
    assert refusals("x = text\n", At("text", edit)) == ["the answer is read in another way"]


OTHER_READS = {
    "by its name": (
        'x = getattr(r.usage, "input_tokens", 0)\n',
        'getattr(r.usage, "input_tokens", 0)',
        AnswerRead(1, 'getattr(answer, "prompt_tokens", 0)'),
        'x = getattr(r.usage, "prompt_tokens", 0)\n',
    ),
    "a list around it": (
        "items += r.output\n",
        "r.output",
        AnswerRead(1, "[answer.choices[0].message]"),
        "items += [r.choices[0].message]\n",
    ),
    "a comparison": (
        "if event.type == 'a' and b: pass\n",
        "event.type == 'a'",
        AnswerRead(2, "answer.choices and answer.choices[0].delta.content"),
        "if (event.choices and event.choices[0].delta.content) and b: pass\n",
    ),
    "a comparison that is turned round": (
        "if a or r.status != 'a': pass\n",
        "r.status != 'a'",
        AnswerRead(2, 'answer.choices[0].finish_reason == "length"'),
        "if a or r.choices[0].finish_reason == 'length': pass\n",
    ),
}


@pytest.mark.parametrize(
    ("before", "read", "edit", "after"), OTHER_READS.values(), ids=list(OTHER_READS)
)
def test_an_answer_is_read_in_other_ways(
    before: str, read: str, edit: AnswerRead, after: str
) -> None:
    assert rewritten(before, At(read, edit)) == after
