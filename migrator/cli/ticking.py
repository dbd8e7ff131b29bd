"""`migrate checklist`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from migrator.cli.options import (
    Choice,
    Exclude,
    Include,
    ModeOption,
    Paths,
    Towards,
    chosen,
    format_option,
)
from migrator.cli.output import console, progress, write
from migrator.language import _


class ChecklistFormat(Choice):
    """How the checklist is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    PROMPT = "prompt"


def checklist(
    paths: Paths = None,
    target: Towards = "",
    mode: ModeOption = "",
    format: Annotated[
        ChecklistFormat, format_option(_("How to print the result."))
    ] = ChecklistFormat.TEXT,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help=_("Write it to a file."), show_default=False
        ),
    ] = None,
    include: Include = None,
    exclude: Exclude = None,
) -> None:
    """Look at the code again: tick what is gone from the checklist, and add what is new.

    As text, MIGRATION_CHECKLIST.md is brought up to date: ticks and notes of yours stay. The other
    formats change nothing. `prompt` writes a brief for each open item, for a colleague or a coding
    agent. A comment takes an item off: `# migrate: ignore[CODE] reason`, or `done[CODE]`.
    """
    from migrator import workflow

    if output is not None and format is ChecklistFormat.TEXT:
        raise typer.BadParameter(_("give --format json, markdown or prompt"), param_hint="--output")
    options = workflow.Options(target, include=include or (), exclude=exclude or (), mode=mode)
    as_text = format is ChecklistFormat.TEXT
    with progress() as report:
        look, root = workflow.checklist(chosen(paths), options, report, update=as_text)
    match format:
        case ChecklistFormat.TEXT:
            from migrator.reports.living import print_checklist

            file = workflow.CHECKLIST_FILE
            print_checklist(look, console(), file=file, written=look.changed)
            return
        case ChecklistFormat.JSON:
            from migrator.reports.living import checklist_json

            text = checklist_json(look)
        case ChecklistFormat.MARKDOWN:
            text = look.text
        case ChecklistFormat.PROMPT:
            from migrator.reports.briefs import briefs

            text = briefs(look, root)
    if output is None:
        write(text)
    else:
        output.write_text(text if text.endswith("\n") else f"{text}\n", "utf-8")
