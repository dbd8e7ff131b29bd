"""What the emulator says: deterministic chat answers, streams and vectors in OpenAI's shapes."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from migrator.verification.rules import text_of

TEXT = "This is an answer."
REASONING = "First the question is read, then an answer is found."
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_DEPTH = 12
_LISTED = 6


@dataclass(frozen=True)
class Reply:
    """The answer to a chat request, before it takes the shape of a completion or of a stream."""

    id: str
    model: str
    created: int
    text: str
    thinks: bool = False
    calls: tuple[tuple[str, str], ...] = ()
    choices: int = 1
    finish: str = "stop"
    logprobs: bool = False
    legacy_call: bool = False
    usage: Mapping[str, Any] = field(default_factory=dict)


def reply_to(
    body: Mapping[str, Any],
    *,
    number: int,
    created: int,
    thinks: bool = False,
    parallel: bool = True,
    text: str | None = None,
) -> Reply:
    """Answer a chat request. `text` is the answer's text where the caller has one.

    `parallel` says whether several functions are called at once where nothing is said of it.
    """
    messages = [one for one in body.get("messages") or () if isinstance(one, dict)]
    calls = () if text is not None else tuple(_calls(body, messages, parallel=parallel))
    said = text if text is not None else _default_text(body, messages)
    if calls:
        said, finish = "", "tool_calls"
    else:
        said, finish = _within_limit(body, said, thinks)
    prompt = sum(count_words(text_of(message.get("content"))) for message in messages)
    reasoning = count_words(REASONING) if thinks else 0
    output = count_words(said) + reasoning + sum(count_words(arguments) for _, arguments in calls)
    return Reply(
        id=f"chatcmpl-{number}",
        model=str(body.get("model", "")),
        created=created,
        text=said,
        thinks=thinks,
        calls=calls,
        choices=body.get("n") or 1,
        finish=finish,
        logprobs=bool(body.get("logprobs")),
        legacy_call="functions" in body,
        usage={
            "prompt_tokens": prompt,
            "completion_tokens": output,
            "total_tokens": prompt + output,
            "prompt_tokens_details": {"cached_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": reasoning},
        },
    )


def thinking_aloud(reply: Reply) -> Reply:
    """The answer of a model that thinks, where its thoughts stand in its text."""
    return replace(reply, thinks=False, text=f"<think>\n{REASONING}\n</think>\n\n{reply.text}")


def completion(reply: Reply) -> dict[str, Any]:
    """A chat completion."""
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or None}
    if not reply.calls:
        message["content"] = reply.text
    if reply.thinks:
        message["reasoning_content"] = REASONING
    if reply.calls and reply.legacy_call:
        name, arguments = reply.calls[0]
        message["function_call"] = {"name": name, "arguments": arguments}
    elif reply.calls:
        message["tool_calls"] = _tool_calls(reply)
    choice: dict[str, Any] = {"message": message, "finish_reason": _finish(reply)}
    choice["logprobs"] = _logprobs(reply.text) if reply.logprobs else None
    return {
        "id": reply.id,
        "object": "chat.completion",
        "created": reply.created,
        "model": reply.model,
        "system_fingerprint": None,
        "choices": [{"index": index, **choice} for index in range(reply.choices)],
        "usage": reply.usage,
    }


def chunks(reply: Reply, *, with_usage: bool) -> Iterator[dict[str, Any]]:
    """The chunks of a stream; with usage asked for, the last one has no choices."""
    for index in range(reply.choices):
        yield _chunk(reply, index, {"role": "assistant", "content": ""})
        for piece in pieces(REASONING) if reply.thinks else ():
            yield _chunk(reply, index, {"content": None, "reasoning_content": piece})
        for piece in pieces(reply.text):
            yield _chunk(reply, index, {"content": piece})
        for place, call in enumerate(_tool_calls(reply)):
            function = call["function"]
            opening = {**function, "arguments": ""}
            yield _chunk(
                reply, index, {"tool_calls": [{**call, "index": place, "function": opening}]}
            )
            rest = {"index": place, "function": {"arguments": function["arguments"]}}
            yield _chunk(reply, index, {"tool_calls": [rest]})
        yield _chunk(reply, index, {}, _finish(reply))
    if with_usage:
        yield {**_frame(reply), "choices": [], "usage": reply.usage}


def text_completion(reply: Reply) -> dict[str, Any]:
    """A completion of the endpoint that takes a prompt."""
    rows = [_text_choice(index, reply.text, reply.finish) for index in range(reply.choices)]
    return {**_frame(reply), "object": "text_completion", "choices": rows, "usage": reply.usage}


def text_chunks(reply: Reply) -> Iterator[dict[str, Any]]:
    """The chunks of such a completion's stream."""
    parts = pieces(reply.text)
    for index in range(reply.choices):
        for place, piece in enumerate(parts, 1):
            finish = reply.finish if place == len(parts) else None
            row = _text_choice(index, piece, finish)
            yield {**_frame(reply), "object": "text_completion", "choices": [row]}


