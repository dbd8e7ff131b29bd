"""What a change does to the output: the difference of what two revisions make of the pinned set.

python -m benchmarks.diffs BASE [HEAD] [--targets a,b] [--only NAME…] [--also FOLDER…] [--fetch]

BASE and HEAD are revisions of this repository; without HEAD the working tree is compared. Ends with
0 where nothing differs, 1 where something does, 2 where a revision cannot be had. Packages and
repositories of the set are used where they are there (see benchmarks/pinned.py).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path

from benchmarks.pinned import FOLDER, SET, fetch, present

_REPOSITORY = Path(__file__).resolve().parents[1]
_OUTCOMES = Path(__file__).with_name("outcomes.py")
_SMALL = 3  # lines around a difference
Outcome = dict[str, list[str]]


class NoRevisionError(Exception):
    """There is no such revision of the repository."""


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """A folder with the repository at a revision; the working tree for "".

    Raises NoRevisionError.
    """
    if not revision:
        yield _REPOSITORY
        return
    with tempfile.TemporaryDirectory(prefix="migrate-diffs-") as name:
        command = ["git", "archive", "--format=tar", revision, "migrator", "codemods"]
        archive = subprocess.run(command, cwd=_REPOSITORY, capture_output=True, check=False)
        if archive.returncode:
            raise NoRevisionError(archive.stderr.decode().strip())
        subprocess.run(["tar", "-x", "-C", name], input=archive.stdout, check=True)
        yield Path(name)


def outcomes(tree: Path, folders: Sequence[Path], targets: str) -> Iterator[Outcome]:
    """What the program in a tree makes of each folder."""
    command = [sys.executable, "-W", "ignore", str(_OUTCOMES), targets, *map(str, folders)]
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONHASHSEED": "0"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
        assert child.stdout is not None
        for line in child.stdout:
            yield json.loads(line)


def differences(name: str, base: Outcome, head: Outcome, most: int) -> Iterator[str]:
    """The differing parts of what two revisions make of a folder, readable."""
    for part in dict.fromkeys((*base, *head)):
        old, new = base.get(part, []), head.get(part, [])
        if old == new:
            continue
        lines = list(unified_diff(old, new, lineterm="", n=_SMALL))[2:]
        more = sum(line.startswith("+") for line in lines)
        less = sum(line.startswith("-") for line in lines)
        yield f"\n=== {name}, {part}: {more} lines more, {less} fewer"
        yield from lines[:most]
        if len(lines) > most:
            yield f"… and {len(lines) - most} lines more"


def compare(
    folders: Sequence[Path], trees: tuple[Path, Path], targets: str, most: int
) -> Iterator[str]:
    """What differs in all folders."""
    base, head = (outcomes(tree, folders, targets) for tree in trees)
    for folder, old, new in zip(folders, base, head, strict=True):
        yield from differences(folder.name, old, new, most)


def main() -> int:
    """Compare, and print what differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.diffs", description=__doc__)
    parser.add_argument("base", metavar="BASE")
    parser.add_argument("head", metavar="HEAD", nargs="?", default="")
    parser.add_argument("--targets", default="bailian,deepseek", help="default: bailian,deepseek")
    parser.add_argument("--set", type=Path, default=SET, help=f"default: {SET.name}")
    parser.add_argument("--folder", type=Path, default=FOLDER, help=f"default: {FOLDER}")
    parser.add_argument("--only", nargs="+", default=(), help="these of the set alone")
    parser.add_argument("--also", nargs="+", type=Path, default=(), help="further folders")
    parser.add_argument("--fetch", action="store_true", help="unpack packages that are missing")
    parser.add_argument("--lines", type=int, default=60, help="of each difference (default: 60)")
    given = parser.parse_args()
    if given.fetch:
        fetch(given.folder, given.set)
    folders = [
        path
        for one, path in present(given.folder, given.set)
        if not given.only or any(one.folder_name.startswith(name) for name in given.only)
    ]
    folders += given.also
    if not folders:
        print(f"nothing of the set is in {given.folder}: use --fetch", file=sys.stderr)
        return 2
    differs = 0
    try:
        with checked_out(given.base) as base, checked_out(given.head) as head:
            for line in compare(folders, (base, head), given.targets, given.lines):
                differs += line.startswith("\n===")
                print(line, flush=True)
    except NoRevisionError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"\n{len(folders)} folders, {differs} differences")
    return int(bool(differs))


if __name__ == "__main__":
    sys.exit(main())
