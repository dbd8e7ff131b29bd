"""The emulator's Responses API: answers, streams of events, and what it keeps of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from migrator.verification.answers import Reply, pieces


def as_chat(body: Mapping[str, Any], earlier: list[Any]) -> dict[str, Any]:
    """The chat request that says the same, for the text of the answer."""
    leading = [{"role": "system", "content": body.get("instructions") or ""}]
    messages = [_message(one) for one in [*earlier, *items_of(body)] if isinstance(one, dict)]
    tools = [one for one in body.get("tools") or () if isinstance(one, dict)]
    functions = [{"type": "function", "function": one} for one in tools if "name" in one]
    chat = {"model": body.get("model"), "messages": [*leading, *messages], "tools": functions}
    chat |= {name: body[name] for name in ("tool_choice", "parallel_tool_calls") if name in body}
    if body.get("max_output_tokens"):
        chat["max_completion_tokens"] = body["max_output_tokens"]
    format_ = (body.get("text") or {}).get("format") or {}
    if format_.get("type") == "json_object":
        chat["response_format"] = format_
    elif format_.get("type") == "json_schema":
        chat["response_format"] = {"type": "json_schema", "json_schema": format_}
    return chat


def items_of(body: Mapping[str, Any]) -> list[Any]:
    """The items of a request's input."""
    given = body.get("input")
    return given if isinstance(given, list) else [{"role": "user", "content": given or ""}]


def _message(entry: Mapping[str, Any]) -> dict[str, Any]:
    if entry.get("type") == "function_call_output":
        content = str(entry.get("output", ""))
        return {"role": "tool", "tool_call_id": entry.get("call_id"), "content": content}
    return {"role": entry.get("role", "assistant"), "content": entry.get("content") or ""}


def response(reply: Reply, body: Mapping[str, Any]) -> dict[str, Any]:
    """A finished response."""
    number = reply.id.rpartition("-")[2]
    output: list[dict[str, Any]] = []
    if reply.thinks:
        output.append({"type": "reasoning", "id": f"rs_{number}", "summary": []})
    for place, (name, arguments) in enumerate(reply.calls):
        call = {"type": "function_call", "id": f"fc_{number}_{place}", "status": "completed"}
        output.append(
            {**call, "call_id": f"call_{number}_{place}", "name": name, "arguments": arguments}
        )
    if not reply.calls:
        output.append(_said(number, reply.text, "completed"))
    usage = reply.usage
    return {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": reply.created,
        "status": "completed" if reply.finish != "length" else "incomplete",
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if reply.finish == "length" else None,
        "instructions": body.get("instructions"),
        "metadata": {},
        "model": reply.model,
        "output": output,
        "parallel_tool_calls": True,
        "previous_response_id": body.get("previous_response_id"),
        "temperature": body.get("temperature"),
        "tool_choice": body.get("tool_choice") or "auto",
        "tools": body.get("tools") or [],
        "top_p": body.get("top_p"),
        "usage": {
            "input_tokens": usage["prompt_tokens"],
            "output_tokens": usage["completion_tokens"],
            "total_tokens": usage["total_tokens"],
            "input_tokens_details": usage["prompt_tokens_details"],
            "output_tokens_details": usage["completion_tokens_details"],
            "x_details": [],
        },
    }


def _said(number: str, text: str, status: str) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": []}] if text else []
    return {
        "type": "message",
        "id": f"msg_{number}",
        "role": "assistant",
        "status": status,
        "content": content,
    }


# What of an item comes only by the events that follow it.
_BEGUN: Mapping[str, Mapping[str, Any]] = {
    "message": {"content": [], "status": "in_progress"},
    "function_call": {"arguments": "", "status": "in_progress"},
}


def events(finished: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The events of a stream that ends in a response."""
    for number, event in enumerate(_events(finished)):
        yield {**event, "sequence_number": number}


def _events(finished: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    started = {**finished, "status": "in_progress", "output": [], "usage": None}
    yield {"type": "response.created", "response": started}
    yield {"type": "response.in_progress", "response": started}
    for index, entry in enumerate(finished["output"]):
        begun = {**entry, **_BEGUN.get(entry["type"], {})}
        yield {"type": "response.output_item.added", "output_index": index, "item": begun}
        if entry["type"] == "message":
            yield from _text_events(index, entry)
        elif entry["type"] == "function_call":
            at = {"item_id": entry["id"], "output_index": index}
            arguments = entry["arguments"]
            yield {"type": "response.function_call_arguments.delta", **at, "delta": arguments}
            done = {**at, "arguments": arguments, "name": entry["name"]}
            yield {"type": "response.function_call_arguments.done", **done}
        yield {"type": "response.output_item.done", "output_index": index, "item": entry}
    yield {"type": f"response.{finished['status']}", "response": finished}


def _text_events(index: int, entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for place, part in enumerate(entry["content"]):
        at = {"item_id": entry["id"], "output_index": index, "content_index": place}
        empty = {**part, "text": ""}
        yield {"type": "response.content_part.added", **at, "part": empty}
        for piece in pieces(part["text"]):
            yield {"type": "response.output_text.delta", **at, "delta": piece, "logprobs": []}
        yield {"type": "response.output_text.done", **at, "text": part["text"], "logprobs": []}
        yield {"type": "response.content_part.done", **at, "part": part}
