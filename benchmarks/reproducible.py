"""Build the wheel and the sdist twice, in two folders, and compare them.

python -m benchmarks.reproducible [FOLDER]

FOLDER keeps them, where one is named. SOURCE_DATE_EPOCH, as everywhere, says the time that is
written into them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_EPOCH = "1735689600"  # where the environment names none: any does
_BUILD = """
import sys
from hatchling import build
print(build.build_wheel(sys.argv[1]), build.build_sdist(sys.argv[1]))
"""


def build(source: Path, folder: Path) -> dict[str, str]:
    """The hashes of what is built of a tree into a folder, by name."""
    environment = {"SOURCE_DATE_EPOCH": _EPOCH, **os.environ}
    command = (sys.executable, "-c", _BUILD, str(folder))
    subprocess.run(command, cwd=source, env=environment, check=True, capture_output=True)
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.iterdir()}


def main() -> int:
    """Print both hashes of each; 1 where they differ."""
    with tempfile.TemporaryDirectory() as place:
        first = Path(sys.argv[1]) if sys.argv[1:] else Path(place, "first")
        tracked = ("git", "ls-files", "-z")
        listed = subprocess.run(tracked, cwd=_ROOT, capture_output=True, check=True).stdout
        for name in filter(None, os.fsdecode(listed).split("\0")):
            copy = Path(place, "tree", name)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(_ROOT / name, copy)  # with times of its own
        for folder in (first, Path(place, "second")):
            folder.mkdir(exist_ok=True)
        one, other = build(_ROOT, first), build(Path(place, "tree"), Path(place, "second"))
    for name in sorted({*one, *other}):
        print(name, one.get(name), other.get(name), sep="\n  ")
    return 0 if one == other else 1


if __name__ == "__main__":
    sys.exit(main())
