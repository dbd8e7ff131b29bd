"""Strings by which tests put a fake in the place of a method of the openai package's client.

patch("openai.resources.chat.completions.Completions.create")
->  patch("dashscope.v2.resources.chat.completions.Completions.create")
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from migrator.analysis.sites import Place
from migrator.edits import Edit, ReplaceString
from migrator.planning.context import NOTEBOOK, Context
from migrator.planning.sdk import exceptions
from migrator.source import tree_of

CODEMOD = "sdk-patch"
_RESOURCES = "openai.resources."


def decide(context: Context) -> None:
    """Plan the strings that name what the SDK has, too."""
    sdk = context.sdk
    if sdk is None or not context.sdk_clients or exceptions.others(context):
        return
    ids = (min(context.sdk_clients),)
    for place, value in _named(context):
        owner, _, method = value.rpartition(".")
        there = sdk.type(owner)
        if there:
            instruction = ReplaceString(f"{there}.{method}")
            why = f"{sdk.name} has the method there"
            context.edit(Edit(place.path, place.span, CODEMOD, instruction, ids, why))


def _named(context: Context) -> Iterator[tuple[Place, str]]:
    """The strings that name a method of the package's resources."""
    for path, source in context.sources.items():
        if _RESOURCES not in source.text or path.endswith(NOTEBOOK):
            continue
        for node in ast.walk(tree_of(source.text) or ast.Module([], [])):
            match node:
                case ast.Constant(value=str(value)) if value.startswith(_RESOURCES):
                    yield Place(path, source.span_of(node)), value
