"""The language of what people read: the English that stands in the code, or a catalogue's.

Texts are marked where they stand (`_`, `counted`, `marked`), those of `knowledge/*.yaml` are asked
for by `fact`. The catalogues are gettext's, in `migrator/locale`; `migrator.catalogues` keeps them.
Codes, ids and JSON are the same in every language.
"""

from __future__ import annotations

import os

from migrator.errors import MigrateError

TYPE_CHECKING = False  # a hook that imports `typing` starts markedly later
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from gettext import NullTranslations

ENGLISH, CHINESE = "en", "zh-CN"
LANGUAGES = (ENGLISH, CHINESE)
VARIABLE = "MIGRATE_LANG"
SETTING = "lang"  # the key of a settings file
FOLDER = os.path.join(os.path.dirname(__file__), "locale")  # noqa: PTH118, PTH120
# `messages` is also where the libraries of the command line look up their own words.
MESSAGES, KNOWLEDGE = "messages", "knowledge"
LOCALES = {CHINESE: "zh_CN"}
# As gettext reads them: the first that is set counts.
_LOCALE_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")

_current = ENGLISH
_chosen = (ENGLISH, "")
_catalogues: dict[tuple[str, str], NullTranslations] = {}


class UnknownLanguageError(MigrateError):
    """A language is asked for in which there are no texts."""

    exit_code = 2


def use(language: str) -> str:
    """Say everything in a language of LANGUAGES from here on; gives the one until now."""
    global _current
    before, _current = _current, language
    return before


def use_of_variable() -> None:
    """Say everything in the language that MIGRATE_LANG names, English where it names none.

    Pages that are kept must not come out otherwise for who has another locale.
    """
    use(wanted("", {VARIABLE: os.environ.get(VARIABLE, "")}))


def choose(asked: str, environment: Mapping[str, str], setting: str = "") -> None:
    """Use the language that is wanted, and keep why. Raises UnknownLanguageError."""
    global _chosen
    _chosen = why(asked, environment, setting)
    use(_chosen[0])


def chosen() -> tuple[str, str]:
    """The language that was wanted, whatever is used now, and by what."""
    return _chosen


def current() -> str:
    """The language of LANGUAGES that is used."""
    return _current


def wanted(asked: str, environment: Mapping[str, str], setting: str = "") -> str:
    """The language of LANGUAGES that a person asks for, or whose environment it is (see `why`)."""
    return why(asked, environment, setting)[0]


def why(asked: str, environment: Mapping[str, str], setting: str = "") -> tuple[str, str]:
    """The language of LANGUAGES that is wanted, and by what: "" where nothing says.

    In their order: the option, the variable, the project's settings, the locale. Raises
    UnknownLanguageError for one that is asked for by name and is not there; of a locale that is not
    there, English.
    """
    for named, where in ((asked, "--lang"), (environment.get(VARIABLE, ""), VARIABLE)):
        if named:
            if (found := _of(named)) is None:
                raise UnknownLanguageError(f"{where}: {named!r} is none of {', '.join(LANGUAGES)}")
            return found, where
    if found := _of(setting):
        return found, SETTING
    for variable in _LOCALE_VARIABLES:
        if value := environment.get(variable):
            return _of(value.split(":")[0]) or ENGLISH, f"{variable}={value}"
    return ENGLISH, ""


def _of(name: str) -> str | None:
    """The language of `zh`, `zh_CN.UTF-8`, `zh-Hans`, `en`, `C` …"""
    code = name.replace("-", "_").split(".")[0].split("_")[0].lower()
    return {"zh": CHINESE, "en": ENGLISH, "c": ENGLISH, "posix": ENGLISH}.get(code)


def _(text: str, /, **values: object) -> str:
    """The text in the language that is used, then with the values in the place of their names."""
    if _current != ENGLISH:
        text = _catalogue(MESSAGES).gettext(text)
    return _filled(text, values) if values else text


