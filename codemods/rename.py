"""Give an identifier another name where it stands: a settings field, an attribute, a keyword."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import Rename
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    Rename,
    name="rename",
    summary="Rename a settings field and what reads it",
    review="Check that nothing outside the repository uses the old name",
)
def rename(instruction: Rename, node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    """Raises CannotRewrite for what is no plain name."""
    if not isinstance(node, cst.Name):
        raise CannotRewrite(_("it is not a plain name"))
    return node.with_changes(value=instruction.name)
