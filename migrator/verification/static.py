"""The first rung: what was written compiles, what it imports is there, and nothing is left over."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from migrator.decisions import Plan
from migrator.verification import python_version
from migrator.verification.imports import Imports
from migrator.verification.ladder import Finding, Rung, judged

NAME = "static"
_COMPILES, _IMPORTS, _LISTED = "compiles", "imports", "listed"


@dataclass(frozen=True)
class Written:
    """A Python file that runs wrote: what it held before them, and what it holds now."""

    path: str
    before: bytes | None
    after: bytes


def static(
    root: Path,
    written: Collection[Written],
    plan: Plan,
    listed: Collection[tuple[str, str]],
) -> Rung:
    """Check what runs wrote, without running it.

    `plan` is what would be planned now, `listed` the codes and paths that the checklists name.
    """
    findings = [
        *(one for file in written for one in _compiled(root, file)),
        *Imports(root).unresolved(written, declares="dependency-needed" not in _codes(listed)),
        *_left_over(plan, set(listed)),
    ]
    details = {"files": len(written), "open": len(plan.checklist)}
    well = (
        f"{len(written)} changed Python files compile and find what they import; "
        "a new scan finds only what the checklist lists"
    )
    return judged(NAME, findings, well, details)


def _codes(listed: Iterable[tuple[str, str]]) -> set[str]:
    return {code for code, _ in listed}


def _compiled(root: Path, file: Written) -> Iterator[Finding]:
    oldest = python_version.declared(root, file.path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(file.after, file.path, feature_version=oldest)
            compile(tree, file.path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        release = f" for Python {oldest[0]}.{oldest[1]}" if oldest else ""
        message = getattr(error, "msg", None) or str(error)
        yield Finding(f"does not compile{release}: {message}", file.path, line, _COMPILES)


def _left_over(plan: Plan, listed: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """What a second apply would do, and what it would list that nothing lists."""
    for path, edits in _by_path(plan).items():
        what = f"another apply would change {edits} {'place' if edits == 1 else 'places'} here"
        yield Finding(what, path, 0, _LISTED)
    for item in plan.checklist:
        if (item.code, item.path) not in listed:
            what = f"not on the checklist: {item.title}"
            yield Finding(what, item.path, item.line, _LISTED, item.sources)


def _by_path(plan: Plan) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for edit in plan.edits:
        found[edit.path] = found.get(edit.path, 0) + 1
    return found
