"""Which requests go on from what another one made, by its id: `CallFacts.follows`."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.instances import Given
from migrator.analysis.values import Answer, Bag, Sequence


def follows(evidence: Evidence, given: Iterable[Given]) -> tuple[str, ...]:
    """The requests whose answers' ids are among the arguments of a call, or lie in these."""
    if not evidence.ids:
        return ()
    found: dict[str, None] = {}
    pending = [one.node for one in given]
    seen: set[int] = set()
    while pending:
        node = pending.pop()
        if node in seen:
            continue
        seen.add(node)
        for value in evidence.solver.values[node]:
            match value:
                case Answer() if value in evidence.ids:
                    found[evidence.sender(value)] = None
                case Bag():
                    pending += [one.node for one in evidence.solver.entries(value)]
                case Sequence():
                    pending += evidence.solver.items(value)
                    pending.append(evidence.solver.element_node(value))
    return tuple(one for one in found if one)
