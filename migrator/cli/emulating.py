"""`migrate emulate`."""

from __future__ import annotations

import json
import signal
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from migrator.cli.options import Format, FormatOption, provider_option, region_option
from migrator.cli.output import write
from migrator.language import _

if TYPE_CHECKING:
    from migrator.verification.exchanges import Exchange


def emulate(
    target: Annotated[str, provider_option(_("The provider to play."))] = "",
    region: Annotated[str, region_option(_("The provider's region."))] = "",
    port: Annotated[
        int,
        typer.Option(
            "--port", metavar="N", min=0, max=65535, help=_("The port; 0 is any that is free.")
        ),
    ] = 0,
    key: Annotated[
        str,
        typer.Option(
            "--key", metavar="KEY", help=_("The one key that is accepted."), show_default=False
        ),
    ] = "",
    answers: Annotated[
        str,
        typer.Option(
            "--answers",
            metavar="FILE|echo|TEXT",
            help=_("What chats answer: a text, what was said, or a YAML or JSON file of answers."),
            show_default=False,
        ),
    ] = "",
    fail: Annotated[
        list[str] | None,
        typer.Option(
            "--fail",
            metavar="KIND:SHARE",
            help=_(
                "Let a share of the requests fail, as rate-limit:0.2 (repeatable): rate-limit, "
                "quota, content-filter, server-error, timeout, connection-drop."
            ),
            show_default=False,
        ),
    ] = None,
    slow: Annotated[
        float,
        typer.Option("--slow", metavar="SECONDS", help=_("Wait before each event of a stream.")),
    ] = 0.0,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help=_("Which of the requests fail."))
    ] = 0,
    log: Annotated[
        Path | None,
        typer.Option(
            "--log",
            metavar="FILE",
            help=_("Write each request to a file too, as a line of JSON."),
            show_default=False,
        ),
    ] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Play a provider on this machine, as strictly as its profile says, until Ctrl-C.

    No key is needed, and nothing is sent anywhere: it listens on 127.0.0.1 alone.
    """
    from migrator import workflow
    from migrator.reports import requests

    ended = threading.Event()
    told = _Teller(format, ended)
    wishes = workflow.Emulation(target, region, port, key, answers, fail or (), slow, seed)
    with ExitStack() as stack:
        if log is not None:
            told.log = stack.enter_context(log.open("a", encoding="utf-8"))
        for number in (signal.SIGINT, signal.SIGTERM):
            before = signal.signal(number, lambda *__: ended.set())
            stack.callback(signal.signal, number, before)
        with workflow.emulate(wishes, told) as emulator:
            opening = requests.opening_json if format is Format.JSON else requests.opening
            write(opening(emulator, key_given=bool(key)))
            ended.wait()
    write(told.closing())


class _Teller:
    """Prints each exchange as it comes, and counts them; threads may call it."""

    def __init__(self, format: Format, ended: threading.Event) -> None:
        from migrator.reports.requests import Tally

        self.log: TextIO | None = None
        self._format = format
        self._ended = ended
        self._tally = Tally()
        self._lock = threading.Lock()

    def __call__(self, exchange: Exchange) -> None:
        from migrator.reports import requests

        tree = json.dumps(requests.exchange_json(exchange), ensure_ascii=False)
        shown = tree if self._format is Format.JSON else requests.line(exchange)
        with self._lock:
            self._tally.add(exchange)
            try:
                if self.log is not None:
                    print(tree, file=self.log, flush=True)
                write(shown)
            except OSError:
                self._ended.set()  # nobody reads on, or the disk is full

    def closing(self) -> str:
        """The sum of all exchanges."""
        from migrator.reports import requests

        if self._format is Format.JSON:
            return requests.closing_json(self._tally)
        return requests.closing(self._tally)