def _text_choice(index: int, text: str, finish: str | None) -> dict[str, Any]:
    return {"index": index, "text": text, "finish_reason": finish, "logprobs": None}


def _frame(reply: Reply) -> dict[str, Any]:
    return {
        "id": reply.id,
        "object": "chat.completion.chunk",
        "created": reply.created,
        "model": reply.model,
        "system_fingerprint": None,
    }


def _chunk(
    reply: Reply, index: int, delta: Mapping[str, Any], finish: str | None = None
) -> dict[str, Any]:
    choice = {"index": index, "delta": delta, "finish_reason": finish, "logprobs": None}
    return {**_frame(reply), "choices": [choice], "usage": None}


def _finish(reply: Reply) -> str:
    return "function_call" if reply.calls and reply.legacy_call else reply.finish


def _tool_calls(reply: Reply) -> list[dict[str, Any]]:
    return [
        {
            "id": f"call_{reply.id.rpartition('-')[2]}_{place}",
            "type": "function",
            "function": {"name": name, "arguments": arguments},
        }
        for place, (name, arguments) in enumerate(reply.calls)
    ]


def _logprobs(text: str) -> dict[str, Any]:
    return {
        "content": [
            {"token": piece, "logprob": -0.1, "bytes": list(piece.encode()), "top_logprobs": []}
            for piece in pieces(text)
        ]
    }


def pieces(text: str) -> list[str]:
    """The words of a text, each with the blanks after it."""
    return re.findall(r"\S+\s*|\s+", text)


def count_words(text: str) -> int:
    """How many words a text has: what counts as tokens here."""
    return len(pieces(text))


def _within_limit(body: Mapping[str, Any], text: str, thinks: bool) -> tuple[str, str]:
    """The text cut to the caps of the request, and the finish reason.

    max_completion_tokens counts thinking too, so a low cap leaves an empty answer.
    """
    parts = pieces(text)
    cap = len(parts)
    if isinstance(body.get("max_tokens"), int):
        cap = min(cap, body["max_tokens"])
    if isinstance(body.get("max_completion_tokens"), int):
        spent = count_words(REASONING) if thinks else 0
        cap = min(cap, max(0, body["max_completion_tokens"] - spent))
    if cap >= len(parts):
        return text, "stop"
    return "".join(parts[:cap]), "length"


# -- tools and JSON ---------------------------------------------------------------------------


def _calls(
    body: Mapping[str, Any], messages: Sequence[Mapping[str, Any]], *, parallel: bool
) -> Iterator[tuple[str, str]]:
    """The functions an answer calls: the one that is forced, or those the prompt speaks of."""
    legacy = body.get("functions")
    given = legacy or [one.get("function") for one in body.get("tools") or () if _is_mapping(one)]
    functions = [one for one in given if _is_mapping(one)]
    choice = body.get("function_call") if legacy else body.get("tool_choice")
    if not functions or choice == "none":
        return
    forced = _forced_name(choice)
    if forced:
        wanted = [one for one in functions if one.get("name") == forced]
    elif choice == "required":
        done = {name for message in messages for name in _called(message)}
        wanted = [one for one in functions if one.get("name") not in done][:1] or functions[-1:]
    elif messages and messages[-1].get("role") == "user":
        prompt = set(_words(text_of(messages[-1].get("content"))))
        wanted = [one for one in functions if prompt & set(_words(str(one.get("name", ""))))]
        asked = body.get("parallel_tool_calls")
        if not (parallel if asked is None else asked):
            wanted = wanted[:1]
    else:
        wanted = []
    for function in wanted:
        schema = function.get("parameters") or {"type": "object"}
        yield str(function["name"]), json.dumps(instance(schema), ensure_ascii=False)


def _called(message: Mapping[str, Any]) -> Iterator[str]:
    """The functions that a turn of the model called."""
    for call in message.get("tool_calls") or ():
        if _is_mapping(call) and _is_mapping(call.get("function")):
            yield str(call["function"].get("name"))


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _forced_name(choice: Any) -> str:
    if not isinstance(choice, dict):
        return ""
    function = choice.get("function")
    return str(function.get("name", "") if isinstance(function, dict) else choice.get("name", ""))


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text) if len(word) > 3]


