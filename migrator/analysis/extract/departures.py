"""Where the parts of an answer go: functions that are not followed, dictionaries, type tests."""

from __future__ import annotations

from collections.abc import Collection

from migrator.analysis import answers, library
from migrator.analysis.extract.containers import Containers
from migrator.analysis.extract.followed import is_followed, is_traced
from migrator.analysis.extract.ledger import Ledger, Step
from migrator.analysis.graph import MOST_WITH_ANSWERS
from migrator.analysis.instances import CallInstance, Frame, Given
from migrator.analysis.program import CallRecord, Passed
from migrator.analysis.shapes import Shape, shape, shape_of
from migrator.analysis.sites import Span
from migrator.analysis.values import Answer, Constant, External, Made, Method, Sequence, Value

# Functions that read an attribute by its name.
_BY_NAME = frozenset({"getattr", "hasattr"})
_LOGGING = "logging"  # what a logger is told, as by the functions of the module
_COUNTING = frozenset({"len", "bool", "any", "all"})


def note_departures(ledger: Ledger) -> None:
    """Take down every call that a part is handed to, and every dictionary it is spread into."""
    containers = Containers(ledger.solver, ledger.holds)
    for instances in ledger.solver.instances.values():
        for instance in instances:
            handed = [
                one for one in instance.given if ledger.holds(one.node) or containers.hold(one.node)
            ]
            if handed:
                _handed(ledger, containers, instance, handed)
    _spreads(ledger)
    for answer in ledger.solver.lost:
        ledger.lose(answer)
    for frame in ledger.solver.uncalled():
        _returned(ledger, containers, frame)


def _handed(
    ledger: Ledger, containers: Containers, instance: CallInstance, handed: list[Given]
) -> None:
    called = ledger.solver.values[instance.function]
    module = instance.key[0]
    if is_followed(called):
        # Whatever is done with its entries: only a mapping can be spread.
        handed = [one for one in handed if one.name == "**"]
        called = {}
    if not handed:
        return
    name = _name(ledger, module, instance.record, called)
    if name in _BY_NAME:
        _read_by_name(ledger, instance, name)
    elif name == "isinstance":
        _tested(ledger, instance)
    elif _is_adding(called):
        _added(ledger, module, instance, handed)
    elif asked := _asked(ledger, instance, called):
        _leaving(ledger, containers, module, *asked)
    elif not is_traced(called):
        for one in handed:
            if len(ledger.solver.values[one.node]) <= MOST_WITH_ANSWERS:
                _leaving(ledger, containers, module, one, name)


def _asked(
    ledger: Ledger, instance: CallInstance, called: Collection[Value]
) -> tuple[Given, str] | None:
    """What is handed, item by item, to a function that is not followed, and how that is written."""
    for value in called:
        if isinstance(value, External) and (found := library.asked(value.path, instance.given)):
            function, items = found
            held = ledger.solver.values[function.node]
            place = function.place
            none = any(isinstance(one, Constant) and one.value is None for one in held)
            if not (is_followed(held) or none or not isinstance(place, Passed)):
                return items, ledger.evidence.slice(instance.key[0], place.span)
    return None


def _read_by_name(ledger: Ledger, instance: CallInstance, form: str) -> None:
    """`getattr(answer, "name", default)` and `hasattr(answer, "name")`."""
    module, record = instance.key[0], instance.record
    if len(record.arguments) < 2:
        return
    base, name, *rest = record.arguments
    place = ledger.evidence.place
    step = Step(
        form,
        key_of(ledger, module, name),
        place(module, record.span),
        place(module, base.span),
        place(module, rest[0].span) if rest else None,
    )
    ledger.read([instance.given[0].node], step)


def key_of(ledger: Ledger, module: int, passed: Passed) -> str:
    """The step that an argument names, where it is a literal."""
    literals = ledger.solver.modules[module].literals
    written = (record.value for record in literals if record.span == passed.span)
    return answers.step_of(next(written, None))


