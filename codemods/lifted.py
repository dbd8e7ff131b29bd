"""Put the value of one entry in the place of a dictionary, or of a list with nothing else.

text={"format": {"type": "json_object"}}  ->  text={"type": "json_object"}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.arguments import Entries
from codemods.context import Context
from codemods.layout import depth, shifted
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import Lifted
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    Lifted,
    name="lifted",
    summary="Put the value of an entry where the dictionary around it stood",
    review="Check that nothing else reads the dictionary",
)
def lift(instruction: Lifted, node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    """Raises CannotRewrite where the entry is not written, or a comment would be lost."""
    if isinstance(node, cst.List) and len(node.elements) == 1:
        entries = Entries.of(node)
        value: cst.BaseExpression | None = node.elements[0].value
    else:
        entries = context.entries(node)
        value = entries.value(instruction.name)
    if value is None:
        raise CannotRewrite(_("no argument {name} stands there", name=instruction.name))
    spaces = [entries.lead, *(item.space for item in entries.items)]
    if any("#" in cst.Module([]).code_for_node(space) for space in spaces):
        raise CannotRewrite(_("a comment stands beside the value"))
    end = entries.items[-1].space
    return shifted(value, depth(end) - depth(entries.lead))
