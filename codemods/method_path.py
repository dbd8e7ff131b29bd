"""Call another method of a client.

client.completions.create  ->  client.chat.completions.create
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import MethodPath
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    MethodPath,
    name="method-path",
    summary="Call another method of the client",
    review="Read the arguments and what is done with the answer together with the call",
)
def call_method(
    instruction: MethodPath, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite where the method is not named by this path."""
    written = []
    for name in reversed(instruction.old.split(".")):
        if not (isinstance(node, cst.Attribute) and node.attr.value == name):
            raise CannotRewrite(_("the method is not called by its path"))
        written.append(node)
        node = node.value
    names = instruction.new.split(".")
    for behind, name in zip(reversed(range(len(names))), names, strict=True):
        stands = written[behind] if behind < len(written) else None
        if stands is not None and stands.attr.value == name:
            node = stands.with_changes(value=node)
        else:
            node = cst.Attribute(node, cst.Name(name))
    return node
