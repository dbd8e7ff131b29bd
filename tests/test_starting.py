"""`migrate init`: what it asks, and what it writes into files that people keep."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from migrator import workflow
from migrator.cli.commands import app
from migrator.comparing import Comparison
from migrator.settings import SettingsError, load_settings
from migrator.starting import writing
from migrator.starting.questions import (
    AnswerError,
    Answers,
    Question,
    agreed,
    answered,
    found,
    usual_answers,
)

PROGRAM = """\
from openai import OpenAI

client = OpenAI()
client.chat.completions.create(model="gpt-4o", messages=[])
client.embeddings.create(model="text-embedding-3-small", input="x")
"""
PYPROJECT = """\
# About us.
[project]
name = "example"  # ours

[tool.ruff]
line-length = 100
"""
HOOKS = """\
# Ours.
repos:
- repo: https://example.com/hooks
  rev: v1
  hooks:
  - id: one  # first

# The end.
ci:
  autofix_prs: false
"""


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("program")
    (folder / "app.py").write_text(PROGRAM)
    return workflow.compare([folder], ["bailian", "moonshot"])


def test_it_says_what_it_found(comparison: Comparison) -> None:
    assert found(comparison) == "Found 2 requests to OpenAI in 1 files: 1 chat, 1 embeddings."


def test_each_question_is_of_what_was_found(comparison: Comparison) -> None:
    asked: list[Question] = []
    typed = {"target": "kimi", "region": "international", "map": "gpt-4o=kimi-k3", "hook": "y"}

    def ask(question: Question) -> object:
        asked.append(question)
        return question.read(typed.get(question.key, question.usual))

    told = answered(comparison, Answers(), ask)
    assert [one.key for one in asked] == ["target", "region", "embeddings", "map", "hook"]
    assert [one.usual for one in asked] == ["bailian", "cn", "bailian", "", "n"]
    assert any("gpt-4o -> " in line for line in asked[3].lines)
    assert told.settings == {
        "target": "kimi",
        "region": "international",
        "embeddings": "bailian",
        "map": {"gpt-4o": "kimi-k3"},
    }
    assert told.hook


def test_what_is_answered_or_needless_is_not_asked(comparison: Comparison) -> None:
    def ask(question: Question) -> object:
        raise AssertionError(question.key)

    given = Answers("moonshot", "cn", {"embeddings": "-"}, {}, False)
    # What is usual anyway is not written.
    assert answered(comparison, given, ask).settings == {"target": "moonshot"}
    usual = answered(comparison, Answers(), usual_answers)
    assert (usual.settings, usual.hook) == ({"target": "bailian"}, False)
    for words in ("Yes", "是"):
        assert agreed(words)
    with pytest.raises(AnswerError):
        agreed("perhaps")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("pyproject.toml", PYPROJECT, f'{PYPROJECT}\n[tool.migrator]\ntarget = "zhipu"\n'),
        (
            "pyproject.toml",
            '[tool.migrator]\nmarkers = false  # no\ntarget = "old" # yes\n\n[tool.x]\na = 1\n',
            '[tool.migrator]\nmarkers = false  # no\ntarget = "zhipu" # yes\n\n[tool.x]\na = 1\n',
        ),
        (
            "pyproject.toml",
            "[tool.migrator]\r\nx = 1\r\n",
            '[tool.migrator]\nx = 1\ntarget = "zhipu"\n',
        ),
        (".migrator.yaml", None, "target: zhipu\n"),
        (
            ".migrator.yaml",
            "# ours\nexclude:\n- a/\ntarget: old\nmap:\n  a: b\n",
            "# ours\nexclude:\n- a/\ntarget: zhipu\nmap:\n  a: b\n",
        ),
    ],
)
def test_settings_go_where_they_belong_and_the_rest_stays(
    tmp_path: Path, name: str, before: str | None, after: str
) -> None:
    path = tmp_path / name
    if before is not None:
        path.write_bytes(before.encode())
    assert writing.settings_file(tmp_path) == path
    written = writing.with_settings(path, {"target": "zhipu"})
    assert written.after == after
    writing.write(written)
    assert (b"\r\n" in path.read_bytes()) is ("\r\n" in (before or ""))


def test_what_cannot_be_edited_safely_is_told_with_what_to_write(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("tool = {x = 1}\n")
    with pytest.raises(SettingsError, match=r"write this into it:\n\[tool.migrator\]"):
        writing.with_settings(path, {"target": "zhipu"})
    path = tmp_path / writing.HOOKS_FILE
    path.write_text("repos: [{repo: local, hooks: []}]\n")
    with pytest.raises(SettingsError, match="add this to its repos:\n- repo: local"):
        writing.with_hook(path)


@pytest.mark.parametrize(
    ("before", "line"),
    [
        (None, 2),
        ("repos: []\n", 2),
        (HOOKS, 7),
        ("repos:\n  # One.\n  - repo: meta\n    hooks: [{id: identity}]", 5),
    ],
)
def test_the_hook_stands_below_those_that_are_there(
    tmp_path: Path, before: str | None, line: int
) -> None:
    path = tmp_path / writing.HOOKS_FILE
    if before is not None:
        path.write_text(before)
    written = writing.with_hook(path)
    assert written is not None
    lines = written.after.splitlines()
    assert lines[line - 1].strip() == "- repo: local"
    if before not in (None, "repos: []\n"):
        without = [*lines[: line - 1], *lines[line + 7 :]]
        assert without == before.splitlines()
    writing.write(written)
    assert writing.has_hook(path)
    assert writing.with_hook(path) is None
    assert yaml.safe_load(written.after)["repos"][-1]["hooks"][0]["id"] == "no-new-openai"


def test_the_command_asks_at_a_terminal_alone_and_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.py").write_text("")
    (tmp_path / ".git").mkdir()

    def init(*options: str) -> object:
        return CliRunner().invoke(app, ["init", str(tmp_path), *options]).exception

    told = init()
    assert isinstance(told, AnswerError) and "--yes" in str(told)
    told = init("--yes")
    assert isinstance(told, AnswerError) and "--target" in str(told)
    assert init("--yes", "--target", "zhipu", "--hook", "--schema") is None
    settings = tmp_path / ".migrator.yaml"
    schema = "# yaml-language-server: $schema=.migrator.schema.json\n"
    assert settings.read_text() == f"{schema}target: zhipu\n"
    assert (tmp_path / ".migrator.schema.json").is_file()
    assert writing.has_hook(tmp_path / ".pre-commit-config.yaml")
    told = init("--yes", "--target", "kimi")
    assert isinstance(told, SettingsError) and "--force" in str(told)

    answers: Iterator[str] = iter(["what", "n", "y", "nobody", "kimi", "", ""])
    monkeypatch.setattr("builtins.input", lambda _prompt: next(answers))
    monkeypatch.setattr("migrator.cli.starting.is_terminal", lambda: True)
    assert init() is None
    assert load_settings(tmp_path).target == "zhipu"
    assert init() is None
    assert load_settings(tmp_path).target == "kimi"
    assert list(answers) == []
