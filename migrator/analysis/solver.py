"""The value tracker: carries out every file's operations until no value reaches a new node.

Values flow along edges between nodes. Where what happens depends on a value (an attribute is read
from it, it is called), a watch on the node does it for each value that arrives. Small functions are
carried out once per call, so that a helper's callers are kept apart; all others once. The number of
values per node, of contexts per function and of nested contexts is bounded, so the run ends.
"""

from __future__ import annotations

import builtins
import sys
from array import array
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, islice
from operator import attrgetter
from typing import Any, TypeVar, cast

from migrator.analysis import answers, configuration, library, surface
from migrator.analysis.filling import by_percent, join, join_from
from migrator.analysis.program import CallRecord, Entry, ModuleFacts, Op, Parameter, Ref, Unit
from migrator.analysis.resolver import Resolver
from migrator.analysis.sites import Span
from migrator.analysis.values import (
    Alias,
    Answer,
    Bag,
    Bound,
    Class,
    Client,
    Composed,
    Constant,
    External,
    Function,
    Instance,
    Made,
    Member,
    Method,
    Module,
    Opaque,
    Partial,
    Piece,
    Sequence,
    Value,
    Variable,
)

_VALUES_PER_NODE = 80
# A program that spreads more values than this is followed for what leads to requests only, and
# with so many contexts at most: a tree of installed packages, say.
_MOST_VALUES = 2_000_000
_MOST_CONTEXTS = 12_000
_LEADING = (Client, Member, External, Function, Bound, Class, Instance, Module, Partial)
# Where more values meet than this, any of them may be anything: no part of an answer is told there.
MOST_WITH_ANSWERS = 12
# How many values a node may hold before one of that kind counts as unknown: fewer of those that
# lead nowhere by themselves.
_FEWER: Mapping[type[Value], int] = {
    **dict.fromkeys((Constant, Bag), 32),
    **dict.fromkeys((Made, Piece, Composed, Method, Sequence), 12),
    Answer: MOST_WITH_ANSWERS,
}
_MOST_NAMES = 500
# What the key of a dictionary ends in that is loaded from a configuration file.
_LOADED = "loaded"
_ROOM = {kind: _FEWER.get(kind, _VALUES_PER_NODE) for kind in Value.__subclasses__()}
_LITTLE_ROOM = {kind: room if kind in _LEADING else 1 for kind, room in _ROOM.items()}
_SMALL_FUNCTION = 14
_CONTEXTS_PER_FUNCTION = 60
_NESTED_CONTEXTS = 3
# Over the whole program, contexts may multiply the functions by this much.
_CONTEXTS_PER_UNIT = 1
_TUPLES = frozenset({"typing.NamedTuple"})
_V = TypeVar("_V", bound=Value)
# A function, and what it is called with before the value: there are very many, in one object each.
Watch = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """One carrying out of a unit: its nodes start at `base`; `outer` holds its free variables."""

    module: int
    unit: int
    base: int
    outer: int
    depth: int


# Frozen ones take three times as long to make, and there are very many of these two.
@dataclass(slots=True, eq=False)
class Given:
    """An argument that reaches a call: where it is written, and the node with its values."""

    name: str
    node: int
    module: int
    place: object  # Passed or Entry, or the index of an item assignment
    container: object  # a CallRecord, a Display, or a StatementRecord
    named_by: int = -1  # of an item assignment: the literal that is the key

    @property
    def key_literal(self) -> tuple[int, int] | None:
        """The literal that names it; None where a keyword does, or the key is not known."""
        index = self.place.key_literal if isinstance(self.place, Entry) else self.named_by
        return (self.module, index) if index >= 0 else None


@dataclass(slots=True, eq=False)
class CallInstance:
    """A call in one frame."""

    index: int
    key: tuple[int, int]
    record: CallRecord
    frame: int
    function: int
    result: int
    given: tuple[Given, ...]


@dataclass(slots=True)
class BagState:
    """What a dictionary holds: entries by key, and the nodes of what is spread into it."""

    entries: dict[tuple[str, int], Given]
    watches: list[Callable[[Given], None]]
    everything: int
    spread: set[int]


_NOWHERE, _NONE = array("i", [-1]), array("i", [0])


def _is_kept(value: Value, held: int) -> bool:
    """Whether a node has room for a value all the same: a table of models names many, with keys."""
    if held >= _MOST_NAMES:
        return False
    match value:
        case Constant(value=str(text)):
            return surface.model(text) is not None or surface.variable(text) is not None
        case Variable(name=name):
            return surface.variable(name) is not None
        case Bag(key=key):
            return key[-1] == _LOADED
    return False


class Graph:
    """Nodes, edges, watches and the worklist.

    A value is delivered to a node's edges and watches once, in the order of arrival; what a node
    has not delivered yet waits in the worklist.

    Most nodes hold one value and lead to one other: one is kept in a tuple, more are in a dict,
    which takes four times the room.
    """

    def __init__(self) -> None:
        self.values: list[tuple[Value, ...] | dict[Value, int]] = []
        # Where the only value of a node came from (-1 for nowhere); a dict says it of each.
        self._sources = array("i")
        self._delivered = array("i")
        self._edges: list[tuple[int, ...] | dict[int, None]] = []
        self._watches: list[tuple[Watch, ...]] = []
        self._pending: deque[tuple[int, Value]] = deque()
        self._pool: dict[tuple[object, ...], Value] = {}
        self._spread = 0
        self._room = _ROOM
        self.lost: dict[Answer, None] = {}  # parts of answers that could not be followed further
        self.opaque = self.intern(Opaque)

    def intern(self, kind: type[_V], *parts: object) -> _V:
        """The one value of that kind and those parts."""
        key = (kind, *parts)
        value = self._pool.get(key)
        if value is None:
            value = self._pool[key] = kind(*parts)
        return value  # type: ignore[return-value]

    def node(self) -> int:
        """A new node."""
        return self.nodes(1)

    def nodes(self, count: int) -> int:
        """The first of some new nodes."""
        base = len(self.values)
        empty = ((),) * count
        self.values += empty
        self._edges += empty
        self._watches += empty
        self._sources += _NOWHERE * count
        self._delivered += _NONE * count
        return base

    def source(self, node: int, value: Value) -> int:
        """The node that a value came to another from first: -1 where it began, or is not there."""
        held = self.values[node]
        if isinstance(held, dict):
            return held.get(value, -1)
        return self._sources[node] if value in held else -1

    def add(self, node: int, value: Value, source: int = -1) -> None:
        """Let a node hold a value, which came from `source`."""
        held = self.values[node]
        if value in held:
            return
        if not held:
            self.values[node] = (value,)
            self._sources[node] = source
        else:
            if len(held) >= self._room[type(value)] and not _is_kept(value, len(held)):
                if type(value) is Answer:
                    self.lost[value] = None
                value = self.opaque
                if value in held:
                    return
            if isinstance(held, tuple):
                held = self.values[node] = {held[0]: self._sources[node]}
            held[value] = source
        self._spread += 1
        self._pending.append((node, value))

    def connect(self, source: int, destination: int) -> None:
        """Whatever `source` holds, `destination` holds too."""
        held = self.values[destination]
        if source == destination or (len(held) > _VALUES_PER_NODE and self.opaque in held):
            return
        edges = self._edges[source]
        if destination in edges:
            return
        if not edges:
            self._edges[source] = (destination,)
        else:
            if isinstance(edges, tuple):
                edges = self._edges[source] = {edges[0]: None}
            edges[destination] = None
        if self._delivered[source]:
            for value in self._heard(source):
                self.add(destination, value, source)

    def watch(self, node: int, action: Callable[..., None], *arguments: Any) -> None:
        """Call `action(*arguments, value)` once for every value that a node holds, now or later."""
        self._watches[node] += ((action, *arguments),)
        if self._delivered[node]:
            for value in self._heard(node):
                action(*arguments, value)

    def _heard(self, node: int) -> list[Value]:
        """The values that a node has delivered: the others are still to come."""
        return list(islice(self.values[node], self._delivered[node]))

    def run(self) -> None:
        """Until nothing changes."""
        pending, delivered, values, add = self._pending, self._delivered, self.values, self.add
        edges, watches = self._edges, self._watches
        while pending:
            if self._spread > _MOST_VALUES:
                self._room = _LITTLE_ROOM
            node, value = pending.popleft()
            delivered[node] += 1
            for destination in edges[node]:
                if value not in values[destination]:
                    add(destination, value, node)
            # A watch that is set meanwhile hears of this value by itself.
            for watch in watches[node]:
                watch[0](*watch[1:], value)


