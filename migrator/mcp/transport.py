"""How a client reaches the server: by the standard streams, or over HTTP on this machine alone."""

from __future__ import annotations

import hmac
import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import anyio
import uvicorn
from mcp.server import Server
from mcp.server.stdio import stdio_server

from migrator.mcp.confinement import Confinement
from migrator.mcp.server import build

LOOPBACK = "127.0.0.1"
_Scope = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Scope]]
_Send = Callable[[_Scope], Awaitable[None]]
_App = Callable[[_Scope, _Receive, _Send], Awaitable[None]]


def serve_stdio(place: Confinement, *, write: bool) -> None:
    """Serve the client that started this process, until it closes the streams."""
    anyio.run(_serve_stdio, build(place, write=write))


async def _serve_stdio(server: Server[Any]) -> None:
    async with stdio_server() as (received, sent):
        await server.run(received, sent, server.create_initialization_options())


def serve_http(place: Confinement, *, write: bool, port: int, token: str) -> None:
    """Serve whoever on this machine knows the token, until interrupted. Raises OSError.

    Port 0 is any that is free; standard error says which.
    """
    with socket.create_server((LOOPBACK, port)) as listening:
        address = f"http://{LOOPBACK}:{listening.getsockname()[1]}/mcp"
        print(f"migrate: serving {place.root} at {address}", file=sys.stderr, flush=True)
        app = Guarded(build(place, write=write).streamable_http_app(host=LOOPBACK), token)
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        anyio.run(uvicorn.Server(config).serve, [listening])


class Guarded:
    """An ASGI application that answers only who sends the token."""

    def __init__(self, app: _App, token: str) -> None:
        self._app = app
        self._header = f"Bearer {token}".encode()

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        if scope["type"] == "lifespan" or self._knows(scope):
            await self._app(scope, receive, send)
            return
        headers = [(b"www-authenticate", b"Bearer"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _knows(self, scope: _Scope) -> bool:
        given = dict(scope.get("headers", ())).get(b"authorization", b"")
        return hmac.compare_digest(given, self._header)
