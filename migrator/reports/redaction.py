"""Hides keys and passwords in whatever is shown (the shapes are in `knowledge/secrets.yaml`).

Every report passes through here. The one exception is the diff that is saved for `git apply`, which
must be exact (see `patch`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from migrator.knowledge.files import knowledge

MARK = "…redacted"


def redact(text: str) -> str:
    """The text with every secret in it replaced, as `sk-…redacted`."""
    for pattern in _patterns():
        text = pattern.sub(_hide, text)
    return text


def redact_in_place(text: str) -> str:
    """The same, with every line where it was: a secret of several lines leaves them empty."""
    for pattern in _patterns():
        text = pattern.sub(lambda match: _hide(match, _line_ends(match["secret"])), text)
    return text


def holds_secret(text: str) -> bool:
    """Whether there is anything to hide in the text."""
    return any(pattern.search(text) for pattern in _patterns())


def redact_all(value: Any) -> Any:
    """A tree of dicts, lists and strings with every string in it redacted; keys stay."""
    return _map_strings(cache(redact), value)  # paths and words come again and again


def _map_strings(change: Callable[[str], str], value: Any) -> Any:
    match value:
        case str():
            return change(value)
        case dict():
            return {key: _map_strings(change, item) for key, item in value.items()}
        case list() | tuple():
            return [_map_strings(change, item) for item in value]
        case _:
            return value


def _hide(match: re.Match[str], behind: str = "") -> str:
    """The match with its secret taken out; what stands around the secret stays."""
    start, end = (place - match.start() for place in match.span("secret"))
    return match.group()[:start] + MARK + behind + match.group()[end:]


def _line_ends(text: str) -> str:
    return "".join(re.findall(r"\r\n|\r|\n", text))


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    rows = knowledge("secrets.yaml")["patterns"]
    return tuple(re.compile(row["pattern"], re.MULTILINE) for row in rows)