class Solver(Graph):
    """Links the files' facts. `loads` and `calls` say what attributes and calls mean."""

    def __init__(
        self,
        modules: list[ModuleFacts],
        resolver: Resolver,
        load: Callable[[Solver, Value, str, int], None],
        call: Callable[[Solver, Value, CallInstance], None],
    ) -> None:
        super().__init__()
        self.modules = modules
        self.resolver = resolver
        self.by_path = {facts.path: index for index, facts in enumerate(modules)}
        self.frames: list[Frame] = []
        # Of nodes that are in no frame, or have no label there.
        self._labels: dict[int, tuple[int, int, str]] = {}
        self._frames_of: defaultdict[tuple[int, int], list[Frame]] = defaultdict(list)
        self.module_frames: dict[int, int] = {}
        self.instances: defaultdict[tuple[int, int], tuple[CallInstance, ...]] = defaultdict(tuple)
        self.asked: defaultdict[tuple[int, int] | None, set[str]] = defaultdict(set)
        # The drop-ins and wrappers between a client and who calls it, by where it was made.
        self.layers: defaultdict[tuple[int, int] | None, dict[str, None]] = defaultdict(dict)
        self.requests: defaultdict[
            tuple[int, int], dict[tuple[Value, int], tuple[Value, CallInstance, tuple[Given, ...]]]
        ] = defaultdict(dict)
        self.bases: dict[int, int] = {}
        # The nodes that steps into answers give; the statements that write into one, by module; the
        # dictionaries that one is spread into.
        self.part_reads: dict[int, None] = {}
        self.part_writes: set[tuple[int, int]] = set()
        self.part_spreads: defaultdict[Bag, dict[int, None]] = defaultdict(dict)
        self.declared: set[Sequence] = set()
        # The frames of functions that were entered before any call of theirs was seen, and the
        # functions of which one was.
        self._entered: list[int] = []
        self._called: set[tuple[int, int]] = set()
        self.counter = count()
        self.callers: dict[int, CallInstance] = {}
        self.partials: list[CallInstance] = []
        self.setting_writes: list[tuple[Value, str, int, int, int]] = []
        # Where each variable is read first, by the literal that names it.
        self.reads: dict[tuple[int, int], tuple[int, Variable]] = {}
        # The nodes that each dictionary is asked by, whether an absent key is an error, and where.
        self.lookups: defaultdict[Bag, list[tuple[int, bool, int]]] = defaultdict(list)
        # The nodes that stand for a key of something, each with what that gives.
        self.keyed_by: dict[int, int] = {}
        self.entries_read: dict[Given, None] = {}  # of dictionaries, by a key that is known
        # Which items of openai's own objects are read, by the literals that name them.
        self.items_read: dict[tuple[Made, tuple[int, int]], None] = {}
        self.fixtures: dict[str, list[Function]] = {}
        # What is set for the whole program, by the framework that keeps it; the literals that name
        # an entry of something the program fills itself.
        self.stores: defaultdict[str, configuration.Store] = defaultdict(configuration.Store)
        self.entry_names: set[tuple[int, int]] = set()
        self._waiting: deque[int] = deque()
        self._later: deque[Callable[[], None]] = deque()
        units = sum(len(one.units) for one in modules)
        self._frame_budget = 1000 + min(_CONTEXTS_PER_UNIT * units, _MOST_CONTEXTS)
        self._load = load
        self._call = call
        self._shared: dict[tuple[int, int, int], int] = {}
        self._contexts: dict[tuple[int, int, int, int], int] = {}
        self._named: dict[tuple[int, int, int, str], int] = {}
        self._context_count: defaultdict[tuple[int, int], int] = defaultdict(int)
        self._functions: dict[tuple[int, int], Function] = {}
        self._free: dict[tuple[int, str], int] = {}
        self._attributes: dict[tuple[Class, str], int] = {}
        self._having: defaultdict[str, dict[Class, None]] = defaultdict(dict)
        self._readers: defaultdict[str, dict[Class, list[Watch]]] = defaultdict(dict)
        self._reads: defaultdict[Class, dict[str, None]] = defaultdict(dict)
        self._ancestors: dict[Class, list[Class]] = {}
        self._families: dict[Class, dict[Class, None]] = {}
        self._loaded: dict[tuple[Value, str], int] = {}
        self._supers: defaultdict[Class, dict[Class, None]] = defaultdict(dict)
        self._subs: defaultdict[Class, dict[Class, None]] = defaultdict(dict)
        self.external_bases: defaultdict[Class, dict[str, None]] = defaultdict(dict)
        self._bags: dict[Bag, BagState] = {}
        self._asked: set[tuple[object, ...]] = set()
        self._constants: dict[tuple[int, int], Constant] = {}
        self._kept: dict[tuple[object, str], int] = {}
        self._options: dict[tuple[tuple[int, int], str], int] = {}
        self._elements: dict[Sequence, tuple[list[int], int]] = {}

    # -- running -------------------------------------------------------------------------------

    def solve(self) -> None:
        """Carry out every module, then every function that nothing seen calls.

        First those that are called by no name: they may call the others.
        """
        configuration.begin(self, self.resolver.settings)
        for index in range(len(self.modules)):
            self.module_frame(index)
        self.run()
        named = {
            record.method.rpartition(".")[2] or record.root
            for facts in self.modules
            for record in facts.calls
        }
        while missing := [
            function
            for (module, unit), function in sorted(self._functions.items())
            if (module, unit) not in self._context_count
        ]:
            first = [one for one in missing if self._called_as(one) not in named]
            for function in first or missing:
                self._enter_uncalled(function)
            self.run()

    def _called_as(self, function: Function) -> str:
        """The name that a function is called by: its own, or that of the class that it makes."""
        unit = self.unit(function)
        if unit.class_index is None or unit.name != "__init__":
            return unit.name
        return self.modules[function.module].classes[unit.class_index].name

    def _enter_uncalled(self, function: Function) -> None:
        """A function that is only called from outside: nothing is known of its parameters."""
        frame = self.shared_frame(function)
        self._entered.append(frame)
        unit = self.unit(function)
        for position, parameter in enumerate(unit.parameters):
            node = self.frames[frame].base + parameter.node
            if position == 0 and unit.class_index is not None and not _is_static(unit):
                owner = self.intern(Class, function.module, unit.class_index)
                self.add(node, owner if _is_class_method(unit) else self.intern(Instance, owner))
            elif fixtures := self.fixtures.get(parameter.name):
                for fixture in fixtures:
                    self.connect(self._fixed_node(fixture), node)
            elif parameter.kind in {"positional", "keyword"} and not self.values[node]:
                self.add(node, self.opaque)

    def unit(self, function: Function) -> Unit:
        return self.modules[function.module].units[function.unit]

    def module_frame(self, module: int) -> int:
        frame = self.module_frames.get(module)
        if frame is None:
            frame = self._open(module, 0, -1, 0)
            self.module_frames[module] = frame
            self._waiting.append(frame)
            facts = self.modules[module]
            for name, node in facts.exports.items():
                if node not in facts.units[0].labels:
                    self._labels.setdefault(self.frames[frame].base + node, (module, 1, name))
        return frame

    def shared_frame(self, function: Function) -> int:
        """The frame of a function that all callers without a context of their own share."""
        key = (function.module, function.unit, function.frame)
        if key not in self._shared:
            depth = self.frames[function.frame].depth
            self._shared[key] = self._open(function.module, function.unit, function.frame, depth)
            self._context_count[key[:2]] += 1
            self._waiting.append(self._shared[key])
        return self._shared[key]

    def named_frame(self, function: Function, name: str) -> int:
        """The frame in which `__getattr__` or `__getitem__` looks for something of that name."""
        self._called.add((function.module, function.unit))
        key = (function.module, function.unit, function.frame, name)
        if len(self.frames) >= self._frame_budget:
            return self.shared_frame(function)
        if key not in self._named:
            depth = self.frames[function.frame].depth + 1
            self._named[key] = self._open(function.module, function.unit, function.frame, depth)
            self._context_count[function.module, function.unit] += 1
            self._waiting.append(self._named[key])
        return self._named[key]

    def frame_for(self, function: Function, instance: CallInstance) -> int:
        """The frame in which a call carries a function out."""
        self._called.add((function.module, function.unit))
        unit = self.unit(function)
        caller = self.frames[instance.frame]
        kept_apart = (
            unit.statements <= _SMALL_FUNCTION
            and unit.parameters
            and caller.depth < _NESTED_CONTEXTS
            and len(self.frames) < self._frame_budget
            and self._context_count[function.module, function.unit] < _CONTEXTS_PER_FUNCTION
            and (caller.module, caller.unit) != (function.module, function.unit)
        )
        key = (function.module, function.unit, function.frame, instance.index)
        if key in self._contexts:
            return self._contexts[key]
        if not kept_apart:
            return self.shared_frame(function)
        self._context_count[function.module, function.unit] += 1
        frame = self._open(function.module, function.unit, function.frame, caller.depth + 1)
        self._contexts[key] = frame
        self.callers[frame] = instance
        self._waiting.append(frame)
        return frame

    def result_node(self, function: Function) -> int:
        """What a call of a function gives, in its shared frame."""
        self._called.add((function.module, function.unit))
        frame = self.frames[self.shared_frame(function)]
        return self.outcome(self.unit(function), frame)

    def _fixed_node(self, fixture: Function) -> int:
        """What a test is given by a fixture: what it returns, or yields once."""
        unit, frame = self.unit(fixture), self.frames[self.shared_frame(fixture)]
        if not unit.is_generator:
            return self.result_node(fixture)
        self._called.add((fixture.module, fixture.unit))
        return frame.base + unit.yields

    def outcome(self, unit: Unit, frame: Frame) -> int:
        """The node of what a function returns, or yields where it is a generator."""
        if not unit.is_generator:
            return frame.base + unit.result
        gathered = self.node()
        sequence = self.intern(Sequence, ("yield", frame.base))
        self._elements.setdefault(sequence, ([], frame.base + unit.yields))
        self.add(gathered, sequence)
        return gathered

    def read(self, node: int, name: str, literal: tuple[int, int], source: int = -1) -> None:
        """Let a node hold what an environment variable holds."""
        variable = self.intern(Variable, name, literal)
        self.reads.setdefault(literal, (node, variable))
        self.add(node, variable, source)

    def uncalled(self) -> Iterator[Frame]:
        """The frames of functions that nothing in the repository calls."""
        for index in self._entered:
            frame = self.frames[index]
            if (frame.module, frame.unit) not in self._called:
                yield frame

    def request(self, value: Value, instance: CallInstance, given: tuple[Given, ...]) -> None:
        """Note that a call reaches something outside the repository, and with which arguments."""
        self.requests[instance.key].setdefault((value, instance.index), (value, instance, given))

    # -- frames --------------------------------------------------------------------------------

    def _open(self, module: int, unit: int, outer: int, depth: int) -> int:
        record = self.modules[module].units[unit]
        base = self.nodes(record.size)
        self.frames.append(Frame(module, unit, base, outer, depth))
        self._frames_of[module, unit].append(self.frames[-1])
        return len(self.frames) - 1

    def frames_of(self, module: int, unit: int) -> list[Frame]:
        """Every carrying out of a unit."""
        return self._frames_of[module, unit]

    def frame_number(self, node: int) -> int:
        """The last frame whose nodes begin at a node or before it."""
        return bisect_right(self.frames, node, key=attrgetter("base")) - 1

    def frame_around(self, node: int) -> Frame | None:
        """The frame that a node belongs to; None for one of the whole program."""
        frame = self.frames[self.frame_number(node)]
        size = self.modules[frame.module].units[frame.unit].size
        return frame if 0 <= node - frame.base < size else None

    def label(self, node: int) -> tuple[int, int, str] | None:
        """What a node stands for: the file, the line and the name."""
        frame = self.frame_around(node)
        if frame is not None:
            unit = self.modules[frame.module].units[frame.unit]
            if (said := unit.labels.get(node - frame.base)) is not None:
                return (frame.module, *said)
        return self._labels.get(node)

    def resolve(self, ref: Ref, frame_index: int) -> int:
        """The node that a reference in a frame means."""
        frame = self.frames[frame_index]
        if isinstance(ref, int):
            return frame.base + ref
        if isinstance(ref, str):
            return self.free_name(frame.module, ref)
        owner, name = ref
        if isinstance(name, str):
            return self.attribute(self.intern(Class, frame.module, owner), name)
        while frame.unit != owner:
            frame = self.frames[frame.outer]
        return frame.base + name

    def free_name(self, module: int, name: str) -> int:
        """The node of a name that a file does not bind: built-in, or from a star import."""
        node = self._free.get((module, name))
        if node is None:
            facts = self.modules[module]
            node = self._free[module, name] = self.node()
            self._labels[node] = (module, facts.free[name], name)
            # Nothing binds it: what is run in another place is given such modules there.
            module_of_python = name in sys.stdlib_module_names and library.matters(name)
            path = name if module_of_python else f"builtins.{name}"
            self.add(node, self.intern(External, path))
            for dotted, level in facts.stars:
                self.import_from(node, module, dotted, level, name, star=True)
        return node

    def run(self) -> None:
        """Until no frame waits and no value moves."""
        while True:
            super().run()
            if self._waiting:
                self._carry_out(self._waiting.popleft())
            elif self._later:
                self._later.popleft()()
            else:
                return

    def later(self, action: Callable[[], None]) -> None:
        """Do something once nothing else is known that changes anything."""
        self._later.append(action)

    def _carry_out(self, frame: int) -> None:
        unit = self.modules[self.frames[frame].module].units[self.frames[frame].unit]
        for operation in unit.operations:
            _CARRY_OUT[operation[0]](self, frame, *operation[1:])  # type: ignore[index]

    # -- imports -------------------------------------------------------------------------------

    def import_module(self, node: int, module: int, dotted: str, top: bool) -> None:
        path = self.modules[module].path
        wanted = dotted.split(".")[0] if top else dotted
        key = self.resolver.absolute(path, dotted) if dotted else None
        if key is None:
            self.add(node, self.external(wanted))
            return
        if top:
            parts = dotted.count(".")
            for _ in range(parts):
                key = key.rpartition("/")[0]
        self.add(node, self.intern(Module, key))

    def import_from(
        self, node: int, module: int, dotted: str, level: int, name: str, star: bool = False
    ) -> None:
        path = self.modules[module].path
        if level:
            key = self.resolver.relative(path, dotted, level)
        else:
            key = self.resolver.absolute(path, dotted)
        if key is not None:
            self.module_attribute(key, name, node)
        elif not star:
            self.add(node, self.external(f"{dotted}.{name}" if not level else f".{name}"))
        elif not level and self._star_binds(dotted, name):
            self._load(self, self.intern(External, dotted), name, node)

    def external(self, path: str, through: str = "") -> External:
        """Something outside the repository; a drop-in module for openai counts as openai."""
        module, _, name = path.rpartition(".")
        if stands_for := surface.drop_in(path):
            return self.intern(External, stands_for, path)
        if module and (stands_for := surface.drop_in(module)):
            return self.intern(External, f"{stands_for}.{name}", module)
        return self.intern(External, path, through) if through else self.intern(External, path)

    @staticmethod
    def _star_binds(dotted: str, name: str) -> bool:
        if dotted == "openai" or surface.drop_in(dotted):
            return name in surface.star_names()
        return not hasattr(builtins, name)

    def module_attribute(self, key: str, name: str, node: int) -> None:
        """`module.name`: a name the module binds, or a submodule."""
        path = self.resolver.file(key)
        index = self.by_path.get(path) if path else None
        if index is not None:
            facts = self.modules[index]
            frame = self.frames[self.module_frame(index)]
            held = frame.base + facts.exports.get(name, 0)
            # A package that imports a name from itself means its submodule.
            if name in facts.exports and held != node:
                self.connect(held, node)
                return
            # Modules may take all that the other has.
            if facts.stars and self.first_time("stars", node, index):
                for dotted, level in facts.stars:
                    self.import_from(node, index, dotted, level, name, star=True)
        if (child := self.resolver.child(key, name)) is not None:
            self.add(node, self.intern(Module, child))

    # -- classes -------------------------------------------------------------------------------

    def declares(self, of: Class, name: str) -> bool:
        """Whether the body of a class binds a name."""
        return name in self.modules[of.module].classes[of.index].names

    def constant(self, module: int, literal: int) -> Constant:
        """The value of a literal."""
        key = (module, literal)
        value = self._constants.get(key)
        if value is None:
            record = self.modules[module].literals[literal]
            value = self._constants[key] = Constant(record.value, key)
        return value

    def attribute(self, of: Class, name: str) -> int:
        """The node of a class's attribute; what its instances are given flows here too."""
        key = (of, name)
        node = self._attributes.get(key)
        if node is None:
            line = self.modules[of.module].classes[of.index].line
            node = self._attributes[key] = self.node()
            self._labels[node] = (of.module, line, f"{self.name(of)}.{name}")
            self._having[name][of] = None
            readers = self._readers[name]
            # Of two classes, either both are of the other's family or none is.
            self._tell(
                (reader, of, node)
                for owner in _common(readers, self.family(of))
                for reader in readers[owner]
            )
        return node

    def watch_attribute(
        self, owner: Class, name: str, action: Callable[..., None], *arguments: Any
    ) -> None:
        """Call `action(*arguments, member, node)` for every class of the family with an attribute.

        Once for each, now or later.
        """
        reader = (action, *arguments)
        self._readers[name].setdefault(owner, []).append(reader)
        self._reads[owner][name] = None
        self._tell(
            (reader, member, self._attributes[member, name])
            for member in _common(self._having[name], self.family(owner))
        )

    def _tell(self, news: Iterable[tuple[Watch, Class, int]]) -> None:
        """Let what reads attributes know of classes that have one, and of its node.

        All that is to be told is taken down first: a reader that comes meanwhile has seen for
        itself what it is not told.
        """
        for reader, member, node in list(news):
            reader[0](*reader[1:], member, node)

    def loaded(self, value: Value, name: str) -> tuple[int, bool]:
        """The one node of `value.name`, and whether it is asked for the first time."""
        key = (value, name)
        node = self._loaded.get(key)
        if node is not None:
            return node, False
        node = self._loaded[key] = self.node()
        return node, True

    def name(self, of: Class) -> str:
        return self.modules[of.module].classes[of.index].name

    def add_super(self, of: Class, base: Class) -> None:
        if base is of or base in self._supers[of]:
            return
        before = {one: set(self.ancestors(one)) for one in self.descendants(of)}
        above = set(self.ancestors(base))
        self._supers[of][base] = None
        self._subs[base][of] = None
        for path in list(self.external_bases[base]):
            self.add_external_base(of, path)
        below = self.descendants(of)
        for one in below:
            self._ancestors.pop(one, None)
        grown: defaultdict[Class, dict[Class, None]] = defaultdict(dict)
        for one in below:
            line, known = self.ancestors(one), before[one]
            # Those of either side know each other: only the two sides are new to one another.
            own = [member for member in line if member in known]
            others = [member for member in line if member in above]
            for owner in line:
                family = self.family(owner)
                new = others if owner not in above else own if owner not in known else line
                grown[owner].update((member, None) for member in new if member not in family)
        for owner, members in grown.items():
            self.family(owner).update(members)
        self._tell(
            (reader, member, self._attributes[member, name])
            for owner, members in grown.items()
            for name in (self._reads[owner] if members else ())
            if (having := _common(self._having[name], members))
            for reader in self._readers[name][owner]
            for member in having
        )

    def add_external_base(self, of: Class, path: str) -> None:
        if path in self.external_bases[of]:
            return
        self.external_bases[of][path] = None
        if path.rpartition(".")[2] == "BaseSettings":
            self._read_settings(of)
        for sub in list(self._subs[of]):
            self.add_external_base(sub, path)

    def _read_settings(self, of: Class) -> None:
        """The fields of a settings class hold environment variables named after them."""
        record = self.modules[of.module].classes[of.index]
        for field in record.fields:
            if field.alias is not None:
                literal = self._literal_at(of.module, field.alias)
                name = str(self.modules[of.module].literals[literal].value)
            elif field.annotated:
                literal, name = field.literal, (record.prefix + field.name).upper()
            else:
                continue
            self.read(self.attribute(of, field.name), name, (of.module, literal))

    def _literal_at(self, module: int, span: Span) -> int:
        literals = self.modules[module].literals
        return next(index for index, record in enumerate(literals) if record.span == span)

    def ancestors(self, of: Class) -> list[Class]:
        """The class and all it derives from, nearest first."""
        found = self._ancestors.get(of)
        if found is None:
            found = self._ancestors[of] = _closure(of, self._supers)
        return found

    def row(self, of: Class) -> list[str]:
        """The fields of a class whose instances are tuples, in order; none of any other."""
        if not _TUPLES.isdisjoint(self.external_bases[of]):
            return self.fields(of)
        return []

    def fields(self, of: Class) -> list[str]:
        """The annotated names of a class and of those it derives from, in order."""
        return [
            field.name
            for member in reversed(self.ancestors(of))
            for field in self.modules[member.module].classes[member.index].fields
            if field.annotated
        ]

    def descendants(self, of: Class) -> list[Class]:
        """The class and all that derive from it."""
        return _closure(of, self._subs)

    def family(self, of: Class) -> dict[Class, None]:
        """Every class whose attributes an instance of `of`, or of a class below it, can have."""
        return self._families.setdefault(of, {of: None})

    # -- containers ----------------------------------------------------------------------------

    def bag(self, *key: object) -> Bag:
        bag = self.intern(Bag, key)
        if bag not in self._bags:
            self._bags[bag] = BagState({}, [], self.node(), set())
        return bag

    def bag_node(self, bag: Bag) -> int:
        """The node of everything a dictionary holds."""
        return self._bags[bag].everything

    def is_loaded(self, bag: Bag) -> bool:
        """Whether a dictionary is what a configuration file says."""
        return bag.key[-1] == _LOADED

    def put(self, bag: Bag, given: Given) -> None:
        state = self._bags[bag]
        key = (given.name, given.node)
        if key in state.entries:
            return
        state.entries[key] = given
        self.connect(given.node, state.everything)
        for action in state.watches[:]:
            action(given)

    def first_time(self, *key: object) -> bool:
        """Whether this is the first time that the solver is asked about a key."""
        known = len(self._asked)
        self._asked.add(key)
        return len(self._asked) > known

    def each_entry(self, bag: Bag, action: Callable[[Given], None]) -> None:
        """Do something for every entry of a dictionary, now or when it is added."""
        state = self._bags[bag]
        state.watches.append(action)
        for entry in list(state.entries.values()):
            action(entry)

    def entries(self, bag: Bag) -> list[Given]:
        return list(self._bags[bag].entries.values())

    def bags(self) -> Iterable[Bag]:
        return self._bags

    def sequences(self) -> Iterable[Sequence]:
        return self._elements

    def spread(self, bag: Bag, source: int) -> None:
        """Everything in the dictionaries of `source` is in this one too."""
        state = self._bags[bag]
        if source in state.spread:
            return
        state.spread.add(source)

        def take(value: Value) -> None:
            if isinstance(value, Bag) and value is not bag:
                self.each_entry(value, lambda given: self.put(bag, given))
            elif not isinstance(value, Bag | Constant):
                self.add(state.everything, self.opaque)
                self.put(bag, Given("**", state.everything, -1, None, None))
                if isinstance(value, Answer):
                    self.part_spreads[bag][source] = None

        self.watch(source, take)

    def spread_into(self, bag: Bag) -> Iterable[int]:
        """The nodes of what is spread into a dictionary."""
        return self._bags[bag].spread

    def sequence(self, *key: object) -> Sequence:
        sequence = self.intern(Sequence, key)
        if sequence not in self._elements:
            self._elements[sequence] = ([], self.node())
        return sequence

    def element_node(self, sequence: Sequence) -> int:
        return self._elements[sequence][1]

    def items(self, sequence: Sequence) -> list[int]:
        """The nodes of the items that stand at a known place."""
        return self._elements[sequence][0]

    def kept(self, owner: object, name: str) -> int:
        """What is kept under a name on something that is no object of the repository's classes."""
        key = (owner, name)
        if key not in self._kept:
            self._kept[key] = self.node()
        return self._kept[key]

    def keep(self, path: str, name: str, node: int) -> None:
        """Something outside the repository is given an attribute or an item."""
        if library.is_kept_on(path, name):
            self.connect(node, self.kept(library.keeper(path), name))

    def find_kept(self, path: str, name: str, target: int) -> None:
        """Let `target` hold what something outside the repository was given under a name."""
        if library.is_kept_on(path, name):
            self.connect(self.kept(library.keeper(path), name), target)

    def is_filled(self, path: str, name: str) -> bool:
        """Whether something outside the repository is given something under a name."""
        node = self._kept.get((library.keeper(path), name), -1)
        return node >= 0 and library.is_kept_on(path, name) and bool(self.values[node])

    def has_option(self, parser: tuple[int, int], name: str) -> bool:
        """Whether there is such a node already."""
        return (parser, name) in self._options

    def option(self, parser: tuple[int, int], name: str) -> int:
        """The node of a command line option, by the call that makes the parser.

        So are those of the key and the address that the call of a client's class is given.
        """
        key = (parser, name)
        if key not in self._options:
            self._options[key] = self.node()
        return self._options[key]

    def release(self) -> None:
        """Let go of everything: what holds on to each other here would outlive its use."""
        self.__dict__.clear()

    # -- answering questions about the result --------------------------------------------------

    def held(self, node: int, kind: type[_V]) -> Iterator[_V]:
        for value in self.values[node]:
            if isinstance(value, kind):
                yield value

    def answers(self) -> Iterator[Answer]:
        """Every part of an answer that was reached."""
        return (value for value in self._pool.values() if isinstance(value, Answer))

    def given(self, frame: int, record: CallRecord) -> tuple[Given, ...]:
        module = self.frames[frame].module
        return tuple(
            Given(passed.name, self.resolve(passed.node, frame), module, passed, record)
            for passed in record.arguments
        )


