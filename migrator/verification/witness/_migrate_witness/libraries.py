"""How each library that sends requests is watched, where it is about to send one.

As near to the wire as can be, so that what a test replaces by a stand-in counts as nothing sent.
"""

from __future__ import annotations

import functools
import socket
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .hosts import HEADER, Asked, RefusedError, Witness

if TYPE_CHECKING:
    from collections.abc import Callable

    from .imports import Patch

    Wrap = Callable[[Any], Any]

_MARK = "_seen_by_migrate"
# Whose connections these are.
_CLIENTS = {"httpcore": "httpx", "httpcore2": "httpx2"}


def patches(witness: Witness) -> dict[str, Patch]:
    """What is changed of each module, by its name."""
    return {
        "http.client": functools.partial(_http_client, witness),
        "urllib3.connection": functools.partial(_urllib3, witness),
        "httpcore": functools.partial(_httpcore, witness),
        "httpcore2": functools.partial(_httpcore, witness),
        "aiohttp": functools.partial(_aiohttp, witness),
        "websockets.sync.client": functools.partial(_websockets, witness),
        "websockets.asyncio.client": functools.partial(_websockets, witness),
        "websocket._core": functools.partial(_websocket_client, witness),
        "asyncio.base_events": functools.partial(_tasks, witness, "BaseEventLoop"),
        "uvloop": functools.partial(_tasks, witness, "Loop"),
        "concurrent.futures.thread": functools.partial(_executors, witness),
        "threading": functools.partial(_threads, witness),
    }


def _wrap(owner: Any, name: str, wrap: Wrap) -> None:
    """Put a function around one, which has its name and documentation; only once."""
    original = getattr(owner, name)
    if getattr(original, _MARK, False):
        return
    wrapped = functools.wraps(original)(wrap(original))
    setattr(wrapped, _MARK, True)
    setattr(owner, name, wrapped)


# -- clients ---------------------------------------------------------------------------------------


def _http_client(witness: Witness, module: ModuleType) -> None:
    """urllib, and whatever else is made of the standard library's connections."""

    def connect(original: Any) -> Any:
        def connected(self: Any) -> Any:
            if not _ask(witness, self).led:
                return original(self)
            self.sock = _connected(witness, self.timeout)
            return None

        return connected

    def end_headers(original: Any) -> Any:
        def ended(self: Any, *arguments: Any, **named: Any) -> Any:
            site = _ask(witness, self).site
            if site:
                self.putheader(HEADER, site)
            return original(self, *arguments, **named)

        return ended

    _wrap(module.HTTPConnection, "endheaders", end_headers)
    _wrap(module.HTTPConnection, "connect", connect)
    if hasattr(module, "HTTPSConnection"):
        _wrap(module.HTTPSConnection, "connect", connect)


def _urllib3(witness: Witness, module: ModuleType) -> None:
    """requests, and all that is built upon it. The header is put by `http.client`."""

    def connect(original: Any) -> Any:
        def connected(self: Any) -> Any:
            try:
                asked = _ask(witness, self)
            except RefusedError as refused:
                raise module.NewConnectionError(self, str(refused)) from refused
            if not asked.led:
                return original(self)
            self.sock = _connected(witness, self.timeout)
            self.is_verified = True
            return None

        return connected

    for name in ("HTTPConnection", "HTTPSConnection"):
        if hasattr(getattr(module, name), "connect"):
            _wrap(getattr(module, name), "connect", connect)


def _ask(witness: Witness, connection: Any) -> Asked:
    """What becomes of what is sent by a connection of the standard library's kind."""
    host = getattr(connection, "_tunnel_host", None) or connection.host
    client = type(connection).__module__.partition(".")[0]
    return witness.ask(host, connection.port, "http.client" if client == "http" else client)


def _connected(witness: Witness, timeout: Any) -> socket.socket:
    made = socket.create_connection(witness.emulator)
    if isinstance(timeout, (int, float)):
        made.settimeout(timeout)
    return made


