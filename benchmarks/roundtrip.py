"""Plan for the standard library, the pinned set and other folders, and tell what is wrong.

python -m benchmarks.roundtrip [FOLDER…] [--folder FOLDER] [--target PROVIDER] [--fetch]

Nothing is written. Every folder is planned twice, with other hash seeds and numbers of processes:
an error, another outcome, a changed file that no site speaks of, and one that compiles no more are
faults. Packages that are not there are fetched by pip with `--fetch` (see benchmarks/pinned.py).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import sysconfig
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import zip_longest
from pathlib import Path

from benchmarks.pinned import FOLDER, fetch, present

# Hash seeds, each with the number of processes there may be.
_WAYS = (("1", 1), ("2", 4))
# What is installed beside the standard library.
_EXCLUDED = ("site-packages/",)


@dataclass
class Gone:
    """What came of one folder."""

    folder: str
    files: int = 0
    sites: int = 0
    changed: int = 0
    converted: int = 0
    outcome: str = ""
    faults: list[str] = field(default_factory=list)


def go(folder: Path, target: str) -> Gone:
    """Plan for one folder."""
    from migrator import workflow
    from migrator.reports.json import plan_json

    gone = Gone(str(folder))
    try:
        options = workflow.Options(target=target, exclude=_EXCLUDED)
        result, _root = workflow.plan([folder], options)
        scan = workflow.scan([folder], workflow.Options(exclude=_EXCLUDED))
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        gone.faults = [f"{type(error).__name__}: {str(error)[:300]} ({place})"]
        return gone
    coverage = result.plan.coverage
    gone.files, gone.sites, gone.converted = scan.seen, coverage.sites, coverage.converted
    gone.changed = len(result.changes)
    gone.outcome = hashlib.sha256(plan_json(result).encode("utf-8", "backslashreplace")).hexdigest()
    spoken = {site.path for site in scan.sites} | {edit.path for edit in result.edits}
    for change in result.changes:
        if change.before is not None and change.path not in spoken:
            gone.faults.append(f"{change.path}: changed, and no site is in it")
        if change.path.endswith(".py") and (fault := _fault(change.before, change.after)):
            gone.faults.append(f"{change.path}: {fault}")
    if coverage.sites != coverage.converted + coverage.checklist + coverage.left:
        gone.faults.append(f"the coverage does not add up: {coverage}")
    if [one.site.id for one in result.plan.decisions] != [site.id for site in scan.sites]:
        gone.faults.append("the sites of the scan are not those of the plan")
    return gone


def _fault(before: bytes | None, after: bytes | None) -> str:
    """Why a file compiles no more; "" where it does, or never did."""
    try:
        compile(after or b"", "after", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        try:
            compile(before or b"", "before", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return ""
        return f"does not compile: {error}"
    return ""


def _go_all(folders: Iterable[str], target: str, processes: int) -> None:
    """Print what comes of each folder, a line of JSON each."""
    from migrator import workers

    workers._processors = lambda: processes
    for folder in folders:
        print(json.dumps(asdict(go(Path(folder), target))), flush=True)


def _started(folders: Sequence[Path], target: str, seed: str, processes: int) -> Iterator[Gone]:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.roundtrip", *map(str, folders)]
    command += ["--target", target, "--processes", str(processes)]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
        assert child.stdout is not None
        for line in child.stdout:
            yield Gone(**json.loads(line))


def _compared(folders: Sequence[Path], target: str) -> Iterator[Gone]:
    """What comes of each folder, with the faults of all ways to go about it."""
    ways = [_started(folders, target, *way) for way in _WAYS]
    for folder, *gone in zip_longest(folders, *ways):
        first = gone[0] or Gone(str(folder), faults=["the process ended"])
        others = [one or Gone(str(folder), faults=["the process ended"]) for one in gone[1:]]
        faults = dict.fromkeys(fault for one in (first, *others) for fault in one.faults)
        if any(one.outcome != first.outcome for one in others):
            faults["another outcome with another hash seed or number of processes"] = None
        first.faults = list(faults)
        yield first


def main() -> int:
    """Go through all folders and print a table. Gives 1 where there are faults."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.roundtrip", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="default: the set and the library")
    parser.add_argument("--folder", type=Path, default=FOLDER, help=f"of the set ({FOLDER})")
    parser.add_argument("--target", default="bailian", help="default: bailian")
    parser.add_argument("--fetch", action="store_true", help="unpack missing packages")
    parser.add_argument("--processes", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.processes:
        _go_all(given.folders, given.target, given.processes)
        return 0
    if given.fetch:
        fetch(given.folder)
    the_set = [path for _pinned, path in present(given.folder)]
    folders = given.folders or [Path(sysconfig.get_path("stdlib")), *the_set]
    print("| folder | files | sites | converted | files changed | faults |")
    print("|---|--:|--:|--:|--:|---|")
    every = []
    for one in _compared(folders, given.target):
        every.append(one)
        if one.sites or one.faults:
            numbers = f"{one.files} | {one.sites} | {one.converted} | {one.changed}"
            told = "; ".join(one.faults[:5])
            print(f"| {Path(one.folder).name} | {numbers} | {told} |", flush=True)
    files, changed = sum(one.files for one in every), sum(one.changed for one in every)
    faults = sum(len(one.faults) for one in every)
    print(f"\n{len(every)} folders, {files:,} files, {changed} changed, {faults} faults")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
