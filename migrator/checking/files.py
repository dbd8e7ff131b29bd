"""The files that are looked at: of the working tree, of the index, of a commit."""

from __future__ import annotations

import os

from migrator.checking import history, sifting
from migrator.errors import MigrateError
from migrator.formats import document_format
from migrator.language import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from migrator.checking.history import Change
    from migrator.checking.settings import Settings

# Folders that hold no source of the project's, where no git says so.
_PASSED_OVER = frozenset(
    {"node_modules", "venv", "env", "__pycache__", "site-packages", "build", "dist"}
    | {
        f".{name}"
        for name in ("git", "hg", "svn", "venv", "env", "tox", "nox", "eggs", "cache", "migrate")
    }
)


class MissingError(MigrateError):
    """A path is named that is not there."""

    exit_code = 2


class Files:
    """Some files: `held` are the bytes of those that hold a word of OpenAI's, by their paths."""

    def __init__(self, words: Sequence[bytes], settings: Settings) -> None:
        self.paths: list[str] = []
        self.held: dict[str, bytes] = {}
        self.notes: list[str] = []
        self.unreadable = False
        self._cores = sifting.by_core(words)
        self._settings = settings

    def add(self, path: str, data: bytes) -> None:
        """A file with its bytes."""
        if self._settings.reads(path):
            self.paths.append(path)
            if self.names_openai(data):
                self.held[path] = data

    def add_read(self, paths: Iterable[str], held: Mapping[str, bytes]) -> None:
        """Files of which those that hold a word are read already."""
        self.paths += filter(self._settings.reads, paths)
        self.held |= {path: data for path, data in held.items() if self._settings.reads(path)}

    def names_openai(self, data: bytes) -> bool:
        """Whether bytes hold a word of OpenAI's."""
        return sifting.holds_one(data, self._cores)

    def add_blobs(self, changes: Sequence[Change]) -> None:
        """The files of the newer state of some changes."""
        read = [change for change in changes if change.new_path and is_read(change.new_path)]
        told = history.contents([change.new_blob for change in read]) if read else []
        for change, data in zip(read, told, strict=True):
            if data is not None:
                self.add(change.new_path, sifting.as_utf_8(data))

    def add_tree(self, paths: Iterable[str], *, named: bool) -> None:
        """Files of the working tree. Raises MissingError for one that is `named`."""
        for path in paths:
            self._add_file(path, named=named)

    def _add_file(self, path: str, *, named: bool) -> None:
        try:
            data = sifting.content(path)
        except OSError as error:
            self._unread(path, error, named=named)
        else:
            self.add(path, data)

    def _unread(self, path: str, error: OSError, *, named: bool) -> None:
        if os.path.islink(path):  # noqa: PTH114
            if named:
                why = _("{path}: a link; what it leads to is looked at where it stands", path=path)
                self.notes.append(why)
        elif isinstance(error, FileNotFoundError):
            if named:
                raise MissingError(_("{path}: there is no such file", path=path)) from None
        elif not os.path.isdir(path):  # noqa: PTH112
            # A folder that git lists is a repository of its own.
            self.unreadable = True
            fault = error.strerror or str(error)
            self.notes.append(_("{path}: cannot be read: {fault}", path=path, fault=fault))


def is_read(path: str) -> bool:
    """Whether files of that name are looked at."""
    return path.endswith(sifting.PYTHON) or document_format(path) is not None


def expanded(paths: Sequence[str]) -> list[str]:
    """Files as they are, folders as the files below them that git does not ignore."""
    folders = [path for path in paths if os.path.isdir(path)]  # noqa: PTH112
    files = [path for path in paths if path not in folders]
    if not folders:
        return files
    try:
        below = history.listed(folders)
    except history.GitError:
        below = [path for folder in folders for path in _walked(folder)]
    return [*files, *filter(is_read, below)]


def _walked(folder: str) -> Iterator[str]:
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in _PASSED_OVER and not name.endswith("_cache")
        )
        prefix = "" if at == "." else f"{at.removeprefix('./')}/"
        yield from (f"{prefix}{name}" for name in sorted(names))


def within(change: Change, paths: Sequence[str]) -> bool:
    """Whether the newer file of a change is one of some files, or below one of some folders."""
    normal = [os.path.normpath(path).replace(os.sep, "/") for path in paths]
    return any(
        path in (".", change.new_path) or change.new_path.startswith(f"{path}/") for path in normal
    )
