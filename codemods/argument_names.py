"""Give a call's arguments the names that a new method has for them.

create(engine=m, request_timeout=9)  ->  create(model=m, timeout=9)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import ArgumentNames
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    ArgumentNames,
    name="argument-names",
    summary="Name the arguments of a request as the new method does",
    review="Check that the new method takes the values as they are",
)
def name_arguments(
    instruction: ArgumentNames, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite where an argument is missing, or a name is taken."""
    if instruction.positional:
        node = _named(instruction.positional, node)
    entries = context.entries(node)
    for name in (*instruction.drop, *(name for name, __ in instruction.rename)):
        if entries.index(name) is None:
            raise CannotRewrite(_("no argument {name} stands there", name=name))
    for name in instruction.drop:
        entries = entries.remove(name)
    for name, new in instruction.rename:
        entries = entries.rename(name, new)
    return entries.rebuilt()


def _named(names: tuple[str, ...], node: cst.BaseExpression) -> cst.BaseExpression:
    if not isinstance(node, cst.Call):
        raise CannotRewrite(_("it is not a call"))
    plain = [arg for arg in node.args if arg.keyword is None]
    if len(plain) > len(names) or any(arg.star for arg in plain[: len(names)]):
        raise CannotRewrite(_("its positional arguments cannot be named"))
    blanks = cst.SimpleWhitespace("")
    equal = cst.AssignEqual(blanks, blanks)
    named = [
        arg.with_changes(keyword=cst.Name(name), equal=equal)
        for arg, name in zip(plain, names, strict=False)
    ]
    return node.with_changes(args=[*named, *node.args[len(plain) :]])
