"""What an answer would write: each question's change of what is taken already."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from migrator.changes.diff import FileChange
from migrator.changes.result import ApplyResult
from migrator.decisions import ChecklistItem, Convert
from migrator.reviewing.merging import Merged, merge
from migrator.reviewing.questions import Question
from migrator.selection import Selection, SelectionError


@dataclass(frozen=True, slots=True)
class Edited:
    """What a person made of a file when a question was asked: `base` is what was proposed."""

    question: str
    path: str
    base: bytes
    mine: bytes


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a question would add to what is taken.

    `converts` are the decisions that it is about, `items` what comes onto the checklist with it.
    `conflicts` are files in which it meets what a person edited; `refused` says why it cannot be
    taken at all.
    """

    changes: tuple[FileChange, ...] = ()
    converts: tuple[Convert, ...] = ()
    items: tuple[ChecklistItem, ...] = ()
    conflicts: tuple[str, ...] = ()
    refused: str = ""


class Proposals:
    """What comes of answers, by planning the part that is taken: the sum of what was shown is what
    is written, and that is what `apply --skip` with the rest writes."""

    def __init__(
        self,
        part: Callable[[Selection], ApplyResult],
        selection: Selection,
        questions: Callable[[], Sequence[Question]],
        edited: Iterable[Edited] = (),
    ) -> None:
        self._part = part
        self._selection = selection
        self._questions = questions
        self._known: dict[tuple[tuple[str, ...], tuple[str, ...]], ApplyResult] = {}
        self.planning = Lock()  # nothing else is planned or forked meanwhile
        self.edited = list(edited)

    def skipped(self, taken: Collection[str]) -> tuple[str, ...]:
        """The selectors of all groups that are not taken."""
        left = (one.selectors for one in self._questions() if one.id not in taken)
        return tuple(selector for selectors in left for selector in selectors)

    def unmarked(self, taken: Collection[str]) -> tuple[str, ...]:
        """The sites whose comments are not taken."""
        left = (one for one in self._questions() if one.comments and one.id not in taken)
        return tuple(site for one in left for site in one.site_ids)

    def planned(self, taken: Collection[str]) -> ApplyResult:
        """What `apply` would do without what is not taken, before any edit of a person.

        Raises SelectionError.
        """
        skipped, unmarked = self.skipped(taken), self.unmarked(taken)
        with self.planning:
            if (skipped, unmarked) not in self._known:
                chosen = self._selection
                self._known[skipped, unmarked] = self._part(
                    replace(
                        chosen,
                        skip=(*chosen.skip, *skipped),
                        named=(*chosen.named, *skipped),
                        unmarked=unmarked,
                    )
                )
            return self._known[skipped, unmarked]

    def result(self, taken: Collection[str]) -> ApplyResult:
        """What is to be written: nothing where nothing is taken. Raises SelectionError."""
        planned = self.planned(taken)
        changes = (
            replace(change, after=merged.text) if merged else change
            for change, merged in self._merged(taken)
        )
        return replace(planned, changes=tuple(one for one in changes if one.before != one.after))

    def of(self, question: Question, taken: Collection[str]) -> Proposal:
        """What a question adds to the others that are taken."""
        before = [one for one in taken if one != question.id]
        after = [*before, question.id]
        try:
            known, planned = self.planned(before).plan, self.planned(after).plan
        except SelectionError as error:
            return Proposal(refused=str(error))
        told = {(item.id, item.line, item.title) for item in known.open_items}
        asked = set(question.site_ids)
        return Proposal(
            self._between(before, after),
            tuple(
                one
                for one in planned.decisions
                if isinstance(one, Convert) and one.site.id in asked
            ),
            tuple(
                item
                for item in planned.open_items
                if (item.id, item.line, item.title) not in told
                or (question.comments and not asked.isdisjoint(item.site_ids))
            ),
            self.conflicts(after),
        )

    def conflicts(self, taken: Collection[str]) -> tuple[str, ...]:
        """The files in which what is taken meets what a person edited. Raises SelectionError."""
        return tuple(
            change.path
            for change, merged in self._merged(taken)
            if merged is not None and merged.conflicts
        )

    def edit(self, question: Question, taken: Collection[str], texts: Mapping[str, bytes]) -> None:
        """Keep what a person made of files of a proposal."""
        planned = {one.path: one for one in self._changes([*taken, question.id])}
        self.edited = [
            one for one in self.edited if one.question != question.id or one.path not in texts
        ]
        for path, text in texts.items():
            proposed = planned[path].after if path in planned else None
            base = proposed if proposed is not None else text
            self.edited.append(Edited(question.id, path, base, text))

    def is_edited(self, question: Question) -> bool:
        """Whether a person edited what a question proposes."""
        return any(one.question == question.id for one in self.edited)

    def _between(self, before: Collection[str], after: Collection[str]) -> tuple[FileChange, ...]:
        """The change from what some questions come to, to what others do."""
        old, new = (self._contents(one) for one in (before, after))
        found = []
        for path in sorted({*old, *new}):
            original = (old.get(path) or new[path]).before
            one = old[path].after if path in old else original
            other = new[path].after if path in new else original
            if one != other:
                found.append(FileChange(path, one, other))
        return tuple(found)

    def _contents(self, taken: Collection[str]) -> dict[str, FileChange]:
        return {
            change.path: replace(change, after=merged.text) if merged else change
            for change, merged in self._merged(taken)
        }

    def _merged(self, taken: Collection[str]) -> list[tuple[FileChange, Merged | None]]:
        """The changes, each with what a person made of it."""
        newest = {one.path: one for one in self.edited if one.question in taken}
        found: list[tuple[FileChange, Merged | None]] = []
        for change in self._changes(taken):
            own = newest.get(change.path)
            merged = merge(own.base, own.mine, change.after or b"") if own is not None else None
            found.append((change, merged))
        return found

    def _changes(self, taken: Collection[str]) -> tuple[FileChange, ...]:
        return self.planned(taken).changes if taken else ()
