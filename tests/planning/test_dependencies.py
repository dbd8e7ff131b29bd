"""What is written into dependency files, in every form of them, and what is told of them."""

from __future__ import annotations

import ast
import configparser
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from migrator import workflow
from migrator.analysis.documents import requirements_of
from migrator.analysis.reading import analyse
from migrator.analysis.sites import Kind
from migrator.decisions import ChecklistItem, Convert, Plan, Target
from migrator.planning import PlanOptions
from migrator.planning.context import Context
from migrator.planning.dependencies import decide, need
from migrator.ranges import releases
from migrator.rewriting import rewrite_all
from tests.planning.builders import ASK, planned, provider

try:
    import tomllib
except ModuleNotFoundError:
    import tomli as tomllib

APP = "from openai import OpenAI\nclient = OpenAI()\n"
LIKE = "mid-openai-like>=0.4"


@dataclass(frozen=True)
class Written:
    """The files as they are afterwards, and what is told."""

    files: Mapping[str, str]
    items: tuple[ChecklistItem, ...]


def written(
    files: Mapping[str, str],
    *wanted: str,
    beside: str = "openai",
    gone: bool = False,
    locks: tuple[str, ...] = (),
) -> Written:
    """Say that a program needs packages, and write that into its dependency files."""
    texts = {"app.py": APP, **files}
    python = {path: text.encode() for path, text in texts.items() if path.endswith(".py")}
    others = {path: text.encode() for path, text in texts.items() if path not in python}
    analysis = analyse(python, others, list(python))
    target = Target("bailian")
    context = Context(analysis.sites, provider(), target, analysis.sources, PlanOptions())
    context.locks = locks
    client = next(context.of_kind(Kind.CLIENT))
    for one in wanted:
        need(context, one, beside=beside, gone=gone, reason="a test", site_ids=[client.id])
    decide(context)
    decisions = tuple(Convert(site, tuple(context.edits[site.id]), "") for site in context.sites)
    done = rewrite_all(Plan(target, decisions), analysis.sources, {**python, **others})
    assert not done.refused
    after = {**texts, **{one.path: (one.after or b"").decode() for one in done.changes}}
    told = [one for held in context.hindrances.values() for one in held]
    return Written(after, (*told, *context.general))


# -- a package that comes beside another one ------------------------------------------------------

