"""Where each character of a string literal stands in the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

HOLE = "\ue000"  # stands for what fills a text
_OPENING = re.compile(r"(?P<prefix>[A-Za-z]*)(?P<quote>\"{3}|'{3}|\"|')")
_ESCAPE = re.compile(
    r"\\(?:\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Character:
    """A character of a text and its stretch of the source; HOLE for what fills it.

    `filled` is what stands for a hole: the number of an f-string's value, a variable's name.
    `opening` are the prefix and the quotes of the literal that it stands in.
    """

    text: str
    start: int
    end: int
    filled: int | str | None = None
    opening: tuple[str, str] = ("", "")


def characters(source: str, base: int = 0) -> list[Character]:
    """The characters of a literal, or of several in a row, from their source.

    `base` is added to every place. Raises ValueError where the source is no string literal.
    """
    found: list[Character] = []
    at, values = 0, 0
    while (opening := _OPENING.match(source, at)) is not None:
        prefix, quote = opening["prefix"].lower(), opening["quote"]
        if "b" in prefix:
            raise ValueError("a byte string")
        at = opening.end()
        while not source.startswith(quote, at):
            one = _next(source, at, prefix, values)
            values += one.text == HOLE
            at = one.end
            if one.text:
                place = one.start + base, one.end + base
                found.append(Character(one.text, *place, one.filled, (prefix, quote)))
        at += len(quote)
        at += len(source[at:]) - len(source[at:].lstrip())
    if at < len(source):
        raise ValueError("not a string literal")
    return found


def _next(source: str, at: int, prefix: str, values: int) -> Character:
    if at >= len(source):
        raise ValueError("an open string literal")
    if "f" in prefix and source[at] in "{}":
        if source.startswith(source[at] * 2, at):
            return Character(source[at], at, at + 2)
        return Character(HOLE, at, _after_value(source, at), values)
    if source[at] == "\\" and "r" not in prefix:
        escape = _ESCAPE.match(source, at)
        if escape is None:
            raise ValueError("an open escape")
        return Character(str(ast.literal_eval(f'"{escape[0]}"')), at, escape.end())
    return Character(source[at], at, at + 1)


def _after_value(source: str, at: int) -> int:
    """The place after a value of an f-string."""
    depth, inside = 0, ""
    for place in range(at, len(source)):
        character = source[place]
        if inside:
            inside = "" if character == inside else inside
        elif character in "'\"":
            inside = character
        elif character in "{[(":
            depth += 1
        elif character in "}])":
            depth -= 1
            if not depth:
                return place + 1
    raise ValueError("an open value")


def plain(text: str, base: int = 0) -> Iterator[Character]:
    """The characters of a text that stands in the source as it is."""
    for place, character in enumerate(text, base):
        yield Character(character, place, place + 1)
