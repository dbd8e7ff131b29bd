"""Run a program and measure it: wall time, CPU time, peak memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Timer


class FailedError(Exception):
    """A measured program ended with an exit code that it should not."""


@dataclass(frozen=True)
class Run:
    """One run: seconds of wall and CPU time (of the program and its children), peak MB."""

    wall: float
    cpu: float
    memory: float


@dataclass(frozen=True)
class Measured:
    """All runs of one program."""

    name: str
    runs: tuple[Run, ...]

    @property
    def wall(self) -> float:
        return median(run.wall for run in self.runs)

    @property
    def best(self) -> float:
        return min(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        return median(run.cpu for run in self.runs)

    @property
    def memory(self) -> float:
        return max(run.memory for run in self.runs)


def _installed(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which Python keeps what it compiles, as an installed program has it."""
    return {key: value for key, value in environment.items() if key != "PYTHONDONTWRITEBYTECODE"}


def measure(
    command: Sequence[str],
    fine: Collection[int] = (0,),
    *,
    limit: float | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Run:
    """Run a command to its end, its output dropped.

    Peak memory is that of the largest process. Raises FailedError for an exit code not in `fine`,
    and for a run that takes more than `limit` seconds (it is stopped then).
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_installed(os.environ if environment is None else environment),
        cwd=folder,
    )
    timer = Timer(limit, process.kill) if limit else None
    if timer is not None:
        timer.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if timer is not None:
        timer.cancel()
    if limit and wall >= limit:
        raise FailedError(f"stopped after {limit:.0f} s, at {usage.ru_maxrss / 1024:.0f} MB")
    if process.returncode not in fine:
        raise FailedError(f"{command[0]} ended with {process.returncode}: {' '.join(command)}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def table(measured: Sequence[Measured]) -> str:
    """A Markdown table; each ratio is to the first program's median wall time."""
    base = measured[0].wall
    lines = [
        "| program | runs | wall, median | wall, best | CPU | peak MB | wall : first |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines.extend(
        f"| {one.name} | {len(one.runs)} | {one.wall:.2f} s | {one.best:.2f} s "
        f"| {one.cpu:.2f} s | {one.memory:.0f} | {one.wall / base:.2f} |"
        for one in measured
    )
    return "\n".join(lines)
