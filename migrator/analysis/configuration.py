"""Settings that a framework keeps for a whole program: Django's `settings`, Flask's `app.config`.

Whatever one part of the program puts in under a name, every other part may be given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from migrator.analysis.values import (
    Bag,
    Class,
    Constant,
    External,
    Instance,
    Module,
    Value,
)

if TYPE_CHECKING:
    from migrator.analysis.instances import CallInstance, Given
    from migrator.analysis.solver import Solver

DJANGO = "django.conf.settings"
FLASK = "flask.config"
_FLASK_METHODS = FLASK + "."
# What has Flask's settings as its attribute `config`.
_APPLICATIONS = frozenset(
    f"{package}{name}"
    for package in ("flask", "quart")
    for name in ("", ".Flask", ".Quart", ".current_app")
)
_OVERRIDES = frozenset({"django.test.override_settings", "django.test.utils.override_settings"})


@dataclass(slots=True)
class Store:
    """The node of every setting that was asked for, and what all of them are looked up in."""

    names: dict[str, int] = field(default_factory=dict)
    sources: dict[Value, None] = field(default_factory=dict)


def setting(solver: Solver, store: str, name: str) -> int:
    """The node of a setting."""
    held = solver.stores[store]
    node = held.names.get(name)
    if node is None:
        node = held.names[name] = solver.node()
        for source in list(held.sources):
            _look_up(solver, source, name, node)
    return node


def _look_up(solver: Solver, source: Value, name: str, node: int) -> None:
    from migrator.analysis.calls import load

    load(solver, source, name, node)


def _take_all(solver: Solver, store: str, source: Value) -> None:
    """Let a store hold what the attributes of a module, class or instance hold."""
    held = solver.stores[store]
    if isinstance(source, Module | Class | Instance) and source not in held.sources:
        held.sources[source] = None
        for name, node in list(held.names.items()):
            _look_up(solver, source, name, node)


def begin(solver: Solver, modules: list[str]) -> None:
    """Take Django's settings from these modules, by their keys."""
    for key in modules:
        _take_all(solver, DJANGO, solver.intern(Module, key))


def is_read(solver: Solver, value: Value) -> bool:
    """Whether the attributes of a value are settings that the program binds itself."""
    return (
        isinstance(value, External) and value.path == DJANGO and bool(solver.stores[DJANGO].sources)
    )


def of_application(path: str, name: str) -> bool:
    """Whether an attribute of something external is Flask's settings."""
    return name == "config" and path in _APPLICATIONS


def overrides(path: str) -> bool:
    """Whether a call puts values in the place of Django's settings."""
    return path in _OVERRIDES


def override(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`override_settings(NAME=value)`."""
    _put_named(solver, DJANGO, given)
    solver.add(instance.result, solver.opaque)


def _put_named(solver: Solver, store: str, given: tuple[Given, ...]) -> None:
    for item in given:
        if item.name not in {"", "*", "**"}:
            solver.connect(item.node, setting(solver, store, item.name))


# -- Flask ------------------------------------------------------------------------------------


def is_method(path: str) -> bool:
    """Whether something external is a method of Flask's settings."""
    return path.startswith(_FLASK_METHODS)


def call_method(
    solver: Solver, path: str, instance: CallInstance, given: tuple[Given, ...]
) -> None:
    """A call of a method of Flask's settings."""
    name = path.removeprefix(_FLASK_METHODS)
    if name in {"get", "setdefault", "pop", "__getitem__"}:
        _get(solver, instance, given, keeps=name == "setdefault")
    elif name in {"update", "from_mapping"}:
        _put_named(solver, FLASK, given)
        _each(solver, given, _put_entries)
    elif name in _FROM:
        module = solver.frames[instance.frame].module
        _each(solver, given, partial(_FROM[name], module=module))


def ask(solver: Solver, name: str, literal: tuple[int, int], target: int) -> None:
    """`config["NAME"]`: the literal names a setting, and no variable of the environment."""
    solver.entry_names.add(literal)
    solver.connect(setting(solver, FLASK, name), target)


def put(solver: Solver, name: str, literal: tuple[int, int], written: int) -> None:
    """`config["NAME"] = value`."""
    solver.entry_names.add(literal)
    solver.connect(written, setting(solver, FLASK, name))


def _get(solver: Solver, instance: CallInstance, given: tuple[Given, ...], *, keeps: bool) -> None:
    plain = [item for item in given if item.name == ""]
    default = next((item for item in given if item.name == "default"), None)
    default = plain[1] if len(plain) > 1 else default

    def read(key: Value) -> None:
        if isinstance(key, Constant) and isinstance(key.value, str):
            ask(solver, key.value, key.literal, instance.result)
            if default is not None and keeps:
                put(solver, key.value, key.literal, default.node)

    for item in plain[:1]:
        solver.watch(item.node, read)
    if default is not None:
        solver.connect(default.node, instance.result)


def _each(solver: Solver, given: tuple[Given, ...], take: Callable[[Solver, Value], None]) -> None:
    for item in given:
        if item.name in {"", "**", "obj", "filename"}:
            solver.watch(item.node, lambda value: take(solver, value))


def _put_entries(solver: Solver, value: Value) -> None:
    if isinstance(value, Bag):
        solver.each_entry(
            value, lambda entry: solver.connect(entry.node, setting(solver, FLASK, entry.name))
        )


def _from_object(solver: Solver, value: Value, *, module: int) -> None:
    """A class or module, or its dotted name."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        node = solver.node()
        package, _, name = value.value.rpartition(".")
        if package:
            solver.import_from(node, module, package, 0, name)
        else:
            solver.import_module(node, module, name, top=False)
        solver.watch(node, lambda found: _take_all(solver, FLASK, found))
    else:
        _take_all(solver, FLASK, value)


def _from_file(solver: Solver, value: Value, *, module: int) -> None:
    """A Python file, named by its path beside the application's."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        dotted = value.value.removesuffix(".py").replace("/", ".")
        key = solver.resolver.absolute(solver.modules[module].path, dotted)
        if key is not None:
            _take_all(solver, FLASK, solver.intern(Module, key))


_FROM = {"from_object": _from_object, "from_pyfile": _from_file}
