"""Chat calls: parameters, tools, thinking, prompts."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from migrator.decisions import Severity
from migrator.edits import StructuredOutput
from tests.planning.builders import ASK, Checklist, Convert, chat, items_of, planned, provider

TOOLS = 'tools=[{"type": "function", "function": {"name": "look"}}]'


def call_of(code: str) -> str:
    """The chat call of a program after its plan, in one line."""
    return " ".join(planned(code).after().split("def ask")[1].split())


@pytest.mark.parametrize(
    "name",
    ["user", "store", "metadata", "logit_bias", "service_tier", "prediction", "frequency_penalty"],
)
def test_a_parameter_nobody_documents_is_dropped_with_a_note(name: str) -> None:
    found = planned(chat(f"{name}=None, seed=3"))
    assert f"{name}=" not in found.after()
    note = found.item("parameter-dropped")
    assert name in note.title
    assert note.why == provider().chat_parameter(name).detail


@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        ("temperature=2", "temperature=1.99"),
        ("top_p=0", "top_p=0.01"),
        ("seed=-5", "seed=0"),
        ("top_logprobs=20", "top_logprobs=5"),
        ("presence_penalty=3", "presence_penalty=2"),
    ],
)
def test_a_constant_outside_the_range_is_clamped(given: str, becomes: str) -> None:
    found = planned(chat(given))
    assert becomes in found.after()
    assert "parameter-changed" in found.codes()


@pytest.mark.parametrize("given", ["temperature=0.3", "top_p=1", "seed=1", "n=2", "stop=['x']"])
def test_a_constant_in_the_range_stays(given: str) -> None:
    found = planned(chat(given))
    assert given in found.after()
    assert items_of(found.decision("app.py", Kind.CALL)) == []


def test_a_value_of_run_time_is_told_its_range() -> None:
    found = planned(chat("temperature=q"))
    assert "[0, 2)" in found.item("parameter-range").title


def test_a_sentinel_is_no_value() -> None:
    code = "from openai import NOT_GIVEN\n" + chat("temperature=NOT_GIVEN, user=NOT_GIVEN")
    assert items_of(planned(code).decision("app.py", Kind.CALL)) == []


def test_a_parameter_of_the_providers_own_goes_to_extra_body() -> None:
    found = planned(chat("web_search_options={}"))
    assert '"enable_search": True' in found.after()
    assert "web_search_options" not in found.after()
    assert "parameter-moved" in found.codes()


def test_parameters_are_changed_where_they_are_written() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        client = OpenAI()
        DEFAULTS = {{"temperature": 0, "logit_bias": {{}}}}
        def ask(q):
            given = dict(model="gpt-4o", {ASK}, user="me")
            given["store"] = True
            given["seed"] = -1
            return client.chat.completions.create(**given, **DEFAULTS)
        """
    )
    after = found.after()
    assert 'DEFAULTS = {"temperature": 0}' in after
    assert "user=" not in after
    assert "store" not in after
    assert 'given["seed"] = 0' in after


