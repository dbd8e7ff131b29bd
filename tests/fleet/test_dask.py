"""On a cluster: a worker that is killed costs nothing but time."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from migrator.fleet.entries import Entry
from migrator.fleet.executors import engine
from migrator.fleet.running import run
from migrator.fleet.shelf import LOG, REPOSITORIES, Shelf
from migrator.fleet.wish import Job, Wish
from migrator.workflow import Options

distributed = pytest.importorskip("distributed")

_REPOSITORIES, _WORKERS = 24, 3
_PROGRAM = """\
from openai import OpenAI

client = OpenAI()


def answer{number}(question):
    return client.chat.completions.create(
        model="gpt-4o", messages=[{{"role": "user", "content": question}}], max_tokens={number}
    )
"""


def _files(folder: Path) -> dict[str, bytes]:
    root = folder / REPOSITORIES
    return {
        str(one.relative_to(root)): one.read_bytes() for one in root.rglob("*") if one.is_file()
    }


def test_a_worker_is_killed(tmp_path: Path) -> None:
    jobs = []
    for number in range(_REPOSITORIES):
        source = tmp_path / "sources" / f"program{number:02}"
        source.mkdir(parents=True)
        (source / "app.py").write_text(_PROGRAM.format(number=number), encoding="utf-8")
        jobs.append(Job(Entry(source.name, str(source)), Wish(Options("bailian"))))
    lost: list[int] = []
    with distributed.LocalCluster(
        n_workers=_WORKERS, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        address = cluster.scheduler_address.replace("tcp://", "dask://")

        def kill(*_told: object) -> None:
            """Once a few are done, end the process that one worker is."""
            if not lost:
                worker = next(iter(cluster.workers.values()))
                lost.append(len(cluster.scheduler.workers[worker.worker_address].processing))
                os.kill(worker.pid, signal.SIGKILL)

        with Shelf(tmp_path / "cluster").open() as shelf, engine(address, 0) as executor:
            found = run(jobs, shelf, executor, told=kill)
    with Shelf(tmp_path / "here").open() as shelf, engine("", 2) as executor:
        expected = run(jobs, shelf, executor)
    assert lost[0] > 0
    assert found == expected
    assert _files(tmp_path / "cluster") == _files(tmp_path / "here")
    log = (tmp_path / "cluster" / LOG).read_text(encoding="utf-8").splitlines()
    assert sorted(json.loads(line)["name"] for line in log) == [job.entry.name for job in jobs]
