"""Time `migrate apply` on a repository of 400 files with 1,000 calls, beside a LibCST codemod.

python -m benchmarks.apply [--repeat N] [--services N]
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import FailedError, Measured, Run, measure, table
from benchmarks.repository import write_repository

SERVICES = 40
_CODEMOD = ("codemod", "--no-format", "--hide-progress", "-x", "benchmarks.scoped_codemod.Command")
# Each with the workers that it takes by itself.
PROGRAMS = {
    "migrate apply": ("migrator", "apply", "{}", "--target", "bailian"),
    "migrate apply --dry-run": ("migrator", "apply", "{}", "--target", "bailian", "--dry-run"),
    "LibCST codemod with scopes": ("libcst.tool", *_CODEMOD, "{}"),
}


def main() -> int:
    """Write the repository, measure the programs round by round, print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.apply", description=__doc__)
    parser.add_argument("--repeat", type=int, default=3, help="runs of each program (default: 3)")
    parser.add_argument("--services", type=int, default=SERVICES, help="ten files each (40)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        original = Path(place) / "original"
        calls = write_repository(original, services=asked.services, repeated=4, plain=10)
        files = [path.read_text(encoding="utf-8") for path in original.rglob("*.py")]
        try:
            measured = measured_rounds(original, asked.repeat)
        except FailedError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
    lines = sum(text.count("\n") for text in files)
    print(f"{len(files)} Python files, {lines} lines, {calls} calls\n")
    print(table(measured))
    ours, __, codemod = measured
    print(f"\nLibCST codemod : migrate apply = {codemod.wall / ours.wall:.1f} in wall time,")
    print(f"{codemod.cpu / ours.cpu:.1f} in CPU time")
    return 0


def measured_rounds(original: Path, repeat: int) -> list[Measured]:
    """Every program on a fresh copy of the repository, one after the other. Raises FailedError."""
    runs: dict[str, list[Run]] = {name: [] for name in PROGRAMS}
    copy = original.with_name("copy")
    for __ in range(repeat):
        for name, command in PROGRAMS.items():
            shutil.copytree(original, copy)
            words = (one.format(copy) for one in command)
            runs[name].append(measure((sys.executable, "-m", *words)))
            shutil.rmtree(copy)
    return [Measured(name, tuple(held)) for name, held in runs.items()]


if __name__ == "__main__":
    sys.exit(main())
