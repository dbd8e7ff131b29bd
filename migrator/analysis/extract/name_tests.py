"""Tests that the names of models are put to: `"gpt" in model`, `model in CHAT_MODELS`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from migrator.analysis.extract.evidence import Draft, Evidence
from migrator.analysis.program import Entry, TestRecord
from migrator.analysis.sites import NameTest
from migrator.analysis.values import Bag, Constant, Sequence, Value

LiteralKey = tuple[int, int]
_ENDS = {"startswith": "start", "endswith": "end"}


def name_tests(
    evidence: Evidence, traced: Mapping[LiteralKey, Draft], drafts: Mapping[LiteralKey, Draft]
) -> dict[LiteralKey, tuple[NameTest, ...]]:
    """The tests by the literals that they test, and those that they test for.

    `traced` are the drafts of the names that reach requests, `drafts` those of all models.
    """
    found: defaultdict[LiteralKey, dict[NameTest, None]] = defaultdict(dict)
    for module, facts in enumerate(evidence.solver.modules):
        for record in facts.tests:
            for test, literals in _tests(evidence, module, record, traced, drafts):
                for literal in literals:
                    found[literal][test] = None
    return {literal: tuple(tests) for literal, tests in found.items()}


def _tests(
    evidence: Evidence,
    module: int,
    record: TestRecord,
    traced: Mapping[LiteralKey, Draft],
    drafts: Mapping[LiteralKey, Draft],
) -> Iterator[tuple[NameTest, list[LiteralKey]]]:
    left, right = (evidence.nodes(module, record.unit, ref) for ref in (record.left, record.right))
    sides = [(left, right)] if record.how in _ENDS else [(left, right), (right, left)]
    for tested, others in sides:
        asked = [one for one in _texts(evidence, tested) if one.literal in traced]
        how = _how(evidence, record, others, is_left=tested is left)
        names = [one for one in _names(evidence, others) if one.literal not in traced]
        listed = how == "member" and any(one.literal in drafts for one in names)
        if not how or not names or not (asked or listed):
            continue
        test = NameTest(
            evidence.place(module, record.span),
            how,
            record.negated,
            tuple(dict.fromkeys(traced[one.literal].id for one in asked)),
            all(evidence.settled(node) for node in tested),
            tuple(dict.fromkeys((str(one.value), _site(drafts, one)) for one in names)),
        )
        literals = (one.literal for one in (*asked, *names))
        yield test, [literal for literal in dict.fromkeys(literals) if literal in drafts]


def _site(drafts: Mapping[LiteralKey, Draft], text: Constant) -> str:
    return drafts[text.literal].id if text.literal in drafts else ""


def _texts(evidence: Evidence, nodes: list[int]) -> list[Constant]:
    return [text for node in nodes for text in evidence.texts(node)]


def _how(evidence: Evidence, record: TestRecord, others: list[int], *, is_left: bool) -> str:
    """What is asked of a name by what stands on the other side; "" where it is no such test."""
    if record.how in _ENDS:
        return _ENDS[record.how]
    if record.how == "==":
        return "equal"
    held = any(_is_container(value) for node in others for value in evidence.solver.values[node])
    if is_left:
        return "member" if held else ""
    return "part"


def _is_container(value: Value) -> bool:
    return isinstance(value, Sequence | Bag)


def _names(evidence: Evidence, nodes: list[int]) -> Iterator[Constant]:
    """The strings that nodes hold, and those in the containers that they hold."""
    solver = evidence.solver
    for node in nodes:
        for value in solver.values[node]:
            match value:
                case Constant(value=str()):
                    yield value
                case Sequence():
                    for item in (*solver.items(value), solver.element_node(value)):
                        yield from evidence.texts(item)
                case Bag():
                    for given in solver.entries(value):
                        if isinstance(given.place, Entry) and given.place.key_literal >= 0:
                            yield solver.constant(given.module, given.place.key_literal)
