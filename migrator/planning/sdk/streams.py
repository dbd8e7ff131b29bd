"""Streams that end with a chunk the openai package would not give: how much was used, no choice.

A loop that reads the choices of every chunk passes over it; where they are read in another way, the
stream is asked for without it.
"""

from __future__ import annotations

import ast

from migrator.analysis.sites import CallFacts, ResultRead, Site
from migrator.edits import Edit, LoopGuard, Parameters
from migrator.language import _
from migrator.planning import syntax
from migrator.planning.context import Context
from migrator.planning.sdk.calls import CODEMOD
from migrator.planning.sdk.movement import method_of
from migrator.sdks import Method
from migrator.source import SourceText

_CHOICES = "choices"
_Loop = ast.For | ast.AsyncFor
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def decide(context: Context) -> None:
    """Plan what keeps the programs that read streams from the last chunk."""
    sdk = context.sdk
    if sdk is None:
        return
    for site, facts in context.calls():
        if site.id not in context.sdk_calls or "stream" not in facts.features:
            continue
        method = method_of(context, sdk, site, facts)
        if method is None or not method.surplus or _is_asked_for(facts, method):
            continue
        chunks = [_Chunk(context, read) for read in facts.reads if _is_first_choice(read)]
        open_ones = [chunk for chunk in chunks if not chunk.is_guarded]
        if all(chunk.loop is not None for chunk in open_ones) and (chunks or _is_followed(facts)):
            for chunk in open_ones:
                _guard(context, site, method, chunk)
        else:
            _quieten(context, site, method)


def _is_asked_for(facts: CallFacts, method: Method) -> bool:
    """Whether the program asks for such a chunk itself, or says that it wants none."""
    return any(facts.argument(name) is not None for name in method.quiet)


def _is_followed(facts: CallFacts) -> bool:
    """Whether something is known of what the program does with the chunks."""
    return any(read.streamed for read in facts.reads)


def _is_first_choice(read: ResultRead) -> bool:
    """Whether a step takes one of a chunk's choices, which fails where there is none."""
    return (
        read.streamed
        and read.path[:1] == (_CHOICES,)
        and len(read.path) == 2
        and read.form == "item"
    )


class _Chunk:
    """Where the first choice of a chunk is taken, and what gives the chunk its name."""

    def __init__(self, context: Context, read: ResultRead) -> None:
        self.path = read.place.path
        self.source = context.sources.get(read.place.path) or SourceText("")
        self.loop: _Loop | None = None
        self.is_guarded = False
        for node, around in syntax.ancestors(self.source, read.place.span):
            name = _root(node)
            for outer in reversed(around):
                if isinstance(outer, _Loop) and ast.unparse(outer.target) == name:
                    self.loop = self.loop or outer
                if isinstance(outer, (ast.For, ast.AsyncFor, *_COMPREHENSIONS)):
                    self.is_guarded = self.is_guarded or _asks_for_choices(outer, name)


def _root(node: ast.AST) -> str:
    """The name that a chain of steps begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _asks_for_choices(outer: ast.AST, name: str) -> bool:
    """Whether the choices of a chunk are looked at as a whole, and so whether there are any."""
    taken = {id(one.value) for one in ast.walk(outer) if isinstance(one, ast.Subscript)}
    return any(
        isinstance(one, ast.Attribute)
        and one.attr == _CHOICES
        and _root(one) == name
        and id(one) not in taken
        for one in ast.walk(outer)
    )


def _guard(context: Context, site: Site, method: Method, chunk: _Chunk) -> None:
    assert chunk.loop is not None
    span = chunk.source.span_of(chunk.loop)
    why = _("the last chunk of a stream holds no choice")
    edit = Edit(chunk.path, span, "loop-guard", LoopGuard(method.surplus), (site.id,), why)
    context.edit(edit)


def _quieten(context: Context, site: Site, method: Method) -> None:
    """Ask for a stream without the chunk."""
    why = _("the last chunk of a stream would hold no choice")
    asked = Parameters(extra_body=tuple(method.quiet.items()), rest=method.rest)
    context.edit(Edit(site.path, site.span, CODEMOD, asked, (site.id,), why))
