"""Keeps the catalogues of `migrator/locale`: which texts there are, and which have no translation.

`python -m migrator.catalogues` brings the .po files up to date (a text that is new gets an empty
translation, one that is gone goes) and compiles them. It ends with 1 where a translation is
missing.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from functools import partial
from io import BytesIO
from pathlib import Path

from migrator import language
from migrator.knowledge.files import FOLDER as KNOWLEDGE
from migrator.knowledge.prose import WITHOUT_PROSE, changed

# A text, or the two forms of one that depends on a number.
Text = str | tuple[str, str]

_ROOT = Path(__file__).parent.parent
_SOURCES = ("migrator", "codemods")
# The places of the texts among the arguments of a call.
_TAKING: Mapping[str, tuple[int, ...]] = {"_": (0,), "marked": (0,), "Message": (2, 3)}
_COUNTING = "counted"
# What the libraries of the command line say in help and errors.
_LIBRARIES = (
    "Usage:",
    "Options",
    "Arguments",
    "Commands",
    "default: {default}",
    "[default: {}]",
    "required",
    "Show this message and exit.",
    "(Deprecated) ",
    "Aborted!",
    "Error",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "Missing command.",
    "Missing argument",
    "Missing option",
    "Missing parameter",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "No such command {name!r}.",
    "No such option: {name}",
    "Option {name!r} requires an argument.",
    "Option {name!r} does not take a value.",
    "{name} {filename!r} does not exist.",
    "{value!r} is not a valid {number_type}.",
)
_LIBRARIES_COUNTING = (
    ("Did you mean {possibility}?", "(Possible options: {possibilities})"),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
)
# A catalogue is what is in it: no date of its own, so that the same texts give the same bytes.
_HEAD = r"""msgid ""
msgstr ""
"Language: {locale}\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""
_NO_DATE = datetime(1970, 1, 1, tzinfo=timezone.utc)


def messages() -> dict[Text, list[str]]:
    """Every text of the code, with the files that have it."""
    from migrator.cli.commands import COMMANDS, help_of

    found: dict[Text, list[str]] = {}
    for folder in _SOURCES:
        for path in sorted((_ROOT / folder).rglob("*.py")):
            for text in _texts(ast.parse(path.read_text("utf-8"))):
                files = found.setdefault(text, [])
                if (name := path.relative_to(_ROOT).as_posix()) not in files:
                    files.append(name)
    for command, _short in COMMANDS:
        found.setdefault(help_of(command), []).append(f"{command.__module__.replace('.', '/')}.py")
    for words in (*_LIBRARIES, *_LIBRARIES_COUNTING):
        found.setdefault(words, [])
    return found


def facts() -> dict[Text, list[str]]:
    """Every sentence of the knowledge, with the files that have it."""
    import yaml

    found: dict[Text, list[str]] = {}
    for path in sorted(KNOWLEDGE.rglob("*.yaml")):
        if path.name in WITHOUT_PROSE:
            continue
        name = path.relative_to(_ROOT).as_posix()
        texts: dict[str, None] = {}
        changed(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader), partial(_keep, texts))
        for text in texts:
            found.setdefault(text, []).append(name)
    return found


def _keep(texts: dict[str, None], text: str) -> str:
    texts[text] = None
    return text


def _texts(tree: ast.Module) -> Iterator[Text]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        given = [
            one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else None
            for one in node.args
        ]
        if node.func.id == _COUNTING and len(given) > 1:
            one, several = given[:2]
            if one and several:
                yield one, several
        for place in _TAKING.get(node.func.id, ()):
            if place < len(given) and (text := given[place]):
                yield text


def path_of(domain: str, name: str, ending: str) -> Path:
    """Where a catalogue is kept: of a domain, in a language of LANGUAGES."""
    return Path(language.FOLDER, language.LOCALES[name], "LC_MESSAGES", f"{domain}.{ending}")


def translations(domain: str, name: str) -> dict[Text, Text]:
    """What the .po file of a domain has for each of its texts; "" where nothing yet."""
    from babel.messages.pofile import read_po

    path = path_of(domain, name, "po")
    if not path.exists():
        return {}
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=language.LOCALES[name])
    return {_key(one.id): _key(one.string) for one in catalogue if one.id}


def _key(text: str | Iterable[str]) -> Text:
    """A text or its two forms; a translation into Chinese has one form alone."""
    if isinstance(text, str):
        return text
    forms = list(text)
    return forms[0], forms[-1]


def files_of(
    name: str, texts: Mapping[Text, list[str]], translated: Mapping[Text, Text]
) -> tuple[bytes, bytes]:
    """The .po and the .mo file of texts, in a language of LANGUAGES: same in, same bytes out."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import write_po

    catalogue = Catalog(
        locale=language.LOCALES[name],
        creation_date=_NO_DATE,
        revision_date=_NO_DATE,
        fuzzy=False,
    )
    for text, files in sorted(texts.items(), key=lambda one: (one[1][:1], str(one[0]))):
        told = translated.get(text, "")
        form = told if isinstance(told, str) else told[0]
        catalogue.add(
            text,
            (form,) if isinstance(text, tuple) else form,
            locations=[(file, 0) for file in sorted(files)],
        )
    written, compiled = BytesIO(), BytesIO()
    write_po(written, catalogue, omit_header=True, include_lineno=False, width=100)
    write_mo(compiled, catalogue)
    return _HEAD.format(
        locale=language.LOCALES[name]
    ).encode() + written.getvalue(), compiled.getvalue()


def main() -> int:
    """Bring all catalogues up to date; tells what is missing. Gives the exit code."""
    missing = 0
    for domain, texts in ((language.MESSAGES, messages()), (language.KNOWLEDGE, facts())):
        for name in language.LOCALES:
            translated = translations(domain, name)
            written, compiled = files_of(name, texts, translated)
            path_of(domain, name, "po").parent.mkdir(parents=True, exist_ok=True)
            path_of(domain, name, "po").write_bytes(written)
            path_of(domain, name, "mo").write_bytes(compiled)
            lacking = [text for text in texts if not any(translated.get(text, ""))]
            print(f"{domain} {name}: {len(texts)} texts, {len(lacking)} without a translation")
            missing += len(lacking)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
