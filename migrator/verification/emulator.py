"""A strict local stand-in for a provider: answers as its profile says, refuses what it refuses.

    with Emulator(load_provider("bailian")) as emulator:
        subprocess.run(program, env={**os.environ, **emulator.environment()})
        assert not emulator.refused

It listens on the loopback address only and is made of the standard library alone.
"""

from __future__ import annotations

import base64
import hmac
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from http import HTTPStatus
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from migrator.errors import MigrateError
from migrator.language import _
from migrator.providers import ErrorCode, Native, Provider
from migrator.verification import native, rules
from migrator.verification.endpoints import Answers, Call, Endpoints
from migrator.verification.exchanges import (
    SITE_HEADER,
    Exchange,
    Exchanges,
    kept_body,
    model_of,
    read_site,
)
from migrator.verification.failures import Failures
from migrator.verification.media import MADE, PICTURE, sound
from migrator.verification.routes import ROUTES, api_of
from migrator.verification.rules import Refusal, Request, refusal, refuse
from migrator.verification.server import Response, Server, UnreadableError, read_body

KEY = "sk-emulator"
_SITE = SITE_HEADER.lower()
Told = Callable[[Exchange], None]


class PortError(MigrateError):
    """The port is taken, or not to be had."""

    exit_code = 3


class Emulator(Endpoints):
    """A provider's endpoint on this machine, as a context manager.

    `key` is the one key that is accepted. `answers` may give the text of a chat answer for a
    request's body, or None for the usual one. `failing` are the statuses that the first requests
    are answered with: those of errors, whatever is asked, and 200 for what is answered; `failures`
    says which of all requests fail, and how. Streams wait `pause` seconds before each event. Every
    exchange is handed to `told`. Raises PortError where the port is taken.
    """

    def __init__(
        self,
        provider: Provider,
        *,
        key: str = KEY,
        port: int = 0,
        answers: Answers | None = None,
        failing: Iterable[int] = (),
        failures: Failures | None = None,
        pause: float = 0.0,
        region: str = "",
        told: Told | None = None,
    ) -> None:
        super().__init__(provider, key, answers)
        self._port = port
        self._region = region
        self._failing = deque(failing)
        self._failures = failures
        self._pause = pause
        self._told = told
        self._exchanges = Exchanges()
        self._server: Server | None = None

    # -- using it ------------------------------------------------------------------------------

    def __enter__(self) -> Emulator:
        try:
            self._server = Server(self._port, self.respond)
        except OSError as error:
            raise PortError(
                _("port {port}: {reason}", port=self._port, reason=error.strerror)
            ) from None
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None

    @property
    def prefix(self) -> str:
        """The path below which the API lives, as in the provider's own base URL."""
        return urlsplit(self.provider.base_url(self._region)).path.rstrip("/")

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
    def uncoded(self) -> list[str]:
        """The failures that are asked for and whose code at the provider is not known."""
        return self._failures.uncoded if self._failures else []

    @property
    def hosts(self) -> tuple[str, ...]:
        """Patterns of the hosts that this stands in for."""
        own = self.provider.sdk
        urls = (*(one.url for one in self.provider.regions), own.base_url if own else "")
        return tuple(dict.fromkeys(_host_pattern(url) for url in urls if url))

    @property
    def requests(self) -> list[Exchange]:
        """The last exchanges, oldest first."""
        return self._exchanges.last

    @property
    def refused(self) -> list[Exchange]:
        """The last exchanges that ended in a refusal; accepted ones never push them out."""
        return self._exchanges.refused

    @property
    def count(self) -> int:
        """How many requests there have been."""
        return self._exchanges.count

    def since(self, number: int) -> tuple[Exchange, ...]:
        """What is still known of the exchanges after that many."""
        return self._exchanges.since(number)

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
        exchange = self._exchanges.add(
            Exchange(
                method,
                path,
                response.status,
                kept_body(body, len(content)),
                response.refusal,
                read_site(headers.get(_SITE, "")),
                model_of(body),
                response.injected,
            )
        )
        if self._told is not None:
            self._told(exchange)
        return response

    def _respond(self, method: str, path: str, headers: Mapping[str, str], call: Call) -> Response:
        if method == "GET" and (made := MADE.fullmatch(path.removeprefix(self.prefix))):
            return Response(raw=PICTURE if made["kind"] == "png" else sound())  # links need no key
        status = self._failing.popleft() if self._failing else HTTPStatus.OK
        if status != HTTPStatus.OK:
            error = next(one for one in self.provider.errors if one.http == status)
            return self._failed(error, error.codes[0], path)
        failure = self._failures.draw() if self._failures else None
        if failure is None:
            return replace(self._answered(method, path, headers, call), pause=self._pause)
        if failure.error is not None:
            failed = self._failed(failure.error, failure.code, path)
            return replace(failed, injected=failure.kind)
        if failure.silent:
            return Response(0, silent=True, injected=failure.kind)
        answered = self._answered(method, path, headers, call)
        if not failure.events or not answered.is_stream:
            return Response(0, ends_after=0, injected=failure.kind)
        return replace(
            answered, pause=self._pause, ends_after=failure.events, injected=failure.kind
        )

    def _answered(self, method: str, path: str, headers: Mapping[str, str], call: Call) -> Response:
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
        for wanted, pattern, api, handler in ROUTES:
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
        return refuse(Request(self.provider, rules.family(api), body))

    def _no_route(self, route: str) -> Refusal:
        endpoint = self.provider.endpoint(api_of(route))
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
        return refusal(rules.rule_of(self.provider, rule), **values)

    def _refused(self, found: Refusal) -> Response:
        values = {
            "{status}": str(found.status),
            "{code}": found.code or None,
            "{number}": int(found.code) if found.code.isdecimal() else found.code or None,
            "{message}": found.message,
            "{id}": self._request_id(),
        }
        return Response(found.status, _filled(self.provider.error_body, values), refusal=found)

    def _failed(self, error: ErrorCode, code: str, path: str) -> Response:
        """An error that no rule asks for, and that a client may try again after."""
        failure = Refusal("failing", error.http, code, error.meaning)
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

    # -- the endpoints -------------------------------------------------------------------------


class OpenAIReference(Emulator):
    """OpenAI itself, played loosely: it takes every OpenAI model and parameter.

    A program can be run against it before it is migrated.
    """

    prefix = "/v1"

    def __init__(self, *, key: str = KEY, port: int = 0, answers: Answers | None = None) -> None:
        super().__init__(_NOBODY, key=key, port=port, answers=answers)

    def environment(self) -> dict[str, str]:
        return {"OPENAI_API_KEY": self.key, "OPENAI_BASE_URL": self.base_url}

    @property
    def hosts(self) -> tuple[str, ...]:
        from migrator.analysis import surface

        return surface.hosts()[:1]

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
        return {"b64_json": base64.b64encode(PICTURE).decode("ascii")}

    def _width(self, model_id: str) -> int:
        from migrator.analysis import surface

        entry = surface.model(model_id)
        return (entry.dimension if entry else None) or 1536

    def _model_ids(self) -> Iterable[str]:
        return ("gpt-4o", "gpt-4o-mini", "text-embedding-3-small")


_NOBODY = Provider("", {"rules": (), "answers": ()})


def _host_pattern(url: str) -> str:
    """A pattern of the hosts that a URL of a profile means, with a place as `{WorkspaceId}`."""
    parts = re.split(r"\{[^}]*\}", urlsplit(url).netloc.lower())
    return f"^{'[a-z0-9-]+'.join(map(re.escape, parts))}$"


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