BESIDE = {
    "a line": (
        "requirements.txt",
        "rich\nopenai>=1.40\n",
        "rich\nopenai>=1.40\nmid-openai-like>=0.4\n",
    ),
    "a sorted file": (
        "requirements.txt",
        "aiohttp\nhttpx\nopenai\nrich\n",
        "aiohttp\nhttpx\nmid-openai-like>=0.4\nopenai\nrich\n",
    ),
    "the first of a sorted file": (
        "requirements.txt",
        "openai\nrich\n",
        "mid-openai-like>=0.4\nopenai\nrich\n",
    ),
    "a sorted part of a file": (
        "requirements.txt",
        "zope\n\n# models\nhttpx\nopenai\n",
        "zope\n\n# models\nhttpx\nmid-openai-like>=0.4\nopenai\n",
    ),
    "no line end, a comment": (
        "requirements.txt",
        "openai>=1.40  # models",
        "openai>=1.40  # models\nmid-openai-like>=0.4",
    ),
    "CRLF": (
        "requirements.txt",
        "rich\r\nopenai>=1.40\r\nhttpx\r\n",
        "rich\r\nopenai>=1.40\r\nmid-openai-like>=0.4\r\nhttpx\r\n",
    ),
    "an exact pin and a marker": (
        "requirements.txt",
        "rich==13\nopenai==1.40.1 ; python_version > '3.8'\n",
        "rich==13\nopenai==1.40.1 ; python_version > '3.8'\n"
        "mid-openai-like==0.4; python_version > '3.8'\n",
    ),
    "a list of PEP 621": (
        "pyproject.toml",
        '[project]\ndependencies = [\n  "rich",\n  "openai>=1.40",  # models\n]\n',
        '[project]\ndependencies = [\n  "rich",\n  "openai>=1.40",  # models\n'
        '  "mid-openai-like>=0.4",\n]\n',
    ),
    "a list that ends without a comma": (
        "pyproject.toml",
        "[project]\ndependencies = [\n    'rich',\n    'openai ~= 1.40'\n]\n",
        "[project]\ndependencies = [\n    'rich',\n    'openai ~= 1.40',\n"
        "    'mid-openai-like ~= 0.4'\n]\n",
    ),
    "a list on one line": (
        "pyproject.toml",
        '[project]\ndependencies = ["openai>=1.40"]\n',
        '[project]\ndependencies = ["openai>=1.40", "mid-openai-like>=0.4"]\n',
    ),
    "an extra and a group, of which the main list has nothing": (
        "pyproject.toml",
        '[project]\ndependencies = ["rich"]\n[project.optional-dependencies]\nai = ["openai"]\n'
        '[dependency-groups]\ndev = ["openai", {include-group = "x"}]\n',
        '[project]\ndependencies = ["rich"]\n[project.optional-dependencies]\n'
        'ai = ["openai", "mid-openai-like>=0.4"]\n'
        '[dependency-groups]\ndev = ["openai", "mid-openai-like>=0.4", {include-group = "x"}]\n',
    ),
    "Poetry": (
        "pyproject.toml",
        '[tool.poetry.dependencies]\npython = "^3.10"\nhttpx = "*"\nopenai = "^1.40"\n\n[x]\n',
        '[tool.poetry.dependencies]\npython = "^3.10"\nhttpx = "*"\n'
        'mid-openai-like = "^0.4"\nopenai = "^1.40"\n\n[x]\n',
    ),
    "Poetry with extras": (
        "pyproject.toml",
        '[tool.poetry.dependencies]\nopenai = {version = "^1.40", extras = ["datalib"]}\n',
        '[tool.poetry.dependencies]\nopenai = {version = "^1.40", extras = ["datalib"]}\n'
        'mid-openai-like = "^0.4"\n',
    ),
    "uv and hatch": (
        "pyproject.toml",
        '[tool.uv]\ndev-dependencies = ["openai"]\n'
        '[tool.hatch.envs.test]\ndependencies = ["openai"]\n',
        '[tool.uv]\ndev-dependencies = ["openai", "mid-openai-like>=0.4"]\n'
        '[tool.hatch.envs.test]\ndependencies = ["openai", "mid-openai-like>=0.4"]\n',
    ),
    "Pipfile": (
        "Pipfile",
        '[packages]\nrich = "*"\nopenai = "==1.40.1"\n',
        '[packages]\nrich = "*"\nopenai = "==1.40.1"\nmid-openai-like = "==0.4"\n',
    ),
    "setup.cfg": (
        "setup.cfg",
        "[options]\ninstall_requires =\n    rich\n    openai>=1.40\npackages = find:\n",
        "[options]\ninstall_requires =\n    rich\n    openai>=1.40\n    mid-openai-like>=0.4\n"
        "packages = find:\n",
    ),
    "tox.ini": (
        "tox.ini",
        "[testenv]\ndeps =\n    openai\ncommands = pytest\n",
        "[testenv]\ndeps =\n    openai\n    mid-openai-like>=0.4\ncommands = pytest\n",
    ),
    "setup.py": (
        "setup.py",
        "from setuptools import setup\nEXTRAS = {'ai': ['openai>=1.40', 'rich']}\nsetup(\n"
        "    install_requires=[\n        'openai>=1.40',\n    ],\n)\n",
        "from setuptools import setup\n"
        "EXTRAS = {'ai': ['mid-openai-like>=0.4', 'openai>=1.40', 'rich']}\nsetup(\n"
        "    install_requires=[\n        'openai>=1.40',\n"
        "        'mid-openai-like>=0.4',\n    ],\n)\n",
    ),
    "a conda environment with pip": (
        "environment.yml",
        "name: x\ndependencies:\n  - python=3.11\n  - openai=1.40\n  - pip:\n    - rich\n",
        "name: x\ndependencies:\n  - python=3.11\n  - openai=1.40\n  - pip:\n    - rich\n"
        "    - mid-openai-like>=0.4\n",
    ),
    "what pip installs in a conda environment": (
        "environment.yml",
        "dependencies:\n- pip:\n  - openai==1.40.1 # models\n  - zope\n",
        "dependencies:\n- pip:\n  - mid-openai-like==0.4\n  - openai==1.40.1 # models\n  - zope\n",
    ),
    "a Dockerfile": (
        "Dockerfile",
        "RUN pip install openai \\\n    rich\n",
        'RUN pip install openai "mid-openai-like>=0.4" \\\n    rich\n',
    ),
    "a Dockerfile with a line for each": (
        "Dockerfile",
        "RUN pip install rich \\\n    openai==1.40.1 \\\n    httpx\n",
        "RUN pip install rich \\\n    openai==1.40.1 \\\n    mid-openai-like==0.4 \\\n    httpx\n",
    ),
    "a command in CI": (
        ".github/workflows/a.yml",
        "jobs:\n  t:\n    steps:\n      - run: pip install 'openai>=1.40' rich\n",
        "jobs:\n  t:\n    steps:\n"
        "      - run: pip install 'openai>=1.40' 'mid-openai-like>=0.4' rich\n",
    ),
    "a script": (
        "install.sh",
        "uv add openai==1.40.1 && echo done\n",
        "uv add openai==1.40.1 mid-openai-like==0.4 && echo done\n",
    ),
    "a list in JSON": (
        "a.json",
        '{"requirements": [\n  "openai"\n]}\n',
        '{"requirements": [\n  "openai",\n  "mid-openai-like>=0.4"\n]}\n',
    ),
    "a noxfile": (
        "noxfile.py",
        "def tests(session):\n    session.install('openai')\n",
        "def tests(session):\n    session.install('openai', 'mid-openai-like>=0.4')\n",
    ),
}


