"""HTTP for the emulator: the loopback socket, bodies in, answers and event streams out."""

from __future__ import annotations

import json
import select
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from migrator.verification.rules import Refusal

MAX_BODY = 32 * 1024 * 1024
_SECONDS_TO_READ = 30
_SECONDS_OF_SILENCE = 600
_SECONDS_TO_STOP = 5
_END = "data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class Response:
    """An answer before it is sent: a JSON value, raw bytes, or the events of a stream.

    `frames` are events that are written as they are to be sent. Before each event a stream waits
    `pause` seconds. The connection is dropped after `ends_after` events, before anything is said
    where the answer is no stream, and after a long silence where it is `silent`; `injected` says
    that it was asked for.
    """

    status: int = 200
    value: Any = None
    raw: bytes | None = None
    events: Iterable[Any] | None = None
    frames: Iterable[str] | None = None
    refusal: Refusal | None = None
    pause: float = 0.0
    ends_after: int | None = None
    silent: bool = False
    injected: str = ""

    @property
    def is_stream(self) -> bool:
        return self.events is not None or self.frames is not None


# From method, path, headers by lower-case name, and body.
Respond = Callable[[str, str, Mapping[str, str], bytes], Response]


def _framed(event: Any) -> str:
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n"


def frame(number: int, event: Any) -> str:
    """One event of a stream with its number and status, as interfaces beside OpenAI's send it."""
    told = json.dumps(event, ensure_ascii=False)
    return f"id:{number}\nevent:result\n:HTTP_STATUS/200\ndata:{told}\n\n"


class UnreadableError(ValueError):
    """A body that is neither JSON nor a form."""


def read_body(kind: str, content: bytes) -> Mapping[str, Any]:
    """The fields of a JSON or form body of that content type. Raises UnreadableError."""
    if not content:
        return {}
    if kind.startswith("multipart/form-data"):
        return dict(_form(kind, content))
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        raise UnreadableError("the body is not valid JSON") from None
    if not isinstance(body, dict):
        raise UnreadableError("the body must be a JSON object")
    return body


def _form(kind: str, content: bytes) -> Iterator[tuple[str, str]]:
    header = b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n"
    message = BytesParser(policy=policy.HTTP).parsebytes(header + content)
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(payload, bytes):
            yield name, payload.decode("utf-8", "replace")
        if part.get_filename():
            yield "filename", str(part.get_filename())


class Server(ThreadingHTTPServer):
    """Listens on the loopback address and hands each request to `respond`. Raises OSError."""

    daemon_threads = True
    block_on_close = False  # `stop` ends the connections, and waits no longer than it says
    request_queue_size = 1024

    def __init__(self, port: int, respond: Respond) -> None:
        self.respond = respond
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        super().__init__(("127.0.0.1", port), _Handler)

    def stop(self) -> None:
        """Take no more requests, break off the connections that are open, and wait for them."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        with self._changed:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            self._changed.wait_for(lambda: not self._open, _SECONDS_TO_STOP)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._changed:
            self._open.discard(request)
            self._changed.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _BrokenOffError(OSError):
    """The connection ends in the middle of an answer, as it should."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = _SECONDS_TO_READ
    disable_nagle_algorithm = True  # or the end of an answer waits for what came before it

    def _handle(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Origin" in self.headers:  # of a page that a browser shows, whose address may be ours
            return self._stop(403, "no web page is answered")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit()):
            return self._stop(411, "a request needs its length")
        if int(length) > MAX_BODY:
            return self._stop(413, f"a body may have {MAX_BODY} bytes")
        content = self.rfile.read(int(length))
        path = urlsplit(self.path).path
        headers = {name.lower(): value for name, value in self.headers.items()}
        response = self.server.respond(self.command, path, headers, content)
        if response.silent:
            return self._say_nothing()
        frames = _frames(response)
        if frames is not None:
            return self._send_frames(frames, response)
        if response.ends_after is not None:
            raise _BrokenOffError
        raw = response.raw
        kind = "application/octet-stream"
        if raw is None:
            raw, kind = json.dumps(response.value, ensure_ascii=False).encode(), "application/json"
        self.send_response(response.status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        if response.refusal is not None:
            self.send_header("X-Should-Retry", "false")
        self.end_headers()
        self.wfile.write(raw)
        return None

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _handle  # noqa: N815

    def _stop(self, status: int, message: str) -> None:
        self.close_connection = True
        raw = json.dumps({"error": {"message": message, "code": "invalid_request_error"}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(raw)

    def _say_nothing(self) -> None:
        """Hold the connection until the client gives it up."""
        end = time.monotonic() + _SECONDS_OF_SILENCE
        while time.monotonic() < end and not self.server.stopping.is_set():
            if select.select([self.connection], [], [], 0.2)[0]:
                break
        raise _BrokenOffError

    def _send_frames(self, frames: Iterable[str], response: Response) -> None:
        whole = self.request_version >= "HTTP/1.1"
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        if whole:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()
        for number, one in enumerate(frames):
            if number == response.ends_after or self.server.stopping.wait(response.pause):
                raise _BrokenOffError
            self.wfile.write(_chunk(one.encode()) if whole else one.encode())
        if whole:
            self.wfile.write(_LAST_CHUNK)

    def log_message(self, *_: Any) -> None:
        """The exchanges are the log."""


_LAST_CHUNK = b"0\r\n\r\n"


def _chunk(content: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(content), content)


def _frames(response: Response) -> Iterable[str] | None:
    """The events of a stream, as they are sent."""
    if response.events is not None:
        return chain(map(_framed, response.events), [_END])
    return response.frames
