"""Snapshots of the JSON; `UPDATE_GOLDEN=1 python -m pytest tests/reports` writes them anew."""

from __future__ import annotations

import json
from dataclasses import replace

from migrator.changes.diff import diff_text
from migrator.changes.result import ApplyResult
from migrator.reports.json import plan_json, scan_json

from .golden import assert_golden
from .samples import CHANGES, DRY_RUN, SCAN, SECRET


def test_a_scan() -> None:
    assert_golden("scan.json", scan_json(SCAN))


def test_a_plan() -> None:
    assert_golden("plan.json", plan_json(DRY_RUN))


def test_the_keys_are_those_of_the_contract() -> None:
    scan = json.loads(scan_json(SCAN))
    assert list(scan) == ["schema", "root", "files", "sites"]
    assert set(scan["files"]) == {"seen", "parsed", "skipped"}
    plan = json.loads(plan_json(DRY_RUN))
    assert list(plan) == ["schema", "target", "coverage", "groups", "edits", "diff", "checklist"]


def test_every_unreadable_file_is_accounted_for() -> None:
    skipped = {file["path"] for file in json.loads(scan_json(SCAN))["files"]["skipped"]}
    assert {file.path for file in SCAN.unreadable} <= skipped


def test_the_cell_is_given_for_notebooks_only() -> None:
    cells = {site["path"]: site.get("cell") for site in json.loads(scan_json(SCAN))["sites"]}
    assert {path for path, cell in cells.items() if cell is not None} == {"notes.ipynb"}


def test_the_order_of_the_sites_does_not_matter() -> None:
    assert scan_json(replace(SCAN, sites=SCAN.sites[::-1])) == scan_json(SCAN)


def test_no_secret_is_in_it_and_the_rest_of_the_diff_is_exact() -> None:
    assert SECRET not in scan_json(SCAN) + plan_json(DRY_RUN)
    clean = ApplyResult(DRY_RUN.plan, CHANGES[:1])
    assert json.loads(plan_json(clean))["diff"] == diff_text(CHANGES[:1])
