"""Send an embeddings request in batches, with a function that keeps the shape of the result.

client.embeddings.create(input=xs)
->  create_embeddings_in_batches(client.embeddings.create, input=xs)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.helpers import helper
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import EmbeddingBatch

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_NAME = "create_embeddings_in_batches"
_SOURCE = '''\
def {name}(create, batch_size=SIZE, **request):
    """Embed `INPUT` in requests of at most `batch_size` texts and join the responses into one."""
    texts = request["INPUT"]
    if not isinstance(texts, str):
        texts = request["INPUT"] = list(texts)
    if isinstance(texts, str) or len(texts) <= batch_size or isinstance(texts[0], int):
        return create(**request)
    joined = None
    for start in range(0, len(texts), batch_size):
        request["INPUT"] = texts[start : start + batch_size]
        response = create(**request)
        if joined is None:
            joined = response
            continue
        joined.data.extend(response.data)
        if joined.usage and response.usage:
            joined.usage.prompt_tokens += response.usage.prompt_tokens
            joined.usage.total_tokens += response.usage.total_tokens
    for index, item in enumerate(joined.data):
        item.index = index
    return joined
'''


def _source(instruction: EmbeddingBatch, size: int) -> str:
    source = _SOURCE.replace("INPUT", instruction.input_name).replace("SIZE", str(size))
    if instruction.asynchronous:
        source = source.replace("def {name}", "async def {name}").replace(
            " create(**request)", " await create(**request)"
        )
    return source


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
    function = helper(context, name, _source(instruction, instruction.size))
    called = entries.insert(0, None, context.handed_on(node.func)).rebuilt()
    return called.with_changes(func=cst.Name(function))
