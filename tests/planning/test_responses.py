"""The Responses API: calls that stay at the provider's endpoint, and those that become chat."""

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import Planned, items_of, planned

FORM = 'text={"format": {"type": "json_object"}}'


def respond(
    arguments: str = "input=q", read: str = "answer.output_text", model: str = '"gpt-4o"'
) -> Planned:
    """A program with one Responses call, and what is read of its answer."""
    return planned(
        f"""
        import json
        from openai import OpenAI
        client = OpenAI()
        def ask(q: str, rest):
            answer = client.responses.create(model={model}, {arguments})
            return {read}
        """
    )


# -- kept -----------------------------------------------------------------------------------------


def test_a_call_stays_at_the_endpoint_without_thinking_anew() -> None:
    found = respond('input=q, instructions="Be brief."')
    assert "client.responses.create(\n" in found.after()
    assert 'instructions="Be brief.", reasoning={"effort": "none"}\n' in found.after()
    assert items_of(found.decision("app.py", Kind.CALL)) == []


def test_what_reasons_goes_on_and_its_effort_is_one_of_the_words() -> None:
    assert "reasoning" not in respond(model='"o3"').after()
    found = respond('input=q, reasoning={"effort": "xhigh", "summary": "auto"}', model='"o3"')
    assert 'reasoning={"effort": "high", "summary": "auto"}' in found.after()
    found = respond('input=q, reasoning={"effort": "xhigh"}', model='"o3"')
    assert 'reasoning={"effort": "high"}' in found.after()
    assert "parameter-changed" in found.codes()
    assert "parameter-range" not in found.codes()


@pytest.mark.parametrize("effort", ['{"effort": q}', '{"effort": EFFORTS["deep"]}', "rest"])
def test_an_effort_that_is_not_written_there_is_noted(effort: str) -> None:
    found = respond(f"input=q, reasoning={effort}", model='"o3"')
    assert "`reasoning.effort` must stay in none, minimal" in found.item("parameter-range").title


def test_an_answer_may_go_anywhere() -> None:
    assert "client.responses.create" in respond(read="json.dumps(answer.model_dump())").after()


@pytest.mark.parametrize("name", ["metadata", "user", "truncation", "include", "service_tier"])
def test_what_is_ignored_there_is_taken_away(name: str) -> None:
    found = respond(f"input=q, {name}=rest")
    assert f"{name}=" not in found.after()
    assert "parameter-dropped" in found.codes()


@pytest.mark.parametrize(
    "state", ["previous_response_id=rest", "conversation=rest", "store=True", "stream=True"]
)
def test_state_and_streams_are_kept(state: str) -> None:
    found = respond(f"input=q, {state}", read="[one for one in answer]")
    assert state in found.after()
    assert "DASHSCOPE" in found.after()


@pytest.mark.parametrize("name", ["background=True", "prompt=rest", "top_logprobs=3"])
def test_what_is_refused_is_a_blocker(name: str) -> None:
    found = respond(f"input=q, {name}")
    assert "responses-refused" in found.codes()
    assert found.plan.edits == ()


@pytest.mark.parametrize(
    ("tool", "code"),
    [
        ('{"type": "web_search"}', ""),
        ('{"type": "mcp", "server_label": "a", "server_url": q}', ""),
        ('{"type": "code_interpreter", "container": {"type": "auto"}}', ""),
        ('{"type": "function", "name": "f", "parameters": {}}', ""),
        ('{"type": "web_search_preview"}', "parameter-renamed"),
        ('{"type": "file_search", "vector_store_ids": [q]}', "responses-tool"),
        ('{"type": "computer_use_preview"}', "responses-tool"),
        ('{"type": "image_generation"}', "responses-tool"),
        ("rest", "responses-tools"),
    ],
)
def test_tools_are_checked_one_by_one(tool: str, code: str) -> None:
    found = respond(f"input=q, tools=[{tool}]")
    told = {"parameter-renamed", "responses-tool", "responses-tools"} & set(found.codes())
    assert told == ({code} if code else set())
    assert ('{"type": "web_search"}' in found.after()) is (
        code == "parameter-renamed" or 'web_search"' in tool
    )


