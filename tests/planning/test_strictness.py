"""Plans for providers that are strict where Bailian is not: sampling, tools, thoughts, links."""

from __future__ import annotations

import pytest

from migrator.decisions import Severity
from migrator.edits import DataUri
from tests.planning.builders import Planned, chat, planned

KIMI, DEEPSEEK = "moonshot", "deepseek"
NAMED = 'tool_choice={"type": "function", "function": {"name": "look"}}'
LOOK, TAKE = (
    f'{{"type": "function", "function": {{"name": "{name}", "parameters": {{"type": "object"}}}}}}'
    for name in ("look", "take")
)


def call_of(found: Planned) -> str:
    text = "".join(found.after().partition("create(")[1:])
    return " ".join(text.split()).replace("( ", "(").replace(", )", ")")


# -- parameters ------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["temperature=0.2", "top_p=0.9", "presence_penalty=1"])
def test_what_is_fixed_is_taken_away(given: str) -> None:
    found = planned(chat(given), target=KIMI)
    assert given.partition("=")[0] not in call_of(found)
    assert found.item("parameter-dropped").severity is Severity.BEHAVIOUR


def test_a_limit_has_the_name_that_is_not_ignored() -> None:
    assert "max_tokens=9" in call_of(planned(chat("max_completion_tokens=9"), target=DEEPSEEK))
    given = 'from openai import OpenAI\nOpenAI().responses.create(model="gpt-4o", input="Hello"'
    sent = planned(f"{given}, max_output_tokens=9)\n", target=DEEPSEEK).after()
    assert " max_tokens=9" in sent
    assert "max_completion_tokens" not in sent


def test_a_limit_that_is_given_by_both_names_is_given_once() -> None:
    found = planned(chat("max_tokens=8, max_completion_tokens=9"), target=DEEPSEEK)
    assert "max_tokens=8, extra_body" in call_of(found)
    assert "parameter-dropped" in found.codes()


def test_a_user_goes_where_it_means_the_same_and_no_further() -> None:
    here = planned(chat("user=name"), target=DEEPSEEK)
    assert '"user_id": name' in call_of(here)
    elsewhere = planned(
        """
        from openai import OpenAI

        def given(name):
            return {"user": name, "model": "gpt-4o"}

        def ask(q, owner):
            messages = [{"role": "user", "content": q}]
            return OpenAI().chat.completions.create(messages=messages, **given(owner))
        """,
        target=DEEPSEEK,
    )
    assert "name}" not in elsewhere.after()
    assert "user_id" not in elsewhere.after()
    assert "parameter-dropped" in elsewhere.codes()


def test_what_is_refused_and_goes_to_others_too_is_a_blocker() -> None:
    found = planned(
        """
        from openai import OpenAI

        def client(other):
            if other:
                return OpenAI(base_url="https://api.groq.com/openai/v1", api_key="x"), "llama"
            return OpenAI(), "gpt-4o"

        def ask(q, other):
            client_, model = client(other)
            messages = [{"role": "user", "content": q}]
            return client_.chat.completions.create(
                model=model, messages=messages, temperature=0.2
            )
        """,
        target=KIMI,
    )
    assert found.item("argument-refused").severity is Severity.BLOCKER


def test_extra_fields_are_looked_at_too() -> None:
    found = planned(chat('extra_body={"temperature": 0.2, "mirostat": 1}'), target=KIMI)
    assert "temperature" in found.item("extra-refused").title


# -- thinking --------------------------------------------------------------------------------------


def test_what_always_thinks_is_asked_to_think_least_and_has_room_for_it() -> None:
    found = planned(chat("max_tokens=200"), target=KIMI)
    assert 'max_tokens=16000, extra_body={"reasoning_effort": "low"}' in call_of(found)
    assert {"thinking-always", "thinking-room"} <= set(found.codes())
    reasoning = planned(chat("max_completion_tokens=200", model='"o3"'), target=KIMI)
    assert "max_completion_tokens=200" in call_of(reasoning)
    assert "extra_body" not in call_of(reasoning)
    assert "thinking-tokens" in reasoning.codes()


def test_what_can_be_kept_from_thinking_is() -> None:
    assert 'extra_body={"thinking": {"type": "disabled"}}' in call_of(
        planned(chat(), target=DEEPSEEK)
    )
    own = planned(chat(), target=KIMI, model_map={"gpt-4o": "kimi-k2.6"})
    assert '"disabled"' in call_of(own)


