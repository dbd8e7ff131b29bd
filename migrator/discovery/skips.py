"""Why a file is not read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class SkipReason(str, Enum):
    """Why a file or a whole folder is not read."""

    VIRTUAL_ENVIRONMENT = "virtual environment"
    INSTALLED = "installed packages"
    COPY = "copy of the openai package"
    BUILD_OUTPUT = "build output or cache"
    EXCLUDED = "excluded by a pattern"
    BINARY = "binary file"
    GENERATED = "generated file"
    TOO_LARGE = "larger than the limit"
    DATA = "data"
    LEAVES_ROOT = "link that leaves the root"
    LINKED = "link to what is read under its own name"
    BROKEN_LINK = "link that leads nowhere"
    MISSING = "known to git but not on disk"
    UNREADABLE = "cannot be read"
    OTHER_KIND = "neither Python nor a kind of file that holds configuration"


@dataclass(frozen=True, slots=True)
class Skip:
    """A file that is not read, or a folder that is not entered."""

    path: str
    reason: SkipReason
