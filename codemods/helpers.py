"""Functions that the new code calls: each is defined once in a file, after its imports."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import count

from codemods.changes import Change, apply
from codemods.context import Context, Helper
from codemods.imports import after, leading_imports
from codemods.python_file import PythonFile
from migrator.source import SourceText


def helper(context: Context, name: str, source: str) -> str:
    """Ask for a function. `source` defines `{name}`; returns the name it has in the file.

    A function with that name and body that stands in the file is used; another name is taken where
    the name means something else.
    """
    asked = {one.name: one.source for one in context.pending}
    taken = _names(context.file)
    for number in count(1):
        candidate = name if number == 1 else f"{name}_{number}"
        written = source.replace("{name}", candidate)
        ours = _in_manner(context, written)
        if asked.get(candidate) == ours or _defined(context, candidate, written):
            return candidate
        if candidate not in asked and candidate not in taken:
            context.helpers.append(Helper(candidate, ours))
            return candidate
    raise AssertionError("there are always more numbers")


def _defined(context: Context, name: str, source: str) -> bool:
    """Whether the file has the function already."""
    body = context.file.tree.body
    return any(_same(one, source) for one in body if getattr(one, "name", None) == name)


def _same(one: ast.stmt, source: str) -> bool:
    return ast.dump(one) == ast.dump(ast.parse(source).body[0])


def _names(file: PythonFile) -> set[str]:
    """The names a file uses in any way."""
    found: set[str] = set()
    for node in file.walked:
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name):
                found.add(name)
            case ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.alias(name=name, asname=local):
                found.add(local or name)
    return found


def _in_manner(context: Context, source: str) -> str:
    """The source with the file's indentation and quotes."""
    if context.file.quote == "'" and "'" not in source:
        source = source.replace('"""', "\0").replace('"', "'").replace("\0", '"""')
    lines = []
    for line in source.splitlines():
        bare = line.lstrip(" ")
        level, rest = divmod(len(line) - len(bare), 4)
        lines.append(context.file.indent * level + " " * rest + bare)
    return "\n".join(lines)


def with_helpers(source: SourceText, path: str, helpers: Sequence[Helper]) -> str:
    """The text with the functions after the import block. Raises SyntaxError."""
    file = PythonFile.parse(source, path)
    newline = source.newline
    block = list(leading_imports(file.tree))
    first = file.tree.body[:1]
    documented = first and ast.get_docstring(file.tree, clean=False) is not None
    anchor = block[-1] if block else first[0] if documented else None
    at = after(file, anchor) if anchor else _after_comments(source)
    unique = {one.name: one.source for one in sorted(helpers, key=lambda one: one.name)}
    body = (newline * 3).join(text.replace("\n", newline) for text in unique.values())
    rest = source.text[at:].lstrip("\r\n")
    skipped = len(source.text) - len(rest)
    opening = newline if at and not source.text[:at].endswith(("\n", "\r")) else ""
    gap = newline * 2 if at else ""
    closing = newline * 3 if rest else newline
    return apply(source.text, [Change(at, skipped, f"{opening}{gap}{body}{closing}")])


def _after_comments(source: SourceText) -> int:
    """The offset after the comments that a file begins with."""
    at = 0
    for number, start in enumerate(source.starts[1:], 1):
        if not source.line(number).startswith("#"):
            break
        at = start
    return at
