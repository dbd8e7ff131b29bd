"""The process that repositories are gone about in: jobs come in, outcomes go out.

It serves one after the other, since the first costs several times what the next do.
"""

from __future__ import annotations

import os
import pickle
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from migrator import language
from migrator.errors import MigrateError
from migrator.fleet.result import Outcome, Result
from migrator.fleet.wish import Job
from migrator.language import _
from migrator.reports.redaction import redact

_LONGEST = 500


def serve() -> None:
    """Carry out jobs from standard input until it ends."""
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nowhere, standard)  # what is printed must not come among the answers
    while True:
        try:
            job = pickle.load(jobs)
        except EOFError:
            return
        outcome = carried_out(job)
        with suppress(OSError):
            Path(job.wish.work).rmdir()  # whoever asked may be gone
        pickle.dump(outcome, answers)
        answers.flush()


def carried_out(job: Job) -> Outcome:
    """The outcome of a job, whatever goes wrong."""
    from migrator.fleet.unit import run

    start = time.perf_counter()
    try:
        outcome = run(job)
    except Exception as error:
        language.use(job.wish.language)
        outcome = failed(job, _told(error))
    return replace(outcome, seconds=time.perf_counter() - start, memory=_memory())


def failed(job: Job, told: str) -> Outcome:
    """What is said of a repository that something went wrong with: one line, without secrets."""
    source = job.entry.source
    told = told.replace(source, job.entry.shown)
    line = redact(" ".join(told.split()))[:_LONGEST]
    return Outcome(Result.failed(job.entry, line))


def _told(error: Exception) -> str:
    match error:
        case MigrateError():
            return str(error)
        case MemoryError():
            return _("there is not memory enough")
        case OSError(strerror=str(what)):
            return f"{error.filename}: {what}" if error.filename else what
        case _:
            return _("internal error: {told}", told=f"{type(error).__name__}: {error}")


def _memory() -> int:
    try:
        import resource
    except ImportError:  # Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
