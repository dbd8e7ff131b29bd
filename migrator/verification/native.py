"""The provider's own interface beside the OpenAI-compatible one: its requests and answers.

A request is read as the OpenAI-shaped one that asks the same, so that one set of rules holds for
both; the answer to that is put into the interface's own shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from migrator.providers import Native
from migrator.verification.answers import Reply, chunks, completion, count_words, vector
from migrator.verification.rules import Refusal
from migrator.verification.server import Response, frame

Body = Mapping[str, Any]

STREAM_HEADER, STREAM_WANTED = "x-dashscope-sse", "enable"
_OWN = ("result_format", "incremental_output")  # how the answer is told, nothing that is asked


def misshapen(body: Body) -> str:
    """What keeps a request from being read at all, or nothing."""
    given, wanted = body.get("input"), body.get("parameters", {})
    if not isinstance(given, dict) or not isinstance(wanted, dict):
        return "input and parameters must be objects"
    if "messages" in given and not isinstance(given["messages"], list):
        return "input.messages must be a list"
    if "texts" in given and not isinstance(given["texts"], list):
        return "input.texts must be a list"
    return ""


def as_chat(body: Body, *, streamed: bool) -> dict[str, Any]:
    """The chat request that asks the same."""
    wanted = {name: one for name, one in parameters(body).items() if name not in _OWN}
    messages = body["input"].get("messages")
    if messages is None:
        messages = [{"role": "user", "content": str(body["input"].get("prompt", ""))}]
    stream = {"stream": True} if streamed else {}
    return {**wanted, "model": body.get("model"), "messages": [*map(_message, messages)], **stream}


def as_embeddings(body: Body) -> dict[str, Any]:
    """The request for embeddings that asks the same."""
    request = {"model": body.get("model"), "input": body["input"].get("texts")}
    width = parameters(body).get("dimension")
    return request if width is None else {**request, "dimensions": width}


def parameters(body: Body) -> Mapping[str, Any]:
    """What is asked for beside the input."""
    found = body.get("parameters")
    return found if isinstance(found, dict) else {}


def _message(message: Any) -> Any:
    if not isinstance(message, dict) or not isinstance(message.get("content"), list):
        return message
    return {**message, "content": [*map(_part, message["content"])]}


def _part(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    if "image" in part:
        return {"type": "image_url", "image_url": {"url": part["image"]}}
    if "audio" in part:
        return {"type": "input_audio", "input_audio": {"data": part["audio"]}}
    if "video" in part:
        return {"type": "video_url", "video_url": {"url": part["video"]}}
    return {"type": "text", **part}


# -- answers --------------------------------------------------------------------------------------


def refused(found: Refusal, native: Native, request_id: str) -> Response:
    """An error, in the interface's words."""
    code = native.codes.get(found.code, found.code)
    value = {"code": code, "message": found.message, "request_id": request_id}
    return Response(found.status, value, refusal=found)


def answer(reply: Reply, body: Body, *, in_parts: bool, streamed: bool) -> Response:
    """The answer to a chat request: whole, or as the events of a stream.

    `in_parts`: content is a list of parts, as models that see answer.
    """
    if not streamed:
        choices = completion(reply)["choices"]
        return Response(
            value=_told([_choice(one, one["message"], in_parts) for one in choices], reply)
        )
    added = parameters(body).get("incremental_output")
    events = _added(reply) if added else _grown(reply)
    told = (_told([_choice(one, one["delta"], in_parts)], reply) for one in events)
    return Response(frames=(frame(number, one) for number, one in enumerate(told, 1)))


def _added(reply: Reply) -> Iterator[dict[str, Any]]:
    """What each event of a stream adds to one choice."""
    for chunk in chunks(reply, with_usage=False):
        yield from chunk["choices"]


def _grown(reply: Reply) -> Iterator[dict[str, Any]]:
    """Each choice as it has grown by an event: what is not asked for in pieces is told so."""
    grown: dict[int, dict[str, Any]] = {}
    for choice in _added(reply):
        before = grown.get(choice["index"], {"content": ""})
        delta = {name: one for name, one in choice["delta"].items() if one is not None}
        for name in ("content", "reasoning_content"):
            if name in delta or name in before:
                delta[name] = before.get(name, "") + delta.get(name, "")
        delta["tool_calls"] = _joined(before.get("tool_calls", []), delta.get("tool_calls", []))
        grown[choice["index"]] = delta
        yield {**choice, "delta": delta}


def _joined(before: list[Any], pieces: list[Any]) -> list[Any]:
    """Calls of tools with what arrived of them now."""
    calls = list(before)
    for piece in pieces:
        if piece["index"] == len(calls):
            calls.append(piece)
            continue
        kept = calls[piece["index"]]
        text = kept["function"]["arguments"] + piece["function"]["arguments"]
        calls[piece["index"]] = {**kept, "function": {**kept["function"], "arguments": text}}
    return calls


def _choice(choice: Body, said: Body, in_parts: bool) -> dict[str, Any]:
    text = said.get("content") or ""
    message = {"role": "assistant", "content": [{"text": text}] if in_parts else text}
    message |= {name: said[name] for name in ("reasoning_content", "tool_calls") if said.get(name)}
    finish = choice["finish_reason"] or "null"  # the word, until it is finished
    return {"index": choice["index"], "finish_reason": finish, "message": message}


def _told(choices: list[dict[str, Any]], reply: Reply) -> dict[str, Any]:
    usage = {
        "input_tokens": reply.usage["prompt_tokens"],
        "output_tokens": reply.usage["completion_tokens"],
        "total_tokens": reply.usage["total_tokens"],
    }
    return {"output": {"choices": choices}, "usage": usage, "request_id": reply.id}


def embedded(body: Body, width: int, request_id: str) -> Response:
    """The vectors of texts."""
    texts = [str(text) for text in body["input"]["texts"]]
    rows = [
        {"text_index": index, "embedding": vector(text, width)} for index, text in enumerate(texts)
    ]
    usage = {"total_tokens": sum(map(count_words, texts))}
    return Response(
        value={"output": {"embeddings": rows}, "usage": usage, "request_id": request_id}
    )
