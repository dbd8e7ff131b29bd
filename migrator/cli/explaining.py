"""`migrate explain`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrator.cli.completing import complete_code
from migrator.cli.options import Format, FormatOption, ModeOption, provider_option
from migrator.cli.output import console, progress, write
from migrator.language import _

if TYPE_CHECKING:
    from migrator.explaining.places import Place

_DEFAULT = "bailian"


def explain(
    subject: Annotated[
        str | None,
        typer.Argument(
            metavar="PLACE|CODE",
            help=_("app.py:12, app.py:12:8, a site's id, or a code of the checklist."),
            show_default=False,
            autocompletion=complete_code,
        ),
    ] = None,
    api: Annotated[
        str,
        typer.Option(
            "--api",
            metavar="NAME",
            help=_("A method, URL path, call of 0.x, exception, type, setting or class."),
            show_default=False,
        ),
    ] = "",
    model: Annotated[
        str, typer.Option("--model", metavar="MODEL", help=_("A model."), show_default=False)
    ] = "",
    parameter: Annotated[
        str,
        typer.Option(
            "--parameter",
            metavar="NAME",
            help=_("A parameter (with --api: of that method)."),
            show_default=False,
        ),
    ] = "",
    target: Annotated[
        str,
        provider_option(
            _("Where to move to (default: what settings or checklist name, else bailian).")
        ),
    ] = "",
    mode: ModeOption = "",
    format: FormatOption = Format.TEXT,
) -> None:
    """Say what stands at a place, how that is known, what becomes of it and why.

    Or what becomes of a name of OpenAI's API, with reason, source and date; or what a code of the
    checklist means. For a place the whole repository is analysed; nothing is changed. What is not
    known ends with exit code 2 and what is near.
    """
    from migrator import workflow
    from migrator.explaining.places import place
    from migrator.explaining.questions import about
    from migrator.reports.explain import explain_json, print_explanations
    from migrator.settings import load_settings

    asked = {"PLACE|CODE": subject, "--model": model, "--parameter": parameter}
    given = [name for name, value in asked.items() if value]
    if len(given) > 1 or (api and given not in ([], ["--parameter"])) or not (api or given):
        raise typer.BadParameter(
            _("ask for one thing: a place, a code, --api, --model or --parameter")
        )
    where = place(subject) if subject else None
    if where is not None:
        _explain_place(where, target, mode, format)
        return
    settings = load_settings(Path())
    provider = workflow.target(target or settings.target or _DEFAULT, settings)
    found = about(
        provider,
        code=subject or "",
        model=model,
        parameter=parameter,
        api=api,
        mode=workflow.known_mode(mode),
    )
    if format is Format.JSON:
        write(explain_json(found, provider))
    else:
        print_explanations(found, provider, console())


def _explain_place(where: Place, target: str, mode: str, format: Format) -> None:
    from migrator import workflow
    from migrator.reports.places import explained_json, print_explained
    from migrator.settings import load_settings

    settings = load_settings(where.path.absolute().parent)
    known = workflow.moved_to(workflow.repository(where.path))
    named = target or settings.target or known or _DEFAULT
    with progress() as report:
        told, provider = workflow.explain(where, workflow.Options(named, mode=mode), report)
    if format is Format.JSON:
        write(explained_json(told, provider))
    else:
        print_explained(told, provider, console())
