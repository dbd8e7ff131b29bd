"""Strings that are filled: `"…{}".format(x)`, `"…%s" % x`, `"/".join(parts)`, in their parts.

The texts between the values are pieces of the template's literal, as those of an f-string are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from string import Formatter
from typing import TYPE_CHECKING

from migrator.analysis import answers
from migrator.analysis.loaded import names_a_file
from migrator.analysis.values import (
    Answer,
    Bag,
    Composed,
    Constant,
    Piece,
    Sequence,
    Value,
    Variable,
)

if TYPE_CHECKING:
    from migrator.analysis.instances import Given
    from migrator.analysis.solver import Solver

# A text, or the node of what fills a place (None where it is written in another way).
_Part = str | int | None
# What a string says that is worth putting together: a path, a header, the beginning of a name.
_WORTH = re.compile(r"/|^(?:[A-Za-z]+:)|^[a-z0-9:.-]*[-:]\Z|^Bearer \Z")
_PLACE = re.compile(r"%(?:\((?P<name>\w+)\))?(?P<kind>[a-zA-Z%]|[^a-zA-Z%]+[a-zA-Z])")
_PLAIN = frozenset("sd")


def may_be_address(texts: list[str]) -> bool:
    """Whether the texts between values may make a URL, a header or a model's name: no prose."""
    if any(text.count(" ") > 2 or "\n" in text for text in texts):
        return False
    return not texts or any(_WORTH.search(text) for text in texts)


def is_telling(text: str) -> bool:
    """Whether a piece of a longer string can say where it goes, what it asks for or is read."""
    return "://" in text or ".com" in text or "json" in text.lower() or names_a_file(text)


def by_format(solver: Solver, template: Constant, given: tuple[Given, ...], target: int) -> bool:
    """`template.format(…)`. False where it cannot be told what it makes."""
    positional = [item.node for item in given if not item.name]
    named = {item.name: item.node for item in given}
    spread = "*" in named or "**" in named
    order = count()

    def parts() -> Iterator[_Part]:
        for text, field, spec, conversion in Formatter().parse(str(template.value)):
            yield text
            if field is None:
                continue
            name = field or str(next(order))
            place = int(name) if name.isdigit() else -1
            node = positional[place] if 0 <= place < len(positional) else named.get(name)
            yield None if spec or conversion or spread else node

    return _fill(solver, template, parts, target)


def by_percent(solver: Solver, template: Constant, values: int, target: int) -> bool:
    """`template % values`. False where it cannot be told what it makes."""
    rows = list(solver.held(values, Sequence))
    items = solver.items(rows[0]) if rows else [values]
    bags = list(solver.held(values, Bag))
    order = iter(items)

    def parts() -> Iterator[_Part]:
        text, end = str(template.value), 0
        for place in _PLACE.finditer(text):
            yield text[end : place.start()]
            end = place.end()
            if place["kind"] == "%":
                yield "%"
            elif place["kind"] not in _PLAIN:
                next(order, None)
                yield None
            elif place["name"]:
                yield _entry(solver, bags, place["name"])
            else:
                yield next(order, None)
        yield text[end:]

    return _fill(solver, template, parts, target)


def by_join(solver: Solver, separator: Constant, values: Sequence, target: int) -> bool:
    """`separator.join(values)`. False where it is not known how many there are."""
    items = solver.items(values)
    if solver.values[solver.element_node(values)] or not items:
        return False

    def parts() -> Iterator[_Part]:
        for position, item in enumerate(items):
            if position:
                yield str(separator.value)
            yield item

    return _fill(solver, separator, parts, target)


def _entry(solver: Solver, bags: list[Bag], name: str) -> int | None:
    found = [one.node for bag in bags for one in solver.entries(bag) if one.name == name]
    return found[0] if len(found) == 1 else None


def _fill(
    solver: Solver, template: Constant, parts: Callable[[], Iterator[_Part]], target: int
) -> bool:
    try:
        found = [part for part in parts() if part != ""]
    except ValueError:  # an unmatched brace
        return False
    texts = [part for part in found if isinstance(part, str)]
    if len(found) == 1 and isinstance(found[0], int):
        solver.watch(found[0], answers.show, solver, target)
        return True
    if not may_be_address(texts):
        return False
    nodes = [_node(solver, template, part, target) for part in found]
    solver.add(target, solver.intern(Composed, "text", tuple(nodes)))
    return True


def _node(solver: Solver, template: Constant, part: _Part, target: int) -> int:
    """The node of a part; what it says of the whole string is said of the target too."""
    if isinstance(part, int):
        solver.watch(part, join_from, solver, target, part, True)
        return part
    node = solver.node()
    if part is None:
        solver.add(node, solver.opaque)
        return node
    piece = solver.intern(Constant, part, template.literal)
    solver.add(node, piece)
    join(solver, piece, target, node, composed=True)
    return node


def _is_added(value: Value) -> bool:
    """Whether a value is one that `+` makes a longer one of, and no text."""
    return not isinstance(value, Answer) or answers.is_list(value)


def join_from(solver: Solver, target: int, part: int, composed: bool, value: Value) -> None:
    """`join`, as what is done with each value of a part."""
    join(solver, value, target, part, composed=composed)


def join(solver: Solver, value: Value, target: int, part: int, *, composed: bool) -> None:
    """Let `target` hold a string with a value in it; `composed` where it is known what it makes."""
    match value:
        case Constant(value=str(text)) if is_telling(text):
            solver.add(target, solver.intern(Piece, value), part)
        case Variable():
            solver.add(target, solver.intern(Piece, value), part)
        case Piece():
            solver.add(target, value)
        case Sequence() | Bag() | Answer() if not composed and _is_added(value):
            solver.add(target, value)
        case _ if not composed:  # otherwise what the parts make is known by them
            solver.add(target, solver.opaque)
