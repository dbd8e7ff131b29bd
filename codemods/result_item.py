"""Read an answer as the dict that was made of it.

answer.choices  ->  answer["choices"]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import ResultItem
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    ResultItem,
    name="result-item",
    summary="Read a field of an answer by its key",
    review="Check that nothing but an answer of openai comes here",
)
def read_item(
    instruction: ResultItem, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for what is not read by an attribute."""
    if not isinstance(node, cst.Attribute):
        raise CannotRewrite(_("it is not read by an attribute"))
    key = cst.SubscriptElement(cst.Index(context.string(instruction.name)))
    return cst.Subscript(node.value, [key], lpar=node.lpar, rpar=node.rpar)
