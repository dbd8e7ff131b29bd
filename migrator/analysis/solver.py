"""The value tracker: carries out every file's operations until no value reaches a new node.

Values flow along edges between nodes. Where what happens depends on a value (an attribute is read
from it, it is called), a watch on the node does it for each value that arrives. Small functions are
carried out once per call, so that a helper's callers are kept apart; all others once. The number of
values per node, of contexts per function and of nested contexts is bounded, so the run ends.
"""

from __future__ import annotations

import builtins
import sys
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from operator import attrgetter
from typing import Any, TypeVar

from migrator.analysis import configuration, library, surface
from migrator.analysis.graph import LOADED, Graph, Watch
from migrator.analysis.instances import BagState, CallInstance, Frame, Given
from migrator.analysis.operations import CARRY_OUT
from migrator.analysis.program import CallRecord, ModuleFacts, Ref, Unit
from migrator.analysis.resolver import Resolver
from migrator.analysis.sites import Span
from migrator.analysis.values import (
    Answer,
    Bag,
    Class,
    Constant,
    External,
    Function,
    Instance,
    Made,
    Module,
    Sequence,
    Value,
    Variable,
)

# So many contexts has a program at most.
_MOST_CONTEXTS = 12_000
_SMALL_FUNCTION = 14
_CONTEXTS_PER_FUNCTION = 60
_NESTED_CONTEXTS = 3
# Over the whole program, contexts may multiply the functions by this much.
_CONTEXTS_PER_UNIT = 1
_TUPLES = frozenset({"typing.NamedTuple"})
_V = TypeVar("_V", bound=Value)


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
            CARRY_OUT[operation[0]](self, frame, *operation[1:])  # type: ignore[index]

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
        return bag.key[-1] == LOADED

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
