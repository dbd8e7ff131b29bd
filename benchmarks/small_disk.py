"""Carry commands out on a disk that is full, and all but full, to the last page and inode.

python -m benchmarks.small_disk

A small file system in memory (tmpfs) is filled until so many pages, or inodes, are left; one more
each time, until the command succeeds. It must end with code 3 and one line and have lost nothing.
Then room is made and the command is given again, as in `crash_points`. Needs root on Linux.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.crash_points import Tally, Walk, WrongError, scenarios, warm_up

_SIZE, _INODES = 2_000_000, 400
_MOST = 200  # more room than any of the commands takes


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of its own at a folder. Raises CalledProcessError where none may be mounted."""
    folder.mkdir()
    options = f"size={_SIZE},nr_inodes={_INODES}"
    mount = ("mount", "-t", "tmpfs", "-o", options, "none", str(folder))
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(("umount", str(folder)), check=True)


@contextmanager
def without_pages(disk: Path, left: int) -> Iterator[None]:
    """All of a disk's pages but so many are taken."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        status = os.statvfs(disk)
        os.posix_fallocate(file.fileno(), 0, (status.f_bavail - left) * status.f_frsize)
    yield
    ballast.unlink()


@contextmanager
def without_inodes(disk: Path, left: int) -> Iterator[None]:
    """All of a disk's inodes but so many are taken."""
    taken = [disk / f"taken{number}" for number in range(os.statvfs(disk).f_favail - left)]
    for one in taken:
        one.touch()
    yield
    for one in taken:
        one.unlink()


SHORTAGES = {"pages": without_pages, "inodes": without_inodes}


def filled(walk: Walk, disk: Path, shortage: str) -> Tally:
    """What a command leaves for each number of pages, or of inodes, until it succeeds."""
    tally = Tally()
    walk.folder = disk
    for left in range(_MOST):
        root = walk._copy()
        with SHORTAGES[shortage](disk, left):
            ended = walk._run(root, walk.scenario.command)
        if not ended.code and walk._tree(root) == walk.planned:
            return tally
        tally.points += 1
        try:
            if not ended.code:
                raise WrongError("it ends with 0, and the tree is not as planned")
            tally.left[walk.cut_off(root, ended)] += 1
        except WrongError as error:
            told = f"{walk.scenario.name}, {left} {shortage} left: {error}"
            tally.wrong.append(told)
    tally.wrong.append(f"{walk.scenario.name}: it never succeeds")
    return tally


def main() -> int:
    """Print a row for each command and shortage; 1 where something is lost."""
    warm_up()
    columns = ("as it was", "as planned", "in between")
    print(f"{'command':24}{'short of':10}{'tries':>8}" + "".join(f"{one:>12}" for one in columns))
    points, wrong = 0, list[str]()
    for scenario in scenarios():
        if scenario.environment or scenario.name == "fleet":  # they keep elsewhere what they keep
            continue
        with tempfile.TemporaryDirectory() as folder, small_disk(Path(folder) / "disk") as disk:
            walk = Walk(scenario, Path(folder))
            for shortage in SHORTAGES:
                tally = filled(walk, disk, shortage)
                points += tally.points
                wrong += tally.wrong
                counts = "".join(f"{tally.left[one]:>12}" for one in columns)
                print(f"{scenario.name:24}{shortage:10}{tally.points:>8}{counts}", flush=True)
                for told in tally.wrong:
                    print(told, file=sys.stderr, flush=True)
    print(f"\n{points} tries without room, {points - len(wrong)} recovered")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