def _common(one: Mapping[Class, object], other: Mapping[Class, object]) -> list[Class]:
    """The classes in both, in the order of the shorter."""
    shorter, longer = (one, other) if len(one) <= len(other) else (other, one)
    return [each for each in shorter if each in longer]


def _closure(start: Class, step: dict[Class, dict[Class, None]]) -> list[Class]:
    found = {start: None}
    pending = deque([start])
    while pending:
        for following in step.get(pending.popleft(), ()):
            if following not in found:
                found[following] = None
                pending.append(following)
    return list(found)


def _is_static(unit: Unit) -> bool:
    return "staticmethod" in unit.decorators


def _is_class_method(unit: Unit) -> bool:
    return "classmethod" in unit.decorators or unit.name in {"__new__", "__init_subclass__"}


# -- one function per operation ---------------------------------------------------------------


def _copy(solver: Solver, frame: int, source: Ref, destination: Ref) -> None:
    solver.connect(solver.resolve(source, frame), solver.resolve(destination, frame))


def _sift(solver: Solver, frame: int, source: Ref, destination: Ref) -> None:
    origin, target = solver.resolve(source, frame), solver.resolve(destination, frame)
    solver.watch(origin, _pass_on, solver, origin, target)


def _pass_on(solver: Solver, origin: int, target: int, value: Value) -> None:
    match value:
        case Constant(value=constant) if not constant:
            return
        case External(path=path) if surface.is_access_of_module(path):
            return  # it is None, but for what it was told, which stands beside it
    solver.add(target, value, origin)


