"""The comments and docstrings of a Python file, and the texts that it shows."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Collection, Iterator

from migrator.analysis.sites import Span
from migrator.source import SourceText, tree_of

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def comments(source: SourceText) -> list[Span]:
    """Where the comments that stand between statements, and the docstrings, stand.

    Those within brackets are none of them: they belong to the expression. A file that does not
    parse has none.
    """
    tree = tree_of(source.text)
    return [*_comments(source), *_docstrings(source, tree)] if tree is not None else []


def told(source: SourceText) -> list[Span]:
    """Where people are told something: all comments, docstrings and strings of several words."""
    tree = tree_of(source.text)
    if tree is None:
        return []
    documented = list(_docstrings(source, tree))
    every = [*_comments(source, within=True), *documented]
    return sorted([*every, *messages(source, set(documented))])


def messages(source: SourceText, documented: Collection[Span]) -> list[Span]:
    """Where strings of several words stand that are no docstrings: what a program says.

    Not those that are filled in: names in them may be code.
    """
    found = (span for span, text in _strings(source) if " " in text.strip())
    return [span for span in found if span not in documented]


def _strings(source: SourceText) -> Iterator[tuple[Span, str]]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text, newline="").readline):
            if token.type == tokenize.STRING and not set(token.string[:2].lower()) & {"f", "b"}:
                yield Span(*token.start, *token.end), token.string
    except (tokenize.TokenError, SyntaxError):
        return


def _comments(source: SourceText, *, within: bool = False) -> Iterator[Span]:
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text, newline="").readline):
            if token.type == tokenize.OP:
                depth += (token.string in "([{") - (token.string in ")]}")
            elif token.type == tokenize.COMMENT and (within or depth == 0):
                yield Span(*token.start, *token.end)
    except (tokenize.TokenError, SyntaxError):
        return


def _docstrings(source: SourceText, tree: ast.Module) -> Iterator[Span]:
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            first = node.body[0]
            assert isinstance(first, ast.Expr)
            yield source.span_of(first.value)
