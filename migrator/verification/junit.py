"""Test by test, what a run of a test command came to: from the JUnit XML that its runner writes."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from xml.etree import ElementTree

PASSED, FAILED, SKIPPED, MISSING = "passed", "failed", "skipped", "missing"
_BY_ELEMENT = {"failure": FAILED, "error": FAILED, "skipped": SKIPPED}
# What became of each test, by its name.
Results = Mapping[str, str]

_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reporting:
    """A command that writes its results to a file; `asked` says that the user named that file."""

    command: tuple[str, ...]
    file: Path | None


def reporting(command: Sequence[str], file: Path) -> Reporting:
    """The command, told to write JUnit XML where its runner is known to (pytest)."""
    named = [one.partition("=")[2] for one in command if one.startswith("--junitxml=")]
    if named:
        return Reporting(tuple(command), Path(named[-1]))
    if _is_pytest(command):
        return Reporting((*command, f"--junitxml={file}"), file)
    return Reporting(tuple(command), None)


def _is_pytest(command: Sequence[str]) -> bool:
    names = [PurePath(one).stem for one in command]
    if names[:1] == ["pytest"] or names[:1] == ["py.test"]:
        return True
    return "-m" in command[:-1] and command[command.index("-m") + 1] == "pytest"


def read(file: Path | None) -> Results | None:
    """What became of each test; None where no readable results were written."""
    try:
        if file is None or file.stat().st_size > _LARGEST:
            return None
        tree = ElementTree.parse(file)
    except (OSError, ElementTree.ParseError):
        return None
    found: dict[str, str] = {}
    for case in tree.iter("testcase"):
        name = "::".join(filter(None, (case.get("classname"), case.get("name"))))
        outcomes = [_BY_ELEMENT[one.tag] for one in case if one.tag in _BY_ELEMENT]
        result = outcomes[0] if outcomes else PASSED
        # A test that passes and then fails while it is torn down is reported twice.
        found[name] = FAILED if FAILED in (found.get(name), result) else result
    return found


def spelled(command: Sequence[str]) -> str:
    """The command as a shell takes it."""
    return shlex.join(command)
