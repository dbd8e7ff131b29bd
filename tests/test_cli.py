"""The command line: help, errors, exit codes, output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import run

PROGRAM = "from openai import OpenAI\nclient = OpenAI()\nclient.models.list()\n"
COMMANDS = ([], ["scan"], ["compare"], ["apply"], ["undo"], ["providers"], ["explain"])


def migrate(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A run of the command in this process: starting another one takes longer than most do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd or Path.cwd())
        patch.setenv("COLUMNS", "80")
        patch.setenv("NO_COLOR", "1")
        code, printed, told = run("migrate", *arguments)
    return subprocess.CompletedProcess(arguments, code, printed, told)


def started(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own, for what hands on its own input and output."""
    return subprocess.run(
        [sys.executable, "-m", "migrator", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"},
        check=False,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(PROGRAM)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command) or "migrate")
def test_help_fits_eighty_columns(command: list[str]) -> None:
    done = migrate(*command, "--help")
    assert done.returncode == 0
    assert max(len(line) for line in done.stdout.splitlines()) <= 80


def test_scan_names_the_next_command(repository: Path) -> None:
    done = migrate("scan", cwd=repository)
    assert done.returncode == 0
    assert "Next: migrate compare" in done.stdout


def test_scan_prints_the_contract_as_json(repository: Path) -> None:
    found = json.loads(migrate("scan", "--format", "json", cwd=repository).stdout)
    assert found["schema"] == 1
    assert {site["kind"] for site in found["sites"]} == {"import", "client", "call"}
    assert all(site["path"] == "app.py" for site in found["sites"])


def test_compare_recommends_and_names_the_next_command(repository: Path) -> None:
    done = migrate("compare", "--target", "bailian", cwd=repository)
    assert done.returncode == 0
    assert "Next: migrate apply --target bailian" in done.stdout
    page = migrate("compare", "-t", "bailian", "--format", "html", cwd=repository).stdout
    assert page.startswith("<!doctype html>")


def test_a_dry_run_writes_nothing(repository: Path) -> None:
    done = migrate("apply", "--target", "bailian", "--dry-run", cwd=repository)
    assert done.returncode == 0
    assert "+client = OpenAI(" in done.stdout
    assert [path.name for path in repository.iterdir()] == ["app.py"]


def test_what_cannot_be_changed_is_written_down_all_the_same(tmp_path: Path) -> None:
    program = PROGRAM.replace("models.list", "moderations.create")
    (tmp_path / "app.py").write_text(program)
    done = migrate("apply", "--target", "bailian", "--no-markers", cwd=tmp_path)
    assert "0 of 1 request moves\n" in done.stdout
    assert (tmp_path / "app.py").read_text() == program
    checklist = tmp_path / "MIGRATION_CHECKLIST.md"
    assert "`moderations.create`" in checklist.read_text("utf-8")
    checklist.write_text("mine")
    migrate("apply", "--target", "bailian", "--no-markers", cwd=tmp_path)
    assert checklist.read_text() == "mine"


def test_apply_then_undo(repository: Path) -> None:
    assert migrate("apply", "-t", "bailian", cwd=repository).returncode == 0
    names = {path.name for path in repository.iterdir()}
    assert {"migration.diff", "MIGRATION_CHECKLIST.md", ".migrate"} <= names
    assert migrate("undo", cwd=repository).returncode == 0
    assert [path.name for path in repository.iterdir()] == ["app.py"]
    assert (repository / "app.py").read_text() == PROGRAM


# Arguments that cannot be used -> what the one line says, and the exit code.
WRONG = {
    "no target": (["apply"], "--target", 2),
    "unknown provider": (["apply", "--target", "bailain"], "did you mean bailian", 2),
    "missing path": (["scan", "nowhere"], "nowhere", 2),
    "broken map": (["apply", "-t", "bailian", "--map", "gpt-4o"], "MODEL=MODEL", 2),
    "unknown region": (["apply", "-t", "bailian", "--region", "mars"], "mars", 2),
    "part of a group": (["apply", "-t", "bailian", "--only", "app.py:2"], "both or neither", 2),
    "unknown selector": (["apply", "-t", "bailian", "--skip", "ap.py"], "names nothing", 2),
    "nothing to undo": (["undo"], "undo", 3),
    "no folder to undo in": (["undo", "--root", "nowhere"], "no such folder", 2),
    "unknown profile": (["providers", "nobody"], "nobody", 2),
    "unknown option": (["scan", "--nope"], "--nope", 2),
}


