"""`migrate verify`."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from migrator.cli.output import console, write


class VerificationFormat(str, Enum):
    """How a verification is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def verify(
    command: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="-- COMMAND",
            help="What to run in front of the emulator: pytest -q.",
            show_default=False,
        ),
    ] = None,
    root: Annotated[
        Path, typer.Option("--root", metavar="FOLDER", help="The folder that was migrated.")
    ] = Path(),
    target: Annotated[
        str,
        typer.Option(
            "--target",
            "-t",
            metavar="PROVIDER",
            help="The provider (default: the recorded run's).",
            show_default=False,
        ),
    ] = "",
    region: Annotated[
        str,
        typer.Option("--region", metavar="REGION", help="Its region.", show_default=False),
    ] = "",
    before: Annotated[
        bool,
        typer.Option("--before", help="Run the command as it was before, too, and compare."),
    ] = False,
    seconds: Annotated[
        float | None,
        typer.Option(
            "--timeout", metavar="SECONDS", help="How long a command may run.", show_default=False
        ),
    ] = None,
    format: Annotated[
        VerificationFormat, typer.Option("--format", help="How to print the result.")
    ] = VerificationFormat.TEXT,
) -> None:
    """Show that the migrated program runs, rung by rung; nothing leaves this machine.

    Static: what was written compiles, and a new scan finds only what the checklist lists.
    Emulated: the command runs in front of a strict stand-in for the provider. Ends with 4 where a
    rung failed.
    """
    from migrator import workflow

    options = workflow.Options(target=target, region=region)
    ladder = workflow.verify(root, options, command=command or (), before=before, seconds=seconds)
    match format:
        case VerificationFormat.TEXT:
            from migrator.reports.verification.console import print_ladder

            print_ladder(ladder, console())
        case VerificationFormat.JSON:
            from migrator.reports.verification.json import ladder_json

            write(ladder_json(ladder))
        case VerificationFormat.MARKDOWN:
            from migrator.reports.verification.markdown import ladder_markdown

            write(ladder_markdown(ladder))
    if ladder.failed:
        raise typer.Exit(4)
