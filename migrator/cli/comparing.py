"""`migrate compare`."""

from __future__ import annotations

from typing import Annotated

import typer

from migrator.cli.completing import complete_provider
from migrator.cli.options import Choice, Exclude, Include, Paths, chosen, format_option, spelled
from migrator.cli.output import console, progress, write
from migrator.language import _


class ComparisonFormat(Choice):
    """How a comparison is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


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
    format: Annotated[
        ComparisonFormat, format_option(_("How to print the result."))
    ] = ComparisonFormat.TEXT,
    include: Include = None,
    exclude: Exclude = None,
) -> None:
    """Show what each provider would make of the code, and which costs it least.

    The code is analysed once. Changes nothing.
    """
    from migrator import workflow

    options = workflow.Options(include=include or (), exclude=exclude or ())
    with progress() as report:
        result = workflow.compare(chosen(paths), target or (), options, report)
    named = spelled(paths)
    match format:
        case ComparisonFormat.TEXT:
            from migrator.reports.comparisons.console import print_comparison

            print_comparison(result, console(), paths=named, everything=everything)
        case ComparisonFormat.JSON:
            from migrator.reports.comparisons.json import comparison_json

            write(comparison_json(result, paths=named))
        case ComparisonFormat.MARKDOWN:
            from migrator.reports.comparisons.markdown import comparison_markdown

            write(comparison_markdown(result, paths=named))
        case ComparisonFormat.HTML:
            from migrator.reports.comparisons.html import comparison_html

            write(comparison_html(result, paths=named))
