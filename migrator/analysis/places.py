"""Where the operations of a file stand: its source, lowered once more with every step's place.

A file's operations hold no places, for few of them are ever asked after. Lowering gives the same
units and nodes every time, so that what the solver found at a node can be looked up here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from migrator.analysis.answers import ANY, step_of
from migrator.analysis.module import Lowering
from migrator.analysis.program import Op, Ref
from migrator.analysis.sites import Span
from migrator.newer import parse


@dataclass(frozen=True, slots=True)
class Placed:
    """A step into a value: the whole expression, what it reads from, and the step.

    `form`: attribute, item, contains, iteration. `called` says that it is the function of a call.
    """

    form: str
    span: Span
    base: Span
    step: str
    written: bool = False
    called: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison with strings: the whole expression, and what is compared with them."""

    span: Span
    unit: int
    node: Ref
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """The steps of a file by (unit, node of the result); its writes by statement index."""

    steps: dict[tuple[int, int], Placed]
    writes: dict[int, Placed]
    comparisons: list[Compared]


def places(path: str, text: str) -> Places:
    """The places of a file that could be lowered before."""
    lowering = _Placing(path, text)
    lowering.run(parse(text))
    return Places(lowering.steps, lowering.writes, lowering.comparisons)


class _Placing(Lowering):
    """Lowers a file and notes where each step into a value stands."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__(path, text)
        self.steps: dict[tuple[int, int], Placed] = {}
        self.writes: dict[int, Placed] = {}
        self.comparisons: list[Compared] = []
        self._refs: dict[int, Ref] = {}
        self._called: set[int] = set()
        self._latest: ast.expr | None = None
        self._updated: Span | None = None

    def _expression(self, node: ast.expr, context: str) -> Ref:
        ref = super()._expression(node, context)
        self._latest = node
        self._refs[id(node)] = ref
        return ref

    def _emit(self, op: Op, *operands: object) -> None:
        super()._emit(op, *operands)
        if op is Op.ELEMENT and self._latest is not None:
            # What is iterated over was lowered just now.
            span = self._span(self._latest)
            self._note(operands[1], Placed("iteration", span, span, ANY))

    def _note(self, target: object, placed: Placed | None) -> None:
        if isinstance(target, int) and placed is not None:
            self.steps[self._scope.unit, target] = placed

    def _of_Attribute(self, node: ast.Attribute, context: str) -> Ref:  # noqa: N802
        result = super()._of_Attribute(node, context)
        self._note(result, self._placed(node))
        return result

    def _of_Subscript(self, node: ast.Subscript, context: str) -> Ref:  # noqa: N802
        result = super()._of_Subscript(node, context)
        self._note(result, self._placed(node))
        return result

    def _of_Compare(self, node: ast.Compare, context: str) -> Ref:  # noqa: N802
        result = super()._of_Compare(node, context)
        operations = self._unit.operations
        if operations and operations[-1][0] is Op.ITEM:
            self._note(operations[-1][3], self._placed(node))
        parts = [node.left, *node.comparators]
        values = tuple(text for part in parts for text in _texts(part))
        for part in parts if values else ():
            if not isinstance(part, ast.Constant) and not any(_texts(part)):
                span, unit = self._span(node), self._scope.unit
                self.comparisons.append(Compared(span, unit, self._refs[id(part)], values))
        return result

    def _do_Match(self, node: ast.Match) -> None:  # noqa: N802
        super()._do_Match(node)
        for part in (one for case in node.cases for one in ast.walk(case.pattern)):
            match part:
                case ast.MatchValue(value=ast.Constant(value=str(text)) as value):
                    subject, unit = self._refs[id(node.subject)], self._scope.unit
                    self.comparisons.append(Compared(self._span(value), unit, subject, (text,)))

    def _of_Call(self, node: ast.Call, context: str) -> Ref:  # noqa: N802
        self._called.add(id(node.func))
        return super()._of_Call(node, context)

    def _do_AugAssign(self, node: ast.AugAssign) -> None:  # noqa: N802
        self._updated = self._span(node.target)
        super()._do_AugAssign(node)

    def _statement(self, statement: ast.stmt, target: ast.expr, value: Ref) -> int:
        index = super()._statement(statement, target, value)
        placed = self._placed(target)
        if placed is not None:
            self.writes[index] = placed
        return index

    def _placed(self, node: ast.expr) -> Placed | None:
        span = self._span(node)
        called = id(node) in self._called
        updated = span == self._updated
        match node:
            case ast.Attribute(value=base, attr=name, ctx=context):
                written = updated or not isinstance(context, ast.Load)
                return Placed("attribute", span, self._span(base), name, written, called)
            case ast.Subscript(value=base, slice=key, ctx=context):
                step = step_of(key.value) if isinstance(key, ast.Constant) else ANY
                written = updated or not isinstance(context, ast.Load)
                return Placed("item", span, self._span(base), step, written, called)
            case ast.Compare(left=ast.Constant(value=key), comparators=[base, *_]):
                return Placed("contains", span, self._span(base), step_of(key))
        return None


def _texts(node: ast.expr) -> Iterator[str]:
    """The strings that an operand of a comparison is written as."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            for part in parts:
                yield from _texts(part)
