"""All repositories of a list: what is not done yet is handed out, what comes back is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from itertools import islice

from migrator.fleet import isolation
from migrator.fleet.errors import EngineError
from migrator.fleet.result import Outcome, Result, Standing
from migrator.fleet.serving import failed
from migrator.fleet.shelf import Shelf
from migrator.fleet.wish import Job
from migrator.language import _

# Jobs that are handed out and not done: enough for any engine, and results never pile up.
_WINDOW = 256
NOTHING, FAILED, ALL = "", "failed", "all"
AGAIN = (FAILED, ALL)

Progress = Callable[[Result, int, int], None]


def run(
    jobs: Sequence[Job],
    shelf: Shelf,
    executor: Executor,
    again: str = NOTHING,
    told: Progress | None = None,
) -> list[Result]:
    """Carry out what is not done yet, or is to be done `again`; gives every result, in order.

    Each new result is handed to `told` with how many of how many there are. Ended in the middle, it
    leaves what is done, and the next run goes on. Raises EngineError.
    """
    results = {job.entry.name: kept for job in jobs if (kept := _kept(shelf, job, again))}
    waiting = [job for job in jobs if job.entry.name not in results]
    try:
        _hand_out(waiting, shelf, executor, results, told, len(jobs))
    except BrokenExecutor as error:
        raise EngineError(_ended(error)) from None
    finally:
        isolation.end_all()
    return [results[job.entry.name] for job in jobs]


def _kept(shelf: Shelf, job: Job, again: str) -> Result | None:
    kept = shelf.kept(job) if again != ALL else None
    if kept is not None and kept.standing is Standing.FAILED and again == FAILED:
        return None
    return kept


def _hand_out(
    jobs: Iterable[Job],
    shelf: Shelf,
    executor: Executor,
    results: dict[str, Result],
    told: Progress | None,
    total: int,
) -> None:
    waiting = iter(jobs)
    running: dict[Future[Outcome], Job] = {}
    try:
        while True:
            for job in islice(waiting, _WINDOW - len(running)):
                running[executor.submit(isolation.attempt, job)] = job
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                job = running.pop(future)
                outcome = _outcome(future, job)
                shelf.keep(job, outcome)
                results[job.entry.name] = outcome.result
                if told is not None:
                    told(outcome.result, len(results), total)
    finally:
        for future in running:
            future.cancel()
        if running:
            isolation.end_all()


def _outcome(future: Future[Outcome], job: Job) -> Outcome:
    """What a future brings. Raises EngineError where the engine itself is gone."""
    try:
        return future.result()
    except BrokenExecutor:
        raise
    except CancelledError as error:
        raise EngineError(_ended(error)) from None
    except Exception as error:
        return failed(job, f"{type(error).__name__}: {error}")


def _ended(error: BaseException) -> str:
    reason = str(error) or type(error).__name__
    return _("the executor ended ({reason}); the same command goes on", reason=reason)
