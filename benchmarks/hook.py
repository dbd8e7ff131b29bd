"""Time `migrate check` as a hook runs it, beside bare Python and beside ruff's banned import.

python -m benchmarks.hook [--repeat N]

Each ratio is of two runs that follow each other, so that a machine that is slower for a while is so
for both. Installs this program without its dependencies, as a wheel, and ruff.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.measure import FailedError, measure
from benchmarks.tree import BuildError, build_tools

_ROOT = Path(__file__).parents[1]
_MANY = 50
_LARGEST = 40_000
_BANNED = 'lint.flake8-tidy-imports.banned-api."openai".msg = "use the provider\'s endpoint"'
_USING = "from openai import OpenAI\n\nclient = OpenAI()\nmodel = 'gpt-4o'\n"


@dataclass(frozen=True)
class Pair:
    """A command, what it is compared with, and how many times as long it may take."""

    name: str
    command: tuple[str, ...]
    other: tuple[str, ...]
    most: float


def _installed(folder: Path) -> Path:
    """The folder with `python` and `migrate` of a fresh environment. Raises BuildError."""
    venv.create(folder, with_pip=False, clear=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "install", "--quiet"]
    done = subprocess.run(
        [*pip, "--no-deps", str(_ROOT)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BuildError(f"the program could not be installed: {done.stderr.strip()[-200:]}")
    return programs


def _repository(folder: Path) -> Path:
    """A repository with files of the standard library, and one file that uses OpenAI.

    That one has changed since, apart from its use.
    """
    folder.mkdir()
    library = Path(sysconfig.get_path("stdlib"))
    files = [one for one in sorted(library.glob("*/*.py")) if one.stat().st_size < _LARGEST]
    for number, file in enumerate(files[:_MANY]):
        shutil.copy(file, folder / f"file{number}.py")
    (folder / "uses.py").write_text(_USING, encoding="utf-8")
    identity = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@example.com")
    for arguments in (("init", "-q"), ("add", "."), (*identity, "commit", "-q", "-m", "x")):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    (folder / "uses.py").write_text(f"{_USING}limit = 1\n", encoding="utf-8")
    return folder


def pairs(programs: Path, tools: Path) -> list[Pair]:
    """What is measured: one file, fifty, and fifty of which one uses OpenAI as it did before."""
    migrate = (str(programs / "migrate"), "check")
    ruff = (
        *(str(tools / "ruff"), "check", "--isolated", "--no-cache", "--quiet"),
        *("--select", "TID251", "--config", _BANNED),
    )
    many = tuple(f"file{number}.py" for number in range(_MANY))
    mixed = ("uses.py", *many[1:])
    bare = (str(programs / "python"), "-c", "pass")
    return [
        Pair("one file : bare Python", (*migrate, many[0]), bare, 3),
        Pair(f"{_MANY} files : ruff", (*migrate, *many), (*ruff, *many), 2),
        Pair(f"{_MANY} files, one with openai : ruff", (*migrate, *mixed), (*ruff, *mixed), 2),
    ]


def ratios(pair: Pair, repeat: int) -> list[float]:
    """The ratio of each two runs that follow each other. Raises FailedError."""
    fine = (0, 1)
    found = []
    for turn in range(repeat + 1):
        one = measure(pair.command)
        other = measure(pair.other, fine)
        if turn:
            found.append(one.wall / other.wall)
    return found


def table(rows: Sequence[tuple[Pair, Sequence[float]]]) -> str:
    """A Markdown table of the ratios."""
    lines = [
        "| pair | runs | ratio, median | lowest | highest | at most |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    lines.extend(
        f"| {pair.name} | {len(found)} | {median(found):.2f} | {min(found):.2f} | {max(found):.2f} "
        f"| {pair.most:g} |"
        for pair, found in rows
    )
    return "\n".join(lines)


def main() -> int:
    """Measure every pair; 1 where a median is above what it may be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hook")
    parser.add_argument("--repeat", type=int, default=30, help="runs of each pair (default: 30)")
    repeat = parser.parse_args().repeat
    tools_folder = Path(tempfile.gettempdir()) / "migrate-benchmark" / "tools"
    with tempfile.TemporaryDirectory() as folder:
        try:
            tools = build_tools(tools_folder)
            programs = _installed(Path(folder) / "venv")
            repository = _repository(Path(folder) / "repository")
            os.chdir(repository)
            rows = [(pair, ratios(pair, repeat)) for pair in pairs(programs, tools)]
        except (BuildError, FailedError, OSError) as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
    print(table(rows))
    return int(any(median(found) > pair.most for pair, found in rows))


if __name__ == "__main__":
    sys.exit(main())
