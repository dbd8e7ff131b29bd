"""What SiliconFlow and MiniMax refuse and Bailian does not, and answers of a shape of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import openai
import pytest

from migrator.providers import load_provider
from migrator.verification.emulator import Emulator

CHAT, EMBEDDINGS, IMAGES, SPEECH, TRANSCRIPTIONS = (
    "/chat/completions",
    "/embeddings",
    "/images/generations",
    "/audio/speech",
    "/audio/transcriptions",
)
USER = {"role": "user", "content": "What is the weather in Paris?"}
SYSTEM = {"role": "system", "content": "Be brief."}
SAID = {"role": "assistant", "content": "Sunny."}
TOOLS = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
NAMED = {"type": "function", "function": {"name": "look"}}
FLOW, OTHER_FLOW, VECTORS = "deepseek-ai/DeepSeek-V4-Flash", "zai-org/GLM-5.2", "BAAI/bge-m3"
WIDE, VOICE = "Qwen/Qwen3-Embedding-8B", "FunAudioLLM/CosyVoice2-0.5B"


def ask(model: str, *messages: dict[str, Any], **parameters: Any) -> dict[str, Any]:
    return {"model": model, "messages": list(messages or (USER,)), **parameters}


def flow(*messages: dict[str, Any], **parameters: Any) -> dict[str, Any]:
    return ask(FLOW, *messages, **parameters)


def embed(given: Any, model: str = VECTORS, **parameters: Any) -> dict[str, Any]:
    return {"model": model, "input": given, "encoding_format": "float", **parameters}


def draw(**parameters: Any) -> dict[str, Any]:
    return {"model": "Kwai-Kolors/Kolors", "prompt": "a cat", **parameters}


def speak(**parameters: Any) -> dict[str, Any]:
    return {"model": VOICE, "input": "Hello.", "voice": f"{VOICE}:alex", **parameters}


def m3(*messages: dict[str, Any], **parameters: Any) -> dict[str, Any]:
    return ask("MiniMax-M3", *messages, **parameters)


OFF = {"type": "disabled"}
# provider, rule, endpoint, a request that breaks it, the request that keeps it
CASES: tuple[tuple[str, str, str, dict[str, Any], dict[str, Any]], ...] = (
    ("siliconflow", "unknown-model", CHAT, ask("deepseek-chat"), flow()),
    ("siliconflow", "consecutive-roles", CHAT, flow(USER, USER), flow(USER, SAID, USER)),
    ("siliconflow", "consecutive-roles", CHAT, flow(USER, SAID, SAID, USER), flow(SYSTEM, USER)),
    (
        "siliconflow",
        "role",
        CHAT,
        flow({"role": "developer", "content": "Be brief."}, USER),
        flow(SYSTEM, USER),
    ),
    (
        "siliconflow",
        "refused-parameter",
        CHAT,
        flow(max_completion_tokens=9),
        flow(max_tokens=9),
    ),
    ("siliconflow", "refused-parameter", CHAT, flow(store=True), flow(top_p=0.5)),
    (
        "siliconflow",
        "tool-choice-value",
        CHAT,
        flow(tools=TOOLS, tool_choice=NAMED),
        flow(tools=TOOLS),
    ),
    ("siliconflow", "embedding-batch", EMBEDDINGS, embed(["a"] * 33), embed(["a"] * 32)),
    ("siliconflow", "embedding-empty", EMBEDDINGS, embed(["a", ""]), embed(["a", "b"])),
    ("siliconflow", "embedding-empty", EMBEDDINGS, embed(""), embed("a")),
    ("siliconflow", "embedding-input", EMBEDDINGS, embed([1, 2]), embed("a")),
    (
        "siliconflow",
        "embedding-dimensions",
        EMBEDDINGS,
        embed("a", WIDE),
        embed("a", WIDE, dimensions=1536),
    ),
    ("siliconflow", "embedding-dimensions", EMBEDDINGS, embed("a", dimensions=7), embed("a")),
    ("siliconflow", "refused-parameter", IMAGES, draw(size="1024x1024"), draw()),
    ("siliconflow", "refused-parameter", IMAGES, draw(n=2), draw(batch_size=2)),
    (
        "siliconflow",
        "image-size",
        IMAGES,
        draw(image_size="auto"),
        draw(image_size="1024x1024"),
    ),
    ("siliconflow", "speech-voice", SPEECH, speak(voice="alex"), speak()),
    ("siliconflow", "speech-voice", SPEECH, speak(voice=f"{VOICE}:alloy"), speak()),
    ("siliconflow", "media-format", SPEECH, speak(response_format="flac"), speak()),
    ("siliconflow", "refused-parameter", SPEECH, speak(instructions="slowly"), speak(speed=2)),
    ("minimax", "unknown-model", CHAT, ask("MiniMax-M1"), m3()),
    ("minimax", "system-first", CHAT, m3(USER, SYSTEM), m3(SYSTEM, USER)),
    ("minimax", "system-first", CHAT, m3(SYSTEM, SYSTEM, USER), m3(USER, USER)),
    ("minimax", "out-of-range", CHAT, m3(n=2), m3(n=1)),
    ("minimax", "refused-parameter", CHAT, m3(stop=["x"]), m3(temperature=2)),
    (
        "minimax",
        "tool-choice-value",
        CHAT,
        m3(tools=TOOLS, tool_choice="required"),
        m3(tools=TOOLS, tool_choice="auto"),
    ),
    (
        "minimax",
        "thinking-off",
        CHAT,
        ask("MiniMax-M3.1-Flash", thinking=OFF),
        m3(thinking=OFF),
    ),
    ("minimax", "endpoint", EMBEDDINGS, embed("a", "embo-01"), {}),
    ("minimax", "endpoint", SPEECH, {"model": "speech-2.8-hd", "input": "a", "voice": "x"}, {}),
)
NAMES = [f"{provider}-{rule}-{index}" for index, (provider, rule, *_) in enumerate(CASES)]


@pytest.fixture(scope="module")
def emulators() -> Iterator[dict[str, Emulator]]:
    with (
        Emulator(load_provider("siliconflow")) as one,
        Emulator(load_provider("minimax")) as other,
    ):
        yield {"siliconflow": one, "minimax": other}


def post(emulator: Emulator, path: str, body: dict[str, Any]) -> Any:
    headers = {"authorization": f"Bearer {emulator.key}", "content-type": "application/json"}
    return emulator.respond("POST", emulator.prefix + path, headers, json.dumps(body).encode())


@pytest.mark.parametrize(("name", "rule", "path", "bad", "good"), CASES, ids=NAMES)
def test_a_rule_refuses_what_breaks_it_and_takes_what_keeps_it(
    emulators: dict[str, Emulator],
    name: str,
    rule: str,
    path: str,
    bad: dict[str, Any],
    good: dict[str, Any],
) -> None:
    refused = post(emulators[name], path, bad)
    assert refused.refusal is not None
    assert refused.refusal.rule == rule, refused.refusal.message
    assert refused.status == emulators[name].provider.rules[rule].http
    if good:
        taken = post(emulators[name], path, good)
        assert taken.refusal is None, taken.refusal.message
        assert taken.status == 200


def connected(emulator: Emulator) -> openai.OpenAI:
    return openai.OpenAI(api_key=emulator.key, base_url=emulator.base_url, max_retries=0)


def test_an_error_has_the_shape_of_the_provider(emulators: dict[str, Emulator]) -> None:
    flat = post(emulators["siliconflow"], CHAT, ask("gpt-4o")).value
    assert "error" not in flat
    assert (flat["code"], type(flat["message"])) == (20012, str)
    nested = post(emulators["minimax"], CHAT, ask("gpt-4o")).value
    assert nested["type"] == "error"
    assert nested["error"]["message"].endswith("(2013)")
    assert "code" not in nested["error"]


@pytest.mark.parametrize("name", ["siliconflow", "minimax"])
def test_the_sdk_raises_what_it_raises_at_openai(emulators: dict[str, Emulator], name: str) -> None:
    with connected(emulators[name]) as client, pytest.raises(openai.BadRequestError):
        client.chat.completions.create(**ask("gpt-4o"))
    stranger = openai.OpenAI(api_key="sk-other", base_url=emulators[name].base_url, max_retries=0)
    with stranger, pytest.raises(openai.AuthenticationError):
        stranger.chat.completions.create(**ask("gpt-4o"))


def test_thoughts_stand_in_the_text_unless_they_are_split_off(
    emulators: dict[str, Emulator],
) -> None:
    with connected(emulators["minimax"]) as client:
        mixed = client.chat.completions.create(**m3()).choices[0].message
        split = {"extra_body": {"reasoning_split": True}}
        apart = client.chat.completions.create(**m3(**split)).choices[0].message
        pieces = client.chat.completions.create(**m3(stream=True))
        streamed = "".join(one.choices[0].delta.content or "" for one in pieces if one.choices)
    assert "<think>" in str(mixed.content)
    assert "<think>" in streamed
    assert "<think>" not in str(apart.content)
    assert apart.model_dump()["reasoning_content"]


def test_the_usage_so_far_stands_in_every_chunk(emulators: dict[str, Emulator]) -> None:
    with connected(emulators["siliconflow"]) as client:
        chunks = list(client.chat.completions.create(**flow(stream=True)))
    assert all(one.usage is not None and one.choices for one in chunks)


def test_pictures_stand_where_the_provider_puts_them(emulators: dict[str, Emulator]) -> None:
    answer = post(emulators["siliconflow"], IMAGES, draw(batch_size=2)).value
    assert "data" not in answer
    assert [sorted(one) for one in answer["images"]] == [["url"], ["url"]]
