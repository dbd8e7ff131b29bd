"""A use of OpenAI: what it is, and where."""

from __future__ import annotations

from zlib import crc32

from migrator.checking.codes import USES
from migrator.language import _


class Use:
    """One use: its code, the name of what is used, its line and column (from 1), the line's text.

    `mark` is what the line is known by wherever it stands: its text without blanks, in short.
    """

    __slots__ = ("code", "column", "line", "mark", "path", "subject")

    def __init__(self, path: str, code: str, subject: str, line: int, column: int, text: str):
        self.path = path
        self.code = code
        self.subject = subject
        self.line = line
        self.column = column
        self.mark = f"{crc32(''.join(text.split()).encode('utf-8', 'surrogatepass')):08x}"

    @property
    def what(self) -> tuple[str, str]:
        """What is used, wherever."""
        return self.code, self.subject

    @property
    def message(self) -> str:
        """What is said of it."""
        return _(USES[self.code], subject=self.subject)


def in_order(uses: list[Use]) -> list[Use]:
    """The uses of a file from top to bottom, each place and subject once."""
    once = {(use.line, use.column, use.code, use.subject): use for use in uses}
    return [once[key] for key in sorted(once)]
