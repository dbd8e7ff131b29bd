"""A repository that nobody has vouched for: nothing of it runs, whatever it is told by."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from migrator import cli
from tests.changes.trees import git

APP = (
    "from openai import OpenAI\n\nclient = OpenAI()\n"
    "client.chat.completions.create(model='gpt-4o', messages=[])\n"
)


@pytest.fixture
def canary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of which every part that could run says so, in the folder beside it."""
    root, sung = tmp_path / "root", tmp_path / "sung"
    root.mkdir()
    sung.mkdir()

    def sings(name: str) -> str:
        return f"import pathlib\npathlib.Path({str(sung / name)!r}).touch()\n"

    def program(name: str) -> str:
        file = tmp_path / f"{name}.sh"
        file.write_text(f"#!/bin/sh\ntouch {sung / name}\ncat\n")
        file.chmod(0o755)
        return str(file)

    for name in (
        "conftest.py", "setup.py", "sitecustomize.py", "usercustomize.py", "yaml.py", "libcst.py",
        "openai.py", "typer.py", "rich.py", "json.py", "backend.py", "app/__init__.py",
        "rich/__init__.py", "noxfile.py", "tasks.py", "manage.py", "settings.py",
        "tests/conftest.py",
    ):  # fmt: skip
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(f"{sings(name.replace('/', '-'))}{APP}")
    (root / "canary.pth").write_text(sings("pth").replace("\n", ";"))
    (root / "app/main.py").write_text(APP)
    (root / "app/late.py").write_text(APP)
    (root / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        '[project]\nname = "app"\ndynamic = ["version"]\ndependencies = ["openai>=1.0"]\n'
        '[tool.setuptools.dynamic]\nversion = {attr = "app.VERSION"}\n'
        "[project.entry-points.'migrate.plugins']\ncanary = 'backend'\n"
    )
    (root / "config.yaml").write_text(
        f"openai: !!python/object/apply:os.system ['touch {sung / 'yaml'}']\nmodel: gpt-4o\n"
    )
    (root / ".env").write_text(f"OPENAI_API_KEY=$(touch {sung / 'env'})\n")
    (root / ".gitattributes").write_text("* filter=canary diff=canary merge=canary\n")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    blob = git(root, "rev-parse", "HEAD:app/late.py").decode().strip()
    (root / f".git/objects/{blob[:2]}/{blob[2:]}").unlink()
    hooks = root / ".git/hooks"
    for hook in ("post-index-change", "pre-commit", "fsmonitor-watchman", "reference-transaction"):
        (hooks / hook).write_text(Path(program(hook)).read_text())
        (hooks / hook).chmod(0o755)
    with (root / ".git/config").open("a") as config:
        config.write(
            f"[core]\n fsmonitor = {program('fsmonitor')}\n sshCommand = {program('ssh')}\n"
            f" pager = {program('pager')}\n editor = {program('editor')}\n"
            f" alternateRefsCommand = {program('alternates')}\n"
            "[extensions]\n partialClone = origin\n"
            f"[remote \"origin\"]\n promisor = true\n url = ext::{program('remote')}\n"
            f" uploadpack = {program('uploadpack')}\n"
            "[protocol \"ext\"]\n allow = always\n"
            f"[diff]\n external = {program('external')}\n"
            f"[diff \"canary\"]\n command = {program('command')}\n"
            f" textconv = {program('textconv')}\n"
            f"[filter \"canary\"]\n clean = {program('clean')}\n smudge = {program('smudge')}\n"
            f" process = {program('process')}\n required = true\n"
            f"[merge \"canary\"]\n driver = {program('driver')}\n"
            f"[pager]\n status = {program('pager-status')}\n diff = {program('pager-diff')}\n"
            f"[credential]\n helper = {program('helper')}\n"
        )  # fmt: skip
    later = time.time() + 100
    for path in (*root.glob("*.py"), *root.glob("app/*.py"), root / ".env"):
        os.utime(path, (later, later))  # git has to look into what they hold
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.chdir(root)
    return sung


