"""How a dotted path is spelled at a place of a file: by what is imported there."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TypeGuard

from codemods.outcome import CannotRewrite
from codemods.python_file import Function, PythonFile
from migrator.analysis.sites import Span
from migrator.language import _

Import = ast.Import | ast.ImportFrom
_TOP = Span(0, 0, 0, 0)
_PARTIAL = (ast.If, ast.For, ast.While, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Need:
    """A path that has to be imported: `module` and, for a from-import, the `name` and its `alias`.

    `statement` is the number of the import statement that it belongs in, None to look for one.
    `own` are the modules of the repository itself, where these are known. `instead` is the module
    whose name of the same spelling it takes the place of.
    """

    module: str
    name: str = ""
    alias: str = ""
    statement: int | None = None
    own: frozenset[str] = frozenset()
    instead: str = ""

    @property
    def source(self) -> str:
        return f"{self.name} as {self.alias}" if self.alias else self.name


@dataclass(frozen=True, slots=True)
class Binding:
    """A name that an import statement binds. `star` binds every name of the path.

    `typing` is one that is bound for the type checker alone.
    """

    path: str
    local: str
    statement: Import
    function: Function | None
    star: bool = False
    typing: bool = False

    def spells(self, path: str) -> str | None:
        """How the path is written with this name, None where it does not lead there."""
        if self.star:
            rest = path.removeprefix(f"{self.path}.")
            return rest if rest != path and "." not in rest else None
        if path == self.path:
            return self.local
        return self.local + path[len(self.path) :] if path.startswith(f"{self.path}.") else None


def import_statements(file: PythonFile) -> list[Import]:
    """Every import statement of a file, in the order of the text."""
    found = file.nodes(ast.Import, ast.ImportFrom)
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def module_of(statement: ast.ImportFrom) -> str:
    """The module a from-import names, with its leading dots."""
    return "." * statement.level + (statement.module or "")


# A longer path is imported from its module rather than written out.
_MOST_DOTS = 2
# Names that are there without an import.
_BUILTIN = "builtins."


@dataclass(frozen=True)
class Scope:
    """The imports of a file."""

    file: PythonFile

    @cached_property
    def statements(self) -> list[Import]:
        return import_statements(self.file)

    @cached_property
    def every(self) -> list[Binding]:
        """What the imports bind."""
        return [
            replace(binding, typing=self._typing_only(statement))
            for statement in self.statements
            for binding in self._bound(statement)
        ]

    @cached_property
    def bindings(self) -> list[Binding]:
        """What the imports bind where the program runs."""
        return [binding for binding in self.every if not binding.typing]

    @cached_property
    def _by_function(self) -> dict[Function | None, list[Binding]]:
        """The bindings by the function that they stand in."""
        found: defaultdict[Function | None, list[Binding]] = defaultdict(list)
        for binding in self.bindings:
            found[binding.function].append(binding)
        return found

    def _typing_only(self, statement: Import) -> bool:
        return any(
            _is_for_typing(block)
            and inner in (block.orelse if isinstance(block.test, ast.UnaryOp) else block.body)
            for inner, block in pairwise([statement, *self.file.ancestors(statement)])
        )

    def _bound(self, statement: Import) -> Iterator[Binding]:
        around = self.file.ancestors(statement)
        function = next((node for node in around if isinstance(node, Function)), None)
        for alias in statement.names:
            if isinstance(statement, ast.Import):
                path = alias.name if alias.asname else alias.name.partition(".")[0]
                yield Binding(path, alias.asname or path, statement, function)
            elif alias.name == "*":
                yield Binding(module_of(statement), "", statement, function, star=True)
            else:
                path = f"{module_of(statement)}.{alias.name}"
                yield Binding(path, alias.asname or alias.name, statement, function)

    @cached_property
    def _reaching(self) -> dict[Span, list[Binding]]:
        return {}

    def visible(self, span: Span) -> list[Binding]:
        """The bindings that reach a place, the nearest first."""
        if span not in self._reaching:
            self._reaching[span] = self._visible(span)
        return self._reaching[span]

    def _visible(self, span: Span) -> list[Binding]:
        around = self.file.functions(span)
        reached = [
            binding
            for function in (None, *around)
            for binding in self._by_function.get(function, ())
            if (binding.statement.lineno <= span.line or (around and not binding.function))
            and not any(binding.local in self._rebound(function) for function in around)
        ]
        depth = {function: number for number, function in enumerate(around)}
        return sorted(reached, key=lambda b: depth.get(b.function, len(depth)))  # type: ignore[arg-type]

    def certain(self, span: Span) -> list[Binding]:
        """The bindings that hold for certain where a place is reached, the nearest first."""
        return [binding for binding in self.visible(span) if self._certain(binding, span)]

    def _certain(self, binding: Binding, span: Span) -> bool:
        """Whether the import has run where a place is reached: not so out of its branch."""
        return all(
            any(self.file.span(one).holds(span) for one in _arm(block, inner))
            for inner, block in pairwise(
                [binding.statement, *self.file.ancestors(binding.statement)]
            )
            if isinstance(block, _PARTIAL) and not _is_for_typing(block)
        )

    def path(self, code: str, span: Span) -> str:
        """The dotted path that a name or an attribute leads to at a place; the code if unknown."""
        name, dot, rest = code.partition(".")
        binding = self.binding(name, span)
        return f"{binding.path}{dot}{rest}" if binding else code

    def is_partial(self, code: str, span: Span) -> bool:
        """Whether a function's name stands for `functools.partial`."""
        return self.path(code, span).rpartition(".")[2] == "partial"

    def binding(self, name: str, span: Span) -> Binding | None:
        """The import that gives a name its meaning at a place."""
        return next((b for b in self.visible(span) if b.local == name), None)

    def spell(self, path: str, span: Span) -> tuple[str, Need | None]:
        """How to write a path at a place, and what has to be imported for it.

        Raises CannotRewrite where the name it would have means something else.
        """
        if path.startswith(_BUILTIN):
            self.require_free(path.removeprefix(_BUILTIN), span, path)
            return path.removeprefix(_BUILTIN), None
        spelled = [s for b in self.certain(span) if (s := b.spells(path)) is not None]
        shortest = min(spelled, key=lambda one: one.count("."), default="")
        if shortest and shortest.count(".") <= _MOST_DOTS:
            return shortest, None
        need = self._need(path, span)
        if shortest:
            try:
                return self._needing(need, path, span)
            except CannotRewrite:
                return shortest, None
        try:
            return self._needing(need, path, span)
        except CannotRewrite:
            module, __, name = path.rpartition(".")
            if need.name or not module:
                raise
            # The module's name is taken: its attribute's may be free.
            return self._needing(Need(module, name), path, span)

    def _needing(self, need: Need, path: str, span: Span) -> tuple[str, Need]:
        name = need.name or need.module.partition(".")[0]
        if need.statement is None and self._is_hidden(name, span):
            raise CannotRewrite(_("the name {name} is imported in another branch", name=name))
        self.require_free(name, span, path)
        return need.name or path, need

    def _is_hidden(self, name: str, span: Span) -> bool:
        """Whether a function imports a name that need not be there yet: it is its own."""
        around = self.file.functions(span)
        return any(
            one.local == name and one.function in around and not self._certain(one, span)
            for one in self.bindings
        )

    def spell_module(self, module: str, span: Span) -> tuple[str, Need | None]:
        """How to write the path of a module at a place, and what has to be imported for it."""
        found = next(
            (s for b in self.certain(span) if b.path == module and (s := b.spells(module))), None
        )
        return (found, None) if found else self._needing(Need(module), module, span)

    def spell_at_top(self, path: str) -> tuple[str, Need | None]:
        """How to write a path in a function of the module, and what has to be imported for it."""
        certain = (b for b in self.bindings if not b.function and self._certain(b, _TOP))
        spelled = (s for b in certain if (s := b.spells(path)) is not None)
        found = next(spelled, None)
        return (found, None) if found else self.spell(path, _TOP)

    def spell_for_typing(self, path: str, name: str, span: Span) -> tuple[str, Need | None]:
        """How to write a path in an annotation, in the place of a name.

        What takes the place of a name that only the type checker sees is imported beside it.
        """
        module, __, new = path.rpartition(".")
        beside = next((b for b in self.every if b.typing and b.local == name), None)
        spelled = [s for b in self.every if b.typing and (s := b.spells(path)) is not None]
        if beside is None or self.binding(name, span):
            return self.spell(path, span)
        if spelled:
            return spelled[0], None
        if (
            not isinstance(beside.statement, ast.ImportFrom)
            or module_of(beside.statement) != module
        ):
            return self.spell(path, span)
        return new, Need(module, new, statement=self.statements.index(beside.statement))

    def _need(self, path: str, span: Span) -> Need:
        module, __, name = path.rpartition(".")
        if not module:
            return Need(path)
        for binding in self.certain(span):
            statement = binding.statement
            if isinstance(statement, ast.ImportFrom) and module_of(statement) == module:
                return Need(module, name, statement=self.statements.index(statement))
        return Need(module, name) if name[:1].isupper() else Need(module)

    def require_free(self, name: str, span: Span, path: str) -> None:
        """Raises CannotRewrite where a name means anything but the path."""
        taken = any(name in self._rebound(function) for function in self.file.functions(span))
        binding = self.binding(name, span)
        known = binding is not None and binding.spells(path) is not None
        if taken or name in self.stored or (binding and not known):
            raise CannotRewrite(_("the name {name} means something else here", name=name))

    @cached_property
    def stored(self) -> set[str]:
        """The names that the module itself binds, imports apart."""
        return {name for one in self.file.tree.body for name in _names_stored(one)}

    @cached_property
    def classes(self) -> set[str]:
        """The names of the classes that the file defines."""
        return {node.name for node in self.file.nodes(ast.ClassDef)}

    @cached_property
    def _rebinding(self) -> dict[Function, set[str]]:
        return {}

    def _rebound(self, function: Function) -> set[str]:
        """The names a function binds by itself, imports apart."""
        if function not in self._rebinding:
            self._rebinding[function] = _rebound(function)
        return self._rebinding[function]


def _arm(block: ast.AST, inner: ast.AST) -> list[ast.stmt]:
    """The branch of a block that a statement in it belongs to."""
    branches = (getattr(block, name, []) for name in ("body", "orelse"))
    return next((branch for branch in branches if inner in branch), [])


def _is_for_typing(block: ast.AST) -> TypeGuard[ast.If]:
    return isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)


def _rebound(function: Function) -> set[str]:
    """The names a function binds by itself, imports apart."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [one for one in (arguments.vararg, arguments.kwarg) if one]
    names = {argument.arg for argument in every}
    body = function.body if isinstance(function.body, list) else [function.body]
    for part in body:
        names |= _names_stored(part)
    return names


def _names_stored(node: ast.AST) -> set[str]:
    """The names that a node binds in its own scope."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Lambda():
            return set()
        case ast.Name(id=name, ctx=ast.Store()):
            return {name}
        case ast.ExceptHandler(name=str(name)):
            return {name, *(n for part in node.body for n in _names_stored(part))}
    return {name for child in ast.iter_child_nodes(node) for name in _names_stored(child)}
