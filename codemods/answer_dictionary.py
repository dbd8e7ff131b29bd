"""Make a plain dict of an answer where it arrives.

client.chat.completions.create(…)        ->  client.chat.completions.create(…).to_dict()
await client.chat.completions.create(…)  ->  (await client.chat.completions.create(…)).to_dict()
gather(client.chat.completions.create(…))  ->  gather(as_dict(client.chat.completions.create(…)))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.helpers import Template, helper
from codemods.lazy import LazyModule
from codemods.registry import codemod
from migrator.edits import AnswerDictionary

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_BODY = '''    """Wait for an answer and make a dict of it."""
    return (await answer).to_dict()
'''
_LATER = Template("answer", "answer: Any", _BODY, asynchronous=True)


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
    if instruction.later:
        return context.parse(f"{helper(context, 'as_dict', _LATER)}(answer)", {"answer": node})
    if isinstance(node, cst.Await) and not node.lpar:
        node = node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    context.fresh.append(node)
    return cst.Call(cst.Attribute(node, cst.Name("to_dict")))
