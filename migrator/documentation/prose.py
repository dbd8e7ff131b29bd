"""The lines of a document, and which of them are code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migrator.knowledge.files import knowledge
from migrator.source import SourceText

_FENCE = re.compile(r"^[ >]*(?P<marks>`{3,}|~{3,})(?P<language>[^`]*)$")
_WORD = re.compile(r"[\w+-]+")
_INDENTED = re.compile(r"^(?: {3,4}|\t)\s*\S")
_DIRECTIVE = re.compile(r"::\s*(?:(?P<language>[\w+-]+)\s*)?$")
_LIST = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s")
_SPAN = re.compile(r"(?<!`)(?P<marks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=marks)(?!`)")
_RST = (".rst",)


@dataclass(frozen=True)
class Line:
    """A line of a document: `block` is the number of the block of code it belongs to, 0 for none.

    `language` is what its block says it is written in, and `foreign` says that the block is a
    program that speaks to OpenAI itself.
    """

    number: int
    text: str
    block: int = 0
    language: str = ""
    foreign: bool = False

    def is_command(self, column: int) -> bool:
        """Whether what stands at a column is of a command or a setting, and of no program.

        That is in a block of such a language, or between backticks.
        """
        if self.block:
            return self.language in knowledge("documentation.yaml")["command_languages"]
        return any(one.start() <= column < one.end() for one in _SPAN.finditer(self.text))


def is_program(text: str) -> bool:
    """Whether a text speaks to OpenAI itself, by its package or its address."""
    return re.search(knowledge("documentation.yaml")["programs"], text) is not None


def lines(path: str, source: SourceText) -> list[Line]:
    """All lines of a document in Markdown, reStructuredText or plain text."""
    texts = [source.line(number) for number in range(1, len(source.starts) + 1)]
    blocks = list(_blocks(texts, path.endswith(_RST)))
    said: dict[int, list[str]] = {}
    for text, (block, _) in zip(texts, blocks, strict=True):
        said.setdefault(block, []).append(text)
    foreign = {block for block, held in said.items() if block and is_program("\n".join(held))}
    return [
        Line(number, text, block, language, block in foreign or (not block and is_program(text)))
        for number, (text, (block, language)) in enumerate(zip(texts, blocks, strict=True), 1)
    ]


def _blocks(texts: list[str], directives: bool) -> Iterator[tuple[int, str]]:
    """The block of code that each line belongs to, by its number and language, if to any.

    Blocks are fenced, or indented behind a blank line or (with `directives`) what announces them.
    """
    number, fence, language, indented, announced = 0, "", "", False, not directives
    for text in texts:
        mark = _FENCE.match(text) if not directives else None
        if fence:
            yield number, language
            if mark and mark["marks"].startswith(fence) and not mark["language"].strip():
                fence = ""
        elif mark:
            number, fence = number + 1, mark["marks"]
            language = "".join(_WORD.findall(mark["language"].lower())[:1])
            yield number, language
        elif not text.strip():
            yield 0, ""
            announced = announced or not directives
        elif _INDENTED.match(text) and (indented or (announced and not _LIST.match(text))):
            number += 0 if indented else 1
            indented = True
            yield number, language if directives else ""
        else:
            found = _DIRECTIVE.search(text) if directives else None
            indented, announced = False, found is not None
            language = (found and found["language"]) or ""
            yield 0, ""
