"""What each operation of a unit does where the solver carries it out: a function for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from migrator.analysis import answers, configuration, library, surface
from migrator.analysis.filling import by_percent, join, join_from
from migrator.analysis.graph import LOADED
from migrator.analysis.instances import CallInstance, Given
from migrator.analysis.program import Entry, Op, Parameter, Ref
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
    Module,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from migrator.analysis.solver import Solver


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
    loaded = (LOADED,) if solver.modules[home.module].is_document else ()
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


CARRY_OUT: dict[Op, Callable[..., Any]] = {
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
