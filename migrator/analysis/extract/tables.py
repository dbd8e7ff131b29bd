"""Tables that are keyed by a model's name, and the names that they are asked for."""

from __future__ import annotations

from collections.abc import Mapping

from migrator.analysis.extract.evidence import Draft, Evidence
from migrator.analysis.program import Display, Entry
from migrator.analysis.sites import TableEntry
from migrator.analysis.solver import Given
from migrator.analysis.values import Bag, Constant

LiteralKey = tuple[int, int]


def entries(evidence: Evidence, drafts: Mapping[LiteralKey, Draft]) -> dict[LiteralKey, TableEntry]:
    """The entry of every key of a dict display that names a model, by the key's literal."""
    found: dict[LiteralKey, TableEntry] = {}
    for bag, keys in evidence.solver.lookups.items():
        rows = [
            (key, given)
            for given in evidence.solver.entries(bag)
            if (key := _literal(given)) is not None and key in drafts
        ]
        if not rows:
            continue
        asked, known = _asked(evidence, bag, drafts)
        strict = any(by_item for _, by_item in keys)
        for key, given in rows:
            entry = _entry(evidence, given, asked, strict=strict, known=known)
            if entry is not None:
                found[key] = entry
    return found


def _literal(given: Given) -> LiteralKey | None:
    if isinstance(given.place, Entry) and given.place.key_literal >= 0:
        return given.module, given.place.key_literal
    return None


def _asked(
    evidence: Evidence, bag: Bag, drafts: Mapping[LiteralKey, Draft]
) -> tuple[tuple[str, ...], bool]:
    """The ids of the models that a table is asked for, and whether these are all."""
    ids: dict[str, None] = {}
    known = True
    for node, _ in evidence.solver.lookups[bag]:
        known = known and evidence.settled(node)
        for value in evidence.solver.held(node, Constant):
            if value.literal in drafts:
                ids[drafts[value.literal].id] = None
    return tuple(ids), known


def _entry(
    evidence: Evidence, given: Given, asked: tuple[str, ...], *, strict: bool, known: bool
) -> TableEntry | None:
    if not (isinstance(given.container, Display) and isinstance(given.place, Entry)):
        return None
    return TableEntry(
        evidence.place(given.module, given.container.span),
        evidence.constant(given.node),
        evidence.slice(given.module, given.place.span),
        asked,
        strict,
        known,
    )
