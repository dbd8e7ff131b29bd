"""The answers of a review that is not done yet, kept under `.migrate`."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from migrator.changes.filesystem import FileSystem
from migrator.changes.journal import Journal
from migrator.regular import content
from migrator.reviewing.proposals import Edited
from migrator.reviewing.session import Answer

NAME = "review.json"
_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Memory:
    """Answers by the ids of questions, each with the question's fingerprint, and edited texts."""

    answers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    edited: tuple[Edited, ...] = ()


def remembered(root: Path) -> Memory:
    """What is kept of a review; nothing where there is none, or none that can be read."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        kept = json.loads(content(_journal(root).folder / NAME))
        if kept["schema"] == _SCHEMA:
            return Memory(
                {one["id"]: (Answer(one["answer"]).value, one["print"]) for one in kept["answers"]},
                tuple(
                    Edited(
                        one["question"],
                        one["path"],
                        base64.b64decode(one["base"]),
                        base64.b64decode(one["mine"]),
                    )
                    for one in kept["edited"]
                ),
            )
    return Memory()


def remember(root: Path, memory: Memory) -> None:
    """Keep the answers so far. Raises BusyError, JournalError, OSError."""
    answers = [
        {"id": one, "answer": answer, "print": fingerprint}
        for one, (answer, fingerprint) in memory.answers.items()
    ]
    edited = [
        {
            "question": one.question,
            "path": one.path,
            "base": base64.b64encode(one.base).decode(),
            "mine": base64.b64encode(one.mine).decode(),
        }
        for one in memory.edited
    ]
    kept = {"schema": _SCHEMA, "answers": answers, "edited": edited}
    journal = _journal(root)
    with journal.locked():
        journal.keep(NAME, (json.dumps(kept, indent=1) + "\n").encode())


def forget(root: Path) -> None:
    """Keep nothing any more. Raises BusyError, JournalError, OSError."""
    journal = _journal(root)
    if (journal.folder / NAME).exists():
        with journal.locked():
            journal.files.remove(journal.folder / NAME)


def _journal(root: Path) -> Journal:
    return Journal(root.resolve(), FileSystem())