def _httpcore(witness: Witness, module: ModuleType) -> None:
    """httpx, and so the openai package."""

    def meet(request: Any) -> None:
        """Make a request what it is to be."""
        url = request.url
        try:
            asked = witness.ask(url.host, url.port, _CLIENTS.get(module.__name__, ""))
        except RefusedError as refused:
            raise module.ConnectError(str(refused)) from refused
        if asked.led:
            host, port = witness.emulator
            request.url = module.URL(scheme="http", host=host, port=port, target=url.target)
        # One is there already where this request was redirected here.
        headers = [one for one in request.headers if one[0].lower() != HEADER.lower().encode()]
        told = [(HEADER.encode(), asked.site.encode())] if asked.site else []
        request.headers = [*headers, *told]

    def handle(original: Any) -> Any:
        def handled(self: Any, request: Any) -> Any:
            meet(request)
            return original(self, request)

        return handled

    def handle_later(original: Any) -> Any:
        async def handled(self: Any, request: Any) -> Any:
            meet(request)
            return await original(self, request)

        return handled

    _wrap(module.ConnectionPool, "handle_request", handle)
    _wrap(module.AsyncConnectionPool, "handle_async_request", handle_later)


def _aiohttp(witness: Witness, module: ModuleType) -> None:
    def build_url(original: Any) -> Any:
        def built(self: Any, *arguments: Any, **named: Any) -> Any:
            url = original(self, *arguments, **named)
            if not witness.leads(url.host) or url.scheme not in ("http", "https"):
                return url
            host, port = witness.emulator
            return url.with_scheme("http").with_host(host).with_port(port)

        return built

    def connect(original: Any) -> Any:
        async def connected(self: Any, request: Any, *arguments: Any, **named: Any) -> Any:
            url = request.url
            try:
                asked = witness.ask(url.host, url.port, "aiohttp", leads=False)
            except RefusedError as refused:
                raise module.ClientConnectionError(str(refused)) from refused
            if asked.site:
                request.headers[HEADER] = asked.site
            return await original(self, request, *arguments, **named)

        return connected

    _wrap(module.ClientSession, "_build_url", build_url)
    _wrap(module.BaseConnector, "connect", connect)


def _websockets(witness: Witness, module: ModuleType) -> None:
    """The emulator plays no web socket: a provider's is refused as any other host's."""

    def connect(original: Any) -> Any:
        def connected(uri: Any, *arguments: Any, **named: Any) -> Any:
            parts = urlsplit(str(uri))
            witness.ask(parts.hostname, parts.port, "websockets", leads=False)
            return original(uri, *arguments, **named)

        return connected

    def begin(original: Any) -> Any:
        def begun(self: Any, uri: Any, *arguments: Any, **named: Any) -> Any:
            parts = urlsplit(str(uri))
            witness.ask(parts.hostname, parts.port, "websockets", leads=False)
            return original(self, uri, *arguments, **named)

        return begun

    if isinstance(module.connect, type):
        _wrap(module.connect, "__init__", begin)
    else:
        _wrap(module, "connect", connect)


def _websocket_client(witness: Witness, module: ModuleType) -> None:
    def connect(original: Any) -> Any:
        def connected(self: Any, url: Any, *arguments: Any, **named: Any) -> Any:
            parts = urlsplit(str(url))
            witness.ask(parts.hostname, parts.port, "websocket", leads=False)
            return original(self, url, *arguments, **named)

        return connected

    _wrap(module.WebSocket, "connect", connect)


# -- what runs later -------------------------------------------------------------------------------


def _tasks(witness: Witness, owner: str, module: ModuleType) -> None:
    def create_task(original: Any) -> Any:
        def created(self: Any, *arguments: Any, **named: Any) -> Any:
            task = original(self, *arguments, **named)
            witness.sites.remember_task(task)
            return task

        return created

    _wrap(getattr(module, owner), "create_task", create_task)


def _executors(witness: Witness, module: ModuleType) -> None:
    def submit(original: Any) -> Any:
        def submitted(self: Any, function: Any, *arguments: Any, **named: Any) -> Any:
            return original(self, witness.sites.from_here(function), *arguments, **named)

        return submitted

    _wrap(module.ThreadPoolExecutor, "submit", submit)


def _threads(witness: Witness, module: ModuleType) -> None:
    def start(original: Any) -> Any:
        def started(self: Any) -> Any:
            witness.sites.remember_thread(self)
            return original(self)

        return started

    _wrap(module.Thread, "start", start)
