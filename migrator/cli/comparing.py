"""`migrate compare`."""

from __future__ import annotations

from typing import Annotated

import typer

from migrator.cli.completing import complete_provider
from migrator.cli.destination import (
    HTML,
    JSON,
    MARKDOWN,
    TABLE,
    Destination,
    format_option,
    output_option,
)
from migrator.cli.options import Exclude, Include, Paths, chosen, spelled
from migrator.cli.output import progress
from migrator.language import _

_FORMATS = (TABLE, JSON, MARKDOWN, HTML)


def compare(
    paths: Paths = None,
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            "-t",
            metavar="PROVIDER",
            help=_("Compare these alone (repeatable; default: all)."),
            show_default=False,
            autocompletion=complete_provider,
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=_("Say as much of each as of the best three."))
    ] = False,
    format: Annotated[str, format_option(*_FORMATS)] = "",
    output: Annotated[str, output_option()] = "",
    include: Include = None,
    exclude: Exclude = None,
) -> None:
    """Show what each provider would make of the code, and which costs it least.

    The code is analysed once. Changes nothing.
    """
    from migrator import workflow

    out = Destination.of(format, output, _FORMATS)
    places = chosen(paths)
    options = workflow.Options(include=include or (), exclude=out.outside(places, exclude or ()))
    with progress() as report:
        result = workflow.compare(places, target or (), options, report)
    named = spelled(paths)
    match out.format:
        case "json":
            from migrator.reports.comparisons.json import comparison_json

            out.write(comparison_json(result, paths=named))
        case "markdown":
            from migrator.reports.comparisons.markdown import comparison_markdown

            out.write(comparison_markdown(result, paths=named))
        case "html":
            from migrator.reports.comparisons.html import comparison_html

            out.write(comparison_html(result, paths=named))
        case _:
            from migrator.reports.comparisons.console import print_comparison

            with out.console() as console:
                print_comparison(result, console, paths=named, everything=everything)
