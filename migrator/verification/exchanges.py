"""What was asked of the emulator and what became of it, within bounds."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from migrator.verification.rules import Refusal

MAX_EXCHANGES = 1_000
MAX_KEPT_BODY = 64 * 1024
_MAX_SITE = 4_000
_MAX_NAME = 200

# A request may tell by this header where in a program it was made.
SITE_HEADER = "X-Migrate-Call-Site"


@dataclass(frozen=True, slots=True)
class CallSite:
    """A place in the user's code; the path is relative to the root of it."""

    path: str
    line: int
    function: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def read_site(value: str) -> CallSite | None:
    """The place that the header tells, as `path:line:function`; None where it tells none."""
    told = unquote(value[:_MAX_SITE])
    place, _, function = told.rpartition(":")
    path, _, line = place.rpartition(":")
    if not path or not line.isdecimal():
        return None
    return CallSite(printable(path), int(line), printable(function))


def printable(text: str) -> str:
    """A text that a terminal shows as it is."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what became of it. No header is kept, so no key is.

    `body` holds the fields of the request, and is empty where they were too long to keep. `status`
    is 0 where nothing was answered, `injected` the failure that was asked for. `number` counts
    the exchanges of an emulator.
    """

    method: str
    path: str
    status: int
    body: Any = None
    refusal: Refusal | None = None
    site: CallSite | None = None
    model: str = ""
    injected: str = ""
    number: int = 0


class Exchanges:
    """The last exchanges, and the last that ended in a refusal."""

    def __init__(self) -> None:
        self._all: deque[Exchange] = deque(maxlen=MAX_EXCHANGES)
        self._refused: deque[Exchange] = deque(maxlen=MAX_EXCHANGES)
        self._lock = threading.Lock()
        self._count = 0

    def add(self, exchange: Exchange) -> Exchange:
        """Remember an exchange. Gives it with its number."""
        with self._lock:
            self._count += 1
            numbered = replace(exchange, number=self._count)
            self._all.append(numbered)
            if numbered.refusal is not None:
                self._refused.append(numbered)
        return numbered

    @property
    def count(self) -> int:
        """How many there have been, with those that are forgotten."""
        return self._count

    @property
    def last(self) -> list[Exchange]:
        """The last, oldest first."""
        with self._lock:
            return list(self._all)

    @property
    def refused(self) -> list[Exchange]:
        """The last that ended in a refusal; accepted ones never push them out."""
        with self._lock:
            return list(self._refused)

    def since(self, number: int) -> tuple[Exchange, ...]:
        """What is still known of the exchanges after that many, in their order."""
        with self._lock:
            known = {one.number: one for one in (*self._refused, *self._all)}
        return tuple(known[one] for one in sorted(known) if one > number)


def kept_body(body: Mapping[str, Any], length: int) -> dict[str, Any]:
    """The fields of a request of that many bytes, as far as they are kept."""
    return dict(body) if length <= MAX_KEPT_BODY else {}


def model_of(body: Mapping[str, Any]) -> str:
    """The name of the model that a request asks for, so long as a name is."""
    name = body.get("model")
    return printable(name[:_MAX_NAME]) if isinstance(name, str) else ""
