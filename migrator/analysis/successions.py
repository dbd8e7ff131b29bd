"""What a name holds one after the other: of names that a scope binds more than once.

To bind a name ends what it held before. What comes after branches sees what each of them left, and
what stands in a loop or handles an error all that is bound in there. A function sees all that a
name of the scopes around it ever holds: that is its own node, which every binding reaches too.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from migrator.analysis.program import Op, Ref

_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)
State = dict[str, int]


@dataclass
class Scope:
    """Where names are looked up: a function's or the module's names, or a class body's.

    `bound` says how often a name is bound. `latest` is the node of what a name holds where the
    lowering has come to, `loose` are names that something else than a value binds, and `gathering`
    the nodes that loops and `try` blocks around gather bindings in. `lazy`: what stands in it is
    evaluated later.
    """

    unit: int
    parent: Scope | None
    bound: Mapping[str, int]
    class_index: int | None = None
    names: dict[str, Ref] = field(default_factory=dict)
    latest: State = field(default_factory=dict)
    loose: set[str] = field(default_factory=set)
    gathering: list[State] = field(default_factory=list)
    lazy: bool = False

    @cached_property
    def followed(self) -> frozenset[str]:
        """The names of which it is told apart what they hold."""
        if self.class_index is not None:
            return frozenset()
        return frozenset(name for name, times in self.bound.items() if times > 1)


class Successions(ABC):
    """Carries what names hold through the blocks of a scope."""

    def __init__(self) -> None:
        self._scope = Scope(0, None, {})
        self._bound_elsewhere: set[str] = set()

    @abstractmethod
    def _emit(self, op: Op, *operands: object) -> None:
        """Add an operation to the unit."""

    @abstractmethod
    def _node(self, line: int = 0, label: str = "") -> int:
        """A new node of the unit."""

    @abstractmethod
    def _body(self, body: Iterable[ast.stmt]) -> None:
        """Lower statements that follow each other."""

    @abstractmethod
    def _binds(self, body: Sequence[ast.stmt]) -> Iterable[str]:
        """The names that a block binds."""

    # -- bindings ------------------------------------------------------------------------------

    def _hold(self, name: str, value: Ref, line: int) -> None:
        """From here on, a name of the scope holds a value and nothing else."""
        scope = self._scope
        if name in scope.followed and name not in self._bound_elsewhere:
            scope.latest[name] = self._node(line, name)
            self._emit(Op.COPY, value, scope.latest[name])
            self._gather(scope, name, value)

    def _may_hold(self, owner: Scope, name: str, value: Ref) -> None:
        """From here on, a name may hold a value as well."""
        owner.loose.add(name)
        if owner.unit == self._scope.unit and name in owner.latest:
            self._emit(Op.COPY, value, owner.latest[name])
            self._gather(owner, name, value)

    def _gather(self, scope: Scope, name: str, value: Ref) -> None:
        for around in scope.gathering:
            if name in around:
                self._emit(Op.COPY, value, around[name])

    # -- blocks --------------------------------------------------------------------------------

    def _fork(self, blocks: Iterable[Sequence[ast.stmt]]) -> None:
        """Blocks of which one is carried out."""
        self._branch((partial(self._body, block), block) for block in blocks)

    def _branch(self, ways: Iterable[tuple[Callable[[], None], Sequence[ast.stmt]]]) -> None:
        """Ways of which one is taken: what lowers it, and the block that it ends with."""
        scope, before = self._scope, self._scope.latest
        ends = []
        for lower, block in ways:
            scope.latest = dict(before)
            lower()
            if not _leaves(block):
                ends.append(scope.latest)
        scope.latest = self._met(ends) if ends else before

    def _within(self, body: Sequence[ast.stmt]) -> None:
        """A block that may be left before its end: what it is entered with may hold after it."""
        self._fork((body, ()))

    def _repeat(self, body: Sequence[ast.stmt], once: Callable[[], None]) -> None:
        """A block that is carried out any number of times; `once` lowers it."""
        scope = self._scope
        around = self._gathered(body)
        scope.latest = {**scope.latest, **around}
        scope.gathering.append(around)
        once()
        scope.gathering.pop()
        scope.latest = {**scope.latest, **around}

    def _attempt(self, node: ast.Try, handle: Callable[[ast.ExceptHandler], None]) -> None:
        """A `try` with its handlers; `handle` lowers one of them."""
        scope, before = self._scope, dict(self._scope.latest)
        around = self._gathered(node.body)
        scope.gathering.append(around)
        self._body(node.body)
        scope.gathering.pop()
        done = scope.latest
        failed = {**before, **around}
        ends = []
        for handler in node.handlers:
            scope.latest = dict(failed)
            handle(handler)
            if not _leaves(handler.body):
                ends.append(scope.latest)
        scope.latest = done
        self._body(node.orelse)
        if not _leaves([*node.body, *node.orelse]):
            ends.insert(0, scope.latest)
        if node.finalbody:
            ends.append(failed)
        scope.latest = self._met(ends) if ends else failed
        self._body(node.finalbody)

    def _gathered(self, body: Sequence[ast.stmt]) -> State:
        """Nodes for all that the names may hold which a block binds, whichever part is done."""
        scope = self._scope
        if not scope.followed:
            return {}
        found: State = {}
        for name in self._binds(body):
            if name in scope.followed and name not in self._bound_elsewhere:
                found[name] = self._node(0, name)
                self._start(scope, name, scope.latest.get(name), found[name])
        return found

    def _met(self, states: Sequence[State]) -> State:
        """What names hold where several ways meet."""
        if all(state is states[0] or state == states[0] for state in states):
            return states[0]
        met: State = {}
        for name in dict.fromkeys(name for state in states for name in state):
            nodes = list(dict.fromkeys(state.get(name) for state in states))
            if len(nodes) == 1 and nodes[0] is not None:
                met[name] = nodes[0]
                continue
            met[name] = self._node(0, name)
            for node in nodes:
                self._start(self._scope, name, node, met[name])
        return met

    def _start(self, scope: Scope, name: str, latest: int | None, node: int) -> None:
        """Let a node hold what a name held before: by its own node where nothing else is told."""
        if latest is not None:
            self._emit(Op.COPY, latest, node)
        elif name in scope.loose and name in scope.names:
            self._emit(Op.COPY, scope.names[name], node)


def _leaves(block: Sequence[ast.stmt]) -> bool:
    """Whether nothing that follows a block is reached from its end."""
    match block:
        case [*_, ast.If(body=body, orelse=other)]:
            return _leaves(body) and _leaves(other)
        case [*_, last]:
            return isinstance(last, _LEAVING)
    return False
