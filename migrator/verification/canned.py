"""Answers that a user gives to the emulator: a text, an echo, or a file of them.

The file is a YAML or JSON list. An entry answers where the last thing that the user said holds
`match`, whatever the case, or always without one; with the text `answer`, or with what was said
where it is `echo: true`. The first that fits is taken:

    - match: weather
      answer: It is sunny.
    - echo: true
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migrator.errors import MigrateError
from migrator.language import _, listed
from migrator.verification.endpoints import Answers
from migrator.verification.responses import items_of
from migrator.verification.rules import text_of

ECHO = "echo"
_FILES = frozenset({".yaml", ".yml", ".json"})
_KEYS = frozenset({"match", "answer", "echo"})


class AnswersError(MigrateError):
    """The file of answers cannot be read, or holds something else."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Canned:
    """One answer: its text, or None for what was said; and what has to be said for it."""

    text: str | None
    match: str = ""


def answers_of(given: str) -> Answers:
    """The answers that `echo`, the path of a file, or a text means. Raises AnswersError."""
    if given == ECHO:
        return _answering([Canned(None)])
    path = Path(given)
    if path.suffix in _FILES or path.is_file():
        return _answering(_read(path))
    return _answering([Canned(given)])


def _answering(canned: Sequence[Canned]) -> Answers:
    def answer(body: Mapping[str, Any]) -> str | None:
        said = last_said(body)
        for one in canned:
            if one.match.lower() in said.lower():
                return said if one.text is None else one.text
        return None

    return answer


def last_said(body: Mapping[str, Any]) -> str:
    """The last text of the user's in a request of any kind."""
    if "prompt" in body:
        return str(body["prompt"])
    turns = body["messages"] if "messages" in body else items_of(body)
    said = [one for one in turns if isinstance(one, dict) and one.get("role") == "user"]
    return text_of(said[-1].get("content")) if said else ""


def _read(path: Path) -> list[Canned]:
    import yaml

    from migrator.bounded import load

    try:
        loaded = load(path.read_text("utf-8"))
    except OSError as error:
        raise AnswersError(_("{path}: {reason}", path=path, reason=error.strerror)) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        where = f"{path}:{place.line + 1}" if place else path
        problem = getattr(error, "problem", None) or _("no YAML or JSON")
        raise AnswersError(_("{place}: {problem}", place=where, problem=problem)) from None
    if not isinstance(loaded, list) or not loaded:
        raise AnswersError(_("{path}: must be a list of answers", path=path))
    return [
        _entry(_("{path}: answer {number}", path=path, number=number), one)
        for number, one in enumerate(loaded, 1)
    ]


def _entry(place: str, entry: Any) -> Canned:
    if not isinstance(entry, dict) or not _KEYS.issuperset(entry):
        raise AnswersError(
            _(
                "{place} must hold {keys} and nothing else",
                place=place,
                keys=listed(sorted(_KEYS)),
            )
        )
    echoes, text, match = entry.get("echo", False), entry.get("answer"), entry.get("match", "")
    if not isinstance(match, str) or not isinstance(echoes, bool):
        raise AnswersError(_("{place}: match must be a text, echo true or false", place=place))
    if echoes is isinstance(text, str):
        raise AnswersError(
            _("{place} must have either a text as answer, or echo: true", place=place)
        )
    return Canned(None if echoes else text, match)
