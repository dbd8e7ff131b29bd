"""requirements*.txt and constraints files: one requirement a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.analysis.documents import requirement as one
from migrator.analysis.documents.findings import Finding

_LINE = re.compile(
    r"^[ \t]*(?:-e[ \t]+|--editable[ \t=]+)?"
    r"(?P<requirement>[^\s#-](?:[^ \t\r\n#\\]|[ \t]+(?=[^ \t\r\n])|\\(?!\r?\n)|(?<![ \t])#)*?)"
    r"(?:[ \t]+--[^\r\n]*)?[ \t]*(?:(?<=[ \t])#[^\r\n]*|\\)?$",
    re.MULTILINE,
)
_INCLUDE = re.compile(
    r"^[ \t]*(?P<option>-r|-c|--requirement|--constraint)[ \t=]*"
    r"(?P<path>[^\s#=](?:[^ \t\r\n#]|[ \t]+(?=[^ \t\r\n]))*?)"
    r"[ \t]*(?:#.*)?$",
    re.MULTILINE,
)


def requirements(text: str) -> Iterator[one.Requirement]:
    """Every requirement of the file. Comments and options (`-r other.txt`) are none."""
    for match in _LINE.finditer(text):
        if found := one.requirement(match["requirement"], match.start("requirement")):
            yield found


def included(text: str) -> list[tuple[str, bool]]:
    """The files that are read with it, as it names them, and whether as constraints (`-c`)."""
    return [
        (match["path"], match["option"] in ("-c", "--constraint"))
        for match in _INCLUDE.finditer(text)
    ]


def findings(text: str) -> Iterator[Finding]:
    """The findings of a requirements file."""
    return filter(None, map(one.finding, requirements(text)))
