"""A codemod as `python -m libcst.tool codemod` runs it, that asks what each name means.

Points each `OpenAI(…)` at another base URL, maps names of models, and takes a parameter off each
call of the chat endpoint.

    python -m libcst.tool codemod -x benchmarks.scoped_codemod.Command FOLDER
"""

from __future__ import annotations

import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand
from libcst.metadata import QualifiedNameProvider, ScopeProvider

_CLIENTS = {"openai.OpenAI", "openai.AsyncOpenAI"}
_MODELS = {"gpt-4o": "example-large", "gpt-4o-mini": "example-small", "gpt-4.1": "example-large"}


class Command(VisitorBasedCodemodCommand):
    """Moves clients and models of OpenAI; knows what is imported as what in a file."""

    DESCRIPTION = "Move clients and models of OpenAI."
    METADATA_DEPENDENCIES = (QualifiedNameProvider, ScopeProvider)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802
        names = self.get_metadata(QualifiedNameProvider, original_node.func, set())
        if any(one.name in _CLIENTS for one in names):
            address = cst.parse_expression('"https://llm.example.com/v1"')
            return updated_node.with_changes(
                args=[*updated_node.args, cst.Arg(address, keyword=cst.Name("base_url"))]
            )
        return updated_node

    def leave_SimpleString(  # noqa: N802
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.SimpleString:
        model = _MODELS.get(str(original_node.evaluated_value))
        return cst.SimpleString(f'"{model}"') if model else updated_node
