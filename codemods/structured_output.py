"""Ask for a structured answer where the endpoint takes no JSON schema.

client.chat.completions.parse(..., response_format=Answer)
->  parse_structured_output(client.chat.completions.create, ..., response_format=Answer)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.helpers import helper
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import StructuredOutput

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_NAME = "parse_structured_output"
_SOURCE = '''\
def {name}(create, *, messages, response_format, **request):
    """Ask for a JSON object that follows the schema of `response_format`, a pydantic model."""
    schema = JSON.dumps(response_format.model_json_schema(), ensure_ascii=False)
    instruction = f"Answer with one JSON object that follows this JSON schema: {schema}"
    response = create(
        messages=[*messages, {"role": "user", "content": instruction}],
        response_format={"type": "json_object"},
        **request,
    )
    for choice in response.choices:
        content = choice.message.content
        choice.message.parsed = response_format.model_validate_json(content) if content else None
    return response
'''


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
        raise CannotRewrite("it is not a call of parse")
    if node.func.attr.value != "parse" or "_response." in cst.Module([]).code_for_node(node.func):
        raise CannotRewrite("it is not a call of parse")
    entries = context.entries(node)
    for name in ("messages", "response_format"):
        if entries.index(name) is None:
            raise CannotRewrite(f"no argument {name} stands there")
    source = _SOURCE.replace("JSON.dumps", _dumps(context))
    if instruction.asynchronous:
        source = source.replace("def {name}", "async def {name}").replace(
            "= create(", "= await create("
        )
    name = f"{_NAME}_async" if instruction.asynchronous else _NAME
    function = helper(context, name, source)
    create = _out_of_beta(node.func).with_changes(attr=cst.Name("create"))
    called = entries.insert(0, None, context.handed_on(create)).rebuilt()
    return called.with_changes(func=cst.Name(function))


def _dumps(context: Context) -> str:
    """How the helper, which stands at the top of the file, writes `json.dumps`."""
    local = [b for b in context.scope.bindings if b.function is None]
    spelled = [s for b in local if (s := b.spells("json.dumps")) is not None]
    return spelled[0] if spelled else context.spell("json.dumps")


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
