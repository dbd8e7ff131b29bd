"""Jobs in processes of their own, whoever asks: a thread, a worker of another machine's.

A job that takes too long is ended with all that it started; a process that dies takes its job with
it and nothing else. Processes are kept for the next job, until they have served many or grown.
"""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from migrator.fleet.result import Outcome
from migrator.fleet.serving import failed
from migrator.fleet.wish import Job
from migrator.language import _

_MOST_JOBS = 200
_MOST_MEMORY = 1 << 30
# The folder that is current is somebody's: no module may be imported from there.
_START = "import sys; sys.path[:] = sys.argv[1:]; from migrator.fleet.serving import serve; serve()"

_lock = threading.Lock()
_every: set[_Process] = set()
_idle: list[_Process] = []


def attempt(job: Job) -> Outcome:
    """Carry out a job in a process of its own. What goes wrong is an outcome, too."""
    with _lock:
        process = _idle.pop() if _idle else None
    process = process or _Process()
    with _scratch(job.wish.work) as folder:
        outcome = process.carry_out(replace(job, wish=replace(job.wish, work=folder)))
    if process.may_go_on(outcome):
        with _lock:
            _idle.append(process)
    else:
        process.end()
    return outcome


def end_all() -> None:
    """End every process, and what it is doing."""
    with _lock:
        every = list(_every)
        _idle.clear()
    for process in every:
        process.end()


@contextmanager
def _scratch(work: str) -> Iterator[str]:
    """A folder for the copies of a job, which is gone whatever becomes of its process."""
    if work:
        Path(work).mkdir(parents=True, exist_ok=True)
    folder = tempfile.mkdtemp(prefix="migrate-fleet-", dir=work or None)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Process:
    def __init__(self) -> None:
        paths = [path for path in sys.path if path]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # neither Ctrl-C nor a question for a password reaches it
        )
        self._served = 0
        self._expired = False
        with _lock:
            _every.add(self)

    def carry_out(self, job: Job) -> Outcome:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._served += 1
        timer = threading.Timer(job.wish.seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            pickle.dump(job, self._process.stdin)
            self._process.stdin.flush()
            outcome = pickle.load(self._process.stdout)
            assert isinstance(outcome, Outcome)
        except (EOFError, OSError, pickle.UnpicklingError):
            self.end()
            return failed(job, self._death(job))
        finally:
            timer.cancel()
        return outcome

    def may_go_on(self, outcome: Outcome) -> bool:
        alive = self._process.poll() is None and not self._expired
        return alive and self._served < _MOST_JOBS and outcome.memory < _MOST_MEMORY

    def end(self) -> None:
        with _lock:
            _every.discard(self)
        self._kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                assert stream is not None
                stream.close()

    def _expire(self) -> None:
        self._expired = True
        self._kill()

    def _kill(self) -> None:
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def _death(self, job: Job) -> str:
        if self._expired:
            return _("it took longer than {seconds:g} seconds", seconds=job.wish.seconds)
        return _("its process ended (exit code {code})", code=self._process.returncode)
