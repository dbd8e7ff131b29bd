"""Read the first tool call of a message where its function call was read.

message.function_call.name               ->  message.tool_calls[0].function.name
if message.function_call:                ->  if message.tool_calls:
call = message.function_call             ->  call = message.tool_calls[0].function if … else None
"function_call" in message               ->  message.get("tool_calls")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import ToolCall
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_OBJECT = {
    "step": "base.tool_calls[0].function",
    "test": "base.tool_calls",
    "value": "base.tool_calls[0].function if base.tool_calls else None",
    "absent": "not base.tool_calls",
}
_DICT = {
    "step": 'base["tool_calls"][0]["function"]',
    "test": 'base.get("tool_calls")',
    "value": 'base["tool_calls"][0]["function"] if base.get("tool_calls") else None',
    "absent": 'not base.get("tool_calls")',
}


@codemod(
    ToolCall,
    name="tool-call",
    summary="Read the first tool call where the function call of a message was read",
    review="Check what the program does where a model calls no function",
)
def read_tool_call(
    instruction: ToolCall, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for what is no read of `function_call`."""
    match node:
        case cst.Comparison(comparisons=[cst.ComparisonTarget(operator=operator)]):
            absent = isinstance(operator, (cst.Is, cst.NotIn))
            base, forms = _compared(node)
            form = "absent" if absent else "test"
        case _:
            base, forms = _read(node)
            form = instruction.form
    return context.parse(forms[form], {"base": base})


def _compared(node: cst.Comparison) -> tuple[cst.BaseExpression, dict[str, str]]:
    """`x.function_call is not None`, or `"function_call" in x` of a dict."""
    [target] = node.comparisons
    if isinstance(target.operator, (cst.In, cst.NotIn)):
        return target.comparator, _DICT
    return _read(node.left)


def _read(node: cst.BaseExpression) -> tuple[cst.BaseExpression, dict[str, str]]:
    match node:
        case cst.Attribute(value=base, attr=cst.Name("function_call")):
            return base, _OBJECT
        case cst.Subscript(value=base):
            return base, _DICT
        case cst.Call(func=cst.Attribute(value=base, attr=cst.Name("get"))):
            return base, _DICT
    raise CannotRewrite(_("it is not a plain read of one field"))
