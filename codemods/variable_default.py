"""Give a call that reads an environment variable a default: `getenv("X")` -> `getenv("X", "…")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import VariableDefault
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_READ = 2  # the name and the default


@codemod(
    VariableDefault,
    name="variable-default",
    summary="Give a variable's read a default",
    review="Check what else the value is used for",
)
def give_default(
    instruction: VariableDefault, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for what is no call with a name and at most a default."""
    if not isinstance(node, cst.Call) or not 1 <= len(node.args) <= _READ:
        raise CannotRewrite(_("it does not read a variable by its name alone"))
    entries = context.entries(node)
    new = context.string(instruction.default)
    if len(entries.items) < _READ:
        return entries.insert(1, None, new).rebuilt()
    default = node.args[1].with_changes(value=new)
    return node.with_changes(args=[node.args[0], default])
