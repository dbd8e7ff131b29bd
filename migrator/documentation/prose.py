"""The lines of a document, and which of them are code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migrator.knowledge.files import knowledge
from migrator.source import SourceText

_FENCE = re.compile(r"^[ >]*(?P<marks>`{3,}|~{3,})(?P<language>[^`]*)$")
_INDENTED = re.compile(r"^(?: {4}|\t)\s*\S")
_DIRECTIVE = re.compile(r"::\s*(?P<language>[\w+-]*)\s*$")
_LIST = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s")
_SPAN = re.compile(r"(?P<marks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=marks)(?!`)")
_RST = (".rst",)


@dataclass(frozen=True)
class Line:
    """A line of a document: `block` is the number of the block of code it belongs to, 0 for none.

    `foreign` says that its block is a program that speaks to OpenAI itself.
    """

    number: int
    text: str
    block: int = 0
    foreign: bool = False

    def is_code(self, column: int) -> bool:
        """Whether what stands at a column is code: of a block, or between backticks."""
        return self.block > 0 or any(
            one.start() <= column < one.end() for one in _SPAN.finditer(self.text)
        )


def is_program(text: str) -> bool:
    """Whether a text speaks to OpenAI itself, by its package or its address."""
    return re.search(knowledge("documentation.yaml")["programs"], text) is not None


def lines(path: str, source: SourceText) -> list[Line]:
    """All lines of a document in Markdown, reStructuredText or plain text."""
    texts = [source.line(number) for number in range(1, len(source.starts) + 1)]
    blocks = list(_blocks(texts, path.endswith(_RST)))
    said: dict[int, list[str]] = {}
    for text, block in zip(texts, blocks, strict=True):
        said.setdefault(block, []).append(text)
    program = re.compile(knowledge("documentation.yaml")["programs"])
    foreign = {block for block, held in said.items() if block and program.search("\n".join(held))}
    return [
        Line(number, text, block, block in foreign or (not block and is_program(text)))
        for number, (text, block) in enumerate(zip(texts, blocks, strict=True), 1)
    ]


def _blocks(texts: list[str], directives: bool) -> Iterator[int]:
    """The number of the block of code that each line belongs to: fenced, or indented."""
    number, fence, indented, announced = 0, "", False, True
    for text in texts:
        mark = _FENCE.match(text)
        if fence:
            yield number
            if mark and mark["marks"].startswith(fence) and not mark["language"].strip():
                fence = ""
            continue
        if mark and not directives:
            number, fence = number + 1, mark["marks"]
            yield number
            continue
        if not text.strip():
            yield 0
            announced = announced or not directives
            continue
        inside = bool(_INDENTED.match(text)) or (directives and text.startswith("  "))
        if inside and (indented or (announced and not _LIST.match(text))):
            number += 0 if indented else 1
            indented = True
            yield number
            continue
        indented = False
        announced = bool(_DIRECTIVE.search(text)) if directives else False
        yield 0
