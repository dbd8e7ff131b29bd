"""`migrate providers`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from migrator.cli.output import console


def providers(
    provider: Annotated[
        str | None,
        typer.Argument(metavar="PROVIDER", help="Show one provider's profile.", show_default=False),
    ] = None,
) -> None:
    """Show what is known of the providers, each fact with source and date."""
    from datetime import date

    from migrator import workflow
    from migrator.providers import load_provider, provider_ids
    from migrator.reports.providers import print_provider, print_providers
    from migrator.settings import load_settings

    today = date.today()
    if provider is not None:
        found = workflow.target(provider, load_settings(Path()))
        print_provider(found, console(), today=today)
        return
    every = [load_provider(one) for one in provider_ids()]
    step = f"migrate providers {every[0].id}"
    print_providers(every, console(), today=today, next_step=step)
