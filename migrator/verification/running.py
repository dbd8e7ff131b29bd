"""Run a command in front of the emulator: what it asked, where in its code, and what would leave.

The environment of the command names the emulator by the provider's variables, and puts the witness
on the path of every Python process in it. OpenAI's key is one that nobody accepts and its base URL
is left to the SDK, so that a request which was to move and did not is seen, told and refused.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from migrator.analysis import surface
from migrator.errors import MigrateError
from migrator.language import _
from migrator.verification.emulator import Emulator
from migrator.verification.exchanges import CallSite, Exchange, printable

WITNESS = Path(__file__).parent / "witness"
TIMED_OUT = 124  # as `timeout` of the shell ends
_MOST_NOTES = 10_000
_LONGEST_NOTE = 16 * 1024
_SECONDS_TO_END = 5
_PASSED_ON = ("SIGTERM", "SIGHUP", "SIGINT")
_NOBODYS_KEY = "sk-nobody"  # so that the emulator refuses it, too
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_UNPROXIED = ("127.0.0.1", "localhost")


class CommandError(MigrateError):
    """The command cannot be started."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Outside:
    """A host that the command reached for beside the emulator, by openai or another client."""

    host: str
    site: CallSite | None
    by: str
    refused: bool


@dataclass(frozen=True, slots=True)
class Observed:
    """What a command asked of the emulator and of other hosts, each of those once.

    The exit code is that of a shell: 128 and the signal for a command that a signal ended, 124 for
    one that took too long. `witnessed`: a Python process of the command had the witness.
    """

    exit_code: int
    exchanges: tuple[Exchange, ...]
    outside: tuple[Outside, ...]
    timed_out: bool = False
    witnessed: bool = True


def observe(
    command: Sequence[str],
    root: Path,
    emulator: Emulator,
    *,
    environment: Mapping[str, str] = {},
    timeout: float | None = None,
    quiet: bool = False,
    refuse_all: bool = False,
    stdout: int | None = None,
) -> Observed:
    """Run a command in a folder in front of an emulator that is running.

    `environment` is set beside what this process has; a command that takes more than `timeout`
    seconds is ended. Its output goes where this process's goes, all of it to `stdout` if that is
    given, nowhere if `quiet`. With `refuse_all` no client reaches another host. Raises
    CommandError for a command that cannot be started.
    """
    before = emulator.count
    with tempfile.TemporaryDirectory(prefix="migrate-") as folder:
        notes = Path(folder) / "outside.jsonl"
        variables = {
            **environment_of(emulator),
            **environment,
            **_witness(emulator, root, notes, refuse_all=refuse_all),
            "PYTHONPATH": _with_witness(environment.get("PYTHONPATH")),
        }
        code, timed_out = _run(
            _watched(command),
            root,
            {**_inherited(), **variables},
            timeout,
            subprocess.DEVNULL if quiet else stdout,
            subprocess.DEVNULL if quiet else stdout,
        )
        outside, witnessed = tuple(dict.fromkeys(_read(notes))), notes.exists()
    return Observed(code, emulator.since(before), outside, timed_out, witnessed)


# -- the environment -------------------------------------------------------------------------------


def environment_of(emulator: Emulator) -> dict[str, str]:
    """The variables by which a command comes to the emulator, and to nobody else."""
    unproxied = ",".join(filter(None, (os.environ.get("NO_PROXY"), *_UNPROXIED)))
    return {
        "OPENAI_API_KEY": _NOBODYS_KEY,
        "NO_PROXY": unproxied,
        "no_proxy": unproxied,
        **emulator.environment(),
    }


def _inherited() -> dict[str, str]:
    """This process's environment, without the addresses that the openai package reads by itself."""
    return {name: value for name, value in os.environ.items() if not _is_address(name)}


def _is_address(name: str) -> bool:
    found = surface.variable(name)
    return found is not None and found.exact and found.meaning == "base_url"