def test_what_is_kept_there_is_asked_for() -> None:
    found = planned(
        """
        from openai import OpenAI
        client = OpenAI()
        def again(name):
            client.responses.input_items.list(name)
            client.responses.delete(name)
            return client.responses.retrieve(name)
        """
    )
    assert "DASHSCOPE" in found.after()


def test_parts_that_are_not_documented_are_told() -> None:
    picture = '{"type": "input_image", "image_url": q}'
    given = f'input=[{{"role": "user", "content": [{picture}]}}]'
    found = respond(f"{given}, previous_response_id=rest")
    assert "`image`" in found.item("content-part").title
    assert "client.responses.create(" in found.after()


def test_pictures_ask_for_a_chat_request() -> None:
    text = '{"type": "input_text", "text": "What is it?"}'
    picture = '{"type": "input_image", "image_url": q, "detail": "low"}'
    found = respond(f'input=[{{"role": "user", "content": [{text}, {picture}]}}]')
    assert '{"type": "text", "text": "What is it?"}' in found.after()
    assert '{"type": "image_url", "image_url": {"url": q, "detail": "low"}}' in found.after()
    assert "content-part" not in found.codes()


def test_a_model_that_the_endpoint_does_not_name_is_told() -> None:
    found = planned(
        """
        from openai import OpenAI
        print(OpenAI().responses.create(model="gpt-4o", input="Hi").output_text)
        """,
        model_map={"gpt-4o": "qwen3-vl-plus"},
    )
    assert "the Responses API" in found.item("model-lacks").title


@pytest.mark.parametrize("method", ["cancel", "compact"])
def test_methods_that_nobody_documents_are_blockers(method: str) -> None:
    found = planned(
        f"""
        from openai import OpenAI
        client = OpenAI()
        def again(name):
            return client.responses.{method}(name)
        """
    )
    assert "endpoint-undocumented" in found.codes()
    assert found.plan.edits == ()


# -- to chat --------------------------------------------------------------------------------------


def test_a_limit_asks_for_a_chat_request() -> None:
    found = respond('instructions="Be brief.", input=q, max_output_tokens=9')
    assert """\
    answer = client.chat.completions.create(
        model="qwen3.7-plus",
        messages=[{"role": "system", "content": "Be brief."}, {"role": "user", "content": q}],
        max_completion_tokens=9,
        extra_body={"enable_thinking": False},
    )
    return answer.choices[0].message.content
""" in found.after()
    assert items_of(found.decision("app.py", Kind.CALL)) == ["responses-chat"]


def test_messages_stay_as_they_are_written() -> None:
    given = 'input=[{"role": "developer", "content": "Be brief."}, {"role": "user", "content": q}]'
    found = respond(f"{given}, max_output_tokens=9")
    assert (
        'messages=[{"role": "system", "content": "Be brief."}, {"role": "user", "content": q}]'
        in found.after()
    )


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        ('{"format": {"type": "json_object"}}', '{"type": "json_object"}'),
        (
            '{"format": {"type": "json_schema", "name": "c", "schema": rest, "strict": True}}',
            '{"type": "json_schema", "json_schema": {"name": "c", "schema": rest, "strict": True}}',
        ),
    ],
)
def test_formats_become_response_formats(text: str, format_: str) -> None:
    found = respond(f"input='Answer in JSON: ' + q, text={text}")
    after = "".join(found.after().split())
    assert f"response_format={''.join(format_.split())}" in after.replace(",}", "}")
    assert "json-schema" not in found.codes()


def test_a_schema_chooses_a_model_that_takes_it() -> None:
    text = '{"format": {"type": "json_schema", "name": "city", "schema": rest}}'
    assert 'model="qwen-plus"' in respond(f"input=q, text={text}").after()


