"""What each endpoint of the emulator answers once a request broke no rule."""

from __future__ import annotations

import base64
import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from migrator.providers import Provider
from migrator.verification import batches, responses, rules
from migrator.verification.answers import (
    Reply,
    chunks,
    completion,
    embeddings,
    reply_to,
    text_chunks,
    text_completion,
    thinking_aloud,
)
from migrator.verification.media import PICTURE, sound
from migrator.verification.rules import Refusal, Request
from migrator.verification.server import Response
from migrator.verification.storage import Storage

Answers = Callable[[Mapping[str, Any]], "str | None"]


@dataclass(frozen=True, slots=True)
class Call:
    """A request as a handler sees it: the body, and the ids that stand in its path."""

    body: Mapping[str, Any]
    ids: tuple[str, ...] = ()
    content: bytes = b""


class Endpoints(ABC):
    """A handler for each endpoint, and what they keep: files, batches, responses."""

    def __init__(self, provider: Provider, key: str, answers: Answers | None) -> None:
        self.provider = provider
        self.key = key
        self._answers = answers
        self._numbers = count(1)
        self._files: Storage[tuple[dict[str, Any], bytes]] = Storage()
        self._kept: Storage[tuple[dict[str, Any], list[Any]]] = Storage()
        self._batches: Storage[dict[str, Any]] = Storage()

    @property
    @abstractmethod
    def prefix(self) -> str:
        """The path below which the API lives."""

    @property
    @abstractmethod
    def base_url(self) -> str:
        """The base URL for a client."""

    @abstractmethod
    def respond(
        self, method: str, path: str, headers: Mapping[str, str], content: bytes
    ) -> Response:
        """Answer one request."""

    @abstractmethod
    def _refused(self, found: Refusal) -> Response: ...

    @abstractmethod
    def _refusal(self, rule: str, **values: Any) -> Refusal: ...

    def _request_id(self) -> str:
        return f"request-{next(self._numbers)}"

    @property
    def _parallel(self) -> bool:
        """Whether functions are called at once unless that is switched off, as at OpenAI."""
        return not self.provider.chat_parameter("parallel_tool_calls").default_here

    def _thinks(self, body: Mapping[str, Any]) -> bool:
        return Request(self.provider, rules.CHAT, body).thinks

    def _chat(self, call: Call) -> Response:
        body = {name: value for name, value in call.body.items() if value is not None}
        reply = self._reply(body)
        if reply.thinks and not Request(self.provider, rules.CHAT, body).splits:
            reply = thinking_aloud(reply)
        if not body.get("stream"):
            return Response(value=completion(reply))
        options = body.get("stream_options")
        usage = isinstance(options, dict) and bool(options.get("include_usage"))
        events = chunks(reply, with_usage=usage)
        if self.provider.usage_throughout:
            events = ({**one, "usage": reply.usage} for one in events)
        return Response(events=events)

    def _reply(self, body: Mapping[str, Any]) -> Reply:
        return reply_to(
            body,
            number=next(self._numbers),
            created=int(time.time()),
            thinks=self._thinks(body),
            parallel=self._parallel,
            text=self._answers(body) if self._answers else None,
        )

    def _complete(self, call: Call) -> Response:
        prompt = {"messages": [{"role": "user", "content": call.body.get("prompt")}]}
        created = int(time.time())
        reply = reply_to(
            {**call.body, **prompt},
            number=next(self._numbers),
            created=created,
            text=self._answers(call.body) if self._answers else None,
        )
        if call.body.get("stream"):
            return Response(events=text_chunks(reply))
        return Response(value=text_completion(reply))

    def _respond_to(self, call: Call) -> Response:
        body = call.body
        earlier: list[Any] = []
        previous = body.get("previous_response_id")
        if previous is not None:
            found = self._kept.get(str(previous))
            if found is None:
                return self._missing(str(previous))
            earlier = [*found[1], *found[0]["output"]]
        chat = responses.as_chat(body, earlier)
        reply = reply_to(
            chat,
            number=next(self._numbers),
            created=int(time.time()),
            thinks=self._reasons(body),
            parallel=self._parallel,
            text=self._answers(body) if self._answers else None,
        )
        finished = responses.response(reply, body)
        if body.get("store") is not False:
            items = [*earlier, *responses.items_of(body)]
            size = len(json.dumps([finished, items]))
            self._kept.add(finished["id"], (finished, items), size)
        if body.get("stream"):
            return Response(events=responses.events(finished))
        return Response(value=finished)

    def _reasons(self, body: Mapping[str, Any]) -> bool:
        """Whether the model of a response will think: by default, and unless it is asked not to."""
        reasoning = body.get("reasoning")
        effort = reasoning.get("effort") if isinstance(reasoning, dict) else None
        off = self.provider.efforts_off | {"none"}
        model = self.provider.model(str(body.get("model", "")))
        return model is not None and model.thinking_default and effort not in off

    def _get_response(self, call: Call) -> Response:
        found = self._kept.get(call.ids[0])
        return Response(value=found[0]) if found else self._missing(call.ids[0])

    def _delete_response(self, call: Call) -> Response:
        found = self._kept.remove(call.ids[0])
        value = {"id": call.ids[0], "object": "response", "deleted": True}
        return Response(value=value) if found else self._missing(call.ids[0])

    def _response_items(self, call: Call) -> Response:
        found = self._kept.get(call.ids[0])
        return Response(value=_page(found[1])) if found else self._missing(call.ids[0])

    def _width(self, model_id: str) -> int:
        model = self.provider.model(model_id)
        return (model.default_dimension if model else None) or 1024

    def _embed(self, call: Call) -> Response:
        given = call.body.get("input")
        inputs = [given] if isinstance(given, str) else [str(row) for row in given or ()]
        width = call.body.get("dimensions") or self._width(str(call.body.get("model")))
        encoded = call.body.get("encoding_format") == "base64"
        return Response(
            value=embeddings(str(call.body.get("model")), inputs, width, encoded=encoded)
        )

    def _embed_one(self, call: Call) -> Response:
        """One vector, as an object and in no list."""
        (part,) = call.body["input"]
        made = self._embed(Call({**call.body, "input": part["text"]})).value
        return Response(value={**made, "data": made["data"][0]})

    def _model_ids(self) -> Iterable[str]:
        return (model.id for model in self.provider.models())

    def _list_models(self, call: Call) -> Response:
        return Response(value=_page([_model(name) for name in self._model_ids()]))

    def _get_model(self, call: Call) -> Response:
        if call.ids[0] in self._model_ids():
            return Response(value=_model(call.ids[0]))
        return self._refused(self._refusal("unknown-model", model=call.ids[0]))

    def _draw(self, call: Call) -> Response:
        name = self.provider.parameter(rules.IMAGES, "n").name_there or "n"
        count = str(call.body.get(name) or 1)  # a text, where it comes by a form
        pictures = [self._picture(call) for _ in range(int(count) if count.isdigit() else 1)]
        if field := self.provider.pictures:
            return Response(value={field.path[0]: pictures, "timings": {"inference": 0.1}})
        return Response(value={"created": int(time.time()), "data": pictures})

    def _picture(self, call: Call) -> dict[str, str]:
        if call.body.get("response_format") == "b64_json":
            return {"b64_json": base64.b64encode(PICTURE).decode("ascii")}
        return {"url": f"{self.base_url}/pictures/{next(self._numbers)}.png"}

    def _make(self, call: Call) -> Response:
        """Speech or pictures of the provider's own interface: links to what was made."""
        model = self.provider.model(str(call.body.get("model")))
        if model is not None and model.kind == "tts":
            link = f"{self.base_url}/sounds/{next(self._numbers)}.wav"
            output: dict[str, Any] = {"audio": {"url": link, "data": ""}, "finish_reason": "stop"}
        else:
            count = call.body.get("parameters", {}).get("n") or 1
            content = [{"image": self._picture(call)["url"]} for _ in range(count)]
            message = {"role": "assistant", "content": content}
            output = {"choices": [{"finish_reason": "stop", "message": message}]}
        value = {"output": output, "usage": {}, "request_id": self._request_id()}
        return Response(value=value)

    def _transcribe(self, call: Call) -> Response:
        if call.body.get("response_format") == "text":
            return Response(raw=b"Hello.\n")
        return Response(value={"text": "Hello."})

    def _speak(self, call: Call) -> Response:
        return Response(raw=sound())

    def _moderate(self, call: Call) -> Response:
        given = call.body.get("input")
        rows = given if isinstance(given, list) else [given]
        verdict = {"flagged": False, "categories": {}, "category_scores": {}}
        name = f"moderation-{next(self._numbers)}"
        value = {"id": name, "model": call.body.get("model"), "results": [verdict for _ in rows]}
        return Response(value=value)

    def _upload(self, call: Call) -> Response:
        content = call.body.get("file")
        data = content.encode() if isinstance(content, str) else b""
        name, purpose = (str(call.body.get(one, "")) for one in ("filename", "purpose"))
        return Response(value=self._keep(data, name, purpose))

    def _keep(self, content: bytes, name: str, purpose: str) -> dict[str, Any]:
        """Store a file. Gives what is told of it."""
        entry = {
            "id": f"file-{next(self._numbers)}",
            "object": "file",
            "bytes": len(content),
            "created_at": int(time.time()),
            "filename": name,
            "purpose": purpose,
            "status": "processed",
        }
        self._files.add(str(entry["id"]), (entry, content), len(content))
        return entry

    def _list_files(self, call: Call) -> Response:
        return Response(value=_page([entry for entry, _ in self._files.values()]))

    def _get_file(self, call: Call) -> Response:
        found = self._files.get(call.ids[0])
        return Response(value=found[0]) if found else self._missing(call.ids[0])

    def _read_file(self, call: Call) -> Response:
        found = self._files.get(call.ids[0])
        return Response(raw=found[1]) if found else self._missing(call.ids[0])

    def _delete_file(self, call: Call) -> Response:
        found = self._files.remove(call.ids[0])
        value = {"id": call.ids[0], "object": "file", "deleted": True}
        return Response(value=value) if found else self._missing(call.ids[0])

    def _create_batch(self, call: Call) -> Response:
        batch = {
            "id": f"batch-{next(self._numbers)}",
            "object": "batch",
            "endpoint": call.body.get("endpoint"),
            "input_file_id": call.body.get("input_file_id"),
            "completion_window": call.body.get("completion_window"),
            "created_at": int(time.time()),
            "status": self._status("validating"),
        }
        self._batches.add(str(batch["id"]), batch, len(json.dumps(batch)))
        return Response(value=batch)

    def _list_batches(self, call: Call) -> Response:
        return Response(value=_page(self._batches.values()))

    def _get_batch(self, call: Call) -> Response:
        found = self._batches.get(call.ids[0])
        if found and found["status"] == self._status("validating"):
            self._finish(found)
        return Response(value=found) if found else self._missing(call.ids[0])

    def _finish(self, batch: dict[str, Any]) -> None:
        """Carry a batch out: what is refused of its rows is among the refused requests."""
        _, content = self._files.get(str(batch["input_file_id"])) or ({}, b"")
        done = batches.carry_out(content, str(batch["endpoint"]), self._ask)
        files = {"output_file_id": done.answered, "error_file_id": done.failed}
        for name, lines in files.items():
            if lines:
                content = "\n".join(lines).encode()
                batch[name] = self._keep(content, f"{batch['id']}.jsonl", "batch_output")["id"]
        batch |= {"status": self._status("completed"), "request_counts": done.counts}

    def _ask(self, url: str, body: Mapping[str, Any]) -> Response:
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        path = self.prefix + self._route_of(url)
        return self.respond("POST", path, headers, json.dumps(body).encode())

    def _status(self, word: str) -> str:
        """What the provider calls a status of batches."""
        fields = self.provider.answer_fields("batches")
        names = [dict(one.values_there) for one in fields if one.path == ("status",)]
        return names[0].get(word, word) if names else word

    def _route_of(self, url: str) -> str:
        """The path below the base URL that a row of a batch names by a path of its own."""
        names = dict(self.provider.parameter("batches.create", "endpoint").values_there)
        usual = next((one for one, there in names.items() if there == url), url)
        return usual.removeprefix("/v1")

    def _cancel_batch(self, call: Call) -> Response:
        found = self._batches.get(call.ids[0])
        if not found:
            return self._missing(call.ids[0])
        found["status"] = self._status("cancelling")
        return Response(value=found)

    def _missing(self, name: str) -> Response:
        return self._refused(Refusal("missing", 404, "not_found", f"there is no {name}"))


def _page(entries: list[Any]) -> dict[str, Any]:
    return {"object": "list", "data": entries, "has_more": False}


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "system"}
