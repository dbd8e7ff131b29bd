"""Which files are looked at: by the patterns that are typed, and by those of the settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from migrator.errors import MigrateError
from migrator.language import _

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from migrator.settings.territories import Territories


class DiscoveryError(MigrateError):
    """A path or a pattern that cannot be used."""

    exit_code = 2


class Patterns:
    """Patterns as in .gitignore, relative to the root, over those of each folder's settings."""

    def __init__(
        self,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        territories: Territories | None = None,
    ) -> None:
        self._include = compiled(include) if include else None
        self._exclude = compiled(exclude) if exclude else None
        self._territories = territories

    def includes(self, path: str) -> bool:
        """Whether a file is one of those that are asked for."""
        typed = self._include.check_file(path).include if self._include is not None else None
        if typed is None and self._territories is not None:
            typed = self._territories.included(path)
        return self._include is None if typed is None else typed

    def excludes(self, path: str) -> bool:
        """Whether a file, or with `/` at its end a folder, is to be left out."""
        typed = self._exclude.check_file(path).include if self._exclude is not None else None
        if typed is None and self._territories is not None:
            return self._territories.excluded(path)
        return bool(typed)


def compiled(lines: Sequence[str]) -> GitIgnoreSpec:
    """The patterns, to match paths with. Raises DiscoveryError for one that cannot be used."""
    from pathspec import GitIgnoreSpec

    for line in lines:
        if not is_pattern(line):
            raise DiscoveryError(_("{line!r} is not a pattern as in .gitignore", line=line))
    return GitIgnoreSpec.from_lines(lines)


def is_pattern(line: str) -> bool:
    """Whether .gitignore could hold it."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
