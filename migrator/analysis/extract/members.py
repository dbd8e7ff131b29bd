"""Members of frameworks' enumerations that stand for models: `ModelType.GPT_4O`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from migrator.analysis import surface
from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.values import External

# A module and the place of a mention among its own, told from those of literals by its sign.
Key = tuple[int, int]


@cache
def _names() -> frozenset[str]:
    return frozenset(path.rpartition(".")[2] for path in surface.model_constants())


def members(evidence: Evidence) -> dict[int, tuple[Key, str]]:
    """Every member that is named, and its path, by the node that holds it where it stands."""
    found: dict[int, tuple[Key, str]] = {}
    for module, facts in evidence.programs():
        for index, mention in enumerate(facts.mentions):
            if mention.spelled.rpartition(".")[2] not in _names():
                continue
            node = evidence.mention_node(module, mention)
            if node is not None and (member := next(held(evidence, node), None)) is not None:
                found[node] = ((module, ~index), member.path)
    return found


def held(evidence: Evidence, node: int) -> Iterator[External]:
    """The members that a node holds."""
    for value in evidence.solver.held(node, External):
        if value.path in surface.model_constants():
            yield value
