"""Why a file is not read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from migrator.language import marked


class SkipReason(str, Enum):
    """Why a file or a whole folder is not read, in words that are shown by `_`."""

    VIRTUAL_ENVIRONMENT = marked("virtual environment")
    INSTALLED = marked("installed packages")
    COPY = marked("copy of the openai package")
    BUILD_OUTPUT = marked("build output or cache")
    EXCLUDED = marked("excluded by a pattern")
    BINARY = marked("binary file")
    GENERATED = marked("generated file")
    TOO_LARGE = marked("larger than the limit")
    DATA = marked("data")
    LEAVES_ROOT = marked("link that leaves the root")
    LINKED = marked("link to what is read under its own name")
    BROKEN_LINK = marked("link that leads nowhere")
    MISSING = marked("known to git but not on disk")
    UNREADABLE = marked("cannot be read")
    OTHER_KIND = marked("neither Python nor a kind of file that holds configuration")


@dataclass(frozen=True, slots=True)
class Skip:
    """A file that is not read, or a folder that is not entered."""

    path: str
    reason: SkipReason
