"""`migrate undo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from migrator.cli.output import console
from migrator.language import _


def undo(
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN", help=_("Which run (default: the newest)."), show_default=False
        ),
    ] = None,
    root: Annotated[
        Path, typer.Option("--root", metavar="FOLDER", help=_("The folder that was migrated."))
    ] = Path(),
) -> None:
    """Take back an apply, byte for byte. Refuses where a file changed since."""
    from migrator import workflow
    from migrator.reports.console import print_undo

    print_undo(workflow.undo(root, run), console())
