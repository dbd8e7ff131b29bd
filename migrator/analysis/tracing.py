"""Why a node holds a value, link by link: kept and told only where somebody asks for it.

A scan keeps the node that each value came from. `explain` also wants to know which value at which
node made another one arrive somewhere: that is kept here, at the cost of a slower run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any, cast

from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.instances import CallInstance, Frame
from migrator.analysis.program import CallRecord, Op, Parameter, Ref, Unit
from migrator.analysis.sites import Step
from migrator.analysis.solver import Solver
from migrator.analysis.values import (
    Bound,
    Class,
    Client,
    External,
    Function,
    Instance,
    Made,
    Member,
    Opaque,
    Partial,
    Value,
)
from migrator.language import _, marked

Hop = tuple[int, Value]
_LONGEST_WAY = 200
# Where an operation has the node that it writes.
_DESTINATIONS = {
    Op.COPY: 2, Op.SIFT: 2, Op.CONSTANT: 1, Op.LOAD: 3, Op.ITEM: 3, Op.ELEMENT: 2, Op.IMPORT: 1,
    Op.IMPORT_FROM: 1, Op.TYPED: 2, Op.ENTER: 2, Op.DECORATE: 3,
}  # fmt: skip
_BY_TYPE = marked("`{name}` is declared to be of its type")


class TracedSolver(Solver):
    """A solver that also keeps which value at which node made each value arrive where it is."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._causes: dict[Hop, Hop] = {}
        self._cause: Hop | None = None

    def add(self, node: int, value: Value, source: int = -1) -> None:
        if source < 0 and self._cause is not None and value not in self.values[node]:
            self._causes[node, value] = self._cause
        super().add(node, value, source)

    def watch(self, node: int, action: Callable[..., None], *arguments: Any) -> None:
        super().watch(node, self._hear, node, action, arguments)

    def later(self, action: Callable[[], None]) -> None:
        cause = self._cause
        super().later(lambda: self._because(cause, action))

    def cause(self, hop: Hop) -> Hop | None:
        """What made a value arrive at a node, where it did not come along an edge."""
        return self._causes.get(hop)

    def _hear(
        self, node: int, action: Callable[..., None], arguments: tuple[Any, ...], value: Value
    ) -> None:
        self._because((node, value), lambda: action(*arguments, value))

    def _because(self, cause: Hop | None, action: Callable[[], None]) -> None:
        before, self._cause = self._cause, cause
        try:
            action()
        finally:
            self._cause = before


