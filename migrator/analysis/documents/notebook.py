"""Notebooks: magics and shell commands that install packages or set variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from migrator.analysis.documents import shell
from migrator.analysis.documents.findings import Bounds, Entry, Finding, judge_env
from migrator.analysis.sites import Kind
from migrator.notebooks.magics import HIDDEN

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


def commands(text: str, shells: Sequence[Bounds]) -> Iterator[Finding]:
    """The findings of the commands in a notebook's program. Its Python is analysed as Python.

    `shells` are the bounds of the cells that are a shell's.
    """
    found: list[str] = []
    at = 0
    for line in text.split("\n"):
        hidden = HIDDEN.search(line)
        code = line[hidden.end() :] if hidden else ""
        goes_on = bool(found) and found[-1].endswith("\\")
        in_shell = goes_on or any(start <= at < end for start, end in shells)
        found.append((code if in_shell or _SHELL_MAGIC.match(code) else "").rjust(len(line)))
        at += len(line) + 1
    for one in shell.findings("\n".join(found)):
        yield one if one.kind is Kind.DEP else replace(one, kind=_kind(one))


def _kind(finding: Finding) -> Kind:
    """A variable in a magic is set or read for the notebook's own process: an env_key site."""
    return Kind.ENV_KEY if finding.name_bounds and finding.role != "model" else finding.kind
