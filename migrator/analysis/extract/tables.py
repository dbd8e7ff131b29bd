"""Tables that are keyed by a model's name, and the names that they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrator.analysis.extract.evidence import Draft, Evidence
from migrator.analysis.identity import in_tests
from migrator.analysis.instances import Given
from migrator.analysis.program import Display, Entry
from migrator.analysis.sites import TableEntry
from migrator.analysis.values import Bag, Constant

LiteralKey = tuple[int, int]


def entries(evidence: Evidence, drafts: Mapping[LiteralKey, Draft]) -> dict[LiteralKey, TableEntry]:
    """The entry of every key of a dict display that names a model, by the key's literal."""
    found: dict[LiteralKey, TableEntry] = {}
    for bag in evidence.solver.lookups:
        rows = [
            (key, given)
            for given in evidence.solver.entries(bag)
            if (key := _literal(given)) is not None and key in drafts
        ]
        asked = _asked(evidence, bag, drafts) if rows else None
        for key, given in rows:
            entry = _entry(evidence, given, asked) if asked is not None else None
            if entry is not None:
                found[key] = entry
    return found


def _literal(given: Given) -> LiteralKey | None:
    if isinstance(given.place, Entry) and given.place.key_literal >= 0:
        return given.module, given.place.key_literal
    return None


@dataclass(frozen=True)
class _Asked:
    """The ids of the models that a table is asked for, whether these are all, and whether one that
    is absent is an error outside of the tests."""

    ids: tuple[str, ...]
    known: bool
    strict: bool


def _asked(evidence: Evidence, bag: Bag, drafts: Mapping[LiteralKey, Draft]) -> _Asked:
    ids: dict[str, None] = {}
    known, strict = True, False
    for node, by_item, module in evidence.solver.lookups[bag]:
        held = [value.literal for value in evidence.solver.held(node, Constant)]
        models = [drafts[literal].id for literal in held if literal in drafts]
        ids |= dict.fromkeys(models)
        settled = evidence.settled(node)
        known = known and settled
        tested = in_tests(evidence.path(module))
        strict = strict or (by_item and not tested and (bool(models) or not settled))
    return _Asked(tuple(ids), known, strict)


def _entry(evidence: Evidence, given: Given, asked: _Asked) -> TableEntry | None:
    if not (isinstance(given.container, Display) and isinstance(given.place, Entry)):
        return None
    return TableEntry(
        evidence.place(given.module, given.container.span),
        evidence.constant(given.node),
        evidence.slice(given.module, given.place.span),
        asked.ids,
        asked.strict,
        asked.known,
    )
