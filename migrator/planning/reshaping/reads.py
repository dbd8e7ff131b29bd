"""What is to be done where an answer that takes another shape is read, and what is in the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from migrator.analysis.sites import CallFacts, Place, ResultRead, ResultUse, Site
from migrator.edits import AnswerRead, Instruction, MethodPath
from migrator.language import _
from migrator.planning.context import Context
from migrator.planning.reshaping import branches, events, function_calls
from migrator.planning.reshaping.knowledge import Changed, Steps, Stop, ToChat
from migrator.planning.reshaping.made import Made

_STEPS = frozenset({"attribute", "item"})
_BY_NAME = frozenset({"getattr", "hasattr"})
_OUTPUT, _USED = "output", "usage"
# Methods that ask for what the provider keeps of an answer, and what names it in a request.
_ASKING = ("responses.retrieve", "responses.delete", "responses.cancel", "responses.input_items")
_NAMING = "previous_response_id"


@dataclass(frozen=True)
class Reading:
    """What becomes of the places that read an answer, and what stands in the way.

    `read_at` are the steps that the changes are made for. `usage` says that a chunk with the usage
    is read, which a stream has to be asked for.
    """

    changes: Mapping[Place, Instruction]
    stops: tuple[Stop, ...]
    read_at: frozenset[Place] = frozenset()
    usage: bool = False


def read_answer(context: Context, site: Site, facts: CallFacts, shape: ToChat) -> Reading:
    """What becomes of everything that is read of a call's answer, wherever it flows."""
    known = context.readings.get(site.id)
    if known is None or known[0] is not shape:
        reading = _Reader(context, site, facts, shape).reading()
        known = context.readings[site.id] = (shape, reading)
    return known[1]


