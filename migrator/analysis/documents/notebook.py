"""Notebooks: magics and shell commands that install packages or set variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from migrator.analysis.documents import shell
from migrator.analysis.documents.findings import Entry, Finding, judge_env
from migrator.analysis.documents.requirement import Requirement
from migrator.analysis.sites import Kind
from migrator.notebooks.magics import BORDER, HIDDEN, SHELLS, cell_magic

_ENV_MAGIC = re.compile(
    HIDDEN.pattern
    + r"%(?:set_)?env[ \t]+(?P<name>[A-Za-z_]\w*)(?:[ \t]*=[ \t]*|[ \t]+)(?P<value>[^\r\n]*)"
)
_SHELL_MAGIC = re.compile(r"[ \t]*(?:!|%(?:pip|conda|mamba|uv|system|sx)\b)")


def variables(text: str) -> Iterator[Finding]:
    """The findings of a notebook's `%env NAME=value`, in its program."""
    for match in _ENV_MAGIC.finditer(text):
        value = match["value"].rstrip()
        bounds = (match.start("value"), match.start("value") + len(value))
        name = match.span("name")
        if found := judge_env(Entry((match["name"],), value, bounds, (name[0], bounds[1]), name)):
            yield found


def commands(text: str) -> Iterator[Finding]:
    """The findings of the commands in a notebook's program. Its Python is analysed as Python."""
    for found in shell.findings(in_shell(text)):
        yield found if found.kind is Kind.DEP else replace(found, kind=_kind(found))


def requirements(text: str) -> Iterator[Requirement]:
    """The packages that the commands in a notebook's program install."""
    return shell.requirements(in_shell(text))


def in_shell(text: str) -> str:
    """What a notebook's program runs in a shell, where it stands; blanks in place of the rest."""
    lines: list[str] = []
    in_cell = False
    for line in text.split("\n"):
        hidden = HIDDEN.search(line)
        code = line[hidden.end() :] if hidden else ""
        if line.startswith(f"#{BORDER}"):
            in_cell = False
        in_cell = in_cell or cell_magic(code) in SHELLS
        goes_on = bool(lines) and lines[-1].endswith("\\")
        is_command = in_cell or goes_on or _SHELL_MAGIC.match(code)
        lines.append((code.lstrip("! \t") if is_command else "").rjust(len(line)))
    return "\n".join(lines)


def _kind(finding: Finding) -> Kind:
    """A variable in a magic is set or read for the notebook's own process: an env_key site."""
    return Kind.ENV_KEY if finding.name_bounds and finding.role != "model" else finding.kind
