"""Moving a part: what hangs together moves as one group, and a part of one is refused."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from migrator import workflow
from migrator.decisions import Leave
from migrator.reports.json import plan_json
from migrator.reports.markdown import checklist_markdown
from migrator.selection import SelectionError
from tests.test_programs import PROGRAMS

OPTIONS = workflow.Options("bailian")
ASK = 'messages=[{"role": "user", "content": "hello"}]'
ALONE = f"""from openai import OpenAI
client = OpenAI()
client.chat.completions.create(model="gpt-4o", {ASK})
"""
TOGETHER = {
    "the client at llm.py:2": {
        "llm.py": "from openai import OpenAI\nclient = OpenAI()\n",
        "a.py": f'from llm import client\nclient.chat.completions.create(model="gpt-4o", {ASK})\n',
        "b.py": f'from llm import client\nclient.chat.completions.create(model="gpt-4.1", {ASK})\n',
    },
    "the model name at names.py:1": {
        "names.py": 'MODEL = "gpt-4o"\n',
        "a.py": f"from names import MODEL\n{ALONE}".replace('"gpt-4o"', "MODEL"),
        "b.py": f"from names import MODEL\n{ALONE}".replace('"gpt-4o"', "MODEL"),
    },
    "the variable `OPENAI_API_KEY`": {
        "a.py": f"import os\n{ALONE}".replace(
            "OpenAI()", 'OpenAI(api_key=os.environ["OPENAI_API_KEY"])'
        ),
        "b.py": f"import os\n{ALONE}".replace(
            "OpenAI()", 'OpenAI(api_key=os.environ["OPENAI_API_KEY"])'
        ),
    },
    "the variable `CHAT_MODEL`": {
        "a.py": f"import os\n{ALONE}".replace('"gpt-4o"', 'os.getenv("CHAT_MODEL", "gpt-4o")'),
        "b.py": f"import os\n{ALONE}".replace('"gpt-4o"', 'os.getenv("CHAT_MODEL", "gpt-4o")'),
        ".env": "CHAT_MODEL=gpt-4o\n",
    },
}


def written(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def tree(root: Path) -> dict[str, bytes]:
    """The files of a repository, without what a run writes beside them."""
    reports = {workflow.DIFF_FILE, workflow.CHECKLIST_FILE}
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".migrate" not in path.parts and path.name not in reports
    }


def apart(root: Path) -> Path:
    """Two scripts that have nothing in common but a requirement."""
    return written(
        root,
        {"jobs/a.py": ALONE, "jobs/b.py": ALONE, "requirements.txt": "openai>=1.40\n"},
    )


@pytest.mark.parametrize("shared", TOGETHER)
@pytest.mark.parametrize("option", ["only", "skip"])
def test_a_part_of_a_group_is_refused_with_what_it_shares(
    shared: str, option: str, tmp_path: Path
) -> None:
    root = written(tmp_path, TOGETHER[shared])
    before = tree(root)
    with pytest.raises(SelectionError) as caught:
        workflow.apply([root], replace(OPTIONS, **{option: ("a.py",)}))
    told = str(caught.value)
    assert caught.value.exit_code == 2
    assert f"share {shared}: select both or neither" in told
    assert "`a.py:" in told
    assert "\n" not in told
    assert tree(root) == before
    whole = told.rpartition(f"--{option} '")[2].partition("'")[0]
    result, _ = workflow.plan([root], replace(OPTIONS, **{option: (whole,)}))
    assert bool(result.changes) is (option == "only")


def test_a_variable_can_be_split(tmp_path: Path) -> None:
    files = {**TOGETHER["the variable `OPENAI_API_KEY`"], ".env": "OPENAI_API_KEY=sk-...\n"}
    root, whole = written(tmp_path / "parts", files), written(tmp_path / "whole", files)
    with pytest.raises(SelectionError, match=r"\(or give each its own: --split-variables\)"):
        workflow.apply([root], replace(OPTIONS, only=("a.py",)))
    workflow.apply([root], replace(OPTIONS, only=("a.py",), split_variables=True))
    assert "DASHSCOPE_API_KEY" in (root / "a.py").read_text()
    assert (root / "b.py").read_text() == files["b.py"]
    kept, comment, added = (root / ".env").read_text().splitlines()
    assert (kept, comment[0], added) == ("OPENAI_API_KEY=sk-...", "#", "DASHSCOPE_API_KEY=")
    workflow.apply([root], OPTIONS)
    workflow.apply([whole], OPTIONS)
    assert tree(root) == tree(whole)


@pytest.mark.parametrize(
    "selector", ["jobs/a.py", "a.py", "jobs/a*", "jobs/a.py:2", "the group", "the site"]
)
def test_a_selector_names_a_group(selector: str, tmp_path: Path) -> None:
    root = apart(tmp_path)
    whole, _ = workflow.plan([root], OPTIONS)
    first = whole.plan.groups[0]
    assert len(whole.plan.groups) == 2
    sites = [one.site for one in whole.plan.decisions if one.site.id in first.site_ids]
    named = {
        "jobs/a.py:2": [f"{one.path}:{one.span.line}" for one in sites],
        "the group": [first.id],
        "the site": [one.id for one in sites],
    }.get(selector, [selector])
    only, _ = workflow.plan([root], replace(OPTIONS, only=named))
    assert [one.path for one in only.changes] == ["jobs/a.py"]
    assert [group.selected for group in only.plan.groups] == [True, False]
    skip, _ = workflow.plan([root], replace(OPTIONS, skip=named))
    assert [one.path for one in skip.changes] == ["jobs/b.py"]
    coverage = only.plan.coverage
    assert coverage.sites == whole.plan.coverage.sites == len(only.plan.decisions)


def test_a_kind_a_codemod_and_a_code_are_selectors(tmp_path: Path) -> None:
    root = apart(tmp_path)
    skipped, _ = workflow.plan([root], replace(OPTIONS, mode="sdk", skip=("kind:dep",)))
    assert {one.path for one in skipped.changes} == {"jobs/a.py", "jobs/b.py"}
    left = [one for one in skipped.plan.decisions if one.site.path == "requirements.txt"]
    assert all(isinstance(one, Leave) and "not selected" in one.reason for one in left)
    none, _ = workflow.plan([root], replace(OPTIONS, only=("variable-kept",)))
    assert none.changes == ()
    with pytest.raises(SelectionError, match="share the client"):
        workflow.plan([root], replace(OPTIONS, only=("client-construction",)))


@pytest.mark.parametrize("selector", ["jobs/c.py", "jobs/a.py:99", "kind:nothing", "nonsense"])
def test_a_selector_that_names_nothing_is_refused(selector: str, tmp_path: Path) -> None:
    root = apart(tmp_path)
    with pytest.raises(SelectionError, match=r"names nothing|is no kind"):
        workflow.plan([root], replace(OPTIONS, only=(selector,)))


def test_settings_select_too_and_may_name_what_has_moved(tmp_path: Path) -> None:
    root = apart(tmp_path)
    settings = 'only: ["jobs/a.py", "jobs/a.py:99"]\nskip: [jobs/c.py]\n'
    (root / ".migrator.yaml").write_text(settings)
    assert [one.path for one in workflow.plan([root], OPTIONS)[0].changes] == ["jobs/a.py"]
    typed = replace(OPTIONS, only=("jobs/b.py",))
    assert [one.path for one in workflow.plan([root], typed)[0].changes] == ["jobs/b.py"]


def test_a_plan_names_its_groups(tmp_path: Path) -> None:
    root = apart(tmp_path)
    result, _ = workflow.plan([root], replace(OPTIONS, only=("jobs/a.py",)))
    groups = json.loads(plan_json(result))["groups"]
    assert [one["paths"] for one in groups] == [["jobs/a.py"], ["jobs/b.py"]]
    assert groups[0]["ties"] == ["the client at jobs/a.py:2", "the model name at jobs/a.py:3"]
    assert len(groups[0]["site_ids"]) == 3
    page = checklist_markdown(result.plan)
    assert "## Groups" in page
    assert f"- `{groups[1]['id']}`: 3 sites in `jobs/b.py`" in page
    assert page.count("(not selected)") == 1


@pytest.mark.parametrize(
    ("name", "mode", "option"),
    [
        ("handed_on", "compatible", "only"),
        ("o_series", "compatible", "skip"),
        ("o_series", "sdk", "only"),
    ],
)
def test_a_part_and_then_the_rest_is_the_whole(
    name: str, mode: str, option: str, tmp_path: Path
) -> None:
    options = replace(OPTIONS, mode=mode)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    for root in (whole, parts):
        shutil.copytree(PROGRAMS / name / "before", root)
    result, _ = workflow.apply([whole], options)
    first = result.plan.groups[0].id
    workflow.apply([parts], replace(options, **{option: (first,)}))
    assert tree(parts) != tree(whole)
    workflow.apply([parts], options)
    assert tree(parts) == tree(whole)
