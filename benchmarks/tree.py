"""The tree to be scanned, and the tools to compare with: installed once, then kept."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

_HERE = Path(__file__).parent
PACKAGES = _HERE / "packages.txt"
TOOLS = _HERE / "tools.txt"
_PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]


class BuildError(Exception):
    """Something that has to be installed could not be."""


def build_tree(tree: Path) -> list[str]:
    """Install the listed packages, a folder each, that are not there yet.

    Gives the packages that could not be installed.
    """
    tree.mkdir(parents=True, exist_ok=True)
    return [package for package in _listed(PACKAGES) if not _installed(package, tree)]


def build_tools(folder: Path) -> Path:
    """The folder with the programs to compare with. Raises BuildError."""
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    if not (folder / "complete").exists():
        print(f"installing the tools to compare with in {folder} …", file=sys.stderr)
        venv.create(folder, with_pip=False, clear=True)
        python = str(programs / "python")
        command = [*_PIP[:3], "--python", python, *_PIP[3:], "--quiet", "-r", str(TOOLS)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BuildError(f"the tools could not be installed: {_last_line(done.stderr)}")
        (folder / "complete").touch()
    return programs


def _listed(file: Path) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _installed(package: str, tree: Path) -> bool:
    target = tree / package.replace("==", "-")
    if target.exists():
        return True
    print(f"installing {package} …", file=sys.stderr)
    part = tree.parent / "part"
    shutil.rmtree(part, ignore_errors=True)
    options = ["--no-deps", "--no-compile", "--ignore-requires-python", "--quiet"]
    command = [*_PIP, *options, "--only-binary", ":all:", "--target", str(part), package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{package}: {_last_line(done.stderr)}", file=sys.stderr)
        return False
    part.rename(target)
    return True


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["pip failed"])[-1]
