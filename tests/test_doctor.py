"""`migrate doctor`, and what shells are offered."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import migrator
from migrator import language
from migrator.changes.filesystem import FileSystem
from migrator.changes.journal import Journal
from migrator.cli.commands import app
from migrator.cli.completing import complete_code, complete_provider, complete_selector
from migrator.doctor import PARTS, Finding, Verdict, findings

TODAY = date(2026, 11, 28)
CODE = re.compile(r"`([^`]+)`")


def look(folder: Path, environment: dict[str, str] | None = None) -> dict[str, Finding]:
    found = list(findings(folder, TODAY, environment or {}))
    assert [one.part for one in found if one.part in PARTS] == [one.part for one in found]
    return {one.part: one for one in found}


def test_every_part_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / ".migrator.yaml").write_text("target: bailian\n")
    (tmp_path / "MIGRATION_CHECKLIST.md").write_text("# Migration checklist: bailian\n")
    found = look(tmp_path, {"DASHSCOPE_API_KEY": "not-to-be-told"})
    assert set(found) == set(PARTS)
    assert not [one for one in found.values() if one.verdict is Verdict.PROBLEM]
    assert found["target"].told.startswith("bailian")
    assert found["key"].told == "DASHSCOPE_API_KEY is set"
    assert found["settings"].told.endswith(".migrator.yaml: target")
    assert look(tmp_path)["key"].verdict is Verdict.NOTE
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.migrator]\n")
    assert look(tmp_path)["settings"].told.endswith("; of their own: a")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.migrator]\nx = 1\n")
    assert "unknown setting 'x'" in look(tmp_path)["settings"].told


def test_problems_are_told_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / ".migrator.yaml").write_text("taget: bailian\n")
    assert "did you mean 'target'" in look(tmp_path)["settings"].told
    (tmp_path / ".migrator.yaml").write_text("target: bailian\nregion: nowhere\n")
    assert "no region 'nowhere'" in look(tmp_path)["target"].told
    (tmp_path / ".pre-commit-config.yaml").write_bytes(b"\xff")
    assert look(tmp_path)["hook"].verdict is Verdict.PROBLEM
    journal = Journal(tmp_path, FileSystem())
    with journal.locked():
        told = look(tmp_path)["runs"]
        assert (told.verdict, str(os.getpid()) in told.told) == (Verdict.PROBLEM, True)
        journal.prepare("migrate apply", (), [], ())
    told = look(tmp_path)["runs"]
    assert "was interrupted" in told.told and "migrate undo" in told.remedy
    done = CliRunner().invoke(app, ["doctor", str(tmp_path), "--format", "json"])
    assert done.exit_code == 3
    document = json.loads(done.stdout)
    assert document["problems"] == 3
    assert {one["verdict"] for one in document["findings"]} == {"ok", "note", "problem"}


def test_the_reason_for_the_language_is_told(tmp_path: Path) -> None:
    before = language.chosen()
    try:
        language.choose("", {"LANG": "en_US.UTF-8"}, "zh-CN")
        language.use(language.ENGLISH)
        assert look(tmp_path)["language"].told == "zh-CN, by `lang` in the settings"
    finally:
        language._chosen = before
        language.use(language.ENGLISH)


def test_shells_are_offered_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [one for one, _name in complete_provider("mo")] == ["moonshot"]
    assert [one for one, _name in complete_provider("qw")] == ["qwen"]
    assert {one for one, _title in complete_code("tokenizer")} >= {"tokenizer", "tokenizer-name"}
    assert [one for one, _ in complete_selector("kind:cl")] == ["kind:client"]
    (tmp_path / "app.py").write_text("from openai import OpenAI\nclient = OpenAI()\n")
    monkeypatch.chdir(tmp_path)
    assert [one.split("#")[0] for one, _ in complete_selector("app.py#")] == ["app.py"]
    assert complete_selector("src/ap") == []


def test_the_script_of_a_shell_asks_what_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/bash")
    script = CliRunner().invoke(app, ["completion"]).stdout
    assert "_MIGRATE_COMPLETE=complete_bash" in script
    done = subprocess.run(
        [sys.executable, "-m", "migrator"],
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "_MIGRATE_COMPLETE": "complete_bash",
            "COMP_WORDS": "migrate apply --target mo",
            "COMP_CWORD": "3",
        },
        check=True,
    )
    assert done.stdout.split() == ["moonshot"]


def test_the_messages_that_are_explained_are_those_that_are_said() -> None:
    package = Path(migrator.__file__).parent
    code = "\n".join(path.read_text("utf-8") for path in package.rglob("*.py"))
    said = re.sub(r'"\s+f?"', "", code)  # a text that goes on in the next line
    page = (package.parent / "docs" / "troubleshooting.md").read_text("utf-8")
    rows = page.split("## Wrong use")[1].split("## What looks wrong")[0].splitlines()
    first = [row.split(" | ")[0] for row in rows if row.startswith("| `")]
    told = [one for cell in first for one in CODE.findall(cell)]
    assert len(told) > 30
    assert [one for one in told if one not in said] == []
