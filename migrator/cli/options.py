"""What several commands are given."""

from __future__ import annotations

import shlex
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="PATH", help="Files and folders (default: the current folder).", show_default=False
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        "--include",
        metavar="PATTERN",
        help="Only files that match (as in .gitignore; repeatable).",
        show_default=False,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude", metavar="PATTERN", help="No files that match (repeatable).", show_default=False
    ),
]


class Format(str, Enum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print the result.")]
ModeOption = Annotated[
    str,
    typer.Option(
        "--mode",
        metavar="[compatible|sdk]",
        help="The openai SDK on the compatible endpoint (default), or what is the provider's own: "
        "its SDK, a framework's class for it.",
        show_default=False,
    ),
]


def chosen(paths: list[Path] | None) -> list[Path]:
    """The files and folders that are meant."""
    return paths or [Path()]


def spelled(paths: list[Path] | None) -> str:
    """Paths as they are given to another command, each after a blank."""
    return "".join(f" {shlex.quote(str(path))}" for path in paths or ())
