"""Give texts of a string other texts: `f"https://old/v1/{path}"` keeps what fills it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.literals import Literal
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import ReplaceText
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


def combine(several: Sequence[ReplaceText]) -> ReplaceText:
    """One instruction that does what all of them do. Raises CannotRewrite where they contradict."""
    texts: dict[str, str] = {}
    for old, new in (pair for one in several for pair in one.texts):
        if texts.setdefault(old, new) != new:
            raise CannotRewrite(_("another edit wants something else of the same text"))
    return ReplaceText(tuple(texts.items()))


@codemod(
    ReplaceText,
    name="replace-text",
    summary="Give texts within a string other texts",
    review="Check what else the string is used for",
    combine=combine,
)
def replace_text(
    instruction: ReplaceText, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite where a text does not stand in the string in one piece."""
    missing = dict(instruction.texts)
    changed = _with_texts(node, dict(instruction.texts), missing)
    if missing:
        raise CannotRewrite(_("{text} does not stand there in one piece", text=next(iter(missing))))
    return changed


def _with_texts(
    node: cst.BaseExpression, texts: Mapping[str, str], missing: dict[str, str]
) -> cst.BaseExpression:
    match node:
        case cst.ConcatenatedString(left=left, right=right):
            return node.with_changes(
                left=_with_texts(left, texts, missing), right=_with_texts(right, texts, missing)
            )
        case cst.FormattedString(parts=parts, start=start):
            quotes = Literal.read(start + node.end)
            by_source = {quotes.escape(old): old for old in texts}
            changed: list[cst.BaseFormattedStringContent] = []
            for part in parts:
                match part:
                    case cst.FormattedStringText(value=text) if text in by_source:
                        old = by_source[text]
                        missing.pop(old, None)
                        changed.append(part.with_changes(value=quotes.escape(texts[old])))
                    case _:
                        changed.append(part)
            return node.with_changes(parts=changed)
        case cst.SimpleString(value=source):
            return node.with_changes(value=_replaced(Literal.read(source), texts, missing))
    return node


def _replaced(literal: Literal, texts: Mapping[str, str], missing: dict[str, str]) -> str:
    """The source of a plain string with other texts in it; each stands there once."""
    body = literal.body
    for old, new in texts.items():
        written = literal.escape(old)
        if body.count(written) == 1:
            body = body.replace(written, literal.escape(new))
            missing.pop(old, None)
    return Literal(literal.prefix, literal.quote, body).source
