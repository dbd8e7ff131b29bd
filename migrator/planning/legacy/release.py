"""Which release of openai each file is for: by the dependency files above it, or by wish."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.analysis.sites import Kind, Site
from migrator.planning.legacy.requirement import lets_one_in, requirement

UPGRADE, KEEP, AUTO = "upgrade", "keep", "auto"
WISHES = (AUTO, UPGRADE, KEEP)
_OPENAI = "openai"


@dataclass(frozen=True)
class Releases:
    """The pins of openai: (folder, whether it holds openai below 1.0), and what is wished."""

    wish: str
    pins: tuple[tuple[str, bool], ...] = ()

    @classmethod
    def read(cls, sites: Iterable[Site], wish: str) -> Releases:
        """The pins that a repository's dependency files hold."""
        found = []
        for site in sites:
            name, specifier = requirement(site) if site.kind is Kind.DEP else ("", "")
            if name == _OPENAI and specifier:
                found.append((folder(site.path), not lets_one_in(specifier)))
        return cls(wish, tuple(found))

    def keeps(self, path: str) -> bool:
        """Whether the program in a file stays on openai before 1.0."""
        if self.wish != AUTO:
            return self.wish == KEEP
        above = [one for one in self.pins if covers(one[0], path)]
        nearest = max((len(one[0]) for one in above), default=0)
        return any(below for where, below in above if len(where) == nearest)


def folder(path: str) -> str:
    """The folder of a file; empty for the root. A folder that is named for its files is none."""
    parts = path.split("/")[:-1]
    return "/".join(parts[:-1] if parts[-1:] == ["requirements"] else parts)


def covers(where: str, path: str) -> bool:
    """Whether a file lies in a folder."""
    return not where or path.startswith(f"{where}/")
