"""The same work on many things at once, in processes of their own where that pays."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")
_MOST_WORKERS = 8
# What the workers inherit: a function and its arguments need not be sent to them.
_work: tuple[Callable[[Any], Any], Sequence[Any]] | None = None


def each(function: Callable[[_T], _R], tasks: Sequence[_T], *, pays: bool) -> Iterator[_R]:
    """`function` of every task, in their order.

    In forked processes where it `pays`, there is more than one task and processor, and the system
    can fork; then results are sent back, so they have to be plain data. Beside other threads it
    cannot: a process would inherit the locks that they hold, and nobody to release them.
    """
    count = min(_MOST_WORKERS, len(tasks), processors())
    if not pays or count < 2 or not _can_fork():
        yield from map(function, tasks)
        return
    yield from _in_processes(function, tasks, count)


def _can_fork() -> bool:
    return hasattr(os, "fork") and threading.current_thread() is threading.main_thread()


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_processes(function: Callable[[_T], _R], tasks: Sequence[_T], count: int) -> Iterator[_R]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    global _work
    _work = (function, tasks)
    done = 0
    try:
        with ProcessPoolExecutor(count, mp_context=get_context("fork")) as pool:
            for result in pool.map(_run, range(len(tasks))):
                done += 1
                yield result
    except (BrokenProcessPool, OSError):
        # A worker was killed, or none could be started: the rest is done here.
        yield from map(function, tasks[done:])
    finally:
        _work = None


def _run(index: int) -> Any:
    assert _work is not None
    function, tasks = _work
    return function(tasks[index])


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for cycles meanwhile: for work whose data only grows, with no garbage in it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def settled() -> Iterator[None]:
    """Searches for cycles leave alone meanwhile what there is already: it is much, and stays."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
