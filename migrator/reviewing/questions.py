"""What is asked of a plan: a question for each group, and one for each file with comments only."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from migrator.analysis.sites import Site
from migrator.decisions import Group, Leave, Plan
from migrator.planning.grouping import goes_along
from migrator.regular import content
from migrator.source import SourceText, UndecodableError


@dataclass(frozen=True, slots=True)
class Question:
    """What is moved as a whole or not at all.

    `selectors` name it to --skip, `path` is the file of its first place, `paths` are
    those of all its places, `ties` are what its sites share. With `comments` nothing moves: markers
    are written at what is left to people, and is on the checklist with them or without.
    """

    id: str
    selectors: tuple[str, ...]
    site_ids: tuple[str, ...]
    path: str
    paths: tuple[str, ...]
    ties: tuple[str, ...] = ()
    comments: bool = False

    def with_(self, other: Question) -> Question:
        """Both as one question."""
        return Question(
            self.id,
            (*self.selectors, *other.selectors),
            (*self.site_ids, *other.site_ids),
            self.path,
            tuple(sorted({*self.paths, *other.paths})),
            tuple(dict.fromkeys((*self.ties, *other.ties))),
            self.comments and other.comments,
        )


def questions(plan: Plan) -> tuple[Question, ...]:
    """The questions of a plan: its selected groups, then what is only written as comments.

    A group for which nothing is written is not asked for. What goes along with any group is, only
    where there is nothing to go along with.
    """
    every = [one.site for one in plan.decisions if not isinstance(one, Leave) and one.edits]
    written = {site.id for site in every}
    asked = [
        _of_group(one)
        for one in plan.groups
        if one.selected and not written.isdisjoint(one.site_ids)
    ]
    known = {one for group in plan.groups for one in group.site_ids}
    edited = [site for site in every if site.id not in known]
    asked += _by_file([site for site in edited if not goes_along(site)], comments=True)
    return tuple(asked or _by_file(edited, comments=False))


def _of_group(group: Group) -> Question:
    path = group.id.rpartition("#")[0]
    return Question(group.id, (group.id,), group.site_ids, path, group.paths, tuple(group.ties))


def _by_file(sites: Collection[Site], *, comments: bool) -> Iterator[Question]:
    by_path: defaultdict[str, list[str]] = defaultdict(list)
    for site in sites:
        by_path[site.path].append(site.id)
    for path, ids in sorted(by_path.items()):
        selectors = () if comments else tuple(ids)
        yield Question(path, selectors, tuple(ids), path, (path,), comments=comments)


class Fingerprints:
    """Tells whether a question is still the one that was answered: by its sites, what is written
    for them and the lines that they stand on, wherever in the file those are."""

    def __init__(self, plan: Plan, root: Path) -> None:
        self._plan = plan
        self._root = root
        self._lines: dict[str, list[str]] = {}
        self._edits = {
            one.site.id: one.edits for one in plan.decisions if not isinstance(one, Leave)
        }

    def of(self, question: Question) -> str:
        """The fingerprint of a question."""
        said = [repr(self._plan.target), *sorted(question.site_ids)]
        for edit in dict.fromkeys(
            edit for one in question.site_ids for edit in self._edits.get(one, ())
        ):
            span = edit.span
            code = self._file(edit.path)[max(span.line - 1, 0) : span.end_line]
            said += [edit.path, edit.codemod, repr(edit.instruction), *code]
        return hashlib.sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()

    def _file(self, path: str) -> list[str]:
        if path not in self._lines:
            try:
                source = SourceText.decode(content(self._root / path))
                self._lines[path] = source.text.splitlines()
            except (OSError, UndecodableError):
                self._lines[path] = []
        return self._lines[path]
