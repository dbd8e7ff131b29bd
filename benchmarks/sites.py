"""How the cost of `migrate apply --dry-run` grows with the calls in a repository.

Times it where they stand in more and more files, and where they all stand in one.

    python -m benchmarks.sites [--most N]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import FailedError, measure
from benchmarks.repository import write_one_file, write_repository

_PER_SERVICE = 25


def main() -> int:
    """Measure ten times as many calls each time, print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sites", description=__doc__)
    parser.add_argument("--most", type=int, default=1000, help="calls at the end (default: 1000)")
    most = parser.parse_args().most
    print("| calls | in | CPU | wall | peak MB | CPU a call beyond the first row's |")
    print("|--:|---|--:|--:|--:|--:|")
    try:
        for spread in (True, False):
            _rows(most, spread=spread)
    except FailedError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _rows(most: int, *, spread: bool) -> None:
    first: tuple[int, float] | None = None
    wanted = 10
    while wanted <= most:
        with tempfile.TemporaryDirectory() as place:
            if spread:
                services = max(1, wanted // _PER_SERVICE)
                times = 4 if wanted > _PER_SERVICE else 1
                calls = write_repository(Path(place), services=services, files=0, repeated=times)
            else:
                calls = write_one_file(Path(place), wanted)
            command = ("migrator", "apply", place, "--target", "bailian", "--dry-run")
            run = measure((sys.executable, "-m", *command, "--format", "json"))
        more = ""
        if first is not None:
            more = f"{1000 * (run.cpu - first[1]) / (calls - first[0]):.1f} ms"
        first = first or (calls, run.cpu)
        where = "many files" if spread else "one file"
        cells = (
            str(calls),
            where,
            f"{run.cpu:.2f} s",
            f"{run.wall:.2f} s",
            f"{run.memory:.0f}",
            more,
        )
        print(f"| {' | '.join(cells)} |")
        sys.stdout.flush()
        wanted *= 10


if __name__ == "__main__":
    sys.exit(main())
