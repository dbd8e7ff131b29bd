"""TOML that somebody else wrote, read within bounds.

The time that a parser takes for a dotted key grows with the square of its parts, and brackets can
be nested until it runs out of stack.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module

from migrator.language import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST_PARTS = 100
# What may stand between two dots of a key.
_PART = re.compile(r"[ \t]*(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*")
_WHERE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")


class TomlError(ValueError):
    """A text that is no TOML, or more than is read: in which line, and what is wrong."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


def load(text: str) -> dict[str, Any]:
    """What a text says. Raises TomlError."""
    require_short_keys(text)
    toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        found: dict[str, Any] = toml.loads(text)
    except RecursionError:
        raise TomlError(1, _("it is nested too deeply")) from None
    except toml.TOMLDecodeError as error:
        where = _WHERE.search(str(error))
        line = (where and where[1]) or text.count("\n") + 1
        raise TomlError(int(line), _WHERE.sub("", str(error))) from None
    return found


def require_short_keys(text: str) -> None:
    """Raise TomlError for a key of more than MOST_PARTS parts."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") < MOST_PARTS:
            continue
        parts = 0
        for piece in line.split("."):
            parts = parts + 1 if _PART.fullmatch(piece) else 0
            if parts > MOST_PARTS:
                told = _("a key of more than {number} parts", number=MOST_PARTS)
                raise TomlError(number, told)
