"""A review of a plan: its questions, the answers, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from migrator.changes.result import ApplyResult
from migrator.language import _
from migrator.reviewing.memory import Memory
from migrator.reviewing.proposals import Proposal, Proposals
from migrator.reviewing.questions import Fingerprints, Question, questions
from migrator.reviewing.session import Answer, Session
from migrator.selection import SelectionError
from migrator.workflow import Parts


class Review:
    """Goes through the parts of a plan. `kept` are answers of before: those to questions that are
    still the same count, `changed` are the others."""

    def __init__(self, parts: Parts, kept: Memory | None = None) -> None:
        self.parts = parts
        self.whole = parts.part(parts.selection)
        asked = questions(self.whole.plan)
        self._prints = Fingerprints(self.whole.plan, parts.root)
        remembered = kept or Memory()
        known = {one.id: one for one in asked}
        answers = {
            one: Answer(answer)
            for one, (answer, fingerprint) in remembered.answers.items()
            if one in known and self._prints.of(known[one]) == fingerprint
        }
        self.kept = len(answers)
        self.changed = len(remembered.answers) - len(answers)
        self.session = Session(asked, answers)
        self.proposals = Proposals(
            parts.part,
            parts.selection,
            lambda: self.session.questions,
            [one for one in remembered.edited if one.question in answers],
        )

    def memory(self) -> Memory:
        """What is to be kept of it."""
        answers = {
            one.id: (answer.value, self._prints.of(one))
            for one in self.session.questions
            if (answer := self.session.answers.get(one.id)) is not None
        }
        edited = [one for one in self.proposals.edited if one.question in answers]
        return Memory(answers, tuple(edited))

    def proposal(self) -> Proposal:
        """What the question to be asked would add.

        One that can be taken only together with others is asked together with them from here on.
        """
        here = self.session.current
        assert here is not None, "there is a question to be asked"
        found = self.proposals.of(here, self.session.taken)
        if found.refused and self._join(here):
            return self.proposal()
        return found

    def look_ahead(self) -> None:
        """Plan what the question after this one would add, whether this one is taken or left.

        To be called in a thread of its own.
        """
        session = self.session
        here, number = session.current, session.beside(1, open_only=True)
        if here is None or number is None:
            return
        following = session.questions[number].id
        others = [one for one in session.taken if one != here.id]
        for taken in ([*others, here.id, following], [*others, following]):
            if session.current is here:
                with suppress(Exception):  # whoever asks for it is told
                    self.proposals.planned(taken)

    def take(self, asked: Sequence[Question]) -> str:
        """Take questions; gives why that cannot be, "" where it is done."""
        taken = [*self.session.taken, *(one.id for one in asked)]
        try:
            conflicts = self.proposals.conflicts(taken)
        except SelectionError as error:
            return str(error)
        if conflicts:
            return _(
                "It changes lines of {path} that you edited: e puts both before you.",
                path=conflicts[0],
            )
        self.session.say(asked, Answer.TAKEN)
        return ""

    def leave(self, asked: Iterable[Question]) -> None:
        """Leave questions as they are."""
        self.session.say(asked, Answer.LEFT)

    def edit(self, texts: Mapping[str, bytes]) -> str:
        """Take the question with what a person made of its files; gives why that cannot be."""
        here = self.session.current
        assert here is not None, "there is a question to be asked"
        before = list(self.proposals.edited)
        self.proposals.edit(here, self.session.taken, texts)
        if refused := self.take([here]):
            self.proposals.edited = before
        return refused

    def result(self) -> ApplyResult:
        """What is to be written."""
        return self.proposals.result(self.session.taken)

    def skipped(self) -> tuple[str, ...]:
        """What --skip would have to be given for the same files."""
        taken = self.session.taken
        return (*self.proposals.skipped(taken), *self.proposals.unmarked(taken))

    def _join(self, here: Question) -> bool:
        """Put a question together with open ones without which it cannot be taken."""
        others = [
            one
            for one in self.session.questions
            if one.id != here.id and one.id not in self.session.answers
        ]
        for partners in (*([one] for one in others), others):
            try:
                self.proposals.planned(
                    [*self.session.taken, here.id, *(one.id for one in partners)]
                )
            except SelectionError:
                continue
            self.session.join(here, partners)
            return bool(partners)
        return False
