"""The book of what is done with every request's answer, and who holds which part of it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from migrator.analysis import answers
from migrator.analysis.extract.calls import Request
from migrator.analysis.extract.evidence import Evidence, Key
from migrator.analysis.instances import Frame
from migrator.analysis.places import Placed, Places, places
from migrator.analysis.program import Op, Ref
from migrator.analysis.shapes import Shape, shape, shape_of
from migrator.analysis.sites import Comparison, Place, ResultRead, ResultUse, Span
from migrator.analysis.values import (
    Answer,
    Bag,
    Composed,
    Constant,
    Encoded,
    Made,
    Piece,
    Sequence,
    Value,
)

# Where an operation has its base, and the node of what it gives.
_READS = {Op.LOAD: 3, Op.ITEM: 3, Op.ELEMENT: 2}
_OF_DICTS = frozenset({"item", "get", "contains"})
_WRITES = frozenset({Op.STORE, Op.SET_ITEM})
_RAISING = frozenset({"item", "attribute"})
# Values without named fields, and the attributes that they have all the same.
_WITHOUT_FIELDS = (Constant, Sequence, Piece, Composed, Encoded)
_OF_BUILTINS = frozenset({*dir(str), *dir(list), *dir(dict)})


def _reads(operations: Iterable[tuple[object, ...]]) -> Iterator[tuple[int, Ref]]:
    for operation in operations:
        position = _READS.get(cast(Op, operation[0]))
        if position is not None:
            yield cast(int, operation[position]), cast(Ref, operation[1])


@dataclass
class Results:
    """The steps into one request's answer, and the places where it leaves as a plain dict."""

    reads: dict[ResultRead, None] = field(default_factory=dict)
    uses: dict[ResultUse, None] = field(default_factory=dict)
    comparisons: dict[Comparison, None] = field(default_factory=dict)

    def in_order(self) -> Results:
        """The same, as they stand in the files."""
        reads = sorted(self.reads, key=lambda one: (one.place.path, one.place.span, one.path))
        uses = sorted(self.uses, key=lambda one: (one.place.path, one.place.span, one.path))
        return Results(dict.fromkeys(reads), dict.fromkeys(uses), self.comparisons)


@dataclass(frozen=True, slots=True)
class Step:
    """A step into a value, as it is written: see ResultRead."""

    form: str
    step: str
    place: Place
    base: Place
    default: Place | None = None
    written: bool = False


