"""Which files could use OpenAI at all: each is searched as bytes, for a few words."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

KNOWLEDGE = f"{os.path.dirname(os.path.dirname(__file__))}/knowledge/check.json"  # noqa: PTH120
# The file of known uses: it names them all, and uses none.
BASELINE = ".migrate-baseline.json"
PYTHON = (".py", ".pyi", ".pyw")
# As a scan: what is larger is data.
LARGEST, LARGEST_NOTEBOOK = 1_000_000, 20_000_000
_BINARY_HEAD = 8192
_SIGNS = b"-_ :\"'"
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_OPEN = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)


def needles(*, frameworks: bool) -> list[bytes]:
    """The words, of which a file holds one where it uses OpenAI.

    They stand in the first lines of check.json, which are read without the rest.
    """
    with open(KNOWLEDGE, "rb") as file:  # noqa: PTH123
        file.readline()
        lines = [file.readline() for _line in range(2 if frameworks else 1)]
    return [
        word.replace(b'\\"', b'"')
        for line in lines
        for word in line[line.index(b"[") + 2 : line.rindex(b"]") - 1].split(b'","')
    ]


def names_openai(data: bytes, words: Iterable[bytes]) -> bool:
    """Whether some bytes hold one of the words."""
    lowered = data.lower()
    for word in words:  # noqa: SIM110 - a generator takes longer
        if word in lowered:
            return True
    return False


def by_core(words: Iterable[bytes]) -> list[tuple[bytes, list[bytes]]]:
    """The words by what each has between its signs: where that is not, none of its words is.

    `"o1"`, `'o1'` and `o1-` are looked for at once, as `o1`.
    """
    found: dict[bytes, list[bytes]] = {}
    for word in words:
        found.setdefault(word.strip(_SIGNS), []).append(word)
    return list(found.items())


def holds_one(data: bytes, cores: Iterable[tuple[bytes, Iterable[bytes]]]) -> bool:
    """As `names_openai`, for many files: `cores` are the words as `by_core` has them."""
    lowered = data.lower()
    for core, words in cores:  # noqa: SIM110 - a generator takes longer
        if core in lowered and any(word in lowered for word in words):
            return True
    return False


def content(path: str) -> bytes:
    """The bytes of a file; UTF-16 as UTF-8. Raises OSError for what is no file, and for a link."""
    descriptor = os.open(path, _OPEN)
    try:
        status = os.fstat(descriptor)
        if status.st_mode & 0o170000 != 0o100000:
            raise IsADirectoryError(21, "not a file", path)
        parts = []
        while data := os.read(descriptor, status.st_size + 1):
            parts.append(data)
            if len(data) == status.st_size:
                break
    finally:
        os.close(descriptor)
    return as_utf_8(parts[0] if len(parts) == 1 else b"".join(parts))


def as_utf_8(data: bytes) -> bytes:
    """Text in UTF-16, as some shells write it, as UTF-8; all else as it is."""
    encoding = _UTF_16.get(data[:2])
    if encoding is None:
        return data
    try:
        return data[2:].decode(encoding).encode()
    except UnicodeError:
        return data


def is_binary(data: bytes) -> bool:
    """Whether bytes are no text."""
    return data.find(b"\0", 0, _BINARY_HEAD) >= 0
