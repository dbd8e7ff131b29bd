"""Put entries of a dictionary into one of their own.

{"type": "function", "name": "f"}  ->  {"type": "function", "function": {"name": "f"}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from codemods.arguments import Entries, Entry
from codemods.context import Context
from codemods.layout import shifted
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import Nested
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    Nested,
    name="nested",
    summary="Put entries of a dictionary one level deeper, where the new endpoint has them",
    review="Check that nothing else reads the dictionary",
)
def nest(instruction: Nested, node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    """Raises CannotRewrite where none of the entries stands there."""
    names = dict(instruction.names)
    entries = _together(context.entries(node), names)
    places = [at for at, item in enumerate(entries.items) if item.name in names]
    if not places:
        raise CannotRewrite(_("nothing stands there to put under {key}", key=instruction.key))
    first, last = places[0], places[-1]
    inner = _inner(entries, first, last, names, context)
    context.fresh.append(inner)
    holder = entries.insert(first, instruction.key, inner)
    outer = Entry(holder.items[first].node, entries.items[last].comma, entries.items[last].space)
    kept = (*entries.items[:first], outer, *entries.items[last + 1 :])
    return replace(entries, items=kept).rebuilt()


def _together(entries: Entries, names: Mapping[str, str]) -> Entries:
    """The entries with those that stand between the named ones before them."""
    places = [at for at, item in enumerate(entries.items) if item.name in names]
    between = entries.items[places[0] : places[-1]] if places else ()
    others = tuple(item for item in between if item.name not in names)
    named = tuple(item for item in between if item.name in names)
    if not others:
        return entries
    around = entries.items[: places[0]], entries.items[places[-1] :]
    return replace(entries, items=(*around[0], *others, *named, *around[1]))


def _inner(
    entries: Entries, first: int, last: int, names: Mapping[str, str], context: Context
) -> cst.Dict:
    """The dictionary of the entries from one place to another, laid out as they were."""
    moved = entries.items[first : last + 1]
    before = entries.items[first - 1].space if first else entries.lead
    unit = context.file.indent if isinstance(before, cst.ParenthesizedWhitespace) else ""
    lines = entries.spread and bool(unit)
    display = Entries.of(cst.Dict([]), entries.key_quote)
    found = []
    for item in moved:
        element = display.element(names[str(item.name)], shifted(item.value, unit))
        space = shifted(item.space, unit)
        found.append(Entry(element, item.comma, space))
    end = _line(before) if lines else cst.SimpleWhitespace("")
    comma = found[-1].comma or (cst.Comma() if lines and context.file.trailing_comma else None)
    found[-1] = Entry(found[-1].node, comma if lines else None, end)
    lead = _line(shifted(before, unit)) if lines else cst.SimpleWhitespace("")
    made = replace(display, lead=lead, items=tuple(found)).rebuilt()
    assert isinstance(made, cst.Dict)
    return made


def _line(space: cst.BaseParenthesizableWhitespace) -> cst.BaseParenthesizableWhitespace:
    """A new line as deep as the one that begins after some blanks."""
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return space
    newline = cst.TrailingWhitespace(newline=space.first_line.newline)
    return space.with_changes(first_line=newline, empty_lines=())
