"""Import names from the module that has them now.

from openai.error import Timeout  ->  from openai import APITimeoutError
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from codemods.changes import Change
from codemods.context import Context
from codemods.import_names import merged, with_names
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from codemods.scope import Need, module_of
from codemods.statements import Removal
from migrator.edits import ImportedNames
from migrator.language import _

_BLANKS = r"(?:[ \t\f]|\\(?:\r\n|\r|\n))*"
_MODULE = re.compile(rf"from\b{_BLANKS}(?P<module>.*?){_BLANKS}\bimport\b", re.DOTALL)


@codemod(
    ImportedNames,
    name="imported-names",
    summary="Import names from the module that has them now",
    review="Check that the names mean what the program expects",
    statement=True,
)
def import_names(instruction: ImportedNames, context: Context) -> Iterator[Change | Removal]:
    """Raises CannotRewrite for a statement that imports other names."""
    file, statement = context.file, context.file.statement(context.span)
    if isinstance(statement, ast.Import):
        yield from _module(instruction, context, statement)
        return
    if not isinstance(statement, ast.ImportFrom):
        raise CannotRewrite(_("the statement imports no names"))
    becomes = dict(instruction.names)
    kept, moved = [], []
    for alias in statement.names:
        new = becomes.get(alias.name, alias.name)
        if new and alias.name in becomes:
            module, __, name = new.rpartition(".")
            moved.append(Need(module or instruction.module, name, alias.asname or ""))
        elif new:
            kept.append(file.code(alias))
    at_top = file.parent(statement) is file.tree
    several = {one.module for one in moved} != {instruction.module}
    joins = at_top and (kept or not moved or several or _beside(instruction, context, statement))
    if joins and kept:
        yield with_names(file, statement, kept)
        context.needs += moved
    elif joins:
        yield Removal(statement)
        context.needs += moved
    elif kept or several:
        raise CannotRewrite(_("it imports names of several modules, inside a block"))
    else:
        yield from _renamed(instruction, context, statement, [one.source for one in moved])


def _beside(instruction: ImportedNames, context: Context, statement: ast.ImportFrom) -> bool:
    """Whether another statement of the module imports from where the names go."""
    return any(
        one is not statement
        and isinstance(one, ast.ImportFrom)
        and module_of(one) == instruction.module
        and context.file.parent(one) is context.file.tree
        for one in context.scope.statements
    )


def _renamed(
    instruction: ImportedNames, context: Context, statement: ast.ImportFrom, names: list[str]
) -> Iterator[Change]:
    """The statement with another module and its names in their places."""
    file, text = context.file, context.file.source.text
    if not names:
        raise CannotRewrite(_("nothing would be left of it inside a block"))
    start, __ = file.bounds(statement)
    written = _MODULE.match(text, start)
    assert written is not None
    yield Change(*written.span("module"), instruction.module)
    old = [file.code(alias) for alias in statement.names]
    new = merged(old, names, set(old) - set(names))
    if new != old:
        yield with_names(file, statement, new)


def _module(
    instruction: ImportedNames, context: Context, statement: ast.Import
) -> Iterator[Change | Removal]:
    """`import openai.error`: the package alone is imported."""
    file = context.file
    [alias, *others] = statement.names
    if others or alias.asname:
        raise CannotRewrite(_("the statement imports other modules too"))
    bound = any(
        binding.local == instruction.module and binding.statement is not statement
        for binding in context.scope.bindings
        if binding.function is None
    )
    if bound:
        yield Removal(statement)
    else:
        start, end = file.bounds(alias)
        yield Change(start, end, instruction.module)
