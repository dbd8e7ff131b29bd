"""Apply to a copy of each folder, apply again and undo, and tell what is wrong.

python -m benchmarks.applied [FOLDER…] [--folder FOLDER] [--target PROVIDER] [--python PYTHON…]

The copies are thrown away. Faults are: an error, a changed file that one of the Pythons compiles no
more, a second apply that plans something, an undo that leaves another byte than there was, and a
key of the folder's in what is told. Packages are those of the set (see benchmarks/pinned.py).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.pinned import FOLDER, present

_COMPILE = """
import sys
for path in sys.stdin.read().splitlines():
    try:
        with open(path, "rb") as file:
            compile(file.read(), path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        print(path)
"""
# What looks like a key, and is told of nowhere.
_KEY = re.compile(rb"sk-[A-Za-z0-9][\w-]{19,}")
_LEFT_OUT = shutil.ignore_patterns(".git", ".migrate", "node_modules")


def faults(folder: Path, target: str, pythons: Sequence[str]) -> tuple[int, list[str]]:
    """How many files of a folder are changed, and what is wrong."""
    with tempfile.TemporaryDirectory(prefix="migrate-applied-") as name:
        root = Path(name, "tree")
        shutil.copytree(
            folder, root, symlinks=True, ignore=_LEFT_OUT, ignore_dangling_symlinks=True
        )
        try:
            return _changed(root, target, pythons)
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(frame.filename).name}:{frame.lineno}"
            return 0, [f"{type(error).__name__}: {str(error)[:300]} ({place})"]


def _changed(root: Path, target: str, pythons: Sequence[str]) -> tuple[int, list[str]]:
    from migrator import workflow
    from migrator.reports.json import plan_json

    options = workflow.Options(target=target)
    before = _fingerprint(root)
    keys = {key for path in before for key in _KEY.findall(_read(root / path))}
    planned, where = workflow.plan([root], options)
    compiled = [path for path in _changed_python(planned) if (root / path).exists()]
    failing = {python: _failing(python, root, compiled) for python in pythons}
    workflow.carry_out(planned, where, options)
    found = []
    for python, known in failing.items():
        more = _failing(python, root, compiled) - known
        found += [f"{path}: {python} compiles it no more" for path in sorted(more)]
    after = _fingerprint(root)
    told = plan_json(planned).encode("utf-8", "backslashreplace")
    told += b"".join(_read(root / path) for path in after.keys() - before.keys())
    shown = sum(key in told for key in keys)
    if shown:
        found.append(f"{shown} keys are shown")
    if planned.changes:
        again, _root = workflow.plan([root], options)
        found += [f"{one.path}: changed by a second apply" for one in again.changes]
        workflow.undo(root)
        left = _fingerprint(root)
        found += [f"{path}: not as it was" for path in sorted(_differing(before, left))]
    return len(planned.changes), found


def _changed_python(planned: object) -> list[str]:
    changes = getattr(planned, "changes", ())
    return [one.path for one in changes if one.path.endswith(".py")]


def _failing(python: str, root: Path, paths: Sequence[str]) -> set[str]:
    """The files that a Python does not compile."""
    if not paths:
        return set()
    given = "\n".join(str(root / path) for path in paths)
    command = [python, "-W", "ignore", "-c", _COMPILE]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return {str(Path(line).relative_to(root)) for line in done.stdout.splitlines()}


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _fingerprint(root: Path) -> dict[str, tuple[str, int]]:
    found = {}
    for path in sorted(root.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        found[path.relative_to(root).as_posix()] = (content, path.stat().st_mode)
    return {path: held for path, held in found.items() if not path.startswith(".migrate/")}


def _differing(
    before: Mapping[str, tuple[str, int]], after: Mapping[str, tuple[str, int]]
) -> Iterator[str]:
    for path in before.keys() | after.keys():
        if before.get(path) != after.get(path):
            yield path


def main() -> int:
    """Go through all folders and print a line each. Gives 1 where there are faults."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.applied", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="default: the set")
    parser.add_argument("--folder", type=Path, default=FOLDER, help=f"of the set ({FOLDER})")
    parser.add_argument("--target", default="bailian", help="default: bailian")
    parser.add_argument("--python", nargs="+", default=[sys.executable], help="that compile")
    given = parser.parse_args()
    folders = given.folders or [path for _pinned, path in present(given.folder)]
    changed = wrong = 0
    for folder in folders:
        number, found = faults(folder, given.target, given.python)
        changed, wrong = changed + number, wrong + len(found)
        if number or found:
            print(json.dumps([folder.name, number, found]), flush=True)
    print(f"\n{len(folders)} folders, {changed} files changed, {wrong} faults")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
