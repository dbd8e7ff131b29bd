"""A strict local stand-in for a provider: answers as its profile says, refuses what it refuses.

    with Emulator(load_provider("bailian")) as emulator:
        subprocess.run(program, env={**os.environ, **emulator.environment()})
        assert not emulator.refused

It listens on the loopback address only and is made of the standard library alone.
"""

from __future__ import annotations

import base64
import hmac
import io
import json
import re
import threading
import time
import wave
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from itertools import count
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from migrator.providers import Native, Provider, Rule
from migrator.verification import batches, native, responses, rules
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
from migrator.verification.rules import Refusal, Request, refusal, refuse
from migrator.verification.server import Response, Server, UnreadableError, read_body

MAX_EXCHANGES = 1_000
MAX_KEPT_BODY = 64 * 1024
MAX_STORED = 1_000
MAX_STORED_BYTES = 64 * 1024 * 1024

Answers = Callable[[Mapping[str, Any]], "str | None"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what became of it. No header is kept, so no key is.

    `body` holds the fields of the request, and is empty where they were too long to keep.
    """

    method: str
    path: str
    status: int
    body: Any = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A request as a handler sees it: the body, and the ids that stand in its path."""

    body: Mapping[str, Any]
    ids: tuple[str, ...] = ()
    content: bytes = b""


@dataclass
class _Files:
    """The uploaded files, the oldest forgotten when there are too many or they are too large."""

    stored: dict[str, tuple[dict[str, Any], bytes]] = field(default_factory=dict)
    size: int = 0

    def add(self, entry: dict[str, Any], content: bytes) -> None:
        while self.stored and (
            len(self.stored) >= MAX_STORED or self.size + len(content) > MAX_STORED_BYTES
        ):
            self.remove(next(iter(self.stored)))
        self.stored[entry["id"]] = (entry, content)
        self.size += len(content)

    def remove(self, name: str) -> bool:
        """Forget a file. Says whether there was one."""
        found = self.stored.pop(name, None)
        if found is not None:
            self.size -= len(found[1])
        return found is not None


class Emulator:
    """A provider's endpoint on this machine, as a context manager.

    `key` is the one key that is accepted. `answers` may give the text of a chat answer for a
    request's body, or None for the usual one. `failing` are the statuses that the first requests
    are answered with: those of errors, whatever is asked, and 200 for what is answered. Raises
    OSError where the port is taken.
    """

    def __init__(
        self,
        provider: Provider,
        *,
        key: str = "sk-emulator",
        port: int = 0,
        answers: Answers | None = None,
        failing: Iterable[int] = (),
    ) -> None:
        self.provider = provider
        self.key = key
        self._port = port
        self._answers = answers
        self._failing = deque(failing)
        self._exchanges: deque[Exchange] = deque(maxlen=MAX_EXCHANGES)
        self._refusals: deque[Exchange] = deque(maxlen=MAX_EXCHANGES)
        self._numbers = count(1)
        self._files = _Files()
        self._kept = responses.Kept()
        self._batches: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        self._server: Server | None = None

    # -- using it ------------------------------------------------------------------------------

    def __enter__(self) -> Emulator:
        self._server = Server(self._port, self.respond)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def prefix(self) -> str:
        """The path below which the API lives, as in the provider's own base URL."""
        return urlsplit(self.provider.base_url()).path.rstrip("/")

    @property
    def base_url(self) -> str:
        """The base URL for a client. Raises RuntimeError outside the `with` block."""
        if self._server is None:
            raise RuntimeError("the emulator is not running: use it as a context manager")
        return f"http://127.0.0.1:{self._server.server_port}{self.prefix}"

    def environment(self) -> dict[str, str]:
        """The variables that point a migrated program here."""
        return {
            self.provider.key_variable: self.key,
            self.provider.base_url_variable: self.base_url,
        }

    @property
    def requests(self) -> list[Exchange]:
        """The last exchanges, oldest first."""
        with self._lock:
            return list(self._exchanges)

    @property
    def refused(self) -> list[Exchange]:
        """The last exchanges that ended in a refusal; accepted ones never push them out."""
        with self._lock:
            return list(self._refusals)

    # -- answering -----------------------------------------------------------------------------

    def respond(
        self, method: str, path: str, headers: Mapping[str, str], content: bytes
    ) -> Response:
        """Answer one request, and remember the exchange."""
        body: Mapping[str, Any] = {}
        try:
            body = read_body(headers.get("content-type", ""), content)
            response = self._respond(method, path, headers, Call(body, content=content))
        except UnreadableError as error:
            response = self._refused(_malformed(str(error)))
        kept = dict(body) if len(content) <= MAX_KEPT_BODY else {}
        exchange = Exchange(method, path, response.status, kept, response.refusal)
        with self._lock:
            self._exchanges.append(exchange)
            if exchange.refusal is not None:
                self._refusals.append(exchange)
        return response

    def _respond(self, method: str, path: str, headers: Mapping[str, str], call: Call) -> Response:
        if method == "GET" and (made := _MADE.fullmatch(path.removeprefix(self.prefix))):
            return Response(raw=_PNG if made["kind"] == "png" else _sound())  # links need no key
        status = self._failing.popleft() if self._failing else HTTPStatus.OK
        if status != HTTPStatus.OK:
            return self._failed(status, path)
        bearer = headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not hmac.compare_digest(bearer.encode(), self.key.encode()):
            return self._refused(self._refusal("foreign-key"))
        single = self.provider.single_vectors
        if single and method == "POST" and path == self.prefix + single.path:
            found = refuse(Request(self.provider, rules.SINGLE, call.body))
            return self._refused(found) if found else self._embed_one(call)
        own = self.provider.native
        if own and path.startswith(self._native + "/"):
            streamed = headers.get(native.STREAM_HEADER) == native.STREAM_WANTED
            answered = self._respond_natively(own, path.removeprefix(self._native), call, streamed)
            found = answered.refusal
            return native.refused(found, own, self._request_id()) if found else answered
        route = path.removeprefix(self.prefix)
        for wanted, pattern, api, handler in _ROUTES:
            match = pattern.fullmatch(route) if path.startswith(self.prefix) else None
            if match and wanted == method:
                found = self._misshapen(api, call.body) or self._check(api, call.body)
                if found:
                    return self._refused(found)
                return handler(self, Call(call.body, match.groups(), call.content))
        return self._refused(self._no_route(route))

    def _misshapen(self, api: str, body: Mapping[str, Any]) -> Refusal | None:
        found = rules.misshapen(api, body)
        return _malformed(found) if found else None

    def _check(self, api: str, body: Mapping[str, Any]) -> Refusal | None:
        endpoint = self.provider.endpoint(api)
        if not endpoint.is_served:
            return self._refusal("endpoint", detail=endpoint.detail, sources=endpoint.sources)
        family = api.removesuffix(".create") if api != rules.FILES else api
        return refuse(Request(self.provider, family, body))

    def _no_route(self, route: str) -> Refusal:
        endpoint = self.provider.endpoint(_api_of(route))
        if endpoint.is_served:
            return Refusal(
                "not-played",
                501,
                "not_implemented",
                f"the provider has {route}, the emulator does not play it",
                endpoint.sources,
            )
        return self._refusal("endpoint", detail=endpoint.detail, sources=endpoint.sources)

    def _refusal(self, rule: str, **values: Any) -> Refusal:
        known = self.provider.rules.get(rule) or _PLAIN_RULES[rule]
        return refusal(known, **values)

    def _refused(self, found: Refusal) -> Response:
        values = {
            "{status}": str(found.status),
            "{code}": found.code,
            "{number}": int(found.code) if found.code.isdecimal() else found.code,
            "{message}": found.message,
            "{id}": self._request_id(),
        }
        return Response(found.status, _filled(self.provider.error_body, values), refusal=found)

    def _failed(self, status: int, path: str) -> Response:
        """An error that no rule asks for, and that a client may try again after."""
        error = next(one for one in self.provider.errors if one.http == status)
        failure = Refusal("failing", status, error.codes[0], error.meaning)
        own = self.provider.native
        if own and path.startswith(self._native + "/"):
            return replace(native.refused(failure, own, self._request_id()), refusal=None)
        return replace(self._refused(failure), refusal=None)

    @property
    def _native(self) -> str:
        """The path below which the provider's own interface lives."""
        native = self.provider.native
        return self.prefix.removesuffix(native.replaces) + native.path if native else ""

    def _respond_natively(self, own: Native, path: str, call: Call, streamed: bool) -> Response:
        """Answer a request of the provider's own interface."""
        if path not in (own.text, own.generation, own.embeddings):
            return self._refused(self._refusal("endpoint", detail=f"nothing is served at {path}"))
        if problem := native.misshapen(call.body):
            return self._refused(_malformed(problem))
        api = rules.NATIVE if path == own.generation else rules.NATIVE_CHAT
        makes = api == rules.NATIVE and self._makes(call.body)
        if path != own.embeddings and (found := refuse(Request(self.provider, api, call.body))):
            return self._refused(found)
        if makes:
            return self._make(call)
        if path == own.embeddings:
            return self._embed_natively(call)
        chat = native.as_chat(call.body, streamed=streamed)
        found = self._misshapen(rules.CHAT, chat) or self._check("chat.completions.create", chat)
        if found:
            return self._refused(found)
        reply = self._reply(chat)
        return native.answer(reply, call.body, in_parts=path == own.generation, streamed=streamed)

    def _makes(self, body: Mapping[str, Any]) -> bool:
        """Whether a model makes sound or pictures."""
        model = self.provider.model(str(body.get("model")))
        return model is not None and model.kind in ("tts", "image")

    def _embed_natively(self, call: Call) -> Response:
        asked = native.as_embeddings(call.body)
        found = self._misshapen(rules.EMBEDDINGS, asked) or self._check("embeddings.create", asked)
        if found:
            return self._refused(found)
        width = asked.get("dimensions") or self._width(str(asked["model"]))
        return native.embedded(call.body, width, self._request_id())

    def _request_id(self) -> str:
        return f"request-{next(self._numbers)}"

    # -- the endpoints -------------------------------------------------------------------------

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
        reply = reply_to({**call.body, **prompt}, number=next(self._numbers), created=created)
        if call.body.get("stream"):
            return Response(events=text_chunks(reply))
        return Response(value=text_completion(reply))

    def _respond_to(self, call: Call) -> Response:
        body = call.body
        earlier: list[Any] = []
        previous = body.get("previous_response_id")
        if previous is not None:
            found = self._kept.stored.get(str(previous))
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
            with self._lock:
                self._kept.add(finished, [*earlier, *responses.items_of(body)])
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
        found = self._kept.stored.get(call.ids[0])
        return Response(value=found[0]) if found else self._missing(call.ids[0])

    def _delete_response(self, call: Call) -> Response:
        with self._lock:
            found = self._kept.stored.pop(call.ids[0], None)
        value = {"id": call.ids[0], "object": "response", "deleted": True}
        return Response(value=value) if found else self._missing(call.ids[0])

    def _response_items(self, call: Call) -> Response:
        found = self._kept.stored.get(call.ids[0])
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
            return {"b64_json": base64.b64encode(_PNG).decode("ascii")}
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
        return Response(raw=_sound())

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
        with self._lock:
            self._files.add(entry, content)
        return entry

    def _list_files(self, call: Call) -> Response:
        with self._lock:
            return Response(value=_page([entry for entry, _ in self._files.stored.values()]))

    def _get_file(self, call: Call) -> Response:
        found = self._files.stored.get(call.ids[0])
        return Response(value=found[0]) if found else self._missing(call.ids[0])

    def _read_file(self, call: Call) -> Response:
        found = self._files.stored.get(call.ids[0])
        return Response(raw=found[1]) if found else self._missing(call.ids[0])

    def _delete_file(self, call: Call) -> Response:
        with self._lock:
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
        with self._lock:
            while len(self._batches) >= MAX_STORED:
                del self._batches[next(iter(self._batches))]
            self._batches[str(batch["id"])] = batch
        return Response(value=batch)

    def _list_batches(self, call: Call) -> Response:
        with self._lock:
            return Response(value=_page(list(self._batches.values())))

    def _get_batch(self, call: Call) -> Response:
        found = self._batches.get(call.ids[0])
        if found and found["status"] == self._status("validating"):
            self._finish(found)
        return Response(value=found) if found else self._missing(call.ids[0])

    def _finish(self, batch: dict[str, Any]) -> None:
        """Carry a batch out: what is refused of its rows is among the refused requests."""
        _, content = self._files.stored.get(str(batch["input_file_id"]), ({}, b""))
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


class OpenAIReference(Emulator):
    """OpenAI itself, played loosely: it takes every OpenAI model and parameter.

    A program can be run against it before it is migrated.
    """

    prefix = "/v1"

    def __init__(
        self, *, key: str = "sk-emulator", port: int = 0, answers: Answers | None = None
    ) -> None:
        super().__init__(_NOBODY, key=key, port=port, answers=answers)

    def environment(self) -> dict[str, str]:
        return {"OPENAI_API_KEY": self.key, "OPENAI_BASE_URL": self.base_url}

    def _check(self, api: str, body: Mapping[str, Any]) -> Refusal | None:
        from migrator.analysis import surface

        model = body.get("model")
        if isinstance(model, str) and not surface.match_model(model, in_model_position=True):
            return self._refusal("unknown-model", model=model)
        return None

    def _no_route(self, route: str) -> Refusal:
        return Refusal("not-played", 501, "not_implemented", f"the emulator does not play {route}")

    def _thinks(self, body: Mapping[str, Any]) -> bool:
        return False  # OpenAI keeps the reasoning text to itself

    def _reasons(self, body: Mapping[str, Any]) -> bool:
        return False

    def _picture(self, call: Call) -> dict[str, str]:
        dated = str(call.body.get("model", "")).startswith("dall-e")
        if dated and call.body.get("response_format") != "b64_json":
            return super()._picture(call)
        return {"b64_json": base64.b64encode(_PNG).decode("ascii")}

    def _width(self, model_id: str) -> int:
        from migrator.analysis import surface

        entry = surface.model(model_id)
        return (entry.dimension if entry else None) or 1536

    def _model_ids(self) -> Iterable[str]:
        return ("gpt-4o", "gpt-4o-mini", "text-embedding-3-small")


_NOBODY = Provider("", {"rules": (), "answers": ()})
# What is answered where a profile has no rule for it.
_PLAIN_RULES: Mapping[str, Rule] = {
    "foreign-key": Rule("foreign-key", 401, "invalid_api_key", "Incorrect API key provided."),
    "endpoint": Rule("endpoint", 404, "not_found", "{detail}"),
    "unknown-model": Rule(
        "unknown-model", 404, "model_not_found", "The model `{model}` does not exist."
    ),
}


def _filled(template: Any, values: Mapping[str, Any]) -> Any:
    """A body with the values in the places of their names."""
    if isinstance(template, Mapping):
        return {key: _filled(value, values) for key, value in template.items()}
    if not isinstance(template, str) or template in values:
        return values.get(template, template) if isinstance(template, str) else template
    for name, value in values.items():
        template = template.replace(name, str(value))
    return template


def _malformed(message: str) -> Refusal:
    return Refusal("malformed-request", 400, "invalid_request_error", message)


def _page(entries: list[Any]) -> dict[str, Any]:
    return {"object": "list", "data": entries, "has_more": False}


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "system"}