@pytest.mark.parametrize(("path", "text", "after"), BESIDE.values(), ids=BESIDE)
def test_a_package_comes_beside_another(path: str, text: str, after: str) -> None:
    found = written({path: text}, LIKE, LIKE)
    assert found.files[path] == after
    assert not found.items
    again = written({path: after}, LIKE)
    assert again.files[path] == after


# -- a package that takes the place of another one ------------------------------------------------

INSTEAD = {
    "a line": ("requirements.txt", "rich\nopenai>=1.40 # x\n", "rich\nmid-openai-like>=0.4 # x\n"),
    "a list": (
        "pyproject.toml",
        '[project]\ndependencies = ["openai==1.40.1", "rich"]\n',
        '[project]\ndependencies = ["mid-openai-like==0.4", "rich"]\n',
    ),
    "an entry": (
        "pyproject.toml",
        '[tool.poetry.dependencies]\nopenai = "^1.40"\n',
        '[tool.poetry.dependencies]\nmid-openai-like = "^0.4"\n',
    ),
    "one that is there already": (
        "requirements.txt",
        "mid-openai-like\nopenai>=1.40 \\\n  # x\nrich\n",
        "mid-openai-like\nrich\n",
    ),
    "one that is there already, in a list": (
        "pyproject.toml",
        "[project]\ndependencies = [\n  'mid-openai-like',\n  'openai',\n]\n",
        "[project]\ndependencies = [\n  'mid-openai-like',\n]\n",
    ),
    "one that is there already, on a line": (
        "pyproject.toml",
        "[project]\ndependencies = ['openai', 'mid-openai-like']\n",
        "[project]\ndependencies = ['mid-openai-like']\n",
    ),
    "one that is there in another release": (
        "requirements.txt",
        "mid-openai-like<0.3\nopenai\n",
        "mid-openai-like>=0.4\n",
    ),
    "a word": (
        "a.sh",
        "pip install -U openai rich\n",
        'pip install -U "mid-openai-like>=0.4" rich\n',
    ),
    "setup.py": (
        "setup.py",
        "from setuptools import setup\nsetup(install_requires=['openai'])\n",
        "from setuptools import setup\nsetup(install_requires=['mid-openai-like>=0.4'])\n",
    ),
}


@pytest.mark.parametrize(("path", "text", "after"), INSTEAD.values(), ids=INSTEAD)
def test_a_package_takes_the_place_of_another(path: str, text: str, after: str) -> None:
    found = written({path: text}, LIKE, gone=True)
    assert found.files[path] == after
    assert not found.items


