"""What the tables of cases share: edits placed by the code they are for, and one check."""

from __future__ import annotations

from dataclasses import dataclass

from codemods import Rewritten, rewrite
from migrator.edits import ClientConstruction, Edit, Instruction
from migrator.source import SourceText

PROVIDER = ClientConstruction(
    key_variable="SOME_API_KEY",
    base_url_variable="SOME_BASE_URL",
    base_url_default="https://api.example.com/v1",
)
URL = 'os.getenv("SOME_BASE_URL", "https://api.example.com/v1")'
KEY = 'os.environ["SOME_API_KEY"]'


@dataclass(frozen=True)
class At:
    """An instruction for the n-th occurrence of some code."""

    code: str
    instruction: Instruction
    number: int = 0

    def edit(self, source: SourceText, path: str) -> Edit:
        start = -1
        for _ in range(self.number + 1):
            start = source.text.index(self.code, start + 1)
        span = source.span(start, start + len(self.code))
        return Edit(path, span, type(self.instruction).__name__, self.instruction)


def outcome(before: str, *edits: At, path: str = "app.py") -> Rewritten:
    """The outcome of some edits; fails where the whole file was refused."""
    source = SourceText(before)
    result = rewrite(source, path, [edit.edit(source, path) for edit in edits])
    assert isinstance(result, Rewritten), result
    return result


def rewritten(before: str, *edits: At, path: str = "app.py") -> str:
    """The new text; fails where an edit was refused."""
    result = outcome(before, *edits, path=path)
    assert not result.refused, [refusal.reason for refusal in result.refused]
    return result.text


def refusals(before: str, *edits: At) -> list[str]:
    """Why edits were refused; fails where the text changed all the same."""
    result = outcome(before, *edits)
    assert result.text == before
    return [refusal.reason for refusal in result.refused]