def test_a_text_of_no_form_is_taken_away() -> None:
    found = respond('input=q, text={"format": {"type": "text"}}')
    assert "client.responses.create(" in found.after()
    assert "text=" not in found.after()


@pytest.mark.parametrize(
    "text", ['{"format": {"type": "text"}, "verbosity": "low"}', '{"verbosity": "low"}']
)
def test_plain_text_of_any_length_asks_for_no_format(text: str) -> None:
    found = respond(f"input=q, text={text}, max_output_tokens=9")
    assert "client.chat.completions.create(" in found.after()
    assert "verbosity" not in found.after()
    assert "response_format" not in found.after()


def test_an_effort_is_said_as_chat_says_it() -> None:
    found = respond('input=q, reasoning={"effort": "low"}, max_output_tokens=9000', model='"o3"')
    assert 'reasoning_effort="low"' in found.after()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ('conversation="c"', "a chat request has no `conversation`"),
        ("tools=rest", "not all that `tools` may hold could be followed"),
        ('reasoning={"summary": "auto"}', "`reasoning` names no effort"),
        ('tools=[{"type": "web_search"}]', "no form for what is made at app.py:"),
    ],
)
def test_why_a_chat_request_cannot_say_it_is_told(given: str, reason: str) -> None:
    found = respond(f"input=q, {FORM}, {given}")
    assert reason in found.item("responses-state").action


@pytest.mark.parametrize(
    "given",
    [
        "rest",
        '[{"role": "user", "content": [{"type": "input_file", "file_id": q}]}]',
        '[{"role": "user", "content": [{"type": "input_image", "file_id": q}]}]',
        '[{"type": "function_call_output", "call_id": q, "output": "a"}]',
        '[{"type": "reasoning", "summary": []}]',
        '[{"type": q, "role": "user", "content": "a"}]',
        '[{**rest, "role": "user", "content": "a"}]',
        "[rest]",
        "[q] if q else q",
    ],
)
def test_an_input_of_another_form_is_a_blocker(given: str) -> None:
    found = respond(f"input={given}, {FORM}")
    assert "`input` cannot be said in one" in found.item("responses-state").title


@pytest.mark.parametrize(
    "text", ["rest", "rest\n            | rest", "{**rest}", '{"format": rest}']
)
def test_a_format_that_is_made_elsewhere_is_a_blocker(text: str) -> None:
    found = respond(f"input=q, text={text}")
    assert "`text` cannot be said in one" in found.item("responses-state").title


def test_a_second_system_message_is_a_blocker() -> None:
    given = 'input=[{"role": "system", "content": "a"}, {"role": "user", "content": q}]'
    found = respond(f'instructions="b", {given}, {FORM}')
    assert "responses-state" in found.codes()


@pytest.mark.parametrize(
    ("read", "after"),
    [
        ("answer.output_text", "answer.choices[0].message.content"),
        ("answer.output[0].content[0].text", "answer.choices[0].message.content"),
        ("answer.output[0].content[0].refusal", "answer.choices[0].message.refusal"),
        ("answer.created_at", "answer.created"),
        ("answer.usage.input_tokens", "answer.usage.prompt_tokens"),
        ("answer.usage.output_tokens", "answer.usage.completion_tokens"),
        ("answer.usage.total_tokens", "answer.usage.total_tokens"),
        (
            "answer.usage.output_tokens_details.reasoning_tokens",
            "answer.usage.completion_tokens_details.reasoning_tokens",
        ),
        ("answer.id", "answer.id"),
        ("answer.output[1].content[0].text", "answer.choices[0].message.content"),
        ("answer.output[-1].content[-1].text", "answer.choices[0].message.content"),
        ('getattr(answer, "output_text", None)', "answer.choices[0].message.content"),
        ('getattr(answer, "output_text", "")', 'answer.choices[0].message.content or ""'),
        ('hasattr(answer, "output_text")', 'hasattr(answer, "choices")'),
        ('getattr(answer.usage, "input_tokens", 0)', 'getattr(answer.usage, "prompt_tokens", 0)'),
        ('answer.status == "completed"', 'answer.choices[0].finish_reason != "length"'),
        ('answer.status != "completed"', 'answer.choices[0].finish_reason == "length"'),
        ('answer.status == "incomplete"', 'answer.choices[0].finish_reason == "length"'),
    ],
)
def test_answers_are_read_as_chat_completions(read: str, after: str) -> None:
    assert f"return {after}\n" in respond("input=q, max_output_tokens=9", read).after()


