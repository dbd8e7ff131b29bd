"""Objects and dictionaries that hold the settings of what they are handed to.

Agent("writer", model_settings=ModelSettings(temperature=0)), or ModelSettings(…).as_dict()
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from migrator.analysis import surface
from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.instances import Given
from migrator.analysis.sites import Span
from migrator.analysis.values import Bag, Made, Value

_SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Holder:
    """What holds the settings, where it is written, and what it says."""

    module: int
    span: Span
    entries: tuple[Given, ...]


def holders(
    evidence: Evidence, known: surface.FrameworkClass, given: Iterable[Given]
) -> Iterator[Holder]:
    """What a call of a framework's is handed that holds settings of its requests."""
    for item in evidence.expand(given)[0]:
        if item.name and item.name == known.holder:
            for value in evidence.solver.values[item.node]:
                for one in _written(evidence, value):
                    if (found := _holder(evidence, one)) is not None:
                        yield found


def _written(evidence: Evidence, value: Value) -> Iterator[Value]:
    """The value itself, or the object of settings that a method of it gave."""
    owner = value.path.rpartition(".")[0] if isinstance(value, Made) else ""
    known = surface.framework_class(owner)
    if known is None or known.role != _SETTINGS or not isinstance(value, Made):
        yield value
        return
    for instance in evidence.solver.instances.get(value.origin, ()):
        node = evidence.solver.bases.get(instance.function)
        yield from evidence.solver.held(node, Made) if node is not None else ()


def _holder(evidence: Evidence, value: Value) -> Holder | None:
    solver = evidence.solver
    match value:
        case Bag(key=(int(module), int(index), int())):
            span = solver.modules[module].displays[index].span
            return Holder(module, span, tuple(solver.entries(value)))
        case Made(origin=(int(module), int(index)) as origin) if index >= 0:
            span = solver.modules[module].calls[index].span
            made = solver.requests[origin].values()
            given = (one for _, _, passed in made for one in evidence.expand(passed)[0])
            return Holder(module, span, tuple(one for one in given if one.name))
    return None