def _default_text(body: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]) -> str:
    form = body.get("response_format")
    kind = form.get("type") if isinstance(form, dict) else None
    if kind == "json_schema":
        assert isinstance(form, dict)
        schema = (form.get("json_schema") or {}).get("schema") or {}
        return json.dumps(instance(schema), ensure_ascii=False)
    if kind == "json_object":
        schema = next(_schemas(messages), {"type": "object", "properties": {"answer": {}}})
        return json.dumps(instance(schema), ensure_ascii=False)
    return TEXT


def _schemas(messages: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The JSON schemas that stand in the prompts, last message first."""
    decoder = json.JSONDecoder()
    for message in reversed(messages):
        text = text_of(message.get("content"))
        for match in re.finditer(r"\{", text[:100_000]):
            try:
                found, _ = decoder.raw_decode(text, match.start())
            except (ValueError, RecursionError):
                continue
            if isinstance(found, dict) and isinstance(found.get("properties"), dict):
                yield found


def instance(schema: Any, root: Any = None, depth: int = 0) -> Any:
    """A small value that satisfies a JSON schema of the kinds structured output takes."""
    root = schema if root is None else root
    if not isinstance(schema, dict) or depth > _DEPTH:
        return "text"
    if "$ref" in schema:
        return instance(_resolve(str(schema["$ref"]), root), root, depth + 1)
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for union in ("anyOf", "oneOf"):
        if schema.get(union):
            return instance(schema[union][0], root, depth + 1)
    if schema.get("allOf"):
        parts = [instance(part, root, depth + 1) for part in schema["allOf"]]
        merged: dict[str, Any] = {}
        for part in parts:
            merged |= part if isinstance(part, dict) else {}
        return merged or parts[0]
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = kind[0]
    if kind == "object" or "properties" in schema:
        return _object(schema, root, depth)
    if kind == "array":
        count = max(int(schema.get("minItems", 0)), _items(schema, depth))
        return [instance(schema.get("items", {}), root, depth + 1) for _ in range(min(count, 100))]
    if kind in ("integer", "number"):
        return _number(schema, whole=kind == "integer")
    if kind == "boolean":
        return False
    if kind == "null":
        return None
    return _string(schema)


def _items(schema: Mapping[str, Any], depth: int) -> int:
    """How many items a list has that may be empty: one, unless a schema holds itself again."""
    return 1 if depth < _LISTED and schema.get("maxItems", 1) else 0


def _object(schema: Mapping[str, Any], root: Any, depth: int) -> dict[str, Any]:
    properties = schema.get("properties") or {}
    names = schema.get("required") or properties
    return {name: instance(properties.get(name, {}), root, depth + 1) for name in names}


def _number(schema: Mapping[str, Any], *, whole: bool) -> float:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None and "exclusiveMinimum" in schema:
        low = schema["exclusiveMinimum"] + (1 if whole else 0.5)
    value = low if low is not None else (min(1, high) if high is not None else 1)
    step = schema.get("multipleOf")
    if step:
        value = math.ceil(value / step) * step
    return int(value) if whole else float(value)


_FORMATS = {
    "date-time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "time": "00:00:00Z",
    "duration": "P1D",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uri": "https://example.com",
}


def _string(schema: Mapping[str, Any]) -> str:
    text = _FORMATS.get(str(schema.get("format")), "text")
    least = min(int(schema.get("minLength", 0)), 10_000)
    most = schema.get("maxLength")
    return text.ljust(least, "x")[: most if most is not None else None]


def _resolve(reference: str, root: Any) -> Any:
    found = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        if step and isinstance(found, dict):
            found = found.get(step.replace("~1", "/").replace("~0", "~"), {})
    return found


# -- embeddings -------------------------------------------------------------------------------


def embeddings(
    model: str, inputs: Sequence[str], dimensions: int, *, encoded: bool
) -> dict[str, Any]:
    """An embeddings answer: the same text always has the same vector."""
    rows = [vector(text, dimensions) for text in inputs]
    tokens = sum(count_words(text) for text in inputs)
    return {
        "object": "list",
        "model": model,
        "data": [
            {
                "object": "embedding",
                "index": index,
                "embedding": _encode(row) if encoded else row,
            }
            for index, row in enumerate(rows)
        ],
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def vector(text: str, dimensions: int) -> list[float]:
    """A unit vector made from the text."""
    stream = hashlib.shake_256(text.encode()).digest(dimensions * 2)
    values = [number / 32768 - 1 for (number,) in struct.iter_unpack("<H", stream)]
    length = math.sqrt(sum(value * value for value in values)) or 1.0
    return [value / length for value in values]


def _encode(row: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(row)}f", *row)).decode("ascii")
