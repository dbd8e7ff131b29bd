"""The literals that things are looked up by: keys of dictionaries, and of what is loaded."""

from __future__ import annotations

from migrator.analysis.instances import CallInstance
from migrator.analysis.library import HTTP_MODULES
from migrator.analysis.solver import Solver
from migrator.analysis.values import Constant, External, Made, Variable

# Methods of a mapping that ask for an item by its name.
METHODS = frozenset({"get", "pop", "setdefault", "__getitem__"})


def keys(solver: Solver) -> frozenset[tuple[int, int]]:
    """The literals by which what is neither the environment nor a server is asked."""
    nodes = {node for every in solver.lookups.values() for node, *_ in every}
    nodes |= {key for key, given in solver.keyed_by.items() if not _reads(solver, key, given)}
    for instances in solver.instances.values():
        nodes |= {one.given[0].node for one in instances if _is_look_up(solver, one)}
    return frozenset(key.literal for node in nodes for key in solver.held(node, Constant))


def _is_look_up(solver: Solver, instance: CallInstance) -> bool:
    if instance.record.method.rpartition(".")[2] not in METHODS or not instance.given:
        return False
    of_others = any(
        isinstance(value, External | Made) and value.path.split(".", 1)[0] not in HTTP_MODULES
        for value in solver.values[instance.function]
    )
    return of_others and not _reads(solver, instance.given[0].node, instance.result)


def _reads(solver: Solver, key: int, given: int) -> bool:
    """Whether what is given for a key is the variable of the environment that it names."""
    named = {constant.literal for constant in solver.held(key, Constant)}
    return any(variable.literal in named for variable in solver.held(given, Variable))
