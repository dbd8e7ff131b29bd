"""Files whose lines about OpenAI are those of the last commit: nothing in them has to be parsed."""

from __future__ import annotations

from migrator.checking import history, sifting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# A comment that takes a use off speaks of other lines than its own.
MARK = b"migrate:"
# Between these a line is documentation at one time, and code at another.
_QUOTES = (b'"""', b"'''")


def differing(held: Mapping[str, bytes], words: Sequence[bytes]) -> dict[str, bytes]:
    """The files of the working tree that may use what they did not in the last commit."""
    paths = list(held)
    try:
        told = history.contents([f"HEAD:./{path}" for path in paths])
    except history.GitError:
        return dict(held)
    return {
        path: held[path]
        for path, before in zip(paths, told, strict=True)
        if before is None or _differs(sifting.as_utf_8(before), held[path], words)
    }


def _differs(before: bytes, now: bytes, words: Sequence[bytes]) -> bool:
    if MARK in before or MARK in now:
        return True
    if any(before.count(one) != now.count(one) for one in _QUOTES):
        return True
    known = list(_telling(before, words))
    for line in _telling(now, words):
        if line not in known:
            return True
        known.remove(line)
    return False


def _telling(data: bytes, words: Sequence[bytes]) -> Iterable[bytes]:
    """The lines that hold one of the words, without the blanks around them."""
    lowered = data.lower()
    present = [word for word in words if word in lowered]
    for line in data.splitlines():
        if sifting.names_openai(line, present):
            yield line.strip()