def _constant(solver: Solver, frame: int, node: Ref, literal: int) -> None:
    module = solver.frames[frame].module
    solver.add(solver.resolve(node, frame), solver.constant(module, literal))


def _load(solver: Solver, frame: int, base: Ref, name: str, destination: Ref) -> None:
    target = solver.resolve(destination, frame)
    origin = solver.resolve(base, frame)
    solver.bases.setdefault(target, origin)
    solver.watch(origin, _read_attribute, solver, name, target)


def _read_attribute(solver: Solver, name: str, target: int, value: Value) -> None:
    solver._load(solver, value, name, target)


def _store(solver: Solver, frame: int, base: Ref, name: str, source: Ref, statement: int) -> None:
    written = solver.resolve(source, frame)
    module = solver.frames[frame].module
    owner = solver.resolve(base, frame)
    solver.watch(owner, _set_attribute, solver, name, written, module, statement)


def _set_attribute(
    solver: Solver, name: str, written: int, module: int, statement: int, value: Value
) -> None:
    match value:
        case Instance(of=owner):
            solver.connect(written, solver.attribute(owner, name))
        case Class():
            solver.connect(written, solver.attribute(value, name))
        case Module(key=key):
            path = solver.resolver.file(key)
            index = solver.by_path.get(path) if path else None
            if index is not None and name in solver.modules[index].exports:
                home = solver.frames[solver.module_frame(index)]
                solver.connect(written, home.base + solver.modules[index].exports[name])
        case Client() if statement >= 0:
            solver.setting_writes.append((value, name, module, statement, written))
        case Function():
            solver.connect(written, solver.kept((value.module, value.unit), name))
        case Made(path=library.NAMESPACE, origin=origin):
            solver.connect(written, solver.option(origin, name))
        case External(path=path) | Made(path=path):
            solver.keep(path, name, written)
            if statement >= 0 and (isinstance(value, External) or name == "headers"):
                solver.setting_writes.append((value, name, module, statement, written))
        case Answer():
            solver.part_writes.add((module, statement))


