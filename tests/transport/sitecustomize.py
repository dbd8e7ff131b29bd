"""Leads every https request of a program to the emulator, whatever host stands in its code.

On the path of programs that send requests without the openai package; `EMULATOR` says where to,
and `ELSEWHERE` of one host that it goes to another place (`api.openai.com=127.0.0.1:8000`).
What is not refused there had the right path, key, headers and body.
"""

from __future__ import annotations

import http.client
import os
import socket
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

_EMULATOR = urlsplit(os.environ["EMULATOR"]).netloc
_ELSEWHERE = dict([os.environ.get("ELSEWHERE", "=").split("=", 1)])


def _place_of(host: str) -> tuple[str, int]:
    """Where a request to a host goes."""
    name, _, port = _ELSEWHERE.get(host, _EMULATOR).partition(":")
    return name, int(port)


def _connect(self: Any) -> None:
    self.sock = socket.create_connection(_place_of(self.host))
    self.is_verified = True


def _lead_http_client() -> None:
    http.client.HTTPSConnection.connect = _connect  # type: ignore[method-assign]


def _lead_urllib3() -> None:
    import urllib3.connection

    urllib3.connection.HTTPSConnection.connect = _connect


def _lead_httpx(name: str) -> None:
    module = __import__(name)

    def led(request: Any) -> Any:
        host, port = _place_of(request.url.host)
        request.url = request.url.copy_with(scheme="http", host=host, port=port)
        return request

    def wrapped(transport: type, method: str) -> None:
        original = getattr(transport, method)
        setattr(transport, method, lambda self, request: original(self, led(request)))

    wrapped(module.HTTPTransport, "handle_request")
    wrapped(module.AsyncHTTPTransport, "handle_async_request")


def _lead_aiohttp() -> None:
    import aiohttp

    original = aiohttp.ClientSession._build_url

    def led(self: Any, url: Any) -> Any:
        built = original(self, url)
        host, port = _place_of(built.host)
        return built.with_scheme("http").with_host(host).with_port(port)

    aiohttp.ClientSession._build_url = led


_lead_http_client()
for _name, _lead in {
    "urllib3": _lead_urllib3,
    "httpx": lambda: _lead_httpx("httpx"),
    "httpx2": lambda: _lead_httpx("httpx2"),
    "aiohttp": _lead_aiohttp,
}.items():
    if _name in os.environ.get("EMULATED", "").split() and find_spec(_name):
        _lead()
