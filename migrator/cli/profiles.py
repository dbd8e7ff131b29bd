"""`migrate providers`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from migrator.cli.completing import complete_provider
from migrator.cli.output import console
from migrator.language import _


def providers(
    provider: Annotated[
        str | None,
        typer.Argument(
            metavar="PROVIDER",
            help=_("Show one provider's profile."),
            show_default=False,
            autocompletion=complete_provider,
        ),
    ] = None,
) -> None:
    """Show what is known of the providers, each fact with source and date."""
    from datetime import date

    from migrator import workflow
    from migrator.providers import known_ids, load_provider
    from migrator.reports.providers import print_provider, print_providers
    from migrator.settings import load_settings
    from migrator.verification.records import newest

    today = date.today()
    if provider is not None:
        found = workflow.target(provider, load_settings(Path()))
        record = newest(Path(), found.id)
        print_provider(found, console(), today=today, record=record)
        return
    every = [load_provider(one) for one in known_ids()]
    step = f"migrate providers {every[0].id}"
    print_providers(every, console(), today=today, next_step=step)
