"""The page of frameworks' own classes, and the data that it is made of."""

from __future__ import annotations

from pathlib import Path

from migrator.explaining.own_classes import page
from migrator.planning.frameworks.own import every
from migrator.providers import provider_ids

PAGE = Path(__file__).parents[2] / "docs" / "own-classes.md"


def test_the_page_is_up_to_date() -> None:
    """Write it anew with `python -m migrator.explaining.own_classes > docs/own-classes.md`."""
    assert PAGE.read_text("utf-8") == page()


def test_what_is_known_is_of_providers_and_written_or_not_for_a_reason() -> None:
    for those in every().values():
        for one in those:
            assert one.provider in provider_ids()
            assert one.names and all(source.as_of for source in one.sources)
            assert bool(one.why) != bool(one.old)
