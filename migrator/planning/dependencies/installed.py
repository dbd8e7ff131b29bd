"""Which releases of a package a program is installed with, as dependency files ask for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from migrator.planning.context import Context
from migrator.planning.dependencies import pins
from migrator.planning.dependencies.deciding import wanted
from migrator.planning.dependencies.demands import Wanted
from migrator.planning.legacy.release import covers
from migrator.ranges import Releases, releases


def asked(context: Context, path: str, distribution: str) -> list[Wanted]:
    """What the nearest dependency files above a file ask for of a package."""
    named = [
        (pins.scope(context, file.path), wanted(file, one))
        for file in context.dependency_files.files.values()
        for one in file.named(distribution)
    ]
    above = [(where, one) for where, one in named if covers(where, path)]
    nearest = max((len(where) for where, _ in above), default=0)
    return [one for where, one in above if len(where) == nearest]


def unfit(context: Context, path: str, versions: Mapping[str, str]) -> Iterator[Wanted]:
    """What is asked for of packages and lets none of some releases in.

    `versions` has the releases by their distributions; what nobody asks for is the newest.
    """
    for distribution, text in versions.items():
        known = releases(text)
        for one in asked(context, path, distribution):
            if not _both(one, known):
                yield one


def reaching_below(
    context: Context, path: str, versions: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """The packages of which older releases are asked for beside those from one on, and these."""
    for distribution, text in versions.items() if _are_floors(versions) else ():
        known = releases(text)
        for one in asked(context, path, distribution):
            if ">" in one.specifier and _both(one, known):
                yield distribution, text


def _are_floors(versions: Mapping[str, str]) -> bool:
    return all(re.fullmatch(r">=[\d.]+", text) for text in versions.values())


def _both(one: Wanted, known: Releases | None) -> bool:
    own = releases(one.specifier)
    return own is None or known is None or bool(own & known)
