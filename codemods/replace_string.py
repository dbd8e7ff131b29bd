"""Give a string literal another value: `'gpt-4o'` -> `'qwen-plus'`, quotes and prefix kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.literals import Literal
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import ReplaceString
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


def replace_literal(instruction: ReplaceString, source: str) -> str:
    """The source of a literal with the value in the place of its own."""
    return Literal.read(source).holding(instruction.value).source


@codemod(
    ReplaceString,
    name="replace-string",
    summary="Give a string another value",
    review="Check what else the string is used for",
    literal=replace_literal,
)
def replace_string(
    instruction: ReplaceString, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for bytes, for f-strings that hold values, and for what is no string."""
    source = _first(node)
    if Literal.read(source).binary:
        raise CannotRewrite(_("it is a byte string"))
    return cst.SimpleString(replace_literal(instruction, source))


def _first(node: cst.BaseExpression) -> str:
    """The source of the literal whose quotes are kept."""
    match node:
        case cst.SimpleString(value=source):
            return source
        case cst.FormattedString(parts=parts):
            if all(isinstance(part, cst.FormattedStringText) for part in parts):
                return cst.Module([]).code_for_node(node)
            raise CannotRewrite(_("it is an f-string that holds values"))
        case cst.ConcatenatedString(left=left, right=right):
            _first(right)
            return _first(left)
    raise CannotRewrite(_("it is not a string literal"))
