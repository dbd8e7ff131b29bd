"""Have a framework's object speak to the provider.

ChatOpenAI(temperature=0)  ->  ChatOpenAI(temperature=0, api_key=…, base_url=…)
Agent("openai:gpt-4o")     ->  Agent(OpenAIChatModel("qwen-plus", provider=…))
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codemods.arguments import Entries
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
        at = _place(entries, name, instruction.positional)
        old = node if at is None else entries.items[at].node.value
        new = filled(source, instruction.reads, context, old)
        gone = len(entries.items)
        entries = entries.insert(gone, name, new) if at is None else entries.with_value_at(at, new)
    return rebuilt(entries, instruction.rename, instruction.class_path, context)


def _place(entries: Entries, name: str, positional: tuple[str, ...]) -> int | None:
    """Where an argument stands, by its name or by its place; None where it is not given."""
    at = entries.index(name)
    if at is None and name in positional:
        plain = _given_by_place(entries)
        at = next(iter(plain[positional.index(name) :]), None)
    return at


def _given_by_place(entries: Entries) -> list[int]:
    """Where the arguments without a name stand."""
    every = enumerate(one.node for one in entries.items)
    return [at for at, node in every if isinstance(node, cst.Arg) and node.keyword is None]


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
