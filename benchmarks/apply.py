"""Time `migrate apply --dry-run` on a repository of 200 files with 60 calls.

python -m benchmarks.apply [--repeat N]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import FailedError, Measured, measure, table
from benchmarks.repository import FILES, write_repository


def main() -> int:
    """Write the repository, measure both programs, print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.apply", description=__doc__)
    parser.add_argument("--repeat", type=int, default=5, help="runs of each program (default: 5)")
    repeat: int = parser.parse_args().repeat
    with tempfile.TemporaryDirectory() as folder:
        calls = write_repository(Path(folder))
        migrate = (sys.executable, "-m", "migrator", "apply", folder, "--target", "bailian")
        commands = {
            "migrate apply --dry-run": (*migrate, "--dry-run"),
            "migrate scan": (sys.executable, "-m", "migrator", "scan", folder, "--format", "json"),
            "plain LibCST codemod": (sys.executable, "-m", "benchmarks.plain_codemod", folder),
        }
        try:
            measured = [
                Measured(name, tuple(measure(command) for _ in range(repeat)))
                for name, command in commands.items()
            ]
        except FailedError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
    print(f"{FILES} Python files, {calls} calls\n")
    print(table(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main())
