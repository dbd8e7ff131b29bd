"""The comments and docstrings of a Python file, and the texts that it shows."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from migrator.analysis.sites import Span
from migrator.source import SourceText, tree_of

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_FILLED_IN = frozenset("fb")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Told:
    """Where people are told something: the spans of comments, docstrings and messages.

    `comments` stand between statements, those `within` in brackets: they belong to an expression.
    `messages` are strings of several words that are no docstrings and are not filled in.
    """

    comments: Sequence[Span]
    within: Sequence[Span]
    docstrings: Sequence[Span]
    messages: Sequence[Span]


def told(source: SourceText) -> Told:
    """What a Python file tells people; one that does not parse tells nothing."""
    tree = tree_of(source.text)
    if tree is None:
        return Told((), (), (), ())
    docstrings = list(_docstrings(source, tree))
    documented = set(docstrings)
    comments: dict[bool, list[Span]] = {False: [], True: []}
    messages: list[Span] = []
    depth = 0
    for token in _tokens(source):
        if token.type == tokenize.OP:
            depth += (token.string in _OPENING) - (token.string in _CLOSING)
        elif token.type == tokenize.COMMENT:
            comments[depth > 0].append(Span(*token.start, *token.end))
        elif token.type == tokenize.STRING and _says_something(token.string):
            span = Span(*token.start, *token.end)
            if span not in documented:
                messages.append(span)
    return Told(comments[False], comments[True], docstrings, messages)


def _tokens(source: SourceText) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(source.text, newline="").readline)
    except (tokenize.TokenError, SyntaxError):
        return


def _says_something(literal: str) -> bool:
    """Whether a string is one of several words. Names in one that is filled in may be code."""
    return " " in literal.strip() and not _FILLED_IN & set(literal[:2].lower())


def _docstrings(source: SourceText, tree: ast.Module) -> Iterator[Span]:
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            first = node.body[0]
            assert isinstance(first, ast.Expr)
            yield source.span_of(first.value)