@pytest.mark.parametrize(
    "read",
    [
        "answer",
        "answer.output",
        "[one.type for one in answer.output]",
        "answer.output[0].content",
        "answer.output[2].content[0].text",
        "[part.content[-1].text for part in answer.output]",
        "answer.status",
        'answer.status == "failed"',
        'answer.status in ("completed", "incomplete")',
        "answer.model_dump()",
        "json.dumps(answer.usage)",
        "answer.usage",
    ],
)
def test_an_answer_that_is_read_otherwise_stops_it(read: str) -> None:
    found = respond(f"input=q, {FORM}", read)
    assert "answer-untraced" in found.codes()
    assert found.plan.edits == ()


def test_parsed_answers_are_asked_for_by_chat() -> None:
    found = planned(
        """
        from openai import OpenAI
        from pydantic import BaseModel
        class City(BaseModel):
            name: str
        client = OpenAI()
        def ask(q: str):
            answer = client.responses.parse(model="gpt-4o", input=q, text_format=City)
            return answer.output_parsed, answer.output_parsed.name
        """
    )
    assert "client.chat.completions.parse(" in found.after()
    assert "response_format=City" in found.after()
    assert (
        "return answer.choices[0].message.parsed, answer.choices[0].message.parsed.name"
        in found.after()
    )


def tell(body: str) -> Planned:
    """A program that loops over the events of a call which asks for a chat request."""
    lines = "\n".join(f"                {line}" for line in body.splitlines())
    return planned(
        f"""
        from openai import OpenAI
        client = OpenAI()
        def tell(q: str):
            events = client.responses.create(
                model="gpt-4o", input=q, stream=True, {FORM}
            )
            for event in events:
{lines}
        """
    )


def test_a_loop_that_takes_pieces_of_the_text_goes_over_chunks() -> None:
    found = tell(
        'if event.type == "response.output_text.delta":\n'
        '    print(event.delta, end="")\n'
        '    yield f"{event.delta}"'
    )
    assert """\
    for event in events:
        if event.choices and event.choices[0].delta.content:
            print(event.choices[0].delta.content, end="")
            yield f"{event.choices[0].delta.content}"
""" in found.after()


@pytest.mark.parametrize(
    "body",
    [
        "print(event.delta)",
        'if event.type == "response.failed":\n    print("done")',
        'if event.type == "response.completed":\n    print(event.response.output_text)',
        'if event.type.endswith(".delta"):\n    print(event.delta)',
        'if event.type == "response.output_text.delta":\n    print(1)\nelse:\n    print(2)',
        'if event.type == "response.output_text.delta":\n    print(1)\nprint(event.delta)',
        'if event.type != "response.output_text.delta":\n    print(event.delta)',
        'if event.type == "response.output_text.delta" or q:\n    print(event.delta)',
        'if event.type == "response.output_text.delta":\n    print(event.item_id)',
        'if event.type == "response.output_text.delta":\n    handle(event)',
        "match event.type:\n    case _:\n        print(1)",
        'match event.type:\n    case "response.failed":\n        print(1)',
        'match event.type:\n    case "response.output_text.delta" if q:\n        print(1)',
        "yield event",
    ],
)
def test_a_loop_of_another_form_stops_it(body: str) -> None:
    found = tell(body)
    assert "answer-untraced" in found.codes()
    assert found.plan.edits == ()