def _item(
    solver: Solver,
    frame: int,
    base: Ref,
    key: str | int | None,
    destination: Ref,
    literal: int = -1,
    context: str = "",
    asked: Ref = -1,
) -> None:
    target = solver.resolve(destination, frame)
    by = solver.resolve(asked, frame) if asked != -1 else -1
    module = solver.frames[frame].module
    if by >= 0:
        solver.keyed_by[by] = target
    place = (module, literal)
    solver.watch(solver.resolve(base, frame), _read_item, solver, key, target, place, by)


def _read_item(
    solver: Solver,
    key: str | int | None,
    target: int,
    literal: tuple[int, int],
    by: int,
    value: Value,
) -> None:
    module, index = literal
    match value:
        case Answer():
            answers.item(solver, value, key, target)
        case Bag():
            take_entry(solver, value, key, target, literal)
            if by >= 0:
                solver.lookups[value].append((by, True, module))
        case Sequence():
            items = solver.items(value)
            if isinstance(key, int):
                items = items[key : key + 1 or None]
            for item in items:
                solver.connect(item, target)
            solver.connect(solver.element_node(value), target)
        case Instance(of=owner) if isinstance(key, int) and (fields := solver.row(owner)):
            for name in fields[key : key + 1 or None]:
                solver._load(solver, value, name, target)
        case Made(path=path) if path.startswith("openai."):
            solver.add(target, value)  # an annotation's: a list of something of openai's
            if index >= 0:
                solver.items_read[value, literal] = None
        case Made(path=configuration.FLASK) if isinstance(key, str) and index >= 0:
            configuration.ask(solver, key, literal, target)
        case External(path=path) if surface.framework_class(path) is not None:
            solver.add(target, value)  # a generic class: Agent[Context] is Agent
        case External() | Made():
            if isinstance(key, str) and index >= 0:
                solver.find_kept(value.path, key, target)
                if library.may_hold_a_client(value.path, key):
                    solver.add(target, solver.opaque)
                    return
                solver._load(solver, value, f"[{key}]", target)
                read_variable(solver, value, key, literal, target)
            elif isinstance(key, int) and library.makes_rows(value.path):
                solver.add(target, value)
            elif by >= 0 and library.reads_environment(value.path):
                solver.watch(by, library.read_named, solver, target, by)
            else:
                solver.add(target, solver.opaque)
        case Class() if isinstance(key, str) and solver.declares(value, key):
            solver._load(solver, value, key, target)  # a member of an Enum
        case Class():
            solver.add(target, value)  # a generic class: Base[int] is Base
        case Constant() if isinstance(key, str) or value.value is None:
            pass  # it raises
        case Instance() if isinstance(key, str) and index >= 0:
            solver.add(target, solver.opaque)
            _ask_instance(solver, value, solver.constant(module, index), target)
        case Instance() | Constant() | Function():
            solver.add(target, solver.opaque)
        case Alias():
            solver.add(target, value)
        case _:
            solver.add(target, solver.opaque)


