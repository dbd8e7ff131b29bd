"""The language that a project's settings name, found before anything heavy is imported.

The settings are read whole, and looked at, once a command needs them (see `settings`).
"""

from __future__ import annotations

import os

from migrator.regular import content

_TABLE = b"[tool.migrator"
_YAML = r"(?m)^lang[ \t]*:[ \t]*[\"']?([\w-]+)"
_TOML = (
    r"(?ms)^[ \t]*\[tool\.migrator\][ \t]*(?:#[^\n]*)?$"
    r"(?:(?!^[ \t]*\[).)*?"
    r"^[ \t]*lang[ \t]*=[ \t]*[\"']([\w-]+)"
)


def preferred_language() -> str:
    """What the settings nearest to the current folder say of the language, "" for nothing."""
    try:
        folder = os.getcwd()  # noqa: PTH109
    except OSError:  # it is gone
        return ""
    while True:
        for name, pattern in ((".migrator.yaml", _YAML), ("pyproject.toml", _TOML)):
            data = _read(f"{folder}/{name}")
            if data is not None and (pattern is _YAML or _TABLE in data):
                return _found(pattern, data)
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder:
            return ""
        folder = above


def _read(path: str) -> bytes | None:
    try:
        return content(path)
    except OSError:
        return None


def _found(pattern: str, data: bytes) -> str:
    if b"lang" not in data:
        return ""
    import re

    match = re.search(pattern, data.decode("utf-8-sig", "replace").replace("\r\n", "\n"))
    return match[1] if match else ""
