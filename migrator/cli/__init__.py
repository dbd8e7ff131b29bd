"""The `migrate` command: chooses the language, then what the command line asks for.

Nothing heavy is imported before it is known which command is wanted.
"""

from __future__ import annotations

import os
import sys

from migrator import language
from migrator.errors import MigrateError
from migrator.language import _
from migrator.preference import preferred_language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_LANGUAGE_OPTION = "--lang"
_PLUGINS_OPTION = "--no-plugins"
# Commands that a hook runs: they start without typer.
_AT_ONCE = (["check"], ["baseline"])


def main() -> None:
    """Carry out the command line: every error is one line, with a documented exit code."""
    try:
        arguments = _with_plugins(_in_language(sys.argv[1:]))
        if arguments[:1] in _AT_ONCE:
            from migrator.checking.command import carried_out

            if (code := carried_out(arguments[0], arguments[1:])) is not None:
                raise SystemExit(code)
        from migrator.cli.commands import app

        app(arguments, prog_name="migrate")
    except MigrateError as error:
        print(f"migrate: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        print(_("migrate: interrupted"), file=sys.stderr)
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except OSError as error:
        what = error.strerror or error
        print(f"migrate: {error.filename or _('error')}: {what}", file=sys.stderr)
        raise SystemExit(3) from None
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        print(_("migrate: internal error: {told}", told=told), file=sys.stderr)
        raise SystemExit(1) from None


def _in_language(arguments: Sequence[str]) -> list[str]:
    """The arguments without the option that names the language, which is used from here on."""
    rest, asked = _without_option(arguments)
    language.choose(asked, os.environ, preferred_language())
    return rest


def _with_plugins(arguments: list[str]) -> list[str]:
    """The arguments without the option that switches plug-ins off, which is done where it stands.

    It may stand anywhere before `--`.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    if _PLUGINS_OPTION not in arguments[:end]:
        return arguments
    from migrator import plugins

    plugins.switch_off()
    return [*(one for one in arguments[:end] if one != _PLUGINS_OPTION), *arguments[end:]]


def _without_option(arguments: Sequence[str]) -> tuple[list[str], str]:
    """The arguments without `--lang NAME`, wherever it stands before `--`, and the name."""
    rest: list[str] = []
    asked = ""
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            return [*rest, argument, *waiting], asked
        if argument == _LANGUAGE_OPTION:
            asked = next(waiting, "")
            if not asked:
                named = ", ".join(language.LANGUAGES)
                raise language.UnknownLanguageError(f"{_LANGUAGE_OPTION}: name one of {named}")
        elif argument.startswith(f"{_LANGUAGE_OPTION}="):
            asked = argument.partition("=")[2]
        else:
            rest.append(argument)
    return rest, asked