# -- what is left to a person ---------------------------------------------------------------------

BY_HAND = {
    "hashes": ("requirements.txt", "openai==1.40.1 --hash=sha256:00\n", "hashes"),
    "a conda environment": ("environment.yml", "dependencies:\n- openai\n", "conda"),
    "an optional package": (
        "pyproject.toml",
        '[tool.poetry.dependencies]\nopenai = {version = "^1", optional = true}\n',
        "extra",
    ),
    "a table of its own": (
        "pyproject.toml",
        '[tool.poetry.dependencies.openai]\nversion = "^1"\n',
        "table of its own",
    ),
}


@pytest.mark.parametrize(("path", "text", "why"), BY_HAND.values(), ids=BY_HAND)
def test_what_cannot_be_written_is_told(path: str, text: str, why: str) -> None:
    found = written({path: text}, LIKE)
    assert found.files[path] == text
    (told,) = found.items
    assert (told.code, told.path) == ("dependency-needed", path)
    assert LIKE in told.title
    assert why in told.why


def test_what_no_file_declares_is_told_once() -> None:
    found = written({"requirements.txt": "rich\n"}, LIKE, LIKE)
    (told,) = found.items
    assert told.code == "dependency-needed"
    assert found.files["requirements.txt"] == "rich\n"


# -- files that belong together -------------------------------------------------------------------


def test_a_package_comes_into_the_file_that_is_included() -> None:
    files = {
        "requirements/base.txt": "openai\n",
        "requirements/dev.txt": "-r all.txt\n-c constraints.txt\nopenai[datalib]\n",
        "requirements/all.txt": "-r base.txt\n",
        "requirements/constraints.txt": "openai==1.40.1\n",
        "other/requirements.txt": "openai\n",
    }
    found = written(files, LIKE)
    assert found.files["requirements/base.txt"] == "openai\nmid-openai-like>=0.4\n"
    same = ("requirements/dev.txt", "requirements/constraints.txt")
    assert all(found.files[path] == files[path] for path in same)


def test_only_the_programs_files_are_written() -> None:
    files = {
        "other/app.py": "print()\nfrom openai import OpenAI\nOpenAI()\n",
        "other/requirements.txt": "openai\n",
        "requirements.txt": "openai\n",
    }
    found = written(files, LIKE)
    assert found.files["other/requirements.txt"] == "openai\n"
    assert found.files["requirements.txt"] == "openai\nmid-openai-like>=0.4\n"


# -- lock files -----------------------------------------------------------------------------------

LOCKED = {
    "poetry": (
        "pyproject.toml",
        '[tool.poetry.dependencies]\nopenai = "^1"\n',
        "poetry.lock",
        "poetry lock",
    ),
    "uv, in a workspace": (
        "a/pyproject.toml",
        '[project]\ndependencies = ["openai"]\n',
        "uv.lock",
        "uv lock",
    ),
    "pipenv": ("Pipfile", '[packages]\nopenai = "*"\n', "Pipfile.lock", "pipenv lock"),
    "conda": (
        "environment.yml",
        "dependencies:\n- pip:\n  - openai\n",
        "conda-lock.yml",
        "conda-lock --file environment.yml",
    ),
}


@pytest.mark.parametrize(("path", "text", "lock", "command"), LOCKED.values(), ids=LOCKED)
def test_a_lock_file_is_named_with_its_command(
    path: str, text: str, lock: str, command: str
) -> None:
    files = {path: text, "a/app.py": APP.replace("client", "other")}
    found = written(files, LIKE, locks=(lock, "b/poetry.lock"))
    assert found.files[path] != text
    (told,) = found.items
    assert (told.code, told.path) == ("lock-file", lock)
    assert f"`{command}`" in told.action
    assert not written({**files, path: text.replace("openai", "rich")}, locks=(lock,)).items


COMPILED = "#    pip-compile --output-file=requirements.txt requirements.in\n"


