"""Which facts are old: by the last day that their date may mean."""

from __future__ import annotations

from datetime import date

import pytest

from migrator.freshness import Dated, facts, stale
from migrator.providers import Provider

TODAY = date(2026, 11, 28)  # 180 days after the first of June


@pytest.mark.parametrize(
    ("as_of", "old"),
    [
        ("2026-06-01", False),
        ("2026-05-31", True),
        ("2026-05", True),
        ("2026-06", False),
        ("2024-02", True),
        ("2025", True),
        ("2026", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_a_fact_is_stale_once_no_day_of_its_date_is_near(as_of: str, old: bool) -> None:
    assert Dated("key", as_of).is_stale(TODAY) == old


def test_every_fact_has_a_place_and_the_oldest_come_first() -> None:
    data = {
        "key": {"variable": "KEY", "src": ["a"], "as_of": "2026-04-01"},
        "regions": [{"id": "north", "src": ["a"], "as_of": "2026-11"}],
        "thinking": {"off": {"default": {"src": [], "as_of": 2025}}, "src": [], "as_of": "2026-05"},
        "quirks": [{"detail": "odd", "src": ["a"], "as_of": "2026-03-01"}],
    }
    provider = Provider("some.yaml", data)
    assert {fact.place for fact in facts(provider)} == {
        "key",
        "regions[north]",
        "thinking",
        "thinking.off.default",
        "quirks[0]",
    }
    old = [fact.place for fact in stale(provider, TODAY)]
    assert old == ["thinking.off.default", "quirks[0]", "key", "thinking"]