# -- tools -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tools", "there"),
    [
        (f"[{LOOK}]", f"[{LOOK}]"),
        ("[q]", "[q]"),
        (f"[{LOOK}, {TAKE}]", '] if tool["function"]["name"] == "look"]'),
    ],
)
def test_a_tool_that_is_asked_for_by_its_name_is_the_only_one(tools: str, there: str) -> None:
    found = planned(chat(f"tools={tools}, {NAMED}"), target=KIMI)
    assert 'tool_choice="required"' in call_of(found)
    assert there in call_of(found)
    assert "tool-choice-only" in found.codes()


@pytest.mark.parametrize("given", [f"tools=q, {NAMED}", f"tools=[*q], {NAMED}"])
def test_a_tool_among_others_that_are_not_known_is_a_blocker(given: str) -> None:
    found = planned(chat(given), target=KIMI)
    assert found.item("tool-choice-named").severity is Severity.BLOCKER
    assert NAMED in call_of(found)


def test_a_forced_tool_is_taken_where_thinking_is_switched_off() -> None:
    given = f"tools=[{LOOK}], {NAMED}"
    assert NAMED in call_of(planned(chat(given), target=DEEPSEEK))
    assert "thinking-conflict" not in planned(chat(given), target=DEEPSEEK).codes()
    assert "thinking-conflict" in planned(chat(given, model='"o3"'), target=DEEPSEEK).codes()


def test_the_old_form_asks_for_the_only_function_too() -> None:
    asked = """
    from openai import OpenAI

    answer = OpenAI().chat.completions.create(
        model="gpt-4o",
        messages=[{"role": "user", "content": "Hello"}],
        functions=[{"name": "look"}],
        function_call={"name": "look"},
    )
    print(answer.choices[0].message.function_call.arguments)
    """
    found = planned(asked, target=KIMI)
    assert 'tool_choice="required"' in found.after()
    assert "functions-tools" in found.codes()
    several = planned(asked.replace('"look"}]', '"look"}, {"name": "b"}]'), target=KIMI)
    assert "functions-deprecated" in several.codes()
    assert "tool_choice=" not in several.after()


def test_a_schema_that_says_no_type_is_a_blocker() -> None:
    odd = LOOK.replace('"object"', '"object", "properties": {"a": {}}')
    assert planned(chat(f"tools=[{LOOK}]"), target=KIMI).codes().count("tool-schema") == 0
    assert "tool-schema" not in planned(chat(f"tools=[{odd}]"), target=KIMI).codes()
    odd = LOOK.replace('"object"', '"object", "properties": {"a": {"title": "A"}}')
    assert planned(chat(f"tools=[{odd}]"), target=KIMI).item("tool-schema")
    assert "tool-schema" not in planned(chat(f"tools=[{odd}]")).codes()


def test_a_schema_of_the_answer_has_to_be_of_its_own_kind() -> None:
    parsed = chat("response_format=Answer", api="parse")
    assert "json-schema-kind" in planned(parsed, target=KIMI).codes()
    assert "json-schema-kind" not in planned(parsed, target=DEEPSEEK).codes()


# -- what comes back -------------------------------------------------------------------------------

LOOP = """
from openai import OpenAI

client = OpenAI()

def ask(q, tools):
    messages = [{"role": "user", "content": q}]
    answer = client.chat.completions.create(model="gpt-4o", messages=messages, tools=tools)
    message = answer.choices[0].message
    calls = [call.model_dump() for call in message.tool_calls]
    TURN
    messages.append({"role": "tool", "tool_call_id": calls[0]["id"], "content": "x"})
    return client.chat.completions.create(model="gpt-4o", messages=messages, tools=tools)
"""
THOUGHT = '"reasoning_content": getattr(message, "reasoning_content", None)'


@pytest.mark.parametrize(
    "turn",
    [
        'messages.append({"role": "assistant", "content": message.content, "tool_calls": calls})',
        'messages.append({"role": "assistant", "content": "", "tool_calls": calls})',
        'messages.append(dict(role="assistant", content="", tool_calls=calls))',
        'one = {"role": "assistant", "content": ""}; one["tool_calls"] = calls; messages += [one]',
    ],
)
def test_a_message_that_is_made_anew_carries_the_thoughts_back(turn: str) -> None:
    found = planned(LOOP.replace("TURN", turn), target=KIMI)
    assert 'getattr(message, "reasoning_content", None)' in found.after()
    assert 'content": ""' not in found.after()
    assert "reasoning-kept" in found.codes()
    assert "reasoning_content" not in planned(LOOP.replace("TURN", turn), target=DEEPSEEK).after()
    assert "reasoning_content" not in planned(LOOP.replace("TURN", turn)).after()
    reasoning = LOOP.replace("TURN", turn).replace("gpt-4o", "o3")
    assert (
        'getattr(message, "reasoning_content", None)' in planned(reasoning, target=DEEPSEEK).after()
    )