@pytest.mark.parametrize(
    ("arguments", "read"),
    [
        ("input=q, previous_response_id=rest", "answer.output_text"),
        ("input=rest", "answer.output_text"),
        ("input=q, tools=rest", "answer.output_text"),
        ("input=q", "answer"),
        ("input=q", "[one.type for one in answer.output]"),
    ],
)
def test_a_call_that_cannot_be_chat_does_without_its_limit(arguments: str, read: str) -> None:
    found = respond(f"{arguments}, max_output_tokens=9", read)
    assert "client.responses.create(" in found.after()
    assert "max_output_tokens" not in found.after()
    assert "the limit would not hold" in found.item("parameter-dropped").why


def test_a_call_that_cannot_be_chat_does_without_its_verbosity() -> None:
    found = respond('input=rest, text={"verbosity": "low"}')
    assert "verbosity" not in found.after()
    assert "client.responses.create(" in found.after()


# -- built-in tools, state ------------------------------------------------------------------------


def test_a_tool_is_renamed_where_it_is_written_and_where_it_is_chosen() -> None:
    found = planned(
        """
        from openai import OpenAI
        client = OpenAI()
        TOOLS = [{"type": "web_search_preview", "search_context_size": "low"}]
        def ask(q: str):
            return client.responses.create(
                model="gpt-4o", input=q, tools=TOOLS, tool_choice={"type": "web_search_preview"}
            ).output_text
        """
    )
    assert 'TOOLS = [{"type": "web_search", "search_context_size": "low"}]' in found.after()
    assert 'tool_choice={"type": "web_search"}' in found.after()
    assert "search_context_size" in found.item("responses-tool-options").title


@pytest.mark.parametrize("kind", ["web_search_2025_08_26", "web_search_preview_2025_03_11"])
def test_dated_names_of_a_tool_are_names_of_it(kind: str) -> None:
    assert (
        'tools=[{"type": "web_search"}]'
        in respond(f'input=q, tools=[{{"type": "{kind}"}}]').after()
    )


def test_what_the_provider_keeps_is_told_with_how_long() -> None:
    found = respond("input=q, previous_response_id=rest")
    assert "7 days" in found.item("responses-kept").why
    assert "responses-kept" not in respond("input=q, store=False").codes()


# -- without the SDK ------------------------------------------------------------------------------


def posted(body: str) -> Planned:
    """A program that posts a request to the Responses API by hand."""
    return planned(
        f"""
        import os
        import requests
        def ask(q):
            return requests.post(
                "https://api.openai.com/v1/responses",
                headers={{"Authorization": f"Bearer {{os.environ['OPENAI_API_KEY']}}"}},
                json={{"model": "gpt-4o", "input": q, {body}}},
            ).json()
        """
    )


def test_a_request_by_hand_stays_at_the_endpoint() -> None:
    after = posted('"max_output_tokens": 9, "tools": [{"type": "web_search_preview"}]').after()
    assert '"https://dashscope.aliyuncs.com/compatible-mode/v1/responses"' in after
    assert '"tools": [{"type": "web_search"}],' in after
    assert '"reasoning": {"effort": "none"},' in after
    assert "max_output_tokens" not in after


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('"text": {"format": {"type": "json_object"}}', "responses-by-hand"),
        ('"background": True', "responses-refused"),
        ('"tools": [{"type": "file_search"}]', "responses-tool"),
    ],
)
def test_a_request_by_hand_that_is_refused_is_a_blocker(body: str, code: str) -> None:
    found = posted(body)
    assert code in found.codes()
    assert found.plan.edits == ()


# -- dictionaries that the program reads ----------------------------------------------------------


def test_an_argument_that_the_program_looks_up_is_left() -> None:
    found = planned(
        """
        from openai import OpenAI
        client = OpenAI()
        def ask(q: str):
            options = {"model": "gpt-4o", "input": q, "max_output_tokens": 9, "user": "ada"}
            print(f"at most {options['max_output_tokens']}")
            return client.responses.create(**options).output_text
        """
    )
    assert '"max_output_tokens": 9' in found.after()
    assert "ada" not in found.after()
    assert "max_output_tokens" in found.item("argument-read").title
