"""The answers to a row of questions, and which one comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum

from migrator.reviewing.questions import Question

_ROUNDS = 2  # what is put off is asked once more at the end, then left open


class Answer(str, Enum):
    """What is said to a question. One that is put off has none."""

    TAKEN = "taken"
    LEFT = "left"


class Session:
    """Questions in their order with the answers so far. `position` is that of the one to be asked,
    the number of questions once there is no more to ask."""

    def __init__(
        self, questions: Sequence[Question], answers: Mapping[str, Answer] | None = None
    ) -> None:
        self.questions = list(questions)
        self.answers = dict(answers or {})
        self._put_off: dict[str, int] = {}
        self.position = 0
        self._go_on(0)

    @property
    def current(self) -> Question | None:
        """The question to be asked; None at the end."""
        return self.questions[self.position] if self.position < len(self.questions) else None

    @property
    def taken(self) -> tuple[str, ...]:
        """The ids of what is taken, in the order of the questions."""
        return self.having(Answer.TAKEN)

    def having(self, answer: Answer | None) -> tuple[str, ...]:
        """The ids of the questions with an answer (None: the open ones), in their order."""
        return tuple(one.id for one in self.questions if self.answers.get(one.id) is answer)

    def open_from_here(self) -> list[Question]:
        """The question to be asked and the open ones that follow it."""
        following = self.questions[self.position + 1 :]
        here = [self.current] if self.current else []
        return here + [one for one in following if one.id not in self.answers]

    def of_this_file(self) -> list[Question]:
        """The question to be asked, and the open ones that have no place outside of its file."""
        here = self.current
        if here is None:
            return []
        return [
            one
            for one in self.questions
            if one is here or (one.id not in self.answers and set(one.paths) == {here.path})
        ]

    def say(self, asked: Iterable[Question], answer: Answer) -> None:
        """Give questions an answer, and go on to the next open one."""
        for one in asked:
            self.answers[one.id] = answer
        self._go_on(self.position + 1)

    def put_off(self) -> None:
        """Leave a question open, and go on: it is asked again at the end."""
        if (here := self.current) is not None:
            self.answers.pop(here.id, None)
            self._put_off[here.id] = self._put_off.get(here.id, 0) + 1
            self._go_on(self.position + 1)

    def go_to(self, number: int) -> None:
        """Ask the question with a number, counted from 0."""
        self.position = number

    def beside(self, step: int, *, open_only: bool) -> int | None:
        """The number of the next question (step 1) or the one before (-1); None: there is none."""
        number = self.position + step
        while 0 <= number < len(self.questions):
            if not open_only or self.questions[number].id not in self.answers:
                return number
            number += step
        return None

    def below(self, text: str) -> list[int]:
        """The numbers of the questions that have a place in a file whose path holds a text."""
        wanted = text.casefold()
        return [
            number
            for number, one in enumerate(self.questions)
            if any(wanted in path.casefold() for path in one.paths)
        ]

    def join(self, one: Question, others: Collection[Question]) -> None:
        """Ask some questions as one from here on, in the place of the first."""
        together = one
        for other in others:
            together = together.with_(other)
            self.answers.pop(other.id, None)
        gone = {other.id for other in others}
        kept = [each for each in self.questions if each.id not in gone]
        self.questions = [together if each.id == one.id else each for each in kept]
        self.position = self.questions.index(together)

    def _go_on(self, start: int) -> None:
        """Go to the next open question, from a number on and then from the first."""
        size = len(self.questions)
        order = [*range(min(start, size), size), *range(min(start, size))]
        waiting = [
            (self._put_off.get(self.questions[number].id, 0), turn, number)
            for turn, number in enumerate(order)
            if self.questions[number].id not in self.answers
        ]
        rounds, _turn, number = min(waiting, default=(_ROUNDS, 0, size))
        self.position = number if rounds < _ROUNDS else size
