"""One folder per usage pattern: the sites are those that `sites.yaml` names, all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from migrator import workflow

PATTERNS = Path(__file__).parents[2] / "fixtures" / "patterns"
NAMES = sorted(path.name for path in PATTERNS.iterdir() if (path / "sites.yaml").exists())


def _key(entry: dict[str, Any]) -> tuple[str, int, str]:
    return entry["path"], entry["line"], entry["kind"]


@pytest.mark.parametrize("name", NAMES)
def test_the_sites_are_those_that_are_named(name: str) -> None:
    expected = yaml.safe_load((PATTERNS / name / "sites.yaml").read_text("utf-8"))
    named = expected["sites"] if isinstance(expected, dict) else expected
    required = {_key(entry) for entry in named if not entry.get("optional")}
    allowed = {_key(entry) for entry in named}
    found = {
        (site.path, site.span.line, site.kind.value)
        for site in workflow.scan([PATTERNS / name / "before"]).sites
    }
    assert sorted(required - found) == [], "missed"
    assert sorted(found - allowed) == [], "false alarms"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_proven_is_what_is_said_to_be(name: str) -> None:
    expected = yaml.safe_load((PATTERNS / name / "sites.yaml").read_text("utf-8"))
    named = expected["sites"] if isinstance(expected, dict) else expected
    said = {_key(entry): entry["certainty"] for entry in named if "certainty" in entry}
    found: dict[tuple[str, int, str], set[str]] = {}
    for site in workflow.scan([PATTERNS / name / "before"]).sites:
        key = (site.path, site.span.line, site.kind.value)
        found.setdefault(key, set()).add(site.certainty.value)
    for key, certainty in said.items():
        assert certainty in found.get(key, {certainty}), key
