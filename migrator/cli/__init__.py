"""The command line: options in, one function of the workflow called, its result to a report."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from migrator import __version__
from migrator.cli.applying import apply
from migrator.cli.comparing import compare
from migrator.cli.emulating import emulate
from migrator.cli.explaining import explain
from migrator.cli.measuring import status
from migrator.cli.profiles import providers
from migrator.cli.scanning import scan
from migrator.cli.serving import mcp
from migrator.cli.ticking import checklist
from migrator.cli.undoing import undo
from migrator.cli.verifying import verify
from migrator.errors import MigrateError

_EXIT_CODES = """
Exit codes: 0 done · 1 a fault of this program · 2 wrong use (an option, a path, a settings file, a
profile, a part of a group) · 3 the working tree or the machine forbids it (uncommitted changes, a
file changed meanwhile, an interrupted run, a port that is taken) · 4 a rung of `migrate verify`
failed · 130 interrupted.
"""

app = typer.Typer(
    name="migrate",
    help="Move a Python codebase off the OpenAI API and onto a domestic model provider.\n\n"
    "Nothing is sent anywhere, and the code under migration is never run.",
    epilog=_EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"migrate {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


app.command()(scan)
app.command(short_help="Rewrite what can be proven, and list the rest.")(apply)
app.command()(undo)
app.command(short_help="Show that the migrated program runs.")(verify)
app.command(short_help="Show what each provider would make of the code.")(compare)
app.command(short_help="Show what is known of the providers.")(providers)
app.command(short_help="Say what stands at a place, or what becomes of a name.")(explain)
app.command(short_help="Tick what is settled on the checklist, add what is new.")(checklist)
app.command(short_help="Show how far the migration has come, and what comes next.")(status)
app.command(short_help="Play a provider on this machine.")(emulate)
app.command(short_help="Serve all of this to coding agents (MCP).")(mcp)


def main() -> None:
    """The `migrate` command: every error is one line, with a documented exit code."""
    try:
        app(prog_name="migrate")
    except MigrateError as error:
        print(f"migrate: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        print("migrate: interrupted", file=sys.stderr)
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except OSError as error:
        print(f"migrate: {error.filename or 'error'}: {error.strerror or error}", file=sys.stderr)
        raise SystemExit(3) from None
    except Exception as error:
        print(f"migrate: internal error: {type(error).__name__}: {error}", file=sys.stderr)
        raise SystemExit(1) from None
