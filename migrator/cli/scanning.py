"""`migrate scan`."""

from __future__ import annotations

from typing import Annotated

import typer

from migrator.cli.destination import (
    HTML,
    JSON,
    MARKDOWN,
    SARIF,
    TABLE,
    Destination,
    format_option,
    output_option,
)
from migrator.cli.options import Exclude, Include, Paths, chosen, spelled
from migrator.cli.output import progress
from migrator.language import _

_FORMATS = (TABLE, JSON, MARKDOWN, SARIF, HTML)


def scan(
    paths: Paths = None,
    format: Annotated[str, format_option(*_FORMATS)] = "",
    output: Annotated[str, output_option()] = "",
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

    out = Destination.of(format, output, _FORMATS)
    places = chosen(paths)
    options = workflow.Options(
        include=include or (), exclude=out.outside(places, exclude or ()), cache=cache
    )
    with progress() as report:
        result = workflow.scan(places, options, report)
    step = f"migrate compare{spelled(paths)}" if result.sites else ""
    match out.format:
        case "json":
            from migrator.reports.json import scan_json

            out.write(scan_json(result))
        case "sarif":
            from migrator.reports.sarif import scan_sarif

            out.write(scan_sarif(result, workflow.root_of(places)))
        case "markdown":
            from migrator.reports.merge_request import scan_markdown

            out.write(scan_markdown(result, next_step=step))
        case "html":
            from migrator.reports.html import scan_html

            out.write(scan_html(result, repository=workflow.root_of(places).name))
        case _:
            from migrator.reports.console import print_scan

            with out.console() as console:
                print_scan(result, console, next_step=step, everything=everything)
