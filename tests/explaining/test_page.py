"""`docs/coverage.md` says what the table says."""

from __future__ import annotations

from pathlib import Path

from migrator.explaining.page import page
from migrator.providers import load_provider

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"


def test_the_page_is_up_to_date() -> None:
    """Write it anew with `python -m migrator.explaining.page > docs/coverage.md`."""
    assert PAGE.read_text("utf-8") == page(load_provider("bailian"))
