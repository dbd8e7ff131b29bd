"""A project's settings: `[tool.migrator]` of pyproject.toml, or `.migrator.yaml` beside it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

from migrator.errors import MigrateError
from migrator.language import _, marked
from migrator.providers import is_file
from migrator.sdks import MODES

PYPROJECT = "pyproject.toml"
YAML_FILE = ".migrator.yaml"
_TABLE = "migrator"
# The capabilities that another provider can serve in the target's place.
SUPPLEMENTED = ("embeddings", "images", "speech", "transcription")
_TOML_LINE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")


class SettingsError(MigrateError):
    """A settings file that cannot be used. The message names the file and what is wrong in it."""

    exit_code = 2


@dataclass(frozen=True)
class Settings:
    """What a project's settings say. `file` is where they stand, None where there are none.

    `map` is OpenAI model id -> the provider's model id; `include` and `exclude` are patterns as in
    .gitignore, relative to the root that is scanned, `only` and `skip` selectors of what moves (see
    selection.py). `gateway` is the table of a provider of the
    user's own, whose keys are looked at where it is used. A target that is a file is one beside
    the settings.
    """

    target: str = ""
    mode: str = ""
    region: str = ""
    map: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    keep_env_names: bool = False
    markers: bool = True
    legacy: str = ""
    embeddings: str = ""
    images: str = ""
    speech: str = ""
    transcription: str = ""
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    docs: bool = False
    split_variables: bool = False
    gateway: Mapping[str, Any] | None = None
    file: Path | None = None

    @property
    def supplements(self) -> Mapping[str, str]:
        """The other providers, by the capability that each serves."""
        named = {name: getattr(self, name) for name in SUPPLEMENTED}
        return {name: provider for name, provider in named.items() if provider}


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a setting's value may be, and how it is kept. The phrase ends "must be …".

    `words` are the only values, where there are such.
    """

    phrase: str
    accepts: Callable[[object], bool]
    keep: Callable[[Any], object]
    words: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        return _(self.phrase, words=", ".join(self.words))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


_TEXT = _Kind(marked("a string that is not empty"), _is_text, str)
_FLAG = _Kind(marked("true or false"), lambda value: isinstance(value, bool), bool)
_PATTERNS = _Kind(
    marked("a list of patterns (strings)"),
    lambda value: isinstance(value, list) and all(map(_is_text, value)),
    tuple,
)
_SELECTORS = replace(
    _PATTERNS, phrase=marked("a list of selectors (strings), as src/api/** or app.py:12")
)
_MODELS = _Kind(
    marked("a table of model ids (strings): OpenAI's id = the provider's id"),
    lambda value: isinstance(value, dict) and all(map(_is_text, (*value, *value.values()))),
    lambda value: MappingProxyType(dict(value)),
)
_GATEWAY = _Kind(marked("a table of keys and values"), lambda value: isinstance(value, dict), dict)
_WISHES = ("auto", "upgrade", "keep")
_ONE_OF = marked("one of {words}")
_WISH = _Kind(_ONE_OF, lambda value: value in _WISHES, str, _WISHES)
_MODE = _Kind(_ONE_OF, lambda value: value in MODES, str, MODES)
_KINDS = {
    "target": _TEXT,
    "mode": _MODE,
    "region": _TEXT,
    "map": _MODELS,
    "include": _PATTERNS,
    "exclude": _PATTERNS,
    "keep_env_names": _FLAG,
    "markers": _FLAG,
    "legacy": _WISH,
    **dict.fromkeys(SUPPLEMENTED, _TEXT),
    "only": _SELECTORS,
    "skip": _SELECTORS,
    "docs": _FLAG,
    "split_variables": _FLAG,
    "gateway": _GATEWAY,
}
assert set(_KINDS) == {one.name for one in fields(Settings)} - {"file"}


def load_settings(start: Path) -> Settings:
    """The settings of the nearest folder that has any, from `start` (a folder or file) upwards.

    Raises SettingsError for a file that cannot be read or parsed, an unknown key, a value of the
    wrong type, and a folder whose pyproject.toml and .migrator.yaml both hold settings.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        found = {
            path: table
            for path, read in ((folder / PYPROJECT, _pyproject), (folder / YAML_FILE, _yaml))
            if path.is_file() and (table := read(path)) is not None
        }
        if len(found) > 1:
            raise SettingsError(
                _(
                    "{pyproject} and {file} beside it both hold settings: "
                    "keep [tool.{table}] or {file}, not both",
                    pyproject=folder / PYPROJECT,
                    file=YAML_FILE,
                    table=_TABLE,
                )
            )
        for path, table in found.items():
            return _settings(path, table)
    return Settings()


def _settings(path: Path, table: object) -> Settings:
    if not isinstance(table, dict):
        raise SettingsError(_("{path}: the settings must be a table of keys and values", path=path))
    values: dict[str, Any] = {}
    for key, value in table.items():
        kind = _KINDS.get(key)
        if kind is None:
            raise SettingsError(f"{path}: {_unknown(str(key))}")
        if not kind.accepts(value):
            raise SettingsError(
                _(
                    "{path}: {key!r} must be {what}, not {value}",
                    path=path,
                    key=key,
                    what=kind.told,
                    value=_shown(value),
                )
            )
        values[key] = kind.keep(value)
    if is_file(values.get("target", "")):
        values["target"] = str(path.parent / values["target"])
    return Settings(**values, file=path)


def _unknown(key: str) -> str:
    """What is said of a key that is no setting."""
    spelled = key.lower().replace("-", "_")
    near = get_close_matches(spelled, _KINDS, n=1)
    if near:
        return _("unknown setting {key!r}; did you mean {near!r}?", key=key, near=near[0])
    known = ", ".join(_KINDS)
    return _("unknown setting {key!r}; the settings are {known}", key=key, known=known)


def _shown(value: object) -> str:
    """A value in few words, on one line."""
    if value is None:
        return _("nothing")
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError(
            _("{path}:{line}: not UTF-8 text; save it as UTF-8", path=path, line=line)
        ) from None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(
            _("{path}: cannot be read: {reason}", path=path, reason=error.strerror)
        ) from None


def _pyproject(path: Path) -> object | None:
    """The table of a pyproject.toml, None where it has none of ours.

    One that does not name the table is not parsed: a fault elsewhere in it is no concern of ours.
    """
    if _TABLE.encode() not in _bytes(path):
        return None
    text = _text(path)
    toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        tool = toml.loads(text).get("tool")
    except toml.TOMLDecodeError as error:
        message = str(error)
        match = _TOML_LINE.search(message)
        line = (match and match[1]) or text.count("\n") + 1
        what = _TOML_LINE.sub("", message)
        raise SettingsError(
            _("{path}:{line}: not valid TOML: {what}", path=path, line=line, what=what)
        ) from None
    return tool.get(_TABLE) if isinstance(tool, dict) else None


def _yaml(path: Path) -> object:
    """What a .migrator.yaml holds; an empty one holds no settings but is there."""
    import yaml

    text = _text(path)
    try:
        loaded = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        # A character YAML forbids is told by its offset alone.
        at = mark.line if mark else text.count("\n", 0, getattr(error, "position", 0))
        what = getattr(error, "problem", None) or getattr(error, "reason", "") or "unreadable"
        raise SettingsError(
            _("{path}:{line}: not valid YAML: {what}", path=path, line=at + 1, what=what)
        ) from None
    except (ValueError, RecursionError) as error:
        raise SettingsError(_("{path}: not valid YAML: {what}", path=path, what=error)) from None
    return {} if loaded is None else loaded
