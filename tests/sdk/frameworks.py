"""Installs frameworks, each in an environment of its own under `.sdks/frameworks/`.

`python -m tests.sdk.frameworks` installs those that are small enough to be installed with every
run of the tests; with names, those; with `--all`, every one. What is there is left alone. Each
fixture's `case.yaml` says what is installed for it (`requires`) and whether it is small (`small`).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.sdk.install import ROOT

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "frameworks"
ENVIRONMENTS = ROOT / "frameworks"
COMMAND = "python -m tests.sdk.frameworks"
# Beside an environment's interpreter once all of it is there: what it was asked for.
_INSTALLED = "installed.txt"


@cache
def cases() -> dict[str, dict[str, Any]]:
    """What each fixture of a framework says of itself, by its name."""
    found = sorted(FIXTURES.glob("*/case.yaml"))
    return {path.parent.name: yaml.safe_load(path.read_text("utf-8")) for path in found}


def python_of(name: str) -> Path | None:
    """The interpreter that has a framework, if what its fixture asks for was installed."""
    there, requires = ENVIRONMENTS / name / _INSTALLED, cases()[name].get("requires")
    if not there.is_file() or there.read_text("utf-8").splitlines() != requires:
        return None
    return there.parent / "bin" / "python"


def install(name: str) -> int:
    """Install what a fixture asks for, unless it is there. Gives pip's exit code."""
    if python_of(name):
        return 0
    place, requires = ENVIRONMENTS / name, cases()[name]["requires"]
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(place / "bin" / "python"), "install"]
    quiet = ["--quiet", "--disable-pip-version-check"]
    code = subprocess.run([*pip, *quiet, *requires], check=False).returncode
    if not code:
        (place / _INSTALLED).write_text("\n".join(requires) + "\n", "utf-8")
    return code


def main() -> int:
    """Install what the command line asks for. Gives 0 where all of it could be."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=(__doc__ or "").splitlines()[0])
    run = {name: case for name, case in cases().items() if not case.get("told")}
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(run))
    parser.add_argument("--all", action="store_true", help="the large ones too")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.names) - set(run)):
        parser.error(f"no fixture is called {', '.join(unknown)}")
    every = asked.names or [name for name, case in run.items() if asked.all or case["small"]]
    failed = [name for name in every if install(name)]
    if failed:
        print(f"not installed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
