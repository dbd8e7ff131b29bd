"""The same command before and after the migration: test by test where its runner says so."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from migrator.changes.journal import Run
from migrator.changes.undo import content_before
from migrator.language import _, listed, marked
from migrator.verification.junit import FAILED, MISSING, PASSED
from migrator.verification.ladder import Finding, Rung, judged

NAME = marked("before and after")
_RULE = marked("still passes")
# What is no part of a state of the program, or is too much to copy.
_NOT_COPIED = shutil.ignore_patterns(
    ".git", ".hg", ".svn", ".migrate", ".venv", "venv", "node_modules", "__pycache__", ".tox",
    ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended, and what became of each test (None: its runner does not say)."""

    exit_code: int
    tests: Mapping[str, str] | None = None


@contextmanager
def as_it_was(root: Path, runs: Sequence[Run]) -> Iterator[Path]:
    """A copy of the tree, with what some runs wrote as it was before, for as long as it is used.

    Raises JournalError, OSError.
    """
    before = content_before(root, runs)
    with tempfile.TemporaryDirectory(prefix="migrate-before-") as folder:
        copy = Path(folder) / root.resolve().name
        shutil.copytree(root, copy, symlinks=True, ignore=_NOT_COPIED)
        for path, data in before.items():
            if data is None:
                (copy / path).unlink(missing_ok=True)
            else:
                (copy / path).parent.mkdir(parents=True, exist_ok=True)
                (copy / path).write_bytes(data)
        yield copy


def in_tree(command: Sequence[str], root: Path) -> tuple[str, ...]:
    """The command for a copy of the tree: a program that stands in the tree is named whole."""
    program = root / command[0] if command else root
    if command and len(Path(command[0]).parts) > 1 and program.is_file():
        return (str(program.absolute()), *command[1:])
    return tuple(command)


def compared(before: Outcome, after: Outcome) -> Rung:
    """The rung: failed where what passed before does not pass any more."""
    if before.tests is None or after.tests is None:
        return _by_exit_code(before, after)
    names = sorted({*before.tests, *after.tests})
    rows = {
        name: (before.tests.get(name, MISSING), after.tests.get(name, MISSING)) for name in names
    }
    findings = [
        Finding(_("{name} passed before and is {state} after", name=name, state=_(now)), rule=_RULE)
        for name, (then, now) in rows.items()
        if then == PASSED and now != PASSED
    ]
    mended = sum(then != PASSED and now == PASSED for then, now in rows.values())
    kept = sum(then == now == PASSED for then, now in rows.values())
    still = sum(then == now == FAILED for then, now in rows.values())
    details = {"kept": kept, "mended": mended, "broken": len(findings), "failed before too": still}
    well = [_("{number} tests pass as before", number=kept)]
    well += [_("{number} pass that did not", number=mended)] if mended else []
    well += [_("{number} fail as before", number=still)] if still else []
    told = listed(well)
    return judged(NAME, findings, told, {**details, "tests": {n: list(r) for n, r in rows.items()}})


def _by_exit_code(before: Outcome, after: Outcome) -> Rung:
    worse = before.exit_code == 0 and after.exit_code != 0
    what = _("the command ended with 0 before, and with {code} after", code=after.exit_code)
    findings = [Finding(what, rule=_RULE)] if worse else []
    well = _(
        "the command ended with {before} before and {after} after; its runner does not say test "
        "by test",
        before=before.exit_code,
        after=after.exit_code,
    )
    details = {"exit codes": [before.exit_code, after.exit_code]}
    return judged(NAME, findings, well, details)
