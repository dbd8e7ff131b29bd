"""Settings and a hook, written into files that people keep: what is there already stays.

Each edit is checked by reading the file again: it says what it said and what was added, or it is
not written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from migrator import __version__, toml
from migrator.bounded import load
from migrator.language import _
from migrator.settings import PYPROJECT, TABLE, YAML_FILE, SettingsError

HOOKS_FILE = ".pre-commit-config.yaml"
SCHEMA_FILE = ".migrator.schema.json"
HOOK = "no-new-openai"
_SNIPPET = f"""\
- repo: local
  hooks:
    - id: {HOOK}
      name: no new use of OpenAI
      entry: migrate check
      language: python
      additional_dependencies: ["migrate-openai=={__version__}"]
      require_serial: true
"""
_REPOS = re.compile(r"(?m)^repos:[ \t]*(#[^\n]*)?$")
_NO_REPOS = re.compile(r"(?m)^repos:[ \t]*\[[ \t]*\][ \t]*$")


@dataclass(frozen=True, slots=True)
class Written:
    """A file as it is to be; `before` is what it holds now, None where it is not there."""

    path: Path
    before: str | None
    after: str


def hooks_file(folder: Path) -> Path:
    """Where the hooks of a folder's repository stand, or are to stand."""
    from migrator.changes.dirty import repository_of

    return (repository_of(folder) or folder) / HOOKS_FILE


def has_hook(path: Path) -> bool:
    """Whether a file of pre-commit has the hook."""
    text = _text(path) or ""
    return any(hook.get("id") == HOOK for repo in _hooks(text) for hook in repo.get("hooks") or ())


def settings_file(folder: Path) -> Path:
    """Where the settings of a folder stand, or are to stand."""
    own = folder / YAML_FILE
    return own if own.is_file() or not (folder / PYPROJECT).is_file() else folder / PYPROJECT


def with_settings(path: Path, values: Mapping[str, Any], *, schema: bool = False) -> Written:
    """A settings file in which some keys have other values; the rest of it stays.

    Raises SettingsError, with what to write, where it cannot be edited safely.
    """
    before = _text(path)
    if path.name == PYPROJECT:
        return _checked(path, before, _with_table(before or "", values), _tables, values)
    return _checked(path, before, _with_keys(before or "", values, schema), _keys, values)


def with_hook(path: Path) -> Written | None:
    """The file of pre-commit with the hook; None where it has it. Raises SettingsError."""
    before = _text(path)
    held = _hooks(before or "")
    if has_hook(path):
        return None
    after = _with_repo(before or "", _SNIPPET)
    if after is None or _hooks(after) != [*held, *yaml.safe_load(_SNIPPET)]:
        raise SettingsError(
            _(
                "{path}: cannot be edited safely; add this to its repos:\n{snippet}",
                path=path,
                snippet=_SNIPPET,
            )
        )
    return Written(path, before, after)


def write(written: Written) -> None:
    """Write a file, with the line ends and the byte order mark that it has.

    Raises BusyError, JournalError, LinkError, OSError; then it is as it was.
    """
    from migrator.changes.journal import write_whole

    data = written.after.encode("utf-8")
    if written.path.is_file():
        old = written.path.read_bytes()
        if b"\r\n" in old:
            data = data.replace(b"\n", b"\r\n")
        if old.startswith(b"\xef\xbb\xbf"):
            data = b"\xef\xbb\xbf" + data
    write_whole(written.path, data)


def _text(path: Path) -> str | None:
    if not path.is_file():
        return None
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise SettingsError(_("{path}: not UTF-8 text; save it as UTF-8", path=path)) from None


def _checked(
    path: Path,
    before: str | None,
    after: str,
    read: Any,
    values: Mapping[str, Any],
) -> Written:
    rest, held = read(before or "")
    if read(after) != (rest, {**held, **values}):
        told = _with_table("", values) if path.name == PYPROJECT else _dumped(values)
        raise SettingsError(
            _(
                "{path}: cannot be edited safely; write this into it:\n{snippet}",
                path=path,
                snippet=told,
            )
        )
    return Written(path, before, after)


# -- TOML -----------------------------------------------------------------------------------------


def _with_table(text: str, values: Mapping[str, Any]) -> str:
    import tomlkit

    if f"[tool.{TABLE}" in text:
        document = tomlkit.parse(text)
        table: Any = document["tool"][TABLE]
        for key, value in values.items():
            table[key] = value
        return tomlkit.dumps(document)
    table = tomlkit.table()
    for key, value in values.items():
        table.append(key, value)
    added = tomlkit.document()
    added["tool"] = {TABLE: table}
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}{tomlkit.dumps(added)}"


def _tables(text: str) -> tuple[object, dict[str, Any]]:
    """What a pyproject.toml says beside our table, and the table."""
    try:
        document = toml.load(text)
    except toml.TomlError:
        return None, {}
    tool = dict(document.get("tool", {}))
    ours = tool.pop(TABLE, {})
    return {**document, "tool": tool}, ours


# -- YAML -----------------------------------------------------------------------------------------


def _dumped(value: object) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, default_flow_style=False)


def _with_keys(text: str, values: Mapping[str, Any], schema: bool) -> str:
    for key, value in values.items():
        told = _dumped({key: value})
        block = re.compile(
            rf"(?m)^{re.escape(key)}[ \t]*:[^\n]*\n?(?:(?:[ \t]+[^\n]*|-[^\n]*)\n?)*"
        )
        if block.search(text):
            text = block.sub(told.replace("\\", r"\\"), text, count=1)
        else:
            text = f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}{told}"
    comment = f"# yaml-language-server: $schema={SCHEMA_FILE}\n"
    return f"{comment}{text}" if schema and comment not in text else text


def _keys(text: str) -> tuple[object, dict[str, Any]]:
    try:
        loaded = load(text)
    except (yaml.YAMLError, RecursionError):
        return "", {}
    return None, dict(loaded) if isinstance(loaded, dict) else {}


def _hooks(text: str) -> list[Any]:
    try:
        loaded = load(text)
    except (yaml.YAMLError, RecursionError):
        return []
    repos = loaded.get("repos") if isinstance(loaded, dict) else None
    return list(repos) if isinstance(repos, list) else []


def _with_repo(text: str, snippet: str) -> str | None:
    """The text with an entry at the end of its repos; None where they are not found."""
    if not text.strip():
        return f"{text}repos:\n{_indented(snippet, 2)}"
    if _NO_REPOS.search(text):
        return _NO_REPOS.sub(lambda _match: f"repos:\n{_indented(snippet, 2)}".rstrip(), text)
    if (start := _REPOS.search(text)) is None:
        return None
    lines = text[start.end() :].removeprefix("\n").split("\n")
    last, width = -1, 2
    for number, line in enumerate(lines):
        if line and not line[0].isspace() and line[0] not in "-#":
            break
        if line.strip() and not line.lstrip().startswith("#"):
            if last < 0:
                width = len(line) - len(line.lstrip())
            last = number
    added = _indented(snippet, width).rstrip("\n")
    return f"{text[: start.end()]}\n" + "\n".join([*lines[: last + 1], added, *lines[last + 1 :]])


def _indented(snippet: str, width: int) -> str:
    return "".join(f"{' ' * width}{line}" for line in snippet.splitlines(keepends=True))
