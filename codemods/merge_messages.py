"""Make one message of several that stand in a row with one role.

[{"role": "user", "content": a}, {"role": "user", "content": b}]
->  [{"role": "user", "content": a + "\\n\\n" + b}]
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codemods.arguments import Entries
from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.literals import Literal
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import MergeMessages
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_CONTENT = "content"
_BREAK = "\\n\\n"
_SHORT = 60


@codemod(
    MergeMessages,
    name="merge-messages",
    summary="Make one message of several that stand in a row with one role",
    review="Read the joined text as a whole",
)
def merge_messages(
    instruction: MergeMessages, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for anything but a list display of messages with a content."""
    if not isinstance(node, cst.List):
        raise CannotRewrite(_("it is not a list display"))
    messages = Entries.of(node, context.quote)
    for at in sorted(instruction.joined, reverse=True):
        before = messages.items[at - 1]
        longer = _both(
            _text(before.value, context), _text(messages.items[at].value, context), context
        )
        joined = context.entries(before.value).with_value(_CONTENT, longer).rebuilt()
        new = replace(before, node=before.node.with_changes(value=joined))
        messages = replace(messages, items=(*messages.items[: at - 1], new, *messages.items[at:]))
        messages = messages.remove_at(at)
    return messages.rebuilt()


def _text(message: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    """A message's content."""
    found = context.entries(message).value(_CONTENT)
    if found is None:
        raise CannotRewrite(_("a message has no content"))
    return found


def _both(
    first: cst.BaseExpression, second: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Two texts with an empty line between them: one literal of two that are short."""
    match first, second:
        case cst.SimpleString(), cst.SimpleString():
            one, other = Literal.read(first.value), Literal.read(second.value)
            alike = (one.prefix, one.quote) == (other.prefix, other.quote) == ("", one.quote)
            if alike and len(one.quote) == 1 and len(one.body + other.body) < _SHORT:
                return cst.SimpleString(replace(one, body=one.body + _BREAK + other.body).source)
    apart = cst.SimpleString(f"{context.quote}{_BREAK}{context.quote}")
    longer = cst.BinaryOperation(_operand(first), cst.Add(), apart)
    return cst.BinaryOperation(longer, cst.Add(), _operand(second))


def _operand(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression as it may stand beside a plus."""
    loose = (cst.BooleanOperation, cst.IfExp, cst.Lambda, cst.Comparison, cst.NamedExpr)
    if isinstance(node, loose) and not node.lpar:
        return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return node
