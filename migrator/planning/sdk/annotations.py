"""Which clients an annotation that names their class is for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from migrator.analysis.sites import CallFacts, Site, Span
from migrator.planning import syntax
from migrator.planning.context import Context
from migrator.source import tree_of

_Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def clients_meant(context: Context, site: Site, *, asynchronous: bool) -> frozenset[str]:
    """The ids of the clients that a type names: by what it annotates, its file, the repository."""
    kinds = {
        one.id
        for one, client in context.clients()
        if client.asynchronous == asynchronous and client.form != "framework"
    }
    for found in (_annotated(context, site), _in_file(context, site)):
        if meant := kinds & set(found):
            return frozenset(meant)
    return frozenset() if _constructs(context, site) else frozenset(kinds)


def _constructs(context: Context, site: Site) -> bool:
    """Whether the file makes clients of the class itself: others' than OpenAI's, then."""
    source = context.sources.get(site.path)
    tree = tree_of(source.text) if source is not None else None
    return tree is not None and any(
        isinstance(node, ast.Call) and ast.unparse(node.func) == site.code
        for node in ast.walk(tree)
    )


def _annotated(context: Context, site: Site) -> Iterator[str]:
    """The clients that come by the parameter, the result or the variable that is annotated."""
    source = context.sources.get(site.path)
    around = next((ones for _, ones in syntax.ancestors(source, site.span)), []) if source else []
    function = next((one for one in reversed(around) if isinstance(one, _Function)), None)
    argument = next((one for one in reversed(around) if isinstance(one, ast.arg)), None)
    target = next((one.target for one in reversed(around) if isinstance(one, ast.AnnAssign)), None)
    if source is None:
        return
    if argument is not None and function is not None:
        yield from _asked(context, site.path, source.span_of(function), argument.arg)
    elif target is not None:
        whole = Span(1, 0, len(source.starts) + 1, 0)
        yield from _asked(context, site.path, whole, ast.unparse(target))
    elif function is not None:
        span = source.span_of(function)
        yield from (
            one.id for one, _ in context.clients() if one.path == site.path and span.holds(one.span)
        )


def _asked(context: Context, path: str, span: Span, name: str) -> Iterator[str]:
    """The clients of the calls in a stretch of a file that are made on a name."""
    source = context.sources[path]
    for _, facts in context.calls():
        place = facts.callee
        here = place.path == path and span.holds(place.span)
        if here and syntax.receiver(source, place.span, name) is not None:
            yield from facts.clients


def _in_file(context: Context, site: Site) -> Iterator[str]:
    for one in context.sites:
        if one.path == site.path and isinstance(one.facts, CallFacts):
            yield from one.facts.clients
    yield from (one.id for one, _ in context.clients() if one.path == site.path)
