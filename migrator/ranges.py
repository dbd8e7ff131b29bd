"""Which releases a version specifier allows: PEP 440's, Poetry's and conda's, as intervals.

Releases before a final one count as those of a line of numbers; what else sets them apart is left
out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from packaging.version import InvalidVersion, Version

_CLAUSE = re.compile(r"(?P<operator>===|==|~=|!=|>=|<=|>|<|=|\^|~|)\s*v?(?P<release>[\w.*+!-]+)")
# Clauses that a higher release can take its place in, and nothing else changes.
_BOUND = re.compile(r"(?:>=|\^)\s*v?(?P<release>\d+(?:\.\d+)*)(?![\w.*])")
_PARTS = re.compile(r"(?<!\s)(?:\s*,\s*|\s+(?=[<>=!~^]))")


@dataclass(frozen=True, slots=True)
class Interval:
    """The releases between two, each of them among these or not; None: there is no end."""

    low: Version | None = None
    high: Version | None = None
    low_in: bool = True
    high_in: bool = False

    def __and__(self, other: Interval) -> Interval:
        low, low_in = self.low, self.low_in
        if low is None or (other.low is not None and other.low > low):
            low, low_in = other.low, other.low_in
        elif other.low == low:
            low_in = low_in and other.low_in
        high, high_in = self.high, self.high_in
        if high is None or (other.high is not None and other.high < high):
            high, high_in = other.high, other.high_in
        elif other.high == high:
            high_in = high_in and other.high_in
        return Interval(low, high, low_in, high_in)

    def __str__(self) -> str:
        low = f">{'=' * self.low_in}{self.low}" if self.low is not None else ""
        high = f"<{'=' * self.high_in}{self.high}" if self.high is not None else ""
        return ",".join(one for one in (low, high) if one) or "*"

    @property
    def is_empty(self) -> bool:
        """Whether no release lies in it."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (
            self.low == self.high and not (self.low_in and self.high_in)
        )


@dataclass(frozen=True, slots=True)
class Releases:
    """Some releases of a package: those in any of the intervals."""

    intervals: tuple[Interval, ...]

    def __and__(self, other: Releases) -> Releases:
        both = (one & two for one in self.intervals for two in other.intervals)
        return Releases(tuple(one for one in both if not one.is_empty))

    def __or__(self, other: Releases) -> Releases:
        return Releases((*self.intervals, *other.intervals))

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __str__(self) -> str:
        return " or ".join(map(str, self._apart()))

    def _apart(self) -> list[Interval]:
        """The intervals in order, those that meet as one."""
        least, found = Version("0"), list[Interval]()
        for one in sorted(self.intervals, key=lambda each: (each.low or least, not each.low_in)):
            last = found[-1] if found else None
            if last is None or ((last & one).is_empty and last.high != one.low):
                found.append(one)
            elif last.high is not None and (one.high is None or one.high > last.high):
                found[-1] = Interval(last.low, one.high, last.low_in, one.high_in)
        return found

    @property
    def is_open(self) -> bool:
        """Whether every later release is among them."""
        return any(one.high is None for one in self.intervals)

    @property
    def last(self) -> Interval:
        """The interval that ends last. There must be one, and none that is open."""
        return max(self.intervals, key=lambda one: (one.high or Version("0"), one.high_in))


ALL = Releases((Interval(),))
NONE = Releases(())


def since(release: str) -> Releases:
    """A release and all later ones."""
    return Releases((Interval(Version(release)),))


def union(several: Iterable[Releases]) -> Releases:
    """The releases that any of these has."""
    return Releases(tuple(interval for one in several for interval in one.intervals))


@lru_cache(maxsize=1024)
def releases(specifier: str) -> Releases | None:
    """The releases that a specifier allows; None for one that cannot be read."""
    text = specifier.split(";")[0].strip().strip("()").strip()
    if text in ("", "*"):
        return ALL
    found = [_all_of(part.strip()) for part in re.split(r"\|\|?", text)]
    read = [one for one in found if one is not None]
    return union(read) if len(read) == len(found) else None


def raised(specifier: str, floor: str) -> str:
    """A specifier whose lower bound is raised to a release; "" where it has none below that.

    There has to be a release that both allow.
    """
    for bound in _BOUND.finditer(specifier):
        start, end = bound.span("release")
        if Version(bound["release"]) < Version(floor):
            return specifier[:start] + floor + specifier[end:]
    return ""


def _all_of(text: str) -> Releases | None:
    allowed = ALL
    for part in filter(None, _PARTS.split(text)):
        one = _clause(part)
        if one is None:
            return None
        allowed &= one
    return allowed


def _clause(text: str) -> Releases | None:
    match = _CLAUSE.fullmatch(text.strip())
    if match is None:
        return None
    operator, written = match["operator"], match["release"]
    if written == "*":
        return ALL
    any_below = written.endswith(".*")
    try:
        release = Version(written.removesuffix(".*"))
    except InvalidVersion:
        return None
    numbers = len(written.removesuffix(".*").split("."))
    if any_below or operator == "=":
        line = Interval(release, _next(release, numbers - 1))
        return _outside(line) if operator == "!=" else Releases((line,))
    return _simple(operator, release, numbers)


def _simple(operator: str, release: Version, numbers: int) -> Releases:
    match operator:
        case ">=" | ">":
            found = Interval(release, low_in=operator == ">=")
        case "<" | "<=":
            found = Interval(high=release, high_in=operator == "<=")
        case "~=":
            found = Interval(release, _next(release, max(numbers - 2, 0)))
        case "~":
            found = Interval(release, _next(release, min(numbers - 1, 1)))
        case "^":
            first = next((at for at, n in enumerate(release.release) if n), numbers - 1)
            found = Interval(release, _next(release, min(first, numbers - 1)))
        case "!=":
            return _outside(Interval(release, release, high_in=True))
        case _:
            found = Interval(release, release, high_in=True)
    return Releases((found,))


def _next(release: Version, at: int) -> Version:
    """The first release with a higher number at a place."""
    numbers = (*release.release, *[0] * at)[: at + 1]
    return Version(".".join(map(str, (*numbers[:-1], numbers[-1] + 1))))


def _outside(interval: Interval) -> Releases:
    before = Interval(high=interval.low, high_in=not interval.low_in)
    return Releases((before, Interval(interval.high, low_in=not interval.high_in)))
