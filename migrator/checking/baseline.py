"""The file of uses that a repository has already: `.migrate-baseline.json`.

One line an entry, sorted, each as the next: a path, a code, what is used, the mark of the line, how
often. No line number, so that edits elsewhere in a file change nothing.
"""

from __future__ import annotations

import json
import os

from migrator.checking.known import Key, Known, unknown
from migrator.errors import MigrateError
from migrator.language import _
from migrator.regular import content

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from migrator.checking.uses import Use

_VERSION = 1
_ROW = (str, str, str, str, int)


class BaselineError(MigrateError):
    """A baseline that cannot be read. The message names it and what to do."""

    exit_code = 2


class Baseline:
    """The entries of a file, by path relative to the folder that it stands in."""

    def __init__(self, file: str, entries: dict[str, Known]) -> None:
        self.file = file
        self.entries = entries

    @classmethod
    def read(cls, file: str) -> Baseline:
        """Raises BaselineError, OSError."""
        data = content(file)
        entries: dict[str, Known] = {}
        try:
            held = json.loads(data.decode("utf-8-sig", "surrogateescape"))
            if held["version"] != _VERSION:
                raise ValueError(_("its version is not {version}", version=_VERSION))
            for row in held["uses"]:
                if row is not None:
                    path, code, subject, mark, count = row
                    if not all(map(isinstance, row, _ROW)):
                        raise ValueError(row)
                    entries.setdefault(path, Known()).add((code, subject, mark), count)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BaselineError(
                _(
                    "{file}: no baseline that can be read ({fault}); after a merge, write it "
                    "again: `migrate baseline`",
                    file=file,
                    fault=str(error) or type(error).__name__,
                )
            ) from None
        return cls(file, entries)

    def relative(self, path: str) -> str:
        """The path by which a file of the current folder is known."""
        folder = os.path.dirname(self.file) or "."  # noqa: PTH120
        return os.path.relpath(path, folder).replace(os.sep, "/")

    def unknown(self, uses: Mapping[str, list[Use]]) -> list[Use]:
        """The uses that no entry names, by the files they are in (also those without any).

        What was moved from a file to another is known. Entries of other codes and of files that
        were not looked at stay out of it.
        """
        left: list[Use] = []
        for path, found in uses.items():
            left += unknown(found, self.entries.get(self.relative(path), Known()))
        if not left:
            return left
        looked_at = {self.relative(path) for path in uses}
        spare = [known for path, known in self.entries.items() if self._is_free(path, looked_at)]
        return [use for use in left if not any(known.take(use) for known in spare)]

    def gone(self, paths: Iterable[str], looked_for: Collection[str]) -> list[tuple[str, Key, int]]:
        """What is left of the entries of files that were looked at, or are there no more."""
        looked_at = {self.relative(path) for path in paths}
        return [
            (path, key, count)
            for path, known in sorted(self.entries.items())
            if self._is_free(path, looked_at)
            for key, count in sorted(known.counts.items())
            if key[0] in looked_for
        ]

    def is_there(self, path: str) -> bool:
        """Whether there is a file of that path, relative to the baseline's folder."""
        folder = os.path.dirname(self.file) or "."  # noqa: PTH120
        return os.path.lexists(f"{folder}/{path}")

    def _is_free(self, path: str, looked_at: Collection[str]) -> bool:
        return path in looked_at or not self.is_there(path)


def rendered(entries: Mapping[str, Known]) -> str:
    """The text of the file."""
    rows = [
        [path, *key, count]
        for path, known in sorted(entries.items())
        for key, count in sorted(known.counts.items())
    ]
    lines = [f"{json.dumps(row, ensure_ascii=False)},\n" for row in rows]
    return f'{{"version": {_VERSION}, "uses": [\n{"".join(lines)}null]}}\n'
