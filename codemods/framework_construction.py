"""Have a framework's object speak to the provider.

ChatOpenAI(temperature=0)  ->  ChatOpenAI(temperature=0, api_key=…, base_url=…)
Agent("openai:gpt-4o")     ->  Agent(OpenAIChatModel("qwen-plus", provider=…))
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codemods.client_construction import rebuilt
from codemods.context import Context
from codemods.environment import required, value
from codemods.lazy import LazyModule
from codemods.registry import codemod
from codemods.replace_expression import respelled
from migrator.edits import (
    BASE_URL_HERE,
    KEY_HERE,
    OLD_HERE,
    FrameworkConstruction,
    FrameworkModel,
    FrameworkSource,
)

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    FrameworkConstruction,
    name="framework-construction",
    summary="Give a framework's object the provider's address and key",
    review="Check that the framework is told all that the new class asks for",
)
def point_framework(
    instruction: FrameworkConstruction, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for what is no call and no display, or has no names for its values."""
    entries = context.entries(node)
    touched = {*instruction.drop, *(name for name, _ in instruction.rename)}
    by_position = [at for at, name in enumerate(instruction.positional) if name in touched]
    if by_position:
        entries = entries.named_from(by_position[0], instruction.positional)
    for name in instruction.drop:
        entries = entries.remove(name)
    for name, source in instruction.settings:
        present = entries.value(name)
        new = filled(source, instruction.reads, context, node if present is None else present)
        at, gone = entries.index(name), len(entries.items)
        entries = entries.insert(gone, name, new) if at is None else entries.with_value(name, new)
    return rebuilt(entries, instruction.rename, instruction.class_path, context)


@codemod(
    FrameworkModel,
    name="framework-model",
    summary="Put an object that speaks to the provider in the place of a model's name",
    review="Check that the framework takes an object there",
)
def put_model(
    instruction: FrameworkModel, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite where a name that the source needs means something else."""
    return filled(instruction.source, instruction.reads, context, node)


def filled(
    source: str, reads: FrameworkSource, context: Context, old: cst.BaseExpression | None = None
) -> cst.BaseExpression:
    """A source with what it reads of the environment, its names spelled as the file has them.

    `old` is what it takes the place of.
    """
    values: dict[str, cst.BaseExpression] = {} if old is None else {OLD_HERE: old}
    if KEY_HERE in source:
        values[KEY_HERE] = required(context, reads.key_variable)
    if BASE_URL_HERE in source:
        values[BASE_URL_HERE] = value(context, reads.base_url_variable, reads.base_url_default)
    for path in reads.imports:
        name = path.rpartition(".")[2]
        if re.search(rf"\b{name}\b", source):
            spelled = respelled(
                cst.parse_expression(source), {path, name}, context.spell_anyhow(path)
            )
            source = cst.Module([]).code_for_node(spelled)
    return context.parse(source, values)
