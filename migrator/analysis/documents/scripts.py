"""Requirements in Python: the lists of a setup.py, what a noxfile installs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from migrator.analysis.documents.requirement import Requirement, requirement
from migrator.source import SourceText

_INSTALLING = re.compile(r"(?:^|_)install$")
_LITERAL = re.compile(r"(?P<quote>\"\"\"|'''|\"|')(?P<text>.*)(?P=quote)", re.DOTALL)


def requirements(text: str) -> Iterator[Requirement]:
    """Every string of a list that could be one, and of the arguments of what installs packages.

    None where the text is not Python 3.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    source = SourceText(text)
    for number, node in enumerate(ast.walk(tree)):
        for one in _strings(node):
            if found := _requirement(source, one, (number,)):
                yield found


def _strings(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return node.elts
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.args if _INSTALLING.search(node.func.attr) else []
    return []


def _requirement(
    source: SourceText, node: ast.expr, group: tuple[str | int, ...]
) -> Requirement | None:
    """The requirement that a string is, if its text stands there as it is."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return None
    start, end = source.bounds(source.span_of(node))
    literal = _LITERAL.fullmatch(source.text[start:end])
    if literal is None or literal["text"] != node.value:
        return None
    return requirement(node.value, start + literal.start("text"), group, (start, end))
