"""The server: what it offers, how a tool is run beside the protocol, and what is told of errors."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import anyio
import anyio.from_thread
import anyio.to_thread
import mcp_types as protocol
from mcp.server import Server
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError

from migrator import __version__
from migrator.errors import MigrateError
from migrator.mcp import pages
from migrator.mcp.bounds import fitted, line, written
from migrator.mcp.confinement import Confinement
from migrator.mcp.tools import Call, Tool, tools

_MARKDOWN = "text/markdown"
_SECONDS = 0.2  # between two notices of progress
_INSTRUCTIONS = """\
Moves Python code off the OpenAI API to another provider. `scan` finds what reaches OpenAI, `plan` \
shows what would be written, `explain` and `checklist` say why something is as it is and what is \
left to do, `verify` checks the result. {mode} Only what is in the folder that is served is read. \
Long lists come page by page: go on at `page.next_offset`.\
"""
_MODES = {
    False: "This server only reads: nothing is written, and no code is run.",
    True: "`apply` writes what `plan` shows, and `undo` takes it back.",
}


def build(place: Confinement, *, write: bool) -> Server[Any]:
    """The server of a folder; with `write` it offers to change it."""
    offered = _Offered(place, write)
    return Server(
        "migrate",
        version=__version__,
        title="migrate",
        instructions=_INSTRUCTIONS.format(mode=_MODES[write]),
        on_list_tools=offered.list_tools,
        on_call_tool=offered.call_tool,
        on_list_resources=offered.list_pages,
        on_list_resource_templates=offered.list_page_templates,
        on_read_resource=offered.read_page,
        on_list_prompts=offered.list_prompts,
        on_get_prompt=offered.prompt,
    )


class _Offered:
    """What the server answers. One tool is run at a time, in a thread beside the protocol."""

    def __init__(self, place: Confinement, write: bool) -> None:
        self._place = place
        self._write = write
        self._tools = tools(write=write)
        self._one = anyio.CapacityLimiter(1)

    # -- tools -------------------------------------------------------------------------------------

    async def list_tools(self, context: Any, asked: Any) -> protocol.ListToolsResult:
        return protocol.ListToolsResult(tools=[_described(one) for one in self._tools.values()])

    async def call_tool(
        self, context: Any, asked: protocol.CallToolRequestParams
    ) -> protocol.CallToolResult:
        tool = self._tools.get(asked.name)
        if tool is None:
            why = "" if self._write else "; this server only reads: it was started without --write"
            raise MCPError(protocol.INVALID_PARAMS, f"there is no tool {line(asked.name)!r}{why}")
        try:
            arguments = tool.arguments.model_validate(asked.arguments or {})
            call = Call(self._place, _Progress(context.session))
            work = partial(tool.run, call, arguments)
            answer = fitted(await anyio.to_thread.run_sync(work, limiter=self._one))
        except Exception as error:
            return protocol.CallToolResult(content=[_text(_told(error))], is_error=True)
        return protocol.CallToolResult(content=[_text(written(answer))], structured_content=answer)

    # -- pages and the prompt ----------------------------------------------------------------------

    async def list_pages(self, context: Any, asked: Any) -> protocol.ListResourcesResult:
        listed = await anyio.to_thread.run_sync(pages.listed)
        return protocol.ListResourcesResult(
            resources=[
                protocol.Resource(
                    uri=uri, name=title, title=title, description=says, mime_type=_MARKDOWN
                )
                for uri, (title, says) in listed.items()
            ]
        )

    async def list_page_templates(
        self, context: Any, asked: Any
    ) -> protocol.ListResourceTemplatesResult:
        return protocol.ListResourceTemplatesResult(
            resource_templates=[
                protocol.ResourceTemplate(
                    uri_template=f"{pages.SCHEME}{kind}/{{{name}}}",
                    name=kind,
                    title=title,
                    mime_type=_MARKDOWN,
                )
                for kind, name, title in (
                    (pages.CODES, "code", "What a code of the checklist means"),
                    (pages.PROVIDERS, "id", "What is known of a provider"),
                )
            ]
        )

    async def read_page(
        self, context: Any, asked: protocol.ReadResourceRequestParams
    ) -> protocol.ReadResourceResult:
        text = await _found(partial(pages.read, str(asked.uri)))
        page = protocol.TextResourceContents(uri=asked.uri, text=text, mime_type=_MARKDOWN)
        return protocol.ReadResourceResult(contents=[page])

    async def list_prompts(self, context: Any, asked: Any) -> protocol.ListPromptsResult:
        arguments = [
            protocol.PromptArgument(
                name="target", description="The provider's id, as bailian.", required=True
            ),
            protocol.PromptArgument(
                name="folder", description="The folder to move. Default: all that is served."
            ),
        ]
        return protocol.ListPromptsResult(
            prompts=[
                protocol.Prompt(
                    name=pages.PROMPT,
                    title="Move to a provider",
                    description="Move the repository off the OpenAI API, step by step.",
                    arguments=arguments,
                )
            ]
        )

    async def prompt(
        self, context: Any, asked: protocol.GetPromptRequestParams
    ) -> protocol.GetPromptResult:
        if asked.name != pages.PROMPT:
            raise MCPError(protocol.INVALID_PARAMS, f"there is no prompt {line(asked.name)!r}")
        given = asked.arguments or {}
        work = partial(
            pages.prompt, given.get("target", ""), given.get("folder", ""), write=self._write
        )
        text = await _found(work)
        return protocol.GetPromptResult(
            messages=[protocol.PromptMessage(role="user", content=_text(text))]
        )


async def _found(work: Callable[[], str]) -> str:
    try:
        return await anyio.to_thread.run_sync(work)
    except MigrateError as error:
        raise MCPError(protocol.INVALID_PARAMS, _told(error)) from None


class _Progress:
    """Tells the client how far a tool is; in a tool whose client has left off waiting, it ends it.

    A tool may look at the files more than once: what is told only ever grows.
    """

    def __init__(self, session: Any) -> None:
        self._session = session
        self._most = 0
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        anyio.from_thread.check_cancelled()
        if done <= self._most or time.monotonic() < self._next:
            return
        self._most, self._next = done, time.monotonic() + _SECONDS
        anyio.from_thread.run(self._session.report_progress, done, total)


def _described(tool: Tool) -> protocol.Tool:
    return protocol.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.arguments.schema_for_agents(),
        output_schema=tool.answer,
        annotations=protocol.ToolAnnotations(
            read_only_hint=not tool.writes,
            destructive_hint=tool.writes,
            idempotent_hint=tool.repeatable,
            open_world_hint=tool.elsewhere,
        ),
    )


def _text(text: str) -> protocol.TextContent:
    return protocol.TextContent(type="text", text=text)


def _told(error: Exception) -> str:
    """What went wrong, in one line."""
    match error:
        case ValidationError():
            parts = [
                f"{'.'.join(map(str, one['loc'])) or 'arguments'}: {one['msg']}"
                for one in error.errors(include_input=False, include_url=False)
            ]
            return line("; ".join(parts))
        case MigrateError():
            return line(str(error))
        case OSError():
            return line(f"{error.filename or 'error'}: {error.strerror or error}")
    return line(f"internal error: {type(error).__name__}: {error}")
