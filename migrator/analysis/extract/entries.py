"""Arguments of frameworks' classes that stand in a dictionary which another argument holds.

OpenAIModel(client_args={"api_key": key}): the argument `client_args.api_key`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from migrator.analysis import surface
from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.instances import Given
from migrator.analysis.values import Bag, Constant


def opened(
    evidence: Evidence, known: surface.FrameworkClass, given: Iterable[Given]
) -> tuple[Given, ...]:
    """What a class is given, with the entries that its arguments are, each under its path.

    The dictionaries on the way to one are among them.
    """
    given = tuple(given)
    named = tuple(_named(evidence, known, given))
    found = [
        entry
        for path in known.entries
        for item in named
        if item.name == path[0]
        for entry in _entries(evidence, item, path, 1)
    ]
    return (*given, *dict.fromkeys(found))


def is_untraced(evidence: Evidence, known: surface.FrameworkClass, given: Iterable[Given]) -> bool:
    """Whether such a dictionary is handed in of which it is not known what it holds."""
    roots = {path[0] for path in known.entries}
    return any(
        not isinstance(value, Bag) and not _is_nothing(value)
        for item in _named(evidence, known, given)
        if item.name in roots
        for value in evidence.solver.values[item.node] or (None,)
    )


def _named(
    evidence: Evidence, known: surface.FrameworkClass, given: Iterable[Given]
) -> Iterator[Given]:
    order = iter(known.positional)
    for item in evidence.expand(given)[0]:
        yield item if item.name else replace(item, name=next(order, ""))


def _entries(evidence: Evidence, item: Given, path: tuple[str, ...], depth: int) -> Iterator[Given]:
    """The entries below an item at the rest of a path."""
    for bag in evidence.solver.held(item.node, Bag):
        for entry in evidence.solver.entries(bag):
            if entry.name != path[depth]:
                continue
            yield replace(entry, name=".".join(path[: depth + 1]))
            if depth + 1 < len(path):
                yield from _entries(evidence, entry, path, depth + 1)


def _is_nothing(value: object) -> bool:
    return isinstance(value, Constant) and value.value is None
