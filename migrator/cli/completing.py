"""`migrate completion`, and what a shell is offered for the words of a command line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from migrator.cli.choice import Choice
from migrator.errors import MigrateError
from migrator.language import _

VARIABLE = "_MIGRATE_COMPLETE"
_Offered = Iterable[tuple[str, str]]


class Shell(Choice):
    """The shells that there is a script for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


class UnknownShellError(MigrateError):
    """The shell in use is none that there is a script for."""

    exit_code = 2


def completion(
    shell: Annotated[
        Shell | None,
        typer.Argument(
            metavar="NAME",
            help=_("The shell (default: the one that the variable SHELL names)."),
            show_default=False,
        ),
    ] = None,
) -> None:
    """Print what has a shell complete commands, options, providers, codes and groups.

    bash: eval "$(migrate completion bash)" in ~/.bashrc. zsh: the same in ~/.zshrc, below compinit.
    fish: migrate completion fish > ~/.config/fish/completions/migrate.fish. PowerShell: migrate
    completion powershell >> $PROFILE.
    """
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    named = (shell or _own_shell()).value
    print(get_completion_script(prog_name="migrate", complete_var=VARIABLE, shell=named))


def _own_shell() -> Shell:
    name = os.path.basename(os.environ.get("SHELL", ""))  # noqa: PTH119
    try:
        return Shell(name)
    except ValueError:
        known = ", ".join(one.value for one in Shell)
        raise UnknownShellError(_("name the shell: {known}", known=known)) from None


def answers_shells() -> None:
    """Have typer understand what its scripts ask, where one asks."""
    if VARIABLE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]

        completion_init()


def _beginning(offered: _Offered, incomplete: str) -> Iterator[tuple[str, str]]:
    return ((one, about) for one, about in offered if one.startswith(incomplete))


def complete_provider(incomplete: str) -> list[tuple[str, str]]:
    """The ids of the providers, and their other names where no id begins so."""
    from migrator.providers import load_provider, provider_ids

    every = [load_provider(one) for one in provider_ids()]
    found = list(_beginning(((one.id, one.name) for one in every), incomplete))
    others = ((alias, one.name) for one in every for alias in one.aliases)
    return found or list(_beginning(others, incomplete))


def complete_code(incomplete: str) -> list[tuple[str, str]]:
    """The codes of the checklist."""
    from migrator.planning.messages import MESSAGES

    every = ((one.code, _(one.title)) for one in MESSAGES.values())
    return list(_beginning(every, incomplete))


def complete_selector(incomplete: str) -> list[tuple[str, str]]:
    """Kinds of sites, and the groups of a file: `src/llm.py#` asks for those.

    Of anything else the shell offers files. Groups are known by a plan, so that takes its time.
    """
    from migrator.analysis.sites import Kind

    if "#" not in incomplete:
        return list(_beginning(((f"kind:{one.value}", "") for one in Kind), incomplete or "k"))
    from migrator import workflow
    from migrator.reports.words import group_line

    try:
        found = workflow.groups()
    except MigrateError:
        return []
    return list(_beginning(((one.id, group_line(one)) for one in found), incomplete))
