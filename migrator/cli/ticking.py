"""`migrate checklist`."""

from __future__ import annotations

from typing import Annotated

import typer

from migrator.cli.destination import (
    JSON,
    MARKDOWN,
    PROMPT,
    SARIF,
    TABLE,
    Destination,
    format_option,
    output_option,
)
from migrator.cli.options import Exclude, Include, ModeOption, Paths, Towards, chosen
from migrator.cli.output import progress
from migrator.language import _

_FORMATS = (TABLE, JSON, MARKDOWN, SARIF, PROMPT)


def checklist(
    paths: Paths = None,
    target: Towards = "",
    mode: ModeOption = "",
    format: Annotated[str, format_option(*_FORMATS)] = "",
    output: Annotated[str, output_option()] = "",
    include: Include = None,
    exclude: Exclude = None,
) -> None:
    """Look at the code again: tick what is gone from the checklist, and add what is new.

    As a table, MIGRATION_CHECKLIST.md is brought up to date: ticks and notes of yours stay. The
    other formats change nothing. `prompt` writes a brief for each open item, for a colleague or a
    coding agent. A comment takes an item off: `# migrate: ignore[CODE] reason`, or `done[CODE]`.
    """
    from migrator import workflow

    out = Destination.of(format, output, _FORMATS)
    if out.file is not None and out.format == TABLE:
        told = _("give --format json, markdown, sarif or prompt")
        raise typer.BadParameter(told, param_hint="--output")
    places = chosen(paths)
    exclude = out.outside(places, exclude or ())
    options = workflow.Options(target, include=include or (), exclude=exclude, mode=mode)
    as_table = out.format == TABLE
    with progress() as report:
        look, root = workflow.checklist(places, options, report, update=as_table)
    match out.format:
        case "json":
            from migrator.reports.living import checklist_json

            out.write(checklist_json(look))
        case "markdown":
            out.write(look.text)
        case "sarif":
            from migrator.reports.sarif import checklist_sarif

            out.write(checklist_sarif(look, root))
        case "prompt":
            from migrator.reports.briefs import briefs

            out.write(briefs(look, root))
        case _:
            from migrator.reports.living import print_checklist

            file = workflow.CHECKLIST_FILE
            with out.console() as console:
                print_checklist(look, console, file=file, written=look.changed)
