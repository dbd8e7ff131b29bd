"""Dictionaries that say what a framework's class would be told: a model, a key, an address.

AssistantAgent("writer", llm_config={"config_list": [{"model": "gpt-4o", "api_key": key}]})
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from migrator.analysis import surface
from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.instances import Given
from migrator.analysis.sites import Span
from migrator.analysis.values import Bag, Sequence, Value

_EACH = "[]"


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A dictionary where it is written, and what it and those around it say."""

    module: int
    span: Span
    known: surface.FrameworkClass
    entries: tuple[Given, ...]


def handed_to(
    evidence: Evidence, known: surface.FrameworkClass, given: Iterable[Given]
) -> Iterator[Dictionary]:
    """The dictionaries that a call of a framework's is handed, each as the class it stands for."""
    arguments, _ = evidence.expand(given)
    order = iter(known.positional)
    named = [(item.name or next(order, ""), item.node) for item in arguments]
    for path, stands_for in known.dictionaries:
        name, *steps = path.replace(_EACH, f".{_EACH}").split(".")
        told = surface.framework_class(stands_for)
        for node in (node for called, node in named if called == name and told is not None):
            assert told is not None
            yield from _at(evidence, told, node, steps, ())


def _at(
    evidence: Evidence,
    known: surface.FrameworkClass,
    node: int,
    steps: list[str],
    around: tuple[Given, ...],
) -> Iterator[Dictionary]:
    """The dictionaries that lie some steps below a node."""
    for value in evidence.solver.values[node]:
        if steps:
            for inner, said in _below(evidence, value, steps[0]):
                yield from _at(evidence, known, inner, steps[1:], (*around, *said))
        elif isinstance(value, Bag) and (place := evidence.written_at(value)) is not None:
            entries = evidence.solver.entries(value)
            if any(one.name in known.model for one in entries):
                outer = (one for one in around if known.says(one.name) and not _aims(known, one))
                yield Dictionary(*place, known, (*entries, *outer))


def _below(evidence: Evidence, value: Value, step: str) -> Iterator[tuple[int, list[Given]]]:
    """The nodes one step below a value, each with what is said around it."""
    solver = evidence.solver
    match value:
        case Sequence() if step == _EACH:
            yield from ((node, []) for node in (*solver.items(value), solver.element_node(value)))
        case Bag() if step != _EACH:
            entries = solver.entries(value)
            around = [one for one in entries if one.name != step]
            yield from ((one.node, around) for one in entries if one.name == step)


def _aims(known: surface.FrameworkClass, item: Given) -> bool:
    return item.name in {*known.model, *known.key, *known.base_url}
