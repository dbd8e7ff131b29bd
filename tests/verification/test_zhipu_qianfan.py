"""What Zhipu and Qianfan refuse: beside each request that is refused, one that is taken."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest

from migrator.providers import load_provider
from migrator.verification.emulator import Emulator

USER = {"role": "user", "content": "Name a river."}
SYSTEM = {"role": "system", "content": "Name a river."}
TOOLS = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
NAMED = {"type": "function", "function": {"name": "look"}}
GLM, ERNIE = "glm-5.2", "ernie-4.5-turbo-128k"

# provider, rule, path, what is refused, what is taken
CASES: tuple[tuple[str, str, str, dict[str, Any], dict[str, Any]], ...] = (
    ("zhipu", "out-of-range", "chat", {"temperature": 0}, {"temperature": 0.01}),
    ("zhipu", "out-of-range", "chat", {"temperature": 1}, {"temperature": 0.99}),
    ("zhipu", "out-of-range", "chat", {"temperature": 0.123}, {"temperature": 0.12}),
    ("zhipu", "out-of-range", "chat", {"top_p": 0}, {"top_p": 0.01}),
    ("zhipu", "stop-list", "chat", {"stop": "\n"}, {"stop": ["\n"]}),
    ("zhipu", "stop-list", "chat", {"stop": list("abcde")}, {"stop": list("abcd")}),
    ("zhipu", "user-message", "chat", {"messages": [SYSTEM]}, {"messages": [SYSTEM, USER]}),
    ("zhipu", "role", "chat", {"messages": [{**SYSTEM, "role": "developer"}, USER]}, {}),
    ("zhipu", "refused-parameter", "chat", {"max_completion_tokens": 9}, {"max_tokens": 9}),
    ("zhipu", "refused-parameter", "chat", {"user": "reader"}, {"user_id": "reader"}),
    ("zhipu", "refused-parameter", "chat", {"n": 1}, {}),
    ("zhipu", "tool-choice-none", "chat", {"tools": TOOLS, "tool_choice": "none"}, {}),
    (
        "zhipu",
        "tool-choice-required",
        "chat",
        {"tools": TOOLS, "tool_choice": "required"},
        {"tools": TOOLS, "tool_choice": "auto"},
    ),
    ("zhipu", "tool-choice-named", "chat", {"tools": TOOLS, "tool_choice": NAMED}, {}),
    ("zhipu", "tool-count", "chat", {"tools": TOOLS * 129}, {"tools": TOOLS * 128}),
    (
        "zhipu",
        "effort",
        "chat",
        {"model": "glm-5.3", "reasoning_effort": "medium"},
        {"model": "glm-5.3", "reasoning_effort": "high"},
    ),
    (
        "zhipu",
        "thinking-off",
        "chat",
        {"model": "glm-5.3", "thinking": {"type": "disabled"}},
        {"model": GLM, "thinking": {"type": "disabled"}},
    ),
    ("zhipu", "unknown-model", "chat", {"model": "glm-4"}, {"model": "glm-4.6"}),
    ("zhipu", "endpoint", "responses", {"model": GLM, "input": "a"}, {}),
    ("zhipu", "embedding-batch", "embeddings", {"input": ["a"] * 65}, {"input": ["a"] * 64}),
    ("zhipu", "embedding-dimensions", "embeddings", {"dimensions": 1536}, {"dimensions": 1024}),
    ("zhipu", "image-size", "images", {"size": "256x256"}, {"size": "1792x1024"}),
    ("zhipu", "image-size", "images", {"model": "glm-image", "size": "512x512"}, {}),
    ("zhipu", "image-quality", "images", {"quality": "high"}, {"quality": "hd"}),
    ("zhipu", "refused-parameter", "images", {"n": 2}, {}),
    ("zhipu", "speech-voice", "speech", {"voice": "alloy"}, {"voice": "jam"}),
    ("zhipu", "speech-text", "speech", {"input": "a" * 1025}, {"input": "a" * 1024}),
    ("zhipu", "media-format", "speech", {"response_format": "mp3"}, {"response_format": "pcm"}),
    ("zhipu", "out-of-range", "speech", {"speed": 4}, {"speed": 2}),
    (
        "zhipu",
        "batch-endpoint",
        "batches",
        {"endpoint": "/v1/chat/completions"},
        {"endpoint": "/v4/chat/completions"},
    ),
    ("qianfan", "unknown-model", "chat", {"model": "ernie-4.5-turbo"}, {}),
    ("qianfan", "stop-list", "chat", {"stop": "\n"}, {"stop": ["\n"]}),
    ("qianfan", "stop-list", "chat", {"stop": ["a" * 21]}, {"stop": ["a" * 20]}),
    ("qianfan", "out-of-range", "chat", {"seed": 0}, {"seed": 1}),
    ("qianfan", "out-of-range", "chat", {"max_tokens": 1}, {"max_tokens": 2}),
    ("qianfan", "out-of-range", "chat", {"temperature": 1.5}, {"temperature": 1}),
    ("qianfan", "refused-parameter", "chat", {"model": "ernie-5.0", "temperature": 1}, {}),
    ("qianfan", "empty-content", "chat", {"messages": [{"role": "user", "content": ""}]}, {}),
    ("qianfan", "embedding-batch", "embeddings", {"input": ["a"] * 17}, {"input": ["a"] * 16}),
    ("qianfan", "embedding-batch", "embeddings", {"model": "tao-8k", "input": ["a", "b"]}, {}),
    ("qianfan", "encoding-format", "embeddings", {"encoding_format": "base64"}, {}),
    (
        "qianfan",
        "out-of-range",
        "images",
        {"model": "qwen-image", "n": 2},
        {"model": "flux.1-schnell", "n": 4},
    ),
    (
        "qianfan",
        "batch-endpoint",
        "batches",
        {"endpoint": "/v1/chat/completions"},
        {"endpoint": "/v2/chat/completions"},
    ),
)
PATHS = {
    "chat": "/chat/completions",
    "responses": "/responses",
    "embeddings": "/embeddings",
    "images": "/images/generations",
    "speech": "/audio/speech",
    "batches": "/batches",
}
PLAIN: dict[tuple[str, str], dict[str, Any]] = {
    ("zhipu", "chat"): {"model": GLM, "messages": [USER]},
    ("zhipu", "embeddings"): {"model": "embedding-3", "input": "a", "encoding_format": "float"},
    ("zhipu", "images"): {"model": "cogview-4-250304", "prompt": "a cat"},
    ("zhipu", "speech"): {"model": "glm-tts", "input": "Hello.", "voice": "tongtong"},
    ("qianfan", "chat"): {"model": ERNIE, "messages": [USER]},
    ("qianfan", "embeddings"): {
        "model": "qwen3-embedding-0.6b",
        "input": "a",
        "encoding_format": "float",
    },
    ("qianfan", "images"): {"model": "qwen-image", "prompt": "a cat"},
}


def ask(emulator: Emulator, kind: str, body: dict[str, Any]) -> str:
    """The rule that a request breaks; "" where it is taken."""
    headers = {"authorization": f"Bearer {emulator.key}", "content-type": "application/json"}
    path = emulator.prefix + PATHS[kind]
    answer = emulator.respond("POST", path, headers, json.dumps(body).encode())
    return answer.refusal.rule if answer.refusal else ""


@pytest.mark.parametrize(("name", "rule", "kind", "refused", "taken"), CASES)
def test_what_breaks_a_rule_is_refused_and_what_keeps_it_is_taken(
    name: str, rule: str, kind: str, refused: dict[str, Any], taken: dict[str, Any]
) -> None:
    plain = PLAIN.get((name, kind), {})
    with Emulator(load_provider(name)) as emulator:
        assert ask(emulator, kind, {**plain, **refused}) == rule
        if plain or taken:
            assert ask(emulator, kind, {**plain, **taken}) == ""


@pytest.mark.parametrize(
    ("name", "error", "body"),
    [
        ("zhipu", openai.BadRequestError, {"code": "1211"}),
        ("qianfan", openai.AuthenticationError, {"code": "invalid_model"}),
    ],
)
def test_a_model_that_is_unknown_is_no_404(
    name: str, error: type[openai.APIStatusError], body: dict[str, str]
) -> None:
    with (
        Emulator(load_provider(name)) as emulator,
        openai.OpenAI(api_key=emulator.key, base_url=emulator.base_url) as client,
        pytest.raises(error) as caught,
    ):
        client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "a"}])
    assert isinstance(caught.value.body, dict)
    assert body.items() <= caught.value.body.items()
    assert "param" not in caught.value.body
