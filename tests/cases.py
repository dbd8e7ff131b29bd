"""What is asked of every fixture that is migrated, whatever it is made with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from migrator import workflow
from migrator.changes.result import ApplyResult
from tests.trees import fingerprint


def assert_says(case: Mapping[str, Any], before: Path, root: Path, result: ApplyResult) -> None:
    """That a migrated folder holds and lists what its case says, and nothing it must not."""
    for one in case.get("contains", ()):
        assert one["text"] in (root / one["path"]).read_bytes().decode("utf-8", "replace")
    for one in case.get("lacks", ()):
        assert one["text"] not in (root / one["path"]).read_bytes().decode("utf-8", "replace")
    for path in case.get("unchanged", ()):
        assert (root / path).read_bytes() == (before / path).read_bytes()
    assert set(case.get("checklist", ())) <= {item.code for item in result.plan.checklist}


def assert_settled(
    root: Path, options: workflow.Options, before: Mapping[str, tuple[str, int]]
) -> None:
    """That applying once more changes nothing, and `undo` gives every byte back."""
    again, _ = workflow.plan([root], options)
    assert again.changes == ()
    assert again.plan.edits == ()
    assert again.plan.coverage.converted == 0
    workflow.undo(root)
    assert fingerprint(root) == before
