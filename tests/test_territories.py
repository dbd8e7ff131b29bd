"""A repository of several packages: the nearest settings rule a file; a run has one target."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrator import workflow
from migrator.checklist.living import State
from migrator.reports.json import plan_json
from migrator.reports.markdown import checklist_markdown
from migrator.reports.words import coverage_line
from migrator.settings import SettingsError, load_settings
from migrator.settings.territories import Territories
from migrator.workflow import Options

PROGRAM = """\
from openai import OpenAI

client = OpenAI()
client.moderations.create(input="x")
client.chat.completions.create(model="gpt-4o", messages=[], store=True)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path in (
        "a/app.py",
        "a/old.py",
        "a/scratch/x.py",
        "b/app.py",
        "b/old.py",
        "b/scratch/x.py",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(PROGRAM)
    (tmp_path / ".migrator.yaml").write_text(
        "target: bailian\nexclude: [scratch/]\nseverity: {parameter-dropped: off}\n"
    )
    (tmp_path / "a" / "pyproject.toml").write_text(
        '[tool.migrator]\nexclude = ["/old.py"]\nseverity = {endpoint-missing = "review"}\n'
        'suppressions = [{code = "client-kept", path = "/app.py", reason = "stays"},\n'
        '  {code = "tokenizer", path = "**", reason = "none there"}]\n'
    )
    return tmp_path


def files(root: Path, *paths: str, options: Options | None = None) -> set[str]:
    found = workflow.scan([root / path for path in paths] or [root], options)
    return {site.path for site in found.sites}


def test_a_file_is_looked_at_or_not_wherever_a_run_starts(root: Path) -> None:
    assert files(root) == {"a/app.py", "a/scratch/x.py", "b/app.py", "b/old.py"}
    assert files(root, "a") == {"app.py", "scratch/x.py"}
    assert files(root, "b") == {"app.py", "old.py"}
    typed = Options(include=["app.py"], exclude=["b/"])
    assert files(root, options=typed) == {"a/app.py"}
    (root / ".migrator.yaml").write_text("include: [/b/old.py]\n")
    assert files(root, "b") == {"old.py"}
    (root / ".migrator.yaml").write_text("exclude: [a/]\n")
    assert files(root) == {"b/app.py", "b/old.py", "b/scratch/x.py"}


def test_each_package_says_how_grave_an_item_is_and_what_is_off(root: Path) -> None:
    result, _ = workflow.plan([root])
    plan = result.plan
    told = {(one.path, one.code): one for one in plan.checklist}
    assert told["a/app.py", "endpoint-missing"].severity.value == "review"
    assert told["b/app.py", "endpoint-missing"].severity.value == "blocker"
    # Markers stand above blockers alone.
    marked = {
        one.path: b"# MIGRATE[endpoint-missing]" in (one.after or b"") for one in result.changes
    }
    assert marked["b/app.py"] and not marked["a/app.py"]
    kept = told["a/app.py", "client-kept"].suppressed
    assert kept is not None
    assert (kept.path, kept.line, kept.reason) == ("a/pyproject.toml", 4, "stays")
    assert told["a/scratch/x.py", "client-kept"].suppressed is None
    assert told["a/app.py", "parameter-dropped"].suppressed is None
    off = told["b/app.py", "parameter-dropped"]
    assert off.is_off
    assert off not in plan.open_items
    assert coverage_line(plan.coverage).endswith("; 2 items off the list by the settings")
    page = checklist_markdown(plan)
    assert "b/app.py` `parameter-dropped" not in page
    assert "`a/app.py:3` `client-kept`: ignore, stays" in page
    document = json.loads(plan_json(result))
    assert document["coverage"]["off"] == 2
    assert {one["suppressed"]["verb"] for one in document["checklist"] if "suppressed" in one} == {
        "ignore",
        "off",
    }


def test_a_suppression_that_takes_nothing_off_is_told(root: Path) -> None:
    def unused(*paths: Path) -> list[tuple[str, int]]:
        result, _ = workflow.plan(paths, Options("bailian"))
        return [(i.path, i.line) for i in result.plan.checklist if i.code == "setting-unused"]

    assert unused(root) == [("a/pyproject.toml", 5)]
    # Nothing is told where only a part was looked at of what it speaks of.
    assert unused(root / "a" / "app.py") == []
    result, _ = workflow.plan([root], Options(exclude=["a/app.py"]))
    assert "setting-unused" not in {one.code for one in result.plan.checklist}


def test_settings_settle_entries_that_are_on_the_checklist(root: Path) -> None:
    workflow.apply([root / "b"], allow_dirty=True)
    (root / "b" / ".migrator.yaml").write_text(
        "target: bailian\nseverity: {client-kept: off}\nsuppressions:\n"
        "  - {code: endpoint-missing, path: app.py, reason: another service does that}\n"
    )
    look, _ = workflow.checklist([root / "b"], update=True)
    states = {(one.path, one.code): one.state for one in look.lines}
    assert states["app.py", "endpoint-missing"] is State.IGNORED
    assert states["old.py", "endpoint-missing"] is State.OPEN
    assert states["app.py", "client-kept"] is State.OFF
    assert "- [x] `app.py:" in (root / "b" / workflow.CHECKLIST_FILE).read_text("utf-8")


@pytest.mark.parametrize(
    ("said", "typed", "fails"),
    [
        (
            'target = "zhipu"',
            Options(),
            "target = 'zhipu', and this run goes by target = 'bailian'",
        ),
        ('target = "qwen"', Options(), ""),
        ('target = "zhipu"', Options("zhipu"), ""),
        ('mode = "compatible"', Options(), ""),
        ('region = "singapore"', Options(), "region = 'singapore'"),
        ('map = {gpt-4o = "qwen3.8-max"}', Options(), "map = {'gpt-4o': 'qwen3.8-max'}"),
        ('map = {gpt-4o = "qwen3.8-max"}', Options(model_map={"gpt-4o": "qwen3.7-plus"}), ""),
        ('lang = "zh-CN"', Options(), ""),
        ('gateway = {base_url = "https://llm.example.com"}', Options(), "gateway = {'base_url'"),
        ('gateway = {base_url = "https://llm.example.com"}', Options("zhipu"), ""),
    ],
)
def test_one_run_has_one_target(root: Path, said: str, typed: Options, fails: str) -> None:
    (root / "a" / "pyproject.toml").write_text(f"[tool.migrator]\n{said}\n")
    run = load_settings(root)
    lands = Territories(root)

    def look() -> None:
        values = {**typed.merged(run).by_key, "gateway": run.gateway}
        lands.agree(values, typed.given_keys, run.file, ["b/app.py", "a/app.py"])

    if not fails:
        look()
        return
    with pytest.raises(SettingsError) as caught:
        look()
    assert fails in str(caught.value)


def test_a_run_says_which_files_disagree(root: Path) -> None:
    (root / "a" / "pyproject.toml").write_text('[tool.migrator]\ntarget = "zhipu"\n')
    with pytest.raises(SettingsError) as caught:
        workflow.plan([root])
    for named in (root / "a" / "pyproject.toml", root / ".migrator.yaml", "--exclude a/"):
        assert str(named) in str(caught.value)
    assert caught.value.exit_code == 2
    workflow.plan([root], Options(exclude=["a/"]))
    with pytest.raises(workflow.NoTargetError, match=r"set target in .*pyproject"):
        (root / "a" / "pyproject.toml").write_text("[tool.migrator]\n")
        workflow.plan([root / "a"])