def _ask_instance(solver: Solver, instance: Instance, key: Constant, target: int) -> None:
    from migrator.analysis.calls import ask_for_item

    ask_for_item(solver, instance, key, target)


def read_variable(
    solver: Solver, base: Value, name: str, literal: tuple[int, int], target: int
) -> None:
    """`os.environ["NAME"]` and its likes; set by the library so that data says which they are."""
    from migrator.analysis.library import reads_environment

    if isinstance(base, External | Made) and reads_environment(base.path):
        solver.read(target, name, literal)


# What an entry is called whose key is not known, and what is spread into a dictionary.
_OF_ANY_NAME = frozenset({"", "**"})


def take_entry(
    solver: Solver,
    bag: Bag,
    key: str | int | None,
    target: int,
    literal: tuple[int, int] | None = None,
) -> None:
    """Let `target` hold what a dictionary holds under a key, or all of it for an unknown key."""
    if not isinstance(key, str):
        solver.connect(solver.bag_node(bag), target)
        return

    def take(given: Given) -> None:
        name = given.name
        if name != key:
            if name in _OF_ANY_NAME:
                solver.connect(given.node, target)
            return
        solver.connect(given.node, target)
        solver.entries_read[given] = None
        if literal is not None:
            solver.entry_names.add(literal)
            if given.key_literal is not None:
                solver.entry_names.add(given.key_literal)

    solver.each_entry(bag, take)
    if solver.is_loaded(bag) and all(given.name != key for given in solver.entries(bag)):
        solver.add(target, solver.opaque)  # the file that is loaded in the end may have it


