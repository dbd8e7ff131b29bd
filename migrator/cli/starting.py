"""`migrate init`."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from migrator.cli.completing import complete_provider
from migrator.cli.options import provider_option, region_option
from migrator.cli.output import progress
from migrator.language import _

if TYPE_CHECKING:
    from migrator.starting.questions import Question


def init(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help=_("Whose settings (default: the current folder)."),
            exists=True,
            file_okay=False,
            show_default=False,
        ),
    ] = Path(),
    target: Annotated[
        str, provider_option(_("The answer to the first question: a provider, or a FILE.yaml."))
    ] = "",
    region: Annotated[str, region_option(_("The answer to the second: one of its regions."))] = "",
    embeddings: Annotated[
        str,
        typer.Option(
            "--embeddings",
            metavar="PROVIDER",
            help=_("The answer to the third: who serves embeddings (-: they stay on OpenAI)."),
            show_default=False,
            autocompletion=complete_provider,
        ),
    ] = "",
    map: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="MODEL=MODEL",
            help=_("The answer to the fourth: a model of your choice (repeatable)."),
            show_default=False,
        ),
    ] = None,
    hook: Annotated[
        bool | None,
        typer.Option(
            "--hook/--no-hook",
            help=_("The answer to the fifth: whether a pre-commit hook refuses new uses."),
            show_default=False,
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help=_("Ask nothing: take what is usual."))
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help=_("Change settings that are there, without asking."))
    ] = False,
    schema: Annotated[
        bool,
        typer.Option(
            "--schema",
            help=_("Write .migrator.schema.json too, by which editors complete .migrator.yaml."),
        ),
    ] = False,
) -> None:
    """Look at the code, ask five questions at most, and write the settings.

    They go into pyproject.toml ([tool.migrator]), or .migrator.yaml where there is none; comments
    and order stay. Each question shows what is usual: Enter takes it. Nothing else is changed.
    """
    from migrator import workflow
    from migrator.settings import SettingsError, settings_in
    from migrator.starting import writing
    from migrator.starting.questions import (
        AnswerError,
        Answers,
        Question,
        agreed,
        answered,
        found,
        model_map,
        usual_answers,
    )

    if not yes and not is_terminal():
        raise AnswerError(
            _("there is no terminal to ask at: give --yes, and --target for another provider")
        )
    known = settings_in(str(folder.resolve()))
    path = writing.settings_file(folder)
    if known is not None and not force:
        there = _("{path} holds settings already", path=path)
        if yes:
            raise SettingsError(_("{there}: give --force to change them", there=there))
        words = _("Change what the answers say otherwise, and keep the rest? (y/n)")
        if not _asked(Question("force", [there], words, "n", agreed)):
            return
    with progress() as report:
        comparison = workflow.compare([folder], progress=report)
    print(found(comparison))
    given = Answers(
        target,
        region or None,
        {"embeddings": embeddings} if embeddings else {},
        model_map(map) if map else None,
        hook,
    )
    told = answered(comparison, given, usual_answers if yes else _asked)
    files = [writing.with_settings(path, told.settings, schema=schema and path.suffix == ".yaml")]
    if told.hook and (more := writing.with_hook(writing.hooks_file(folder))) is not None:
        files.append(more)
    if schema:
        from migrator.settings.schema import text

        files.append(writing.Written(folder / writing.SCHEMA_FILE, None, text()))
    print()
    for file in files:
        writing.write(file)
        print(_("{path} is written.", path=file.path))
    if told.hook:
        print(_("Run `pre-commit install` once in every clone for the hook to run."))
    print()
    print(
        _("Next: {step}", step=f"migrate apply{'' if folder == Path() else f' {folder}'} --dry-run")
    )


def is_terminal() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty()


def _asked(question: Question) -> Any:
    """Ask at the terminal until there is an answer that can be used."""
    from migrator.errors import MigrateError
    from migrator.starting.questions import AnswerError

    with suppress(ImportError):
        import readline  # noqa: F401  the arrow keys work in what is typed then

    print()
    for line in question.lines:
        print(line)
    usual = f" [{question.usual}]" if question.usual else ""
    while True:
        try:
            typed = input(f"{question.words}{usual}: ").strip() or question.usual
        except EOFError:
            print()
            raise AnswerError(_("the answers ended; nothing is written")) from None
        if not typed and question.key == "target":
            continue
        try:
            return question.read(typed)
        except MigrateError as error:
            print(error)
