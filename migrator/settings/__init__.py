"""A project's settings: `[tool.migrator]` of pyproject.toml, or `.migrator.yaml` beside it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from migrator import toml
from migrator.errors import MigrateError
from migrator.language import _
from migrator.regular import content
from migrator.settings.keys import (
    KEYS,
    SUPPLEMENTED,
    InsideError,
    Suppression,
    must_be,
    unknown,
)
from migrator.targets import is_file

__all__ = [
    "PYPROJECT",
    "SUPPLEMENTED",
    "TABLE",
    "YAML_FILE",
    "Settings",
    "SettingsError",
    "load_settings",
    "settings_in",
]

PYPROJECT = "pyproject.toml"
YAML_FILE = ".migrator.yaml"
TABLE = "migrator"


class SettingsError(MigrateError):
    """A settings file that cannot be used. The message names the file and what is wrong in it."""

    exit_code = 2


@dataclass(frozen=True)
class Settings:
    """What a project's settings say. `file` is where they stand, None where there are none.

    `map` is OpenAI model id -> the provider's model id; `include` and `exclude` are patterns as in
    .gitignore, relative to the folder of the file, `only` and `skip` selectors of what moves (see
    selection.py). `severity` is code -> one of SEVERITIES. `gateway` is the table of a provider of
    the user's own, whose keys are looked at where it is used. A target that is a file is one beside
    the settings. `stated` are the keys that the file has.
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
    severity: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    suppressions: tuple[Suppression, ...] = ()
    lang: str = ""
    gateway: Mapping[str, Any] | None = None
    file: Path | None = None
    stated: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def supplements(self) -> Mapping[str, str]:
        """The other providers, by the capability that each serves."""
        named = {name: getattr(self, name) for name in SUPPLEMENTED}
        return {name: provider for name, provider in named.items() if provider}


assert set(KEYS) == {one.name for one in fields(Settings)} - {"file", "stated"}


def load_settings(start: Path) -> Settings:
    """The settings of the nearest folder that has any, from `start` (a folder or file) upwards.

    Raises SettingsError for a file that cannot be read or parsed, an unknown key, a value of the
    wrong type, and a folder whose pyproject.toml and .migrator.yaml both hold settings.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        found = settings_in(str(folder))
        if found is not None:
            return found
    return Settings()


def settings_in(folder: str) -> Settings | None:
    """The settings that stand in a folder itself, None where there are none. Raises SettingsError.

    Asked of every folder of a repository: those without such files have to cost next to nothing.
    """
    found = {}
    for name, read in ((PYPROJECT, _pyproject), (YAML_FILE, _yaml)):
        if os.path.isfile(f"{folder}/{name}"):  # noqa: PTH113
            path = Path(folder, name)
            if (table := read(path)) is not None:
                found[path] = table
    if len(found) > 1:
        raise SettingsError(
            _(
                "{pyproject} and {file} beside it both hold settings: "
                "keep [tool.{table}] or {file}, not both",
                pyproject=Path(folder, PYPROJECT),
                file=YAML_FILE,
                table=TABLE,
            )
        )
    for path, table in found.items():
        return _settings(path, table)
    return None


def _settings(path: Path, table: object) -> Settings:
    if not isinstance(table, dict):
        raise SettingsError(_("{path}: the settings must be a table of keys and values", path=path))
    values: dict[str, Any] = {}
    for key, value in table.items():
        known = KEYS.get(key)
        if known is None:
            raise SettingsError(f"{path}: {unknown(str(key), KEYS)}")
        if not known.kind.accepts(value):
            raise SettingsError(f"{path}: {must_be(key, known.kind.told, value)}")
        if known.kind.check is not None:
            try:
                known.kind.check(key, value)
            except InsideError as fault:
                raise SettingsError(f"{path}: {fault}") from None
        values[key] = known.kind.keep(value)
    if is_file(values.get("target", "")):
        values["target"] = str(path.parent / values["target"])
    if suppressions := values.get("suppressions"):
        text = _text(path)
        values["suppressions"] = tuple(replace(one, line=_line(text, one)) for one in suppressions)
    return Settings(**values, file=path, stated=frozenset(values))


def _line(text: str, one: Suppression) -> int:
    """The line with the reason of a suppression, 0 where it is not found as it is read."""
    at = text.find(one.reason)
    return text.count("\n", 0, at) + 1 if at >= 0 else 0


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
        return content(path)
    except OSError as error:
        raise SettingsError(
            _("{path}: cannot be read: {reason}", path=path, reason=error.strerror)
        ) from None


def _pyproject(path: Path) -> object | None:
    """The table of a pyproject.toml, None where it has none of ours.

    One that does not name the table is not parsed: a fault elsewhere in it is no concern of ours.
    """
    if TABLE.encode() not in _bytes(path):
        return None
    text = _text(path)
    try:
        tool = toml.load(text).get("tool")
    except toml.TomlError as error:
        told = _("{path}:{line}: not valid TOML: {what}", path=path, line=error.line, what=error)
        raise SettingsError(told) from None
    return tool.get(TABLE) if isinstance(tool, dict) else None


def _yaml(path: Path) -> object:
    """What a .migrator.yaml holds; an empty one holds no settings but is there."""
    import yaml

    from migrator.bounded import load

    text = _text(path)
    try:
        loaded = load(text)
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
