"""What became of one repository, as plain data: the contract of `result.json` and `fleet.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any

from migrator.fleet.entries import Entry


class Standing(str, Enum):
    """How a repository stands. The values are the words of the contract."""

    MOVES = "moves"  # nothing is in the way
    PARTLY = "partly"  # some of it has no counterpart
    PEOPLE = "people"  # nothing is rewritten, something is to be done
    NOTHING = "nothing"  # nothing reaches OpenAI, or nothing is to be done about it
    FOUND = "found"  # looked at without a target
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Item:
    """Items of the checklist of one code about one thing (`images`), and how many."""

    code: str
    about: str
    severity: str
    number: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What one provider would make of the repository, with others beside it where it has to.

    `best` marks the one that is recommended.
    """

    target: str
    label: str
    moved: int
    blockers: int
    best: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One repository's result. `files` are the names of what is kept beside it.

    `base` is the commit that was looked at, "" for a folder as it is; `commit` that of the branch.
    """

    name: str
    source: str
    ref: str = ""
    folder: str = ""
    target: str = ""
    standing: Standing = Standing.NOTHING
    error: str = ""
    base: str = ""
    branch: str = ""
    commit: str = ""
    sites: Mapping[str, int] = field(default_factory=dict)
    requests: int = 0
    moved: int = 0
    converted: int = 0
    checklist: int = 0
    left: int = 0
    items: tuple[Item, ...] = ()
    changed: int = 0
    added: int = 0
    removed: int = 0
    offers: tuple[Offer, ...] = ()
    files: tuple[str, ...] = ()

    @classmethod
    def of(cls, entry: Entry, **values: Any) -> Result:
        """The result of an entry."""
        return cls(entry.name, entry.shown, entry.ref, entry.folder, **values)

    @classmethod
    def failed(cls, entry: Entry, error: str) -> Result:
        """The result of an entry that nothing can be said of, and why."""
        return cls.of(entry, standing=Standing.FAILED, error=error, target=entry.target)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Result:
        """A result as `data` gives it. Raises TypeError, ValueError or KeyError for another."""
        values = dict(data)
        values["standing"] = Standing(values["standing"])
        values["items"] = tuple(Item(**one) for one in values["items"])
        values["offers"] = tuple(Offer(**one) for one in values["offers"])
        values["files"] = tuple(values["files"])
        return cls(**values)

    @property
    def data(self) -> dict[str, Any]:
        """The result for JSON."""
        return {**asdict(self), "standing": self.standing.value, "files": list(self.files)}

    def number(self, severity: str) -> int:
        """How many items of the checklist there are of a severity."""
        return sum(one.number for one in self.items if one.severity == severity)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result, the files that belong to it, and how long it took."""

    result: Result
    contents: Mapping[str, bytes] = field(default_factory=dict)
    seconds: float = 0.0
    memory: int = 0  # that the process has taken at most, in bytes
