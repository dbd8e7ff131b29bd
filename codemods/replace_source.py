"""Give stretches of a string literal's source other source, and leave the rest of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import ReplaceSource
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    ReplaceSource,
    name="replace-source",
    summary="Change what stands in a string that holds a command",
    review="Run the command, or read it as it is now",
)
def replace_source(
    instruction: ReplaceSource, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite where a stretch does not stand there, or more than once."""
    code = cst.Module([]).code_for_node(node)
    for old, new in instruction.texts:
        if code.count(old) != 1:
            raise CannotRewrite(_("{old} does not stand there once", old=old))
        code = code.replace(old, new)
    parsed = cst.parse_expression(f"({code})")  # a literal in several rows needs brackets
    return parsed.with_changes(lpar=parsed.lpar[1:], rpar=parsed.rpar[:-1])
