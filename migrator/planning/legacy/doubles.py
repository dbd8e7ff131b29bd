"""What a test's fake answers, as it is written in the test."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from migrator.analysis.sites import Argument, Place
from migrator.planning.legacy.modules import Files

_ANSWERING = frozenset({"return_value", "side_effect"})
_MOCKS = frozenset({"Mock", "MagicMock", "AsyncMock", "NonCallableMock", "sentinel", "Exception"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Answered:
    """An expression that stands for an answer: a dict, a function, or something that is unknown."""

    what: str
    place: Place
    streamed: bool = False


@dataclass(frozen=True)
class Doubles:
    """One fake: the call or the assignment that puts it in its place, and the file around it.

    `target` is the literal that names what it stands in for, or the assignment.
    """

    files: Files
    target: Place
    arguments: Sequence[Argument]

    @cached_property
    def _tree(self) -> ast.Module:
        return self.files.tree(self.target.path) or ast.Module([], [])

    def _place(self, node: ast.expr | ast.stmt) -> Place:
        return Place(self.target.path, self.files.sources[self.target.path].span_of(node))

    @cached_property
    def _call(self) -> ast.Call | None:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Call):
                given = [*node.args, *(one.value for one in node.keywords)]
                if any(
                    isinstance(one, ast.Constant) and self._place(one) == self.target
                    for one in given
                ):
                    return node
        return None

    @cached_property
    def _assignment(self) -> ast.Assign | None:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Assign) and self._place(node) == self.target:
                return node
        return None

    @property
    def written(self) -> Place | None:
        """What is assigned to, where the fake is put in its place by an assignment."""
        return self._place(self._assignment.targets[0]) if self._assignment is not None else None

    @property
    def call(self) -> Place | None:
        """The call that puts the fake in its place."""
        return self._place(self._call) if self._call is not None else None

    @property
    def is_patch(self) -> bool:
        """Whether a mock is made where no fake is given."""
        return self._call is not None and not _ends(self._call.func, "setattr")

    def answers(self) -> Iterator[Answered]:
        """Everything that the fake answers, and every function that is the fake itself."""
        found: dict[Answered, None] = {}
        if self._assignment is not None:
            fake = self._assignment.value
            found |= dict.fromkeys(self._stands(fake, self._place(fake)))
        for argument in self.arguments:
            value = self._expression(argument.place)
            if value is None:
                continue
            if argument.name in _ANSWERING:
                found |= dict.fromkeys(self._answered(value, argument.name))
            elif argument.name == "new":
                found |= dict.fromkeys(self._stands(value, argument.place))
        for name, scope in self._mocks():
            for node in ast.walk(scope):
                match node:
                    case ast.Assign(
                        targets=[ast.Attribute(value=ast.Name(id=of), attr=attribute)], value=value
                    ) if of == name and attribute in _ANSWERING:
                        found |= dict.fromkeys(self._answered(value, attribute))
        yield from found

    def _expression(self, place: Place) -> ast.expr | None:
        return next(
            (
                node
                for node in ast.walk(self._tree)
                if isinstance(node, ast.expr) and self._place(node) == place
            ),
            None,
        )

    # -- what is given ---------------------------------------------------------------------------

    def _stands(self, value: ast.expr, place: Place) -> Iterator[Answered]:
        """What is put in the place of the method itself: a function answers what it returns."""
        function = self._function(value)
        if function is None:
            return
        yield Answered("function", place)
        yield from self._returned(function)

    def _answered(self, value: ast.expr, attribute: str) -> Iterator[Answered]:
        """What a mock gives: the value, or each of several in turn, or what a function gives."""
        function = self._function(value) if attribute == "side_effect" else None
        if function is not None:
            yield from self._returned(function)
        elif attribute == "side_effect" and isinstance(value, ast.List | ast.Tuple):
            for one in value.elts:
                yield from self._one(one)
        else:
            yield from self._one(value)

    def _returned(self, function: _Function | ast.Lambda) -> Iterator[Answered]:
        if isinstance(function, ast.Lambda):
            yield from self._one(function.body)
            return
        for node in _own(function.body):
            match node:
                case ast.Return(value=ast.expr() as value):
                    yield from self._one(value)
                case ast.Yield(value=ast.expr() as value):
                    for one in self._one(value):
                        yield Answered(one.what, one.place, streamed=True)

    def _one(self, value: ast.expr) -> Iterator[Answered]:
        """One answer, or a stream of them as a list."""
        place = self._place(value)
        match value:
            case ast.Constant() | ast.Attribute():
                return
            case (
                ast.List(elts=parts)
                | ast.Call(func=ast.Name(id="iter"), args=[ast.List(elts=parts)])
            ):
                for part in parts:
                    for one in self._one(part):
                        yield Answered(one.what, one.place, streamed=True)
            case ast.Call(func=function) if _is_mock(function):
                return
            case _:
                yield Answered("dict" if self._is_dict(value) else "unknown", place)

    def _is_dict(self, value: ast.expr) -> bool:
        match value:
            case ast.Dict() | ast.Call(func=ast.Name(id="dict")):
                return True
            case ast.Name(id=name):
                given = [
                    node.value
                    for node in ast.walk(self._tree)
                    if isinstance(node, ast.Assign)
                    and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
                ]
                return bool(given) and all(isinstance(one, ast.Dict) for one in given)
        return False

    def _function(self, value: ast.expr) -> _Function | ast.Lambda | None:
        """The function that an expression is, where it is written in the file."""
        if isinstance(value, ast.Lambda):
            return value
        if not isinstance(value, ast.Name):
            return None
        found = [
            node
            for node in ast.walk(self._tree)
            if isinstance(node, _Function) and node.name == value.id
        ]
        return found[0] if len(found) == 1 else None

    # -- the mock's names ------------------------------------------------------------------------

    def _mocks(self) -> Iterator[tuple[str, ast.AST]]:
        """The names that the mock has, each with where it has it."""
        for node in ast.walk(self._tree):
            if isinstance(node, _Function):
                name = self._parameter(node)
                if name:
                    yield name, node
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Assign) and inner.value is self._call:
                        yield from ((t.id, node) for t in inner.targets if isinstance(t, ast.Name))
            elif isinstance(node, ast.With | ast.AsyncWith):
                for one in node.items:
                    if one.context_expr is self._call and isinstance(one.optional_vars, ast.Name):
                        yield one.optional_vars.id, node

    def _parameter(self, function: _Function) -> str:
        """The parameter that a decorator gives the mock by: the lowest one gives the first."""
        made = [one for one in reversed(function.decorator_list) if _makes_mock(one)]
        if self._call not in made:
            return ""
        parameters = [one.arg for one in function.args.args if one.arg not in {"self", "cls"}]
        position = made.index(self._call)
        return parameters[position] if position < len(parameters) else ""


def _own(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """Everything in a function's body that is not of a function in it."""
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop(0)
        yield node
        if not isinstance(node, _Function | ast.Lambda | ast.ClassDef):
            pending = [*ast.iter_child_nodes(node), *pending]


def _ends(node: ast.expr, name: str) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == name) or (
        isinstance(node, ast.Name) and node.id == name
    )


def _is_mock(function: ast.expr) -> bool:
    """Whether a call makes a mock or an error: neither is an answer to be rewritten."""
    written = ast.unparse(function).rpartition(".")[2]
    return written in _MOCKS or written.endswith(("Error", "Exception", "Timeout", "Mock"))


def _makes_mock(decorator: ast.expr) -> bool:
    """Whether a decorator is a patch that hands the function a mock of its own."""
    if not isinstance(decorator, ast.Call):
        return False
    written = ast.unparse(decorator.func)
    given = any(one.arg == "new" for one in decorator.keywords)
    if written.endswith("patch.object"):
        return not given and len(decorator.args) < 3
    return written.rpartition(".")[2] == "patch" and not given and len(decorator.args) < 2
