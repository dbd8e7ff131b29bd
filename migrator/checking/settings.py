"""The settings that a check needs, read without the rest of this program.

What is wrong in them the other commands tell: here a setting that cannot be used is none.
"""

from __future__ import annotations

import os
from functools import cached_property

from migrator.regular import content

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pathspec import GitIgnoreSpec

_PYPROJECT, _YAML = "pyproject.toml", ".migrator.yaml"
_TABLE = "migrator"


class Settings:
    """`target`, and which files are looked at: patterns relative to the folder of the settings."""

    def __init__(self, folder: str, table: Mapping[str, Any]) -> None:
        self._folder = folder or "."
        self._table = table
        target = table.get("target")
        self.target = target if isinstance(target, str) else ""

    def reads(self, path: str) -> bool:
        """Whether a file is looked at."""
        if not self._table.keys() & {"include", "exclude"}:
            return True
        relative = os.path.relpath(path, self._folder).replace(os.sep, "/")
        include, exclude = self._include, self._exclude
        return (include is None or include.match_file(relative)) and not (
            exclude is not None and exclude.match_file(relative)
        )

    @cached_property
    def _include(self) -> GitIgnoreSpec | None:
        return self._patterns("include")

    @cached_property
    def _exclude(self) -> GitIgnoreSpec | None:
        return self._patterns("exclude")

    def _patterns(self, name: str) -> GitIgnoreSpec | None:
        from pathspec import GitIgnoreSpec

        lines = self._table.get(name)
        if not isinstance(lines, list) or not lines:
            return None
        return GitIgnoreSpec.from_lines(str(line) for line in lines)


def settings() -> Settings:
    """The settings of the current folder, or of the nearest above that has any."""
    folder, ups = os.getcwd(), ""  # noqa: PTH109
    while True:
        for name, read in ((_PYPROJECT, _toml), (_YAML, _yaml)):
            table = read(f"{ups}{name}") if os.path.exists(f"{ups}{name}") else None  # noqa: PTH110
            if isinstance(table, dict):
                return Settings(ups, table)
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder:
            return Settings("", {})
        folder, ups = above, f"{ups}../"


def _toml(path: str) -> object:
    data = _content(path)
    if b"tool" not in data or _TABLE.encode() not in data:
        return None
    from migrator import toml

    try:
        tool = toml.load(data.decode("utf-8-sig")).get("tool")
    except ValueError:
        return None
    return tool.get(_TABLE) if isinstance(tool, dict) else None


def _yaml(path: str) -> object:
    import yaml

    from migrator.bounded import load

    try:
        loaded: object = load(_content(path).decode("utf-8-sig"))
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return loaded


def _content(path: str) -> bytes:
    try:
        return content(path)
    except OSError:
        return b""
