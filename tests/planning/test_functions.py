"""The old form of tools: what is given becomes tools, what is read the first tool call."""

from __future__ import annotations

import pytest

from migrator.decisions import Severity
from tests.planning.builders import Planned, planned
from tests.planning.test_legacy import upgraded

ASK = 'messages=[{"role": "user", "content": q}]'
GIVEN = 'functions=FUNCTIONS, function_call="auto"'


def asked(read: str, given: str = GIVEN, head: str = "") -> Planned:
    return planned(
        f"""
        from openai import OpenAI
        client = OpenAI()
        {head}
        def ask(q, FUNCTIONS):
            answer = client.chat.completions.create(model="gpt-4", {ASK}, {given})
            message = answer.choices[0].message
            {read}
        """
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            "functions=FUNCTIONS",
            'tools=[{"type": "function", "function": function} for function in FUNCTIONS]',
        ),
        (
            'functions=[{"name": "a"}]',
            'tools=[{"type": "function", "function": {"name": "a"}}]',
        ),
        (f'{GIVEN[:19]}, function_call="none"', 'tool_choice="none"'),
        (
            f'{GIVEN[:19]}, function_call={{"name": "a"}}',
            'tool_choice={"type": "function", "function": {"name": "a"}}',
        ),
        (
            f'{GIVEN[:19]}, function_call="auto" if q else "none"',
            'tool_choice="auto" if q else "none"',
        ),
    ],
)
def test_functions_are_given_as_tools(given: str, expected: str) -> None:
    found = asked("return message.content", given)
    assert expected in found.after()
    assert "parallel_tool_calls" not in found.after()
    assert found.codes() == ["get-a-key", "functions-tools"]


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("return message.function_call.name", "return message.tool_calls[0].function.name"),
        ("if message.function_call: pass", "if message.tool_calls: pass"),
        ("while not message.function_call and q: pass", "while not message.tool_calls and q: pass"),
        (
            "call = message.function_call; print(call.arguments)",
            "call = message.tool_calls[0].function if message.tool_calls else None; print(",
        ),
        (
            'return answer.choices[0].finish_reason == "function_call"',
            'return answer.choices[0].finish_reason == "tool_calls"',
        ),
    ],
)
def test_the_function_call_is_the_first_tool_call(read: str, expected: str) -> None:
    assert expected in asked(read).after()


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ('r["message"]["function_call"]["name"]', "r.message.tool_calls[0].function.name"),
        ('"function_call" in r["message"]', "r.message.tool_calls"),
        ('"function_call" not in r["message"]', "not r.message.tool_calls"),
        ('print(r["message"].get("function_call"))', "print(r.message.tool_calls[0].function if"),
    ],
)
def test_it_is_read_as_openai_before_one_gave_it(read: str, expected: str) -> None:
    text = upgraded(f"""
        import openai
        def ask(q, FUNCTIONS):
            answer = openai.ChatCompletion.create(model="gpt-4", {ASK}, {GIVEN})
            r = answer["choices"][0]
            return {read}
    """).after()
    assert expected in text


@pytest.mark.parametrize(
    ("read", "given"),
    [
        ("return message.function_call.name", f"{GIVEN[:19]}, function_call=q"),
        ("return message", GIVEN),
        ("save(message)", GIVEN),
        ("message.function_call = None", GIVEN),
        ("return [c.choices[0].delta.function_call for c in answer]", f"{GIVEN}, stream=True"),
    ],
    ids=["which is unknown", "returned", "handed on", "written", "streamed"],
)
def test_what_cannot_be_told_is_listed(read: str, given: str) -> None:
    found = asked(read, given)
    assert "functions=FUNCTIONS" in found.after()
    assert all(one.severity is Severity.BLOCKER for one in found.plan.checklist[1:3])
    assert "functions-deprecated" in found.codes()


def test_a_message_that_answers_a_function_call_is_listed() -> None:
    found = planned("""
        from openai import OpenAI
        client = OpenAI()
        def ask(q, f):
            messages = [{"role": "user", "content": q}]
            messages.append({"role": "function", "name": "f", "content": f()})
            return client.chat.completions.create(model="gpt-4", messages=messages, functions=[f])
    """)
    assert "functions-deprecated" in found.codes()


# -- messages that answer --------------------------------------------------------------------------

ANSWER = '{"role": "function", "name": name, "content": text}'


def conversation(answer: str = ANSWER, after: str = "", between: str = "pass") -> Planned:
    return planned(
        f"""
        from openai import OpenAI
        client = OpenAI()
        def ask(q, FUNCTIONS, name, text):
            answer = client.chat.completions.create(model="gpt-4", {ASK}, {GIVEN})
            message = answer.choices[0].message
            if message.function_call:
                {between}
                messages = [{{"role": "user", "content": q}}, message, {answer}]
                return client.chat.completions.create(model="gpt-4", messages=messages)
        {after}
        """
    )


def test_a_message_that_answers_a_function_call_answers_the_tool_call() -> None:
    after = conversation().after()
    answered = '{"role": "tool", "content": text, "tool_call_id": message.tool_calls[0].id}'
    assert answered in " ".join(after.split())
    assert "tools=[" in after


@pytest.mark.parametrize(
    "found",
    [
        conversation(between='message = {"role": "assistant"}'),
        conversation(answer='dict(role="function", name=name, content=text)'),
        conversation(answer='{"role": "function", **text}'),
        conversation(answer="made(text)", after=f"def made(text, name=1): return {ANSWER}"),
    ],
    ids=["another message", "a call", "keys that are not known", "another function"],
)
def test_a_message_that_may_answer_something_else_stays(found: Planned) -> None:
    assert "tool_call_id" not in found.after()
    assert "role-uncertain" in found.codes()


def test_what_is_read_of_two_messages_is_not_told_apart() -> None:
    between = (
        f'other = client.chat.completions.create(model="gpt-4", {ASK}, {GIVEN}).choices[0].message'
        "; other.function_call"
    )
    assert "tool_call_id" not in conversation(between=between).after()
