"""Which tests a statement hangs on."""

from __future__ import annotations

import ast
from enum import Enum
from functools import lru_cache

from migrator.analysis.sites import Span
from migrator.source import tree_of

UNCLEAR = "…"
_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.Match, ast.ExceptHandler)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_OWN_TIME = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.GeneratorExp)
Chain = tuple[ast.AST, ...]


def condition(text: str, statement: Span, call: Span) -> str:
    """The test on which a statement hangs and a call does not, "" where there is none.

    `UNCLEAR` stands for what is no single test that holds: several, an `else`, a loop.
    """
    chains = _chains(text)
    if chains is None:
        return UNCLEAR
    around, shared = chains.around(statement, ast.stmt), chains.around(call, ast.expr)
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


class Order(Enum):
    """What a call sees of a statement."""

    NOTHING = "it is carried out first, or in another branch"
    PERHAPS = "the statement is carried out before it, if at all"
    ALL = "the statement is carried out before it each time"
    UNKNOWN = "one of them may be carried out again, or at a time of its own"


def order(text: str, statement: Span, call: Span, made: Span) -> Order:
    """What a call sees of a statement about an object that is made at `made`."""
    chains = _chains(text)
    if chains is None:
        return Order.UNKNOWN
    done = chains.around(statement, ast.stmt)
    here = chains.around(call, ast.expr)
    home = chains.around(made, ast.expr)
    if not (done and here and home) or not (_time_of(done) is _time_of(here) is _time_of(home)):
        return Order.UNKNOWN
    shared = [one for one in done if one in here]
    if done[-1] in shared or any(isinstance(one, _LOOPS) and one not in home for one in shared):
        return Order.UNKNOWN
    later = statement.line > getattr(here[-1], "end_lineno", statement.line)
    if later or _are_apart(shared, done, here) or _leaves(shared, done):
        return Order.NOTHING
    return Order.ALL if _follow_each_other(shared, done, here) else Order.PERHAPS


def _time_of(chain: Chain) -> ast.AST | None:
    """The innermost of what is around a node that has a time of its own to be carried out."""
    return next((one for one in reversed(chain[:-1]) if isinstance(one, _OWN_TIME)), None)


def _are_apart(shared: list[ast.AST], done: Chain, here: Chain) -> bool:
    """Whether two nodes stand in branches of which one is taken."""
    fork, one, other = shared[-1], done[len(shared)], here[len(shared)]
    if isinstance(fork, ast.If):
        ways = (fork.body, fork.orelse)
        return any(one in way and other in rest for way, rest in (ways, ways[::-1]))
    return isinstance(fork, ast.Match) and one is not other


def _follow_each_other(shared: list[ast.AST], done: Chain, here: Chain) -> bool:
    """Whether a statement stands in a block that goes on to where another node is."""
    around, both = shared[-1], (done[len(shared)], here[len(shared)])
    blocks = (getattr(around, name, None) for name in ("body", "orelse", "finalbody"))
    return len(done) == len(shared) + 1 and any(
        isinstance(block, list) and all(one in block for one in both) for block in blocks
    )


def _leaves(shared: list[ast.AST], done: Chain) -> bool:
    """Whether the function is left behind a statement, before anything outside its branch."""
    if any(isinstance(one, ast.Try) for one in done):
        return False
    return any(
        isinstance(block[-1], ast.Return | ast.Raise)
        for branch in done[len(shared) :]
        if isinstance(branch, ast.If)
        for block in (branch.body, branch.orelse)
        if any(one in done for one in block)
    )


class _Chains:
    """The nodes of one tree, each behind what is around it; those of a line are looked for once."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._known: dict[tuple[int, type[ast.AST]], Chain] = {}

    def around(self, span: Span, kind: type[ast.AST]) -> Chain:
        """The innermost node of a kind that begins in the line of a span."""
        key = (span.line, kind)
        if key not in self._known:
            self._known[key] = _innermost(self._tree, *key)
        return self._known[key]


@lru_cache(maxsize=16)
def _chains(text: str) -> _Chains | None:
    tree = tree_of(text)
    return _Chains(tree) if tree is not None else None


def _innermost(tree: ast.AST, line: int, kind: type[ast.AST]) -> Chain:
    found: Chain = ()
    pending: list[Chain] = [(tree,)]
    while pending:
        chain = pending.pop()
        node = chain[-1]
        if isinstance(node, kind) and getattr(node, "lineno", 0) == line:
            found = max(found, chain, key=len)
        for child in ast.iter_child_nodes(node):
            last = getattr(child, "end_lineno", None)
            if last is None or getattr(child, "lineno", 0) <= line <= last:
                pending.append((*chain, child))
    return found
