"""Which tests a statement hangs on."""

from __future__ import annotations

import ast

from migrator.analysis.sites import Span
from migrator.source import tree_of

UNCLEAR = "…"
_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.Match, ast.ExceptHandler)


def condition(text: str, statement: Span, call: Span) -> str:
    """The test on which a statement hangs and a call does not, "" where there is none.

    `UNCLEAR` stands for what is no single test that holds: several, an `else`, a loop.
    """
    tree = tree_of(text)
    if tree is None:
        return UNCLEAR
    around, shared = _around(tree, statement, ast.stmt), _around(tree, call, ast.expr)
    own = [one for one in around if one not in shared and isinstance(one, _BRANCHES)]
    match own:
        case []:
            return ""
        case [ast.If(test=test, body=body)] if around[-1] in body:
            return ast.unparse(test)
    return UNCLEAR


def is_of_its_own(test: str, value: str) -> bool:
    """Whether a test asks for the very value that is set under it: `if url: given["url"] = url`."""
    return test in {value, f"{value} is not None"}


def _around(tree: ast.AST, span: Span, kind: type[ast.AST]) -> tuple[ast.AST, ...]:
    """The innermost node of a kind that begins in the line of a span, behind what is around it."""
    found: tuple[ast.AST, ...] = ()
    pending: list[tuple[ast.AST, ...]] = [(tree,)]
    while pending:
        chain = pending.pop()
        node = chain[-1]
        if isinstance(node, kind) and getattr(node, "lineno", 0) == span.line:
            found = max(found, chain, key=len)
        for child in ast.iter_child_nodes(node):
            last = getattr(child, "end_lineno", None)
            if last is None or getattr(child, "lineno", 0) <= span.line <= last:
                pending.append((*chain, child))
    return found
