"""Name the exceptions of another package in a tuple of exceptions.

except (RateLimitError, ValueError):  ->  except (ThrottledError, ValueError):
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.arguments import Entries
from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.registry import codemod
from migrator.edits import ErrorClasses

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    ErrorClasses,
    name="error-classes",
    summary="Catch the exceptions of another package",
    review="Check that what is caught is all that may be raised here",
)
def name_classes(
    instruction: ErrorClasses, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for what is no class or display, or where a name is another's."""
    if instruction.beside and isinstance(node, cst.Name | cst.Attribute):
        element = cst.StarredElement if instruction.spread else cst.Element
        node = cst.Tuple([element(node)])
    entries = Entries.of(node, context.quote, trailing=context.file.trailing_comma)
    written = {_code(item.value) for item in entries.items}
    spelled: list[list[str]] = []
    for _, paths in instruction.classes:
        known = dict.fromkeys(map(context.spell_anyhow, paths))
        spelled.append([name for name in known if name not in written])
        written.update(known)
    if instruction.beside:
        for name in (one for names in spelled for one in names):
            entries = entries.insert(len(entries.items), None, context.parse(name))
        return entries.rebuilt()
    for (position, _), names in reversed(list(zip(instruction.classes, spelled, strict=True))):
        entries = _in_the_place(entries, position, [context.parse(name) for name in names])
    return _tuple(entries.rebuilt())


def _in_the_place(entries: Entries, position: int, new: list[cst.BaseExpression]) -> Entries:
    """The entries with others in the place of one; without it where there are none."""
    if not new:
        return entries.remove_at(position)
    entries = entries.with_value_at(position, new[0])
    for offset, value in enumerate(new[1:], 1):
        entries = entries.insert(position + offset, None, value)
    return entries


def _tuple(node: cst.BaseExpression) -> cst.BaseExpression:
    """A tuple of one keeps its comma."""
    match node:
        case cst.Tuple(elements=[cst.Element(comma=cst.MaybeSentinel()) as only]):
            return node.with_changes(elements=[only.with_changes(comma=cst.Comma())])
    return node


def _code(node: cst.BaseExpression) -> str:
    return cst.Module([]).code_for_node(node)
