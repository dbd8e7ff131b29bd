"""What the program does with the answers of its requests: `CallFacts.reads` and `.uses`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from migrator.analysis import answers
from migrator.analysis.extract.calls import Request
from migrator.analysis.extract.departures import key_of, note_departures
from migrator.analysis.extract.evidence import Evidence, Key
from migrator.analysis.extract.ledger import Ledger, Results, Step
from migrator.analysis.graph import MOST_WITH_ANSWERS
from migrator.analysis.places import Placed
from migrator.analysis.program import CallRecord
from migrator.analysis.shapes import Shape, shape
from migrator.analysis.values import Answer

# Methods that an answer, a stream or a task has whichever the release, and that show no dict.
_NEUTRAL = frozenset({"parse", "result", "close", "aclose", "auto_paging_iter"})
_OF_DICTIONARIES = frozenset(dir(dict)) | {"to_dict", "to_dict_recursive", "model_dump"}


def results(evidence: Evidence, ours: Iterable[Request]) -> Mapping[Key, Results]:
    """What is done with the answer of each of the requests."""
    if not any(True for _ in evidence.solver.answers()):
        return {}
    ledger = Ledger(evidence, ours)
    _note_steps(ledger)
    _note_writes(ledger)
    _note_methods(ledger)
    note_departures(ledger)
    ledger.compared()
    return {key: one.in_order() for key, one in ledger.found.items()}


def _note_steps(ledger: Ledger) -> None:
    """Attributes, subscripts, `in` tests and loops, each over all contexts."""
    bases: defaultdict[tuple[int, int, int], dict[int, None]] = defaultdict(dict)
    for target in ledger.solver.part_reads:
        base = ledger.base(target)
        if base is not None and ledger.holds(base) and _tells(ledger, target, base):
            frame = ledger.frame(target)
            bases[frame.module, frame.unit, target - frame.base][base] = None
    for (module, unit, node), nodes in sorted(bases.items()):
        placed = ledger.file(module).steps.get((unit, node))
        if placed is None or placed.called:
            continue
        if placed.form == "iteration":
            _iterated(ledger, module, placed, nodes)
        else:
            ledger.read(nodes, _step(ledger, module, placed))


def _tells(ledger: Ledger, target: int, base: int) -> bool:
    """Whether a step leads to a field of the API, or starts at what is not just anything."""
    values = ledger.solver.values
    return len(values[base]) <= MOST_WITH_ANSWERS or any(
        isinstance(value, Answer) and shape(value) is not Shape.UNKNOWN for value in values[target]
    )


def _step(ledger: Ledger, module: int, placed: Placed) -> Step:
    place = ledger.evidence.place
    return Step(
        placed.form,
        placed.step,
        place(module, placed.span),
        place(module, placed.base),
        written=placed.written,
    )


def _note_writes(ledger: Ledger) -> None:
    """Assignments into an answer."""
    for module, statement in sorted(ledger.solver.part_writes):
        placed = ledger.file(module).writes.get(statement)
        if placed is not None:
            nodes = ledger.written(module, statement)
            ledger.read(nodes, _step(ledger, module, placed))


def _iterated(ledger: Ledger, module: int, placed: Placed, nodes: Iterable[int]) -> None:
    """A loop over a part that is an object goes over the keys of a dict."""
    for key, answer, proven in ledger.parts(nodes):
        streams = not answer.path and answers.iterates_whole(answer)
        if shape(answer) in {Shape.OBJECT, Shape.MAPPING} and not streams:
            ledger.use(key, answer, module, placed.base, "iteration", "", proven)


def _note_methods(ledger: Ledger) -> None:
    """Calls of methods of answers, each over all contexts."""
    methods: defaultdict[tuple[int, int], dict[int, None]] = defaultdict(dict)
    for key, instances in ledger.solver.instances.items():
        for instance in instances:
            if ledger.holds(instance.function):
                methods[key][instance.function] = None
    for (module, index), functions in methods.items():
        bases = [base for node in functions if (base := ledger.solver.bases.get(node)) is not None]
        placed = next((one for node in functions if (one := ledger.step_at(node))), None)
        if bases and placed is not None:
            record = ledger.solver.modules[module].calls[index]
            _method(ledger, module, record, placed, bases)


def _method(
    ledger: Ledger, module: int, record: CallRecord, placed: Placed, bases: list[int]
) -> None:
    if placed.step == "get":
        _get(ledger, module, record, placed, bases)
        return
    if placed.step in _NEUTRAL or placed.step.startswith("__"):
        return
    for key, answer, proven in ledger.parts(bases):
        kind = shape(answer)
        known = proven and kind is Shape.OBJECT
        if (known or placed.step in _OF_DICTIONARIES) and kind not in {Shape.LEAF, Shape.LIST}:
            ledger.use(key, answer, module, placed.base, "method", placed.step, proven)


def _get(ledger: Ledger, module: int, record: CallRecord, placed: Placed, bases: list[int]) -> None:
    """`answer.get("key", default)`."""
    if not record.arguments:
        return
    first, *rest = record.arguments
    place = ledger.evidence.place
    step = Step(
        "get",
        key_of(ledger, module, first),
        place(module, record.span),
        place(module, placed.base),
        place(module, rest[0].span) if rest else None,
    )
    ledger.read(bases, step)
