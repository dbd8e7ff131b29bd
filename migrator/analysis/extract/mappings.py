"""Of what a literal names an item: of the environment, or of something that the program fills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import Enum, auto
from functools import cached_property
from typing import cast

from migrator.analysis import library
from migrator.analysis.extract import lookups
from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.program import Entry, Op, Passed, Ref
from migrator.analysis.values import Bag, External, Instance, Made, Value

LiteralKey = tuple[int, int]
_ITEMS = frozenset({"item", "compare", "assert"})
_CONTEXTS = _ITEMS | {f"argument of {method}" for method in lookups.METHODS}


class Owner(Enum):
    """Whose the name of an item is."""

    ENVIRONMENT = auto()
    PROGRAM = auto()  # nobody but the program itself puts something under the name
    UNKNOWN = auto()


class Mappings:
    """The mappings of a program, by the literals that name their items."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._solver = evidence.solver
        self._bases: dict[int, dict[int, list[int]]] = {}

    def owner(self, literal: LiteralKey) -> Owner | None:
        """Whose the name is that a literal says; None where it names no item."""
        module, index = literal
        record = self._solver.modules[module].literals[index]
        if record.context not in _CONTEXTS:
            return None
        bases = self._bases_of(module, index)
        if not bases:
            return None
        name = str(record.value)
        values = [value for node in bases for value in self._solver.values[node]]
        if any(self.is_environment(value, name) for value in values):
            return Owner.ENVIRONMENT
        filled = any(self.is_filled(value, name) for value in values)
        named = literal in self._solver.entry_names
        if filled or named:
            return Owner.PROGRAM
        # `assert "NAME" in result.message` is a test of what is said of the variable.
        return Owner.UNKNOWN if record.context != "assert" else None

    def is_filled(self, value: Value, name: str) -> bool:
        """Whether the program puts something under a name on something outside of it."""
        return isinstance(value, External | Made) and self._solver.is_filled(value.path, name)

    def is_environment(self, value: Value, name: str) -> bool:
        """Whether what something has under a name is a variable of the environment."""
        match value:
            case External(path=path) | Made(path=path):
                return library.is_of_environment(path)
            case Instance():
                return value in self._readers
            case Bag():
                # What a display puts under the name may be meant for another program.
                entries = (one for one in self._solver.entries(value) if one.name == name)
                shown = any(isinstance(one.place, Entry) for one in entries)
                return not shown and (value in self._exported or self._is_copy(value))
        return False

    def _is_copy(self, bag: Bag) -> bool:
        """Whether the environment is spread into a dictionary."""
        spread = (
            one for node in self._solver.spread_into(bag) for one in self._solver.values[node]
        )
        return any(
            library.is_of_environment(one.path)
            for one in spread
            if isinstance(one, External | Made)
        )

    @cached_property
    def _exported(self) -> frozenset[Bag]:
        """The dictionaries that the environment is updated by."""
        nodes = (
            item.node
            for applications in self._solver.requests.values()
            for value, _instance, given in applications.values()
            if isinstance(value, External) and library.is_of_environment(value.path)
            for item in given
        )
        return frozenset(bag for node in nodes for bag in self._solver.held(node, Bag))

    @cached_property
    def _readers(self) -> frozenset[Instance]:
        """The objects of the program's own classes that variables are read by as items."""
        nodes = (
            node for module, index in self._solver.reads for node in self._bases_of(module, index)
        )
        return frozenset(one for node in nodes for one in self._solver.held(node, Instance))

    def _bases_of(self, module: int, index: int) -> list[int]:
        """The nodes of the mappings of which a literal names an item."""
        if module not in self._bases:
            self._bases[module] = self._bases_in(module)
        return self._bases[module].get(index, [])

    def _bases_in(self, module: int) -> dict[int, list[int]]:
        """The nodes of the mappings of a file, by the literals that name items of theirs."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for index, unit, base in self._items(module):
            found[index] += self._evidence.nodes(module, unit, base)
        literals = self._solver.modules[module].literals
        written = {record.span: index for index, record in enumerate(literals)}
        for key, base in self._asked(module):
            if key.span in written:
                found[written[key.span]].append(base)
        return dict(found)

    def _items(self, module: int) -> Iterator[tuple[int, int, Ref]]:
        """`mapping["NAME"]`, `mapping["NAME"] = value`, `"NAME" in mapping`."""
        for unit, record in enumerate(self._solver.modules[module].units):
            for operation in record.operations:
                match operation:
                    case (Op.ITEM, base, str(), _, int(index), *_) if index >= 0:
                        yield index, unit, cast(Ref, base)
                    case (Op.SET_ITEM, base, int(index), *_) if index >= 0:
                        yield index, unit, cast(Ref, base)

    def _asked(self, module: int) -> Iterator[tuple[Passed, int]]:
        """`mapping.get("NAME")`: the argument, and the node of the mapping."""
        for index, call in enumerate(self._solver.modules[module].calls):
            if call.arguments and call.method.rpartition(".")[2] in lookups.METHODS:
                for instance in self._solver.instances.get((module, index), ()):
                    base = self._solver.bases.get(instance.function)
                    if base is not None:
                        yield call.arguments[0], base
