"""The first rung: what was written compiles, what it imports is there, and nothing is left over."""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from collections.abc import Collection, Iterator
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
    listed: Collection[tuple[str, str]] | None,
) -> Rung:
    """Check what runs wrote, without running it.

    `plan` is what would be planned now, `listed` the codes and paths that the checklists name,
    None where these are not known.
    """
    declares = "dependency-needed" not in {code for code, _ in listed or ()}
    findings = [
        *(one for file in written for one in _compiled(root, file)),
        *Imports(root).unresolved(written, declares=declares),
        *_another_apply(plan),
        *_unlisted(plan, listed),
    ]
    details = {"files": len(written), "open": len(plan.checklist)}
    compiled = f"{len(written)} changed Python files compile and find what they import; "
    scanned = "a new scan finds only what the checklist lists"
    well = compiled * bool(written) + (scanned if listed is not None else "nothing is left to move")
    return judged(NAME, findings, well, details)


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


def _another_apply(plan: Plan) -> Iterator[Finding]:
    """What a second apply would do."""
    for path, number in Counter(edit.path for edit in plan.edits).items():
        places = "place" if number == 1 else "places"
        yield Finding(f"another apply would change {number} {places} here", path, 0, _LISTED)


def _unlisted(plan: Plan, listed: Collection[tuple[str, str]] | None) -> Iterator[Finding]:
    """What is open and on no checklist."""
    for item in plan.checklist if listed is not None else ():
        if (item.code, item.path) not in (listed or ()):
            what = f"not on the checklist: {item.title}"
            yield Finding(what, item.path, item.line, _LISTED, item.sources)
