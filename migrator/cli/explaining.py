"""`migrate explain`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrator.cli.options import Format, FormatOption, ModeOption
from migrator.cli.output import console, write

if TYPE_CHECKING:
    from migrator.explaining.explanation import Explanation
    from migrator.providers import Provider


def explain(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE", help="A code of the checklist, as json-word.", show_default=False
        ),
    ] = None,
    api: Annotated[
        str,
        typer.Option(
            "--api",
            metavar="NAME",
            help="A method, URL path, call of 0.x, exception, type, setting or class.",
            show_default=False,
        ),
    ] = "",
    model: Annotated[
        str, typer.Option("--model", metavar="MODEL", help="A model.", show_default=False)
    ] = "",
    parameter: Annotated[
        str,
        typer.Option(
            "--parameter",
            metavar="NAME",
            help="A parameter (with --api: of that method).",
            show_default=False,
        ),
    ] = "",
    target: Annotated[
        str,
        typer.Option(
            "--target", "-t", metavar="PROVIDER", help="Where to move to, as bailian or FILE.yaml."
        ),
    ] = "bailian",
    mode: ModeOption = "",
    format: FormatOption = Format.TEXT,
) -> None:
    """Say what becomes of a name of OpenAI's API, with reason, source and date.

    A name that is not known ends with exit code 2 and the names that are near.
    """
    from migrator import workflow
    from migrator.reports.explain import explain_json, print_explanations
    from migrator.settings import load_settings

    asked = {"a code": code, "--model": model, "--parameter": parameter}
    given = [name for name, value in asked.items() if value]
    if len(given) > 1 or (api and given not in ([], ["--parameter"])) or not (api or given):
        raise typer.BadParameter("ask for one thing: a code, --api, --model or --parameter")
    provider = workflow.target(target, load_settings(Path()))
    found = _explanations(provider, code or "", api, model, parameter, workflow.known_mode(mode))
    if format is Format.JSON:
        write(explain_json(found, provider))
    else:
        print_explanations(found, provider, console())


def _explanations(
    provider: Provider, code: str, api: str, model: str, parameter: str, mode: str
) -> list[Explanation]:
    from migrator.explaining import questions

    if code:
        return [questions.about_code(code)]
    if model:
        return [questions.about_model(provider, model)]
    if parameter:
        return questions.about_parameter(provider, parameter, api)
    return questions.about_api(provider, api, mode)
