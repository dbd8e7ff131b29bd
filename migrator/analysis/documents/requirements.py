"""requirements*.txt and constraints files: one requirement a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.analysis.documents.findings import Finding
from migrator.analysis.documents.requirement import requirement

_LINE = re.compile(
    r"^[ \t]*(?:-e[ \t]+|--editable[ \t=]+)?"
    r"(?P<requirement>[^\s#-](?:[^\r\n#\\]|\\(?!\r?\n)|(?<![ \t])#)*?)"
    r"(?:[ \t]+--[^\r\n]*)?[ \t]*(?:(?<=[ \t])#[^\r\n]*|\\)?$",
    re.MULTILINE,
)


def findings(text: str) -> Iterator[Finding]:
    """The findings of a requirements file. Comments and options (`-r other.txt`) are none."""
    for match in _LINE.finditer(text):
        if found := requirement(match["requirement"], match.start("requirement")):
            yield found
