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
    assert items_of(found.decision("app.py", Kind.CALL)) == ["endpoint-partly"]


def test_what_reasons_goes_on_and_its_effort_is_one_of_the_words() -> None:
    assert "reasoning" not in respond(model='"o3"').after()
    found = respond('input=q, reasoning={"effort": "xhigh", "summary": "auto"}', model='"o3"')
    assert '"effort": "high", "summary": "auto"' in found.after()
    found = respond('input=q, reasoning={"effort": "xhigh"}', model='"o3"')
    assert 'reasoning={"effort": "high"}' in found.after()
    assert "parameter-changed" in found.codes()


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
    found = respond(f'input=[{{"role": "user", "content": [{picture}]}}]')
    assert "`image`" in found.item("content-part").title
    assert "client.responses.create(" in found.after()


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
    assert "responses-api" in found.codes()
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
    ("state", "why"),
    [
        ("previous_response_id=rest", "a chat request has nothing like `previous_response_id`"),
        ("conversation=rest", "a chat request has nothing like `conversation`"),
        ("tools=rest", "a chat request has nothing like `tools`"),
        ("background=True", "a chat request has nothing like `background`"),
        ('reasoning={"summary": "auto"}', "the effort in `reasoning` is not written in the call"),
    ],
)
def test_what_a_chat_request_cannot_say_is_a_blocker(state: str, why: str) -> None:
    found = respond(f"input=q, {FORM}, {state}")
    assert found.item("responses-state").title.startswith("`text` needs a chat request here")
    assert why in found.item("responses-state").action
    assert found.plan.edits == ()


@pytest.mark.parametrize(
    "given",
    [
        "rest",
        '[{"role": "user", "content": [{"type": "input_text", "text": q}]}]',
        '[{"type": "function_call_output", "call_id": q, "output": "a"}]',
    ],
)
def test_an_input_of_another_form_is_a_blocker(given: str) -> None:
    found = respond(f"input={given}, {FORM}")
    assert "`input` is neither one text nor a list" in found.item("responses-state").action


@pytest.mark.parametrize(
    "text", ["rest", "rest\n            | rest", "{**rest}", '{"format": rest}']
)
def test_a_format_that_is_made_elsewhere_is_a_blocker(text: str) -> None:
    found = respond(f"input=q, text={text}")
    assert "the format in `text` is not written" in found.item("responses-state").action


def test_a_second_system_message_is_a_blocker() -> None:
    given = 'input=[{"role": "system", "content": "a"}, {"role": "user", "content": q}]'
    found = respond(f'instructions="b", {given}, {FORM}')
    assert "responses-state" in found.codes()


@pytest.mark.parametrize(
    ("read", "after"),
    [
        ("answer.output_text", "answer.choices[0].message.content"),
        ("answer.output[0].content[0].text", "answer.choices[0].message.content"),
        ("answer.created_at", "answer.created"),
        ("answer.usage.input_tokens", "answer.usage.prompt_tokens"),
        ("answer.usage.output_tokens", "answer.usage.completion_tokens"),
        ("answer.usage.total_tokens", "answer.usage.total_tokens"),
        (
            "answer.usage.output_tokens_details.reasoning_tokens",
            "answer.usage.completion_tokens_details.reasoning_tokens",
        ),
    ],
)
def test_answers_are_read_as_chat_completions(read: str, after: str) -> None:
    assert f"return {after}\n" in respond("input=q, max_output_tokens=9", read).after()


@pytest.mark.parametrize(
    "read",
    [
        "answer",
        "answer.id",
        "answer.output",
        "[one.type for one in answer.output]",
        "answer.output[0].content",
        "answer.output[1].content[0].text",
        "answer.status",
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
        'if event.type == "response.completed":\n    print("done")',
        'if event.type == "response.output_text.delta":\n    print(1)\nelse:\n    print(2)',
        'if event.type == "response.output_text.delta":\n    print(1)\nprint(event.delta)',
        'if event.type != "response.output_text.delta":\n    print(event.delta)',
        'if event.type == "response.output_text.delta" and q:\n    print(event.delta)',
        'if event.type == "response.output_text.delta":\n    print(event.item_id)',
        'if event.type == "response.output_text.delta":\n    handle(event)',
        "match event.type:\n    case _:\n        print(1)",
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
