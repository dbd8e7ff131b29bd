"""Test by test, what a run of a test command came to: from the JUnit XML that its runner writes."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from xml.etree import ElementTree

from migrator.language import marked

PASSED, FAILED = marked("passed"), marked("failed")
SKIPPED, MISSING = marked("skipped"), marked("missing")
_BY_ELEMENT = {"failure": FAILED, "error": FAILED, "skipped": SKIPPED}
# What became of each test, by its name.
Results = Mapping[str, str]

_LARGEST = 64 * 1024 * 1024


_OPTIONS = ("--junitxml", "--junit-xml")


@dataclass(frozen=True, slots=True)
class Reporting:
    """A command, and the file that it writes its results to, if any.

    `stood` is when that file was last written before the command runs: the user may have named one
    that is there already.
    """

    command: tuple[str, ...]
    file: Path | None
    stood: int | None = None

    def results(self) -> Results | None:
        """What became of each test; None where the command wrote nothing that can be read."""
        if self.file is None or _written(self.file) == self.stood:
            return None
        return read(self.file)


def reporting(command: Sequence[str], file: Path, folder: Path) -> Reporting:
    """The command, told to write JUnit XML where its runner is known to (pytest).

    Where it names a file for that itself, it is that one, seen from the folder that it runs in.
    """
    if (named := _named(command)) is not None:
        own = folder / named
        return Reporting(tuple(command), own, _written(own))
    if _is_pytest(command):
        return Reporting((*command, f"--junitxml={file}"), file)
    return Reporting(tuple(command), None)


def _named(command: Sequence[str]) -> str | None:
    """The file that a command names for its results; the last one counts."""
    found = None
    for index, one in enumerate(command):
        option, equals, value = one.partition("=")
        if option in _OPTIONS:
            found = value if equals else next(iter(command[index + 1 :]), None)
    return found


def _written(file: Path) -> int | None:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return None


def _is_pytest(command: Sequence[str]) -> bool:
    names = [PurePath(one).stem for one in command]
    if names[:1] == ["pytest"] or names[:1] == ["py.test"]:
        return True
    return "-m" in command[:-1] and command[command.index("-m") + 1] == "pytest"


def read(file: Path) -> Results | None:
    """What became of each test; None where no readable results were written."""
    try:
        if file.stat().st_size > _LARGEST:
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
