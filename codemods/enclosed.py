"""Hand an expression to a function.

{"choices": []}  ->  ChatCompletion.construct(**{"choices": []})
fake             ->  staticmethod(fake)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.registry import codemod
from migrator.edits import Enclosed

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    Enclosed,
    name="enclosed",
    summary="Make of a test's fake what the new release gives",
    review="Check that the fake has all that the code under test reads",
)
def enclose(
    instruction: Enclosed, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """The call of the function with the expression."""
    path = instruction.function
    function = context.spell(path) if "." in path else path
    method = f".{instruction.method}" if instruction.method else ""
    star = "**" if instruction.spread else ""
    return context.parse(f"{function}{method}({star}value)", {"value": node})
