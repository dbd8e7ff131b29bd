"""Which version specifiers of openai allow 1.0 or later."""

from __future__ import annotations

import pytest

from migrator.planning.legacy.requirement import lets_one_in

LATER = [
    "~=1.66.3",
    ">=1.58.1,<1.67.0",
    ">1.66.0,<1.67",
    "==1.66.*",
    ">=0.27,<2",
    ">=0.27.8",
    "~=1.0",
    "!=1.5",
    "^1.2",
    "1.3.5",
    "=1.3",
    "(>=1.0)",
    ">=1.0; python_version > '3.8'",
    "no specifier",
]
BEFORE = [
    "~=0.28",
    "<1",
    "<1.0.0",
    "==0.28.1",
    "^0.28",
    "~0.27",
    "0.28.1",
    ">=0.27,<0.29",
    "<=0.28",
]


@pytest.mark.parametrize("specifier", LATER)
def test_a_later_release_is_let_in(specifier: str) -> None:
    assert lets_one_in(specifier)


@pytest.mark.parametrize("specifier", BEFORE)
def test_only_releases_before_one_are_let_in(specifier: str) -> None:
    assert not lets_one_in(specifier)
