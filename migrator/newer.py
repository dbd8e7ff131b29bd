"""Syntax that later Pythons read, in the words of this one: for reading, character for character.

Every position stays, and every name. What is lost: parameters of types, that an alias of types is
one, and within the fields of an f-string the escapes of texts, and texts that no quote is left for.
"""

from __future__ import annotations

import ast
import re

# Patterns, compiled where they are needed: few programs are written for a later Python.
# How statements begin that are read since 3.11 (a group of exceptions) and 3.12.
_GROUP = r"^[ \t]*except[ \t]*(?=\*)"
_HEADER = r"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+\w+[ \t]*(?=\[)"
_ALIAS = r"^([ \t]*)(type[ \t]+)(\w+)[ \t]*(?=\[|=[^=])"
# What begins a text or a comment.
_BEGINNING = r"""#[^\r\n]*|(?P<prefix>\b[A-Za-z]{1,2})?(?P<quote>'{3}|"{3}|['"])"""
_OPENING, _CLOSING = "([{", ")]}"
_OTHER = {"'": '"', '"': "'"}
_NUMBER = "0"


def parse(text: str) -> ast.Module:
    """The syntax of a text, which may be written for a later Python.

    Raises what `ast.parse` raises for the text as it is where it cannot be read either way.
    """
    try:
        return ast.parse(text)
    except SyntaxError:
        try:
            return ast.parse(_Rewording(text).done())
        except (_UnreadableError, SyntaxError):
            pass
        raise


class _UnreadableError(Exception):
    """A text does not end, or what would be lost takes other bytes than what stands for it."""


class _Rewording:
    """The characters of a program, some of which are put in the place of others."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._reworded = list(text)
        self._outside = list(text)  # without texts and comments
        self._beginning = re.compile(_BEGINNING)

    def done(self) -> str:
        """The whole in other words. Raises _UnreadableError, RecursionError."""
        self._reword_texts()
        outside = "".join(self._outside)
        for match in re.finditer(_GROUP, outside, re.MULTILINE):
            self._put(match.end(), " ")
        for match in re.finditer(_HEADER, outside, re.MULTILINE):
            self._blank(match.end(), _behind(outside, match.end()))
        for match in re.finditer(_ALIAS, outside, re.MULTILINE):
            indent, keyword, name = match.groups()
            self._put(match.start(), indent + name + " " * len(keyword))
            self._blank(match.end(), _behind(outside, match.end()))
        return "".join(self._reworded)

    def _put(self, index: int, characters: str) -> None:
        end = index + len(characters)
        if not self._text[index:end].isascii():
            raise _UnreadableError
        self._reworded[index:end] = characters

    def _blank(self, start: int, end: int) -> None:
        """Put blanks between two places; lines there go on in the next ones."""
        blank = re.sub(r"[^\r\n]", " ", self._text[start:end])
        self._put(start, re.sub(r" (?=[\r\n])", r"\\", blank))

    # -- texts ------------------------------------------------------------------------------------

    def _reword_texts(self) -> None:
        index = 0
        while match := self._beginning.search(self._text, index):
            index = self._string(match, ()) if match["quote"] else match.end()
            blank = re.sub(r"[^\r\n]", " ", self._text[match.start() : index])
            self._outside[match.start() : index] = blank

    def _string(self, match: re.Match[str], around: tuple[str, ...]) -> int:
        """Read a text within the fields of others, of which the quotes are given; its end.

        A number is put where it stands if it cannot stand there otherwise.
        """
        prefix, quote = (match["prefix"] or "").lower(), match["quote"]
        own = _quote(quote, around)
        self._put(match.end() - len(quote), own)
        index = match.end()
        lost = not own
        while not self._text.startswith(quote, index):
            character = self._character(index)
            if character == "\\":
                index += self._escape(index, raw="r" in prefix, within=bool(around))
            elif character == "{" and "f" in prefix:
                doubled = self._text.startswith("{{", index)
                index = index + 2 if doubled else self._field(index + 1, (*around, own or quote))
            elif character in "\r\n" and len(quote) == 1:
                raise _UnreadableError
            else:
                lost = lost or self._text.startswith((*around, own), index)
                index += 1
        self._put(index, own)
        index += len(quote)
        if lost:
            self._put(match.start(), _NUMBER.ljust(index - match.start()))
        return index

    def _escape(self, index: int, *, raw: bool, within: bool) -> int:
        """Read a backslash with what it stands before: how long that is."""
        if within:
            self._put(index, " ")
        if not raw and self._text.startswith("\\N{", index):
            return self._text.find("}", index) + 1 - index or 2
        return 2

    def _field(self, index: int, around: tuple[str, ...]) -> int:
        """Read a field of an f-string from behind its bracket; where it ends."""
        depth = 0
        while True:
            character = self._character(index)
            match = self._beginning.match(self._text, index)
            if match is not None and match["quote"]:
                index = self._string(match, around)
            elif match is not None:
                self._put(index, " " * len(match.group()))
                index = match.end()
            elif character in ":}" and not depth:
                return self._form(index + 1, around) if character == ":" else index + 1
            else:
                depth += (character in _OPENING) - (character in _CLOSING)
                index += 1

    def _form(self, index: int, around: tuple[str, ...]) -> int:
        """Read how a field is written, which may have fields itself; where the field ends."""
        while (character := self._character(index)) != "}":
            index = self._field(index + 1, around) if character == "{" else index + 1
        return index + 1

    def _character(self, index: int) -> str:
        if index >= len(self._text):
            raise _UnreadableError
        return self._text[index]


def _quote(quote: str, around: tuple[str, ...]) -> str:
    """The quote of a text that may stand within others; "" where none is left for it."""
    for one in (quote, _OTHER[quote[0]] * len(quote)):
        if not any(one[0] == other[0] and len(other) <= len(one) for other in around):
            return one
    return ""


def _behind(outside: str, start: int) -> int:
    """Where the brackets that begin at a place are closed; that place where none do."""
    depth = 0
    for index in range(start, len(outside)):
        depth += (outside[index] == "[") - (outside[index] == "]")
        if not depth:
            return index + (outside[index] == "]")
    return start
