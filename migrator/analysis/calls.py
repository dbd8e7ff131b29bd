"""What attributes and calls mean, by the kind of value they are read from or made on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from migrator.analysis import answers, configuration, files, library, surface
from migrator.analysis.loaded import EXPORT
from migrator.analysis.program import Parameter, Signature, Unit
from migrator.analysis.values import (
    Alias,
    Answer,
    Bag,
    Bound,
    Class,
    Client,
    Composed,
    Constant,
    Encoded,
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
    Super,
    Value,
    Variable,
)

if TYPE_CHECKING:
    from migrator.analysis.instances import CallInstance, Given
    from migrator.analysis.solver import Solver

# Arguments of a derived client that say where it goes: it is a client of its own then.
AIMS = frozenset({"base_url", "api_key"})
# A dotted path that keeps growing (x.a().b().c()…) says nothing more after this many parts.
_LONGEST_PATH = 12
# Of a text that stands nowhere in the source.
_NOWHERE = (-1, -1)


def instance_of(solver: Solver, value: Value, target: int) -> None:
    """Let `target` hold an instance of the class that an annotation names."""
    match value:
        case External(path=path):
            if found := surface.client_class(solver.external(path).path):
                solver.add(target, solver.intern(Client, found.name, None))
            elif path not in _PLAIN_TYPES:
                solver.add(target, solver.intern(Made, path, (-1, -1)))
        case Class():
            solver.add(target, solver.intern(Instance, value))
            for base in _client_bases(solver, value):
                solver.add(target, solver.intern(Client, base, None))
        case Alias(node=node):
            solver.connect(node, target)
        case Sequence():  # `except (RateLimitError, APIError) as error`
            for item in solver.items(value):
                solver.watch(item, give_instance, solver, target)


def give_instance(solver: Solver, target: int, value: Value) -> None:
    """`instance_of`, as what is done with each class that a node holds."""
    instance_of(solver, value, target)


_PLAIN_TYPES = frozenset(
    f"builtins.{name}"
    for name in (
        "str",
        "int",
        "float",
        "bool",
        "dict",
        "list",
        "object",
        "tuple",
        "set",
        "bytes",
        "None",
    )
) | {"typing.Any", "typing.Optional", "typing.Callable"}


def _client_bases(solver: Solver, of: Class) -> Iterable[str]:
    """The client classes that a class of the repository derives from."""
    for path in list(solver.external_bases[of]):
        if found := surface.client_class(solver.external(path).path):
            yield found.name


# -- attributes -------------------------------------------------------------------------------


def load(solver: Solver, value: Value, name: str, target: int) -> None:
    """Let `target` hold what `value.name` is."""
    match value:
        case External() if configuration.is_read(solver, value):
            solver.connect(configuration.setting(solver, configuration.DJANGO, name), target)
        case External(path=path) | Made(path=path) if configuration.of_application(path, name):
            solver.add(target, solver.intern(Made, configuration.FLASK, (-1, -1)))
        case External(path=path):
            solver.find_kept(path, name, target)
            if library.may_hold_a_client(path, name):
                solver.add(target, solver.opaque)
            elif not library.matters(path.split(".", 1)[0]):
                solver.add(target, value)
            elif path.count(".") < _LONGEST_PATH:
                found = f"{path.removesuffix('.*')}.{name}"
                solver.add(target, solver.external(found, value.through))
        case Module(key=key):
            solver.module_attribute(key, name, target)
        case Client():
            _load_member(solver, value, name, target)
        case Member(client=client, path=path):
            _load_member(solver, client, f"{path}.{name}", target)
        case Instance(of=owner):
            _load_from_instance(solver, value, owner, name, target)
        case Class():
            _load_from_class(solver, value, name, target)
        case Super(of=owner, owner=instance):
            _load_from_super(solver, owner, instance, name, target)
        case Made(path=library.NAMESPACE, origin=origin):
            solver.connect(solver.option(origin, name), target)
        case Made(path=files.PARSER, origin=origin) if name.startswith("["):
            held = solver.option(origin, EXPORT)
            solver.watch(held, lambda one: files.entry(solver, one, name[1:-1], target))
        case Made(path=path, origin=origin):
            solver.find_kept(path, name, target)
            if library.may_hold_a_client(path, name):
                solver.add(target, solver.opaque)
            elif surface.drop_in(f"{path}.{name}"):
                solver.add(target, solver.external(f"{path}.{name}"))
            elif "." not in path and not library.matters(path) and not library.hands_on(name):
                solver.add(target, value)
            elif path.count(".") < _LONGEST_PATH:
                solver.add(target, solver.intern(Made, f"{path}.{name}", origin))
        case Constant() if name in files.METHODS | files.SAME_PATH:
            solver.add(target, solver.intern(Method, value, name))
        case Constant(value=held) if name not in _OF_MEMBERS and not hasattr(held, name):
            pass  # it raises
        case Bag() if name not in library.METHODS and solver.is_loaded(value):
            files.entry(solver, value, name, target)
        case Bag() | Sequence() | Piece() | Variable() | Constant() | Composed() | Encoded():
            known = name in library.METHODS
            solver.add(target, solver.intern(Method, value, name) if known else solver.opaque)
            if name == "value" and isinstance(value, Constant):
                solver.add(target, value)  # the value of an Enum member
        case Function() if name in library.SENT_ELSEWHERE:
            solver.add(target, value)
        case Function():
            solver.connect(solver.kept((value.module, value.unit), name), target)
        case Partial(function=function):
            if name == "func":
                solver.add(target, function)
        case Answer():
            answers.load(solver, value, name, target)
        case Opaque():
            solver.add(target, value)


# What the members of an Enum have.
_OF_MEMBERS = frozenset({"name", "value"})


def _load_member(solver: Solver, client: Client, path: str, target: int) -> None:
    plain = without_raw(path)
    own = surface.layered(solver.layers.get(client.origin, {}), plain)
    known = surface.is_resource(plain) or surface.method(plain)
    if "." not in path and not surface.is_resource(plain) and not own:
        solver.asked[client.origin].add(path)
    if known or own or path != plain or path in {"__enter__", "__aenter__"}:
        solver.add(target, solver.intern(Member, client, path))
        return
    found = surface.client_class(client.class_path)
    if found is not None and path in found.client_methods:
        solver.add(target, solver.intern(Member, client, path))
    elif client.origin is not None and path in AIMS and solver.has_option(client.origin, path):
        solver.connect(solver.option(client.origin, path), target)
    elif client.origin is not None:
        # Where only a type says that it is a client, the class may have attributes of its own.
        solver.add(target, solver.opaque)


def without_raw(path: str) -> str:
    """A method path without `with_raw_response` and its likes."""
    raw = surface.RAW_PREFIXES
    return ".".join(part for part in path.split(".") if part not in raw)


def _load_from_instance(
    solver: Solver, instance: Instance, owner: Class, name: str, target: int
) -> None:
    node, first = solver.loaded(instance, name)
    solver.connect(node, target)
    if not first:
        return
    if name == "__class__":
        solver.add(node, owner)

    solver.watch_attribute(owner, name, _find_in_instance, solver, instance, node)
    for path in list(solver.external_bases[owner]):
        solver.add(node, library.inherited(solver, path, name))
    own = any(name in _names(solver, member) for member in solver.ancestors(owner))
    for base in () if own else _client_bases(solver, owner):
        _load_member(solver, solver.intern(Client, base, None), name, node)
    if not own and not name.startswith("_"):
        solver.watch_attribute(owner, "__getattr__", _ask_for, solver, instance, name, node)


def _find_in_instance(
    solver: Solver, instance: Instance, target: int, member: Class, held: int
) -> None:
    receivers = _receivers(solver, instance, member)
    solver.watch(held, _bind_each, solver, receivers, target)


def _bind_each(solver: Solver, receivers: tuple[Instance, ...], target: int, value: Value) -> None:
    if not isinstance(value, Function):
        solver.add(target, value)
        return
    for receiver in receivers:
        _bind(solver, value, receiver, target)


def _ask_for(
    solver: Solver, instance: Instance, name: str, target: int, member: Class, held: int
) -> None:
    """`__getattr__(self, name)`, where it hands on what another object has by that name."""

    def hand_on(value: Value) -> None:
        if isinstance(value, Client | Member | Function | Bound | Instance | Class):
            solver.add(target, value)

    def ask(value: Value) -> None:
        key = solver.intern(Constant, name, _NOWHERE)
        if (given := _asked_by_name(solver, value, instance, key)) is not None:
            solver.watch(given, hand_on)

    if member in solver.ancestors(instance.of):
        solver.watch(held, ask)


def ask_for_item(solver: Solver, instance: Instance, key: Constant, target: int) -> None:
    """`instance["name"]`: what `__getitem__(self, key)` of its class gives."""

    def ask(value: Value) -> None:
        if (given := _asked_by_name(solver, value, instance, key)) is not None:
            solver.connect(given, target)

    def find(member: Class, held: int) -> None:
        if member in solver.ancestors(instance.of):
            solver.watch(held, ask)

    solver.watch_attribute(instance.of, "__getitem__", find)


def _asked_by_name(solver: Solver, method: Value, instance: Instance, key: Constant) -> int | None:
    """The node of what a method gives that an instance is asked by for a name; None for no such."""
    if not (isinstance(method, Function) and len(solver.unit(method).parameters) > 1):
        return None
    frame, unit = solver.frames[solver.named_frame(method, str(key.value))], solver.unit(method)
    own, asked, *_ = unit.parameters
    solver.add(frame.base + own.node, instance)
    solver.add(frame.base + asked.node, key)
    return frame.base + unit.result


def _receivers(solver: Solver, instance: Instance, member: Class) -> tuple[Instance, ...]:
    """What a method of a class of the family is called on, where an instance is asked for it.

    A class below the instance's own is only met in instances of its own, and a class beside it in
    those of the classes that derive from both.
    """
    owner = instance.of
    if member in solver.ancestors(owner):
        return (instance,)
    if owner in solver.ancestors(member):
        return (solver.intern(Instance, member),)
    both = [one for one in solver.descendants(owner) if member in solver.ancestors(one)]
    return tuple(solver.intern(Instance, one) for one in both)


def _bind(solver: Solver, function: Function, instance: Instance, node: int) -> None:
    """What a function of a class is on an instance: a method, or a property's value."""
    unit = solver.unit(function)
    kind = _decoration(unit)
    if unit.class_index is None or kind == "static":
        solver.add(node, function)
    elif kind == "property":
        frame = solver.frames[solver.shared_frame(function)]
        if unit.parameters:
            solver.add(frame.base + unit.parameters[0].node, instance)
        solver.connect(frame.base + unit.result, node)
    else:
        receiver: Value = instance.of if kind == "class" else instance
        solver.add(node, solver.intern(Bound, function, receiver))


