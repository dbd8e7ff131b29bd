"""The pinned set: packages and repositories that changes of this program are tried on.

python -m benchmarks.pinned [--set FILE] [--folder FOLDER]

Unpacks the packages that are not in the folder yet. Nothing is installed, built or run: wheels
only. A repository of the set is used where a checkout of it stands there as `owner+name`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SET = Path(__file__).with_name("pinned.txt")
FOLDER = Path(tempfile.gettempdir()) / "migrate-benchmark" / "pinned"
_PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download"]
_WHEEL = ["--no-deps", "--only-binary", ":all:", "--ignore-requires-python", "--quiet"]


@dataclass(frozen=True)
class Pinned:
    """A line of the set: `name==version`, or `owner/name@commit` of a repository."""

    line: str

    @property
    def is_package(self) -> bool:
        return "==" in self.line

    @property
    def folder_name(self) -> str:
        """What its folder is called."""
        if self.is_package:
            return self.line.replace("==", "-")
        return self.line.partition("@")[0].replace("/", "+")


def listed(file: Path = SET) -> list[Pinned]:
    """Everything that the set names."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [Pinned(line) for line in lines if line and not line.startswith("#")]


def present(folder: Path, file: Path = SET) -> Iterator[tuple[Pinned, Path]]:
    """What of the set there is, with its folder."""
    for one in listed(file):
        if (found := folder / one.folder_name).is_dir():
            yield one, found


def fetch(folder: Path, file: Path = SET) -> list[Pinned]:
    """Unpack the packages that are missing. Gives those that cannot be had."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = (one for one in listed(file) if not (folder / one.folder_name).exists())
    return [one for one in missing if one.is_package and not _unpacked(one, folder)]


def _unpacked(package: Pinned, folder: Path) -> bool:
    with tempfile.TemporaryDirectory(dir=folder) as part:
        command = [*_PIP, *_WHEEL, "--dest", part, package.line]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(
                f"{package.line}: {(done.stderr.strip() or 'pip failed')[-200:]}", file=sys.stderr
            )
            return False
        unpacked = Path(part, "unpacked")
        for wheel in Path(part).glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(unpacked)
        unpacked.rename(folder / package.folder_name)
    return True


def main() -> int:
    """Unpack what is missing. Gives 1 where something cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pinned", description=__doc__)
    parser.add_argument("--set", type=Path, default=SET, help=f"default: {SET.name}")
    parser.add_argument("--folder", type=Path, default=FOLDER, help=f"default: {FOLDER}")
    given = parser.parse_args()
    failed = fetch(given.folder, given.set)
    there = sum(1 for _one in present(given.folder, given.set))
    print(f"{there} of {len(listed(given.set))} are in {given.folder}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
