"""A command line, taken apart as a shell does it: words whose characters know where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from migrator.analysis.strings import HOLE, Character

_ENDS = frozenset("\n;|&)`")
_VARIABLE = re.compile(r"\$?\$(?:(?P<plain>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)(?!\w)[^{}]*\})")
_ESCAPED_IN_QUOTES = frozenset('"\\$`\n')


@dataclass
class Word:
    """A word without its quotes: its characters, and the stretch of the source with them."""

    start: int
    end: int
    characters: list[Character] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.characters)


class UnendedError(ValueError):
    """A quote that is opened and not closed."""


def words(given: Sequence[Character]) -> Iterator[Word]:
    """The words of the first command. Raises UnendedError."""
    at = 0
    text = "".join(one.text for one in given)
    while at < len(given):
        if text[at] in " \t":
            at += 1
        elif text.startswith("\\\n", at):
            at += 2
        elif text[at] in _ENDS:
            return
        else:
            word = Word(given[at].start, given[at].end)
            at = _word(given, text, at, word)
            yield word


def _word(given: Sequence[Character], text: str, at: int, word: Word) -> int:
    """Take a word; gives the place after it."""
    quote = ""
    while at < len(given):
        one = given[at]
        if not quote and (one.text in " \t" or one.text in _ENDS or text.startswith("\\\n", at)):
            break
        if one.text == quote:
            quote = ""
        elif not quote and one.text in "'\"":
            quote = one.text
        elif quote != "'" and one.text == "$":
            at = _variable(given, text, at, word)
            word.end = given[at - 1].end
            continue
        elif quote != "'" and one.text == "\\" and at + 1 < len(given):
            if quote and given[at + 1].text not in _ESCAPED_IN_QUOTES:
                word.characters.append(one)
            else:
                following = given[at + 1]
                if following.text != "\n":
                    joined = Character(following.text, one.start, following.end, following.filled)
                    word.characters.append(joined)
                at += 1
        else:
            word.characters.append(one)
        word.end = given[at].end
        at += 1
    if quote:
        raise UnendedError("a quote is not closed")
    return at


def _variable(given: Sequence[Character], text: str, at: int, word: Word) -> int:
    """Take what begins with a dollar sign; gives the place after it."""
    if found := _VARIABLE.match(text, at):
        name = "plain" if found["plain"] else "braced"
        first, last = found.start(name), found.end(name)
        filled = found[name]
        word.characters.append(Character(HOLE, given[first].start, given[last - 1].end, filled))
        return found.end()
    end = at + 1
    if text.startswith("$(", at):
        depth = 0
        for end in range(at + 1, len(text)):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            if not depth:
                end += 1
                break
    word.characters.append(Character(HOLE, given[at].start, given[end - 1].end))
    return end
