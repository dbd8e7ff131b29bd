"""Read something else of an answer.

answer.choices[0].text  ->  answer.choices[0].message.content
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import AnswerRead

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    AnswerRead,
    name="answer-read",
    summary="Read an answer's text where the new endpoint puts it",
    review="Check what the program does where there is no text",
)
def read_answer(
    instruction: AnswerRead, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite where fewer steps than are replaced stand there."""
    base = node
    for _ in range(instruction.steps):
        if not isinstance(base, (cst.Attribute, cst.Subscript)):
            raise CannotRewrite("the answer is read in another way")
        base = base.value
    read = context.parse(f"answer{instruction.put}", {"answer": base})
    if not instruction.fallback:
        return read
    return cst.BooleanOperation(read, cst.Or(), context.parse(instruction.fallback))
