"""Handlers of the error of a missing key: what is written raises KeyError where a client raised it.

A client that finds its key by itself raises an error of the openai package where the variable is
not set, and a program may go on without one. The key of the provider is read in the arguments. An
empty key in the place of that read would not do: openai before 2.0 takes it and sends it, and for
None every release takes OpenAI's own key and sends that.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from migrator.analysis.resolver import Resolver
from migrator.analysis.sites import Kind, NameFacts, Site
from migrator.edits import Edit, ErrorClasses
from migrator.language import _
from migrator.planning import facts as knowledge
from migrator.planning import syntax
from migrator.planning.context import Context
from migrator.planning.variables import Variables, requires_key
from migrator.source import SourceText, tree_of

_NOW = "KeyError"
_NAMES = frozenset({_NOW, "LookupError"})
_CLASSES = ((0, (f"builtins.{_NOW}",)),)
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_TRIES = (ast.Try, getattr(ast, "TryStar", ast.Try))  # `except*` since Python 3.11
_Chain = tuple[ast.AST, ...]
# By where a handler stands: a file that is parsed again has other nodes.
_Place = tuple[int, int]


@dataclass(frozen=True)
class _Handler:
    """A handler of the error; `spread`: it names a tuple of errors that is made elsewhere."""

    site: Site
    node: ast.ExceptHandler
    spread: bool = False


_Handlers = Mapping[_Place, _Handler]


def decide(context: Context, variables: Variables) -> None:
    """Let handlers of the error of a missing key catch what is raised in its place."""
    raised = knowledge.missing_key_error()
    known: defaultdict[str, dict[_Place, _Handler]] = defaultdict(dict)
    for site, facts in context.with_facts(Kind.EXCEPTION, NameFacts):
        if facts.name == raised and not context.edits.get(site.id):
            for handler in _handlers(context.sources.get(site.path), site):
                known[site.path].setdefault(_place(handler.node), handler)
    if not known:
        return
    search = _Search(context, known, Resolver(context.python))
    for read in _reads(context, variables):
        for handler in search.reached(read):
            _catch(context, handler, read)


def _handlers(source: SourceText | None, site: Site) -> Iterator[_Handler]:
    """The handlers that an exception is named in, or in the tuple that they name."""
    for _unused, around in syntax.ancestors(source, site.span) if source is not None else ():
        match around:
            case [*_, ast.ExceptHandler() as handler] | [
                *_,
                ast.ExceptHandler() as handler,
                ast.Tuple(),
            ]:
                yield _Handler(site, handler)
            case [ast.Module() as tree, ast.Assign(targets=[ast.Name(id=name)]), ast.Tuple()]:
                for node in _naming(tree, name):
                    yield _Handler(site, node, spread=True)


def _naming(tree: ast.Module, name: str) -> Iterator[ast.ExceptHandler]:
    """The handlers that name what is bound once in a file."""
    bound = [
        one
        for one in ast.walk(tree)
        if isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Store)
    ]
    for node in ast.walk(tree) if len(bound) == 1 else ():
        match node:
            case ast.ExceptHandler(type=ast.Name(id=caught)) if caught == name:
                yield node


def _reads(context: Context, variables: Variables) -> list[Edit]:
    """The edits that write what raises an error if the key is not set."""
    edits = dict.fromkeys(edit for held in context.edits.values() for edit in held)
    keys = variables.key_variables
    return [edit for edit in edits if any(requires_key(edit.instruction, key) for key in keys)]


@dataclass(frozen=True)
class _Search:
    """Looks for handlers, in the files that have some."""

    context: Context
    known: Mapping[str, _Handlers]
    resolver: Resolver

    def reached(self, read: Edit) -> Iterator[_Handler]:
        """Those around what an edit writes, or around the calls of the function it stands in."""
        source = self.context.sources.get(read.path)
        for node, around in syntax.ancestors(source, read.span) if source is not None else ():
            yield from _handled((*around, node), self.known.get(read.path, {}))
            for path, handlers in self.known.items():
                for chain in self._calls(path, read.path, around):
                    yield from _handled(chain, handlers)

    def _calls(self, path: str, where: str, around: list[ast.AST]) -> Iterator[_Chain]:
        """The calls, in a file, of the function that something stands in."""
        name, tree = _called(around), tree_of(self.context.sources[path].text)
        if not name or tree is None:
            return
        if path == where:
            yield from _calls(tree, {name}, attribute=name)
        elif _is_importable(around):
            yield from _calls(tree, set(self._imported(path, tree, where, name)))

    def _imported(self, path: str, tree: ast.Module, where: str, name: str) -> Iterator[str]:
        """What a name of another module is written as in a file that imports it, or the module."""
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=names):
                    for alias in names:
                        if self._is(self.resolver.absolute(path, alias.name), where):
                            yield f"{alias.asname or alias.name}.{name}"
                case ast.ImportFrom(names=names):
                    key = self._module(path, node)
                    for alias in names if key is not None else ():
                        local = alias.asname or alias.name
                        if alias.name == name and self._is(key, where):
                            yield local
                        elif self._is(self.resolver.child(key or "", alias.name), where):
                            yield f"{local}.{name}"

    def _is(self, key: str | None, path: str) -> bool:
        return key is not None and self.resolver.file(key) == path

    def _module(self, path: str, node: ast.ImportFrom) -> str | None:
        if node.level:
            return self.resolver.relative(path, node.module or "", node.level)
        return self.resolver.absolute(path, node.module or "")


def _handled(chain: _Chain, known: _Handlers) -> Iterator[_Handler]:
    """The innermost handlers of the error, if KeyError would come that far."""
    for inner, outer in pairwise(reversed(chain)):
        if isinstance(inner, _Function | ast.Lambda):
            return
        if isinstance(outer, _TRIES) and inner in outer.body:
            if any(map(_names_it, outer.handlers)):
                return
            for handler in outer.handlers:
                if (place := _place(handler)) in known:
                    yield known[place]
                if place in known or syntax.catches(handler, _NOW):
                    return


def _place(handler: ast.ExceptHandler) -> _Place:
    return handler.lineno, handler.col_offset


def _names_it(handler: ast.ExceptHandler) -> bool:
    """Whether a handler is for such errors by their name."""
    names = ast.walk(handler.type) if handler.type is not None else ()
    return any(isinstance(one, ast.Name) and one.id in _NAMES for one in names)


def _called(around: list[ast.AST]) -> str:
    """What the function that something stands in is called by, "" where it stands in none."""
    match _definitions(around):
        case [*_, ast.ClassDef(name=name), ast.FunctionDef(name="__init__")]:
            return name
        case [*_, ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name)]:
            return name
    return ""


def _is_importable(around: list[ast.AST]) -> bool:
    """Whether what `_called` names is a name of its module."""
    match _definitions(around):
        case [_] | [ast.ClassDef(), ast.FunctionDef(name="__init__")]:
            return True
    return False


def _definitions(around: list[ast.AST]) -> list[ast.AST]:
    return [one for one in around if isinstance(one, _Function | ast.ClassDef)]


def _calls(tree: ast.Module, names: Collection[str], attribute: str = "") -> Iterator[_Chain]:
    """The calls of some names, or of what has an attribute, each behind what stands around it."""
    pending: list[_Chain] = [(tree,)]
    while pending:
        chain = pending.pop()
        match chain[-1]:
            case ast.Call(func=ast.Attribute(attr=called)) if called == attribute:
                yield chain
            case ast.Call(func=called) if syntax.dotted_path(called) in names:
                yield chain
        pending += [(*chain, child) for child in ast.iter_child_nodes(chain[-1])]


def _catch(context: Context, handler: _Handler, read: Edit) -> None:
    site, node = handler.site, handler.node
    span = context.sources[site.path].span_of(node.type) if node.type else site.span
    ids = (site.id, *read.site_ids)
    why = _("without `{key}`, the read of it raises KeyError", key=context.key_variable)
    classes = ErrorClasses(_CLASSES, beside=True, spread=handler.spread)
    context.edit(Edit(site.path, span, "error-classes", classes, ids, why))
