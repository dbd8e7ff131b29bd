"""What providers are strict about beyond Bailian: what is refused, and how it is taken."""

from __future__ import annotations

import json
from typing import Any

import pytest

from migrator.providers import load_provider
from migrator.verification.emulator import Emulator

USER = {"role": "user", "content": "Which city is the largest? Answer in JSON."}
TOOL = {
    "type": "function",
    "function": {
        "name": "largest_city",
        "parameters": {"type": "object", "properties": {"name": {"type": "string"}}},
    },
}
NAMED = {"type": "function", "function": {"name": "largest_city"}}
CALLS = [
    {"id": "call_1", "type": "function", "function": {"name": "largest_city", "arguments": "{}"}}
]
ANSWERED = {"role": "tool", "tool_call_id": "call_1", "content": "Tokyo"}
THOUGHT = {"reasoning_content": "Cities are compared."}
OFF = {"thinking": {"type": "disabled"}}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "city", "schema": {"type": "object"}}}
LINK = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
DATA = {"type": "image_url", "image_url": {"url": "data:image/png;base64,aaaa"}}


def turn(content: Any = None, **more: Any) -> list[Any]:
    return [USER, {"role": "assistant", "content": content, "tool_calls": CALLS, **more}, ANSWERED]


def said(*content: Any, role: str = "user") -> list[Any]:
    return [{"role": role, "content": list(content)}]


def tool(name: str = "largest_city", **parameters: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


KIMI, OLD, CODE = "kimi-k3.1-pro", "kimi-k2.6", "kimi-k2.7-code"
FLASH, PRO = "deepseek-flash", "deepseek-v4-pro"

# provider, rule, model, what breaks it, what keeps it
CASES: tuple[tuple[str, str, str, dict[str, Any], dict[str, Any]], ...] = (
    ("moonshot", "refused-parameter", KIMI, {"temperature": 0.2}, {}),
    ("moonshot", "refused-parameter", KIMI, {"top_p": 0.9}, {"reasoning_effort": "low"}),
    ("moonshot", "refused-parameter", KIMI, {"user": "u-1"}, {"safety_identifier": "u-1"}),
    ("moonshot", "refused-parameter", KIMI, {"presence_penalty": 1}, {"nobody_names_it": 1}),
    ("moonshot", "out-of-range", KIMI, {"n": 2}, {"n": 1}),
    ("moonshot", "tool-choice-named", KIMI, {"tool_choice": NAMED}, {"tool_choice": "required"}),
    ("moonshot", "tool-choice-named", OLD, {"tool_choice": NAMED}, {"tool_choice": NAMED, **OFF}),
    ("moonshot", "tool-choice-required", OLD, {"tool_choice": "required"}, {"tool_choice": "auto"}),
    ("moonshot", "reasoning-content", KIMI, {"messages": turn()}, {"messages": turn(**THOUGHT)}),
    ("moonshot", "reasoning-content", OLD, {"messages": turn()}, {"messages": turn(), **OFF}),
    (
        "moonshot",
        "empty-content",
        KIMI,
        {"messages": turn("", **THOUGHT)},
        {"messages": turn(**THOUGHT)},
    ),
    ("moonshot", "image-url", KIMI, {"messages": said(LINK)}, {"messages": said(DATA)}),
    ("moonshot", "effort", KIMI, {"reasoning_effort": "medium"}, {"reasoning_effort": "high"}),
    ("moonshot", "effort", OLD, {"reasoning_effort": "low"}, {}),
    ("moonshot", "thinking-switch", KIMI, OFF, {}),
    ("moonshot", "thinking-switch", CODE, OFF, {}),
    ("moonshot", "tool-name", KIMI, {"tools": [tool("go")]}, {"tools": [tool("run")]}),
    ("moonshot", "tool-count", KIMI, {"tools": [TOOL] * 129}, {"tools": [TOOL] * 128}),
    (
        "moonshot",
        "tool-schema",
        KIMI,
        {"tools": [tool(type="object", properties={"a": {"$ref": "#/$defs/A"}})]},
        {"tools": [tool(type="object", properties={"a": {"enum": ["b"]}})]},
    ),
    ("moonshot", "tool-schema", KIMI, {"tools": [tool(type=["object", "null"])]}, {}),
    ("moonshot", "tool-schema", KIMI, {"tools": [tool(properties={})]}, {"tools": [tool()]}),
    ("deepseek", "refused-parameter", FLASH, {"max_completion_tokens": 9}, {"max_tokens": 9}),
    ("deepseek", "refused-parameter", FLASH, {"user": "u-1"}, {"user_id": "u-1"}),
    ("deepseek", "out-of-range", FLASH, {"temperature": 3, **OFF}, {"temperature": 2, **OFF}),
    ("deepseek", "tool-choice-named", FLASH, {"tool_choice": NAMED}, {"tool_choice": NAMED, **OFF}),
    (
        "deepseek",
        "tool-choice-required",
        FLASH,
        {"tool_choice": "required"},
        {"tool_choice": "required", **OFF},
    ),
    ("deepseek", "reasoning-content", PRO, {"messages": turn()}, {"messages": turn(), **OFF}),
    (
        "deepseek",
        "json-schema-model",
        FLASH,
        {"response_format": SCHEMA},
        {"response_format": {"type": "json_object"}},
    ),
    ("deepseek", "image-on-text-model", PRO, {"messages": said(DATA)}, {}),
    ("deepseek", "stop-count", FLASH, {"stop": ["a"] * 17}, {"stop": "a"}),
    ("moonshot", "stop-count", KIMI, {"stop": ["a"] * 6}, {"stop": ["a"] * 5}),
    ("deepseek", "unknown-model", "deepseek-chat", {}, {"model": FLASH}),
    (
        "deepseek",
        "content-string",
        FLASH,
        {"messages": [USER, *said({"type": "text", "text": "a"}, role="assistant")]},
        {"messages": said({"type": "text", "text": "a"})},
    ),
    (
        "deepseek",
        "role",
        FLASH,
        {"messages": [{"role": "developer", "content": "a"}]},
        {"messages": [{"role": "system", "content": "a"}]},
    ),
)


def ask(emulator: Emulator, model: str, given: dict[str, Any]) -> Any:
    headers = {"authorization": f"Bearer {emulator.key}", "content-type": "application/json"}
    body = {"model": model, "messages": [USER], "tools": [TOOL], **given}
    path = f"{emulator.prefix}/chat/completions"
    return emulator.respond("POST", path, headers, json.dumps(body).encode())


@pytest.mark.parametrize(("provider", "rule", "model", "bad", "good"), CASES)
def test_a_rule_refuses_what_breaks_it_and_takes_what_keeps_it(
    provider: str, rule: str, model: str, bad: dict[str, Any], good: dict[str, Any]
) -> None:
    emulator = Emulator(load_provider(provider))
    refused = ask(emulator, model, bad).refusal
    assert refused is not None
    assert refused.rule == rule, refused.message
    assert refused.sources
    taken = ask(emulator, model, good)
    assert taken.refusal is None, taken.refusal
    assert taken.status == 200


@pytest.mark.parametrize(("provider", "calls"), [("bailian", 1), ("moonshot", 2)])
def test_several_tools_are_called_at_once_where_that_is_the_default(
    provider: str, calls: int
) -> None:
    emulator = Emulator(load_provider(provider))
    tools = [tool("city"), tool("largest")]
    model = {"bailian": "qwen-plus", "moonshot": KIMI}[provider]
    answer = ask(emulator, model, {"tools": tools}).value
    assert len(answer["choices"][0]["message"]["tool_calls"]) == calls
