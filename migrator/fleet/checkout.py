"""A repository's files, to be looked at and rewritten: a copy of one commit.

A folder that is in no repository, or that is to be changed in place, is taken as it is.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from migrator.fleet import git
from migrator.fleet.entries import Entry
from migrator.fleet.errors import RepositoryError
from migrator.language import _


@dataclass(frozen=True)
class Checkout:
    """The files below `root`, a part of `tree`. `base` is their commit, "" where they are nobody's
    copy. `above` is what a message must not name: where the copy is for as long as it is there."""

    tree: Path
    root: Path
    base: str = ""
    above: Path | None = None

    @property
    def is_copy(self) -> bool:
        return self.above is not None


@contextmanager
def checked_out(entry: Entry, work: str, *, in_place: bool) -> Iterator[Checkout]:
    """The files of an entry; a copy is gone afterwards. Raises RepositoryError."""
    if entry.is_address and in_place:
        raise RepositoryError(_("an address cannot be changed in place: only folders are"))
    source = Path(entry.source)
    if not entry.is_address and not source.is_dir():
        raise RepositoryError(_("{source}: no such folder", source=source))
    top = None if entry.is_address else _top(source)
    if in_place or not (entry.is_address or top):
        if entry.ref:
            raise RepositoryError(_("ref={ref}: only of a copy of a repository", ref=entry.ref))
        yield Checkout(source, _part(source, entry.folder))
        return
    if top is not None and top != source:
        inside = source.relative_to(top) / entry.folder
        entry = replace(entry, source=str(top), folder=inside.as_posix())
    above = Path(tempfile.mkdtemp(prefix="migrate-fleet-", dir=work or None)).resolve()
    try:
        # The settings that may stand in a folder above are not the repository's.
        (above / ".migrator.yaml").touch()
        tree = above / entry.name
        tree.mkdir()
        base = git.copy(entry, entry.source, tree)
        _without_ways_out(tree)
        yield Checkout(tree, _part(tree, entry.folder), base, above)
    finally:
        shutil.rmtree(above, ignore_errors=True)


def _top(folder: Path) -> Path | None:
    """The repository that a folder is in."""
    folder = folder.resolve()
    return next((one for one in (folder, *folder.parents) if git.is_repository(one)), None)


def _part(tree: Path, folder: str) -> Path:
    part = tree / folder if folder else tree
    if not part.is_dir() or not part.resolve().is_relative_to(tree.resolve()):
        told = _("{folder}: no such folder in the commit that is looked at", folder=folder)
        raise RepositoryError(told)
    return part


def _without_ways_out(tree: Path) -> None:
    """Take the links out of a copy that lead out of it: nothing beyond is read or written."""
    for folder, folders, files in os.walk(tree):
        if ".git" in folders:
            folders.remove(".git")
        for name in [*folders, *files]:
            path = Path(folder, name)
            if path.is_symlink() and not path.resolve().is_relative_to(tree):
                path.unlink()
