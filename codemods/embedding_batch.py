"""Send an embeddings request in batches, with a function that keeps the shape of the result.

client.embeddings.create(input=xs)
->  create_embeddings_in_batches(client.embeddings.create, input=xs)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.adapter_call import imported
from codemods.context import Context
from codemods.helpers import Template, helper
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.batching import Splitting
from migrator.edits import EmbeddingBatch
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


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
        raise CannotRewrite(_("it is not a call"))
    entries = context.entries(node)
    if entries.index(instruction.input_name) is None:
        raise CannotRewrite(_("no argument {name} stands there", name=instruction.input_name))
    function = _function(instruction, context)
    called = entries.insert(0, None, context.handed_on(node.func)).rebuilt()
    return called.with_changes(func=cst.Name(function))


def _function(instruction: EmbeddingBatch, context: Context) -> str:
    """The function that splits: imported where files share it, else written into the file."""
    made = Splitting(
        instruction.size,
        instruction.asynchronous,
        instruction.input_name,
        instruction.rows,
        instruction.counts,
    )
    if instruction.module:
        return imported(context, instruction.module, made.name, instruction.own)
    template = Template(
        made.parameters, made.annotated, made.body, asynchronous=instruction.asynchronous
    )
    return helper(context, made.name, template)
