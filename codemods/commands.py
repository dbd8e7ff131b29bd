"""Edits of what stands within a text that no parser of Python sees: a curl command.

A span is a stretch of a shell script, or of a string literal's source. JSON in it may be written
with quotes that a shell takes the backslashes from.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from codemods import documents
from codemods.changes import Change, apply
from codemods.literals import Literal
from codemods.outcome import CannotRewrite
from migrator.analysis.jsontext import Json, MalformedError, read
from migrator.analysis.sites import Span
from migrator.analysis.strings import Character, characters, plain
from migrator.edits import (
    Edit,
    Instruction,
    JsonPrompt,
    Pairs,
    Parameters,
    ReplaceString,
    ReplaceText,
    Splice,
)
from migrator.language import _
from migrator.source import SourceText

_QUOTE = re.compile(r"\\*\"")
_FLAG = re.compile(r"-H|--header")
# Blanks before a word, and the line that was continued for it.
_BEFORE = re.compile(r"(?<![ \t])(?:[ \t]*\\+\r?\n)?[ \t]*\Z")


def changes(source: SourceText, edit: Edit, literal: Span | None = None) -> list[Change]:
    """The changes of the text that an edit wants; `literal` is the string that holds its span.

    Raises CannotRewrite.
    """
    start, end = source.bounds(edit.span)
    if isinstance(edit.instruction, Splice):
        return [Change(start, end, edit.instruction.text)]
    if literal is None and documents.holds(edit.path):
        return list(documents.changes(source, edit))
    if literal is None:
        given = [*plain(source.text)]
    else:
        first, last = source.bounds(literal)
        given = characters(source.text[first:last], first)
    view = _View(given)
    return list(_changes(view, *view.places(start, end), edit.instruction))


class _View:
    """The text that a reader of a string, or of a script, sees."""

    def __init__(self, given: Sequence[Character]) -> None:
        self._given = given
        self.text = "".join(one.text for one in given)

    def places(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the text that a stretch of the source holds."""
        inside = [n for n, one in enumerate(self._given) if start <= one.start and one.end <= end]
        if not inside:
            raise CannotRewrite(_("it stands in no text"))
        return inside[0], inside[-1] + 1

    def change(self, start: int, end: int, text: str) -> Iterator[Change]:
        """The changes of the source that give a stretch of the text another text."""
        if start == end:
            one = self._given[start - 1]
            yield Change(one.end, one.end, _escaped(one, text))
            return
        runs: list[list[Character]] = []
        for one in self._given[start:end]:
            if runs and runs[-1][-1].end == one.start:
                runs[-1].append(one)
            else:
                runs.append([one])  # the rest stands in another literal
        for run in runs:
            yield Change(run[0].start, run[-1].end, _escaped(run[0], text))
            text = ""


def _escaped(one: Character, text: str) -> str:
    """A text as it is written in the literal of a character."""
    prefix, quote = one.opening
    if not quote:
        return text
    written = Literal(prefix, quote, "").escape(text)
    if len(quote) == 1 or quote in text:
        return written
    return written.replace(f"\\{quote[0]}", quote[0])


def stretches(text: str, first: int, last: int, wanted: Iterable[Change]) -> Pairs:
    """Changes within a stretch of a text as (old, new) pairs; each old one stands there once."""
    groups: list[tuple[int, int, list[Change]]] = []
    for change in sorted(set(wanted)):
        start, end = _told_apart(text, first, last, change.start, change.end)
        together = [change]
        while groups and groups[-1][1] > start:
            before, after, others = groups.pop()
            together = [*others, *together]
            start, end = _told_apart(text, first, last, min(before, start), max(after, end))
        groups.append((start, end, together))
    return tuple(
        (
            text[start:end],
            apply(
                text[start:end],
                [Change(one.start - start, one.end - start, one.text) for one in together],
            ),
        )
        for start, end, together in groups
    )


def _told_apart(text: str, first: int, last: int, start: int, end: int) -> tuple[int, int]:
    """A stretch with as much of what stands around it as tells it from the rest."""
    whole = text[first:last]
    while start > first and (start == end or whole.count(text[start:end]) != 1):
        start -= 1
    while end < last and whole.count(text[start:end]) != 1:
        end += 1
    return start, end


