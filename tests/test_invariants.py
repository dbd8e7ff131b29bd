"""What must always hold, over every program of the fixtures."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from migrator import workflow
from migrator.analysis.module import lower
from migrator.analysis.reading import analyse
from migrator.analysis.sites import Site
from migrator.changes.diff import unified_diff
from migrator.changes.result import ApplyResult
from migrator.decisions import Convert
from migrator.discovery import discover
from migrator.reports.json import plan_json, scan_json
from migrator.reports.markdown import checklist_markdown
from migrator.source import SourceText
from tests.trees import fingerprint

FIXTURES = Path(__file__).parents[1] / "fixtures"
OPTIONS = workflow.Options(target="bailian")
FOLDERS = sorted(
    [
        *FIXTURES.glob("programs/*/before"),
        *FIXTURES.glob("patterns/*/before"),
        FIXTURES / "example_app",
    ]
)
IDS = [str(folder.relative_to(FIXTURES)).removesuffix("/before") for folder in FOLDERS]


@dataclass(frozen=True)
class Program:
    """A program of the fixtures, scanned and planned once for all that is asked of it."""

    folder: Path
    sites: tuple[Site, ...]
    result: ApplyResult


@pytest.fixture(scope="module", params=FOLDERS, ids=IDS)
def program(request: pytest.FixtureRequest) -> Program:
    folder: Path = request.param
    return Program(folder, workflow.scan([folder]).sites, workflow.plan([folder], OPTIONS)[0])


def test_every_site_gets_exactly_one_decision(program: Program) -> None:
    plan = program.result.plan
    assert [one.site.id for one in plan.decisions] == [site.id for site in program.sites]
    coverage = plan.coverage
    assert coverage.sites == coverage.converted + coverage.checklist + coverage.left


def test_ids_are_unique(program: Program) -> None:
    ids = [site.id for site in program.sites]
    assert len(ids) == len(set(ids))


def test_only_what_is_proven_is_rewritten(program: Program) -> None:
    for decision in program.result.plan.decisions:
        grouped = getattr(decision.site.facts, "role", "") in {"enum", "choices", "annotation"}
        if (
            isinstance(decision, Convert)
            and decision.edits
            and not (grouped or decision.site.in_tests)
        ):
            assert decision.site.certainty.value == "proven"


def test_what_is_left_or_listed_has_a_reason(program: Program) -> None:
    for decision in program.result.plan.decisions:
        for item in getattr(decision, "items", ()):
            assert item.why and item.action and item.title
        assert getattr(decision, "reason", "said")


def test_changed_files_still_parse_and_keep_their_line_endings(program: Program) -> None:
    for change in program.result.changes:
        assert change.after is not None
        if change.path.endswith(".py"):
            lower(change.path, SourceText.decode(change.after).text)
        if change.before is None:
            continue  # a module that is written beside the code
        assert (b"\r\n" in change.before) == (b"\r\n" in change.after)
        assert change.before.endswith(b"\n") == change.after.endswith(b"\n")


def test_the_plan_does_not_depend_on_the_order_of_files(program: Program) -> None:
    found = discover([program.folder])
    forwards = analyse(found.candidates, found.documents, found.python)
    candidates = dict(reversed(found.candidates.items()))
    documents = dict(reversed(found.documents.items()))
    backwards = analyse(candidates, documents, tuple(reversed(found.python)))
    assert forwards.sites == backwards.sites


PRINT_PLANS = """
import sys
from pathlib import Path
from migrator import workflow
from migrator.reports.json import plan_json
for folder in sys.argv[1:]:
    result, root = workflow.plan([Path(folder)], workflow.Options(target="bailian"))
    print(plan_json(result))
    if folder.endswith("example_app"):
        print(plan_json(result))
"""


@pytest.mark.parametrize(("kind", "share"), [("programs", 8), ("patterns", 16), ("example_app", 1)])
def test_the_output_does_not_depend_on_the_hash_seed(kind: str, share: int) -> None:
    every = [one for one, name in zip(FOLDERS, IDS, strict=True) if name.startswith(kind)]
    folders = every[::share]
    assert folders
    outputs = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", PRINT_PLANS, *map(str, folders)],
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1


def test_git_accepts_the_diff(program: Program, tmp_path: Path) -> None:
    root, result = tmp_path / "tree", program.result
    if not result.changes:
        return
    shutil.copytree(program.folder, root)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    (tmp_path / "migration.diff").write_bytes(unified_diff(result.changes))
    subprocess.run(["git", "apply", str(tmp_path / "migration.diff")], cwd=root, check=True)
    for change in result.changes:
        assert (root / change.path).read_bytes() == change.after


def test_a_second_apply_of_the_example_plans_nothing_and_undo_restores_it(tmp_path: Path) -> None:
    root = tmp_path / "example"
    shutil.copytree(FIXTURES / "example_app", root)
    before = fingerprint(root)
    workflow.apply([root], OPTIONS)
    again, _ = workflow.plan([root], OPTIONS)
    assert again.changes == () and again.plan.edits == ()
    workflow.undo(root)
    assert fingerprint(root) == before


SECRET = "sk-proj-" + "Ab3dEf6hIj9lMn2pQr5t" * 2


def test_a_key_in_the_source_is_never_shown_or_copied(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        f'from openai import OpenAI\nclient = OpenAI(api_key="{SECRET}")\nclient.models.list()\n'
    )
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={SECRET}\n")
    scan = scan_json(workflow.scan([tmp_path]))
    result, _root = workflow.plan([tmp_path], OPTIONS)
    plan = plan_json(result)
    for shown in (scan, plan, checklist_markdown(result.plan)):
        assert SECRET not in shown
    for change in result.changes:
        assert SECRET.encode() not in (change.after or b"")
    assert json.loads(plan)["coverage"]["converted"]


def test_the_code_under_migration_is_never_run(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "from openai import OpenAI\nopen('was_run', 'w').close()\nraise SystemExit(9)\n"
    )
    (tmp_path / "conftest.py").write_text("raise SystemExit(9)\n")
    workflow.apply([tmp_path], OPTIONS)
    assert not (tmp_path / "was_run").exists()
