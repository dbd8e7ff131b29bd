"""Give a call an argument that has to be imported.

patch("a.b")  ->  patch("a.b", new_callable=AsyncMock)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.registry import codemod
from migrator.edits import ArgumentToImport

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    ArgumentToImport,
    name="argument-to-import",
    summary="Say what kind of mock a patch makes",
    review="Check that the code under test awaits the mock",
)
def give_argument(
    instruction: ArgumentToImport, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for anything but a call."""
    entries = context.entries(node)
    value = context.parse(context.spell(instruction.path))
    return entries.with_value(instruction.name, value).rebuilt()