def test_nothing_of_a_repository_runs(
    canary: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    target = ("--target", "bailian")
    for arguments in (
        ("apply", "-n", *target), ("explain", "app/main.py:4"), ("check",), ("check", "--staged"),
        ("check", "--from-ref", "HEAD"), ("baseline",), ("doctor",), ("apply", *target),
        ("init", "--yes", "--hook", "--force", *target), ("verify",), ("undo",),
    ):  # fmt: skip
        monkeypatch.setattr(sys, "argv", ["migrate", *arguments])
        with pytest.raises(SystemExit):
            cli.main()
            raise SystemExit(0)
        assert "internal error" not in capfd.readouterr().err
        assert not list(canary.iterdir()), arguments
    # The canary can sing: git as it is by itself runs what the settings name.
    subprocess.run(["git", "status"], capture_output=True, check=False)
    assert {"fsmonitor", "process"} & {one.name for one in canary.iterdir()}


def test_modules_of_the_current_folder_are_not_imported(canary: Path) -> None:
    here = Path(__file__).parents[1]
    command = [sys.executable, "-m", "migrator", "scan"]
    environment = {**os.environ, "PYTHONPATH": str(here), "PYTHONNOUSERSITE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    # Before any line of ours, Python itself may look into the folder: that is `-P`'s to forbid.
    assert done.returncode == 0, done.stderr
    assert not list(canary.iterdir())


ALIASES = "".join(f"a{i}: &a{i}\n  <<: [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30))
MERGED = f"a0: &a0 {{openai: gpt-4o}}\n{ALIASES}"
DEEP = "[" * 50_000 + "]" * 50_000


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"config.yaml": MERGED, "openai.json": DEEP, "gpt-4o.toml": f"openai = {DEEP}"}, ""),
        ({"n.ipynb": f'{{"cells": {DEEP}, "openai": 1}}', "openai.yml": f"openai: {DEEP}"}, ""),
        ({"deep.py": f"import openai\nx = {'(' * 3000}{')' * 3000}\n"}, ""),
        ({".migrator.yaml": MERGED}, "values"),
        ({".migrator.yaml": "map: &a {x: *a}\n"}, "values"),
        ({".migrator.yaml": f"target: {'[' * 200}{']' * 200}\n"}, "levels deep"),
        ({"pyproject.toml": f"[tool.migrator]\ntarget = {DEEP}\n"}, "nested too deeply"),
        ({"pyproject.toml": f"[tool.migrator]\n{'a.' * 50_000}a = 1\n"}, "more than 100 parts"),
        ({".migrate/runs/0001-x/manifest.json": DEEP, ".migrate-baseline.json": DEEP}, ""),
    ],
)  # fmt: skip
def test_what_stands_for_more_than_a_machine_holds_is_read_within_bounds(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    files: dict[str, str],
    told: str,
) -> None:
    """Its lines are looked at without what they stand for, or it is refused in a line."""
    code = "import yaml\nfrom openai import OpenAI\nx = yaml.safe_load(open('config.yaml'))\n"
    for name, text in {"app.py": code, **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    started = time.process_time()
    for command in ("scan", "check"):
        monkeypatch.setattr(sys, "argv", ["migrate", command])
        with pytest.raises(SystemExit) as ended:
            cli.main()
            raise SystemExit(0)
        error = capfd.readouterr().err
        assert "internal error" not in error
        if command == "scan":
            assert told in error
            assert ended.value.code == (2 if told else 0)
    assert time.process_time() - started < 10


def test_long_runs_cost_no_more_than_their_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What an expression could begin at every place of, and search to its end each time."""
    word, blanks, options = "a" * 40_000, " " * 40_000, "-a" * 20_000
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
              "source": "\r\n" * 200 + APP}]  # fmt: skip
    files = {
        "main.tf": f'variable "openai_api_key" {{}}\n{word}\n{"/*" * 20_000}',
        "requirements.txt": f"openai>=1{blanks}x\n-r a{blanks}x\nopenai{blanks}(\n",
        "run.sh": f"curl https://api.openai.com/v1 {options}\necho ${{{word}\n",
        "openai.yaml": f"model: gpt-4o\ntext: a{blanks}x\n",
        "openai.ini": f"[openai]\nmodel = a{blanks}x\n a{blanks}x\n",
        "openai.json": '{"openai": "gpt-4o", ' + '\\"' * 20_000,
        ".env": f"OPENAI_API_KEY=a{blanks}x\n",
        "README.md": f"OPENAI_API_KEY {'`' * 40_000} gpt-4o {options}\n",
        "n.ipynb": json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}),
        "app.py": f"{APP}# gpt-4o {'#' * 40_000} {'token=' * 7_000}\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_bytes(text.encode())
    monkeypatch.chdir(tmp_path)
    command = ["migrate", "apply", "-n", "--docs", "--target", "bailian", "--format", "json"]
    monkeypatch.setattr(sys, "argv", command)
    started = time.process_time()
    with pytest.raises(SystemExit):
        cli.main()
        raise SystemExit(0)
    assert "internal error" not in capfd.readouterr().err
    assert time.process_time() - started < 5


def test_names_of_files_cannot_speak_to_a_pipeline_or_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a\n::error::b\x1b[31m.py").write_text(APP)
    (tmp_path / "c\u202e.py").write_text(f"{APP}# \x1b]0;\u202e\n")
    monkeypatch.chdir(tmp_path)
    for arguments in (
        ("check", "--all"),
        ("check", "--all", "--format", "github"),
        ("scan",),
        ("checklist", "--target", "bailian", "--format", "prompt"),
    ):
        monkeypatch.setattr(sys, "argv", ["migrate", *arguments])
        with pytest.raises(SystemExit):
            cli.main()
            raise SystemExit(0)
        out = capfd.readouterr().out
        assert "\x1b[31m.py" not in out or "github" in arguments  # there it is a path, in full
        assert not [line for line in out.splitlines() if line.startswith("::error::b")]
        assert "\u202e" not in out or "github" in arguments


@pytest.mark.parametrize(
    ("name", "command"),
    [
        (".migrate-baseline.json", ("baseline",)),
        (".migrator.yaml", ("init", "--yes", "--target", "bailian")),
        (".pre-commit-config.yaml", ("init", "--yes", "--hook", "--target", "bailian")),
        ("MIGRATION_CHECKLIST.md", ("apply", "--target", "bailian")),
        ("report.html", ("scan", "--output", "report.html")),
        ("report.json", ("check", "--all", "--format", "json", "--output", "report.json")),
    ],
)
def test_a_link_in_the_place_of_what_is_written_leads_nowhere(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    name: str,
    command: tuple[str, ...],
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "app.py").write_text(APP)
    (root / name).symlink_to(tmp_path / "outside")
    monkeypatch.chdir(root)
    monkeypatch.setattr(sys, "argv", ["migrate", *command])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 3
    assert f"{name}: leads out of" in capfd.readouterr().err
    assert not (tmp_path / "outside").exists()
    assert list(root.glob("*.py")) == [root / "app.py"]
