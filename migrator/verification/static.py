"""The first rung: what was written compiles, what it imports is there, and nothing is left over."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from migrator.analysis.sites import Kind
from migrator.changes.planned import Listed
from migrator.decisions import Plan, Severity
from migrator.language import _, apart, counted, marked
from migrator.newer import parse
from migrator.source import SourceText
from migrator.verification import names, python_version
from migrator.verification.imports import Imports
from migrator.verification.ladder import Finding, Rung, judged

NAME = marked("static")
_COMPILES, _NAMES, _LISTED = marked("compiles"), marked("names"), marked("listed")
_CHANGES = marked("`migrate apply` would change this file")

# How a file does not compile: by whether a release is asked for, and whether it never did.
_HOW = {
    (False, False): marked("does not compile: {message}"),
    (False, True): marked("does not compile, nor did it before: {message}"),
    (True, False): marked("does not compile for Python {release}: {message}"),
    (True, True): marked("does not compile for Python {release}, nor did it before: {message}"),
}


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
    listed: Listed | None,
    changed: Collection[str] = (),
) -> Rung:
    """Check what runs wrote, without running it.

    `plan` is what would be planned now and `changed` the files that it would change, `listed` what
    the runs left to people, None where that is not known.
    """
    told = listed.items if listed is not None else ()
    declares = "dependency-needed" not in {code for code, _path in told}
    findings = [
        *(one for file in written for one in _compiled(root, file)),
        *(one for file in written for one in _unbound(file)),
        *Imports(root).unresolved(written, declares=declares),
        *(Finding(_(_CHANGES), path, rule=_LISTED) for path in changed),
        *_unlisted(plan, listed),
    ]
    details = {"files": len(written), "open": len(plan.checklist)}
    well = [
        _("a new scan finds only what the checklist lists")
        if listed is not None
        else _("nothing is left to move")
    ]
    if written:
        files = counted(
            "{number} changed Python file compiles and finds what it imports",
            "{number} changed Python files compile and find what they import",
            len(written),
        )
        well.insert(0, files)
    return judged(NAME, findings, apart(well), details)


def _compiled(root: Path, file: Written) -> Iterator[Finding]:
    """Why a file does not compile; only told where it did not before either."""
    oldest = python_version.declared(root, file.path)
    error = _why_not(file.after, file.path, oldest)
    if error is None:
        return
    line = getattr(error, "lineno", None) or 0
    message = getattr(error, "msg", None) or str(error)
    never = file.before is not None and _why_not(file.before, file.path, oldest) is not None
    told = _HOW[oldest is not None, never]
    release = ".".join(map(str, oldest or ()))
    what = _(told, release=release, message=message)
    yield Finding(what, file.path, line, "" if never else _COMPILES)


def _why_not(data: bytes, path: str, oldest: tuple[int, int] | None) -> Exception | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data, path, feature_version=oldest)
            compile(tree, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return None if _is_for_later(data, path, oldest) else error
    return None


def _is_for_later(data: bytes, path: str, oldest: tuple[int, int] | None) -> bool:
    """Whether a later Python than this one compiles a file, and no earlier one is asked for."""
    if oldest is not None and oldest <= sys.version_info[:2]:
        return False
    try:
        compile(parse(SourceText.decode(data).text), path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _unbound(file: Written) -> Iterator[Finding]:
    """The names that a file uses and that nothing binds any more."""
    old = names.unbound(file.before or b"")
    for name, line in names.unbound(file.after).items():
        if name not in old:
            yield Finding(_("nothing binds `{name}`", name=name), file.path, line, _NAMES)


def _unlisted(plan: Plan, listed: Listed | None) -> Iterator[Finding]:
    """What is open and on no checklist: it fails where it says that a request will.

    What moved and goes where it is told at run time looks unsettled to a new scan, for example.
    """
    if listed is None:
        return
    variables = {
        one.site.id: one.site.detail for one in plan.decisions if one.site.kind is Kind.ENV_KEY
    }
    for item in plan.checklist:
        if not listed.has(item, (variables[one] for one in item.site_ids if one in variables)):
            rule = _LISTED if item.severity is Severity.BLOCKER else ""
            what = _("a new scan also finds: {title}", title=item.title)
            yield Finding(what, item.path, item.line, rule, item.sources)
