"""The documents of a repository that may speak of OpenAI."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from migrator.knowledge.files import knowledge
from migrator.regular import content

_LARGEST = 2_000_000
_NAME = b"openai"


def read(root: Path, paths: Iterable[str]) -> dict[str, bytes]:
    """The bytes of the documents that name OpenAI; not those that tell what was, nor long ones."""
    histories = tuple(knowledge("documentation.yaml")["histories"])
    found = {}
    for path in paths:
        if PurePosixPath(path).name.lower().startswith(histories):
            continue
        try:
            data = content(root / path) if _is_short(root / path) else b""
        except OSError:
            continue
        if _NAME in data.lower():
            found[path] = data
    return found


def _is_short(path: Path) -> bool:
    return path.stat().st_size <= _LARGEST
