"""Put an expression into other source.

[f]  ->  [{"type": "function", "function": f}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.registry import codemod
from migrator.edits import Framed

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    Framed,
    name="framed",
    summary="Say a value as the provider takes it",
    review="Read the new expression",
)
def frame(instruction: Framed, node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    """The source with the expression in the place of `value`."""
    return context.parse(instruction.source, {"value": node})
