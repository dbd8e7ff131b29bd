"""Which openai other packages demand, from `knowledge/demands.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from packaging.requirements import Requirement
from packaging.version import Version

from migrator.decisions import Source
from migrator.knowledge.files import knowledge
from migrator.planning.dependencies.files import normalised
from migrator.ranges import ALL, Interval, Releases, releases, since, union

OPENAI = "openai"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A package that an environment is to have, and where that is asked for."""

    name: str
    specifier: str = ""
    extras: frozenset[str] = frozenset()
    marker: str = ""
    url: str = ""
    path: str = ""
    line: int = 0

    @property
    def is_openai(self) -> bool:
        """Whether it says which releases of openai are meant, whatever it is installed on."""
        return normalised(self.name) == OPENAI and not self.marker and not self.url

    @property
    def text(self) -> str:
        """The package and its releases, for people to read."""
        joint = "" if self.specifier[:2] in {">=", "==", "<=", "~=", "!="} else " "
        return f"{self.name}{joint}{self.specifier}".strip()


@dataclass(frozen=True, slots=True)
class Demand:
    """What the releases of a package that are asked for demand of openai, any of them.

    `later`: releases that nothing is known of are asked for, too.
    """

    wanted: Wanted
    openai: Releases
    said: str
    later: bool


def _carrying(name: str, extras: frozenset[str]) -> tuple[str, frozenset[str]]:
    """The package whose releases of the same numbers carry the demands of one, and its extras."""
    entry = knowledge("demands.yaml")["packages"].get(name, {})
    if "through" not in entry:
        return name, extras
    through = Requirement(entry["through"])
    return through.name, frozenset(through.extras)


@cache
def _rows(name: str) -> tuple[tuple[str, Mapping[str, str]], ...]:
    known: Mapping[str, Any] = knowledge("demands.yaml")["packages"]
    return tuple((since, said) for since, said in known.get(name, {}).get("rows", ()))


def _stretches(name: str) -> Iterator[tuple[str, Interval, Mapping[str, str]]]:
    """The first release of every stretch that demands the same, the stretch, and what it says."""
    rows = _rows(name)
    for (first, said), (after, _) in pairwise(rows):
        yield first, Interval(Version(first), Version(after)), said
    for first, said in rows[-1:]:
        yield first, Interval(Version(first)), said


def _of_row(said: Mapping[str, str], extras: frozenset[str]) -> str:
    named = [text for extra, text in said.items() if not extra or extra in extras]
    return ",".join(text for text in named if text != "*")


def demand(wanted: Wanted) -> Demand | None:
    """What a package demands of openai; None where nothing is known, or nothing demanded."""
    asked = releases(wanted.specifier) if not wanted.url else None
    name, extras = _carrying(normalised(wanted.name), wanted.extras)
    if asked is None or not _rows(name):
        return None
    said = {
        text: releases(text)
        for _, stretch, row in _stretches(name)
        if asked & Releases((stretch,))
        for text in [_of_row(row, extras)]
    }
    read = [one for one in said.values() if one is not None]
    if len(read) < len(said) or not said or any(not text for text in said):
        return None
    newest = Version(knowledge("demands.yaml")["packages"][name]["read"])
    later = bool(asked & Releases((Interval(newest, low_in=False),)))
    every = union(read)
    return Demand(wanted, every, str(every) if len(said) > 1 else next(iter(said)), later)


def raised(wanted: Wanted, allowed: Releases) -> str:
    """The first release from which a package demands an openai that is among some; or ""."""
    name, extras = _carrying(normalised(wanted.name), wanted.extras)
    for first, _, row in _stretches(name):
        own = releases(_of_row(row, extras))
        if own is not None and own & allowed:
            return first
    return ""


def newest(name: str) -> str:
    """The newest release of a package that was looked at; empty where it is not known."""
    carrying, _ = _carrying(normalised(name), frozenset())
    known = knowledge("demands.yaml")["packages"].get(carrying, {})
    return str(known.get("read", ""))


def successor(name: str) -> str:
    """The package that goes on where one has ended; empty where none is known."""
    known = knowledge("demands.yaml")["packages"].get(normalised(name), {})
    return str(known.get("successor", ""))


def sources() -> tuple[Source, ...]:
    """Where this is from."""
    known = knowledge("demands.yaml")
    return (Source(known["source"], known["title"], str(known["as_of"])),)


@dataclass(frozen=True, slots=True)
class Clash:
    """Requirements that no release of openai satisfies: the pins, and who demands another."""

    pins: tuple[Wanted, ...]
    demands: tuple[Demand, ...]


def clash(environment: Iterable[Wanted]) -> Clash | None:
    """What of an environment cannot be installed together; None where all can."""
    every = list(dict.fromkeys(environment))
    pins = {one: found for one in every if one.is_openai and (found := releases(one.specifier))}
    demands = [known for one in every if (known := demand(one))]
    pinned = _common(pins.values())
    if _common([pinned, *(one.openai for one in demands)]):
        return None
    told = tuple(one for one in pins if releases(one.specifier) != ALL)
    alone = tuple(one for one in demands if not one.openai & pinned)
    return Clash(told, alone or tuple(demands))


def _common(several: Iterable[Releases]) -> Releases:
    found = ALL
    for one in several:
        found &= one
    return found


def narrowed(pin: str, environment: Iterable[Wanted]) -> str:
    """A pin that goes no further than every package of an environment does."""
    demands = [found for one in environment if (found := demand(one)) and not found.later]
    floor = releases(pin)
    assert floor is not None
    both = _common([floor, *(one.openai for one in demands)])
    if not both or both.is_open:
        return pin
    last = both.last
    return f"{pin},{'<=' if last.high_in else '<'}{last.high}"


__all__ = ["Clash", "Demand", "Wanted", "clash", "demand", "narrowed", "newest", "raised", "since"]
