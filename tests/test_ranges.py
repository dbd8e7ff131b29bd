"""Which releases a version specifier allows, in the words of each tool."""

from __future__ import annotations

import pytest

from migrator.ranges import Interval, Releases, releases, union

ALLOWED = {
    "": (("0.1", "9"), ()),
    "*": (("0.1", "9"), ()),
    ">=1.2,<2": (("1.2", "1.9.9"), ("1.1", "2.0")),
    ">=1.2 <2": (("1.2",), ("2.0",)),
    "(>=1.2)": (("1.2",), ("1.1",)),
    "==1.2.3": (("1.2.3",), ("1.2.4",)),
    "1.2.3": (("1.2.3",), ("1.2.4",)),
    "==1.2.*": (("1.2.0", "1.2.9"), ("1.3",)),
    "1.*": (("1.9",), ("2.0",)),
    "!=1.2": (("1.1", "1.3"), ("1.2",)),
    "!=1.2.*": (("1.1", "1.3"), ("1.2.5",)),
    "~=1.2": (("1.2", "1.9"), ("2.0", "1.1")),
    "~=1.2.3": (("1.2.3", "1.2.9"), ("1.3",)),
    "=1.2": (("1.2.9",), ("1.3",)),
    "^1.2.3": (("1.2.3", "1.9"), ("2.0", "1.2.2")),
    "^0.2.3": (("0.2.9",), ("0.3",)),
    "^0.0.3": (("0.0.3",), ("0.0.4",)),
    "^0.0": (("0.0.9",), ("0.1",)),
    "^0": (("0.9",), ("1.0",)),
    "~1.2.3": (("1.2.9",), ("1.3",)),
    "~1.2": (("1.2.9",), ("1.3",)),
    "~1": (("1.9",), ("2.0",)),
    "^0.28 || >=1.5,<2": (("0.28.1", "1.6"), ("1.0", "2.0")),
    "<=1.2; python_version > '3.8'": (("1.2",), ("1.3",)),
}


def allows(specifier: str, release: str) -> bool:
    found, exact = releases(specifier), releases(f"=={release}")
    assert found is not None
    assert exact is not None
    return bool(found & exact)


@pytest.mark.parametrize(("specifier", "sides"), ALLOWED.items())
def test_what_a_specifier_allows(
    specifier: str, sides: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    inside, outside = sides
    assert all(allows(specifier, one) for one in inside)
    assert not any(allows(specifier, one) for one in outside)


@pytest.mark.parametrize("specifier", ["latest", ">=one", "==1.0 or so"])
def test_what_cannot_be_read(specifier: str) -> None:
    assert releases(specifier) is None


def test_what_is_between() -> None:
    narrow = releases(">=1.40")
    demanded = releases("<3,>=2.30.0")
    assert narrow is not None
    assert demanded is not None
    both = narrow & demanded
    assert not both.is_open
    assert str(both.last.high) == "3"
    assert narrow.is_open
    assert not Releases((Interval(),)) & Releases(())


@pytest.mark.parametrize(
    ("several", "said"),
    [
        (["<2,>=1.24", "<2,>=1.40", "<3,>=2"], ">=1.24,<3"),
        (["<1,>=0.27", ">=2.30"], ">=0.27,<1 or >=2.30"),
        ([">=1", "<2"], "*"),
    ],
)
def test_how_several_demands_are_said(several: list[str], said: str) -> None:
    assert str(union(one for text in several if (one := releases(text)))) == said
