"""Put other source in an expression's place, its names spelled as the file imports them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.registry import codemod
from migrator.edits import ReplaceExpression

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    ReplaceExpression,
    name="replace-expression",
    summary="Put another expression in an expression's place",
    review="Read the new expression",
)
def replace_expression(
    instruction: ReplaceExpression, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite where a name it needs means something else."""
    for path in instruction.imports:
        if isinstance(node, cst.Name) and context.rebind(node.value, path):
            return node
    spelled = {path: _spelled(path, node, context) for path in instruction.imports}
    new = context.parse(instruction.source)
    for path, local in spelled.items():
        new = respelled(new, {path, path.rpartition(".")[2]}, local)
    return new


def _spelled(path: str, node: cst.BaseExpression, context: Context) -> str:
    if not context.in_annotation:
        return context.spell_anyhow(path)
    name = ast.literal_eval(node.value) if isinstance(node, cst.SimpleString) else _code(node)
    spelled, need = context.scope.spell_for_typing(path, name, context.span)
    if need is not None:
        context.needs.append(need)
    return spelled


def respelled(node: cst.BaseExpression, paths: set[str], local: str) -> cst.BaseExpression:
    """The expression with a path, or its last name, written another way."""
    spellings = paths - {local}
    attributes: set[cst.CSTNode] = set()

    class Speller(cst.CSTTransformer):
        def on_visit(self, node: cst.CSTNode) -> bool:
            if isinstance(node, cst.Attribute):
                attributes.add(node.attr)
            return _code(node) not in {local, *spellings}

        def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> Any:
            found = original not in attributes and _code(original) in spellings
            return cst.parse_expression(local) if found else updated

    changed = node.visit(Speller())
    assert isinstance(changed, cst.BaseExpression)
    return changed


def _code(node: cst.CSTNode) -> str:
    """The source of a name or a dotted path."""
    match node:
        case cst.Name(value=value):
            return value
        case cst.Attribute(value=value, attr=cst.Name(value=name)):
            return f"{_code(value)}.{name}"
    return ""
