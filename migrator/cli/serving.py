"""`migrate mcp`."""

from __future__ import annotations

import secrets
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from migrator import language
from migrator.cli.choice import Choice
from migrator.language import _


class Transport(Choice):
    """How a client reaches the server."""

    STDIO = "stdio"
    HTTP = "http"


def mcp(
    root: Annotated[
        Path, typer.Option("--root", metavar="FOLDER", help=_("The folder to serve, and no other."))
    ] = Path(),
    write: Annotated[
        bool,
        typer.Option("--write", help=_("Offer apply and undo, too, and let verify run a command.")),
    ] = False,
    transport: Annotated[
        Transport, typer.Option("--transport", help=_("stdio, or http on this machine alone."))
    ] = Transport.STDIO,
    port: Annotated[
        int,
        typer.Option("--port", metavar="N", min=0, max=65535, help=_("Of http (0: any free).")),
    ] = 0,
    token: Annotated[
        str,
        typer.Option(
            "--token",
            metavar="TOKEN",
            envvar="MIGRATE_MCP_TOKEN",
            help=_("What clients of http have to send (default: one is made and printed)."),
            show_default=False,
        ),
    ] = "",
) -> None:
    """Serve scan, plan, explain, checklist and verify to coding agents (MCP).

    Needs `pip install 'migrate-openai[mcp]'`. Reads only, unless started with --write, and only
    what is in the folder. A client starts it by itself: docs/mcp.md has the settings to copy.
    """
    from migrator.mcp import require

    require()
    from migrator.mcp.confinement import Confinement
    from migrator.mcp.transport import serve_http, serve_stdio

    place = Confinement.to(root)
    if transport is Transport.STDIO and sys.stdin.isatty():
        print(_("migrate: waiting for an MCP client on standard input"), file=sys.stderr)
    language.use(language.ENGLISH)  # agents are served alike, whoever starts the server
    if transport is Transport.STDIO:
        # The thread that reads standard input would keep an interrupted process until that closes.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        serve_stdio(place, write=write)
        return
    if not token:
        token = secrets.token_urlsafe(32)
        print(f"migrate: Authorization: Bearer {token}", file=sys.stderr)
    serve_http(place, write=write, port=port, token=token)