_MADE = re.compile(r"/(?:pictures|sounds)/\d+\.(?P<kind>png|wav)")
# The smallest picture there is: one transparent point.
_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII="
)


def _sound() -> bytes:
    """A short silence."""
    whole = io.BytesIO()
    with wave.open(whole, "wb") as sound:
        sound.setparams((1, 2, 24_000, 0, "NONE", ""))
        sound.writeframes(b"\0\0" * 240)
    return whole.getvalue()


_ID = r"([^/]+)"
_ROUTES: tuple[tuple[str, re.Pattern[str], str, Callable[[Any, Call], Response]], ...] = tuple(
    (method, re.compile(pattern), api, handler)
    for method, pattern, api, handler in (
        ("POST", "/chat/completions", "chat.completions.create", Emulator._chat),
        ("POST", "/completions", "completions.create", Emulator._complete),
        ("POST", "/responses", "responses.create", Emulator._respond_to),
        ("GET", f"/responses/{_ID}", "responses.retrieve", Emulator._get_response),
        ("DELETE", f"/responses/{_ID}", "responses.delete", Emulator._delete_response),
        (
            "GET",
            f"/responses/{_ID}/input_items",
            "responses.input_items.list",
            Emulator._response_items,
        ),
        ("POST", "/embeddings", "embeddings.create", Emulator._embed),
        ("POST", "/images/generations", "images.generate", Emulator._draw),
        ("POST", "/audio/transcriptions", "audio.transcriptions.create", Emulator._transcribe),
        ("POST", "/images/edits", "images.edit", Emulator._draw),
        ("POST", "/audio/translations", "audio.translations.create", Emulator._transcribe),
        ("POST", "/audio/speech", "audio.speech.create", Emulator._speak),
        ("POST", "/moderations", "moderations.create", Emulator._moderate),
        ("GET", "/models", "models.list", Emulator._list_models),
        ("GET", "/models/(.+)", "models.retrieve", Emulator._get_model),
        ("POST", "/files", "files.create", Emulator._upload),
        ("GET", "/files", "files.list", Emulator._list_files),
        ("GET", f"/files/{_ID}", "files.retrieve", Emulator._get_file),
        ("DELETE", f"/files/{_ID}", "files.delete", Emulator._delete_file),
        ("GET", f"/files/{_ID}/content", "files.content", Emulator._read_file),
        ("POST", "/batches", "batches.create", Emulator._create_batch),
        ("GET", "/batches", "batches.list", Emulator._list_batches),
        ("GET", f"/batches/{_ID}", "batches.retrieve", Emulator._get_batch),
        ("POST", f"/batches/{_ID}/cancel", "batches.cancel", Emulator._cancel_batch),
    )
)

# Where a path and the openai SDK's name for it differ.
_NAMES = {
    "assistants": "beta.assistants",
    "threads": "beta.threads",
    "chatkit": "beta.chatkit",
    "images.edits": "images.edit",
    "images.variations": "images.create_variation",
}


def _api_of(route: str) -> str:
    """The SDK's method path for a URL path: `/audio/speech` is `audio.speech`."""
    segments = [segment for segment in route.split("/") if segment]
    for length in (2, 1):
        name = ".".join(segments[:length])
        if name in _NAMES:
            return _NAMES[name]
    return ".".join(segments[:2])
