"""What git knows of the files to be written: their repository, and whether they are clean."""

from __future__ import annotations

import os
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from migrator.changes.errors import DirtyTreeError
from migrator.git import GIT, SECONDS, STATUS_OPTIONS, environment, unfiltered
from migrator.language import _, few

_BATCH = 200  # paths on one command line
_NAMED = 5  # files named in a message
_STATUS = (
    "--literal-pathspecs", "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all",
    *STATUS_OPTIONS,
)  # fmt: skip


def require_clean(root: Path, paths: Iterable[str]) -> None:
    """Refuse where a file has changes that are not committed. Files that git ignores are clean.

    Raises DirtyTreeError, also where there is a repository and git cannot tell.
    """
    dirty = sorted(path for path in uncommitted(root, paths))
    if dirty:
        raise DirtyTreeError(
            _(
                "uncommitted changes in {paths}; commit or stash them, or pass --allow-dirty",
                paths=name_some(dirty),
            )
        )


def uncommitted(root: Path, paths: Iterable[str]) -> set[str]:
    """Those of the paths that git lists as changed or untracked. Raises DirtyTreeError."""
    return {
        names[name]
        for repository, names in _by_repository(root, paths).items()
        for name in _status(repository, sorted(names))
        if name in names
    }


def ignored(root: Path, paths: Iterable[str]) -> set[str]:
    """Those of the paths that git ignores. Raises DirtyTreeError where git cannot tell."""
    return {
        names[name]
        for repository, names in _by_repository(root, paths).items()
        for name in _names(_git(repository, "check-ignore", "-z", "--stdin", data=sorted(names)))
    }


def repository_prefix(root: Path) -> str:
    """The way from the top of root's repository to root, as `services/api/`, or nothing."""
    root = root.resolve()
    repository = _repository(root)
    inside = "." if repository is None else root.relative_to(repository).as_posix()
    return "" if inside == "." else f"{inside}/"


def repository_of(folder: Path) -> Path | None:
    """The top of the git repository that a folder is in, None where it is in none."""
    return _repository(folder.resolve())


def changed_below(repository: Path) -> list[str]:
    """What git lists as changed or untracked. Raises DirtyTreeError where git cannot tell."""
    return _status(repository, ["."])


def name_some(paths: list[str]) -> str:
    """The paths for a message, a long list cut."""
    return few(paths, _NAMED)


def _by_repository(root: Path, paths: Iterable[str]) -> dict[Path, dict[str, str]]:
    """For each repository, the paths in it: as it names them, and as they were given."""
    root = root.resolve()
    found: defaultdict[Path, dict[str, str]] = defaultdict(dict)
    for path in paths:
        repository = _repository((root / path).parent)
        if repository is not None:
            found[repository][(root / path).relative_to(repository).as_posix()] = path
    return found


def _repository(folder: Path) -> Path | None:
    return next((place for place in (folder, *folder.parents) if (place / ".git").exists()), None)


def _status(repository: Path, paths: list[str]) -> list[str]:
    found: list[str] = []
    settings = unfiltered(str(repository), lambda asked: _git(repository, *asked))
    for start in range(0, len(paths), _BATCH):
        batch = paths[start : start + _BATCH]
        found += [line[3:] for line in _names(_git(repository, *settings, *_STATUS, "--", *batch))]
    return found


def _names(listing: bytes) -> list[str]:
    return [os.fsdecode(name) for name in listing.split(b"\0") if name]


def _git(repository: Path, *arguments: str, data: Iterable[str] = ()) -> bytes:
    """What git prints, given the names in `data`. It ends with 1 where it finds none of them."""
    try:
        done = subprocess.run(
            [*GIT, "-C", repository, *arguments],
            input=b"".join(os.fsencode(name) + b"\0" for name in data),
            capture_output=True,
            env=environment(),  # a hook's names another repository or index than the files' own
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        told = _(
            "no answer within {number} seconds; does a pipe bear the name .gitignore or "
            ".gitattributes?",
            number=SECONDS,
        )
        raise DirtyTreeError(_cannot_tell(repository, told)) from None
    except OSError as error:
        raise DirtyTreeError(_cannot_tell(repository, str(error.strerror))) from None
    if done.returncode > 1:
        reason = os.fsdecode(done.stderr).strip().partition("\n")[0]
        raise DirtyTreeError(_cannot_tell(repository, reason))
    return done.stdout


def _cannot_tell(repository: Path, reason: str) -> str:
    return _(
        "{repository}: git cannot tell whether the files are committed ({reason}); "
        "--allow-dirty skips the check",
        repository=repository,
        reason=reason,
    )
