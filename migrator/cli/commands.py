"""All commands, each of a file of its own, with the help of `migrate` itself."""

from __future__ import annotations

import gettext
import inspect
import os
from collections.abc import Callable
from typing import Annotated

import typer

from migrator import __version__, language
from migrator.cli.applying import apply
from migrator.cli.checking import baseline, check
from migrator.cli.comparing import compare
from migrator.cli.completing import answers_shells, completion
from migrator.cli.doctoring import doctor
from migrator.cli.emulating import emulate
from migrator.cli.explaining import explain
from migrator.cli.helping import Command, Group
from migrator.cli.measuring import status
from migrator.cli.profiles import providers
from migrator.cli.scanning import scan
from migrator.cli.serving import mcp
from migrator.cli.starting import init
from migrator.cli.ticking import checklist
from migrator.cli.undoing import undo
from migrator.cli.verifying import verify
from migrator.language import _, marked

_EXIT_CODES = marked(
    """
Exit codes: 0 done · 1 a fault of this program · 2 wrong use (an option, a path, a settings file, a
profile, a part of a group) · 3 the working tree or the machine forbids it (uncommitted changes, a
file changed meanwhile, an interrupted run, a port that is taken) · 4 a rung of `migrate verify`
failed · 5 `migrate check` found new uses · 130 interrupted.
"""
)
# Each with what the list of commands says of it, None where that is how its help begins.
COMMANDS: tuple[tuple[Callable[..., None], str | None], ...] = (
    (init, marked("Look at the code, ask five questions, write the settings.")),
    (scan, None),
    (apply, marked("Rewrite what can be proven, and list the rest.")),
    (undo, None),
    (verify, marked("Show that the migrated program runs.")),
    (compare, marked("Show what each provider would make of the code.")),
    (providers, marked("Show what is known of the providers.")),
    (explain, marked("Say what stands at a place, or what becomes of a name.")),
    (checklist, marked("Tick what is settled on the checklist, add what is new.")),
    (status, marked("Show how far the migration has come, and what comes next.")),
    (check, marked("Find new uses of OpenAI: for commits and pipelines.")),
    (baseline, marked("Write down the uses that there are, for `check`.")),
    (emulate, marked("Play a provider on this machine.")),
    (mcp, marked("Serve all of this to coding agents (MCP).")),
    (doctor, marked("Look whether this machine and this folder are ready.")),
    (completion, marked("Print the script by which a shell completes this command.")),
)


def help_of(command: Callable[..., None]) -> str:
    """The help of a command, as its function has it."""
    return inspect.getdoc(command) or ""


def _libraries_in_language() -> None:
    """Have typer and click look their own words up where ours are."""
    if language.current() == language.ENGLISH:
        return
    gettext.bindtextdomain(language.MESSAGES, language.FOLDER)
    os.environ["LANGUAGE"] = language.LOCALES[language.current()]


_libraries_in_language()
answers_shells()
app = typer.Typer(
    name="migrate",
    cls=Group,
    help=_(
        "Move a Python codebase off the OpenAI API and onto a domestic model provider.\n\n"
        "Nothing is sent anywhere, and the code under migration is never run."
    ),
    epilog=_(_EXIT_CODES),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)


def _version(asked: bool) -> None:
    if asked:
        print(f"migrate {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help=_("Print the version.")),
    ] = False,
    lang: Annotated[
        str,
        typer.Option(
            "--lang",
            metavar=f"[{'|'.join(language.LANGUAGES)}]",
            help=_(
                "The language, anywhere in the command (default: MIGRATE_LANG, the settings, "
                "the locale)."
            ),
            show_default=False,
        ),
    ] = "",
    no_plugins: Annotated[
        bool,
        typer.Option(
            "--no-plugins",
            help=_("Use no plug-ins, anywhere in the command (or set MIGRATE_NO_PLUGINS)."),
        ),
    ] = False,
) -> None:
    pass


for _command, _short in COMMANDS:
    app.command(cls=Command, help=_(help_of(_command)), short_help=_short and _(_short))(_command)