def _names(solver: Solver, of: Class) -> frozenset[str]:
    return solver.modules[of.module].classes[of.index].names


def _decoration(unit: Unit) -> str:
    names = {name.rpartition(".")[2] for name in unit.decorators}
    if names & _PROPERTIES:
        return "property"
    if "staticmethod" in names:
        return "static"
    if "classmethod" in names or unit.name in {"__new__", "__init_subclass__"}:
        return "class"
    return ""


_PROPERTIES = frozenset(
    {"property", "cached_property", "hybrid_property", "computed_field", "lazyproperty"}
)


def _load_from_class(solver: Solver, owner: Class, name: str, target: int) -> None:
    node, first = solver.loaded(owner, name)
    solver.connect(node, target)
    if first:
        solver.watch_attribute(owner, name, _find_in_class, solver, owner, node)


def _find_in_class(solver: Solver, owner: Class, target: int, member: Class, held: int) -> None:
    def bind(value: Value) -> None:
        kind = _decoration(solver.unit(value)) if isinstance(value, Function) else None
        if kind == "class":
            solver.add(target, solver.intern(Bound, value, owner))
        elif kind != "" or member in solver.ancestors(owner):
            solver.add(target, value)  # `Base.method(self)` is no method of a class below it

    solver.watch(held, bind)


