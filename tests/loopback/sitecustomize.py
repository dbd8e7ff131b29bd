"""Keeps a program on this machine: whatever host else it asks for is noted and refused.

On the path of programs that run with a framework: some send telemetry, or traces to OpenAI,
whatever they are configured for. `LEFT` names the file that takes the hosts, one a line.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

_HERE = ("127.", "localhost", "::1", "0.0.0.0")
_EVENTS = {"socket.connect": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}


def _stay(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _EVENTS:
        return
    asked = arguments[_EVENTS[event]]
    host = asked[0] if isinstance(asked, tuple) else asked
    if event == "socket.connect" and not isinstance(asked, tuple):
        return  # a socket of this machine, by its path
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not host or str(host).startswith(_HERE):
        return
    with Path(os.environ["LEFT"]).open("a", encoding="utf-8") as left:
        left.write(f"{host}\n")
    raise OSError(f"{host} is not on this machine")


sys.addaudithook(_stay)