@pytest.mark.parametrize(("arguments", "said", "code"), WRONG.values(), ids=WRONG)
def test_wrong_use_is_told_without_a_traceback(
    arguments: list[str], said: str, code: int, repository: Path
) -> None:
    done = migrate(*arguments, cwd=repository)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_what_the_system_refuses_names_the_file(repository: Path) -> None:
    (repository / "MIGRATION_CHECKLIST.md").mkdir()
    done = migrate("apply", "-t", "bailian", cwd=repository)
    assert done.returncode == 3
    assert "MIGRATION_CHECKLIST.md: not a regular file; move it away" in done.stderr
    assert (repository / "app.py").read_text() == PROGRAM


def test_a_settings_file_that_is_wrong_names_the_key(repository: Path) -> None:
    (repository / "pyproject.toml").write_text('[tool.migrator]\ntaret = "bailian"\n')
    done = migrate("apply", cwd=repository)
    assert done.returncode == 2
    assert "target" in done.stderr and "pyproject.toml" in done.stderr


def test_settings_are_used(repository: Path) -> None:
    (repository / "app.py").write_text(
        PROGRAM + 'client.chat.completions.create(model="gpt-4o", messages=[])\n'
    )
    (repository / ".migrator.yaml").write_text("target: bailian\nmap:\n  gpt-4o: qwen3.8-max\n")
    done = migrate("apply", "--dry-run", cwd=repository)
    assert done.returncode == 0, done.stderr
    assert "qwen3.8-max" in done.stdout


def test_uncommitted_changes_are_not_written_over(repository: Path) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *command], cwd=repository, check=True)
    (repository / "app.py").write_text(PROGRAM + "x = 1\n")
    refused = migrate("apply", "-t", "bailian", cwd=repository)
    assert refused.returncode == 3
    assert "app.py" in refused.stderr and "--allow-dirty" in refused.stderr
    assert migrate("apply", "-t", "bailian", "--allow-dirty", cwd=repository).returncode == 0


def test_a_file_that_is_not_python_3_stops_nothing(repository: Path) -> None:
    (repository / "old.py").write_text('import openai\nprint "hello"\n')
    (repository / "odd.py").write_bytes(b"# openai\nx = '\xff\xfe'\n")
    done = migrate("apply", "-t", "bailian", "--dry-run", "--format", "json", cwd=repository)
    assert done.returncode == 0, done.stderr
    items = json.loads(done.stdout)["checklist"]
    assert {"old.py"} <= {item["path"] for item in items if item["id"].startswith("unreadable")}


def test_every_exit_code_is_documented() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    said = migrate("--help").stdout
    for code in ("0", "1", "2", "3", "130"):
        assert f"| {code} |" in readme
        assert code in said


@pytest.mark.parametrize(
    ("wish", "expected"),
    [("keep", "openai.api_base = "), ("upgrade", "client.chat.completions.create(")],
)
def test_openai_before_one_is_kept_or_upgraded(tmp_path: Path, wish: str, expected: str) -> None:
    program = 'import openai\nopenai.ChatCompletion.create(model="gpt-4", messages=[])\n'
    (tmp_path / "app.py").write_text(program)
    done = migrate("apply", str(tmp_path), "--target", "bailian", "-n", "--legacy", wish)
    assert done.returncode == 0
    assert expected in done.stdout


def test_an_unknown_wish_for_openai_before_one_is_named(repository: Path) -> None:
    done = migrate("apply", str(repository), "--target", "bailian", "-n", "--legacy", "stay")
    assert done.returncode == 2
    assert "auto, upgrade, keep" in done.stderr


def test_every_format_is_a_word_that_each_release_of_typer_takes() -> None:
    from inspect import signature
    from typing import get_args, get_type_hints

    from migrator.cli.choice import Choice
    from migrator.cli.commands import COMMANDS

    formats = [
        get_args(get_type_hints(command, include_extras=True)["format"])[0]
        for command, *_ in COMMANDS
        if "format" in signature(command).parameters
    ]
    assert len(formats) > 3
    assert all(one is str or issubclass(one, Choice) for one in formats)
