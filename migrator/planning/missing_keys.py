"""Handlers of the error of a missing key: what is written raises KeyError where a client raised it.

A client that finds its key by itself raises an error of the openai package where the variable is
not set, and a program may go on without one. The key of the provider is read in the arguments. An
empty key in the place of that read would not do: openai before 2.0 takes it and sends it, and for
None every release takes OpenAI's own key and sends that.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from migrator.analysis.sites import Kind, NameFacts, Site, Span
from migrator.edits import Edit, ErrorClasses
from migrator.language import _
from migrator.planning import facts as knowledge
from migrator.planning import syntax
from migrator.planning.context import Context
from migrator.planning.variables import Variables, requires_key
from migrator.source import SourceText, tree_of

_NOW = "KeyError"
_NAMES = frozenset({_NOW, "LookupError"})
_BESIDE = ErrorClasses(((0, (f"builtins.{_NOW}",)),), beside=True)
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_TRIES = (ast.Try, getattr(ast, "TryStar", ast.Try))  # `except*` since Python 3.11
_Chain = tuple[ast.AST, ...]
# By where a handler stands: a file that is parsed again has other nodes.
_Place = tuple[int, int]
_Handlers = dict[_Place, Site]


def decide(context: Context, variables: Variables) -> None:
    """Let handlers of the error of a missing key catch what is raised in its place."""
    raised = knowledge.missing_key_error()
    known: defaultdict[str, _Handlers] = defaultdict(dict)
    for site, facts in context.with_facts(Kind.EXCEPTION, NameFacts):
        handler = _handler(context.sources.get(site.path), site)
        if facts.name == raised and handler is not None and not context.edits.get(site.id):
            known[site.path][_place(handler)] = site
    for read in _reads(context, variables) if known else ():
        if read.path in known:
            for site in _reached(context.sources[read.path], read.span, known[read.path]):
                _catch(context, site, read)


def _handler(source: SourceText | None, site: Site) -> ast.ExceptHandler | None:
    """The handler that names an exception as one of those it catches."""
    for _unused, around in syntax.ancestors(source, site.span) if source is not None else ():
        match around:
            case [*_, ast.ExceptHandler() as handler] | [
                *_,
                ast.ExceptHandler() as handler,
                ast.Tuple(),
            ]:
                return handler
    return None


def _reads(context: Context, variables: Variables) -> list[Edit]:
    """The edits that write what raises an error if the key is not set."""
    edits = dict.fromkeys(edit for held in context.edits.values() for edit in held)
    keys = variables.key_variables
    return [edit for edit in edits if any(requires_key(edit.instruction, key) for key in keys)]


def _reached(source: SourceText, span: Span, known: _Handlers) -> Iterator[Site]:
    """What names the error in handlers around an expression, or the calls of its function."""
    for node, around in syntax.ancestors(source, span):
        yield from _handled((*around, node), known)
        name = _called(around)
        for chain in _calls(source, name) if name else ():
            yield from _handled(chain, known)


def _handled(chain: _Chain, known: _Handlers) -> Iterator[Site]:
    """What names the error in the innermost handler of it, if KeyError would come that far."""
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
    named = [one for one in around if isinstance(one, _Function | ast.ClassDef)]
    match named:
        case [*_, ast.ClassDef(name=name), ast.FunctionDef(name="__init__")]:
            return name
        case [*_, ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name)]:
            return name
    return ""


def _calls(source: SourceText, name: str) -> Iterator[_Chain]:
    """The calls of a function in its own file, each behind what stands around it."""
    pending: list[_Chain] = [(tree,)] if (tree := tree_of(source.text)) is not None else []
    while pending:
        chain = pending.pop()
        match chain[-1]:
            case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called)) if called == name:
                yield chain
        pending += [(*chain, child) for child in ast.iter_child_nodes(chain[-1])]


def _catch(context: Context, site: Site, read: Edit) -> None:
    source = context.sources[site.path]
    handler = _handler(source, site)
    span = source.span_of(handler.type) if handler and handler.type else site.span
    ids = (site.id, *read.site_ids)
    why = _("without `{key}`, the read of it raises KeyError", key=context.key_variable)
    context.edit(Edit(site.path, span, "error-classes", _BESIDE, ids, why))
