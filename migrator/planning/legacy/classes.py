"""Names that a file gives classes of openai before 1.0, once nothing is called by them any more.

chat = openai.ChatCompletion
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict

from migrator.analysis import surface
from migrator.analysis.sites import Span
from migrator.edits import Edit, ItemAssignment
from migrator.language import _, marked
from migrator.planning.context import Context
from migrator.planning.legacy.modules import Files

_WHY = marked("its calls are made by a client now")


def decide(context: Context) -> None:
    """Take away the names by which upgraded calls alone were made."""
    files = context.upgrade.files
    if files is None:
        return
    called: defaultdict[str, dict[Span, str]] = defaultdict(dict)
    for one, facts in context.upgrade.before.items():
        for place in facts.methods:
            called[place.path][place.span] = one
    for path, spans in called.items():
        tree = files.tree(path)
        for statement in ast.walk(tree) if tree is not None else ():
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute() as value):
                    owner = surface.legacy_class(ast.unparse(value))
                    sites = _callers(context, files, path, name, spans) if owner else ()
                    if sites:
                        span, end = context.sources[path].span_of(statement), ItemAssignment(True)
                        context.edit(Edit(path, span, "item-assignment", end, sites, _(_WHY)))


def _callers(
    context: Context, files: Files, path: str, name: str, called: dict[Span, str]
) -> tuple[str, ...]:
    """The calls that a name is used for; empty where it is used for anything else."""
    source, tree = context.sources[path], files.tree(path)
    begun = {(span.line, span.column): one for span, one in called.items()}
    sites = []
    for node in ast.walk(tree) if tree is not None else ():
        if not (isinstance(node, ast.Name) and node.id == name):
            continue
        if isinstance(node.ctx, ast.Store):
            sites.append("")
            continue
        at = source.span_of(node)
        site = begun.get((at.line, at.column))
        if site is None:
            return ()
        sites.append(site)
    elsewhere = any(
        other != path and files.imports(other, path) and re.search(rf"\b{name}\b", text.text)
        for other, text in context.sources.items()
    )
    alone = sites.count("") == 1 and not elsewhere
    return tuple(dict.fromkeys(filter(None, sites))) if alone else ()
