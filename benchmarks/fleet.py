"""Time `migrate fleet` on 200 generated repositories, beside a loop over them.

python -m benchmarks.fleet [--repositories N] [--sample N] [--folder FOLDER]

The loop runs `migrate apply --dry-run` on one repository after the other; it is measured on a
sample, and the fleet on the same sample with one job. Then come the fleet on all, the same again
where all is done, the bytes of one job and of several, and the report over 10,000 results.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks.measure import FailedError, Run, measure
from benchmarks.organisation import write_organisation

_MANY = 10_000


def main() -> int:
    """Write what is missing, measure, print the figures and what they come to for 10,000."""
    given = _arguments()
    folder: Path = given.folder.absolute()
    listed = write_organisation(folder / "organisation", given.repositories)
    results = folder / "results"
    shutil.rmtree(results, ignore_errors=True)
    every = listed.read_text(encoding="utf-8").split()
    sample = every[:: max(1, len(every) // given.sample)][: given.sample]
    chosen = listed.with_name("sample.txt")
    chosen.write_text("".join(f"{name}\n" for name in sample), encoding="utf-8")
    jobs = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        loop = [_loop(listed.parent / name) for name in sample]
        warm = measure(_command(chosen, results / "sample", 1))
        whole = measure(_command(listed, results / "all", jobs))
        again = measure(_command(listed, results / "all", jobs))
    except FailedError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{_sizes(listed.parent, every)}; {jobs} processors\n")
    print("| what | repositories | wall | CPU | CPU each | largest process |")
    print("|---|--:|--:|--:|--:|--:|")
    of_loop = Run(*(sum(getattr(one, what) for one in loop) for what in ("wall", "cpu")),
                  max(one.memory for one in loop))  # fmt: skip
    _row("a loop of `migrate apply --dry-run`", len(sample), of_loop)
    _row("`migrate fleet --apply`, one job", len(sample), warm)
    _row(f"`migrate fleet --apply`, {jobs} jobs", len(every), whole)
    _row("the same again: all is done", len(every), again)
    same = _same(results / "sample", results / "all", sample)
    told = _log(results / "all")
    print(f"\nloop : fleet, one job each, CPU: {of_loop.cpu / warm.cpu:.2f}")
    print(f"a repository takes {median(told):.2f} s (median), {max(told):.2f} s (longest)")
    print(f"{same} of {len(sample)} repositories have the same bytes from one job and from {jobs}")
    hours = whole.wall / len(every) * _MANY / 3600
    print(f"projection to {_MANY:,} repositories: {hours:.2f} h here, "
          f"{whole.cpu / len(every) * _MANY / 3600:.2f} h of CPU")  # fmt: skip
    _report(results / "all")
    return 0 if same == len(sample) else 1


def _arguments() -> argparse.Namespace:
    default = Path(tempfile.gettempdir()) / "migrate-benchmark" / "fleet"
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fleet", description=__doc__)
    parser.add_argument("--repositories", type=int, default=200, help="how many (default: 200)")
    parser.add_argument("--sample", type=int, default=20, help="for the loop (default: 20)")
    parser.add_argument("--folder", type=Path, default=default, help=f"default: {default}")
    return parser.parse_args()


def _loop(repository: Path) -> Run:
    migrate = (sys.executable, "-m", "migrator", "apply", str(repository))
    return measure((*migrate, "--target", "bailian", "--dry-run"))


def _command(listed: Path, output: Path, jobs: int) -> tuple[str, ...]:
    migrate = (sys.executable, "-m", "migrator", "fleet", str(listed), "--target", "bailian")
    return (*migrate, "--apply", "--jobs", str(jobs), "--output", str(output))


def _row(name: str, number: int, run: Run) -> None:
    print(f"| {name} | {number} | {run.wall:.1f} s | {run.cpu:.1f} s | {run.cpu / number:.2f} s "
          f"| {run.memory:.0f} MB |")  # fmt: skip


def _sizes(root: Path, names: Sequence[str]) -> str:
    files = [path for name in names for path in (root / name).rglob("*.py")]
    size = sum(path.stat().st_size for path in files) / 1e6
    return f"{len(names)} repositories, {len(files):,} Python files, {size:.0f} MB"


def _same(one: Path, other: Path, names: Sequence[str]) -> int:
    """How many repositories have the same results in both folders."""
    found = 0
    for name in names:
        here, there = (folder / "repositories" / name for folder in (one, other))
        files = sorted(path.name for path in here.iterdir())
        alike = files == sorted(path.name for path in there.iterdir())
        found += alike and filecmp.cmpfiles(here, there, files, shallow=False)[0] == files
    return found


def _log(results: Path) -> list[float]:
    lines = (results / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["seconds"] for line in lines]


def _report(results: Path) -> None:
    """What the report costs over 10,000 results, made of those that there are."""
    from migrator.fleet.result import Result
    from migrator.fleet.summary import Fleet
    from migrator.reports.fleet import reports

    data = json.loads((results / "fleet.json").read_text(encoding="utf-8"))["repositories"]
    known = [Result.from_data(one) for one in data]
    many = [replace(known[n % len(known)], name=f"repository{n:05}") for n in range(_MANY)]
    start = time.process_time()
    found = reports(Fleet(tuple(many)))
    sizes = ", ".join(f"{name} {len(text) / 1e6:.1f} MB" for name, text in found.items())
    print(f"the report over {_MANY:,}: {time.process_time() - start:.1f} s of CPU; {sizes}")


if __name__ == "__main__":
    sys.exit(main())
