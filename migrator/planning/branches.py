"""What hangs on a test: the condition that it is a part of, and what is done where that holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from migrator.analysis.sites import Span
from migrator.language import _
from migrator.nodes import parsed
from migrator.source import SourceText

# The answers to tests, by the nodes that stand for them.
Answers = Mapping[ast.expr, bool]
_Choice = ast.If | ast.IfExp | ast.While
_Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module
_Loop = ast.For | ast.AsyncFor | ast.While
_BODIES = ("body", "orelse", "finalbody")
_STRING_OR_COMMENT = re.compile("['\"#]")
_EXITS = frozenset({"exit", "quit", "_exit", "abort"})


@dataclass(frozen=True)
class Condition:
    """A condition: its source, and what is done where it holds and where it does not.

    `test` is its expression, or the case of a `match`; `held` and `other` are empty where its value
    is used in another way.
    """

    test: ast.expr | ast.match_case
    source: str
    held: str = ""
    other: str = ""


class Branches:
    """The conditions of one file."""

    def __init__(self, text: str) -> None:
        self._nodes = parsed(text)

    def expression(self, span: Span) -> ast.expr | None:
        """The expression at a span."""
        return self._nodes.expression(span)

    def parent(self, node: ast.AST) -> ast.AST | None:
        """What a node stands in."""
        return self._nodes.parent(node)

    def named(self, name: str) -> list[ast.expr]:
        """The places that use a name, or an attribute of that name."""
        nodes = self._nodes.by_class
        names = (one for one in nodes.get(ast.Name, ()) if isinstance(one.ctx, ast.Load))
        return [
            *(one for one in names if one.id == name),
            *(one for one in nodes.get(ast.Attribute, ()) if one.attr == name),
        ]

    def alone_under(self, condition: Condition) -> list[Span]:
        """The statements of an `if` that has no other branch; none for any other condition."""
        around = self.parent(condition.test)
        plain = isinstance(around, ast.If) and not around.orelse
        return [self.span(one) for one in around.body] if plain else []  # type: ignore[union-attr]

    def span(self, node: ast.expr | ast.stmt) -> Span:
        """The span of a node in code points."""
        return self._nodes.source.span_of(node)

    def display(self, span: Span) -> Span | None:
        """The list, tuple or set display that an element stands in."""
        node = self.expression(span)
        around = self.parent(node) if node is not None else None
        return self.span(around) if isinstance(around, ast.List | ast.Tuple | ast.Set) else None

    def entry(self, key: Span) -> Span | None:
        """The value beside a key of a dict display."""
        node = self.expression(key)
        around = self.parent(node) if node is not None else None
        if isinstance(around, ast.Dict) and node in around.keys:
            return self.span(around.values[around.keys.index(node)])
        return None

    def test_with(self, span: Span) -> ast.expr | None:
        """The comparison or call that the literal at a span is a side of."""
        node = self.expression(span)
        around = self.parent(node) if node is not None else None
        while isinstance(around, ast.Tuple | ast.List | ast.Set):
            around = self.parent(around)
        return around if isinstance(around, ast.Compare | ast.Call) else node

    def condition(self, test: ast.expr) -> Condition:
        """The whole condition that a test is a part of."""
        node: ast.AST = test
        while (around := self.parent(node)) is not None:
            match around:
                case ast.If() | ast.IfExp() | ast.While() if around.test is node:
                    held, other = _summary(around.body), _summary(around.orelse)
                    return Condition(around.test, ast.unparse(around.test), held, other)
                case ast.Assert() if around.test is node:
                    return Condition(
                        around.test, ast.unparse(around.test), _("nothing"), _("an error")
                    )
                case ast.match_case():
                    source = f"case {ast.unparse(around.pattern)}"
                    return Condition(around, source, _summary(around.body), _("the next case"))
                case ast.BoolOp() | ast.UnaryOp(op=ast.Not()) | ast.pattern():
                    node = around
                case ast.GeneratorExp() | ast.Call() if _is_any(around, node):
                    node = around
                case _:
                    break
        return (
            Condition(node, ast.unparse(node))
            if isinstance(node, ast.expr)
            else Condition(test, "")
        )

    def fails(self, condition: Condition, answers: Answers) -> bool:
        """Whether what follows the condition ends in an error, given the answers to its tests."""
        statement: ast.AST | None = condition.test
        while statement is not None and not isinstance(statement, ast.stmt):
            statement = self.parent(statement)
        if not isinstance(statement, ast.If | ast.Assert | ast.Match):
            return False
        if isinstance(statement, ast.If) and statement.test is not condition.test:
            return False
        return self._ends_from(statement, answers) == "error"

    def _ends_from(self, statement: ast.stmt, answers: Answers) -> str:
        """How the program goes on from a statement: `error`, `end` of its function, or ""."""
        node: ast.AST = statement
        ends = _end_of(statement, answers)
        while not ends and (around := self.parent(node)) is not None:
            ends = _ends(_following(around, node), answers)
            if not ends and isinstance(around, _Scope | _Loop):
                return "end"
            node = around
            while not isinstance(node, ast.stmt | ast.Module):
                node = self.parent(node) or self._nodes.tree
        return ends


def _following(around: ast.AST, statement: ast.AST) -> Sequence[ast.stmt]:
    """The statements after one in its block."""
    for name in _BODIES:
        block = getattr(around, name, None)
        if isinstance(block, list) and statement in block:
            return block[block.index(statement) + 1 :]
    return []


def _is_any(around: ast.AST, node: ast.AST) -> bool:
    """Whether something is `any(test for … in …)` around a test, or the generator in it."""
    match around:
        case ast.GeneratorExp(elt=elt):
            return elt is node
        case ast.Call(func=ast.Name(id="any"), args=[only]):
            return only is node and isinstance(node, ast.GeneratorExp)
    return False


@lru_cache(maxsize=128)
def branches(text: str) -> Branches:
    """The conditions of a file by its text."""
    return Branches(text)


def display(source: SourceText, span: Span) -> Span | None:
    """The list, tuple or set display of a file that the element at a span stands in."""
    return None if _is_given(source, span) else branches(source.text).display(span)


def _is_given(source: SourceText, span: Span) -> bool:
    """Whether the lines alone show that an argument, a name or a key is given an expression.

    Then it is no element, and nothing has to be parsed. It may be the first of a tuple without
    brackets where a comma follows, but in the brackets of a call.
    """
    before = source.line(span.line)[: span.column].rstrip()
    if not before.endswith(("=", ":")):
        return False
    if not source.line(span.end_line)[span.end_column :].lstrip().startswith((",", "\\")):
        return True
    above = source.line(span.line - 1).rstrip() if span.line > 1 else ""
    opening = before if "(" in before else above
    opens = opening.count("(") > opening.count(")") if opening is before else above.endswith("(")
    return opens and not _STRING_OR_COMMENT.search(opening)


def answer(test: ast.expr | ast.match_case, answers: Answers, *, whole: bool) -> bool | None:
    """What a condition is, given the answers to tests in it.

    None where that is not known; parts of which nothing is known are passed over unless the `whole`
    has to be known.
    """
    match test:
        case ast.match_case(pattern=pattern, guard=guard):
            found = _matches(pattern, answers)
            return None if guard is not None and (whole or found is None) else found
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = answer(operand, answers, whole=whole)
            return None if inner is None else not inner
        case ast.BoolOp(op=op, values=values):
            parts = [answer(one, answers, whole=whole) for one in values]
            decisive = isinstance(op, ast.Or)
            if decisive in parts:
                return decisive
            known = [one for one in parts if one is not None]
            return None if not known or (whole and None in parts) else not decisive
        case ast.Call(func=ast.Name(id="any"), args=[ast.GeneratorExp(elt=elt)]):
            return answers.get(elt)
    return answers.get(test)


def _matches(pattern: ast.pattern, answers: Answers) -> bool | None:
    match pattern:
        case ast.MatchValue(value=value):
            return answers.get(value)
        case ast.MatchAs(pattern=None):
            return True
        case ast.MatchAs(pattern=ast.pattern() as inner):
            return _matches(inner, answers)
        case ast.MatchOr(patterns=patterns):
            parts = [_matches(one, answers) for one in patterns]
            return True if True in parts else (None if None in parts else False)
    return None


def _ends(block: Iterable[ast.stmt], answers: Answers) -> str:
    """How a block ends for certain: `error`, `end`, or "" where it may run to its end."""
    for statement in block:
        if ends := _end_of(statement, answers):
            return ends
    return ""


def _end_of(statement: ast.stmt, answers: Answers) -> str:
    match statement:
        case ast.Raise():
            return "error"
        case ast.Return() | ast.Break() | ast.Continue():
            return "end"
        case ast.Assert(test=test):
            return "error" if answer(test, answers, whole=False) is False else ""
        case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return "error" if name in _EXITS else ""
        case ast.If(test=test, body=body, orelse=orelse):
            taken = answer(test, answers, whole=False)
            if taken is not None:
                return _ends(body if taken else orelse, answers)
            both = {_ends(body, answers), _ends(orelse, answers)}
            return both.pop() if len(both) == 1 else ""
        case ast.With(body=body) | ast.AsyncWith(body=body):
            return _ends(body, answers)
        case ast.Try(body=body, handlers=handlers, finalbody=final):
            return "" if handlers else _ends(body, answers) or _ends(final, answers)
        case ast.Match(cases=cases):
            for case in cases:
                if answer(case, answers, whole=False):
                    return _ends(case.body, answers)
    return ""


def subject(test: ast.expr, how: str) -> ast.expr | None:
    """What is tested: the name of a model."""
    match test:
        case ast.Call(func=ast.Attribute(value=value)):
            return value
        case ast.Compare(left=left, comparators=[right]):
            swapped = how == "part" or isinstance(left, ast.Constant)
            return right if swapped else left
    return None


def _summary(block: ast.expr | list[ast.stmt]) -> str:
    """A branch in few words: its first line, and whether there are more."""
    if isinstance(block, ast.expr):
        return ast.unparse(block)
    if not block:
        return _("nothing")
    first, *others = ast.unparse(block[0]).split("\n")
    return first + (" …" if others or len(block) > 1 else "")