def _changes(view: _View, start: int, end: int, instruction: Instruction) -> Iterator[Change]:
    written = view.text[start:end]
    match instruction:
        case ReplaceString(value=value):
            quote = _QUOTE.match(written)
            yield from view.change(start, end, _json(value, quote[0]) if quote else value)
        case ReplaceText(texts=((_, ""),)) if _FLAG.match(written):
            before = _BEFORE.search(view.text, 0, start)
            yield from view.change(before.start() if before else start, end, "")
        case ReplaceText(texts=texts):
            for old, new in texts:
                if written.count(old) != 1:
                    raise CannotRewrite(_("{old} does not stand there in one piece", old=old))
                at = start + written.index(old)
                yield from view.change(at, at + len(old), new)
        case JsonPrompt(text=more):
            quote = _QUOTE.match(written)
            if quote is None:
                raise CannotRewrite(_("the prompt is not a string of JSON"))
            at = end - len(quote[0])
            yield from view.change(at, at, _json(more, quote[0])[len(quote[0]) : -len(quote[0])])
        case Parameters():
            yield from _Object(view, start, written).changed(instruction)
        case _:
            raise CannotRewrite(_("it stands in a command"))


def _json(value: object, quote: str) -> str:
    """The JSON of a value, with quotes as they are written there."""
    return json.dumps(value, ensure_ascii=False).replace('"', quote)


@dataclass
class _Object:
    """A JSON object as it is written in a text."""

    view: _View
    start: int
    written: str

    def changed(self, wanted: Parameters) -> Iterator[Change]:
        """The changes of its entries. Raises CannotRewrite where it cannot be read."""
        if wanted.move or wanted.extra_body or wanted.compose:
            raise CannotRewrite(_("it stands in a command"))
        pairs = self._pairs()
        names = [str(key.value) for key, __ in pairs]
        for name, new in (*wanted.rename, *wanted.replace):
            if name not in names:
                raise CannotRewrite(_("no entry {name} stands there", name=name))
            key, value = pairs[names.index(name)]
            renamed = (name, new) in wanted.rename
            place = key if renamed else value
            text = self._value(repr(new) if renamed else new)
            yield from self._change(place.start, place.end, text)
        gone = [number for number, name in enumerate(names) if name in wanted.drop]
        yield from self._dropped(pairs, gone)
        kept = [pair for number, pair in enumerate(pairs) if number not in gone]
        if wanted.add and not kept:
            raise CannotRewrite(_("nothing else stands there"))
        if wanted.add:
            at, between = kept[-1][1].end, self._between(pairs)
            added = (
                f"{between}{self._value(repr(name))}: {self._value(new)}"
                for name, new in wanted.add
            )
            yield from self._change(at, at, "".join(added))

    def _pairs(self) -> Sequence[tuple[Json, Json]]:
        try:
            found = read(self._plain)
        except MalformedError as error:
            raise CannotRewrite(_("its JSON could not be read: {error}", error=error)) from None
        pairs = found.value
        if not found.is_object or not isinstance(pairs, tuple) or not pairs:
            raise CannotRewrite(_("it is no JSON object"))
        return pairs

    @cached_property
    def _quote(self) -> str:
        found = _QUOTE.search(self.written)
        return found[0] if found else '"'

    @cached_property
    def _tokens(self) -> list[str]:
        """The characters of the JSON as they are written."""
        return re.findall(f"{re.escape(self._quote)}|.", self.written, re.DOTALL)

    @cached_property
    def _plain(self) -> str:
        return "".join('"' if one == self._quote else one for one in self._tokens)

    def _place(self, at: int) -> int:
        """A place of the plain JSON in what is written."""
        return sum(map(len, self._tokens[:at]))

    def _change(self, start: int, end: int, text: str) -> Iterator[Change]:
        first, last = self.start + self._place(start), self.start + self._place(end)
        return self.view.change(first, last, text)

    def _value(self, source: str) -> str:
        try:
            value = ast.literal_eval(source)
        except (ValueError, SyntaxError):
            raise CannotRewrite(_("{source} cannot be said in JSON", source=source)) from None
        return _json(value, self._quote)

    def _between(self, pairs: Sequence[tuple[Json, Json]]) -> str:
        """What stands between two entries."""
        if len(pairs) == 1:
            return ", "
        first, last = pairs[-2][1].end, pairs[-1][0].start
        return self.written[self._place(first) : self._place(last)]

    def _dropped(self, pairs: Sequence[tuple[Json, Json]], gone: Sequence[int]) -> Iterator[Change]:
        for number in gone:
            last = all(one in gone for one in range(number, len(pairs)))
            if not last:
                yield from self._change(pairs[number][0].start, pairs[number + 1][0].start, "")
                continue
            start = pairs[number - 1][1].end if number else pairs[0][0].start
            yield from self._change(start, pairs[-1][1].end, "")
            return