class _Reader:
    def __init__(self, context: Context, site: Site, facts: CallFacts, shape: ToChat) -> None:
        self._context = context
        self._site = site
        self._facts = facts
        self._shape = shape
        self._steps = {(read.place, read.path): read for read in facts.reads}
        self._changes: dict[Place, Instruction] = {}
        self._read_at: set[Place] = set()
        self._within: set[tuple[Place, Steps]] = set()
        self._stops: list[Stop] = []

    def reading(self) -> Reading:
        """The changes and stops of every step into the answer, and of all that leaves with it."""
        plain = list(self._facts.reads)
        usage = False
        if self._shape.events:
            plain = [one for one in plain if not one.streamed]
            loops = events.read_events(self._context, self._facts, self._shape)
            self._take(loops)
            # A stream that is gathered tells no usage that was not asked for.
            gathered = bool(self._shape.finals) and any(one.path[0] == _USED for one in plain)
            usage = loops.usage or gathered
        plain.sort(key=lambda one: -len(one.path))
        self._settle([one for one in plain if not self._is_told(one)])
        self._leave()
        stops = tuple(dict.fromkeys(self._stops))
        return Reading(self._changes, stops, frozenset(self._read_at), usage)

    def _settle(self, left: list[ResultRead]) -> None:
        """Steps that are not told of by themselves: into items, parts of others, in the way."""
        calls = self._shape.calls
        for read in left:
            of_items = calls is not None and read.path[0] == _OUTPUT
            if not of_items and (read.place, read.path) not in self._within:
                self._stop(read.place, _("reads `{path}`", path=".".join(read.path)))
        if calls is not None:
            within = self._within
            rest = [r for r in left if r.path[0] == _OUTPUT and (r.place, r.path) not in within]
            self._take(
                function_calls.read_items(self._context, self._facts, self._shape, calls, rest)
            )

    def _take(self, made: Made) -> None:
        self._changes |= made.changes
        self._stops += made.stops
        self._read_at |= made.read_at

    def _stop(self, place: Place, what: str) -> None:
        self._stops.append(Stop(place, what))

    # -- steps ----------------------------------------------------------------------------------

    def _is_told(self, read: ResultRead) -> bool:
        """Whether it is known what becomes of a step; what is in the way is taken down."""
        rules = self._shape.chunk if read.streamed else self._shape.answer
        path = self._counted(read).path
        change = rules.change(path)
        if change is not None:
            plain = _is_plain(read) or (_is_named(read) and self._is_clear(read))
            chain = self._chain(read, change.steps) if plain else None
            if chain is not None:
                self._changes[read.place] = self._instruction(read, change)
                self._read_at.add(read.place)
                self._within |= chain
            elif path[0] != _OUTPUT or self._shape.calls is None:
                self._stop(read.place, _("reads `{path}`", path=".".join(read.path)))
            else:
                return False
            return True
        if rules.is_tested(path):
            return self._is_compared(read, path)
        if path in rules.state:
            if self._is_asked_for():
                self._stop(
                    read.place,
                    _("reads `{path}`, by which it is asked for again", path=".".join(read.path)),
                )
            return True
        return rules.keeps(path)

    def _is_clear(self, read: ResultRead) -> bool:
        """Whether what stands in for a part that is absent can be written into the new read."""
        return re.search(r"\banswer\b", self._default(read)) is None

    def _default(self, read: ResultRead) -> str:
        source = self._context.sources.get(read.place.path)
        if source is None or read.default is None:
            return ""
        return source.slice(read.default.span)

    def _is_compared(self, read: ResultRead, path: Steps) -> bool:
        """Whether a step is one of a comparison that is told in another way."""
        source = self._context.sources.get(read.place.path)
        found = branches.compared(source, read.place.span) if source is not None else None
        test = self._shape.answer.test(path, found.value) if found is not None else None
        chain = self._chain(read, len(path)) if _is_plain(read) else None
        if found is None or test is None or chain is None:
            return False
        put = test.put if found.equal else test.opposite
        self._changes[Place(read.place.path, found.span)] = AnswerRead(len(path) + 1, put)
        self._read_at.add(read.place)
        self._within |= chain
        return True

    def _counted(self, read: ResultRead) -> ResultRead:
        """The step with `-1` for the last of a list, where that is written in its path."""
        if "*" not in read.path:
            return read
        inner = self._steps.get((read.base, read.path[:-1]))
        before = self._counted(inner).path if inner is not None else read.path[:-1]
        return replace(read, path=(*before, "-1" if self._is_last(read) else read.path[-1]))

    def _is_last(self, read: ResultRead) -> bool:
        source = self._context.sources.get(read.place.path)
        written = source.slice(read.place.span) if source is not None else ""
        return read.path[-1] == "*" and read.form == "item" and written.endswith("[-1]")

    def _chain(self, read: ResultRead, length: int) -> set[tuple[Place, Steps]] | None:
        """The steps that a read goes through in one expression; None where they are spread out."""
        found = set()
        for _unused in range(1, length):
            inner = self._steps.get((read.base, read.path[:-1]))
            if inner is None or not _is_plain(inner):
                return None
            found.add((inner.place, inner.path))
            read = inner
        return found

    def _instruction(self, read: ResultRead, change: Changed) -> AnswerRead:
        upgrade = self._context.upgrade
        if self._site.id in upgrade.kept or self._site.id in upgrade.dicts:
            return AnswerRead(change.steps, f"answer{_keyed(change)}")
        default = self._default(read)
        if read.form == "hasattr":
            name = re.split(r"[.\[]", change.put)[0]
            return AnswerRead(change.steps, f'hasattr(answer, "{name}")')
        if read.form == "getattr" and change.put.isidentifier():
            also = f", {default}" if default else ""
            return AnswerRead(change.steps, f'getattr(answer, "{change.put}"{also})')
        texts = self._shape.answer.texts if "tools" in self._facts.features else ()
        blank = '""' if read.path in texts else ""
        fallback = change.fallback or (default if default != "None" else "") or blank
        return AnswerRead(
            change.steps, f"answer.{change.put}" + (f" or {fallback}" if fallback else "")
        )

    def _is_asked_for(self) -> bool:
        """Whether the program asks for an answer by its name anywhere."""
        return any(
            facts.api.startswith(_ASKING) or facts.argument(_NAMING) is not None
            for _, facts in self._context.calls()
        )

    # -- departures -----------------------------------------------------------------------------

    def _leave(self) -> None:
        """Where the answer goes as an object to code that may read anything of it."""
        for use in self._facts.uses:
            final = self._shape.finals.get(use.name) if use.form == "method" else None
            if final is not None:
                self._change_method(use, final)
            elif not self._is_harmless(use):
                self._stop(use.place, _told(use))

    def _change_method(self, use: ResultUse, final: str) -> None:
        source = self._context.sources.get(use.place.path)
        span = branches.attribute_of(source, use.place.span) if source is not None else None
        if span is None:
            self._stop(use.place, _told(use))
        else:
            self._changes[Place(use.place.path, span)] = MethodPath(use.name, final)

    def _is_harmless(self, use: ResultUse) -> bool:
        if use.form == "added" or use.name in self._shape.shown_by:
            return True
        if use.streamed and self._shape.events:
            return events.is_harmless(self._context, self._facts, self._shape, use)
        rules = self._shape.chunk if use.streamed else self._shape.answer
        if rules.change(use.path) is not None or rules.holds_own(use.path):
            return True
        calls = self._shape.calls
        return calls is not None and function_calls.is_harmless(calls, use)


def _told(use: ResultUse) -> str:
    if use.form == "returned":
        return _("`{name}` returns it, and nothing here calls that", name=use.name)
    if use.form == "lost":
        return _("its answer goes where too much meets to follow it")
    if use.form == "argument":
        return _("handed to `{name}`", name=use.name)
    return f"{use.form} {use.name}".strip()


def _is_plain(read: ResultRead) -> bool:
    return read.proven and not read.written and read.form in _STEPS


def _is_named(read: ResultRead) -> bool:
    """Whether a step is read by a function that is given its name."""
    return read.proven and read.form in _BY_NAME


def _keyed(change: Changed) -> str:
    """What is read, as it is of a dict: before openai 1.0 a field that is not told is absent."""
    *outer, last = change.put.split(".")
    told = f'.get("{last}")' if change.fallback else f'["{last}"]'
    found = "".join(f'["{name}"]' for name in outer) + told
    return found + (f" or {change.fallback}" if change.fallback else "")