def counted(one: str, several: str, number: int, **values: object) -> str:
    """Whichever text the number asks for, with `number` and the values in it."""
    if _current == ENGLISH:
        text = one if number == 1 else several
    else:
        text = _catalogue(MESSAGES).ngettext(one, several, number)
    return _filled(text, {"number": number, **values})


def _filled(text: str, values: Mapping[str, object]) -> str:
    """The text with the values in it; in Chinese, spaced as what meets there asks for.

    A name may be Latin or Chinese: between the two stands a space, between two Chinese ones none.
    """
    if _current == ENGLISH:
        return text.format(**values)
    from string import Formatter

    told = ""
    for literal, name, form, conversion in Formatter().parse(text):
        told = _met(told, literal)
        if name is not None:
            shown = f"!{conversion}" if conversion else ""
            told = _met(told, f"{{{name}{shown}:{form}}}".format(**values))
    return told


def _met(before: str, after: str) -> str:
    if before[-1:] == " " and _is_chinese(before[-2:-1]) and _is_chinese(after[:1]):
        return before[:-1] + after
    if after[:1] == " " and _is_chinese(before[-1:]) and _is_chinese(after[1:2]):
        return before + after[1:]
    ends, begins = before[-1:], after[:1]
    apart = (_is_chinese(ends) and _is_latin(begins)) or (_is_latin(ends) and _is_chinese(begins))
    return f"{before} {after}" if apart else before + after


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _is_latin(character: str) -> bool:
    return character == "`" or (character.isascii() and character.isalnum())


def listed(words: Iterable[str]) -> str:
    """Words in a row: `one, two, three`."""
    return _(", ").join(words)


def in_turn(steps: Iterable[str]) -> str:
    """What happens one after the other: `this, that`."""
    first, *rest = list(steps) or [""]
    for one in rest:
        first = _("{first}, {then}", first=first, then=one)
    return first


def few(words: Sequence[str], most: int) -> str:
    """The first words in a row, and how many more there are: `one, two and 3 more`."""
    shown, more = listed(words[:most]), len(words) - most
    return _("{shown} and {more} more", shown=shown, more=more) if more > 0 else shown


def joined(words: Iterable[str]) -> str:
    """Words that hold together: `one`, `one and two`, `one, two and three`."""
    *first, last = list(words) or [""]
    return _("{first} and {last}", first=listed(first), last=last) if first else last


def either(words: Iterable[str]) -> str:
    """Words of which one holds: `one or two`."""
    return _(" or ").join(words)


def apart(sentences: Iterable[str]) -> str:
    """Sentences, or parts of some, in a row: `this; that`."""
    return _("; ").join(sentences)


def sentences(texts: Iterable[str]) -> str:
    """Sentences one after the other, without the full stop of the last: `This. That`."""
    return _(". ").join(one.rstrip(".。") for one in texts)


def marked(text: str) -> str:
    """The text as it is: a constant that is shown by `_`."""
    return text


def spelled_in(name: str, text: str) -> str:
    """The text in a language of LANGUAGES."""
    return text if name == ENGLISH else _catalogue(MESSAGES, name).gettext(text)


def spellings(text: str) -> tuple[str, ...]:
    """The text in every language: a file may have been written in any of them."""
    return tuple(dict.fromkeys(spelled_in(one, text) for one in LANGUAGES))


def fact(text: str) -> str:
    """A text of `knowledge/*.yaml` in the language that is used."""
    if _current == ENGLISH or not text:
        return text
    return _catalogue(KNOWLEDGE).gettext(text)


def _catalogue(domain: str, language: str = "") -> NullTranslations:
    language = language or _current
    found = _catalogues.get((language, domain))
    if found is None:
        from gettext import translation

        found = translation(domain, FOLDER, [LOCALES[language]], fallback=True)
        _catalogues[language, domain] = found
    return found