@pytest.mark.parametrize(
    ("head", "command"),
    [
        (f"# This file is autogenerated by pip-compile\n{COMPILED}", COMPILED[5:-1]),
        (
            "# This file was autogenerated by uv\n#    uv pip compile requirements.in\n",
            "uv pip compile requirements.in",
        ),
        ("", "pip-compile requirements.in"),
    ],
)
def test_a_compiled_file_is_compiled_anew(head: str, command: str) -> None:
    locked = f"{head}openai==1.40.1\n    # via -r requirements.in\nrich==13\n"
    found = written({"requirements.in": "openai\n", "requirements.txt": locked}, LIKE)
    assert found.files["requirements.in"] == "openai\nmid-openai-like>=0.4\n"
    assert found.files["requirements.txt"] == locked
    (told,) = found.items
    assert (told.code, told.path) == ("lock-file", "requirements.txt")
    assert f"`{command}`" in told.action


def test_lock_files_are_found_beside_and_above(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "app.py").write_text(OLD)
    (tmp_path / "a" / "pyproject.toml").write_text('[project]\ndependencies = ["openai<1"]\n')
    (tmp_path / "uv.lock").write_text("version = 1\n")
    options = workflow.Options(target="bailian", legacy="upgrade")
    result, _ = workflow.plan([tmp_path], options)
    (told,) = [one for one in result.plan.checklist if one.code == "lock-file"]
    assert told.path == "uv.lock"
    assert told.action == "Run `uv lock`."


def test_a_compiled_file_of_unknown_origin_is_told() -> None:
    locked = f"# This file is autogenerated by pip-compile\n{COMPILED}openai==1.40.1\n"
    found = written({"requirements.txt": locked}, LIKE)
    assert found.files["requirements.txt"] == locked
    (told,) = found.items
    assert (told.code, told.path) == ("dependency-needed", "requirements.txt")
    assert "pip-compile" in told.why


# -- what other packages demand -------------------------------------------------------------------

OLD = (
    f'import openai\ndef ask(q):\n    return openai.ChatCompletion.create(model="gpt-4o", {ASK})\n'
)
RAISED = {
    "alone": ("requirements.txt", "openai==0.28.1\n", "openai>=1.40\n"),
    "with what goes with it": (
        "requirements.txt",
        "crewai>=0.70\nopenai==0.28.1\n",
        "crewai>=0.70\nopenai>=1.40\n",
    ),
    "no further than another package": (
        "requirements.txt",
        "crewai==1.14.4\nopenai<1\n",
        "crewai==1.14.4\nopenai>=1.40,<3\n",
    ),
    "Poetry": (
        "pyproject.toml",
        '[tool.poetry.dependencies]\nopenai = {version = "^0.28", extras = ["datalib"]}\n',
        '[tool.poetry.dependencies]\nopenai = {version = ">=1.40", extras = ["datalib"]}\n',
    ),
    "setup.py": (
        "setup.py",
        "from setuptools import setup\nsetup(install_requires=['openai==0.28'])\n",
        "from setuptools import setup\nsetup(install_requires=['openai>=1.40'])\n",
    ),
    "setup.py, by names": (
        "setup.py",
        "from setuptools import setup\nDEPS = ['openai==0.28', 'rich']\nTAGS = ['openai']\n"
        "MORE = {'ai': ['openai[datalib]<1']}\nsetup(install_requires=DEPS, extras_require=MORE)\n",
        "from setuptools import setup\nDEPS = ['openai>=1.40', 'rich']\nTAGS = ['openai']\n"
        "MORE = {'ai': ['openai[datalib]>=1.40']}\n"
        "setup(install_requires=DEPS, extras_require=MORE)\n",
    ),
    "a noxfile": (
        "noxfile.py",
        "def tests(session):\n    session.install('openai<1', '-r', 'requirements.txt')\n",
        "def tests(session):\n    session.install('openai>=1.40', '-r', 'requirements.txt')\n",
    ),
    "conda": (
        "environment.yml",
        "dependencies:\n- openai=0.28\n",
        "dependencies:\n- openai>=1.40\n",
    ),
    "CI": (
        ".github/workflows/a.yml",
        'jobs:\n  t:\n    steps:\n    - run: "pip install openai==0.28 rich"\n',
        "jobs:\n  t:\n    steps:\n    - run: \"pip install 'openai>=1.40' rich\"\n",
    ),
    "poetry add": ("a.sh", "poetry add openai@^0.28\n", 'poetry add "openai>=1.40"\n'),
}


