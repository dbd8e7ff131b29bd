"""What reading, iterating and calling mean on a request's answer: a part of it, by its path.

A path leads from the answer (from the chunk of a stream) to the part: names, indices as digits,
"*" for an index that is only known at run time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.analysis import shapes
from migrator.analysis.values import Answer, Bag, Constant, Sequence, Value

if TYPE_CHECKING:
    from migrator.analysis.instances import CallInstance, Given
    from migrator.analysis.solver import Solver

# A program that walks an answer like a tree would make paths without end.
_LONGEST_PATH = 10
ANY = "*"
DEEPER = "…"

# Methods that give the object they are called on, or the answer inside a raw one or a task.
_SAME = frozenset(
    {"parse", "result", "copy", "model_copy", "values", "__enter__", "__aenter__", "__iter__"}
    | {"__aiter__", "get_final_completion", "get_final_response"}
)
_NEXT = frozenset({"__next__", "__anext__", "auto_paging_iter"})
_TAKES_KEY = frozenset({"get", "pop", "setdefault", "__getitem__"})


def extended(answer: Answer, step: str) -> tuple[str, ...]:
    """The path of a part one step further in."""
    if answer.path and answer.path[-1] == DEEPER:
        return answer.path
    return (*answer.path, step if len(answer.path) < _LONGEST_PATH else DEEPER)


def step_of(key: object) -> str:
    """How a subscript is written in a path."""
    return str(key) if isinstance(key, str | int) and not _counts_back(key) else ANY


def _counts_back(key: object) -> bool:
    return isinstance(key, int) and (key < 0 or isinstance(key, bool))


def _part(solver: Solver, answer: Answer, step: str) -> Value:
    """What one step into an answer gives.

    A string's or number's attribute is no part, nor what is far from anything the API has: there
    something else is read than an answer.
    """
    if shapes.shape(answer) is shapes.Shape.LEAF or shapes.is_beyond(answer):
        return solver.opaque
    path = extended(answer, step)
    return solver.intern(Answer, answer.origin, answer.api, path, answer.streamed)


def load(solver: Solver, answer: Answer, name: str, target: int) -> None:
    """`answer.name`. Where it is called after all, `call` says what that gives."""
    solver.part_reads[target] = None
    solver.add(target, _part(solver, answer, name))


def item(solver: Solver, answer: Answer, key: object, target: int) -> None:
    """`answer[key]`, and `key in answer`."""
    solver.part_reads[target] = None
    solver.add(target, _part(solver, answer, step_of(key)))


def iterate(solver: Solver, answer: Answer, target: int) -> None:
    """What iterating over an answer gives: chunks of a stream, rows of a page, a list's items."""
    solver.part_reads[target] = None
    if answer.path:
        found = _part(solver, answer, ANY)
    elif shapes.is_page(answer.api):
        rows = solver.intern(Answer, answer.origin, answer.api, ("data",), answer.streamed)
        found = _part(solver, rows, ANY)
    elif shapes.can_stream(answer.api):
        found = solver.intern(Answer, answer.origin, answer.api, (), True)
    else:
        found = solver.opaque
    solver.add(target, found)


def iterates_whole(answer: Answer) -> bool:
    """Whether iterating over the whole answer goes over its chunks or rows, not over its fields."""
    return shapes.is_page(answer.api) or shapes.can_stream(answer.api)


def is_list(answer: Answer) -> bool:
    """Whether a part is a list: added to something, it gives a list with its items."""
    return shapes.shape(answer) is shapes.Shape.LIST


def show(solver: Solver, target: int, value: Value) -> None:
    """Let `target` hold the text of a value: a string as it is, what can be told of an answer."""
    match value:
        case Answer():
            value = shown(solver, value)
        case Sequence() | Bag():
            value = solver.opaque
    solver.add(target, value)


def shown(solver: Solver, answer: Answer) -> Value:
    """`str(answer)`: a leaf's text, or a text in which the parts cannot be told apart."""
    return answer if shapes.shape(answer) is shapes.Shape.LEAF else solver.opaque


def call(solver: Solver, called: Answer, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """A call of an attribute of an answer: a method of what the attribute was read from."""
    from migrator.analysis.library import sort

    name = called.path[-1] if called.path else ""
    if not name or name == DEEPER:
        solver.add(instance.result, solver.opaque)
        return
    base = solver.intern(Answer, called.origin, called.api, called.path[:-1], called.streamed)
    if name in _SAME:
        solver.add(instance.result, base)
    elif name in _NEXT:
        iterate(solver, base, instance.result)
    elif name == "items":
        _pairs(solver, base, instance)
    elif name in _TAKES_KEY:
        _take(solver, base, instance, given)
    elif name == "sort":
        sort(solver, base, instance, given)
    else:
        solver.add(instance.result, solver.opaque)


def _pairs(solver: Solver, answer: Answer, instance: CallInstance) -> None:
    """`.items()`: pairs of a key and a part."""
    rows, pair = solver.sequence("parts", answer), solver.sequence("part", answer)
    if not solver.items(pair):
        key, part = solver.node(), solver.node()
        solver.items(pair).extend([key, part])
        solver.add(key, solver.opaque)
        solver.add(part, _part(solver, answer, ANY))
    solver.add(solver.element_node(rows), pair)
    solver.add(instance.result, rows)


def _take(solver: Solver, answer: Answer, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`.get("key", default)` and its likes."""
    plain = [one.node for one in given if one.name in {"", "key", "default"}]
    if not plain:
        return

    def take(key: Value) -> None:
        step = step_of(key.value) if isinstance(key, Constant) else ANY
        solver.add(instance.result, _part(solver, answer, step))

    def fall_back(value: Value) -> None:
        if not (isinstance(value, Bag) and not solver.entries(value)):
            solver.add(instance.result, value)  # of an empty dictionary there is nothing to read

    solver.watch(plain[0], take)
    for default in plain[1:]:
        solver.watch(default, fall_back)