def _witness(emulator: Emulator, root: Path, notes: Path, *, refuse_all: bool) -> dict[str, str]:
    told: dict[str, Any] = {
        "root": str(root.absolute()),
        "emulator": urlsplit(emulator.base_url).netloc,
        "file": str(notes),
        "led": list(emulator.hosts),
        "refused": list(surface.hosts()),
        "refuse_all": refuse_all,
    }
    return {"MIGRATE_WITNESS": json.dumps(told)}


def _with_witness(path: str | None) -> str:
    """A PYTHONPATH, or this process's own, with the witness first."""
    others = os.environ.get("PYTHONPATH") if path is None else path
    return os.pathsep.join(filter(None, (str(WITNESS), others)))


def _watched(command: Sequence[str]) -> list[str]:
    """The command, with the witness before what it puts on the path of Python by `env`."""
    told = list(command)
    at = 1
    while Path(told[0]).name == "env" and at < len(told) and _ASSIGNMENT.match(told[at]):
        name, __, value = told[at].partition("=")
        if name == "PYTHONPATH":
            told[at] = f"{name}={_with_witness(value)}"
        at += 1
    return told


# -- the process -----------------------------------------------------------------------------------


def _run(
    command: Sequence[str],
    root: Path,
    environment: Mapping[str, str],
    timeout: float | None,
    stdout: int | None,
    stderr: int | None,
) -> tuple[int, bool]:
    """Run a command to its end. Gives its exit code, and whether it took too long."""
    apart = os.name == "posix" and not _reads_terminal()  # or the command could not read it
    try:
        process = subprocess.Popen(
            list(command),
            cwd=root,
            env=environment,
            stdout=stdout,
            stderr=stderr,
            start_new_session=apart,
        )
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or error
        told = command[0] if command else _("no command")
        raise CommandError(_("{command}: {problem}", command=told, problem=problem)) from None
    with _signals_to(process, apart):
        try:
            return _exit_code(process.wait(timeout)), False
        except subprocess.TimeoutExpired:
            _end(process, apart)
            return TIMED_OUT, True
        finally:
            if process.poll() is None:
                _end(process, apart)


def _reads_terminal() -> bool:
    try:
        return sys.stdin.isatty()
    except (AttributeError, ValueError):
        return False  # it is closed, or there is none


def _exit_code(code: int) -> int:
    return 128 - code if code < 0 else code


def _end(process: subprocess.Popen[bytes], apart: bool) -> None:
    """End a process, with all that it started where it has a session of its own."""
    _send(process, signal.SIGTERM, apart)
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        _send(process, getattr(signal, "SIGKILL", signal.SIGTERM), apart)
        process.wait()


def _send(process: subprocess.Popen[bytes], number: int, apart: bool) -> None:
    try:
        if apart:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
    except ProcessLookupError:
        pass  # it has just ended


@contextmanager
def _signals_to(process: subprocess.Popen[bytes], apart: bool) -> Iterator[None]:
    """Pass on what this process is told; an interrupt from the terminal reaches both by itself."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def pass_on(number: int, __: object) -> None:
        if apart or number != signal.SIGINT:
            _send(process, number, apart)

    numbers = [getattr(signal, name) for name in _PASSED_ON if hasattr(signal, name)]
    before = {number: signal.signal(number, pass_on) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# -- the notes -------------------------------------------------------------------------------------


def _read(notes: Path) -> Iterator[Outside]:
    """What the witness noted; a line that is none of its own is passed over."""
    if not notes.is_file():
        return
    with notes.open(encoding="utf-8", errors="replace") as lines:
        for __ in range(_MOST_NOTES):
            line = lines.readline(_LONGEST_NOTE)
            if not line:
                return
            try:
                told = json.loads(line)
                site = told["site"]
                place = (
                    CallSite(printable(site[0]), int(site[1]), printable(site[2])) if site else None
                )
                host, by = printable(told["host"]), printable(told["by"])
            except (ValueError, TypeError, KeyError, IndexError):
                continue
            yield Outside(host, place, by, bool(told["refused"]))