def _set_item(solver: Solver, frame: int, base: Ref, key: int, source: Ref, statement: int) -> None:
    module = solver.frames[frame].module
    facts = solver.modules[module]
    written = solver.resolve(source, frame)
    name = facts.literals[key].value if key >= 0 else None
    record = facts.statements[statement] if statement >= 0 else None

    def write(value: Value) -> None:
        match value:
            case Bag():
                text = name if isinstance(name, str) else ""
                solver.put(value, Given(text, written, module, record, record, key))
            case Sequence():
                solver.connect(written, solver.element_node(value))
            case Made(path=configuration.FLASK) if isinstance(name, str):
                configuration.put(solver, name, (module, key), written)
            case External(path=path) | Made(path=path) if isinstance(name, str):
                solver.keep(path, name, written)
                solver.setting_writes.append((value, f"[{name}]", module, statement, written))
            case Answer():
                solver.part_writes.add((module, statement))

    solver.watch(solver.resolve(base, frame), write)


def _element(solver: Solver, frame: int, base: Ref, destination: Ref) -> None:
    target = solver.resolve(destination, frame)
    solver.watch(solver.resolve(base, frame), library.iterate_into, solver, target)


def iterate(solver: Solver, value: Value, target: int) -> None:
    """What iterating over a value gives."""
    match value:
        case Sequence():
            for item in solver.items(value):
                solver.connect(item, target)
            solver.connect(solver.element_node(value), target)
        case Bag():
            solver.each_entry(value, lambda given: _key_of(solver, given, target))
        case Class():
            record = solver.modules[value.module].classes[value.index]
            for name in sorted(record.names):
                solver.connect(solver.attribute(value, name), target)
        case Constant():
            pass
        case Answer():
            answers.iterate(solver, value, target)
        case Made(path=path) if path.startswith("openai."):
            solver.add(target, value)
        case _:
            solver.add(target, solver.opaque)


def _key_of(solver: Solver, given: Given, target: int) -> None:
    if isinstance(given.place, Entry) and given.place.key_literal >= 0:
        solver.add(target, solver.constant(given.module, given.place.key_literal))
    else:
        solver.add(target, solver.opaque)


def _call(solver: Solver, frame: int, index: int) -> None:
    module = solver.frames[frame].module
    record = solver.modules[module].calls[index]
    instance = CallInstance(
        next(solver.counter),
        (module, index),
        record,
        frame,
        solver.resolve(record.function, frame),
        solver.resolve(record.result, frame),
        solver.given(frame, record),
    )
    solver.instances[instance.key] += (instance,)
    solver.watch(instance.function, _call_what, solver, instance)


def _call_what(solver: Solver, instance: CallInstance, value: Value) -> None:
    solver._call(solver, value, instance)


def _dict(solver: Solver, frame: int, node: Ref, index: int) -> None:
    home = solver.frames[frame]
    display = solver.modules[home.module].displays[index]
    loaded = (_LOADED,) if solver.modules[home.module].is_document else ()
    bag = solver.bag(home.module, index, home.base, *loaded)
    for entry in display.entries:
        value = solver.resolve(entry.node, frame)
        if entry.key is None:
            solver.spread(bag, value)
        else:
            solver.put(bag, Given(entry.key, value, home.module, entry, display))
    solver.add(solver.resolve(node, frame), bag)


def _sequence(
    solver: Solver,
    frame: int,
    node: Ref,
    items: tuple[Ref, ...],
    spreads: tuple[Ref, ...],
    declared: bool = False,
) -> None:
    home = solver.frames[frame]
    target = solver.resolve(node, frame)
    sequence = solver.sequence(home.module, target)
    solver.items(sequence).extend(solver.resolve(item, frame) for item in items)
    if declared:
        solver.declared.add(sequence)
    for spread in spreads:
        into = solver.element_node(sequence)
        solver.watch(solver.resolve(spread, frame), library.iterate_into, solver, into)
    solver.add(target, sequence)


def _function(solver: Solver, frame: int, node: Ref, unit: int) -> None:
    module = solver.frames[frame].module
    function = solver.intern(Function, module, unit, frame)
    solver._functions.setdefault((module, unit), function)
    record = solver.modules[module].units[unit]
    if any(name.rpartition(".")[2] == "fixture" for name in record.decorators):
        solver.fixtures.setdefault(record.name, []).append(function)
    solver.add(solver.resolve(node, frame), function)


