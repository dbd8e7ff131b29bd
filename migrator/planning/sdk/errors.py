"""What is read of caught errors: under other names there, or told where it is not to be had.

error.response.headers  ->  error.headers
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from migrator.analysis.sites import Kind, NameFacts, Place, Site
from migrator.edits import AnswerRead, Edit
from migrator.language import _
from migrator.planning import syntax
from migrator.planning.context import Context
from migrator.planning.messages import elsewhere, item
from migrator.planning.sdk.raising import Raising
from migrator.sdks import Errors, OwnSdk
from migrator.source import SourceText

CODEMOD = "sdk-error"
Path = tuple[str, ...]


def decide(context: Context) -> None:
    """Plan what the handlers of errors read, once for each place."""
    sdk = context.sdk
    if sdk is None or sdk.errors is None or not context.sdk_clients:
        return
    seen: set[Place] = set()
    raising = Raising(context)
    for site, _unused in context.with_facts(Kind.EXCEPTION, NameFacts):
        source = context.sources.get(site.path)
        if source is None or not context.edits.get(site.id):
            continue
        for node, path in _reads(source, site):
            place = Place(site.path, source.span_of(node))
            if place not in seen:
                seen.add(place)
                known = _known(sdk.errors, path) if not raising.is_beside(site) else ()
                _read(context, sdk, sdk.errors, site, place, path, known)


def _reads(source: SourceText, site: Site) -> Iterator[tuple[ast.expr, tuple[str, ...]]]:
    """The longest steps into the error that a handler of this exception is given."""
    for _unused, around in syntax.ancestors(source, site.span):
        for handler in around:
            if isinstance(handler, ast.ExceptHandler) and handler.name:
                yield from _steps(handler, handler.name)


def _steps(handler: ast.ExceptHandler, name: str) -> Iterator[tuple[ast.expr, tuple[str, ...]]]:
    nodes = [node for statement in handler.body for node in ast.walk(statement)]
    inner = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    for node in nodes:
        match node:
            case ast.Attribute() if id(node) not in inner:
                path = _path(node, name)
                if path:
                    yield node, path
            case ast.Call(
                func=ast.Name(id="getattr" | "hasattr"),
                args=[ast.Name(id=given), ast.Constant(value=str(field)), *_],
            ) if given == name:
                yield node, (field,)


def _path(node: ast.expr, name: str) -> tuple[str, ...]:
    """The attributes that lead from a name to an expression; none where it begins otherwise."""
    steps: list[str] = []
    while isinstance(node, ast.Attribute):
        steps.insert(0, node.attr)
        node = node.value
    return tuple(steps) if isinstance(node, ast.Name) and node.id == name else ()


def _known(errors: Errors, path: Path) -> Path:
    """The beginning of a path that leads to something else there."""
    return next((one for one in errors.reads if path[: len(one)] == one), ())


def _read(
    context: Context,
    sdk: OwnSdk,
    errors: Errors,
    site: Site,
    place: Place,
    path: Path,
    known: Path,
) -> None:
    source = context.sources[place.path]
    if known:
        surplus = ".".join(("", *path[len(known) :]))
        instruction = AnswerRead(len(path), f"answer.{errors.reads[known]}{surplus}")
        why = _("errors of {sdk}", sdk=sdk.name)
        edit = Edit(place.path, place.span, CODEMOD, instruction, (site.id,), why)
        context.edit(edit)
    elif path[0] in errors.differs:
        told = {"field": path[0], "sdk": sdk.name}
        note = item("sdk-error-field", site, errors.differs[path[0]], sdk.sources, told)
        context.note(site.id, elsewhere(note, place, source.slice(place.span)))