def _load_from_super(solver: Solver, owner: Class, instance: Value, name: str, target: int) -> None:
    solver.watch_attribute(owner, name, _find_above, solver, owner, instance, target)
    if name == "__new__":
        solver.add(target, solver.intern(External, library.NEW))
    for path in list(solver.external_bases[owner]):
        solver.add(target, solver.external(f"{path}.{name}"))
    for base in _client_bases(solver, owner):
        # `super().create` in a subclass of a client is the client's own.
        _load_member(solver, solver.intern(Client, base, None), name, target)


def _find_above(
    solver: Solver, owner: Class, instance: Value, target: int, member: Class, held: int
) -> None:
    if member is not owner and member in solver.ancestors(owner):
        solver.watch(held, _bind_to, solver, instance, target)


def _bind_to(solver: Solver, instance: Value, target: int, value: Value) -> None:
    bound = solver.intern(Bound, value, instance) if isinstance(value, Function) else value
    solver.add(target, bound)


# -- calls ------------------------------------------------------------------------------------


def call(solver: Solver, value: Value, instance: CallInstance) -> None:
    """Carry out a call of `value`."""
    apply(solver, value, instance, instance.given)


def apply(solver: Solver, value: Value, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """Call `value` with the given arguments, on behalf of a call in the source."""
    match value:
        case Function():
            _enter_function(solver, value, None, instance, given)
        case Bound(function=function, owner=owner):
            _enter_function(solver, function, owner, instance, given)
        case Class():
            _construct(solver, value, instance, given)
        case External():
            _call_external(solver, value, instance, given)
        case Made(path=path, origin=origin):
            solver.request(value, instance, given)
            library.call_made(solver, path, origin, instance, given)
        case Member(client=client, path=path):
            solver.request(value, instance, given)
            if path in {"__enter__", "__aenter__"}:
                solver.add(instance.result, client)
            elif path in surface.deriving_methods():
                aimed = any(item.name in AIMS for item in given)
                made = solver.intern(Client, client.class_path, instance.key)
                solver.add(instance.result, made if aimed else client)
            else:
                _answer(solver, without_raw(path), instance)
        case Method(owner=owner, name=name):
            library.call_method(solver, owner, name, instance, given)
        case Partial(function=function, call=index):
            bound = solver.partials[index]
            apply(solver, function, instance, (*bound.given[1:], *given))
        case Instance():
            method = solver.node()
            load(solver, value, "__call__", method)
            solver.watch(method, lambda found: apply(solver, found, instance, given))
        case Answer():
            answers.call(solver, value, instance, given)
        case Opaque():
            library.call_unknown(solver, instance, given)


def _answer(solver: Solver, api: str, instance: CallInstance) -> None:
    """Let a call give what a request answers."""
    origin = written_at(solver, instance).key
    solver.add(instance.result, solver.intern(Answer, origin, api, (), False))


def written_at(solver: Solver, instance: CallInstance) -> CallInstance:
    """The call that a request is written as: `retry(create, model=…)` for `f(*args, **kwargs)`."""
    while (caller := solver.callers.get(instance.frame)) is not None:
        frame = solver.frames[instance.frame]
        unit = solver.modules[frame.module].units[frame.unit]
        record = instance.record
        handed = not record.method and record.root in {one.name for one in unit.parameters}
        if not handed or any(one.name not in {"*", "**"} for one in record.arguments):
            break
        instance = caller
    return instance


def _call_external(
    solver: Solver, value: External, instance: CallInstance, given: tuple[Given, ...]
) -> None:
    path = value.path
    solver.request(value, instance, given)
    if found := surface.client_class(path):
        if value.through:
            solver.layers[instance.key][value.through] = None
        for item in given:
            if item.name in AIMS:
                solver.connect(item.node, solver.option(instance.key, item.name))
        solver.add(instance.result, solver.intern(Client, found.name, instance.key))
        return
    inside = path.removeprefix("openai.")
    if inside != path and (surface.method(without_raw(inside)) or surface.legacy_call(inside)):
        _answer(solver, without_raw(inside), instance)
        return
    library.call_external(solver, path, instance, given)


def _construct(solver: Solver, of: Class, instance: CallInstance, given: tuple[Given, ...]) -> None:
    solver.request(of, instance, given)
    if not _TYPED_DICTS.isdisjoint(solver.external_bases[of]):
        library.mapping(solver, instance, given)
        return
    if any(path.startswith(_ENUMS) for path in solver.external_bases[of]):
        from migrator.analysis.operations import iterate

        # `Color("red")` looks a member up by its value, which names what the member is worth.
        iterate(solver, of, instance.result)
        for item in given[:1]:
            solver.connect(item.node, instance.result)
        return
    made = solver.intern(Instance, of)
    solver.add(instance.result, made)
    has_initializer = False
    for member in solver.ancestors(of):
        names = solver.modules[member.module].classes[member.index].names
        has_initializer = has_initializer or "__init__" in names

    def enter(receiver: Value, member: Class, held: int) -> None:
        def call(value: Value) -> None:
            if isinstance(value, Function):
                _enter_function(solver, value, receiver, instance, given)

        if member in solver.ancestors(of):
            solver.watch(held, call)

    solver.watch_attribute(of, "__init__", enter, made)
    solver.watch_attribute(of, "__new__", enter, of)
    if not has_initializer:
        _fill_fields(solver, of, given)
    for base in _client_bases(solver, of):
        solver.add(instance.result, solver.intern(Client, base, instance.key))


_ENUMS = "enum."
_TYPED_DICTS = frozenset({"typing.TypedDict", "typing_extensions.TypedDict"})


def _fill_fields(solver: Solver, of: Class, given: tuple[Given, ...]) -> None:
    """Bind the arguments of a dataclass's or model's construction to its fields."""
    positional = iter(solver.fields(of))
    for argument in given:
        if argument.name == "":
            name = next(positional, None)
            if name is not None:
                solver.connect(argument.node, solver.attribute(of, name))
        elif argument.name not in {"*", "**"}:
            solver.connect(argument.node, solver.attribute(of, argument.name))
        elif argument.name == "**":
            solver.watch(
                argument.node,
                lambda value: (
                    solver.each_entry(
                        value,
                        lambda entry: solver.connect(entry.node, solver.attribute(of, entry.name)),
                    )
                    if isinstance(value, Bag)
                    else None
                ),
            )


# -- entering a function of the repository ----------------------------------------------------


def _enter_function(
    solver: Solver,
    function: Function,
    owner: Value | None,
    instance: CallInstance,
    given: tuple[Given, ...],
) -> None:
    frame = solver.frames[solver.frame_for(function, instance)]
    unit = solver.unit(function)
    signature = unit.signature
    if owner is not None and unit.parameters and unit.parameters[0].kind == "positional":
        solver.add(frame.base + unit.parameters[0].node, owner)
        signature = unit.signature_of_method
    # What another instance is asked for is handed in as it was by the first.
    if solver.first_time(signature, frame.base, instance.result, given):
        binding = _Binding(solver, function, frame.base, signature)
        for argument in given:
            binding.bind(argument)
        solver.connect(solver.outcome(unit, frame), instance.result)


class _Binding:
    """Arguments to parameters, in one frame."""

    __slots__ = ("_base", "_key", "_next", "_rest_of_names", "_signature", "_solver")

    def __init__(self, solver: Solver, function: Function, base: int, signature: Signature) -> None:
        self._solver = solver
        self._base = base
        self._key = ("parameter", function.module, function.unit, base)
        self._signature = signature
        self._next = 0
        # A call that gives nothing more is known to give nothing more.
        if signature.star is not None:
            self._rest(signature.star)
        self._rest_of_names = self._named_rest(signature.double) if signature.double else None

    def bind(self, argument: Given) -> None:
        match argument.name:
            case "":
                self._bind_position(argument.node)
            case "*":
                self._bind_star(argument.node)
            case "**":
                self._solver.watch(argument.node, self._bind_mapping)
            case _:
                self._bind_name(argument)

    def _bind_position(self, node: int) -> None:
        positional, star = self._signature.positional, self._signature.star
        if self._next < len(positional):
            self._solver.connect(node, self._base + positional[self._next].node)
            self._next += 1
        elif star is not None:
            self._solver.connect(node, self._solver.element_node(self._rest(star)))

    def _rest(self, star: Parameter) -> Sequence:
        rest = self._solver.sequence(*self._key, "*")
        self._solver.add(self._base + star.node, rest)
        return rest

    def _bind_star(self, node: int) -> None:
        solver = self._solver
        element = solver.node()
        solver.watch(node, _spread, solver, element)
        for parameter in self._signature.positional[self._next :]:
            solver.connect(element, self._base + parameter.node)
        if self._signature.star is not None:
            solver.connect(element, solver.element_node(self._rest(self._signature.star)))

    def _bind_mapping(self, value: Value) -> None:
        if isinstance(value, Bag):
            # Whichever call hands it on: the frame's parameters are the same.
            if self._solver.first_time(self._key, value):
                self._solver.each_entry(value, self._bind_name)
        elif self._signature.double is not None:
            self._solver.add(self._base + self._signature.double.node, value)

    def _bind_name(self, argument: Given) -> None:
        parameter = self._signature.named.get(argument.name)
        if parameter is not None:
            self._solver.connect(argument.node, self._base + parameter.node)
        elif self._rest_of_names is not None:
            self._solver.put(self._rest_of_names, argument)

    def _named_rest(self, double: Parameter) -> Bag:
        bag = self._solver.bag(*self._key, "**")
        self._solver.add(self._base + double.node, bag)
        return bag


def _spread(solver: Solver, element: int, value: Value) -> None:
    if isinstance(value, Sequence | Answer):
        library.iterate_into(solver, element, value)
    else:
        solver.add(element, solver.opaque)
