"""Compare the speed of this working tree with that of another revision: for a pipeline.

python -m benchmarks.compare REVISION [--pairs N] [--most RATIO]

Both scan the same generated repository, in turn; each ratio is of the CPU time of two runs that
follow each other, so that it holds on a machine that others use as well. 1 where the median of a
ratio is above `--most`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.measure import FailedError, measure
from benchmarks.repository import write_repository
from benchmarks.scaling import calls_in_a_file, plain_files, sites

_HERE = Path(__file__).parents[1]


def commands_on(target: str) -> dict[str, tuple[str, ...]]:
    """What is measured, by its name."""
    return {
        "scan": ("scan", target, "--format", "json"),
        "apply --dry-run": ("apply", target, "--dry-run", "--target", "bailian"),
    }


def compare(
    base: Path, head: Path, commands: Mapping[str, tuple[str, ...]], pairs: int
) -> dict[str, list[float]]:
    """By command, the ratios of the CPU times of `head` to those of `base`. Raises FailedError."""
    ratios: dict[str, list[float]] = {name: [] for name in commands}
    for name, command in commands.items():
        for turn in range(-1, pairs):  # the first of each compiles
            taken = {where: _cpu(where, command) for where in _in_turn(base, head, turn)}
            if turn >= 0:
                ratios[name].append(taken[head] / taken[base])
    return ratios


def _in_turn(base: Path, head: Path, turn: int) -> tuple[Path, Path]:
    return (base, head) if turn % 2 else (head, base)


def _cpu(tree: Path, command: tuple[str, ...]) -> float:
    # Nothing is kept from run to run, in a revision that keeps something.
    environment = {**os.environ, "PYTHONPATH": str(tree), "MIGRATE_CACHE_DIR": ""}
    return measure(
        (sys.executable, "-m", "migrator", *command), environment=environment, folder=tree
    ).cpu


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """The files of a revision, in a folder of their own. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(
            ["git", "archive", "--format=tar", revision], cwd=_HERE, capture_output=True, check=True
        )
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        yield Path(folder)


def write_target(folder: Path, scale: int) -> None:
    """Write what is scanned: services, calls in many files and in one, and plain files."""
    write_repository(folder)
    parts = {"plain": plain_files(20 * scale), "sites": sites(4 * scale)}
    for name, tree in {**parts, "one": calls_in_a_file(2 * scale)}.items():
        for path, text in tree:
            file = folder / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


def main() -> int:
    """Print the ratios; 1 where one is too high."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("revision", help="what to compare with: a branch, a commit")
    parser.add_argument("--pairs", type=int, default=7, help="runs of each (default: 7)")
    parser.add_argument("--most", type=float, default=1.1, help="ratio (default: 1.1)")
    parser.add_argument("--scale", type=int, default=100, help="size of the tree (default: 100)")
    given = parser.parse_args()
    try:
        with checked_out(given.revision) as base, tempfile.TemporaryDirectory() as target:
            write_target(Path(target), given.scale)
            found = compare(base, _HERE, commands_on(target), given.pairs)
    except (FailedError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("| command | pairs | lowest | median | highest |\n|---|--:|--:|--:|--:|")
    for name, ratios in found.items():
        told = " | ".join(f"{one:.2f}" for one in (min(ratios), median(ratios), max(ratios)))
        print(f"| {name} | {len(ratios)} | {told} |")
    return int(any(median(ratios) > given.most for ratios in found.values()))


if __name__ == "__main__":
    sys.exit(main())
