"""`migrate fleet`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrator import language
from migrator.cli.options import (
    Docs,
    Embeddings,
    Exclude,
    Images,
    Include,
    KeepEnvNames,
    Legacy,
    Map,
    ModeOption,
    NoMarkers,
    Region,
    Speech,
    Transcription,
    model_map,
    provider_option,
    supplements,
)
from migrator.cli.output import console
from migrator.language import _

if TYPE_CHECKING:
    from migrator.fleet.result import Result
    from migrator.fleet.running import Progress
    from migrator.workflow import Options

_FAILED = 6  # the exit code where repositories failed


def fleet(
    repositories: Annotated[
        Path,
        typer.Argument(
            metavar="LIST",
            help=_("A file that lists repositories: a folder or an address each line."),
            show_default=False,
        ),
    ],
    target: Annotated[
        str, provider_option(_("Where to move to (default: what each repository's settings say)."))
    ] = "",
    apply: Annotated[
        bool, typer.Option("--apply", help=_("Make a branch of each, too; nothing is pushed."))
    ] = False,
    in_place: Annotated[
        bool,
        typer.Option("--in-place", help=_("Write into the folders, as `migrate apply` does.")),
    ] = False,
    compare: Annotated[
        bool, typer.Option("--compare", help=_("Plan for every provider, too."))
    ] = False,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FOLDER", help=_("The folder for the results.")),
    ] = Path("migration-fleet"),
    retry: Annotated[
        str,
        typer.Option(
            "--retry",
            metavar="[failed|all]",
            help=_("Do again what failed, or all; else only what is not done yet."),
            show_default=False,
        ),
    ] = "",
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            min=1,
            help=_("How many at once (default: as many as processors)."),
            show_default=False,
        ),
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", min=1, help=_("Seconds that one may take."))
    ] = 600,
    executor: Annotated[
        str,
        typer.Option(
            "--executor",
            metavar="EXECUTOR",
            help=_("Who carries it out: dask://HOST:PORT, or module:function for another."),
            show_default=False,
        ),
    ] = "",
    branch: Annotated[
        str,
        typer.Option(
            "--branch",
            help=_("What a branch is called (default: migrate/PROVIDER)."),
            show_default=False,
        ),
    ] = "",
    work: Annotated[
        str,
        typer.Option(
            "--work",
            metavar="FOLDER",
            help=_("Where copies stand while they are looked at (default: the system's)."),
            show_default=False,
        ),
    ] = "",
    no_pages: Annotated[
        bool, typer.Option("--no-pages", help=_("Write no HTML page of each repository."))
    ] = False,
    region: Region = "",
    embeddings: Embeddings = "",
    images: Images = "",
    speech: Speech = "",
    transcription: Transcription = "",
    map: Map = None,
    mode: ModeOption = "",
    legacy: Legacy = "",
    keep_env_names: KeepEnvNames = False,
    no_markers: NoMarkers = False,
    docs: Docs = False,
    include: Include = None,
    exclude: Exclude = None,
) -> None:
    """Plan the move of many repositories, each by itself, with one report over all.

    Writes FOLDER/index.html, fleet.csv, fleet.json, fleet.md, and for each repository a patch, the
    description of a merge request and a page. Repositories are fetched into copies, and no program
    of theirs is run; nothing of them is changed but with --in-place.

    Without a provider it is an inventory. Ended in the middle, the same command goes on; what fails
    never stops the rest.
    """
    from migrator.workflow import Options

    options = Options(
        _absolute(target),
        region,
        model_map(map),
        include or (),
        exclude or (),
        keep_env_names or None,
        False if no_markers else None,
        legacy,
        {
            name: _absolute(one)
            for name, one in supplements(
                embeddings=embeddings, images=images, speech=speech, transcription=transcription
            ).items()
        },
        mode,
        docs=docs or None,
    )
    _check(options, retry, branch, apply=apply, in_place=in_place)
    from migrator.fleet import git
    from migrator.fleet.entries import read_entries
    from migrator.fleet.executors import engine
    from migrator.fleet.running import run
    from migrator.fleet.shelf import Shelf, write_whole
    from migrator.fleet.summary import Fleet
    from migrator.fleet.wish import Job, Wish
    from migrator.reports.fleet import reports
    from migrator.reports.fleet.console import print_fleet
    from migrator.workers import processors

    wish = Wish(
        options,
        applies=apply,
        in_place=in_place,
        compares=compare,
        pages=not no_pages,
        branch=branch,
        author=git.author() if apply else "",
        seconds=timeout,
        work=str(Path(work).resolve()) if work else "",
        language=language.current(),
    )
    todo = [Job(one, wish) for one in read_entries(repositories)]
    with Shelf(output).open() as shelf:
        with engine(executor, jobs or processors()) as carrying_out, _told() as told:
            results = run(todo, shelf, carrying_out, retry, told)
        found = Fleet(tuple(results))
        for name, text in reports(found).items():
            write_whole(output / name, text)
    print_fleet(found, output, console())
    if found.failures:
        raise typer.Exit(_FAILED)


def _check(options: Options, retry: str, branch: str, *, apply: bool, in_place: bool) -> None:
    """Refuse what cannot be meant, before anything is fetched. Raises MigrateError."""
    from migrator.fleet import git
    from migrator.fleet.running import AGAIN
    from migrator.providers import load_provider
    from migrator.workflow import known_mode

    if retry and retry not in AGAIN:
        raise typer.BadParameter(_("it is failed or all"), param_hint="--retry")
    if apply and in_place:
        raise typer.BadParameter(_("it does not go with --apply"), param_hint="--in-place")
    if branch and not git.is_branch(branch):
        raise typer.BadParameter(_("no branch can be called so"), param_hint="--branch")
    if options.target:
        load_provider(options.target)
    for other in options.supplements.values():
        load_provider(other)
    known_mode(options.mode)


def _absolute(provider: str) -> str:
    """The name of a provider; that of a file as it is found from everywhere."""
    from migrator.targets import is_file

    return str(Path(provider).resolve()) if is_file(provider) else provider


@contextmanager
def _told() -> Iterator[Progress]:
    """Say on standard error what fails as it does; on a terminal, how far it is."""
    on_terminal = sys.stderr.isatty()

    def told(result: Result, done: int, total: int) -> None:
        from migrator.fleet.result import Standing
        from migrator.reports.words import visible

        start = "\r\033[K" if on_terminal else ""
        if result.standing is Standing.FAILED:
            line = _("{name}: {error}", name=result.name, error=result.error)
            print(f"{start}{visible(line)}", file=sys.stderr)
        if on_terminal:
            print(f"{start}{done:,}/{total:,} {result.name}", end="", file=sys.stderr, flush=True)

    try:
        yield told
    finally:
        if on_terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