def _tested(ledger: Ledger, instance: CallInstance) -> None:
    """`isinstance(answer, dict)`."""
    module, record = instance.key[0], instance.record
    if len(record.arguments) != 2:
        return
    tested, kind = record.arguments
    name = ledger.evidence.slice(module, kind.span)
    for key, answer, proven in ledger.parts([instance.given[0].node]):
        if shape(answer) is not Shape.LEAF:
            ledger.use(key, answer, module, tested.span, "isinstance", name, proven)


def _is_adding(called: Collection[Value]) -> bool:
    """Whether a call adds to a list of the program's own."""
    return bool(called) and all(
        isinstance(value, Method) and isinstance(value.owner, Sequence) and value.name == "append"
        for value in called
    )


def _added(ledger: Ledger, module: int, instance: CallInstance, handed: list[Given]) -> None:
    """`items.append(part)`: where an object inside an answer gets into a list by itself."""
    for one in handed:
        if isinstance(one.place, Passed):
            for key, answer, proven in ledger.parts([one.node]):
                if answer.path and shape(answer) is Shape.OBJECT:
                    ledger.use(key, answer, module, one.place.span, "added", "append", proven)


def _leaving(ledger: Ledger, containers: Containers, module: int, given: Given, name: str) -> None:
    if not isinstance(given.place, Passed):
        return
    span = given.place.span
    form = "spread" if given.name == "**" else "argument"
    for key, answer, proven in ledger.parts([given.node]):
        if not _is_plain(answer, name, proven):
            ledger.use(key, answer, module, span, form, name, proven)
    for one in containers.inside(given.node):
        # What lies in a dictionary that stands elsewhere may be read from it as well.
        here = one.display is not None and one.display == span
        home = module if one.span is None else one.module
        for key, answer, proven in ledger.parts([one.node]):
            if not _is_plain(answer, name, proven):
                ledger.use(key, answer, home, one.span or span, form, name, proven and here)


def _name(ledger: Ledger, module: int, record: CallRecord, called: Collection[Value]) -> str:
    """What is called: the canonical path of what is imported, else the name as written."""
    for value in called:
        if isinstance(value, External):
            path = value.path.removeprefix("builtins.")
            whole = library.matters(path.split(".")[0]) or not record.method
            return path if whole or value.path != path else f"{path}.{record.method}"
        if isinstance(value, Made) and value.path == _LOGGING:
            return f"{_LOGGING}.{record.method.rpartition('.')[2]}"
    return ledger.evidence.slice(module, record.function_span)


def _spreads(ledger: Ledger) -> None:
    """`dict(answer)` and `{**answer}`."""
    solver = ledger.solver
    for bag, sources in solver.part_spreads.items():
        match bag.key:
            case (int(module), int(index), int(base)):
                display = solver.modules[module].displays[index]
            case _:
                continue
        frame = ledger.frame_index(base)
        form, name = ("argument", "dict") if display.is_call else ("spread", "")
        for entry in display.entries:
            node = solver.resolve(entry.node, frame)
            if entry.key is None and node in sources:
                for key, answer, proven in ledger.parts([node]):
                    ledger.use(key, answer, module, entry.span, form, name, proven)


def _returned(ledger: Ledger, containers: Containers, frame: Frame) -> None:
    """What a function that nothing calls returns or yields to its callers elsewhere."""
    unit = ledger.solver.modules[frame.module].units[frame.unit]
    here = Span(unit.line, 0, unit.line, 0)
    for node in (frame.base + one for one in (unit.result, unit.yields) if one >= 0):
        parts = [(node, True), *((one.node, False) for one in containers.inside(node))]
        for inner, itself in parts:
            for key, answer, proven in ledger.parts([inner]):
                if shape(answer) is not Shape.LEAF:
                    known = proven and itself
                    ledger.use(key, answer, frame.module, here, "returned", unit.name, known)


def _is_plain(answer: Answer, name: str, proven: bool) -> bool:
    """Whether a part is a string or number, or a list that is none but a list to a function."""
    kind = shape(answer)
    if kind is Shape.UNKNOWN:
        return not proven
    if kind is Shape.LIST:
        inner = shape_of(answer.api, (*answer.path, answers.ANY), answer.streamed)
        return inner is Shape.LEAF or name in _COUNTING
    return kind is Shape.LEAF
