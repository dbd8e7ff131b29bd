"""Which release of openai each file is for: by the dependency files above it, or by wish."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.analysis.sites import Kind, Site
from migrator.planning.legacy.requirement import lets_in, lets_one_in, requirement

UPGRADE, KEEP, AUTO = "upgrade", "keep", "auto"
WISHES = (AUTO, UPGRADE, KEEP)
_OPENAI = "openai"


@dataclass(frozen=True)
class Releases:
    """The pins of openai: (folder, the releases it allows), and what is wished.

    `folders` are those with a dependency file that asks for openai, of whatever release;
    `staying` are programs (see `program`) that are not upgraded, whatever their pins.
    """

    wish: str
    pins: tuple[tuple[str, str], ...] = ()
    folders: frozenset[str] = frozenset()
    staying: frozenset[str] = frozenset()

    @classmethod
    def read(
        cls, sites: Iterable[Site], wish: str, staying: frozenset[str] = frozenset()
    ) -> Releases:
        """The pins that a repository's dependency files hold."""
        found, folders = [], set()
        for site in sites:
            name, specifier = requirement(site) if site.kind is Kind.DEP else ("", "")
            if name == _OPENAI:
                folders.add(folder(site.path))
                if specifier:
                    found.append((folder(site.path), specifier))
        return cls(wish, tuple(found), frozenset(folders), staying)

    def keeps(self, path: str) -> bool:
        """Whether the program in a file stays on openai before 1.0."""
        if self.wish != AUTO:
            return self.wish == KEEP
        if self.program(path) in self.staying:
            return True
        return any(not lets_one_in(one) for one in self._nearest(path))

    def program(self, path: str) -> str:
        """The program that a file is of: the nearest folder that asks for openai, or the root.

        All in it is run with one release.
        """
        return max((one for one in self.folders if covers(one, path)), key=len, default="")

    def allows(self, path: str, release: str) -> bool:
        """Whether the program in a file may run with a release of openai, or a later one."""
        return all(lets_in(one, release) for one in self._nearest(path))

    def _nearest(self, path: str) -> list[str]:
        """The releases that the nearest dependency files above a file allow."""
        above = [one for one in self.pins if covers(one[0], path)]
        nearest = max((len(one[0]) for one in above), default=0)
        return [specifier for where, specifier in above if len(where) == nearest]


def folder(path: str) -> str:
    """The folder of a file; empty for the root. A folder that is named for its files is none."""
    parts = path.split("/")[:-1]
    return "/".join(parts[:-1] if parts[-1:] == ["requirements"] else parts)


def covers(where: str, path: str) -> bool:
    """Whether a file lies in a folder."""
    return not where or path.startswith(f"{where}/")
