"""Methods of an asynchronous client that the SDK calls otherwise.

await client.close()  ->  await client.aclose()
"""

from __future__ import annotations

import ast

from migrator.analysis.sites import CallFacts, ClientFacts, Place, Site
from migrator.edits import Edit, MethodPath
from migrator.language import _
from migrator.planning.context import Context
from migrator.source import tree_of


def decide(context: Context) -> None:
    """Plan the methods that are called otherwise, on the clients that go by the SDK."""
    sdk = context.sdk
    if sdk is None:
        return
    for site, client in context.clients():
        if site.id not in context.sdk_clients:
            continue
        for name in sorted(_otherwise(context, client)):
            there = sdk.async_client_methods[name]
            why, ids = _("{sdk} calls it so", sdk=sdk.name), (site.id,)
            for place in _places(context, site, name):
                instruction = MethodPath(name, there)
                context.edit(Edit(place.path, place.span, "method-path", instruction, ids, why))


def is_untraced(context: Context, site: Site, client: ClientFacts) -> str:
    """A method that the SDK calls otherwise, and that nobody knows where it is called; or ""."""
    lost = (name for name in _otherwise(context, client) if not _places(context, site, name))
    return next(lost, "")


def _otherwise(context: Context, client: ClientFacts) -> frozenset[str]:
    renamed = context.sdk.async_client_methods if context.sdk is not None else {}
    return client.asked & renamed.keys() if client.asynchronous else frozenset()


def _places(context: Context, site: Site, name: str) -> list[Place]:
    """Where a method is named on what requests of the client are made on, in the same file."""
    found = []
    for path, receivers in _receivers(context, site).items():
        source = context.sources[path]
        for node in ast.walk(tree_of(source.text) or ast.Module([], [])):
            match node:
                case ast.Attribute(value=value, attr=attr) if attr == name:
                    if ast.unparse(value) in receivers:
                        found.append(Place(path, source.span_of(node)))
    return found


def _receivers(context: Context, site: Site) -> dict[str, set[str]]:
    """How the client is spelled where requests are made on it, by file."""
    found: dict[str, set[str]] = {}
    for one in context.sites:
        facts = one.facts
        if not isinstance(facts, CallFacts) or site.id not in facts.clients:
            continue
        source = context.sources.get(facts.callee.path)
        written = source.slice(facts.callee.span) if source is not None else ""
        receiver = written.removesuffix(f".{facts.api}")
        if receiver != written:
            found.setdefault(facts.callee.path, set()).add(receiver)
    return found
