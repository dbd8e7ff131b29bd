"""One folder per usage pattern: the sites are those that `sites.yaml` names, all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from migrator import workflow
from tests.expected_sites import differences

PATTERNS = Path(__file__).parents[2] / "fixtures" / "patterns"
NAMES = sorted(path.name for path in PATTERNS.iterdir() if (path / "sites.yaml").exists())


@pytest.mark.parametrize("name", NAMES)
def test_the_sites_are_those_that_are_named(name: str) -> None:
    expected = yaml.safe_load((PATTERNS / name / "sites.yaml").read_text("utf-8"))
    found = workflow.scan([PATTERNS / name / "before"]).sites
    assert differences(found, expected, "sites") == []
