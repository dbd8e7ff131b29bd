"""Read an environment variable where a value stood, or where it is empty.

base_url  ->  os.getenv("URL", "https://…")
base_url  ->  base_url or os.getenv("URL", "https://…")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.environment import value
from codemods.lazy import LazyModule
from codemods.registry import codemod
from migrator.edits import ReadVariable

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    ReadVariable,
    name="read-variable",
    summary="Read a variable in the place of a value, or where the value is empty",
    review="Check that what is handed in at run time is meant for the provider",
)
def read_variable(
    instruction: ReadVariable, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite where a name that it needs means something else."""
    read = value(context, instruction.variable, instruction.default)
    if not instruction.behind:
        return read
    choice = cst.BooleanOperation(_operand(node), cst.Or(), read)
    match node:
        case cst.BooleanOperation(operator=cst.Or(), right=cst.Name(value="None")):
            choice = node.with_changes(right=read)
    context.fresh.append(choice)
    return choice


def _operand(node: cst.BaseExpression) -> cst.BaseExpression:
    """The expression, in parentheses where `or` would tear it apart."""
    loose = isinstance(node, (cst.IfExp, cst.Lambda, cst.NamedExpr, cst.Yield))
    if not loose or node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
