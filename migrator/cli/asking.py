"""Asks the questions of a review at a terminal, and does what the answers say."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Thread, Timer
from typing import TYPE_CHECKING

from migrator.changes.dirty import require_clean
from migrator.changes.errors import DirtyTreeError
from migrator.cli.editing import edited_files
from migrator.cli.programs import paged
from migrator.language import _, counted, listed, marked
from migrator.reports.review import (
    Standing,
    diff_lines,
    print_line,
    print_question,
    print_whole,
)
from migrator.reviewing.proposals import Proposal
from migrator.reviewing.questions import Question
from migrator.reviewing.review import Review
from migrator.reviewing.session import Answer

if TYPE_CHECKING:
    from rich.console import Console

    from migrator.analysis.sites import Site
    from migrator.changes.diff import FileChange
    from migrator.changes.result import ApplyResult

_SHORT_WAIT = 0.5  # seconds
_HELP = (
    ("y", marked("take this group")),
    ("n", marked("leave this group as it is")),
    ("a", marked("take this group and all open ones that follow")),
    ("d", marked("leave this group and all open ones that follow")),
    ("f", marked("take this group, and the open ones that are in its file alone")),
    ("s", marked("skip it for now: it is asked again at the end")),
    ("e", marked("edit what is written, and take that")),
    ("x", marked("explain every step by which it is known, with the sources")),
    ("j", marked("the next open group; J the next one, open or not")),
    ("k", marked("the open group before this; K the one before, open or not")),
    ("g", marked("list the groups, and go to one")),
    ("/", marked("search for a group by a file's path: /api")),
    ("p", marked("show this group again; P all of it in the pager")),
    ("q", marked("quit: write what is taken, or keep the answers for later")),
    ("?", marked("this help")),
)
_MARKS = {Answer.TAKEN: "+", Answer.LEFT: "-", None: " "}


class Asking:
    """Asks one question after the other."""

    def __init__(
        self,
        reviewed: Review,
        terminal: Console,
        keep: Callable[[], None],
        explained: Callable[[Sequence[Site]], Callable[[Console], None]],
        command: str,
        dry_run: bool,
    ) -> None:
        self._review = reviewed
        self._session = reviewed.session
        self._console = terminal
        self._keep = keep
        self._explained = explained
        self._command = command
        self._dry_run = dry_run

    # -- the course ----------------------------------------------------------------------------

    def ask_all(self) -> bool:
        """Ask until there is an end; gives whether what is taken is to be written."""
        self._greet()
        while True:
            ended = False
            while not ended and self._session.current is not None:
                ended = self._ask()
            agreed = self._ask_to_write()
            if agreed is not None:
                return agreed

    def _greet(self) -> None:
        session, number = self._session, len(self._session.questions)
        self.say(
            counted(
                "{number} question about the move to {provider}. ? explains the keys.",
                "{number} questions about the move to {provider}. ? explains the keys.",
                number,
                provider=self._review.parts.provider.name,
            )
        )
        if self._review.kept or self._review.changed:
            taken, left = len(session.taken), self._review.kept - len(session.taken)
            told = _(
                "Going on from before: {taken} taken, {left} left (--restart begins anew).",
                taken=taken,
                left=left,
            )
            self.say(told, "bold")
        if self._review.changed:
            told = counted(
                "{number} answer was about something else than what is there now: asked again.",
                "{number} answers were about something else than what is there now: asked again.",
                self._review.changed,
            )
            self.say(told, "yellow")

    def _ask(self) -> bool:
        """Ask the question whose turn it is, until it is answered; gives whether all is over."""
        question = self._session.current
        assert question is not None, "there is a question to be asked"
        proposal = self._show(question)
        question = self._session.current  # it may be one with others now
        Thread(target=self._review.look_ahead, daemon=True).start()
        while self._session.current is question and question is not None:
            answer = self._read(self._prompt(question))
            if answer is None or answer == "q":
                return True
            if answer == "p":
                self._show(question)
            else:
                self._obey(answer, question, proposal)
        return False

    def _obey(self, answer: str, question: Question, proposal: Proposal) -> None:
        session = self._session
        match answer:
            case "":
                pass
            case "y":
                self._take([question])
            case "a":
                self._take(session.open_from_here())
            case "f":
                self._take(session.of_this_file())
            case "n":
                self._leave([question])
            case "d":
                self._leave(session.open_from_here())
            case "s":
                session.put_off()
                self._keep()
            case "e":
                self._edit(proposal)
            case "x":
                self._explain(question)
            case "P":
                self._page_question(question, proposal)
            case "j" | "J" | "k" | "K":
                self._step(answer)
            case "?":
                self._help()
            case _ if answer[0] == "/":
                self._search(answer[1:].strip())
            case _ if answer[0] == "g":
                self._choose(list(range(len(session.questions))), answer[1:].strip())
            case _:
                self.say(_("{answer}: no such key; ? explains them", answer=answer), "red")

    def _take(self, asked: Sequence[Question]) -> None:
        with self._patience():
            refused = self._review.take(asked)
        if refused:
            self.say(refused, "bold red")
            return
        self._keep()
        if len(asked) > 1:
            self.say(counted("{number} group taken.", "{number} groups taken.", len(asked)))

    def _leave(self, asked: Sequence[Question]) -> None:
        self._review.leave(asked)
        self._keep()
        if len(asked) > 1:
            self.say(counted("{number} group left.", "{number} groups left.", len(asked)))

    def _ask_to_write(self) -> bool | None:
        """Whether to write what is taken; None where it is gone back to the questions."""
        session = self._session
        still_open = len(session.having(None))
        with self._patience():
            result = self._review.result()
        files = counted("{number} file", "{number} files", len(result.changes))
        self.say("")
        self.say(
            _(
                "Taken {taken}, left {left}, open {open}: {files}.",
                taken=len(session.taken),
                left=len(session.having(Answer.LEFT)),
                open=still_open,
                files=files,
            ),
            "bold",
        )
        if not result.changes:
            self.say(_("Nothing is written."))
            if still_open:
                self.tell_kept()
            return False
        wish = _("Show the patch") if self._dry_run else _("Write it")
        while True:
            answer = self._read(f"{wish} [y,n,p,k,?]? ")
            match answer:
                case "y":
                    if self._dry_run:
                        self._print_patch(result)
                    return not self._dry_run
                case "n" | "q" | None:
                    self.tell_kept()
                    return False
                case "p":
                    self._page(lambda terminal: _print_changes(result.changes, terminal))
                case "k" | "K":
                    session.go_to(len(session.questions) - 1)
                    return None
                case _:
                    self._help_at_the_end()

    def tell_kept(self) -> None:
        """Say what becomes of the answers."""
        if self._dry_run:
            self.say(_("Nothing was written, and no answer is kept (--dry-run)."))
        elif self._session.answers:
            self.say(
                _(
                    "The answers are kept in .migrate: the same command goes on, "
                    "--restart begins anew."
                )
            )

    # -- showing -------------------------------------------------------------------------------

    def say(self, text: str, style: str = "") -> None:
        """A line for the person."""
        print_line(self._console, text, style)

    @contextmanager
    def _patience(self) -> Iterator[None]:
        """Ask for some, where something takes long."""
        status = self._console.status(_("Planning …"))
        clock = Timer(_SHORT_WAIT, status.start)
        clock.daemon = True
        clock.start()
        try:
            yield
        finally:
            clock.cancel()
            clock.join()
            status.stop()

    def _show(self, question: Question) -> Proposal:
        with self._patience():
            proposal = self._review.proposal()
        asked = self._session.current or question
        print_question(asked, proposal, self._standing(asked), self._console)
        return proposal

    def _standing(self, question: Question) -> Standing:
        return Standing(
            self._session.position + 1,
            len(self._session.questions),
            self._session.answers.get(question.id),
            self._review.proposals.is_edited(question),
        )

    def _prompt(self, question: Question) -> str:
        session = self._session
        keys = "ynadfsex"
        for open_key, key, step in (("j", "J", 1), ("k", "K", -1)):
            if session.beside(step, open_only=True) is not None:
                keys += open_key
            elif session.beside(step, open_only=False) is not None:
                keys += key
        keys += "g/" if len(session.questions) > 1 else ""
        wish = _("Write these comments") if question.comments else _("Take this group")
        return (
            f"({session.position + 1}/{len(session.questions)}) {wish} [{','.join(keys + 'pq?')}]? "
        )

    def _help(self) -> None:
        for key, means in _HELP:
            self.say(f"{key} - {_(means)}", "red")

    def _help_at_the_end(self) -> None:
        for key, means in (
            ("y", _("show it") if self._dry_run else _("write it, all or nothing")),
            ("n", _("write nothing; the answers are kept")),
            ("p", _("show all that would be written in the pager")),
            ("k", _("go back to the last group")),
        ):
            self.say(f"{key} - {means}", "red")

    def _page_question(self, question: Question, proposal: Proposal) -> None:
        standing = self._standing(question)
        self._page(lambda terminal: print_whole(question, proposal, standing, terminal))

    def _explain(self, question: Question) -> None:
        ids = set(question.site_ids)
        sites = [one.site for one in self._review.whole.plan.decisions if one.site.id in ids]
        with self._patience(), self._review.proposals.planning:
            told = self._explained(sites)
        self._page(told)

    def _print_patch(self, result: ApplyResult) -> None:
        _print_changes(result.changes, self._console)
        skip = "".join(f" --skip {shlex.quote(one)}" for one in self._review.skipped())
        self.say(_("The same files without questions: {command}", command=f"{self._command}{skip}"))

    def warn_of_uncommitted(self) -> None:
        """Tell of files that could not be written as they are."""
        paths = [one.path for one in self._review.whole.changes if one.before is not None]
        try:
            require_clean(self._review.parts.root, paths)
        except DirtyTreeError as error:
            self.say(_("Nothing of these will be written: {told}", told=error), "yellow")

    def _page(self, render: Callable[[Console], None]) -> None:
        """Show something in the pager where it is longer than the terminal."""
        with self._console.capture() as captured:
            render(self._console)
        text = captured.get()
        if text.count("\n") < self._console.height or not paged(text):
            sys.stdout.write(text)
            sys.stdout.flush()

    # -- going about ---------------------------------------------------------------------------

    def _step(self, key: str) -> None:
        step = 1 if key in "jJ" else -1
        number = self._session.beside(step, open_only=key in "jk")
        if number is not None:
            self._session.go_to(number)
        elif step > 0:
            self.say(_("There is no such group after this one."), "red")
        else:
            self.say(_("There is no such group before this one."), "red")

    def _search(self, text: str) -> None:
        found = self._session.below(text)
        if not found:
            self.say(_("No group has a place in a file with {text} in its path.", text=text), "red")
        elif len(found) == 1:
            self._session.go_to(found[0])
        else:
            self._choose(found)

    def _choose(self, numbers: Sequence[int], chosen: str = "") -> None:
        """Go to one of the questions with these numbers."""
        if not chosen:
            for number in numbers:
                self.say(self._row(number))
            chosen = self._read(_("Go to which group? ")) or ""
        if chosen.isdecimal() and 0 < int(chosen) <= len(self._session.questions):
            self._session.go_to(int(chosen) - 1)
        elif chosen:
            self.say(_("{answer}: no such number", answer=chosen), "red")

    def _row(self, number: int) -> str:
        question = self._session.questions[number]
        answer = self._session.answers.get(question.id)
        mark = _MARKS[answer]
        here = ">" if number == self._session.position else " "
        files = counted("{number} file", "{number} files", len(question.paths))
        what = _("comments") if question.comments else files
        return f"{here}{mark}{number + 1:>4}  {question.id}: {what}"

    def _edit(self, proposal: Proposal) -> None:
        texts = edited_files(proposal, self.say, self._read)
        if not texts:
            return
        if refused := self._review.edit(texts):
            self.say(refused, "bold red")
            return
        self._keep()
        self.say(_("Taken as you edited it: {paths}.", paths=listed(texts)), "green")

    def _read(self, prompt: str) -> str | None:
        """A line that is typed; None at the end of the input."""
        from rich.text import Text

        self._console.print(Text(prompt, "bold blue"), end="", soft_wrap=True)
        self._console.file.flush()
        line = sys.stdin.readline()
        if not line:
            self.say("")
            return None
        return line.strip()


def _print_changes(changes: Sequence[FileChange], terminal: Console) -> None:
    for line in diff_lines(changes):
        print_line(terminal, line)
