"""Put a condition, a comprehension or a choice on lines of its own, as black does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.lazy import LazyModule

if TYPE_CHECKING:
    import libcst as cst

    Foldable = cst.IfExp | cst.ListComp | cst.BooleanOperation
else:
    cst = LazyModule("libcst")


def unfolded(node: Foldable, outer: str, indent: str, *, each: bool, whole: bool) -> Foldable:
    """The parts on one line between the brackets, or on a line each; a condition gets brackets.

    A choice that stands on a line of its own in brackets goes on in the next one.

    `whole` says that the node is all there is in its snippet, whose brackets are not in the file.
    """
    inner = _line(outer + indent)
    between = inner if each else cst.SimpleWhitespace(" ")
    match node:
        case cst.IfExp():
            kept = 1 if whole else 0
            opening = node.lpar[kept:] or [cst.LeftParen()]
            closing = node.rpar[: len(node.rpar) - kept] or [cst.RightParen()]
            first = opening[0].with_changes(whitespace_after=inner)
            last = closing[-1].with_changes(whitespace_before=_line(outer))
            return node.with_changes(
                lpar=[*node.lpar[:kept], first, *opening[1:]],
                rpar=[*closing[:-1], last, *node.rpar[len(node.rpar) - kept :]],
                whitespace_before_if=between,
                whitespace_before_else=between,
            )
        case cst.ListComp(lbracket=opens, for_in=for_in, rbracket=closes):
            return node.with_changes(
                lbracket=opens.with_changes(whitespace_after=inner),
                for_in=_clauses(for_in, between),
                rbracket=closes.with_changes(whitespace_before=_line(outer)),
            )
        case cst.BooleanOperation(operator=operator):
            return node.with_changes(operator=operator.with_changes(whitespace_before=_line(outer)))


def _clauses(clause: cst.CompFor, between: cst.BaseParenthesizableWhitespace) -> cst.CompFor:
    """The `for` and `if` clauses of a comprehension, each after the same blanks."""
    nested = clause.inner_for_in
    return clause.with_changes(
        whitespace_before=between,
        ifs=[one.with_changes(whitespace_before=between) for one in clause.ifs],
        inner_for_in=_clauses(nested, between) if nested else None,
    )


def _line(indentation: str) -> cst.ParenthesizedWhitespace:
    return cst.ParenthesizedWhitespace(last_line=cst.SimpleWhitespace(indentation))
