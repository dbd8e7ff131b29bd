"""`migrate doctor`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from migrator.cli.options import Format, FormatOption
from migrator.cli.output import console, write
from migrator.language import _


def doctor(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help=_("What is to be migrated (default: the current folder)."),
            exists=True,
            file_okay=False,
            show_default=False,
        ),
    ] = Path(),
    format: FormatOption = Format.TEXT,
) -> None:
    """Look whether this machine, this folder and its settings are ready for a migration.

    Each line says ok, note or problem, with what to do. Changes nothing and sends nothing; of a key
    it tells whether it is set. Ends with 3 where something is a problem.
    """
    from datetime import date

    from migrator.doctor import Verdict, findings
    from migrator.reports.doctor import doctor_json, print_doctor

    found = list(findings(folder, date.today(), os.environ))
    if format is Format.JSON:
        write(doctor_json(found))
    else:
        print_doctor(found, console())
    if any(one.verdict is Verdict.PROBLEM for one in found):
        raise typer.Exit(3)
