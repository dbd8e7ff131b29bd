"""`migrate check` and `migrate baseline`, for their help, and for command lines at fault."""

from __future__ import annotations

from typing import Annotated

import typer

from migrator.checking import command
from migrator.language import _

Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE", help=_("Files and folders."), show_default=False),
]


def check(
    files: Files = None,
    staged: Annotated[
        bool, typer.Option("--staged", help=_("Look at what is staged, not at the working tree."))
    ] = False,
    from_ref: Annotated[
        str,
        typer.Option(
            "--from-ref",
            metavar="COMMIT",
            help=_("Compare with where the branch left this commit, not with the last one."),
            show_default=False,
        ),
    ] = "",
    to_ref: Annotated[
        str,
        typer.Option(
            "--to-ref",
            metavar="COMMIT",
            help=_("Look at this commit (default with --from-ref: HEAD)."),
            show_default=False,
        ),
    ] = "",
    baseline: Annotated[
        str | None,
        typer.Option(
            "--baseline",
            metavar="FILE",
            help=_("The uses that are known (default: the nearest .migrate-baseline.json)."),
            show_default=False,
        ),
    ] = None,
    no_baseline: Annotated[
        bool, typer.Option("--no-baseline", help=_("Know no use by a baseline."))
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help=_("Tell every use, new or not."))
    ] = False,
    frameworks: Annotated[
        bool,
        typer.Option(
            "--frameworks", help=_("Count what other packages have for OpenAI alone, too.")
        ),
    ] = False,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            "--ignore",
            metavar="CODE",
            help=_("Uses that do not count (repeatable)."),
            show_default=False,
        ),
    ] = None,
    format: Annotated[
        str,
        typer.Option("--format", metavar=f"[{'|'.join(command.FORMATS)}]", help=_("How to print.")),
    ] = command.FORMATS[0],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=_("Write that format to a file, and print text."),
            show_default=False,
        ),
    ] = "",
) -> None:
    """Find new uses of OpenAI: the hook of commits, the gate of a pipeline.

    New is what neither the last commit nor a baseline has. Without FILE: what has changed since the
    last commit; with a baseline: everything. Ends with 5 where something is new.
    """
    options = command.Options()
    options.files = files or []
    options.staged = staged
    options.from_ref, options.to_ref = from_ref, to_ref
    options.baseline = "" if no_baseline else baseline
    options.all = everything
    options.frameworks = frameworks
    options.ignore = ignore or []
    if format not in command.FORMATS:
        told = _(
            "{format!r} is none of {formats}", format=format, formats=", ".join(command.FORMATS)
        )
        raise typer.BadParameter(told, param_hint="--format")
    options.format = format
    options.output = output
    raise typer.Exit(command.check(options))


def baseline(
    files: Files = None,
    file: Annotated[
        str | None,
        typer.Option(
            "--baseline",
            metavar="FILE",
            help=_("Where it stands (default: the nearest .migrate-baseline.json, else here)."),
            show_default=False,
        ),
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help=_("Only take out what is gone; add nothing."))
    ] = False,
) -> None:
    """Write down the uses of OpenAI that there are, so that `migrate check` tells only new ones.

    Commit the file. It names no line numbers, and needs no change where code moves.
    """
    options = command.Options()
    options.files = files or []
    options.baseline = file
    options.prune = prune
    raise typer.Exit(command.baseline(options))