def test_a_dict_that_a_staying_call_shares_is_not_changed() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        one = OpenAI()
        other = OpenAI()
        DEFAULTS = {{"user": "me"}}
        def ask(q):
            return one.chat.completions.create(model="gpt-4o", {ASK}, **DEFAULTS)
        def answer(q):
            return other.moderations.create(model="gpt-4o", input=q, **DEFAULTS)
        """
    )
    assert 'DEFAULTS = {"user": "me"}' in found.after()
    assert found.item("arguments-shared")
    assert "parameter-dropped" not in found.codes()


def test_a_parameter_of_which_nothing_is_known_stays_and_is_told() -> None:
    found = planned(chat("brand_new=1"))
    assert "brand_new=1" in found.after()
    assert found.item("parameter-unknown")


def test_unknown_arguments_are_named() -> None:
    found = planned(chat("**q"))
    assert "logit_bias" in found.item("arguments-unknown").action


@pytest.mark.parametrize("name", ["functions", "function_call"])
def test_the_old_form_of_tools_is_a_blocker(name: str) -> None:
    found = planned(chat(f"{name}=q"))
    assert isinstance(found.decision("app.py", Kind.CALL), Checklist)
    assert found.item("functions-deprecated").severity is Severity.BLOCKER


# -- tools -----------------------------------------------------------------------------------------


def test_a_forced_tool_call_becomes_a_free_one() -> None:
    found = planned(chat(f"{TOOLS}, tool_choice='required'"))
    assert "tool_choice='auto'" in found.after().replace('"auto"', "'auto'")
    assert found.item("tool-choice").severity is Severity.BEHAVIOUR


def test_parallel_tool_calls_keep_openais_default() -> None:
    assert "parallel_tool_calls=True" in call_of(chat(TOOLS))
    assert "parallel_tool_calls=True" not in call_of(chat(f"{TOOLS}, parallel_tool_calls=False"))
    assert "parallel_tool_calls" not in call_of(chat())


def test_a_named_tool_is_refused_while_a_model_thinks() -> None:
    choice = 'tool_choice={"type": "function", "function": {"name": "look"}}'
    assert "thinking-conflict" in planned(chat(f"{TOOLS}, {choice}", model='"o3"')).codes()
    assert "thinking-conflict" not in planned(chat(f"{TOOLS}, {choice}")).codes()


@pytest.mark.parametrize(
    ("arguments", "model", "code"),
    [
        ("n=9", '"gpt-4o"', "value-refused"),
        (f"n=2, {TOOLS}", '"gpt-4o"', "value-refused"),
        ("n=2", '"o3"', "thinking-conflict"),
    ],
)
def test_several_answers_that_are_refused_are_a_blocker(
    arguments: str, model: str, code: str
) -> None:
    found = planned(chat(arguments, model=model))
    assert found.item(code).severity is Severity.BLOCKER


@pytest.mark.parametrize("name", ["search", "x" * 65])
def test_a_name_that_no_tool_may_have_is_a_blocker(name: str) -> None:
    tools = f'tools=[{{"type": "function", "function": {{"name": "{name}"}}}}]'
    assert planned(chat(tools)).item("tool-name").severity is Severity.BLOCKER


# -- thinking --------------------------------------------------------------------------------------


def test_a_model_that_did_not_reason_does_not_start_to() -> None:
    assert 'extra_body={"enable_thinking": False}' in call_of(chat())


def test_what_stands_in_extra_body_stays_there() -> None:
    assert '"top_k": 5' in call_of(chat('extra_body={"top_k": 5}'))
    assert '"enable_thinking": False' in call_of(chat('extra_body={"top_k": 5}'))


def test_a_model_that_reasoned_goes_on() -> None:
    found = planned(chat("max_completion_tokens=200", model='"o3"'))
    assert "enable_thinking" not in found.after()
    assert found.item("thinking-tokens")


def test_a_model_that_does_not_think_by_default_is_asked_to() -> None:
    found = planned(chat(model='"o3"'), model_map={"o3": "qwen-plus"})
    assert '"enable_thinking": True' in found.after()


def test_thinking_that_is_lost_is_told() -> None:
    found = planned(chat(model='"o3"'), model_map={"o3": "qwen3-coder-flash"})
    assert found.item("thinking-lost")


def test_a_model_that_never_thinks_gets_no_switch() -> None:
    found = planned(chat(), model_map={"gpt-4o": "qwen3-coder-flash"})
    assert "enable_thinking" not in found.after()


def test_models_of_both_kinds_are_told() -> None:
    code = """
    from openai import OpenAI
    client = OpenAI()
    def ask(q, hard):
        model = "o3" if hard else "gpt-4o"
        return client.chat.completions.create(model=model, messages=q)
    """
    found = planned(code)
    assert "thinking-unknown" in found.codes()
    assert "enable_thinking" not in found.after()


def test_a_model_of_run_time_is_told() -> None:
    found = planned(chat(model="q"))
    assert {"thinking-unknown", "model-at-run-time"} <= set(found.codes())
    assert "enable_thinking" not in found.after()


@pytest.mark.parametrize(
    ("effort", "becomes"), [("minimal", "low"), ("low", "low"), ("high", "xhigh")]
)
def test_an_effort_becomes_the_nearest_that_is_taken(effort: str, becomes: str) -> None:
    code = chat(f'reasoning_effort="{effort}"', model='"o3"')
    assert f'reasoning_effort="{becomes}"' in planned(code).after()


# -- prompts ---------------------------------------------------------------------------------------


def test_the_developer_role_becomes_system() -> None:
    code = chat().replace("messages=[", 'messages=[{"role": "developer", "content": "Be kind."}, ')
    assert '"role": "system"' in planned(code).after()
    alone = chat().replace('"role": "user"', '"role": "developer"')  # which is refused alone
    assert '"role": "user"' in planned(alone).after()


def test_json_mode_asks_for_json() -> None:
    code = chat('response_format={"type": "json_object"}').replace(
        '"content": q', '"content": "List three."'
    )
    found = planned(code)
    assert "List three. Answer in JSON." in found.after()
    assert found.item("json-word-added")


def test_a_prompt_that_says_json_stays() -> None:
    code = chat('response_format={"type": "json_object"}').replace(
        '"content": q', '"content": "List three as JSON."'
    )
    found = planned(code)
    assert "List three as JSON." in found.after()
    assert not {"json-word", "json-word-added"} & set(found.codes())


def test_a_prompt_that_is_not_known_is_told() -> None:
    code = chat('response_format={"type": "json_object"}').replace(ASK, "messages=q")
    assert planned(code).item("json-word").severity is Severity.BEHAVIOUR


def test_a_schema_asks_for_a_model_that_knows_them() -> None:
    found = planned(chat("response_format=q", api="parse"))
    assert '"qwen-plus"' in found.after()
    assert not found.instructions(StructuredOutput)


def test_a_schema_without_such_a_model_is_kept_to_here() -> None:
    found = planned(chat("response_format=q", api="parse"), model_map={"gpt-4o": "qwen3.7-plus"})
    assert found.instructions(StructuredOutput) == [StructuredOutput(False)]
    assert found.item("structured-output")


def test_a_schema_given_by_hand_to_a_model_without_them_is_a_blocker() -> None:
    schema = 'response_format={"type": "json_schema", "json_schema": {}}'
    found = planned(chat(schema), model_map={"gpt-4o": "qwen3.7-plus"})
    assert found.item("json-schema").severity is Severity.BLOCKER


def test_an_image_asks_for_a_model_that_sees() -> None:
    part = '[{"type": "image_url", "image_url": {"url": q}}]'
    code = chat(model='"gpt-4.1-nano"')
    assert '"qwen-flash"' in planned(code).after()
    seen = planned(code.replace('"content": q', f'"content": {part}')).after()
    assert '"qwen3.8-flash"' in seen


def test_a_file_part_is_a_blocker() -> None:
    code = chat().replace('"content": q', '"content": [{"type": "file", "file": {}}]')
    assert planned(code).item("content-refused").severity is Severity.BLOCKER


def test_a_model_that_only_streams_needs_a_stream() -> None:
    model = {"gpt-4o": "qwen3.5-omni-flash"}
    assert planned(chat(), model_map=model).item("stream-only")
    assert "stream-only" not in planned(chat("stream=True"), model_map=model).codes()


def test_a_token_limit_above_the_models_is_lowered() -> None:
    found = planned(chat("max_tokens=100000"))
    assert "max_tokens=65536" in found.after()
    assert found.item("parameter-changed")


def test_log_probabilities_are_a_blocker_where_the_model_has_none() -> None:
    assert planned(chat("logprobs=True")).item("logprobs-refused")
    assert "logprobs-refused" not in planned(chat("logprobs=False")).codes()


def test_a_raw_response_is_told() -> None:
    code = chat().replace("completions.create", "completions.with_raw_response.create")
    found = planned(code)
    assert isinstance(found.decision("app.py", Kind.CALL), Convert)
    assert found.item("raw-response")
