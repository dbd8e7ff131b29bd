"""`migrate status`."""

from __future__ import annotations

from migrator.cli.options import (
    Exclude,
    Format,
    FormatOption,
    Include,
    ModeOption,
    Paths,
    Towards,
    chosen,
)
from migrator.cli.output import console, progress, write


def status(
    paths: Paths = None,
    target: Towards = "",
    mode: ModeOption = "",
    format: FormatOption = Format.TEXT,
    include: Include = None,
    exclude: Exclude = None,
) -> None:
    """Show how far the migration has come, part by part, and what comes next. Changes nothing."""
    from migrator import workflow
    from migrator.checklist.status import status as figures
    from migrator.reports.living import print_status, status_json

    options = workflow.Options(target, include=include or (), exclude=exclude or (), mode=mode)
    with progress() as report:
        look, _root = workflow.checklist(chosen(paths), options, report)
    told = figures(look)
    if format is Format.JSON:
        write(status_json(told))
    else:
        print_status(told, console())
