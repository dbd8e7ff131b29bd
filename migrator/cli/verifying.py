"""`migrate verify`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrator.cli.destination import (
    JSON,
    MARKDOWN,
    TABLE,
    Destination,
    format_option,
    output_option,
)
from migrator.cli.options import provider_option, region_option
from migrator.language import _, listed

if TYPE_CHECKING:
    from migrator.verification.live import Probe


_FORMATS = (TABLE, JSON, MARKDOWN)


def verify(
    command: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="-- COMMAND",
            help=_("What to run in front of the emulator: pytest -q."),
            show_default=False,
        ),
    ] = None,
    root: Annotated[
        Path, typer.Option("--root", metavar="FOLDER", help=_("The folder that was migrated."))
    ] = Path(),
    target: Annotated[
        str, provider_option(_("The provider (default: the recorded run's, else the checklist's)."))
    ] = "",
    region: Annotated[str, region_option(_("Its region."))] = "",
    before: Annotated[
        bool,
        typer.Option("--before", help=_("Run the command as it was before, too, and compare.")),
    ] = False,
    seconds: Annotated[
        float | None,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            help=_("How long a command may run."),
            show_default=False,
            min=0,
        ),
    ] = None,
    live: Annotated[
        bool,
        typer.Option(
            "--live",
            help=_("Ask the provider itself, with your key: it costs, and is asked first."),
        ),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help=_("Agree to what --live costs."))
    ] = False,
    save: Annotated[
        bool,
        typer.Option("--save", help=_("Keep what --live found, for `migrate providers` to show.")),
    ] = False,
    format: Annotated[str, format_option(*_FORMATS)] = "",
    output: Annotated[str, output_option()] = "",
) -> None:
    """Show that the migrated program runs, rung by rung; without --live nothing is sent anywhere.

    Static: what was written compiles, and a new scan finds only what the checklist lists.
    Contract: what the code says of its requests keeps to the provider's profile. Emulated: the
    command runs in front of a strict stand-in for the provider. Before and after: test by test.
    Live: smallest requests to the provider itself. Ends with 4 where a rung failed.
    """
    from migrator import workflow
    from migrator.verification.verifying import Live, Wish

    if save and not live:
        raise typer.BadParameter(_("there is nothing to keep without --live"), param_hint="--save")
    if before and not command:
        raise typer.BadParameter(_("name what to run: -- pytest -q"), param_hint="--before")
    out = Destination.of(format, output, _FORMATS)
    told = out.format == TABLE and out.file is None
    wish = Wish(
        command or (),
        before,
        seconds,
        Live(partial(_agreed, yes), date.today().isoformat(), save) if live else None,
        None if told else sys.stderr.fileno(),
    )
    ladder = workflow.verify(root, workflow.Options(target=target, region=region), wish)
    match out.format:
        case "json":
            from migrator.reports.verification.json import ladder_json

            out.write(ladder_json(ladder))
        case "markdown":
            from migrator.reports.verification.markdown import ladder_markdown

            out.write(ladder_markdown(ladder))
        case _:
            from migrator.reports.verification.console import print_ladder

            with out.console() as console:
                print_ladder(ladder, console)
    if ladder.failed:
        raise typer.Exit(4)


def _agreed(yes: bool, asked: Sequence[Probe], price: float, unknown: Sequence[str]) -> bool:
    """Say what is asked of the provider and what it costs at most, and ask."""
    for probe in asked:
        print(f"  {probe.words}", file=sys.stderr)
    number, most = len(asked), f"{price:.4f}"
    if unknown:
        total = _(
            "{number} requests and models.list: at most ¥{most}, and {models}, whose price is not "
            "known",
            number=number,
            most=most,
            models=listed(unknown),
        )
    else:
        total = _("{number} requests and models.list: at most ¥{most}", number=number, most=most)
    print(total, file=sys.stderr)
    try:
        return yes or typer.confirm(_("Send them?"), err=True)
    except typer.Abort:
        return False
