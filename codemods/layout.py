"""Moving code that stands on several lines to another depth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from codemods.lazy import LazyModule

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_Node = TypeVar("_Node", bound="cst.CSTNode")


def depth(space: cst.BaseParenthesizableWhitespace) -> int:
    """How far in the line begins that follows some blanks; 0 where none does."""
    last = space.last_line.value if isinstance(space, cst.ParenthesizedWhitespace) else ""
    return len(last)


def shifted(node: _Node, by: str | int) -> _Node:
    """The node with its lines, all but the first, further in (a text) or less far (a number).

    The lines of a string stay where they are.
    """
    if not by:
        return node

    def moved(blanks: cst.SimpleWhitespace) -> cst.SimpleWhitespace:
        value = blanks.value + by if isinstance(by, str) else blanks.value[: len(blanks.value) + by]
        return cst.SimpleWhitespace(value)

    class Shifter(cst.CSTTransformer):
        def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> Any:
            match updated:
                case cst.ParenthesizedWhitespace(last_line=blanks):
                    return updated.with_changes(last_line=moved(blanks))
                case cst.EmptyLine(whitespace=blanks, comment=cst.Comment()):
                    return updated.with_changes(whitespace=moved(blanks))
            return updated

    return node.visit(Shifter())  # type: ignore[return-value]
