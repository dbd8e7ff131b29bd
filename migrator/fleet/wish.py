"""What a fleet is asked for: the same for each of its repositories, as plain data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from migrator import __version__, language
from migrator.fleet.entries import Entry
from migrator.workflow import Options

BRANCH = "migrate"


@dataclass(frozen=True)
class Wish:
    """How each repository is gone about.

    `applies`: a branch of each, or with `in_place` the folder itself. `compares`: what every
    provider would make of it, too. `branch` is what a branch is called ("" for `migrate/TARGET`),
    `author` who commits (`Name <address>`). `seconds` is how long one may take, `work` the folder
    for copies ("" for the system's). The rest says who asks: `language`, `version`.
    """

    options: Options = field(default_factory=Options)
    applies: bool = False
    in_place: bool = False
    compares: bool = False
    pages: bool = True
    branch: str = ""
    author: str = ""
    seconds: float = 600
    work: str = ""
    language: str = language.ENGLISH
    version: str = __version__


@dataclass(frozen=True)
class Job:
    """One repository and what is asked for."""

    entry: Entry
    wish: Wish

    @property
    def fingerprint(self) -> str:
        """Digits that are others where another result would be asked for."""
        wish = asdict(self.wish)
        for beside in ("seconds", "work", "author"):
            del wish[beside]
        entry = {**asdict(self.entry), "source": self.entry.shown}
        told = json.dumps([entry, _plain(wish)], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value
