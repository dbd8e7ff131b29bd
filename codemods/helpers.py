"""Functions that the new code calls: each is defined once in a file, after its imports."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from codemods.changes import Change, apply
from codemods.context import Context, Helper
from codemods.imports import after, first_use, is_followed, leading_imports
from codemods.python_file import PythonFile
from migrator.source import SourceText


@dataclass(frozen=True)
class Template:
    """A function to write: its parameters without and with annotations (of `Any`), its body.

    `result` is the annotation of what it returns.
    """

    parameters: str
    annotated: str
    body: str
    result: str = "Any"
    decorators: tuple[str, ...] = ()
    asynchronous: bool = False

    def source(self, name: str, columns: int, any_: str = "") -> str:
        """The function by that name; annotated where it is said how `Any` is written."""
        parameters, result = self.parameters, ""
        if any_:
            parameters = self.annotated.replace("Any", any_)
            result = f" -> {any_ if self.result == 'Any' else self.result}"
        start = f"{'async ' if self.asynchronous else ''}def {name}("
        head = f"{start}{parameters}){result}:"
        if len(head) > columns:
            head = f"{start}\n    {parameters}\n){result}:"
        decorators = "".join(f"@{one}\n" for one in self.decorators)
        return f"{decorators}{head}\n{self.body}"


def helper(context: Context, name: str, template: Template) -> str:
    """Ask for a function; returns the name it has in the file.

    A function with that name and body that stands in the file is used; another name is taken where
    the name means something else.
    """
    file = context.file
    asked_for = len(context.needs)
    any_ = _spelled_any(context, template) if file.annotated else ""
    asked = {one.name: one.source for one in context.pending}
    taken = _names(file)
    for number in count(1):
        candidate = name if number == 1 else f"{name}_{number}"
        ours = in_manner(context, template.source(candidate, file.columns, any_))
        if asked.get(candidate) == ours or _defined(file, candidate, ours):
            del context.needs[asked_for:]
            return candidate
        if candidate not in asked and candidate not in taken:
            context.helpers.append(Helper(candidate, ours))
            return candidate
    raise AssertionError("there are always more numbers")


def _spelled_any(context: Context, template: Template) -> str:
    """How `Any` is written at the top of the file; only what the function needs is imported."""
    needed = "Any" in (template.result, *re.findall(r"\w+", template.annotated))
    return at_top(context, "typing.Any") if needed else "Any"


def at_top(context: Context, path: str) -> str:
    """How a path is written at the top of the file, where the functions stand."""
    spelled, need = context.scope.spell_at_top(path)
    if need is not None:
        context.needs.append(need)
    return spelled


def _defined(file: PythonFile, name: str, source: str) -> bool:
    """Whether the file has the function already, annotated or not."""
    return any(
        _bare(ast.unparse(one)) == _bare(source)
        for one in file.tree.body
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)) and one.name == name
    )


def _bare(source: str) -> str:
    """A function without its annotations."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        match node:
            case ast.arg():
                node.annotation = None
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                node.returns = None
    return ast.dump(tree)


def _names(file: PythonFile) -> set[str]:
    """The names a file uses in any way."""
    found: set[str] = set()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.alias)
    for node in file.nodes(ast.Name, ast.arg, *kinds):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name):
                found.add(name)
            case ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.alias(name=name, asname=local):
                found.add(local or name)
    return found


def in_manner(context: Context, source: str) -> str:
    """A function's source with the file's indentation and quotes."""
    return _in_manner(context.file, source)


def _in_manner(file: PythonFile, source: str) -> str:
    if file.quote == "'" and "'" not in source:
        source = source.replace('"""', "\0").replace('"', "'").replace("\0", '"""')
    lines = []
    for line in source.splitlines():
        bare = line.lstrip(" ")
        level, rest = divmod(len(line) - len(bare), 4)
        lines.append(file.indent * level + " " * rest + bare)
    return "\n".join(lines)


def with_manner_of(source: SourceText, text: str) -> str:
    """A new file's text with the indentation, quotes and line ends of another file."""
    file = PythonFile.parse(source, "")
    return _in_manner(file, text).replace("\n", source.newline) + source.newline


def with_helpers(source: SourceText, path: str, helpers: Sequence[Helper]) -> str:
    """The text with the functions after the import block; before a line that it shares.

    Raises SyntaxError.
    """
    file = PythonFile.parse(source, path)
    newline = source.newline
    block = leading_imports(file, first_use(file, {one.name for one in helpers}))
    first = file.tree.body[:1]
    documented = first and ast.get_docstring(file.tree, clean=False) is not None
    anchor = block[-1] if block else first[0] if documented else None
    at = after(file, anchor) if anchor else source.opening
    if anchor and is_followed(file, anchor):
        at = source.starts[anchor.lineno - 1]
    unique = {one.name: one.source for one in sorted(helpers, key=lambda one: one.name)}
    body = (newline * 3).join(text.replace("\n", newline) for text in unique.values())
    rest = source.text[at:].lstrip("\r\n")
    skipped = len(source.text) - len(rest)
    opening = newline if at and not source.text[:at].endswith(("\n", "\r")) else ""
    gap = newline * 2 if at else ""
    closing = newline * 3 if rest else newline
    return apply(source.text, [Change(at, skipped, f"{opening}{gap}{body}{closing}")])
