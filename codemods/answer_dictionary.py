"""Make a plain dict of an answer where it arrives.

client.chat.completions.create(…)        ->  client.chat.completions.create(…).to_dict()
await client.chat.completions.create(…)  ->  (await client.chat.completions.create(…)).to_dict()
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.registry import codemod
from migrator.edits import AnswerDictionary

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    AnswerDictionary,
    name="answer-dictionary",
    summary="Make a dict of an answer that is treated as one",
    review="Check that what reads the dict expects the fields of the new release",
)
def make_dictionary(
    instruction: AnswerDictionary, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """The expression's value as a plain dict, as it was sent."""
    if isinstance(node, cst.Await) and not node.lpar:
        node = node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    context.fresh.append(node)
    return cst.Call(cst.Attribute(node, cst.Name("to_dict")))
