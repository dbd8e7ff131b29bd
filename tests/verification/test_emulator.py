"""The emulator refuses what the profile refuses; the real openai SDK is content with the rest."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from hypothesis import example, given, settings, strategies
from pydantic import BaseModel

from migrator.providers import load_provider, provider_ids
from migrator.verification import rules
from migrator.verification.answers import instance, vector
from migrator.verification.emulator import Emulator, OpenAIReference
from migrator.verification.server import MAX_BODY

USER = {"role": "user", "content": "What is the weather in Paris?"}
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}
NAMED = {"type": "function", "function": {"name": "get_weather"}}
CALLED = {
    "role": "assistant",
    "content": None,
    "tool_calls": [
        {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
    ],
}
ANSWERED = {"role": "tool", "tool_call_id": "call_1", "content": "sunny"}
IMAGE = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
QUIET = {"enable_thinking": False}
SCHEMA = {
    "type": "json_schema",
    "json_schema": {"name": "city", "schema": {"type": "object", "properties": {}}},
}


def chat(*messages: Any, model: str = "qwen-plus", **parameters: Any) -> dict[str, Any]:
    return {"model": model, "messages": list(messages or (USER,)), **parameters}


def embed(given: Any = "a", model: str = "text-embedding-v4", **parameters: Any) -> dict[str, Any]:
    return {"model": model, "input": given, "encoding_format": "float", **parameters}


def says(*parts: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(parts)}


def sound(data: str) -> dict[str, Any]:
    return says({"type": "input_audio", "input_audio": {"data": data, "format": "wav"}})


def respond(given: Any = "a", model: str = "qwen-plus", **parameters: Any) -> dict[str, Any]:
    return {"model": model, "input": given, **parameters}


def draw(**parameters: Any) -> dict[str, Any]:
    return {"model": "qwen-image-3.0", "prompt": "a cat", **parameters}


def speak(**given: Any) -> dict[str, Any]:
    return {"model": "qwen3-tts-flash", "input": {"text": "Hello", "voice": "Cherry", **given}}


def edit(*content: Any, **parameters: Any) -> dict[str, Any]:
    parts = content or ({"image": "data:image/png;base64,aaaa"}, {"text": "a hat"})
    message = {"role": "user", "content": list(parts)}
    return {
        "model": "qwen-image-3.0-pro",
        "input": {"messages": [message]},
        "parameters": parameters,
    }


ABOVE = "/api/v1/services/"
NATIVE = ABOVE + "aigc/multimodal-generation/generation"
NATIVE_TEXT = ABOVE + "aigc/text-generation/generation"
NATIVE_EMBEDDINGS = ABOVE + "embeddings/text-embedding/text-embedding"


def ask_natively(*messages: Any, model: str = "qwen-plus", **parameters: Any) -> dict[str, Any]:
    given = {"messages": list(messages or (USER,))}
    wanted = {"result_format": "message", **parameters}
    return {"model": model, "input": given, "parameters": wanted}


def embed_natively(*texts: str, **parameters: Any) -> dict[str, Any]:
    return {"model": "text-embedding-v4", "input": {"texts": texts}, "parameters": parameters}


CHAT, COMPLETIONS, RESPONSES, EMBEDDINGS, IMAGES, FILES, BATCHES = (
    "/chat/completions",
    "/completions",
    "/responses",
    "/embeddings",
    "/images/generations",
    "/files",
    "/batches",
)
SOUND = sound("data:audio/wav;base64,aaaa")

# rule, endpoint, a request that breaks it, the request that keeps it
CASES: tuple[tuple[str, str, dict[str, Any], dict[str, Any]], ...] = (
    ("unknown-model", CHAT, chat(model="gpt-4o"), chat()),
    ("unknown-model", CHAT, chat(model="qwen-max"), chat(model="qwen3.8-max")),
    ("unknown-model", CHAT, chat(model="qwen4-max-preview"), chat(model="qwen4-max")),
    ("unknown-model", EMBEDDINGS, embed(model="text-embedding-3-small"), embed()),
    ("unknown-model", COMPLETIONS, {"model": "davinci-002", "prompt": "a"}, chat()),
    ("unknown-model", RESPONSES, respond(model="gpt-4o"), respond()),
    ("wrong-mode", RESPONSES, respond(model="qwen3-vl-plus"), respond()),
    ("wrong-mode", CHAT, chat(model="text-embedding-v4"), chat()),
    ("wrong-mode", EMBEDDINGS, embed(model="qwen-plus"), embed()),
    (
        "wrong-mode",
        IMAGES,
        {"model": "qwen-image-2.0", "prompt": "a cat"},
        {"model": "qwen-image-3.0", "prompt": "a cat"},
    ),
    ("refused-parameter", CHAT, chat(user="u-1"), chat(seed=1)),
    ("refused-parameter", CHAT, chat(web_search_options={}), chat(enable_search=True)),
    ("refused-parameter", CHAT, chat(invented=1), chat(top_k=5)),
    ("refused-parameter", EMBEDDINGS, embed(user="u-1"), embed(user=None)),
    ("out-of-range", CHAT, chat(temperature=2), chat(temperature=1.99)),
    ("out-of-range", CHAT, chat(top_p=0), chat(top_p=1)),
    ("out-of-range", CHAT, chat(seed=-1), chat(seed=0)),
    ("out-of-range", CHAT, chat(n=5), chat(n=4)),
    ("empty-messages", CHAT, {"model": "qwen-plus", "messages": []}, chat()),
    (
        "role",
        CHAT,
        chat({"role": "developer", "content": "Be brief."}, USER),
        chat({"role": "system", "content": "Be brief."}, USER),
    ),
    (
        "system-first",
        CHAT,
        chat(USER, {"role": "system", "content": "Be brief."}, USER),
        chat(USER, {"role": "system", "content": "Be brief."}, USER, model="qwen-long"),
    ),
    (
        "last-message",
        CHAT,
        chat(USER, {"role": "assistant", "content": "It is"}),
        chat(USER, {"role": "assistant", "content": "It is", "partial": True}),
    ),
    ("tool-message", CHAT, chat(USER, ANSWERED), chat(USER, CALLED, ANSWERED)),
    (
        "tool-message",
        CHAT,
        chat(USER, CALLED, {**ANSWERED, "content": [{"type": "text", "text": "sunny"}]}),
        chat(USER, CALLED, ANSWERED),
    ),
    (
        "image-on-text-model",
        CHAT,
        chat(says(IMAGE), model="qwen3.7-max"),
        chat(says(IMAGE), model="qwen3.7-plus"),
    ),
    (
        "content-part",
        CHAT,
        chat(says({"type": "file", "file": {"file_id": "f"}}), model="qwen3.7-plus"),
        chat(says({"type": "text", "text": "hello"}), model="qwen3.7-plus"),
    ),
    (
        "content-part",
        CHAT,
        chat(sound("data:audio/wav;base64,AAAA"), model="qwen3.7-plus"),
        chat(sound("data:audio/wav;base64,AAAA"), model="qwen3-asr-flash"),
    ),
    (
        "audio-data",
        CHAT,
        chat(sound("AAAA"), model="qwen3.5-omni-flash", stream=True),
        chat(sound("data:audio/wav;base64,AAAA"), model="qwen3.5-omni-flash", stream=True),
    ),
    (
        "content-string",
        CHAT,
        chat(says({"type": "text", "text": "hello"})),
        chat(says({"type": "text", "text": "hello"}), model="qwen3.8-flash"),
    ),
    ("max-tokens", CHAT, chat(max_tokens=32769), chat(max_tokens=32768)),
    ("max-tokens", CHAT, chat(max_completion_tokens=0), chat(max_completion_tokens=1)),
    (
        "json-word",
        CHAT,
        chat(response_format={"type": "json_object"}),
        chat(
            {"role": "user", "content": "Answer in JSON."}, response_format={"type": "json_object"}
        ),
    ),
    (
        "json-object-model",
        CHAT,
        chat(
            {"role": "user", "content": "JSON"},
            model="deepseek-v4-pro",
            response_format={"type": "json_object"},
        ),
        chat(
            {"role": "user", "content": "JSON"},
            model="glm-5.1",
            response_format={"type": "json_object"},
        ),
    ),
    (
        "json-schema-model",
        CHAT,
        chat(model="qwen3.7-plus", response_format=SCHEMA),
        chat(model="qwen-flash", response_format=SCHEMA),
    ),
    (
        "json-while-thinking",
        CHAT,
        chat(enable_thinking=True, response_format=SCHEMA),
        chat(response_format=SCHEMA, **QUIET),
    ),
    ("tools-model", CHAT, chat(model="qwen-long", tools=[TOOL]), chat(tools=[TOOL])),
    (
        "tool-name",
        CHAT,
        chat(tools=[{"type": "function", "function": {"name": "search"}}]),
        chat(tools=[{"type": "function", "function": {"name": "search_web"}}]),
    ),
    (
        "tool-name",
        CHAT,
        chat(tools=[{"type": "function", "function": {"name": "x" * 65}}]),
        chat(tools=[{"type": "function", "function": {"name": "x" * 64}}]),
    ),
    (
        "tool-choice-required",
        CHAT,
        chat(tools=[TOOL], tool_choice="required"),
        chat(tools=[TOOL], tool_choice="auto"),
    ),
    (
        "tool-choice-named",
        CHAT,
        chat(model="qwen3.7-plus", tools=[TOOL], tool_choice=NAMED),
        chat(model="qwen3.7-plus", tools=[TOOL], tool_choice=NAMED, **QUIET),
    ),
    (
        "tool-choice-named",
        CHAT,
        chat(model="qwen4-max", tools=[TOOL], tool_choice=NAMED),
        chat(model="qwen4-max", tools=[TOOL], tool_choice=NAMED, reasoning_effort="none"),
    ),
    ("choices-with-tools", CHAT, chat(n=2, tools=[TOOL]), chat(n=1, tools=[TOOL])),
    (
        "choices-while-thinking",
        CHAT,
        chat(model="qwen3.8-flash", n=2),
        chat(model="qwen3.8-flash", n=2, **QUIET),
    ),
    (
        # Whether this model can be made to stop is contested: the switch is taken to do nothing.
        "choices-while-thinking",
        CHAT,
        chat(model="qwen3.8-max", n=2, **QUIET),
        chat(model="qwen3.8-max", n=1, **QUIET),
    ),
    ("choices-model", CHAT, chat(model="qwen-long", n=2), chat(n=2)),
    ("logprobs-model", CHAT, chat(logprobs=True), chat(model="qwen3-vl-plus", logprobs=True)),
    (
        "logprobs-alone",
        CHAT,
        chat(model="qwen3-vl-plus", top_logprobs=2),
        chat(model="qwen3-vl-plus", top_logprobs=2, logprobs=True),
    ),
    (
        "effort",
        CHAT,
        chat(model="qwen3.8-flash", reasoning_effort="high"),
        chat(model="qwen3.8-flash", reasoning_effort="medium"),
    ),
    ("effort", CHAT, chat(reasoning_effort="low"), chat(model="glm-5.1", reasoning_effort="low")),
    (
        "effort-and-budget",
        CHAT,
        chat(model="qwen4-max", reasoning_effort="low", thinking_budget=100),
        chat(model="qwen4-max", thinking_budget=100),
    ),
    ("thinking-switch", CHAT, chat(model="qwen-mt-plus", **QUIET), chat(**QUIET)),
    (
        "stream-only",
        CHAT,
        chat(model="qwen3.5-omni-flash"),
        chat(model="qwen3.5-omni-flash", stream=True),
    ),
    ("embedding-input", EMBEDDINGS, embed([[1, 2]]), embed(["a"])),
    ("embedding-input", EMBEDDINGS, embed([1, 2]), embed("a")),
    ("embedding-batch", EMBEDDINGS, embed(["a"] * 11), embed(["a"] * 10)),
    (
        "embedding-batch",
        EMBEDDINGS,
        embed(["a"] * 21, model="qwen3.7-text-embedding"),
        embed(["a"] * 20, model="qwen3.7-text-embedding"),
    ),
    ("embedding-dimensions", EMBEDDINGS, embed(dimensions=3072), embed(dimensions=1536)),
    ("encoding-format", EMBEDDINGS, embed(encoding_format="base64"), embed()),
    ("refused-parameter", RESPONSES, respond(background=True), respond(store=True)),
    ("refused-parameter", RESPONSES, respond(max_output_tokens=9), respond(temperature=0)),
    (
        "responses-effort",
        RESPONSES,
        respond(reasoning={"effort": "xhigh"}),
        respond(reasoning={"effort": "high"}),
    ),
    (
        "responses-tool",
        RESPONSES,
        respond(tools=[{"type": "web_search_preview"}]),
        respond(tools=[{"type": "web_search"}]),
    ),
    ("refused-parameter", IMAGES, draw(quality="hd"), draw()),
    ("out-of-range", IMAGES, draw(n=7), draw(n=6)),
    ("image-size", IMAGES, draw(size="auto"), draw(size="1024x1024")),
    ("image-size", IMAGES, draw(size="1024*1024"), draw(size="1024x1024")),
    ("image-format", IMAGES, draw(response_format="b64_json"), draw(response_format="url")),
    (
        "asr-message",
        CHAT,
        chat(SOUND, SOUND, model="qwen3-asr-flash"),
        chat({"role": "system", "content": "names"}, SOUND, model="qwen3-asr-flash"),
    ),
    ("asr-message", CHAT, chat(model="qwen3-asr-flash"), chat(SOUND, model="qwen3-asr-flash")),
    (
        "translation-message",
        CHAT,
        chat(model="qwen-mt-plus"),
        chat(model="qwen-mt-plus", translation_options={"target_lang": "English"}),
    ),
    ("unknown-model", NATIVE, {**speak(), "model": "tts-1"}, speak()),
    ("unknown-model", NATIVE_TEXT, ask_natively(model="qwen-max"), ask_natively()),
    ("native-path", NATIVE_TEXT, ask_natively(model="qwen3.7-plus"), ask_natively()),
    ("native-form", NATIVE_TEXT, ask_natively(invented=1), ask_natively(top_k=5)),
    (
        "native-form",
        NATIVE_TEXT,
        ask_natively(tools=[TOOL], result_format="text"),
        ask_natively(tools=[TOOL]),
    ),
    ("out-of-range", NATIVE_TEXT, ask_natively(temperature=2), ask_natively(temperature=1)),
    (
        "role",
        NATIVE,
        ask_natively({"role": "developer", "content": "Be brief."}, USER, model="qwen3.7-plus"),
        ask_natively(says({"image": "https://example.com/a.png"}), model="qwen3.7-plus"),
    ),
    ("embedding-batch", NATIVE_EMBEDDINGS, embed_natively(*"abcdefghijk"), embed_natively("a")),
    (
        "embedding-dimensions",
        NATIVE_EMBEDDINGS,
        embed_natively("a", dimension=3072),
        embed_natively("a", dimension=1536),
    ),
    ("native-speech", NATIVE, speak(voice="alloy"), speak(voice="Ethan")),
    ("native-speech", NATIVE, speak(text="a" * 601), speak(text="a" * 600)),
    ("native-speech", NATIVE, speak(text=""), speak()),
    ("native-speech", NATIVE, speak(language_type="en"), speak(language_type="English")),
    ("native-speech", NATIVE, speak(speed=2), speak()),
    ("native-speech", NATIVE, {**speak(), "model": "cosyvoice-v3-flash"}, speak()),
    ("native-pictures", NATIVE, edit({"image": "data:image/png;base64,a"}), edit()),
    ("native-pictures", NATIVE, edit({"image": "aaaa"}, {"text": "a hat"}), edit()),
    ("native-pictures", NATIVE, edit(n=7), edit(n=6)),
    ("native-pictures", NATIVE, edit(size="1024x1024"), edit(size="1024*1024")),
    ("native-pictures", NATIVE, edit(quality="high"), edit()),
    ("native-path", NATIVE, {**edit(), "model": "qwen-plus"}, edit()),
    (
        "batch-endpoint",
        BATCHES,
        {"input_file_id": "file-1", "endpoint": "/v1/responses"},
        {"input_file_id": "file-1", "endpoint": "/v1/chat/completions"},
    ),
    ("file-purpose", FILES, {"purpose": "assistants"}, {"purpose": "batch"}),
)
NAMES = [f"{rule}-{index}" for index, (rule, *_) in enumerate(CASES)]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(load_provider("bailian")) as running:
        yield running


@pytest.fixture
def client(emulator: Emulator) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key=emulator.key, base_url=emulator.base_url) as one:
        yield one


def ask(emulator: Emulator, path: str, body: dict[str, Any], method: str = "POST") -> Any:
    headers = {"authorization": f"Bearer {emulator.key}", "content-type": "application/json"}
    path = path if path.startswith(ABOVE) else emulator.prefix + path
    return emulator.respond(method, path, headers, json.dumps(body).encode())


@pytest.mark.parametrize(("rule", "path", "bad", "good"), CASES, ids=NAMES)
def test_a_rule_refuses_what_breaks_it(
    emulator: Emulator, rule: str, path: str, bad: dict[str, Any], good: dict[str, Any]
) -> None:
    response = ask(emulator, path, bad)
    assert response.refusal is not None
    assert response.refusal.rule == rule, response.refusal.message
    assert response.status == emulator.provider.rules[rule].http
    code = emulator.provider.rules[rule].code
    if path.startswith(ABOVE):
        native = emulator.provider.native
        assert native is not None
        assert response.value["code"] == native.codes.get(code, code)
    else:
        assert response.value["error"]["code"] == code


@pytest.mark.parametrize(("rule", "path", "bad", "good"), CASES, ids=NAMES)
def test_a_rule_accepts_what_keeps_it(
    emulator: Emulator, rule: str, path: str, bad: dict[str, Any], good: dict[str, Any]
) -> None:
    response = ask(emulator, CHAT if path == COMPLETIONS else path, good)
    assert response.refusal is None
    assert response.status == 200


def test_every_rule_of_the_profile_has_a_check_and_a_case() -> None:
    transport = {"foreign-key", "endpoint"}
    stated = set(load_provider("bailian").rules)
    assert stated - transport <= set(rules.CHECKS)
    assert stated - transport == {rule for rule, *_ in CASES}


@pytest.mark.parametrize("name", provider_ids())
def test_every_rule_of_every_profile_is_enforced(name: str) -> None:
    assert set(load_provider(name).rules) - {"foreign-key", "endpoint"} <= set(rules.CHECKS)


def test_every_undocumented_parameter_is_refused(emulator: Emulator) -> None:
    provider = emulator.provider
    for name in provider.parameter_names("chat_parameters"):
        parameter = provider.chat_parameter(name)
        if parameter.verdict == "unknown" and parameter.action != "keep":
            assert ask(emulator, CHAT, chat(**{name: []})).refusal.rule == "refused-parameter"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/moderations", 404),
        ("POST", "/audio/speech", 404),
        ("POST", "/audio/transcriptions", 404),
        ("POST", "/assistants", 404),
        ("GET", "/threads/thread-1", 404),
        ("POST", "/fine_tuning/jobs", 404),
        ("POST", "/images/edits", 404),
        ("POST", "/vector_stores", 404),
        ("POST", "/never/heard/of", 404),
        ("POST", "/conversations", 501),
    ],
)
def test_endpoints_that_are_not_there(
    emulator: Emulator, method: str, path: str, status: int
) -> None:
    response = ask(emulator, path, {}, method)
    assert response.status == status
    assert response.refusal.message


def test_a_path_outside_the_base_url_is_not_found(emulator: Emulator) -> None:
    headers = {"authorization": f"Bearer {emulator.key}"}
    assert emulator.respond("GET", "/v1/models", headers, b"").status == 404


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b"[" * 100_000])
def test_a_malformed_body_is_a_bad_request(emulator: Emulator, content: bytes) -> None:
    headers = {"authorization": f"Bearer {emulator.key}", "content-type": "application/json"}
    response = emulator.respond("POST", f"{emulator.prefix}{CHAT}", headers, content)
    assert response.status == 400


ANYTHING = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers(-2, 30) | strategies.text("ab"),
    lambda inner: (
        strategies.lists(inner, max_size=3)
        | strategies.dictionaries(
            strategies.sampled_from(
                ["type", "role", "content", "text", "id", "tool_calls", "function", "name", "data"]
            ),
            inner | strategies.sampled_from(["user", "tool", "assistant", "input_audio", "text"]),
            max_size=4,
        )
    ),
    max_leaves=8,
)
NAMES_OF_FIELDS = strategies.sampled_from(
    [
        *sorted(load_provider("bailian").parameter_names("chat_parameters")),
        "input",
        "dimensions",
        "encoding_format",
        "enable_thinking",
        "prompt",
    ]
)


@given(
    path=strategies.sampled_from([CHAT, EMBEDDINGS, IMAGES, FILES]),
    model=strategies.sampled_from(["qwen-plus", "qwen3.7-plus", "text-embedding-v4", "x"]),
    fields=strategies.dictionaries(NAMES_OF_FIELDS, ANYTHING, max_size=4),
)
@settings(max_examples=200)
@example(CHAT, "qwen-plus", {"n": "2"})
@example(CHAT, "qwen-plus", {"messages": [{**CALLED, "tool_calls": [{"id": []}]}, ANSWERED]})
@example(CHAT, "qwen-plus", {"messages": [USER], "tools": [None]})
@example(CHAT, "qwen-plus", {"messages": [USER], "model": ["qwen-plus"]})
@example(EMBEDDINGS, "text-embedding-v4", {"input": {"a": 1}, "encoding_format": "float"})
def test_odd_shapes_are_answered_and_never_crash(
    path: str, model: str, fields: dict[str, Any]
) -> None:
    body = {"model": model, "messages": [USER], **fields}
    for emulator in (Emulator(load_provider("bailian")), OpenAIReference()):
        response = ask(emulator, path, body)
        assert response.status in (200, 400, 404)
        assert (response.refusal is None) == (response.status == 200)
        for event in response.events or ():
            assert json.dumps(event)


# -- with the openai SDK ----------------------------------------------------------------------


def test_a_chat_completion(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="qwen-plus", messages=[USER], temperature=0.2)
    assert answer.choices[0].message.content == "This is an answer."
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_the_async_client(emulator: Emulator) -> None:
    async def run() -> tuple[str | None, list[str]]:
        async with openai.AsyncOpenAI(
            api_key=emulator.key, base_url=emulator.base_url
        ) as asynchronous:
            whole = await asynchronous.chat.completions.create(model="qwen-plus", messages=[USER])
            stream = await asynchronous.chat.completions.create(
                model="qwen-plus", messages=[USER], stream=True
            )
            pieces = [chunk.choices[0].delta.content or "" async for chunk in stream]
            return whole.choices[0].message.content, pieces

    whole, pieces = asyncio.run(run())
    assert whole == "".join(pieces)
    assert len(pieces) > 2


def test_a_stream_that_thinks_and_counts(client: openai.OpenAI) -> None:
    stream = client.chat.completions.create(
        model="qwen3.8-flash",
        messages=[USER],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert chunks[-2].choices[0].finish_reason == "stop"
    thoughts = [getattr(one.choices[0].delta, "reasoning_content", None) for one in chunks[:-1]]
    assert any(thoughts)
    assert chunks[1].choices[0].delta.content is None


@pytest.mark.parametrize(
    ("model", "extra", "thinks"),
    [
        ("qwen3.7-plus", {}, True),
        ("qwen3.7-plus", {"enable_thinking": False}, False),
        ("qwen-plus", {}, False),
        ("qwen-plus", {"enable_thinking": True}, True),
        ("qwen4-max", {"reasoning_effort": "none"}, False),
        ("qwen3.8-max", {"enable_thinking": False}, True),
    ],
)
def test_thinking_is_on_by_default_where_the_profile_says_so(
    client: openai.OpenAI, model: str, extra: dict[str, Any], thinks: bool
) -> None:
    answer = client.chat.completions.create(model=model, messages=[USER], extra_body=extra)
    assert bool(getattr(answer.choices[0].message, "reasoning_content", None)) is thinks


def test_a_low_cap_with_thinking_leaves_an_empty_answer(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(
        model="qwen3.8-flash", messages=[USER], max_completion_tokens=5
    )
    assert answer.choices[0].message.content == ""
    assert answer.choices[0].finish_reason == "length"


def test_several_choices(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="qwen-plus", messages=[USER], n=3)
    assert [one.index for one in answer.choices] == [0, 1, 2]


@pytest.mark.parametrize("choice", [{}, {"tool_choice": NAMED}], ids=["by the prompt", "by name"])
def test_tools_are_called_and_answered(client: openai.OpenAI, choice: dict[str, Any]) -> None:
    asked = client.chat.completions.create(
        model="qwen-plus", messages=[USER], tools=[TOOL], **choice
    )
    message = asked.choices[0].message
    assert asked.choices[0].finish_reason == "tool_calls"
    assert message.tool_calls is not None
    call = message.tool_calls[0]
    assert json.loads(call.function.arguments) == {"city": "text"}
    told = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
    answer = client.chat.completions.create(
        model="qwen-plus", messages=[USER, message, told], tools=[TOOL]
    )
    assert answer.choices[0].message.content == "This is an answer."


def test_tool_calls_in_a_stream(client: openai.OpenAI) -> None:
    name, arguments = "", ""
    for chunk in client.chat.completions.create(
        model="qwen-plus", messages=[USER], tools=[TOOL], stream=True
    ):
        for call in chunk.choices[0].delta.tool_calls or ():
            name += call.function.name or ""
            arguments += call.function.arguments or ""
    assert name == "get_weather"
    assert json.loads(arguments) == {"city": "text"}


def test_parse_gives_a_model_that_validates(client: openai.OpenAI) -> None:
    class Step(BaseModel):
        text: str
        sure: bool

    class Plan(BaseModel):
        steps: list[Step]
        score: int
        first: Step | None

    chats = client.chat if hasattr(client.chat.completions, "parse") else client.beta.chat
    answer = chats.completions.parse(model="qwen-plus", messages=[USER], response_format=Plan)
    assert isinstance(answer.choices[0].message.parsed, Plan)


def test_json_object_follows_a_schema_in_the_prompt(client: openai.OpenAI) -> None:
    schema = {"type": "object", "properties": {"age": {"type": "integer", "minimum": 18}}}
    answer = client.chat.completions.create(
        model="qwen-plus",
        messages=[{"role": "system", "content": f"Answer in JSON: {json.dumps(schema)}"}, USER],
        response_format={"type": "json_object"},
    )
    assert json.loads(answer.choices[0].message.content or "") == {"age": 18}


def test_images_are_seen_by_models_that_see(client: openai.OpenAI) -> None:
    parts = [{"type": "text", "text": "What is this?"}, IMAGE]
    answer = client.chat.completions.create(model="qwen3.7-plus", messages=[says(*parts)])
    assert answer.choices[0].message.content


def test_embeddings_are_the_same_every_time(client: openai.OpenAI) -> None:
    answer = client.embeddings.create(
        model="text-embedding-v4", input=["a", "b"], dimensions=1536, encoding_format="float"
    )
    first, second = (row.embedding for row in answer.data)
    assert first == pytest.approx(vector("a", 1536))
    assert first != second
    assert sum(value * value for value in first) == pytest.approx(1)
    plain = client.embeddings.create(model="text-embedding-v4", input="a", encoding_format="float")
    assert len(plain.data[0].embedding) == 1024


def test_models_are_listed(client: openai.OpenAI) -> None:
    assert "qwen-plus" in {one.id for one in client.models.list()}
    assert client.models.retrieve("qwen-plus").id == "qwen-plus"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-4o")


def test_files_and_batches(client: openai.OpenAI) -> None:
    stored = client.files.create(file=("in.jsonl", b'{"a": 1}\n'), purpose="batch")
    assert stored.filename == "in.jsonl"
    assert client.files.content(stored.id).read() == b'{"a": 1}\n'
    batch = client.batches.create(
        input_file_id=stored.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    assert client.batches.retrieve(batch.id).input_file_id == stored.id
    assert client.batches.cancel(batch.id).status == "cancelling"
    assert stored.id in {one.id for one in client.files.list()}
    assert client.files.delete(stored.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(stored.id)


def test_images_answer_with_links_that_need_no_key(client: openai.OpenAI) -> None:
    answer = client.images.generate(model="qwen-image-3.0", prompt="a cat", n=2)
    assert len(answer.data or ()) == 2
    for picture in answer.data or ():
        assert picture.b64_json is None
        with urllib.request.urlopen(str(picture.url)) as link:
            assert link.read().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"model": "gpt-4o"}, openai.NotFoundError),
        ({"model": "qwen-plus", "user": "u-1"}, openai.BadRequestError),
        ({"model": "qwen-plus", "temperature": 2}, openai.BadRequestError),
    ],
)
def test_refusals_are_the_exceptions_of_the_sdk(
    client: openai.OpenAI, parameters: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        client.chat.completions.create(messages=[USER], **parameters)


def test_the_endpoint_that_is_missing_is_not_found(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="data_inspection_failed"):
        client.moderations.create(model="omni-moderation-latest", input="x")


def test_a_foreign_key_is_refused(emulator: Emulator) -> None:
    stranger = openai.OpenAI(api_key="sk-other", base_url=emulator.base_url)
    with stranger, pytest.raises(openai.AuthenticationError):
        stranger.models.list()


# -- what it keeps ----------------------------------------------------------------------------


def test_the_exchanges_are_kept_without_the_key() -> None:
    with Emulator(load_provider("bailian"), key="sk-secret-word") as own:
        with openai.OpenAI(api_key=own.key, base_url=own.base_url) as client:
            client.chat.completions.create(model="qwen-plus", messages=[USER])
            with pytest.raises(openai.BadRequestError):
                client.chat.completions.create(model="qwen-plus", messages=[USER], user="u")
        accepted, refused = own.requests
        assert accepted.body["model"] == "qwen-plus"
        assert (accepted.status, refused.status) == (200, 400)
        assert own.refused == [refused]
        assert refused.refusal is not None
        assert "sk-secret-word" not in repr(own.requests)


def test_refusals_are_kept_when_the_log_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrator.verification.exchanges.MAX_EXCHANGES", 3)
    own = Emulator(load_provider("bailian"))
    ask(own, CHAT, chat(user="u"))
    for _ in range(5):
        ask(own, CHAT, chat())
    assert len(own.requests) == 3
    assert [one.body["user"] for one in own.refused] == ["u"]


def test_long_bodies_and_old_files_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrator.verification.exchanges.MAX_KEPT_BODY", 400)
    monkeypatch.setattr("migrator.verification.storage.MAX_STORED_BYTES", 10)
    own = Emulator(load_provider("bailian"))
    ask(own, CHAT, chat({"role": "user", "content": "x" * 500}))
    assert own.requests[0].body == {}
    first, second = (
        ask(own, FILES, {"purpose": "batch", "file": "12345678"}).value["id"] for _ in range(2)
    )
    assert ask(own, f"/files/{first}", {}, "GET").status == 404
    assert ask(own, f"/files/{second}/content", {}, "GET").raw == b"12345678"


def test_responses_and_batches_have_bounds_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrator.verification.storage.MAX_STORED", 2)
    monkeypatch.setattr("migrator.verification.storage.MAX_STORED_BYTES", 20_000)
    own = Emulator(load_provider("bailian"))
    first, *_ = (ask(own, RESPONSES, respond("a")).value["id"] for _ in range(3))
    assert ask(own, f"/responses/{first}", {}, "GET").status == 404
    kept = ask(own, RESPONSES, respond("b" * 15_000)).value["id"]
    ask(own, RESPONSES, respond("c" * 15_000))
    assert ask(own, f"/responses/{kept}", {}, "GET").status == 404
    batch = {"endpoint": "/v1/chat/completions", "completion_window": "24h"}
    for name in ("a" * 15_000, "b" * 15_000):
        ask(own, BATCHES, {**batch, "input_file_id": name})
    assert len(ask(own, BATCHES, {}, "GET").value["data"]) == 1


def test_a_stream_leaves_its_connection_open(emulator: Emulator) -> None:
    from http.client import HTTPConnection

    host, _, port = emulator.base_url.split("/")[2].partition(":")
    connection = HTTPConnection(host, int(port), timeout=5)
    headers = {"Authorization": f"Bearer {emulator.key}", "Content-Type": "application/json"}
    sockets = []
    for _ in range(2):
        body = json.dumps(chat(stream=True))
        connection.request("POST", emulator.prefix + CHAT, body, headers)
        sockets.append(connection.sock)
        assert connection.getresponse().read().endswith(b"data: [DONE]\n\n")
    connection.close()
    assert sockets[0] is sockets[1]


def test_many_clients_at_once(emulator: Emulator) -> None:
    async def run() -> list[str | None]:
        async with openai.AsyncOpenAI(api_key=emulator.key, base_url=emulator.base_url) as many:
            calls = [
                many.chat.completions.create(model="qwen-plus", messages=[USER]) for _ in range(20)
            ]
            return [answer.id for answer in await asyncio.gather(*calls)]

    assert len(set(asyncio.run(run()))) == 20


def test_the_environment_points_a_program_here() -> None:
    with Emulator(load_provider("bailian")) as own:
        variables = own.environment()
    assert variables["DASHSCOPE_API_KEY"] == "sk-emulator"
    assert variables["DASHSCOPE_BASE_URL"].startswith("http://127.0.0.1:")
    assert variables["DASHSCOPE_BASE_URL"].endswith("/compatible-mode/v1")


def test_the_base_url_needs_a_running_emulator() -> None:
    with pytest.raises(RuntimeError, match="context manager"):
        _ = Emulator(load_provider("bailian")).base_url


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Content-Length", str(MAX_BODY + 1), 413),
        ("Content-Length", "\u00b2", 411),  # a digit, and no number
        ("Content-Length", "-1", 411),
        ("Transfer-Encoding", "chunked", 411),
        ("Origin", "https://example.com", 403),
        ("Origin", "null", 403),
    ],
)
def test_what_is_turned_away_unread(
    emulator: Emulator, header: str, value: str, status: int
) -> None:
    from http.client import HTTPConnection

    port = int(emulator.base_url.split(":")[2].split("/")[0])
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.putrequest("POST", emulator.prefix + CHAT)
    connection.putheader("Authorization", f"Bearer {emulator.key}")
    connection.putheader(header, value)
    connection.endheaders()
    assert connection.getresponse().status == status
    connection.close()


def test_the_answers_can_be_given(emulator: Emulator) -> None:
    def answer(body: Any) -> str | None:
        return "Bonjour" if "Paris" in body["messages"][-1]["content"] else None

    with Emulator(load_provider("bailian"), answers=answer) as own:
        assert ask(own, CHAT, chat()).value["choices"][0]["message"]["content"] == "Bonjour"
        other = ask(own, CHAT, chat({"role": "user", "content": "Hello"}))
        assert other.value["choices"][0]["message"]["content"] == "This is an answer."


def test_the_reference_runs_a_program_before_it_is_migrated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with OpenAIReference() as reference:
        for name, value in reference.environment().items():
            monkeypatch.setenv(name, value)
        with openai.OpenAI() as client:
            answer = client.chat.completions.create(
                model="gpt-4o",
                messages=[{"role": "developer", "content": "Be brief."}, USER],
                user="u-1",
                temperature=2,
            )
            assert answer.choices[0].message.content
            rows = client.embeddings.create(model="text-embedding-3-large", input="a").data
            assert len(rows[0].embedding) == 3072
            assert rows[0].embedding == pytest.approx(vector("a", 3072), abs=1e-6)
            with pytest.raises(openai.NotFoundError):
                client.chat.completions.create(model="qwen-plus", messages=[USER])


def test_the_reference_answers_with_pictures_and_transcripts_as_openai_does() -> None:
    with (
        OpenAIReference() as reference,
        openai.OpenAI(api_key=reference.key, base_url=reference.base_url) as client,
    ):
        (drawn,) = client.images.generate(model="gpt-image-1", prompt="a cat").data or ()
        assert drawn.b64_json
        assert drawn.url is None
        (linked,) = client.images.generate(model="dall-e-3", prompt="a cat").data or ()
        assert linked.url
        heard = client.audio.transcriptions.create(model="whisper-1", file=("a.wav", b"RIFF"))
        assert heard.text


def test_transcriptions_are_refused(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        client.audio.transcriptions.create(model="qwen3-asr-flash", file=("a.wav", b"RIFF"))


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "minLength": 6}, "textxx"),
        ({"type": "string", "format": "date"}, "2026-01-01"),
        ({"type": "integer", "exclusiveMinimum": 3}, 4),
        ({"type": "number", "maximum": 0.5}, 0.5),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, [False, False]),
        ({"type": "array", "items": {"type": "boolean"}}, [False]),
        ({"type": "array", "items": {"type": "boolean"}, "maxItems": 0}, []),
        ({"properties": {"a": {"type": "boolean"}}, "required": []}, {"a": False}),
        ({"enum": ["red", "blue"]}, "red"),
        ({"anyOf": [{"type": "null"}, {"type": "string"}]}, None),
        ({"$ref": "#/$defs/A", "$defs": {"A": {"const": 7}}}, 7),
        ({"type": ["integer", "null"]}, 1),
    ],
)
def test_a_small_instance_of_a_schema(schema: dict[str, Any], value: Any) -> None:
    assert instance(schema) == value


@pytest.mark.parametrize(
    "held", [{"$ref": "#/$defs/Node"}, {"type": "array", "items": {"$ref": "#/$defs/Node"}}]
)
def test_a_schema_that_holds_itself_ends(held: dict[str, Any]) -> None:
    node = {"type": "object", "properties": {"next": held}}
    assert instance({"$ref": "#/$defs/Node", "$defs": {"Node": node}})


def test_responses_are_kept_and_forgotten(client: openai.OpenAI) -> None:
    first = client.responses.create(model="qwen3.7-plus", input="My name is Ada.")
    assert [item.type for item in first.output] == ["reasoning", "message"]
    then = client.responses.create(
        model="qwen3.7-plus",
        input="And?",
        previous_response_id=first.id,
        reasoning={"effort": "none"},
    )
    assert [item.type for item in then.output] == ["message"]
    assert client.responses.retrieve(then.id).output_text == then.output_text
    kept = client.responses.input_items.list(then.id).data
    assert [one.type for one in kept] == [None, "reasoning", "message", None]
    client.responses.delete(first.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(first.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model="qwen-plus", input="And?", previous_response_id=first.id)


def test_a_response_that_is_not_stored_is_not_kept(client: openai.OpenAI) -> None:
    response = client.responses.create(model="qwen-plus", input="Hi", store=False)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(response.id)


def test_a_response_streams_the_text_it_ends_in(client: openai.OpenAI) -> None:
    events = list(client.responses.create(model="qwen-plus", input="Hi", stream=True))
    text = "".join(one.delta for one in events if one.type == "response.output_text.delta")
    assert events[-1].type == "response.completed"
    assert events[-1].response.output_text == text != ""
    assert [one.sequence_number for one in events] == list(range(len(events)))
    with client.responses.stream(model="qwen-plus", input="Hi") as stream:
        assert stream.get_final_response().output_text == text


def test_a_response_calls_a_function(client: openai.OpenAI) -> None:
    tool = {"type": "function", **TOOL["function"]}
    called = client.responses.create(
        model="qwen-plus", input="What is the weather in Oslo?", tools=[tool]
    )
    [call] = called.output
    assert (call.type, call.name) == ("function_call", "get_weather")
    answered = client.responses.create(
        model="qwen-plus",
        previous_response_id=called.id,
        tools=[tool],
        input=[{"type": "function_call_output", "call_id": call.call_id, "output": "Sunny"}],
    )
    assert answered.output_text


def test_openai_itself_completes_a_prompt() -> None:
    with (
        OpenAIReference() as reference,
        openai.OpenAI(api_key=reference.key, base_url=reference.base_url) as client,
    ):
        asked = {"model": "gpt-3.5-turbo-instruct", "prompt": "Once"}
        whole = client.completions.create(**asked, n=2)
        assert [one.index for one in whole.choices] == [0, 1]
        pieces = client.completions.create(**asked, stream=True)
        assert "".join(one.choices[0].text for one in pieces) == whole.choices[0].text
        answer = client.responses.create(model="gpt-4o", input="Once", background=False)
        assert answer.output_text == whole.choices[0].text
