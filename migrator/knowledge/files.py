"""The YAML files of knowledge, as plain data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from migrator.knowledge.prose import WITHOUT_PROSE, each_language, said

FOLDER = Path(__file__).parent


@each_language
def knowledge(name: str) -> Mapping[str, Any]:
    """What a file of this folder holds, its sentences in the language that is used."""
    found: Mapping[str, Any] = read_yaml(FOLDER / name)
    return found if name in WITHOUT_PROSE else said(found)


def read_yaml(path: Path) -> Any:
    """What a file holds, read by libyaml where PyYAML has it.

    Raises OSError, UnicodeDecodeError, yaml.YAMLError.
    """
    from migrator.bounded import load

    return load(path.read_text(encoding="utf-8"))


def read_compiled(path: Path) -> Any:
    """What a YAML file holds, from the JSON beside it that was compiled of it (see compile.py).

    None where there is none, or the file has changed since: YAML takes ten times as long to read.
    """
    try:
        compiled = json.loads(path.with_suffix(".json").read_bytes())
    except FileNotFoundError:
        return None
    return compiled["data"] if compiled["digest"] == digest(path) else None


def digest(path: Path) -> str:
    """What tells one state of a file from another, whatever its line ends are."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def entries_with(key: str, data: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every mapping in data that has a key, with its place: `regions[north]`, `thinking.off`."""
    return ((place.removeprefix("."), entry) for place, entry in _entries(key, data, ""))


def _entries(key: str, node: Any, place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(node, dict):
        if key in node:
            yield place, node
        for name, value in node.items():
            yield from _entries(key, value, f"{place}.{name}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _entries(key, value, f"{place}[{_name(value, index)}]")


def _name(entry: Any, index: int) -> str:
    """What an entry of a list is called: by its id or name, or else by its place."""
    if not isinstance(entry, dict):
        return str(index)
    return str(entry.get("id") or entry.get("name") or index)
