"""What an apply writes for each site, as replacements of lines: those of the diff, by site."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from migrator.analysis.sites import Site
from migrator.changes.diff import FileChange
from migrator.changes.result import ApplyResult, EditedText
from migrator.reports.redaction import holds_secret
from migrator.source import PYTHON, SourceText, UndecodableError

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Replaced:
    """A stretch of a file, as a SARIF region of whole lines, and the text in its place.

    `first` and `last` are the lines that it takes away, or those around it where it takes none.
    """

    path: str
    region: dict[str, Any]
    text: str
    first: int
    last: int

    def distance(self, first: int, last: int) -> int:
        """How far some lines are from it; 0 where they meet."""
        return max(self.first - last, first - self.last, 0)


class Fixes:
    """The replacements of a plan, by site.

    What no edit of a file accounts for (its imports) belongs to every fix there. One that shows a
    secret is none: it could not be told as it is.
    """

    def __init__(self, result: ApplyResult) -> None:
        self._edits: defaultdict[str, list[EditedText]] = defaultdict(list)
        by_path: defaultdict[str, list[EditedText]] = defaultdict(list)
        for edit in result.edits:
            by_path[edit.path].append(edit)
            for site in edit.site_ids:
                self._edits[site].append(edit)
        self._made: dict[EditedText, list[Replaced]] = {}
        self._shared: dict[str, list[Replaced]] = {}
        for change in result.changes:
            self._assign(change, by_path[change.path])
        self._files: defaultdict[str, list[Replaced]] = defaultdict(list)
        created = {one.path: one for one in result.changes if one.before is None}
        for file in result.plan.files:
            if file.path in created:
                text = (created[file.path].after or b"").decode()
                made = Replaced(file.path, {"charOffset": 0, "charLength": 0}, text, 0, 0)
                for site in file.site_ids:
                    self._files[site].append(made)

    def _assign(self, change: FileChange, edits: list[EditedText]) -> None:
        every = _replaced(change)
        free = dict.fromkeys(range(len(every)))
        for edit in edits:
            near: dict[int, None] = {}
            for first, last in edit.lines if every else ():
                distances = [one.distance(first, last) for one in every]
                near |= {n: None for n, one in enumerate(distances) if one == min(distances)}
            self._made[edit] = [every[number] for number in sorted(near)]
            for number in near:
                free.pop(number, None)
        self._shared[change.path] = [every[number] for number in free]

    def of(self, site: Site) -> list[Replaced]:
        """What is written for a site; none where that cannot be told."""
        edits = self._edits[site.id]
        made = {id(one): one for edit in edits for one in self._made.get(edit, ())}
        for path in dict.fromkeys(edit.path for edit in edits) if made else ():
            made |= {id(one): one for one in self._shared.get(path, ())}
        made |= {id(one): one for one in self._files.get(site.id, ())}
        found = sorted(made.values(), key=lambda one: (one.path, one.first, one.last))
        return [] if any(holds_secret(one.text) for one in found) else found


def _replaced(change: FileChange) -> list[Replaced]:
    try:
        old, new = (_lines(change, one) for one in (change.before, change.after))
    except UndecodableError:
        return []
    if change.before is None:
        return []
    found = []
    for tag, start, end, first, last in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            continue
        region = {"startLine": start + 1, "startColumn": 1, **_end(old, end)}
        around = (start + 1, end) if start < end else (start, start + 1)
        found.append(Replaced(change.path, region, "".join(new[first:last]), *around))
    return found


def _end(lines: list[str], end: int) -> dict[str, int]:
    """Where whole lines end: before the next one, or after the last where nothing ends that."""
    if end == len(lines) and lines and not lines[-1].endswith("\n"):
        return {"endLine": end, "endColumn": len(lines[-1]) + 1}
    return {"endLine": end + 1, "endColumn": 1}


def _lines(change: FileChange, data: bytes | None) -> list[str]:
    text = SourceText.decode(data or b"", python=change.path.endswith(PYTHON)).text
    return _LINE.findall(text)
