"""Have the codemod of a plug-in rewrite an expression, and hold it to what every codemod keeps to.

client = OpenAI(...)  ->  client = OpenAI(..., default_headers={"X-Team": "search"})
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator import plugins
from migrator.edits import Plugged
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    Plugged,
    name="plug-in",
    summary="Do what the codemod of a plug-in does",
    review="Read what it has written",
    last=True,
)
def rewrite_plugged(
    instruction: Plugged, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite where the plug-in declines, and for what would not stay as it is."""
    mine = plugins.third_party()[instruction.name]
    try:
        made = mine.carry_out(node, instruction, context)
        if made is node or made.deep_equals(node):
            context.needs.clear()
            return node
        _require_expression(made)
        kept = list(context.needs), list(context.fresh)
        again = mine.carry_out(made, instruction, context)
        context.needs[:], context.fresh[:] = kept
    except plugins.Declined as error:
        raise CannotRewrite(str(error)) from None
    if not made.deep_equals(again):
        raise CannotRewrite(_("its codemod would rewrite its own result again"))
    return made  # type: ignore[no-any-return]


def _require_expression(made: Any) -> None:
    code = cst.Module([]).code_for_node(made)
    try:
        ast.parse(f"({code})", mode="eval")
    except SyntaxError:
        told = _("what its codemod makes is no expression: {code}", code=code)
        raise CannotRewrite(told) from None
