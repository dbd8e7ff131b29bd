"""Ask for a structured answer where the endpoint takes no JSON schema.

client.chat.completions.parse(..., response_format=Answer)
->  parse_structured_output(client.chat.completions.create, ..., response_format=Answer)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.helpers import Template, at_top, helper
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import StructuredOutput
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_NAME = "parse_structured_output"
_BODY = '''\
    """Ask for a JSON object and validate it with `response_format`, a pydantic model."""
    schema = JSON.dumps(response_format.model_json_schema(), ensure_ascii=False)
    instruction = f"Answer with one JSON object that follows this JSON schema: {schema}"
    response = create(
        messages=[*messages, {"role": "user", "content": instruction}],
        response_format={"type": "json_object"},
        **request,
    )
    for choice in response.choices:
        content = choice.message.content
        answer = response_format.model_validate_json(content) if content else None
        choice.message.parsed = answer
    return response
'''

# What a provider refuses that takes no two messages of one role in a row.
_APART = """\
    response = create(
        messages=[*messages, {"role": "user", "content": instruction}],
"""
_JOINED = """\
    *before, last = messages
    if last["role"] != "user":
        before, last = messages, {"role": "user", "content": ""}
    content = last["content"]
    if isinstance(content, str):
        content = f"{content}\\n\\n{instruction}"
    else:
        content = [*content, {"type": "text", "text": instruction}]
    response = create(
        messages=[*before, {**last, "content": content}],
"""


def _template(instruction: StructuredOutput, context: Context) -> Template:
    body = _BODY.replace(_APART, _JOINED) if instruction.joined else _BODY
    body = body.replace("JSON.dumps", at_top(context, "json.dumps"))
    return Template(
        "create, *, messages, response_format, **request",
        "create: Any, *, messages: Any, response_format: Any, **request: Any",
        body.replace("= create(", "= await create(") if instruction.asynchronous else body,
        asynchronous=instruction.asynchronous,
    )


@codemod(
    StructuredOutput,
    name="structured-output",
    summary="Ask for a JSON object and check it against the model",
    review="The schema is asked for in words: an answer that does not follow it raises",
)
def ask_for_object(
    instruction: StructuredOutput, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for anything but `….parse(messages=…, response_format=…)`."""
    if not (isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)):
        raise CannotRewrite(_("it is not a call of parse"))
    if node.func.attr.value != "parse" or "_response." in cst.Module([]).code_for_node(node.func):
        raise CannotRewrite(_("it is not a call of parse"))
    entries = context.entries(node)
    for name in ("messages", "response_format"):
        if entries.index(name) is None:
            raise CannotRewrite(_("no argument {name} stands there", name=name))
    name = f"{_NAME}_async" if instruction.asynchronous else _NAME
    function = helper(context, name, _template(instruction, context))
    create = _out_of_beta(node.func).with_changes(attr=cst.Name("create"))
    called = entries.insert(0, None, context.handed_on(create)).rebuilt()
    return called.with_changes(func=cst.Name(function))


def _out_of_beta(func: cst.Attribute) -> cst.Attribute:
    """The method's path without `beta`, where `create` does not exist in every version."""
    match func:
        case cst.Attribute(
            value=cst.Attribute(
                value=cst.Attribute(
                    value=cst.Attribute(value=client, attr=cst.Name(value="beta"))
                ) as chat
            ) as completions
        ):
            stable = completions.with_changes(value=chat.with_changes(value=client))
            return func.with_changes(value=stable)
    return func
