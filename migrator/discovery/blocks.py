"""A Python file as a row of blocks, cut from its bytes: which of its names touch which words.

A block is the head and body of a function or class up to the next one, or what stands between
them at the top. Nothing is parsed: a word in a string counts like one in code, so more may seem
tied than is; never less, but for what is only made up at run time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from migrator.discovery.statements import words

_GAP = rb"(?:[ \t]|\\\r?\n)"
_HEAD = re.compile(rb"^([ \t]*)(?:async[ \t]+)?(?:def|class)" + _GAP + rb"+(\w+)", re.MULTILINE)
_TOP = re.compile(rb"^(?=[A-Za-z_@])", re.MULTILINE)
_IMPORT = (b"import ", b"from ")
# The rest of a line; where it ends within a bracket, as far as the next one that is closed.
_REST = rb"(?:[^\n]*[(\[{\\][ \t]*(?:#[^\n]*)?(?:\n|\Z)[^)\]}]*|[^\n]*)"
_PASSING = re.compile(
    rb"(?:^|[:;])[ \t]*(?:async[ \t]+def|def|class|return|yield)\b" + _REST, re.MULTILINE
)
_BOUND = re.compile(
    rb"(?:^|;)[ \t]*((?:\w+[ \t]*,[ \t]*)*\w+)" + _GAP + rb"*(?::[^=\n;]{0,300})?=(?!=)",
    re.MULTILINE,
)
_ATTRIBUTE = re.compile(rb"\.(\w+)[ \t]*(?::[^=\n]{0,300})?=(?!=)(" + _REST + rb")")
_IMPORTS = re.compile(rb"^[ \t]*(?:from[ \t]+\S+[ \t]+)?import\b(?:[ \t]*\([^)]*\)|[^\n]*)", re.M)
_STRING = re.compile(rb"""(?<![fF])(?:"[^"\n]*"|'[^'\n]*')""")
_SPECIAL = re.compile(rb"__\w+__")
# Reached without importing a name for it.
_ADDRESSES = (b"api.openai.com", b"openai.azure.")
_BY_STRING = re.compile(rb"""(?:import_module|__import__)\(\s*["']openai\b""")


@dataclass(frozen=True)
class Block:
    """`names` are the top-level names it defines or belongs to.

    `method` is the function's own name where it stands in a class or function. The rest is worked
    out for the few blocks that are asked.
    """

    text: bytes
    names: tuple[bytes, ...]
    method: bytes

    @cached_property
    def words(self) -> frozenset[bytes]:
        """All it says."""
        return frozenset(words(self.text))

    @cached_property
    def attributes(self) -> tuple[tuple[bytes, frozenset[bytes]], ...]:
        """The attributes it sets, each with the words of what it sets them to."""
        found = _ATTRIBUTE.findall(self.text)
        return tuple((name, frozenset(words(value))) for name, value in found)

    @cached_property
    def evident(self) -> bool:
        """Whether it reaches OpenAI by an address, or imports it by a string."""
        return is_evident(self.text)

    def touches(self, known: Set[bytes]) -> bool:
        """Whether it speaks of OpenAI, or of something known to."""
        return self.evident or not known.isdisjoint(self.words)

    def passes_on(self, known: Set[bytes]) -> bool:
        """Whether something known gets out: by its head, as what is returned, or as a variable."""
        lines = _PASSING.findall(self.text)
        return not lines or not known.isdisjoint(words(b" ".join(lines)))


def blocks(data: bytes) -> list[Block]:
    """The blocks of a file, without the imports at its top."""
    heads = list(_HEAD.finditer(data))
    starts = [head.start() for head in heads]
    found = _top_blocks(data[: starts[0]] if starts else data)
    owners: list[tuple[int, bytes]] = []
    for head, (start, end) in zip(heads, pairwise([*starts, len(data)]), strict=True):
        depth = len(head.group(1))
        while owners and owners[-1][0] >= depth:
            owners.pop()
        owners.append((depth, head.group(2)))
        body, rest = _split_body(data[start:end])
        found.append(_block(tuple(name for _, name in owners), body))
        found += _top_blocks(rest)
    return found


def _split_body(text: bytes) -> tuple[bytes, bytes]:
    """What belongs to a function or class, and what stands at the top after it."""
    for match in _TOP.finditer(text, 1):
        if not text.startswith((b"def ", b"class ", b"async "), match.start()):
            return text[: match.start()], text[match.start() :]
    return text, b""


def _top_blocks(text: bytes) -> list[Block]:
    starts = [match.start() for match in _TOP.finditer(text)]
    pieces = (text[start:end] for start, end in pairwise([*starts, len(text)]))
    parts = (one.partition(b";")[2] if one.startswith(_IMPORT) else one for one in pieces)
    return [_block((), one) for one in parts if one]


def _block(owners: tuple[bytes, ...], text: bytes) -> Block:
    bound = [name for group in _BOUND.findall(text) for name in words(group)] if not owners else []
    method = owners[-1] if len(owners) > 1 and not _SPECIAL.fullmatch(owners[-1]) else b""
    return Block(text, (*owners[:1], *bound), method)


def is_evident(text: bytes) -> bool:
    """Whether a piece of source reaches OpenAI by an address, or imports it by a string."""
    if b"openai" not in text:
        return False
    if any(one in text for one in _ADDRESSES):
        return True
    return b"import" in text and _BY_STRING.search(text) is not None


def used_words(parts: Iterable[Block]) -> set[bytes]:
    """The words of the blocks' code, without those of imports and plain strings."""
    text = b"\n".join(one.text for one in parts)
    return set(words(_STRING.sub(b" ", _IMPORTS.sub(b" ", text))))


def touching(
    parts: Iterable[Block], known: Iterable[bytes], *, at_the_source: bool
) -> tuple[set[bytes], list[Block]]:
    """The blocks that touch one of the known words, by way of each other, and all known then.

    `at_the_source`, whatever a block defines is known: its callers decide what it asks for.
    Elsewhere a block has to pass something known on: to return it, to derive from it, to keep it.
    A method that touches one of the first makes its callers touch it, too, but not theirs: the
    names of methods are shared by what has nothing to do with each other.
    """
    names = set(known)
    found: list[Block] = []
    rest = list(parts)
    methods = {one.method for one in rest if one.method and one.touches(names)}
    while added := [one for one in rest if one.touches(names)]:
        rest = [one for one in rest if not one.touches(names)]
        found += added
        for one in found:
            kept = [name for name, said in one.attributes if not names.isdisjoint(said)]
            if at_the_source or kept or one.passes_on(names):
                names.update(one.names)
            names.update(kept)
    return names, [*found, *(one for one in rest if one.touches(methods))]
