"""Which package's exceptions may come where one is caught: the SDK's alone, or openai's beside it.

What stays with the openai package is followed by the names of the functions that lead to it. What a
file of the repository does that was not read may be either.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from migrator.analysis.sites import Place, Site
from migrator.planning import syntax
from migrator.planning.context import Context
from migrator.source import tree_of

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_LOOPS = (ast.For, ast.AsyncFor, ast.comprehension, ast.YieldFrom)


@dataclass
class _Requests:
    """Some requests, and the names of the functions that may come to one of them."""

    context: Context
    places: frozenset[Place]

    @cached_property
    def leading(self) -> frozenset[str]:
        called: defaultdict[str, set[str]] = defaultdict(set)
        found: set[str] = set()
        for path, source in self.context.sources.items():
            for function in ast.walk(tree_of(source.text) or ast.Module([], [])):
                if not isinstance(function, _Function):
                    continue
                for call in (one for one in ast.walk(function) if isinstance(one, ast.Call)):
                    called[function.name].add(_last_name(call.func))
                    if Place(path, source.span_of(call)) in self.places:
                        found.add(function.name)
        while new := {name for name, to in called.items() if to & found} - found:
            found |= new
        return frozenset(found)


@dataclass
class Raising:
    """What may be raised, once it is settled what goes by the SDK."""

    context: Context

    @cached_property
    def others(self) -> bool:
        """Whether anything stays with the openai package, and so raises its exceptions."""
        clients = any(one.id not in self.context.sdk_clients for one, _ in self.context.clients())
        return clients or bool(self._staying.places)

    def is_beside(self, site: Site) -> bool:
        """Whether exceptions of the openai package may come where one of its is named."""
        if not self.others:
            return False
        path, body = site.path, self._caught_of(site)
        return self._lead(path, body, self._staying) or not self._lead(path, body, self._moving)

    def is_raised(self, site: Site) -> bool:
        """Whether exceptions of the SDK may, as in a loop over a stream that began elsewhere."""
        path, body = site.path, self._caught_of(site)
        if not self.others or self._lead(path, body, self._moving):
            return True
        loops = any(isinstance(node, _LOOPS) for one in body for node in ast.walk(one))
        return loops or not self._lead(path, body, self._staying)

    @cached_property
    def _staying(self) -> _Requests:
        return self._requests(by_sdk=False)

    @cached_property
    def _moving(self) -> _Requests:
        return self._requests(by_sdk=True)

    def _requests(self, *, by_sdk: bool) -> _Requests:
        places = frozenset(
            Place(site.path, site.span)
            for site, facts in self.context.calls()
            if facts.http is None and not facts.in_batch
            if (site.id in self.context.sdk_calls) is by_sdk
        )
        return _Requests(self.context, places)

    def _caught_of(self, site: Site) -> list[ast.stmt]:
        """The statements that an exception is caught of; none where it is named elsewhere."""
        source = self.context.sources.get(site.path)
        for _, around in syntax.ancestors(source, site.span) if source is not None else ():
            handlers = [one for one in around if isinstance(one, ast.ExceptHandler)]
            tries = [one for one in around if isinstance(one, ast.Try)]
            if handlers and tries and handlers[-1] in tries[-1].handlers:
                return tries[-1].body
        return []

    def _lead(self, path: str, body: Iterable[ast.AST], requests: _Requests) -> bool:
        """Whether statements may lead to some requests."""
        source = self.context.sources[path]
        calls = [n for one in body for n in ast.walk(one) if isinstance(n, ast.Call)]
        return any(
            Place(path, source.span_of(call)) in requests.places
            or _last_name(call.func) in requests.leading
            or _root(call.func) in self._unread(path)
            for call in calls
        )

    def _unread(self, path: str) -> frozenset[str]:
        """The names that a file imports of the repository's own files that were not read."""
        read = {one.removesuffix(".py").rpartition("/")[2] for one in self.context.sources}
        own = {one.removesuffix(".py").rpartition("/")[2] for one in self.context.python} - read
        tree = tree_of(self.context.sources[path].text) or ast.Module([], [])
        return frozenset(name for node in ast.walk(tree) for name in _bound(node, own))


def _bound(node: ast.AST, modules: set[str]) -> Iterator[str]:
    match node:
        case ast.ImportFrom(module=module, names=names):
            last = (module or "").rpartition(".")[2]
            yield from (n.asname or n.name for n in names if last in modules or n.name in modules)
        case ast.Import(names=names):
            for one in names:
                if one.name.rpartition(".")[2] in modules:
                    yield one.asname or one.name.partition(".")[0]


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
