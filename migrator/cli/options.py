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


def supplement_option(what: str, means: str) -> typer.models.OptionInfo:
    """The option that names who serves a capability in the target's place."""
    option: typer.models.OptionInfo = typer.Option(
        f"--{what}",
        metavar="PROVIDER",
        help=means,
        show_default=False,
        autocompletion=complete_provider,
    )
    return option


def supplements(**named: str) -> dict[str, str]:
    """The providers that are named, by the capability that each serves."""
    return {capability: provider for capability, provider in named.items() if provider}


def model_map(pairs: list[str] | None) -> dict[str, str]:
    """What `--map` says: OpenAI's model -> the provider's."""
    found = {}
    for pair in pairs or ():
        old, equals, new = pair.partition("=")
        if not (old and equals and new):
            raise typer.BadParameter(
                _("{pair!r} must be MODEL=MODEL, as gpt-4o=qwen3.8-max", pair=pair),
                param_hint="--map",
            )
        found[old.strip()] = new.strip()
    return found


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
Region = Annotated[str, region_option(_("The provider's region (see `migrate providers ID`)."))]
Embeddings = Annotated[
    str, supplement_option("embeddings", _("Who serves embeddings, if not the target."))
]
Images = Annotated[str, supplement_option("images", _("Who serves images, if not the target."))]
Speech = Annotated[str, supplement_option("speech", _("Who serves speech, if not the target."))]
Transcription = Annotated[
    str, supplement_option("transcription", _("Who serves transcriptions, if not the target."))
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="MODEL=MODEL",
        help=_("Choose a model: gpt-4o=qwen3.8-max (repeatable)."),
        show_default=False,
    ),
]
KeepEnvNames = Annotated[
    bool, typer.Option("--keep-env-names", help=_("Leave the names of environment variables."))
]
NoMarkers = Annotated[
    bool, typer.Option("--no-markers", help=_("Write no `# MIGRATE[code]` comments."))
]
Legacy = Annotated[
    str,
    typer.Option(
        "--legacy",
        metavar="[auto|upgrade|keep]",
        help=_("openai before 1.0: upgrade the calls, or keep the release. auto: by the pins."),
        show_default=False,
    ),
]
Docs = Annotated[
    bool,
    typer.Option(
        "--docs", help=_("Rewrite README, docs and comments too, where they name what moves.")
    ),
]


def chosen(paths: list[Path] | None) -> list[Path]:
    """The files and folders that are meant."""
    return paths or [Path()]


def spelled(paths: list[Path] | None) -> str:
    """Paths as they are given to another command, each after a blank."""
    return "".join(f" {shlex.quote(str(path))}" for path in paths or ())