def test_a_message_in_json_is_asked_for_its_thoughts_as_json() -> None:
    found = planned(
        """
        import requests

        URL = "https://api.openai.com/v1/chat/completions"

        def ask(q, tools, key):
            messages = [{"role": "user", "content": q}]
            body = {"model": "gpt-4o", "messages": messages, "tools": tools}
            headers = {"Authorization": f"Bearer {key}"}
            message = requests.post(URL, json=body, headers=headers).json()["choices"][0]["message"]
            messages.append(
                {"role": "assistant", "content": None, "tool_calls": message["tool_calls"]}
            )
            body = {"model": "gpt-4o", "messages": messages, "tools": tools}
            return requests.post(URL, json=body, headers=headers).json()
        """,
        target=KIMI,
    )
    assert '"reasoning_content": message.get("reasoning_content")' in found.after()


def test_a_message_that_is_appended_whole_needs_nothing() -> None:
    for turn in ("messages.append(message)", "messages.append(message.model_dump())"):
        found = planned(LOOP.replace("TURN", turn), target=KIMI)
        assert "reasoning_content" not in found.after()
        assert not {"reasoning-content", "reasoning-kept"} & set(found.codes())


def test_a_message_of_which_the_thoughts_are_not_at_hand_is_a_blocker() -> None:
    turn = 'messages.append({"role": "assistant", "content": None, "tool_calls": tools})'
    text = LOOP.replace("message = answer.choices[0].message", "message = rebuilt(answer)")
    found = planned(text.replace("TURN", turn), target=KIMI)
    told = [one for one in found.plan.checklist if one.code == "reasoning-content"]
    assert told
    assert all(one.severity is Severity.BLOCKER for one in told)


# -- pictures --------------------------------------------------------------------------------------


def picture(address: str, head: str = "def ask(q):") -> str:
    wait = "await " if head.startswith("async") else ""
    name = "AsyncOpenAI" if wait else "OpenAI"
    return (
        f"from openai import {name}\n\n{head}\n"
        f'    part = {{"type": "image_url", "image_url": {{"url": {address}}}}}\n'
        f"    return {wait}{name}().chat.completions.create(\n"
        '        model="gpt-4o", messages=[{"role": "user", "content": [part]}]\n    )\n'
    )


@pytest.mark.parametrize(
    ("address", "code", "embedded"),
    [
        ('"https://example.com/a.png"', "image-embedded", True),
        ('f"http://example.com/{q}"', "image-embedded", True),
        ('"https://example.com/" + q + ".png"', "image-embedded", True),
        ('f"data:image/png;base64,{q}"', "", False),
        ("q", "image-address", False),
    ],
)
def test_links_to_pictures(address: str, code: str, embedded: bool) -> None:
    found = planned(picture(address), target=KIMI)
    assert bool(found.instructions(DataUri)) == embedded
    assert {one for one in found.codes() if one.startswith("image-")} == ({code} - {""})
    assert planned(picture(address), target=DEEPSEEK).instructions(DataUri) == []


def test_a_picture_is_fetched_beside_the_event_loop() -> None:
    found = planned(picture('"https://example.com/a.png"', "async def ask(q):"), target=KIMI)
    assert "await asyncio.to_thread(as_data_uri, " in found.after()


# -- what is not served ----------------------------------------------------------------------------


@pytest.mark.parametrize("target", [KIMI, DEEPSEEK])
def test_embeddings_stay_where_they_are_and_chat_moves(target: str) -> None:
    found = planned(
        {
            "a.py": "from openai import OpenAI\n"
            'OpenAI().embeddings.create(model="text-embedding-3-small", input=q)\n',
            "b.py": chat(),
        },
        target=target,
    )
    assert found.item("endpoint-missing").path == "a.py"
    assert "kimi" in found.after("b.py") or "deepseek" in found.after("b.py")
