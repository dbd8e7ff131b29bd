"""Send an embeddings request in batches, with a function that keeps the shape of the result.

client.embeddings.create(input=xs)
->  create_embeddings_in_batches(client.embeddings.create, input=xs)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.helpers import Template, helper
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import EmbeddingBatch

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_NAME = "create_embeddings_in_batches"
_BODY = '''\
    """Embed `INPUT` in batches of `batch_size` texts and join the responses into one."""
    texts = request.pop("INPUT")
    texts = texts if isinstance(texts, str) else list(texts)
    if isinstance(texts, str) or len(texts) <= batch_size or isinstance(texts[0], int):
        return create(INPUT=texts, **request)
    joined = create(INPUT=texts[:batch_size], **request)
    for start in range(batch_size, len(texts), batch_size):
        response = create(INPUT=texts[start : start + batch_size], **request)
        joined.data.extend(response.data)
        if joined.usage and response.usage:
            joined.usage.prompt_tokens += response.usage.prompt_tokens
            joined.usage.total_tokens += response.usage.total_tokens
    for index, item in enumerate(joined.data):
        item.index = index
    return joined
'''


def _template(instruction: EmbeddingBatch) -> Template:
    body = _BODY.replace("INPUT", instruction.input_name)
    return Template(
        f"create, batch_size={instruction.size}, **request",
        f"create: Any, batch_size: int = {instruction.size}, **request: Any",
        body.replace(" create(", " await create(") if instruction.asynchronous else body,
        asynchronous=instruction.asynchronous,
    )


@codemod(
    EmbeddingBatch,
    name="embedding-batch",
    summary="Send embeddings in batches the provider accepts",
    review="One call can now be several requests: check rate limits and time limits",
)
def batch_embeddings(
    instruction: EmbeddingBatch, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for anything but a call with the input as a named argument."""
    if not isinstance(node, cst.Call):
        raise CannotRewrite("it is not a call")
    entries = context.entries(node)
    if entries.index(instruction.input_name) is None:
        raise CannotRewrite(f"no argument {instruction.input_name} stands there")
    name = f"{_NAME}_async" if instruction.asynchronous else _NAME
    function = helper(context, name, _template(instruction))
    called = entries.insert(0, None, context.handed_on(node.func)).rebuilt()
    return called.with_changes(func=cst.Name(function))
