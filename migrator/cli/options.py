"""What several commands are given."""

from __future__ import annotations

import shlex
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from migrator import language
from migrator.cli.choice import Choice
from migrator.cli.completing import complete_provider
from migrator.language import _

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="PATH",
        help=_("Files and folders (default: the current folder)."),
        show_default=False,
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        "--include",
        metavar="PATTERN",
        help=_("Only files that match (as in .gitignore; repeatable)."),
        show_default=False,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="PATTERN",
        help=_("No files that match (repeatable)."),
        show_default=False,
    ),
]


class Format(Choice):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


def provider_option(means: str) -> typer.models.OptionInfo:
    """The option that names a provider, with what it means to a command."""
    option: typer.models.OptionInfo = typer.Option(
        "--target",
        "-t",
        metavar="PROVIDER",
        help=means,
        show_default=False,
        autocompletion=complete_provider,
    )
    return option


def region_option(means: str) -> typer.models.OptionInfo:
    """The option that names a region of the provider's."""
    option: typer.models.OptionInfo = typer.Option(
        "--region", metavar="REGION", help=means, show_default=False
    )
    return option


def format_option(means: str) -> typer.models.OptionInfo:
    """The option that says how a result is printed; JSON is the same in every language."""
    option: typer.models.OptionInfo = typer.Option("--format", help=means, callback=_neutral)
    return option


def _neutral(chosen: Enum) -> Enum:
    if chosen.value == Format.JSON.value:
        language.use(language.ENGLISH)
    return chosen


# Where a repository that is on its way moves to.
Towards = Annotated[
    str,
    provider_option(
        _("Where it moves to (default: the settings', else what the checklist names).")
    ),
]
FormatOption = Annotated[Format, format_option(_("How to print the result."))]
ModeOption = Annotated[
    str,
    typer.Option(
        "--mode",
        metavar="[compatible|sdk]",
        help=_(
            "The openai SDK on the compatible endpoint (default), or what is the provider's own: "
            "its SDK, a framework's class for it."
        ),
        show_default=False,
    ),
]


def chosen(paths: list[Path] | None) -> list[Path]:
    """The files and folders that are meant."""
    return paths or [Path()]


def spelled(paths: list[Path] | None) -> str:
    """Paths as they are given to another command, each after a blank."""
    return "".join(f" {shlex.quote(str(path))}" for path in paths or ())
