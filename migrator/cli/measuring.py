"""`migrate status`."""

from __future__ import annotations

from typing import Annotated

from migrator.cli.destination import (
    JSON,
    MARKDOWN,
    TABLE,
    Destination,
    format_option,
    output_option,
)
from migrator.cli.options import Exclude, Include, ModeOption, Paths, Towards, chosen
from migrator.cli.output import progress

_FORMATS = (TABLE, JSON, MARKDOWN)


def status(
    paths: Paths = None,
    target: Towards = "",
    mode: ModeOption = "",
    format: Annotated[str, format_option(*_FORMATS)] = "",
    output: Annotated[str, output_option()] = "",
    include: Include = None,
    exclude: Exclude = None,
) -> None:
    """Show how far the migration has come, part by part, and what comes next. Changes nothing."""
    from migrator import workflow
    from migrator.checklist.status import status as figures

    out = Destination.of(format, output, _FORMATS)
    places = chosen(paths)
    exclude = out.outside(places, exclude or ())
    options = workflow.Options(target, include=include or (), exclude=exclude, mode=mode)
    with progress() as report:
        look, _root = workflow.checklist(places, options, report)
    told = figures(look)
    match out.format:
        case "json":
            from migrator.reports.living import status_json

            out.write(status_json(told))
        case "markdown":
            from migrator.reports.merge_request import status_markdown

            out.write(status_markdown(told))
        case _:
            from migrator.reports.living import print_status

            with out.console() as console:
                print_status(told, console)