class Ledger:
    """Takes down what is done with the parts of our requests' answers."""

    def __init__(self, evidence: Evidence, ours: Iterable[Request]) -> None:
        self.evidence = evidence
        self.solver = evidence.solver
        self.found: defaultdict[Key, Results] = defaultdict(Results)
        self._starts = [frame.base for frame in self.solver.frames]
        self._places: dict[int, Places] = {}
        self._read_from: dict[tuple[int, int], dict[int, Ref]] = {}
        self._frames_of: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for index, frame in enumerate(self.solver.frames):
            self._frames_of[frame.module, frame.unit].append(index)
        by_place = {(one.module, one.span): one.key for one in ours}
        self._keys: dict[Answer, Key] = {}
        for answer in self.solver.answers():
            module, index = answer.origin
            key = by_place.get((module, self.solver.modules[module].calls[index].span))
            if key is not None:
                self._keys[answer] = key

    def holds(self, node: int) -> bool:
        """Whether a node holds a part of an answer of ours."""
        return not self._keys.keys().isdisjoint(self.solver.values[node])

    def read(self, nodes: Iterable[int], step: Step) -> None:
        """Take down a step from what nodes hold. What is read from a string is no part."""
        for key, answer, proven in self.parts(nodes, step):
            kind = shape(answer)
            if kind is Shape.LEAF or (kind is Shape.LIST and step.form == "contains"):
                continue
            self.found[key].reads[
                ResultRead(
                    step.place,
                    step.base,
                    step.form,
                    answers.extended(answer, step.step),
                    answer.streamed,
                    step.default,
                    proven,
                    step.written,
                )
            ] = None

    def use(
        self, key: Key, answer: Answer, module: int, span: Span, form: str, name: str, proven: bool
    ) -> None:
        """Take down that a part is taken for a plain dict, or leaves as one."""
        place = self.evidence.place(module, span)
        use = ResultUse(place, form, name, answer.path, answer.streamed, proven)
        self.found[key].uses[use] = None

    def compared(self) -> None:
        """Take down the strings that parts are compared with, in every file that reads one."""
        for module, file in sorted(self._places.items()):
            for one in file.comparisons:
                nodes = [
                    self.solver.resolve(one.node, frame)
                    for frame in self._frames_of[module, one.unit]
                ]
                place = self.evidence.place(module, one.span)
                for key, answer, proven in self.parts(nodes):
                    comparison = Comparison(place, one.values, answer.path, answer.streamed, proven)
                    self.found[key].comparisons[comparison] = None

    def lose(self, answer: Answer) -> None:
        """Take down that a part goes where too much meets to follow it."""
        key = self._keys.get(answer)
        if key is not None:
            module, index = answer.origin
            span = self.solver.modules[module].calls[index].span
            self.use(key, answer, module, span, "lost", "", False)

    def parts(
        self, nodes: Iterable[int], step: Step | None = None
    ) -> Iterator[tuple[Key, Answer, bool]]:
        """The parts of our requests' answers that nodes hold, and whether they hold no other.

        Another branch's answer that has no such field is not what a step is taken from, nor is
        what raises where it is taken: a constant, a list, an empty dictionary.
        """
        held = {value: None for node in nodes for value in self.solver.values[node]}
        ours = [value for value in held if isinstance(value, Answer) and value in self._keys]
        if step is not None and len(ours) > 1:
            ours = [part for part in ours if _takes(part, step)] or ours
        alike = {
            (tuple(answers.ANY if one.isdigit() else one for one in part.path), part.streamed)
            for part in ours
        }
        proven = len(alike) == 1 and all(
            value in self._keys or self._is_compatible(value) or self._raises(value, step)
            for value in held
        )
        for part in ours:
            yield self._keys[part], part, proven

    def _is_compatible(self, value: Value) -> bool:
        """None, and what an annotation says: what is read here is an answer all the same."""
        match value:
            case Constant(value=None):
                return True
            case Sequence():
                return value in self.solver.declared
            case Made(path=path):
                return path.startswith("openai.")
        return False

    def _raises(self, value: Value, step: Step | None) -> bool:
        """Whether a step raises on a value: nothing is read of it, before and after."""
        if step is None or step.form not in _RAISING or not step.step.isidentifier():
            return False
        if step.form == "attribute" and step.step in _OF_BUILTINS:
            return False
        match value:
            case Bag():
                return not self.solver.entries(value)
        return isinstance(value, _WITHOUT_FIELDS)

    # -- places --------------------------------------------------------------------------------

    def frame(self, node: int) -> Frame:
        """The frame that a node belongs to."""
        return self.solver.frames[self.frame_index(node)]

    def frame_index(self, node: int) -> int:
        return bisect_right(self._starts, node) - 1

    def base(self, node: int) -> int | None:
        """What a step reads from that gives what a node holds."""
        index = self.frame_index(node)
        frame = self.solver.frames[index]
        unit = (frame.module, frame.unit)
        if unit not in self._read_from:
            operations = self.solver.modules[frame.module].units[frame.unit].operations
            self._read_from[unit] = dict(_reads(operations))
        ref = self._read_from[unit].get(node - frame.base)
        return self.solver.resolve(ref, index) if ref is not None else None

    def written(self, module: int, statement: int) -> Iterator[int]:
        """The nodes that a statement writes an attribute or an item of, over all contexts."""
        for number, unit in enumerate(self.solver.modules[module].units):
            for operation in unit.operations:
                if operation[0] in _WRITES and operation[4] == statement:
                    for index in self._frames_of[module, number]:
                        yield self.solver.resolve(cast(Ref, operation[1]), index)

    def step_at(self, node: int) -> Placed | None:
        """The step that gives what a node holds."""
        frame = self.frame(node)
        return self.file(frame.module).steps.get((frame.unit, node - frame.base))

    def file(self, module: int) -> Places:
        """The places of a file."""
        found = self._places.get(module)
        if found is None:
            path = self.evidence.path(module)
            found = self._places[module] = places(path, self.evidence.sources[path].text)
        return found


def _takes(part: Answer, step: Step) -> bool:
    """Whether a part is one of the API's, and has what a dict's step reads of it."""
    if step.form not in _OF_DICTS:
        return True
    if shape(part) is Shape.UNKNOWN:
        return False
    below = shape_of(part.api, answers.extended(part, step.step), part.streamed)
    return step.form != "item" or below is not Shape.UNKNOWN
