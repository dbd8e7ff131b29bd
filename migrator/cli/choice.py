"""The words that an option takes."""

from __future__ import annotations

from enum import Enum


class Choice(str, Enum):
    """The words that an option takes. typer before Python 3.11 knows a member by its text."""

    __str__ = str.__str__