def _class(solver: Solver, frame: int, node: Ref, index: int) -> None:
    module = solver.frames[frame].module
    record = solver.modules[module].classes[index]
    value = solver.intern(Class, module, index)

    def derive(base: Value) -> None:
        match base:
            case Class():
                solver.add_super(value, base)
            case External(path=path):
                solver.add_external_base(value, path)

    for base in record.bases:
        solver.watch(solver.resolve(base, frame), derive)
    solver.add(solver.resolve(node, frame), value)


def _wraps(solver: Solver, decorator: Function, taken: Iterable[Parameter]) -> tuple[bool, bool]:
    """Whether a decorator makes a function around what it takes, and calls that with more."""
    facts = solver.modules[decorator.module]
    inner = {index for index, one in enumerate(facts.units) if one.parent == decorator.unit}
    names = {one.name for one in taken}
    handed = (
        passed
        for index in inner
        for operation in facts.units[index].operations
        if operation[0] is Op.CALL
        for record in (facts.calls[cast(int, operation[1])],)
        if record.root in names and not record.method
        for passed in record.arguments
    )
    return bool(inner), any(passed.name not in {"*", "**"} for passed in handed)


def _decorate(solver: Solver, frame: int, decorator: Ref, plain: Ref, made: Ref) -> None:
    """Let a decorator keep what it is given, in a registry say.

    Where it makes a function around it, the name goes on meaning what it is given, and the function
    around it only if that hands more to it than it is called with.
    """
    given, target = solver.resolve(plain, frame), solver.resolve(made, frame)

    def apply(value: Value) -> None:
        function = value.function if isinstance(value, Bound) else value
        if not isinstance(function, Function):
            return
        parameters = list(solver.unit(function).parameters)
        wraps, changes = _wraps(solver, function, parameters[-1:])
        if not parameters or (wraps and not changes):
            return
        frame = solver.frames[solver.shared_frame(function)]
        if isinstance(value, Bound):
            solver.add(frame.base + parameters.pop(0).node, value.owner)
        for parameter in parameters[:1]:
            solver.connect(given, frame.base + parameter.node)
        if changes:
            solver.connect(frame.base + solver.unit(function).result, target)

    solver.watch(solver.resolve(decorator, frame), apply)


def _import(solver: Solver, frame: int, node: Ref, dotted: str, top: bool) -> None:
    module = solver.frames[frame].module
    solver.import_module(solver.resolve(node, frame), module, dotted, top)


def _import_from(solver: Solver, frame: int, node: Ref, dotted: str, level: int, name: str) -> None:
    module = solver.frames[frame].module
    solver.import_from(solver.resolve(node, frame), module, dotted, level, name)


def _typed(solver: Solver, frame: int, annotation: Ref, destination: Ref) -> None:
    from migrator.analysis.calls import give_instance

    target = solver.resolve(destination, frame)
    solver.watch(solver.resolve(annotation, frame), give_instance, solver, target)


def _alias(solver: Solver, frame: int, node: Ref, typed: Ref) -> None:
    solver.add(solver.resolve(node, frame), solver.intern(Alias, solver.resolve(typed, frame)))


def _enter(solver: Solver, frame: int, base: Ref, destination: Ref) -> None:
    target = solver.resolve(destination, frame)

    def enter(value: Value) -> None:
        match value:
            case Sequence():
                iterate(solver, value, target)
            case Instance(of=owner):
                entered = solver.node()
                for name in ("__enter__", "__aenter__"):
                    solver._load(solver, value, name, entered)
                solver.watch(entered, _enter_by, solver, owner, target)
                solver.add(target, value)
            case Client(origin=origin):
                solver.asked[origin].add("__enter__")
                solver.add(target, value)
            case _:
                solver.add(target, value)

    solver.watch(solver.resolve(base, frame), enter)


def _enter_by(solver: Solver, owner: Class, target: int, method: Value) -> None:
    if isinstance(method, Bound):
        frame = solver.frames[solver.shared_frame(method.function)]
        unit = solver.unit(method.function)
        if unit.parameters:
            solver.add(frame.base + unit.parameters[0].node, solver.intern(Instance, owner))
        solver.connect(frame.base + unit.result, target)


def _join(solver: Solver, frame: int, part: Ref, destination: Ref, composed: bool = False) -> None:
    node, target = solver.resolve(part, frame), solver.resolve(destination, frame)
    solver.watch(node, join_from, solver, target, node, composed)


def _show(solver: Solver, frame: int, source: Ref, destination: Ref) -> None:
    target = solver.resolve(destination, frame)
    solver.watch(solver.resolve(source, frame), answers.show, solver, target)


def _compose(solver: Solver, frame: int, node: Ref, parts: tuple[Ref, ...]) -> None:
    made = tuple(solver.resolve(part, frame) for part in parts)
    solver.add(solver.resolve(node, frame), solver.intern(Composed, "text", made))


def _fill(solver: Solver, frame: int, node: Ref, template: Ref, values: Ref) -> None:
    target = solver.resolve(node, frame)
    form, given = solver.resolve(template, frame), solver.resolve(values, frame)

    def fill(value: Value) -> None:
        known = isinstance(value, Constant) and isinstance(value.value, str)
        if not (known and by_percent(solver, cast(Constant, value), given, target)):
            join(solver, value, target, form, composed=known)
            solver.watch(given, join_from, solver, target, given, known)
            solver.add(target, solver.opaque)

    solver.watch(form, fill)


def _merge(solver: Solver, frame: int, base: Ref, source: Ref) -> None:
    taken = solver.resolve(source, frame)

    def merge(value: Value) -> None:
        if isinstance(value, Bag):
            solver.spread(value, taken)
        elif isinstance(value, Sequence):
            into = solver.element_node(value)
            solver.watch(taken, lambda more: None if more is value else iterate(solver, more, into))

    solver.watch(solver.resolve(base, frame), merge)


def _opaque(solver: Solver, frame: int, node: Ref) -> None:
    solver.add(solver.resolve(node, frame), solver.opaque)


_CARRY_OUT: dict[Op, Callable[..., Any]] = {
    Op.COPY: _copy,
    Op.CONSTANT: _constant,
    Op.LOAD: _load,
    Op.STORE: _store,
    Op.ITEM: _item,
    Op.SET_ITEM: _set_item,
    Op.ELEMENT: _element,
    Op.CALL: _call,
    Op.DICT: _dict,
    Op.SEQUENCE: _sequence,
    Op.FUNCTION: _function,
    Op.CLASS: _class,
    Op.IMPORT: _import,
    Op.IMPORT_FROM: _import_from,
    Op.TYPED: _typed,
    Op.ALIAS: _alias,
    Op.ENTER: _enter,
    Op.JOIN: _join,
    Op.MERGE: _merge,
    Op.OPAQUE: _opaque,
    Op.COMPOSE: _compose,
    Op.FILL: _fill,
    Op.SIFT: _sift,
    Op.DECORATE: _decorate,
    Op.SHOW: _show,
}
