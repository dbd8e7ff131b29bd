"""Git repositories as an organisation has them, written by a script: the same bytes at every run.

Two of three use OpenAI, by one to three programs of `fixtures/programs`. Around them stand
modules, settings and documents that have nothing to do with it: 8 to 600 files, half of the
repositories with less than 60.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

_PROGRAMS = Path(__file__).parent.parent / "fixtures" / "programs"
_LEAST, _MOST, _MEDIAN, _SPREAD = 8, 600, 60, 0.9
_FOLDERS = ("core", "api", "orders", "reports", "jobs", "storage", "tests", "tools")

_FUNCTION = '''\

def {name}_{number}(rows: list[dict[str, float]], limit: int = {limit}) -> dict[str, float]:
    """Add up what the rows say of {name}, as far as the limit."""
    totals: dict[str, float] = {{}}
    for row in rows[:limit]:
        for key, value in row.items():
            if key.startswith("{name}") and value > {number}:
                totals[key] = totals.get(key, 0.0) + value * {limit} / ({number} + 1)
    return {{key: round(value, 2) for key, value in sorted(totals.items())}}

'''
_MODULE = '''\
"""What is known of {name}."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass
class {title}:
    name: str
    amount: int = {limit}

    def text(self) -> str:
        return json.dumps({{"name": self.name, "amount": self.amount}})

'''
_SETTINGS = """\
service:
  name: {name}
  replicas: {limit}
  resources: {{cpu: {number}, memory: 512}}
"""


def write_organisation(root: Path, number: int) -> Path:
    """Write the repositories that are not there yet; gives the list of them."""
    root.mkdir(parents=True, exist_ok=True)
    names = [f"repository{one:04}" for one in range(number)]
    for seed, name in enumerate(names):
        if not (root / name / ".git" / "refs" / "heads" / "main").exists():
            shutil.rmtree(root / name, ignore_errors=True)
            _write(root / name, random.Random(seed), with_openai=seed % 3 != 0)
    listed = root / "repos.txt"
    listed.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    return listed


def _write(root: Path, chance: random.Random, *, with_openai: bool) -> None:
    if with_openai:
        programs = sorted(one for one in _PROGRAMS.iterdir() if (one / "before").is_dir())
        for program in chance.sample(programs, chance.randint(1, 3)):
            shutil.copytree(program / "before", root / "services" / program.name)
    count = round(min(_MOST, max(_LEAST, chance.lognormvariate(0, _SPREAD) * _MEDIAN)))
    for number in range(count):
        _put(root, chance, number)
    (root / "README.md").write_text(f"# {root.name}\n\nWhat it is for.\n", encoding="utf-8")
    _git(root, "init", "--quiet", "--initial-branch=main")
    _git(root, "add", "--all", "--force")
    _git(root, "commit", "--quiet", "--message=Everything")


def _put(root: Path, chance: random.Random, number: int) -> None:
    name = f"{chance.choice(_FOLDERS)}_{number}"
    values = {"name": name, "title": name.title().replace("_", ""), "limit": number + 3}
    if number % 10 == 9:
        path, text = root / "deploy" / f"{name}.yaml", _SETTINGS.format(number=1, **values)
    else:
        path = root / chance.choice(_FOLDERS) / f"{name}.py"
        functions = (_FUNCTION.format(number=one, **values) for one in range(chance.randint(1, 14)))
        text = _MODULE.format(**values) + "".join(functions)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _git(root: Path, *arguments: str) -> None:
    date = "2026-01-05T09:00:00+00:00"
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_DATE": date,
    }
    identity = ("-c", "user.name=Example", "-c", "user.email=example@example.com")
    command = ["git", *identity, "-C", str(root), *arguments]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
