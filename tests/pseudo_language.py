"""A language in which every letter of a translated text is a wide one: run as a script.

`python -m tests.pseudo_language` reads a JSON list of command lines, carries each out in the
current folder and writes a list of what they print. What is left in plain letters was not
translated, or is code.
"""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from string import Formatter, ascii_letters
from tempfile import TemporaryFile

import pytest

from migrator import language
from migrator.errors import MigrateError

NAME = "xx"
_WIDE = {ord(one): ord(one) + 0xFEE0 for one in ascii_letters}


class Catalogue:
    """Says every text in wide letters, and leaves what is filled in as it is."""

    def gettext(self, text: str) -> str:
        try:
            parts = list(Formatter().parse(text))
        except ValueError:
            return text.translate(_WIDE)
        return "".join(
            _escaped(literal.translate(_WIDE)) + _field(name, form, conversion)
            for literal, name, form, conversion in parts
        )

    def ngettext(self, one: str, several: str, number: int) -> str:
        return self.gettext(several)


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _field(name: str | None, form: str | None, conversion: str | None) -> str:
    if name is None:
        return ""
    return f"{{{name}{f'!{conversion}' if conversion else ''}{f':{form}' if form else ''}}}"


def install(patch: pytest.MonkeyPatch) -> None:
    """Have that language instead of all but English, and use it."""
    patch.setattr(language, "LANGUAGES", (language.ENGLISH, NAME))
    patch.setattr(language, "LOCALES", {NAME: NAME})
    patch.setattr(language, "_catalogue", lambda *_: Catalogue())
    patch.setattr(language, "_current", NAME)


def _printed(arguments: list[str]) -> str:
    from migrator.cli.commands import app

    with TemporaryFile("w+", encoding="utf-8") as output:
        with redirect_stdout(output), redirect_stderr(output):
            try:
                app(arguments, prog_name="migrate")
            except MigrateError as error:
                print(f"migrate: {error}")
            except SystemExit:
                pass
        output.seek(0)
        return output.read()


if __name__ == "__main__":
    install(pytest.MonkeyPatch())
    printed = [_printed(one) for one in json.load(sys.stdin)]
    json.dump(printed, sys.stdout)
