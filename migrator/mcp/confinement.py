"""Keeps what is asked for inside one folder: nothing outside of it is read or written.

An agent may have been talked into asking, and may write files: so what the settings, the journal
and links in the folder name is held to the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from errno import ELOOP
from pathlib import Path

from migrator.changes.errors import NoFolderError
from migrator.errors import MigrateError
from migrator.language import _


class OutsideError(MigrateError):
    """What is named is outside the folder that is served, or is not there."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Confinement:
    """The folder that is served; `root` is absolute, with links followed."""

    root: Path

    @classmethod
    def to(cls, folder: Path) -> Confinement:
        """Raises NoFolderError."""
        if not folder.is_dir():
            raise NoFolderError(_("{folder}: no such folder", folder=folder))
        return cls(folder.resolve())

    def folder(self, name: str) -> Path:
        """The folder that a name means. Raises OutsideError."""
        found = self.inside(name)
        if not found.is_dir():
            raise OutsideError(f"{name!r}: there is no such folder in the folder that is served")
        return found

    def file(self, name: str) -> Path:
        """The file that a name means. Raises OutsideError."""
        found = self.inside(name)
        if not found.is_file():
            raise OutsideError(f"{name!r}: there is no such file in the folder that is served")
        return found

    def inside(self, name: str) -> Path:
        """The place that a name means, with links followed. Raises OutsideError.

        What is outside is told in the same words whether it is there or not.
        """
        try:
            found = _resolved(self.root / name)
        except (OSError, ValueError, RuntimeError):  # a NUL, a circle of links
            found = None
        if found is None or not found.is_relative_to(self.root):
            raise OutsideError(f"{name!r} is outside the folder that is served: name what is in it")
        return found

    def provider(self, name: str) -> str:
        """The name of a provider as it is loaded: that of a file is a path. Raises OutsideError."""
        from migrator.providers import is_file

        return str(self.file(name)) if is_file(name) else name

    def check(self, folder: Path) -> None:
        """Raise OutsideError where the settings or the checklist of a folder lead out.

        Settings above the folder that is served are of whoever serves it, and may name any file.
        """
        from migrator.settings import load_settings
        from migrator.workflow import CHECKLIST_FILE, moved_to

        self.inside(str(folder / CHECKLIST_FILE))
        self._check_providers([moved_to(folder)])
        settings = load_settings(folder)
        if settings.file is not None and settings.file.resolve().is_relative_to(self.root):
            self._check_providers((settings.target, *settings.supplements.values()))

    def check_runs(self, folder: Path) -> None:
        """Raise OutsideError where what the recorded runs were asked for leads out."""
        from migrator.changes.journal import runs
        from migrator.changes.planned import options_of

        asked = options_of(runs(folder))
        self._check_providers((asked.get("target", ""), *asked.get("supplements", {}).values()))

    def _check_providers(self, names: Iterable[str]) -> None:
        for name in filter(None, names):
            self.provider(name)


def _resolved(path: Path) -> Path:
    """A place with links followed. Raises OSError, ValueError or RuntimeError where they cannot be.

    Since Python 3.13 `resolve` gives a circle of links as it stands.
    """
    found = path.resolve()
    try:
        found.stat()
    except OSError as error:
        if error.errno == ELOOP:
            raise
    return found
