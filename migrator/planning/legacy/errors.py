"""What handlers read of the errors they catch: the fields have other names since openai 1.0."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from migrator.analysis.sites import Site, Span
from migrator.edits import Edit, Rename
from migrator.language import _, marked
from migrator.planning.context import Context
from migrator.planning.legacy import knowledge
from migrator.planning.messages import item
from migrator.source import SourceText

_WHY = marked("errors of openai 1.0 and later have it under another name")


def decide(context: Context, caught: dict[str, list[tuple[Site, str]]]) -> None:
    """Plan the names of fields that handlers read, by file: (site, what the exception is now)."""
    files = context.upgrade.files
    for path, sites in caught.items():
        tree, source = files.tree(path) if files is not None else None, context.sources.get(path)
        for handler in ast.walk(tree) if tree is not None else ():
            if isinstance(handler, ast.ExceptHandler) and handler.name and source is not None:
                named = _named(handler, sites)
                for field in _fields(handler) if named else ():
                    _field(context, source, path, field, named)


def _named(handler: ast.ExceptHandler, sites: list[tuple[Site, str]]) -> list[tuple[Site, str]]:
    """The exceptions of openai that a handler catches."""
    kind = handler.type
    if kind is None:
        return []
    return [
        (site, now)
        for site, now in sites
        if kind.lineno <= site.span.line <= (kind.end_lineno or kind.lineno)
    ]


def _fields(handler: ast.ExceptHandler) -> Iterator[ast.Attribute]:
    """What the body of a handler reads of its error."""
    for statement in handler.body:
        for node in ast.walk(statement):
            match node:
                case ast.Attribute(value=ast.Name(id=name)) if name == handler.name:
                    yield node


def _field(
    context: Context,
    source: SourceText,
    path: str,
    node: ast.Attribute,
    caught: list[tuple[Site, str]],
) -> None:
    status, every = knowledge.error_fields()
    answered = all(now in knowledge.answered_errors() for _, now in caught)
    new = every.get(node.attr) or (status.get(node.attr) if answered else None)
    site = caught[0][0]
    if new is not None:
        line, column = node.end_lineno or node.lineno, node.end_col_offset or 0
        end = len(source.line(line).encode()[:column].decode(errors="ignore"))
        span = Span(line, end - len(node.attr), line, end)
        ids = tuple(one.id for one, _ in caught)
        why = _("`{attr}` of an error is `{new}` since openai 1.0", attr=node.attr, new=new)
        context.edit(Edit(path, span, "rename", Rename(new), ids, why))
    elif node.attr in status or node.attr in knowledge.ended_error_fields():
        there = status.get(node.attr, _("`response` or `body`"))
        context.note(site.id, item("error-field", site, _(_WHY), name=node.attr, there=there))
