"""Tell a framework once, for the whole program, where its requests go.

from agents import Agent  ->  from agents import Agent, set_default_openai_client
                              …
                              set_default_openai_client(AsyncOpenAI(api_key=…, base_url=…), …)
"""

from __future__ import annotations

from collections.abc import Iterator

from codemods.changes import Change
from codemods.context import Context
from codemods.framework_construction import filled
from codemods.outcome import CannotRewrite
from codemods.placing import laid_out, once_filled
from codemods.registry import codemod
from migrator.edits import FrameworkStatements
from migrator.language import _


@codemod(
    FrameworkStatements,
    name="framework-statements",
    summary="Tell a framework of the provider, behind the imports",
    review="Check that the file is imported before the framework sends its first request",
    statement=True,
)
def tell_framework(instruction: FrameworkStatements, context: Context) -> Iterator[Change]:
    """Raises CannotRewrite where a name that the statements need means something else."""
    statement = context.file.statement(context.span)
    if statement is None:
        raise CannotRewrite(_("the import is not there any more"))
    values = [filled(one, instruction.reads, context) for one in instruction.sources]
    yield once_filled(
        context,
        statement,
        lambda indentation: [laid_out(context, "", value, indentation) for value in values],
    )
