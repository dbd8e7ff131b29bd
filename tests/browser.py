"""A Chromium that is led over a pipe (the DevTools protocol) by the standard library alone.

`find()` says where one is; what needs one is skipped where there is none.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-extensions", "--disable-background-networking", "--disable-component-update",
    "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip


def find() -> str | None:
    """The browser's program, or None."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


class BrowserError(RuntimeError):
    """The browser refused what it was asked, or threw an error in the page."""


@dataclass
class Tab:
    """One page. `requests` are the addresses asked for, `complaints` what the console said."""

    _send: IO[bytes]
    _receive: IO[bytes]
    session: str = ""
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _number: int = 0
    _loaded: bool = False

    def ask(self, method: str, **given: Any) -> Any:
        """The answer to a command."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": given}
        if self.session:
            message["sessionId"] = self.session
        self._send.write(json.dumps(message).encode() + b"\0")
        self._send.flush()
        while True:
            told = self._next()
            if told.get("id") == self._number:
                if "error" in told:
                    raise BrowserError(f"{method}: {told['error']}")
                return told["result"]

    def _next(self) -> dict[str, Any]:
        data = bytearray()
        while (one := self._receive.read(1)) not in (b"\0", b""):
            data += one
        if not data:
            raise BrowserError("the browser has ended")
        told: dict[str, Any] = json.loads(data)
        self._note(told.get("method", ""), told.get("params", {}))
        return told

    def _note(self, method: str, told: Mapping[str, Any]) -> None:
        match method:
            case "Network.requestWillBeSent":
                self.requests.append(told["request"]["url"])
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(told["exceptionDetails"]))
            case "Runtime.consoleAPICalled" if told["type"] in ("error", "warning"):
                self.complaints.append(json.dumps(told["args"]))
            case "Log.entryAdded":
                self.complaints.append(told["entry"]["text"])
            case "Page.loadEventFired":
                self._loaded = True

    def open(self, address: str) -> None:
        """Go to a page and wait until it is loaded."""
        self._loaded = False
        self.ask("Page.navigate", url=address)
        while not self._loaded:
            self._next()

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        told = self.ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in told:
            raise BrowserError(f"{script}: {told['exceptionDetails']}")
        return told["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key and let it go."""
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, " ": 32}
        given = {"key": key, "text": text, "windowsVirtualKeyCode": codes.get(key, 0)}
        self.ask("Input.dispatchKeyEvent", type="keyDown", **given)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **given)

    def size(self, width: int, height: int, *, scale: float = 1) -> None:
        """Show the page on a screen of another size."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=scale, mobile=False,
        )  # fmt: skip

    def media(self, kind: str = "", **features: str) -> None:
        """Show it on another medium (`print`), or to somebody who prefers something."""
        told = [
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()
        ]
        self.ask("Emulation.setEmulatedMedia", media=kind, features=told)

    def picture(self, height: int = 0) -> bytes:
        """A PNG of the screen, or of so much of the page from above."""
        given: dict[str, Any] = {"format": "png"}
        if height:
            width = self.run("innerWidth")
            given["clip"] = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
            given["captureBeyondViewport"] = True
        return base64.b64decode(self.ask("Page.captureScreenshot", **given)["data"])

    def printed(self) -> bytes:
        """The page as a PDF."""
        return base64.b64decode(self.ask("Page.printToPDF", printBackground=True)["data"])


@contextmanager
def tab(program: str) -> Iterator[Tab]:
    """A browser with one page, ended afterwards."""
    taken, send = os.pipe()
    receive, given = os.pipe()

    def place_pipes() -> None:
        os.dup2(taken, 3)
        os.dup2(given, 4)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [program, *_FLAGS, f"--user-data-dir={profile}"],
            preexec_fn=place_pipes,
            pass_fds=(3, 4),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": profile},
        )
        os.close(taken)
        os.close(given)
        with os.fdopen(send, "wb") as sending, os.fdopen(receive, "rb") as receiving:
            try:
                page = Tab(sending, receiving)
                found = page.ask("Target.createTarget", url="about:blank")["targetId"]
                joined = page.ask("Target.attachToTarget", targetId=found, flatten=True)
                page.session = joined["sessionId"]
                for domain in ("Page", "Runtime", "Network", "Log"):
                    page.ask(f"{domain}.enable")
                yield page
            finally:
                process.terminate()
                process.wait(20)


def address(file: Path) -> str:
    """The address of a file on this machine."""
    return file.resolve().as_uri()
