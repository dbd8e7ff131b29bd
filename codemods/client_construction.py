"""Point a client's construction at the provider.

    OpenAI()  ->  OpenAI(api_key=os.environ["KEY"], base_url=os.getenv("URL", "https://…"))

The construction may be a call, a `super().__init__(...)`, a `partial(OpenAI, ...)`, the bare class
handed to somebody who calls it, or the dict that is splatted into one of these.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from codemods.arguments import Entries
from codemods.context import Context
from codemods.environment import optional, required, value
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from codemods.scope import Need, module_of
from migrator.edits import ClientConstruction, Pairs
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_LIKE = {"api_key": {"key", "token"}, "base_url": {"base", "endpoint", "url"}}


@codemod(
    ClientConstruction,
    name="client-construction",
    summary="Give a client the provider's key and base URL",
    review="Check that nothing else that uses the client has to stay on OpenAI",
)
def point_client(
    instruction: ClientConstruction, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for an expression that constructs nothing."""
    if isinstance(node, (cst.Name, cst.Attribute)):
        return _from_reference(instruction, node, context)
    entries = context.entries(node)
    settings = _settings(instruction, context)
    gone = [name for name in entries.names if name in instruction.drop and name not in settings]
    slots = _slots([name for name in settings if name not in entries.names], gone)
    for position, (name, new) in enumerate(settings.items()):
        at = position if name in instruction.first else entries.index(slots.get(name, ""))
        entries = entries.with_value(name, new) if at is None else entries.insert(at, name, new)
    for name in gone:
        entries = entries.remove(name)
    return rebuilt(entries, instruction.rename, instruction.class_path, context)


def rebuilt(
    entries: Entries, rename: Pairs, class_path: str | None, context: Context
) -> cst.BaseExpression:
    """The construction with its entries, some by new names, of the class that it becomes."""
    for name, new_name in rename:
        if entries.index(name) is not None:
            entries = entries.rename(name, new_name)
    changed = entries.rebuilt()
    if not isinstance(changed, cst.Call):
        return changed
    return _renamed(class_path, changed, context)


def _slots(new: Sequence[str], gone: Sequence[str]) -> dict[str, str]:
    """Which argument that goes gives its place to which new one: one like it, or the first.

    Several new ones keep their order.
    """
    found: dict[str, str] = {}
    for like in (True, False):
        for name in new:
            free = [one for one in gone if one not in found.values()]
            if like:
                free = [one for one in free if _words(one) & _LIKE.get(name, set())]
            if name not in found and free:
                found[name] = free[0]
    placed = [name for name in new if name in found]
    slots = dict(zip(placed, sorted(found.values(), key=gone.index), strict=True))
    for name, following in pairwise(new):
        if name not in slots and following in slots:
            slots[name] = slots[following]
    return slots


def _words(name: str) -> frozenset[str]:
    return frozenset(name.split("_"))


def _settings(instruction: ClientConstruction, context: Context) -> dict[str, cst.BaseExpression]:
    """The arguments that are to be written."""
    found: dict[str, cst.BaseExpression] = {}
    if instruction.key_source is not None:
        found["api_key"] = context.parse(instruction.key_source)
    elif instruction.key_variable is not None and "api_key" in instruction.first:
        found["api_key"] = optional(context, instruction.key_variable, None)
    elif instruction.key_variable is not None:
        found["api_key"] = required(context, instruction.key_variable)
    variable, default = instruction.base_url_variable, instruction.base_url_default
    if instruction.base_url_source is not None:
        found["base_url"] = context.parse(instruction.base_url_source)
    elif variable is not None or default is not None:
        found["base_url"] = value(context, variable, default)
    return found | {name: context.parse(source) for name, source in instruction.add}


def _from_reference(
    instruction: ClientConstruction, node: cst.Name | cst.Attribute, context: Context
) -> cst.BaseExpression:
    """A callable that makes the client, in the place of the class that did."""
    if isinstance(context.parent, ast.Call) and context.parent.func is context.node:
        raise CannotRewrite(_("the span is the class alone, its call stands around it"))
    made = _class(instruction.class_path, node, context)
    settings = _settings(instruction, context)
    if not settings:
        return made
    factory = isinstance(context.parent, ast.keyword) and context.parent.arg == "default_factory"
    call = context.entries(cst.Call(made if factory else context.parse("partial")))
    if not factory:
        call = call.insert(0, None, made)
    for name, new in settings.items():
        call = call.insert(len(call.items), name, new)
    built = call.rebuilt()
    if factory:
        context.fresh.append(built)
        return cst.Lambda(cst.Parameters(), built)
    return built.with_changes(func=context.parse(context.spell("functools.partial")))


def _renamed(class_path: str | None, call: cst.Call, context: Context) -> cst.BaseExpression:
    """The call of the class that it becomes."""
    if class_path is None:
        return call
    match call.func:
        case cst.Name(value="dict") | cst.Attribute(attr=cst.Name(value="__init__")):
            return call
        case cst.Name() | cst.Attribute() as func:
            code = cst.Module([]).code_for_node(func)
            if context.scope.is_partial(code, context.span):
                return _with_partial_class(class_path, call, context)
            return call.with_changes(func=_class(class_path, func, context))
        case cst.Subscript():
            # One of several classes, chosen at run time: all become the same.
            return call.with_changes(func=context.parse(context.spell(class_path)))
    raise CannotRewrite(_("the class is not named in the call"))


def _with_partial_class(class_path: str, call: cst.Call, context: Context) -> cst.Call:
    first, *others = call.args
    if not isinstance(first.value, (cst.Name, cst.Attribute)):
        raise CannotRewrite(_("the class is not named in the call"))
    made = _class(class_path, first.value, context)
    return call.with_changes(args=[first.with_changes(value=made), *others])


def _class(
    path: str | None, node: cst.Name | cst.Attribute, context: Context
) -> cst.BaseExpression:
    """How the class that the client becomes is written."""
    if path is None:
        return node
    module, __, name = path.rpartition(".")
    if isinstance(node, cst.Attribute):
        base = cst.Module([]).code_for_node(node.value)
        binding = context.scope.binding(base, context.span)
        named = base.rpartition(".")[2]  # a module that is loaded by hand, and called as it is
        if (binding.path if binding else named) == module:
            return node.with_changes(attr=cst.Name(name))
        return context.parse(context.spell(path))
    if node.value in context.scope.classes:
        return node  # a subclass stays one: its base becomes another
    binding = context.scope.binding(node.value, context.span)
    if binding is None or binding.star or binding.path == path:
        return node if binding and binding.path == path else context.parse(context.spell(path))
    if binding.path.partition(".")[0] == module.partition(".")[0] and node.value == name:
        return node  # the class by way of a private module
    statement = binding.statement
    if context.rebind(node.value, path):
        return node
    if not isinstance(statement, ast.ImportFrom) or module_of(statement) != module:
        return context.parse(context.spell(path))
    old = binding.path.rpartition(".")[2]
    every = context.becoming[node.value] == context.file.names[node.value]
    number = context.scope.statements.index(statement)
    if binding.local != old and every:
        context.needs.append(Need(module, name, binding.local, number))
        return node
    visible = [b.local for b in context.scope.certain(context.span) if b.path == path]
    if visible:
        return cst.Name(visible[0])
    context.scope.require_free(name, context.span, path)
    context.needs.append(Need(module, name, "", number))
    return cst.Name(name)
