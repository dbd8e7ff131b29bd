"""What becomes of a request by its host: told, led to the emulator, let go or refused."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from .sites import Place, Sites

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADER = "X-Migrate-Call-Site"
_HERE = re.compile(r"127(\.\d+){3}|localhost|.*\.localhost|::1|0\.0\.0\.0|")
# Modules of the standard library that requests pass through.
_STANDARD = frozenset({"asyncio", "concurrent", "contextlib", "functools", "http", "socket", "ssl"})
_STANDARD |= {"contextvars", "runpy", "threading", "urllib"}
_OURS, _OPENAI = "_migrate_witness", "openai"
_LONGEST, _SHORT, _MOST = 4_000, 500, 1_000


class RefusedError(OSError):
    """The request would have left for another host."""


class Asked(NamedTuple):
    """What a request is to be: led to the emulator, or as it is; with a header if it is told."""

    led: bool = False
    site: str = ""


class Witness:
    """Knows the emulator's address, the hosts that are led there, and those that are refused.

    `led` and `refused` are patterns of hosts. Whatever an openai client reaches for is refused;
    with `refuse_all` what others reach for, too. Notes go to `file`, one a line.
    """

    def __init__(
        self,
        root: str,
        emulator: str,
        file: str,
        led: Sequence[str] = (),
        refused: Sequence[str] = (),
        refuse_all: bool = False,
    ) -> None:
        host, _, port = emulator.rpartition(":")
        self.emulator: tuple[str, int] = (host, int(port))
        self.sites = Sites(root)
        self._file = file
        self._led = [re.compile(one) for one in led]
        self._refused = [re.compile(one) for one in refused]
        self._refuse_all = refuse_all
        self._noted: set[str] = set()

    def ask(self, host: Any, port: Any, client: str, leads: bool = True) -> Asked:
        """What becomes of a request of a client for a host. Raises RefusedError.

        `leads` says whether the client can be led to another address.
        """
        host = _text(host)
        if (host, port) == self.emulator:
            return Asked(site=self._site())
        if _HERE.fullmatch(host):
            return Asked()
        if leads and self.leads(host):
            return Asked(led=True, site=self._site())
        place, modules = self.sites.look()
        by = _by(place, modules) or client
        refuse = self._refuse_all or by == _OPENAI
        refuse = refuse or any(one.search(host) for one in (*self._led, *self._refused))
        self._note(host, place, by, refuse)
        if refuse:
            at = f" at {place.path}:{place.line}" if place else ""
            raise RefusedError(
                f"{host} was asked for{at}: `migrate verify` keeps requests on this machine"
            )
        return Asked()

    def leads(self, host: Any) -> bool:
        """Whether requests for a host go to the emulator."""
        return any(one.search(_text(host)) for one in self._led)

    def _site(self) -> str:
        place = self.sites.look().place
        told = quote(f"{place.path}:{place.line}:{place.function}") if place else ""
        return told if len(told) <= _LONGEST else ""

    def _note(self, host: str, place: Place | None, by: str, refused: bool) -> None:
        told = {"host": host, "site": place, "by": by, "refused": refused}
        line = json.dumps(told)
        if len(line) > _LONGEST:
            line = json.dumps({**told, "host": host[:_SHORT], "site": None, "by": by[:_SHORT]})
        if line in self._noted or len(self._noted) >= _MOST:
            return
        self._noted.add(line)
        try:
            file = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, line.encode() + b"\n")  # at once: other processes write there too
            finally:
                os.close(file)
        except OSError as error:
            print(f"migrate: {host} is not noted: {error}", file=sys.stderr)


def _text(host: Any) -> str:
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    return text.strip("[]").lower()


def _by(place: Place | None, modules: list[str]) -> str:
    """The client that the user's code called: openai's, wherever it stands, or the first of all."""
    packages = [module.partition(".")[0] for module in modules]
    if _OPENAI in packages:
        return _OPENAI
    others = [one for one in packages if one not in _STANDARD and one != _OURS and one]
    return others[-1] if place and others else ""
