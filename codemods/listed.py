"""Put strings into a list, tuple or set display, and take those away that stand there again.

CHAT = ("gpt-4o", "gpt-4")  ->  CHAT = ("gpt-4o", "gpt-4", "qwen3.7-plus")
choices=["qwen3.7-plus", "qwen3.7-plus"]  ->  choices=["qwen3.7-plus"]
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from codemods.arguments import Entries
from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.literals import write
from codemods.registry import codemod
from migrator.edits import Listed

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


def combine(several: Sequence[Listed]) -> Listed:
    """One instruction that does what all of them do."""
    return Listed(
        tuple(dict.fromkeys(value for one in several for value in one.values)),
        tuple(dict.fromkeys(value for one in several for value in one.once)),
    )


@codemod(
    Listed,
    name="listed",
    summary="Put a new name beside an old one in a list, or name it once",
    review="Check that everything that the list is used for may have the new name",
    combine=combine,
)
def put_into_list(
    instruction: Listed, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for what is no display."""
    entries = Entries.of(node, trailing=context.file.trailing_comma)
    for value in instruction.once:
        for index in reversed(_places(entries, value)[1:]):
            entries = entries.remove_at(index)
    held = [item.value for item in entries.items]
    texts = [one for one in held if isinstance(one, cst.SimpleString)]
    present = {ast.literal_eval(one.value) for one in texts}
    quote = texts[-1].quote if texts else context.quote
    for value in instruction.values:
        if value not in present:
            added = cst.SimpleString(write(value, quote))
            entries = entries.insert(len(entries.items), None, added)
    return entries.rebuilt()


def _places(entries: Entries, value: str) -> list[int]:
    """Where a string stands among the entries."""
    return [
        index
        for index, item in enumerate(entries.items)
        if isinstance(item.value, cst.SimpleString) and ast.literal_eval(item.value.value) == value
    ]