class TracedEvidence(Evidence):
    """Evidence whose provenance tells every link: made, kept, returned, imported, handed in."""

    def way(self, node: int, value: Value) -> tuple[Step, ...]:
        way = self._hops(node, value)
        steps: list[Step] = []
        for before, hop in zip([None, *way], way, strict=False):
            for step in self._told(before, hop):
                if not steps or steps[-1] != step:
                    steps.append(step)
        return tuple(steps)

    def _hops(self, node: int, value: Value) -> list[Hop]:
        """The nodes that a value came along, its origin first."""
        assert isinstance(self.solver, TracedSolver)
        way: dict[Hop, None] = {}
        hop: Hop | None = (self._start(node, value), value)
        while hop is not None and hop not in way and len(way) < _LONGEST_WAY:
            way[hop] = None
            source = self.solver.source(*hop)
            hop = (source, hop[1]) if source >= 0 else self.solver.cause(hop)
        return list(reversed(way))

    def _start(self, node: int, value: Value) -> int:
        """Where a value is that is called through something else, handed on or bound with more."""
        if value in self.solver.values[node]:
            return node
        given = [item.node for one in self._calls_of[node] for item in one.given]
        given += [
            item.node
            for held in (node, *given)
            for one in self.solver.held(held, Partial)
            for item in self.solver.partials[one.call].given
        ]
        return next((one for one in given if value in self.solver.values[one]), node)

    @cached_property
    def _calls_of(self) -> defaultdict[int, list[CallInstance]]:
        """The calls of what a node holds."""
        found: defaultdict[int, list[CallInstance]] = defaultdict(list)
        for instances in self.solver.instances.values():
            for one in instances:
                found[one.function].append(one)
        return found

    # -- what a node is ------------------------------------------------------------------------

    @cached_property
    def _written(self) -> dict[tuple[int, int], dict[int, tuple[object, ...]]]:
        return {}

    def _unit(self, frame: Frame) -> Unit:
        return self.solver.modules[frame.module].units[frame.unit]

    def _operation(self, frame: Frame, node: int) -> tuple[object, ...] | None:
        """The operation that writes a node of a frame; a call's record stands in its place."""
        key = (frame.module, frame.unit)
        if key not in self._written:
            calls = self.solver.modules[frame.module].calls
            found: dict[int, tuple[object, ...]] = {}
            for operation in self._unit(frame).operations:
                operator = cast(Op, operation[0])
                if operator is Op.CALL:
                    record = calls[cast(int, operation[1])]
                    found[cast(int, record.result)] = (operator, record)
                elif operator in _DESTINATIONS:
                    found.setdefault(cast(int, operation[_DESTINATIONS[operator]]), operation)
            self._written[key] = found
        return self._written[key].get(node - frame.base)

    def _name(self, frame: Frame) -> str:
        """The name of a function, with its class."""
        unit = self._unit(frame)
        if unit.class_index is None:
            return unit.name
        return f"{self.solver.modules[frame.module].classes[unit.class_index].name}.{unit.name}"

    # -- in words ------------------------------------------------------------------------------

    def _told(self, before: Hop | None, hop: Hop) -> Iterator[Step]:
        """What happened where a value came to a node from another."""
        node, value = hop
        frame = self.solver.frame_around(node)
        if frame is None:
            yield from self._of_program(before, node)
            return
        unit, local = self._unit(frame), node - frame.base
        path = self.path(frame.module)
        parameter = next((one for one in unit.parameters if one.node == local), None)
        if parameter is not None:
            yield from self._handed(before, frame, parameter)
        elif local == unit.result:
            yield Step(path, unit.line, _("returned by `{name}`", name=self._name(frame)))
        else:
            yield from self._of_operation(before, frame, node, value)

    def _of_operation(
        self, before: Hop | None, frame: Frame, node: int, value: Value
    ) -> Iterator[Step]:
        path = self.path(frame.module)
        label = self.solver.label(node)
        match self._operation(frame, node):
            case (Op.CALL, CallRecord() as record):
                yield Step(path, record.span.line, self._given_by(before, record, value))
            case (Op.IMPORT_FROM, _, str(dotted), int(level), str(name)) if label:
                yield Step(
                    path,
                    label[1],
                    _("imports `{name}` from {module}", name=name, module="." * level + dotted),
                )
            case (Op.IMPORT, _, str(dotted), _) if label:
                yield Step(path, label[1], _("imports {name}", name=dotted))
            case (Op.LOAD, _, str(name), _) if label:
                if not isinstance(value, Member | External | Opaque) and not name.startswith("__"):
                    yield Step(path, label[1], _("read as `.{name}`", name=name))
            case (Op.TYPED, *_) if label:
                yield Step(path, label[1], _(_BY_TYPE, name=label[2]))
            case _ if label and label[1] and label[2]:
                if not isinstance(value, Opaque) or before is None:
                    yield Step(path, label[1], _("held by `{name}`", name=label[2]))

    def _given_by(self, before: Hop | None, record: CallRecord, value: Value) -> str:
        called = ".".join(filter(None, (record.root, record.method)))
        made = before is not None and before[1] is not value
        match value:
            case Client(class_path=of) if made:
                return _("makes a client, {name}", name=of)
            case Made(path=of) if made:
                return _("`{called}(…)` makes a {of}", called=called, of=of)
            case Opaque() if made:
                return _("`{called}(…)` gives what is not followed", called=called)
        return _("`{called}(…)` gives it", called=called)

    def _handed(self, before: Hop | None, frame: Frame, parameter: Parameter) -> Iterator[Step]:
        """What a parameter is given: an argument, its default, an instance, or nothing known."""
        unit, name = self._unit(frame), self._name(frame)
        path = self.path(frame.module)
        if before is None:
            yield Step(
                path,
                unit.line,
                _(
                    "parameter `{parameter}` of `{name}`, which nothing calls",
                    parameter=parameter.name,
                    name=name,
                ),
            )
            return
        home = self.solver.frame_around(before[0])
        if home is None:
            return
        record = self._call_with(home, before[0], frame)
        if record is not None:
            said = _("handed to `{name}` as `{parameter}`", name=name, parameter=parameter.name)
            yield Step(self.path(home.module), record.span.line, said)
        elif parameter.default is not None:
            yield Step(
                path,
                unit.line,
                _("the default of `{parameter}` of `{name}`", parameter=parameter.name, name=name),
            )

    def _is(self, ref: object, frame: Frame, node: int) -> bool:
        return isinstance(ref, int) and frame.base + ref == node

    def _call_with(self, home: Frame, node: int, entered: Frame) -> CallRecord | None:
        """The call in a frame that hands a node's value to a function."""
        calls = self.solver.modules[home.module].calls
        handing = [
            record
            for operation in self._unit(home).operations
            if operation[0] is Op.CALL
            for record in (calls[cast(int, operation[1])],)
            if any(self._means(passed.node, home) == node for passed in record.arguments)
        ]
        return next((one for one in handing if self._calls(one, home, entered)), None)

    def _means(self, ref: object, home: Frame) -> int:
        """The node that a reference in a frame means."""
        return self.solver.resolve(cast(Ref, ref), self.solver.frame_number(home.base))

    def _calls(self, record: CallRecord, home: Frame, entered: Frame) -> bool:
        """Whether a call is one of a function, a method, or the class that it initializes."""
        unit = self._unit(entered)
        for value in self.solver.values[self._means(record.function, home)]:
            match value:
                case (
                    Function(module=module, unit=number)
                    | Bound(function=Function(module=module, unit=number))
                ):
                    if (module, number) == (entered.module, entered.unit):
                        return True
                case Class() | Instance() | Partial():
                    return unit.class_index is not None or isinstance(value, Partial)
        return False

    def _of_program(self, before: Hop | None, node: int) -> Iterator[Step]:
        """Where something is kept: as an attribute, in a dictionary, on what is no class here."""
        label = self.solver.label(node)
        written = self._statement(before[0]) if before is not None else None
        if label and label[2]:
            module, line, name = label
            where = written or Step(self.path(module), self._field_line(module, line, name), "")
            yield replace(where, what=_("kept as `{name}`", name=name))
        elif written is not None:
            yield written

    def _field_line(self, module: int, line: int, name: str) -> int:
        """The line of a class's field; that of its class where the field is not written there."""
        lines = (
            field.span.line
            for record in self.solver.modules[module].classes
            if record.line == line
            for field in record.fields
            if f"{record.name}.{field.name}" == name
        )
        return next(lines, line)

    def _statement(self, node: int) -> Step | None:
        """The assignment to an attribute or an item that keeps what a node holds."""
        frame = self.solver.frame_around(node)
        if frame is None:
            return None
        statements = self.solver.modules[frame.module].statements
        for operation in self._unit(frame).operations:
            if operation[0] in (Op.STORE, Op.SET_ITEM):
                source, index = operation[3], cast(int, operation[4])
                if index >= 0 and self._is(source, frame, node):
                    found = statements[index]
                    target = self.slice(frame.module, found.span).partition("=")[0].strip()
                    said = _("kept as `{target}`", target=target)
                    return Step(self.path(frame.module), found.span.line, said)
        return None
