"""`migrate scan`."""

from __future__ import annotations

from typing import Annotated

import typer

from migrator.cli.options import Exclude, Format, FormatOption, Include, Paths, chosen, spelled
from migrator.cli.output import console, progress, write
from migrator.language import _


def scan(
    paths: Paths = None,
    format: FormatOption = Format.TEXT,
    everything: Annotated[
        bool, typer.Option("--all", help=_("List every place, however many."))
    ] = False,
    include: Include = None,
    exclude: Exclude = None,
    cache: Annotated[
        bool,
        typer.Option(
            "--cache/--no-cache", help=_("Go by what earlier scans kept, where nothing changed.")
        ),
    ] = True,
) -> None:
    """Find every place that reaches OpenAI. Changes nothing."""
    from migrator import workflow

    options = workflow.Options(include=include or (), exclude=exclude or (), cache=cache)
    with progress() as report:
        result = workflow.scan(chosen(paths), options, report)
    if format is Format.JSON:
        from migrator.reports.json import scan_json

        write(scan_json(result))
        return
    from migrator.reports.console import print_scan

    step = f"migrate compare{spelled(paths)}" if result.sites else ""
    print_scan(result, console(), next_step=step, everything=everything)
