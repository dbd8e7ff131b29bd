"""The type of the answers of openai before 1.0, where it only says what something is.

def ask() -> OpenAIObject:  ->  def ask() -> Any:
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from migrator.analysis.sites import ImportFacts, Site
from migrator.edits import Edit, ReplaceExpression
from migrator.language import _, marked
from migrator.planning.context import Context
from migrator.planning.legacy import knowledge
from migrator.planning.legacy.modules import Files

_ANY = ReplaceExpression("Any", ("typing.Any",))
_WHY = marked("the answers of openai 1.0 and later have types of their own")


def decide(context: Context, site: Site, facts: ImportFacts) -> None:
    """Plan every use of what a statement imports, if it is only named as a type."""
    files = context.upgrade.files
    wanted = knowledge.answer_object()
    module = wanted.rpartition(".")[0]
    if files is None or not facts.names or not {p for p, _ in facts.names} <= {wanted, module}:
        return
    uses = [use for path, local in facts.names for use in _uses(files, site.path, path, local)]
    if not uses or None in uses:
        return
    source = context.sources[site.path]
    for use in uses:
        if use is not None:
            span = source.span_of(use)
            context.edit(Edit(site.path, span, "replace-expression", _ANY, (site.id,), _(_WHY)))


def _uses(files: Files, path: str, imported: str, local: str) -> Iterator[ast.expr | None]:
    """The expressions that name the type; None for a use that is none of a type's."""
    tree = files.tree(path)
    whole = imported == knowledge.answer_object()
    pending: list[tuple[ast.AST, bool, ast.expr | None]] = [(tree, False, None)] if tree else []
    while pending:
        node, called, outer = pending.pop()
        if isinstance(node, ast.Name) and node.id == local:
            named = node if whole else outer
            yield None if called or not isinstance(node.ctx, ast.Load) else named
        inside = called or isinstance(node, ast.Call | ast.ExceptHandler)
        attribute = node if isinstance(node, ast.Attribute) else None
        pending += [(child, inside, attribute) for child in ast.iter_child_nodes(node)]
