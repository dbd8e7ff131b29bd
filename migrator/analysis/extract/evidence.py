"""What all extractors share: drafts of sites, provenance chains, arguments, constant values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from migrator.analysis import surface
from migrator.analysis.branches import Order, order
from migrator.analysis.extract import lookups
from migrator.analysis.identity import in_tests
from migrator.analysis.instances import CallInstance, Given
from migrator.analysis.program import (
    CallRecord,
    Display,
    Entry,
    Mention,
    ModuleFacts,
    Passed,
    Ref,
    StatementRecord,
)
from migrator.analysis.sites import (
    UNKNOWN,
    Argument,
    Certainty,
    Facts,
    Kind,
    Literal,
    Origin,
    Place,
    Span,
    Step,
    VariableRead,
)
from migrator.analysis.solver import Solver
from migrator.analysis.values import (
    Answer,
    Bag,
    Class,
    Constant,
    External,
    Member,
    Piece,
    Sequence,
    Value,
    Variable,
)
from migrator.language import _
from migrator.source import SourceText

_DEEPEST_VALUE = 6
_LONGEST_CHAIN = 12
# Fields that are called so, or end so, name something that OpenAI keeps (`output_file_id`): not
# those of requests and of calls of tools, which are all that these parts of answers have.
_ID, _NAMES_KEPT = "id", "_id"
_NAMES_NOTHING = ("call_id", "request_id")
_OF_NOTHING_KEPT = frozenset({"choices"})
Key = tuple[int, Kind, Span]


@dataclass
class Draft:
    """A site in the making; `facts` is set once every draft has its id."""

    module: int
    kind: Kind
    span: Span
    detail: str
    certainty: Certainty = Certainty.PROVEN
    provenance: tuple[Step, ...] = ()
    facts: Facts | None = None
    id: str = ""

    @property
    def key(self) -> Key:
        return (self.module, self.kind, self.span)


@dataclass
class Evidence:
    """The solved program, the sources it was read from, and the drafts found so far."""

    solver: Solver
    sources: Mapping[str, SourceText]
    drafts: dict[Key, Draft] = field(default_factory=dict)
    receivers: defaultdict[tuple[str, Span], set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )
    _opened: dict[tuple[int, int, object], tuple[Iterable[Given], bool]] = field(
        default_factory=dict, init=False
    )

    def path(self, module: int) -> str:
        return self.solver.modules[module].path

    def programs(self) -> Iterator[tuple[int, ModuleFacts]]:
        """The files that are programs, and no configuration, by their numbers."""
        for module, facts in enumerate(self.solver.modules):
            if not facts.is_document:
                yield module, facts

    def add(self, draft: Draft) -> Draft:
        """Register a draft; a second one for the same place and kind adds nothing."""
        return self.drafts.setdefault(draft.key, draft)

    def of_kind(self, kind: Kind) -> list[Draft]:
        return [draft for draft in self.drafts.values() if draft.kind is kind]

    def slice(self, module: int, span: Span) -> str:
        source = self.sources.get(self.path(module))
        return source.slice(span) if source is not None else ""

    def place(self, module: int, span: Span) -> Place:
        return Place(self.path(module), span)

    def literal(self, key: tuple[int, int]) -> Literal:
        module, index = key
        record = self.solver.modules[module].literals[index]
        return Literal(self.path(module), record.span, str(record.value))

    def is_setting(self, key: tuple[int, int]) -> bool:
        """Whether a literal stands in a configuration file that the program loads."""
        return self.solver.modules[key[0]].is_document

    def sender(self, answer: Answer) -> str:
        """The site of the request that gave an answer; "" where it is none of OpenAI's."""
        module, index = answer.origin
        span = self.solver.modules[module].calls[index].span
        draft = self.drafts.get((module, Kind.CALL, span))
        return draft.id if draft is not None else ""

    @cached_property
    def ids(self) -> frozenset[Answer]:
        """The parts of answers that are the id of something OpenAI keeps."""
        return frozenset(
            one
            for one in self.solver.answers()
            if one.path and one.path[0] not in _OF_NOTHING_KEPT and _is_id(one.path[-1])
        )

    @cached_property
    def keys(self) -> frozenset[tuple[int, int]]:
        """The literals by which something is looked up that is no variable."""
        return lookups.keys(self.solver)

    def mention_node(self, module: int, mention: Mention) -> int | None:
        """The node of a name where it stands, in whichever frame was carried out first."""
        if isinstance(mention.node, str):
            return self.solver.free_name(module, mention.node)
        if not isinstance(mention.node, tuple) or isinstance(mention.node[1], str):
            return None
        unit, index = mention.node
        for frame in self.solver.frames_of(module, unit):
            return frame.base + int(index)
        return None

    def nodes(self, module: int, unit: int, ref: Ref) -> list[int]:
        """The nodes that a reference in a unit means, in all frames of the unit it belongs to."""
        solver = self.solver
        match ref:
            case str():
                return [solver.free_name(module, ref)]
            case int():
                return [frame.base + ref for frame in solver.frames_of(module, unit)]
            case (int(owner), str(name)):
                return [solver.attribute(solver.intern(Class, module, owner), name)]
            case (int(owner), int(index)):
                return [frame.base + index for frame in solver.frames_of(module, owner)]
        return []

    # -- provenance ----------------------------------------------------------------------------

    def way(self, node: int, value: Value) -> tuple[Step, ...]:
        """The provenance of a site that stands where a node holds a value."""
        return self.chain(node, value)

    def chain(self, node: int, value: Value) -> tuple[Step, ...]:
        """Where a node's value came from, first link first."""
        steps: list[Step] = []
        seen: set[tuple[int, Value]] = set()
        while len(steps) < _LONGEST_CHAIN and (node, value) not in seen:
            seen.add((node, value))
            if (label := self.solver.label(node)) and label[2]:
                module, line, name = label
                step = Step(self.path(module), line, _("held by `{name}`", name=name))
                if not steps or steps[-1] != step:
                    steps.append(step)
            source = self.solver.source(node, value)
            if source >= 0:
                node = source
                continue
            base = self.solver.bases.get(node)
            if base is None:
                break
            node, value = base, self._before(base, value)
        return tuple(reversed(steps))

    def origin(self, node: int, value: Value) -> int:
        """The node that a value of a node came from first."""
        while (source := self.solver.source(node, value)) >= 0:
            node = source
        return node

    def _before(self, base: int, value: Value) -> Value:
        """The value of a base that an attribute's value was read from."""
        held = self.solver.values[base]
        if isinstance(value, Member):
            for candidate in held:
                if candidate is value.client:
                    return candidate
                if isinstance(candidate, Member) and candidate.client is value.client:
                    return candidate
        if isinstance(value, External):
            for candidate in held:
                if isinstance(candidate, External) and value.path.startswith(candidate.path):
                    return candidate
        return next(iter(held), value)

    # -- values --------------------------------------------------------------------------------

    def constant(self, node: int, within: tuple[Value, ...] = ()) -> Any:
        """The one constant that a node holds (a tree of constants), else UNKNOWN."""
        held = list(self.solver.values[node])
        if len(held) != 1 or len(within) > _DEEPEST_VALUE or held[0] in within:
            return UNKNOWN
        around = (*within, held[0])
        match held[0]:
            case Constant(value=value):
                return value
            case Bag() as bag:
                entries = self.solver.entries(bag)
                if any(entry.name in {"", "**"} for entry in entries):
                    return UNKNOWN
                return {entry.name: self.constant(entry.node, around) for entry in entries}
            case Sequence() as sequence:
                items = [self.constant(item, around) for item in self.solver.items(sequence)]
                grown = self.solver.values[self.solver.element_node(sequence)]
                return UNKNOWN if grown else items
        return UNKNOWN

    def settled(self, node: int) -> bool:
        """Whether everything that a node can hold is a constant."""
        held = self.solver.values[node]
        return bool(held) and all(isinstance(value, Constant) for value in held)

    def texts(self, node: int) -> Iterator[Constant]:
        """The strings a node holds."""
        for value in self.solver.values[node]:
            if isinstance(value, Constant) and isinstance(value.value, str):
                yield value

    def told(self, module: int, node: int) -> list[Value]:
        """What a node holds that tells of code in a file.

        What tests hand in to the program says nothing of it.
        """
        held = list(self.solver.values[node])
        if self._tests[module]:
            return held
        return [value for value in held if not self._is_of_tests(value)]

    def _is_of_tests(self, value: Value) -> bool:
        match value:
            case Constant(literal=(module, _)) | Variable(literal=(module, _)):
                return self._tests[module]
            case Piece(of=inner):
                return self._is_of_tests(inner)
        return False

    @cached_property
    def _tests(self) -> list[bool]:
        """Which of the files are tests."""
        return [in_tests(facts.path) for facts in self.solver.modules]

    def names_model(self, module: int, nodes: Iterable[int]) -> bool:
        """Whether code in a file is told a model of OpenAI's by what some nodes hold."""
        return any(self._names_model(value) for node in nodes for value in self.told(module, node))

    def _names_model(self, value: Value) -> bool:
        match value:
            case External(path=path):
                return path in surface.model_constants()
            case Constant(value=str(text)):
                return surface.match_model(text, in_model_position=True) is not None
        return False

    def model_names(self, module: int, node: int) -> Iterator[str]:
        """The names of models that code in a file is told, as strings or as constants for them."""
        for value in self.told(module, node):
            if isinstance(value, Constant) and isinstance(value.value, str):
                yield value.value
            elif isinstance(value, External) and self._is_constant(value):
                yield surface.model_constants()[value.path]

    def settles_model(self, node: int) -> bool:
        """Whether every model that a node can hold is known."""
        held = self.solver.values[node]
        return bool(held) and all(
            isinstance(value, Constant) or self._is_constant(value) for value in held
        )

    def _is_constant(self, value: Value) -> bool:
        return isinstance(value, External) and value.path in surface.model_constants()

    def variables(self, node: int) -> Iterator[Variable]:
        """The environment variables whose value a node holds, or holds a part of."""
        yield from variables(self.solver.values[node])

    def read(self, variable: Variable) -> VariableRead:
        """Where an environment variable is read, once the sites have their ids."""
        module, index = variable.literal
        span = self.solver.modules[module].literals[index].span
        draft = self.drafts.get((module, Kind.ENV_KEY, span))
        return VariableRead(variable.name, draft.id if draft else "", self.place(module, span))

    # -- arguments -----------------------------------------------------------------------------

    def expand(self, given: Iterable[Given]) -> tuple[list[Given], bool]:
        """Arguments with every traced `**mapping` opened, and whether all could be traced.

        What is passed by name beside a mapping is not in the mapping: that would raise.
        """
        given = tuple(given)
        named = {item.name for item in given}
        found: dict[Given, None] = {}
        complete = True
        for item in given:
            if item.name == "**":
                opened, whole = self._opened_at(item)
                complete = whole and complete
                found |= {one: None for one in opened if one.name not in named}
            elif item.name == "*":
                complete = complete and self._is_empty(item.node)
            else:
                found[item] = None
        return list(found), complete

    def _is_empty(self, node: int) -> bool:
        """Whether what is spread is known to hold nothing."""
        held = self.solver.values[node]
        return bool(held) and all(
            isinstance(value, Sequence)
            and not self.solver.items(value)
            and not self.solver.values[self.solver.element_node(value)]
            for value in held
        )

    def _opened_at(self, item: Given) -> tuple[Iterable[Given], bool]:
        """What a call spreads, and whether that is all: worked out once, and asked for often."""
        key = (item.node, item.module, item.place)
        if key not in self._opened:
            self._opened[key] = self._open(item)
        return self._opened[key]

    def _open(self, item: Given) -> tuple[Iterable[Given], bool]:
        found: dict[Given, None] = {}
        every = self.solver.values[item.node]
        # An annotation (`dict[str, Any]`) says nothing of what it holds beside what is written.
        held = [value for value in every if value not in self.solver.declared]
        complete = bool(held)
        for value in held:
            if isinstance(value, Bag):
                for entry in self._seen(value, item):
                    if entry.name in {"", "**"}:
                        complete = False
                    else:
                        found[entry] = None
            elif not (isinstance(value, Constant) and value.value is None):
                complete = False
        return found, complete

    def _seen(self, bag: Bag, spread: Given) -> Iterator[Given]:
        """The entries that may be in a dictionary where a call spreads it."""
        orders = {entry: self._order(bag, entry, spread) for entry in self.solver.entries(bag)}
        set_last: dict[str, int] = {}
        for entry, what in orders.items():
            if what is Order.ALL:
                set_last[entry.name] = max(set_last.get(entry.name, 0), _line(entry))
        for entry, what in orders.items():
            known = what is not Order.UNKNOWN
            replaced = known and _line(entry) < set_last.get(entry.name, 0)
            if what is not Order.NOTHING and not replaced:
                yield entry

    def _order(self, bag: Bag, entry: Given, spread: Given) -> Order:
        """What a call that spreads a dictionary sees of what puts an entry into it."""
        made = self.written_at(bag)
        if made is None or not entry.module == spread.module == made[0]:
            return Order.UNKNOWN
        match entry.container, spread.place:
            case Display(span=span), _ if span == made[1]:
                return Order.PERHAPS
            case StatementRecord(span=span), Passed(span=passed):
                return order(self.sources[self.path(made[0])].text, span, passed, made[1])
        return Order.UNKNOWN

    def written_at(self, bag: Bag) -> tuple[int, Span] | None:
        """Where a dictionary is written, if by a dict display or a `dict(...)` call."""
        match bag.key:
            case (int(module), int(index), int()):
                return module, self.solver.modules[module].displays[index].span
        return None

    def argument(self, item: Given, name: str = "") -> Argument | None:
        """An argument as the planner sees it; None where it has no place in the source."""
        match item.place:
            case Passed(span=span, name=written) if isinstance(item.container, CallRecord):
                origin = Origin.KEYWORD if written else Origin.POSITIONAL
                container = item.container.span
            case Entry(span=span) if isinstance(item.container, Display):
                origin = Origin.DICT_KEYWORD if item.container.is_call else Origin.DICT_ENTRY
                container = item.container.span
            case StatementRecord(span=container, value_span=span):
                origin = Origin.ITEM_ASSIGNMENT
            case _:
                return None
        return Argument(
            name or item.name,
            origin,
            self.place(item.module, span),
            self.place(item.module, container),
            self.slice(item.module, span),
            self.constant(item.node),
            always=self._always(item.node),
            read=item in self.solver.entries_read,
        )

    def _always(self, node: int) -> bool:
        """Whether a node holds a real value in every case: never None, NOT_GIVEN or the like."""
        held = self.solver.values[node]
        return (
            bool(held)
            and all(isinstance(value, Bag | Sequence | Constant) for value in held)
            and (not any(isinstance(value, Constant) and value.value is None for value in held))
        )

    def arguments(
        self, applications: Iterable[tuple[CallInstance, tuple[Given, ...]]], names: tuple[str, ...]
    ) -> tuple[tuple[Argument, ...], bool]:
        """The arguments of a call over all its contexts, and whether all were traced."""
        found: dict[tuple[str, Place], list[Argument]] = {}
        present: Counter[str] = Counter()
        contexts = 0
        complete = True
        for __, given in applications:
            expanded, traced = self.expand(given)
            complete = complete and traced
            contexts += 1
            positional = iter(names)
            present.update({item.name for item in expanded})
            for item in expanded:
                name = item.name or next(positional, "")
                argument = self.argument(item, name)
                if argument is not None and name:
                    found.setdefault((name, argument.place), []).append(argument)
        every = tuple(_joined(same) for same in found.values())
        return tuple(
            replace(one, always=one.always and present[one.name] in {0, contexts}) for one in every
        ), complete


def _is_id(field: str) -> bool:
    """Whether a field of an answer names something that OpenAI keeps."""
    return field == _ID or (field.endswith(_NAMES_KEPT) and not field.endswith(_NAMES_NOTHING))


def variables(held: Iterable[Value]) -> Iterator[Variable]:
    """The environment variables among some values, as a whole or as a part of one."""
    for value in held:
        match value:
            case Variable():
                yield value
            case Piece(of=Variable() as inner):
                yield inner


def _line(entry: Given) -> int:
    """The line of what puts an entry into a dictionary."""
    container = entry.container
    return container.span.line if isinstance(container, StatementRecord | Display) else 0


def _joined(same: list[Argument]) -> Argument:
    """One argument of several contexts: its value is known where all agree."""
    first = replace(same[0], read=any(one.read for one in same))
    if all(_equal(first.value, other.value) for other in same[1:]):
        return first
    return Argument(
        first.name,
        first.origin,
        first.place,
        first.container,
        first.spelled,
        always=all(other.always for other in same),
        read=first.read,
    )


def _equal(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)
