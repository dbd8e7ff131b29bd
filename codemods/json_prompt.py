"""Put a sentence at the end of a message's text: a JSON answer has to be asked for in words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.literals import Literal
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import JsonPrompt
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_LAST_LINE = re.compile(r"(?:\r\n|\r|\n)[ \t]*\Z")


@codemod(
    JsonPrompt,
    name="json-prompt",
    summary="Ask for JSON in the prompt where the answer has to be JSON",
    review="Read the prompt as a whole",
)
def ask_for_json(
    instruction: JsonPrompt, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for a content that is bytes, or a list of parts."""
    match node:
        case cst.List() | cst.Dict() | cst.Tuple() | cst.ListComp():
            raise CannotRewrite(_("the message's content is a list of parts"))
        case cst.SimpleString() | cst.FormattedString() | cst.ConcatenatedString():
            return _extended(node, instruction.text)
    sentence = context.string(_apart("text", instruction.text))
    loose = (cst.BooleanOperation, cst.IfExp, cst.Lambda, cst.Comparison, cst.NamedExpr)
    left = node
    if isinstance(node, loose) or (
        isinstance(node, cst.BinaryOperation)
        and isinstance(node.operator, (cst.BitOr, cst.BitAnd, cst.BitXor))
    ):
        left = node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.BinaryOperation(left, cst.Add(), sentence)


def _apart(before: str, text: str) -> str:
    """The text with a blank before it where it would stick to what it follows."""
    sticks = before and not before[-1].isspace() and not text[:1].isspace()
    return f" {text}" if sticks else text


def _ending(body: str) -> str:
    """What a text ends in whose closing quotes stand on a line of their own."""
    match = _LAST_LINE.search(body)
    return match.group() if match else ""


def _extended(node: cst.BaseExpression, text: str) -> cst.BaseExpression:
    """The literal with the text before its closing quote."""
    match node:
        case cst.ConcatenatedString(right=right):
            return node.with_changes(right=_extended(right, text))
        case cst.SimpleString(value=source):
            literal = Literal.read(source)
            if literal.binary:
                raise CannotRewrite(_("it is a byte string"))
            longer = literal.extended(_apart(literal.body, text))
            if longer is None:
                raise CannotRewrite(_("a raw string cannot hold the text"))
            ending = _ending(literal.body)
            return cst.SimpleString(replace(longer, body=longer.body + ending).source)
        case cst.FormattedString(parts=parts, start=start, end=quote):
            last = parts[-1] if parts else None
            before = last.value if isinstance(last, cst.FormattedStringText) else "value"
            empty = Literal(start.removesuffix(quote), quote, "")
            added = empty.extended(_apart(before if parts else "", text))
            if added is None:
                raise CannotRewrite(_("a raw string cannot hold the text"))
            ending = _ending(before) if parts else ""
            new = cst.FormattedStringText(added.body + ending)
            return node.with_changes(parts=[*parts, new])
    raise CannotRewrite(_("it is not a string literal"))
