"""The texts of a program's files, by path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from migrator.source import SourceText


class Texts(Mapping[str, SourceText]):
    """Every file that is text, decoded when it is asked for.

    A program is lowered and solved without them: one wide character makes a text take four times
    the room of its bytes.
    """

    def __init__(self) -> None:
        self._files: dict[str, tuple[bytes, bool] | SourceText] = {}

    def add(self, path: str, data: bytes, *, python: bool) -> SourceText:
        """A file's text, which is not kept. Raises UndecodableError."""
        text = SourceText.decode(data, python=python)
        self._files[path] = (data, python)
        return text

    def keep(self, path: str, text: SourceText) -> None:
        """Add what is no file as it stands: a notebook's program."""
        self._files[path] = text

    def remove(self, path: str) -> None:
        """Take a file out, if it is there."""
        self._files.pop(path, None)

    def once(self, path: str) -> SourceText:
        """A file's text, which is not kept."""
        file = self._files[path]
        if isinstance(file, SourceText):
            return file
        data, python = file
        return SourceText.decode(data, python=python)

    def __getitem__(self, path: str) -> SourceText:
        text = self._files[path] = self.once(path)
        return text

    def __contains__(self, path: object) -> bool:
        return path in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)