@pytest.mark.parametrize(("path", "text", "after"), RAISED.values(), ids=RAISED)
def test_a_pin_is_raised(path: str, text: str, after: str) -> None:
    found = planned({"app.py": OLD, path: text}, legacy="upgrade")
    assert found.after(path) == after


CONFLICTS = {
    "no release goes with it": (
        "openai-function-call==0.0.5\nopenai==0.27.8\n",
        "use `instructor` in the place of `openai-function-call`",
    ),
    "an exact pin": ("crewai==0.1.0\nopenai==0.28.1\n", "ask for `crewai` 0.1.14 or later"),
}


@pytest.mark.parametrize(("text", "remedy"), CONFLICTS.values(), ids=CONFLICTS)
def test_a_pin_is_not_raised_against_another_package(text: str, remedy: str) -> None:
    found = planned({"app.py": OLD, "requirements.txt": text}, legacy="upgrade")
    assert found.after("requirements.txt") == text
    told = found.item("dependency-conflict")
    assert "openai>=1.40" in told.title
    assert "requirements.txt:1" in told.why
    assert remedy in told.action


def test_what_was_in_conflict_before_is_left() -> None:
    text = "crewai==1.15.30\nopenai-agents==0.24.0\nopenai\n"
    found = written({"requirements.txt": text}, LIKE)
    assert found.files["requirements.txt"] == f"{text}{LIKE}\n"


def test_a_package_that_demands_another_openai_is_not_added() -> None:
    text = "openai>=3\nrich\n"
    found = written({"requirements.txt": text}, "llama-index-llms-openai>=0.7")
    assert found.files["requirements.txt"] == text
    (told,) = found.items
    assert told.code == "dependency-conflict"
    assert told.title == "`llama-index-llms-openai>=0.7` cannot be installed beside `openai>=3`"
    assert "demands openai <3,>=1.108.1" in told.why
    both = written({"requirements.txt": text}, "llama-index-llms-openai>=0.7", LIKE)
    assert both.files["requirements.txt"] == f"{LIKE}\n{text}"


def test_an_object_stays_whose_new_class_cannot_be_installed() -> None:
    code = (
        "from langchain.embeddings import OpenAIEmbeddings\nOpenAIEmbeddings().embed_query('x')\n"
    )
    pins = "langchain==0.1.20\nopenai==0.27.8\n"
    found = planned({"app.py": code, "requirements.txt": pins})
    assert found.plan.edits == ()
    assert "`langchain-openai>=0.1.6`" in found.item("rewriting-refused").why


# -- every file is what it was, but for the package -----------------------------------------------


def data(path: str, text: str) -> Any:
    """What a file's own parser makes of it, without the package that comes."""
    if path.endswith((".toml", "Pipfile")):
        return tomllib.loads(text)
    if path.endswith((".yml", ".yaml", ".json")):
        return yaml.safe_load(text)
    if path.endswith((".cfg", ".ini")):
        parser = configparser.ConfigParser()
        parser.read_string(text)
        return {name: dict(section) for name, section in parser.items()}
    if path.endswith(".py"):
        return [ast.unparse(one) for one in ast.parse(text).body]
    return [line.split("#")[0].strip() for line in text.splitlines()]


@pytest.mark.parametrize(
    ("path", "text", "after"), [*BESIDE.values(), *INSTEAD.values(), *RAISED.values()]
)
def test_the_other_packages_stay(path: str, text: str, after: str) -> None:
    data(path, after)
    ours = {"openai", "mid-openai-like"}

    def others(source: str) -> list[str]:
        return [one.text for one in requirements_of(path, source) if one.name not in ours]

    def read(source: str) -> list[tuple[str, str]]:
        return [
            (one.name, one.specifier) for one in requirements_of(path, source) if one.name in ours
        ]

    assert others(text) == others(after)
    for name, specifier in read(after):
        assert releases(specifier) is not None, name


def test_files_that_declare_nothing_are_passed_over() -> None:
    for path in ("a.tf", "a.md", ".env", "a.json.j2", "a.py", "a.lock"):
        assert not requirements_of(path, "openai = 1\n")
