"""`migrate verify`: a migrated program is run, and what it came to is told."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

from migrator import workflow
from migrator.changes.journal import runs
from migrator.cli import main
from migrator.verification.ladder import State
from migrator.verification.verifying import Wish
from tests.test_cli import started

PROGRAM = """
from openai import OpenAI

client = OpenAI()


def ask(question):
    answer = client.chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": question}]
    )
    return answer.choices[0].message.content
"""
TESTS = """
from app import ask


def test_it_answers():
    assert ask("Hello?")


def test_it_knows_its_model():
    import app
    assert app.client.api_key == "sk-emulator"


def test_nothing_holds():
    assert False
"""


@pytest.fixture
def migrated(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(PROGRAM)
    (tmp_path / "test_app.py").write_text(TESTS)
    (tmp_path / "requirements.txt").write_text("openai>=1\n")
    workflow.apply([tmp_path], workflow.Options(target="bailian"))
    return tmp_path


def test_a_program_is_run_before_and_after(migrated: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = started("verify", "--before", "--format", "json", "--", *command, cwd=migrated)
    found = json.loads(done.stdout)
    assert found["target"]["provider"] == "bailian"
    states = {one["name"]: one["state"] for one in found["rungs"]}
    assert states == {
        "static": "passed",
        "contract": "passed",
        "emulated": "passed",  # one of its tests does not hold, as it did not before
        "before and after": "passed",
        "live": "not run",
    }
    emulated, compared = found["rungs"][2:4]
    assert emulated["details"]["accepted"] == emulated["details"]["requests"] == 1
    assert "1 of 3 tests fail" in emulated["findings"][0]["what"]
    assert compared["details"]["kept"] == 2
    assert compared["details"]["failed before too"] == 1
    assert done.returncode == 0


def test_what_is_refused_is_told_with_its_place(migrated: Path) -> None:
    code = (migrated / "app.py").read_text()
    (migrated / "app.py").write_text(code.replace("model=", "temperature=3, model=", 1))
    program = [sys.executable, "-c", "import app\ntry: app.ask('a')\nexcept Exception: pass"]
    done = started("verify", "--format", "markdown", "--", *program, cwd=migrated)
    assert done.returncode == 4
    assert "app.py:13: `chat.completions.create` would be refused" in done.stdout
    assert "app.py:13: POST /compatible-mode/v1/chat/completions was refused" in done.stdout
    assert "| static | passed |" in done.stdout


def test_without_a_run_the_target_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(PROGRAM)
    done = started("verify", cwd=tmp_path)
    assert done.returncode == 2
    assert "no provider is named" in done.stderr
    left = started("verify", "--target", "bailian", cwd=tmp_path)
    assert left.returncode == 4
    assert "apply` would change this file" in left.stdout


def test_a_run_keeps_what_it_was_asked_for(migrated: Path) -> None:
    (run,) = runs(migrated)
    assert run.planned["options"] == {"target": "bailian"}
    assert ["get-a-key", ""] in run.planned["checklist"]
    assert started("verify", cwd=migrated).returncode == 0


def test_who_serves_beside_the_provider_is_played_too(tmp_path: Path) -> None:
    embed = 'OpenAI().embeddings.create(model="text-embedding-3-small", input="a")\n'
    (tmp_path / "app.py").write_text(f'{PROGRAM}\n\nask("Hello?")\n{embed}')
    workflow.apply(
        [tmp_path], workflow.Options(target="moonshot", supplements={"embeddings": "zhipu"})
    )
    ladder = workflow.verify(tmp_path, wish=Wish([sys.executable, "app.py"]))
    emulated = ladder.rungs[2]
    assert emulated.state is State.PASSED, emulated
    assert emulated.details["accepted"] == emulated.details["requests"] == 2


def test_a_fresh_checkout_is_verified_for_whom_its_checklist_names(migrated: Path) -> None:
    shutil.rmtree(migrated / ".migrate")
    ladder = workflow.verify(migrated)
    assert ladder.target.provider == "bailian"
    assert not ladder.failed


WRONG_USE = {
    ("--root", "nowhere"): "nowhere: no such folder",
    ("--save",): "nothing to keep without --live",
    ("--before",): "name what to run",
    ("--timeout", "-1", "--", "true"): "--timeout",
}


@pytest.mark.parametrize(("options", "told"), WRONG_USE.items(), ids=map(" ".join, WRONG_USE))
def test_wrong_use_is_told(
    options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        pytest.raises(SystemExit) as ended,
        patch.object(sys, "argv", ["migrate", "verify", *options]),
    ):
        main()
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_live_needs_a_key_and_a_word(migrated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASHSCOPE_API_KEY", raising=False)
    assert "set DASHSCOPE_API_KEY" in started("verify", "--live", cwd=migrated).stdout
    monkeypatch.setenv("DASHSCOPE_API_KEY", "sk-example")
    done = started("verify", "--live", cwd=migrated)
    assert "it was not agreed to" in done.stdout
    assert "at most ¥" in done.stderr
