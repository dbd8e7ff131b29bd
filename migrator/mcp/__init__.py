"""`migrate mcp`: scan, plan, explain, checklist, verify, apply, undo for coding agents.

Over the Model Context Protocol, by the official SDK, which is an extra: nothing but `server.py` and
`transport.py` imports it, and `arguments.py` what it brings along.
"""

from __future__ import annotations

from importlib import import_module

from migrator.errors import MigrateError
from migrator.language import _


class NoExtraError(MigrateError):
    """The SDK is not installed, or is a release that is too old."""

    exit_code = 2


def require() -> None:
    """Raise NoExtraError where the SDK is missing."""
    try:
        import_module("mcp.server")
        import_module("mcp_types")  # of release 2 and later
    except ImportError:
        raise NoExtraError(
            _(
                "`migrate mcp` needs the package mcp, release 2 or later: "
                "pip install 'migrate-openai[mcp]'"
            )
        ) from None
