"""curl in a command line, in a script or in a string -> the operations of a call of `curl.run`.

What follows is analysed as any other request is: its URL, headers and JSON are literals that stand
in the command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from migrator.analysis import jsontext, surface
from migrator.analysis.jsontext import Json, MalformedError
from migrator.analysis.program import (
    CallRecord,
    Display,
    Entry,
    LiteralRecord,
    ModuleFacts,
    Op,
    Passed,
    Ref,
    Unit,
)
from migrator.analysis.shell import UnendedError, Word, words
from migrator.analysis.sites import Span
from migrator.analysis.strings import HOLE, Character, plain
from migrator.source import SourceText

_START = re.compile(r"(?:^|[\s;&|(`@])(?P<curl>curl)(?=[ \t\\])", re.MULTILINE)
_HEADER = frozenset({"-H", "--header"})
_DATA = frozenset({"-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json"})
_VERB = frozenset({"-X", "--request"})
_URL = "--url"
_FORM = frozenset({"-F", "--form", "-T", "--upload-file"})
_TAKING = frozenset(
    {"-o", "--output", "-u", "--user", "-A", "--user-agent", "-e", "-b", "-c", "-m", "--max-time",
     "--connect-timeout", "-w", "--write-out", "--retry", "--retry-delay", "-x", "--proxy", "-K"}
)  # fmt: skip
_ASSIGNED = re.compile(
    r"^[ \t]*(?:export[ \t]+|readonly[ \t]+|local[ \t]+)?(?P<name>[A-Za-z_]\w*)=(?P<value>.*)$",
    re.MULTILINE,
)
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
# Functions that a string is given to as a command line.
RUNNERS = (
    "system",
    "popen",
    "run",
    "Popen",
    "call",
    "check_call",
    "check_output",
    "getoutput",
    "getstatusoutput",
    "create_subprocess_shell",
)
_RUN = frozenset(f"argument of {name}" for name in RUNNERS)


class Target(Protocol):
    """What operations are written into."""

    @property
    def facts(self) -> ModuleFacts:
        """What the file says so far."""

    @property
    def node(self) -> Callable[[], int]:
        """Gives a new node of the unit."""

    @property
    def emit(self) -> Callable[..., None]:
        """Takes a new operation of the unit."""

    @property
    def span(self) -> Callable[[int, int], Span]:
        """Gives the span of a stretch of the source."""


@dataclass
class _Command:
    """A command, its URL, headers and data."""

    start: int
    end: int
    url: Word | None = None
    verb: Word | None = None
    data: Word | None = None
    form: bool = False
    headers: list[tuple[int, Word]] = field(default_factory=list)


def _commands(given: Sequence[Character]) -> Iterator[_Command]:
    text = "".join(one.text for one in given)
    for found in _START.finditer(text):
        start = found.start("curl")
        try:
            read = list(words(given[start:]))
        except UnendedError:
            continue
        if read and (command := _command(read)).url is not None:
            yield command


def _command(read: list[Word]) -> _Command:
    command = _Command(read[0].start, read[-1].end)
    rest = iter(read[1:])
    for word in rest:
        flag = word.text
        if flag in _HEADER and (given := next(rest, None)):
            command.headers.append((word.start, given))
        elif flag in _DATA:
            command.data = next(rest, None)
        elif flag in _VERB:
            command.verb = next(rest, None)
        elif flag == _URL:
            command.url = next(rest, None)
        elif flag in _FORM:
            command.form = next(rest, None) is not None
        elif flag in _TAKING:
            next(rest, None)
        elif not flag.startswith("-") and ("://" in flag or flag.startswith(HOLE)):
            command.url = word
    return command


class _Writer:
    """Writes the operations of commands. `variables` are nodes of what fills their texts."""

    def __init__(
        self, target: Target, filled: Callable[[Character], Ref | None] | None = None
    ) -> None:
        self._target = target
        self._filled = filled or (lambda _: None)

    def write(self, command: _Command, whole: Span | None = None) -> None:
        target = self._target
        function, result = target.node(), target.node()
        span = whole or target.span(command.start, command.end)
        target.emit(Op.IMPORT_FROM, function, "curl", 0, "run")
        passed = list(self._passed(command))
        target.facts.calls.append(
            CallRecord(function, span, span, result, tuple(passed), "curl", "run", False)
        )
        target.emit(Op.CALL, len(target.facts.calls) - 1)

    def _passed(self, command: _Command) -> Iterator[Passed]:
        assert command.url is not None
        yield self._argument("url", command.url, self.text(command.url.characters))
        if command.verb is not None:
            yield self._argument("method", command.verb, self.text(command.verb.characters))
        if command.headers:
            span = self._target.span(command.start, command.end)
            yield Passed("headers", self._headers(command, span), span)
        if command.form:
            yield Passed("data", self._opaque(), self._target.span(command.start, command.end))
        elif command.data is not None:
            yield self._argument("json", command.data, self._json(command.data))

    def _argument(self, name: str, word: Word, node: Ref) -> Passed:
        return Passed(name, node, self._target.span(word.start, word.end))

    def _headers(self, command: _Command, span: Span) -> Ref:
        entries = []
        for start, word in command.headers:
            name, colon, value = word.text.partition(":")
            if not colon:
                continue
            blank = len(value) - len(value.lstrip())
            node = self.text(word.characters[len(name) + 1 + blank :])
            entries.append(Entry(name, -1, node, self._target.span(start, word.end)))
        return self._display(span, entries)

    def _display(self, span: Span, entries: list[Entry]) -> Ref:
        self._target.facts.displays.append(Display(span, tuple(entries), False))
        node = self._target.node()
        self._target.emit(Op.DICT, node, len(self._target.facts.displays) - 1)
        return node

    def _opaque(self) -> Ref:
        node = self._target.node()
        self._target.emit(Op.OPAQUE, node)
        return node

    # -- texts -----------------------------------------------------------------------------------

    def text(self, given: Sequence[Character]) -> Ref:
        """The node of a text: of its literal, or of what its pieces make."""
        parts: list[Ref] = []
        run: list[Character] = []
        for one in given:
            if one.text != HOLE:
                run.append(one)
                continue
            if run:
                parts.append(self._literal(run))
            run = []
            parts.append(self._hole(one))
        if run:
            parts.append(self._literal(run))
        if len(parts) == 1:
            return parts[0]
        node = self._target.node()
        for part in parts:
            self._target.emit(Op.JOIN, part, node, True)
        self._target.emit(Op.COMPOSE, node, tuple(parts))
        return node

    def _literal(self, run: Sequence[Character]) -> Ref:
        text = "".join(one.text for one in run)
        return self._constant(text, self._target.span(run[0].start, run[-1].end), "piece")

    def _constant(self, value: object, span: Span, context: str) -> Ref:
        self._target.facts.literals.append(LiteralRecord(value, span, context))
        node = self._target.node()
        self._target.emit(Op.CONSTANT, node, len(self._target.facts.literals) - 1)
        return node

    def _hole(self, one: Character) -> Ref:
        known = self._filled(one)
        if known is not None:
            return known
        return self._environment(one) if isinstance(one.filled, str) else self._opaque()

    def _environment(self, one: Character) -> Ref:
        """`$NAME`: a read of `os.environ["NAME"]`."""
        target, name = self._target, str(one.filled)
        target.facts.literals.append(LiteralRecord(name, target.span(one.start, one.end), "item"))
        literal = len(target.facts.literals) - 1
        environment, read = target.node(), target.node()
        target.emit(Op.IMPORT_FROM, environment, "os", 0, "environ")
        target.emit(Op.ITEM, environment, name, read, literal, "argument of curl")
        return read

    # -- JSON ------------------------------------------------------------------------------------

    def _json(self, word: Word) -> Ref:
        try:
            return self._value(word, jsontext.read(word.text), "")
        except (MalformedError, RecursionError):
            return self._opaque()

    def _value(self, word: Word, found: Json, name: str) -> Ref:
        span = self._span(word, found)
        match found.value:
            case str(text) if text == HOLE:
                place = found.start if word.text[found.start] == HOLE else found.start + 1
                return self._hole(word.characters[place])
            case str(text) if HOLE in text:
                return self._opaque()
            case tuple(pairs) if found.is_object:
                entries = []
                for key, value in pairs:
                    self._target.facts.literals.append(
                        LiteralRecord(key.value, self._span(word, key), "key")
                    )
                    literal = len(self._target.facts.literals) - 1
                    node = self._value(word, value, str(key.value))
                    entries.append(Entry(str(key.value), literal, node, self._span(word, value)))
                return self._display(span, entries)
            case tuple(items):
                nodes = tuple(self._value(word, item, name) for item in items)
                node = self._target.node()
                self._target.emit(Op.SEQUENCE, node, nodes, ())
                return node
        return self._constant(found.value, span, f"entry:{name}")

    def _span(self, word: Word, found: Json) -> Span:
        first, last = word.characters[found.start], word.characters[found.end - 1]
        return self._target.span(first.start, last.end)


def write(
    target: Target,
    given: Sequence[Character],
    filled: Callable[[Character], Ref | None],
    whole: Span,
) -> None:
    """Write the operations of the commands of a string; `filled` gives the nodes of its values."""
    for command in _commands(given):
        _Writer(target, filled).write(command, whole)


class _Script:
    """Commands of a shell as a part of the first unit of some facts."""

    def __init__(self, facts: ModuleFacts, text: str) -> None:
        self.facts = facts
        self._source = SourceText(text)
        self._names: dict[str, Ref] = {}
        self._code = _COMMENT.sub(lambda match: " " * len(match[0]), text)

    def node(self) -> int:
        self.facts.units[0].size += 1
        return self.facts.units[0].size - 1

    def emit(self, op: Op, *operands: object) -> None:
        self.facts.units[0].operations.append((op, *operands))

    def span(self, start: int, end: int) -> Span:
        return self._source.span(start, end)

    def run(self) -> ModuleFacts:
        writer = _Writer(self, lambda one: self._names.get(str(one.filled)))
        for found in _ASSIGNED.finditer(self._code):
            known = surface.variable(found["name"])
            if known is not None and known.meaning == "api_key":
                continue  # it is read by its name, and renamed where it is set and read
            start, end = found.span("value")
            self._assign(writer, found["name"], list(plain(self._code[start:end], start)))
        for command in _commands(list(plain(self._code))):
            writer.write(command)
        return self.facts

    def _assign(self, writer: _Writer, name: str, given: list[Character]) -> None:
        try:
            word = next(words(given), None)
        except UnendedError:
            return
        value = writer.text(word.characters) if word is not None and word.characters else None
        node = self._names.setdefault(name, self.node())
        if value is not None:
            self.emit(Op.COPY, value, node)


def lower_script(path: str, text: str) -> ModuleFacts:
    """The facts of a shell script: what its curl commands ask for."""
    return _Script(ModuleFacts(path, [Unit("<script>", 1, None)]), text).run()


def add_script(facts: ModuleFacts, text: str) -> ModuleFacts:
    """A program's facts with what the curl commands ask for that it runs in a shell.

    `text` has blanks in the place of all that is no command.
    """
    return _Script(facts, text).run()


def is_run(context: str) -> bool:
    """Whether a string stands where a command line does: handed to what runs it, or kept for it."""
    return context in _RUN or context.startswith("assign:")


def may_ask(text: str) -> bool:
    """Whether a text may hold a command that asks OpenAI."""
    return "curl" in text and "openai" in text.lower()


__all__ = ["Target", "add_script", "lower_script", "may_ask", "write"]
