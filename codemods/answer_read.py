"""Read something else of an answer.

answer.choices[0].text                    ->  answer.choices[0].message.content
getattr(usage, "input_tokens", 0)         ->  getattr(usage, "prompt_tokens", 0)
event.type == "response.output_text.delta"  ->  event.choices and event.choices[0].delta.content
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import AnswerRead
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_ANSWER = "answer"
_BY_NAME = frozenset({"getattr", "hasattr"})


@codemod(
    AnswerRead,
    name="answer-read",
    summary="Read what the new endpoint answers where the old answer was read",
    review="Check what the program does where there is no text",
)
def read_answer(
    instruction: AnswerRead, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite where fewer steps than are replaced stand there."""
    base = node
    for __ in range(instruction.steps):
        base = _without_a_step(base)
    return context.parse(instruction.source, {_ANSWER: base})


def _without_a_step(node: cst.BaseExpression) -> cst.BaseExpression:
    match node:
        case cst.Attribute(value=base) | cst.Subscript(value=base):
            return base
        case cst.Call(func=cst.Name(value=name), args=[cst.Arg(value=base), *_]):
            if name in _BY_NAME:
                return base
        case cst.Comparison(left=base):
            return base
    raise CannotRewrite(_("the answer is read in another way"))
