"""The oldest Python that a project says it runs on."""

from __future__ import annotations

import ast
import configparser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.version import Version

from migrator import toml
from migrator.ranges import releases
from migrator.regular import content

OLDEST = (3, 7)  # the oldest grammar that `ast` can be asked to keep to


def declared(root: Path, path: str) -> tuple[int, int] | None:
    """The oldest Python that the nearest project above a file declares; None where none does."""
    for folder in (root / path).parents:
        for specifier in _specifiers(folder):
            if (found := _lowest(specifier)) is not None:
                return found
        if folder == root:
            break
    return None


def _specifiers(folder: Path) -> Iterator[str]:
    yield from _in_pyproject(folder / "pyproject.toml")
    yield from _in_setup_cfg(folder / "setup.cfg")
    yield from _in_setup_py(folder / "setup.py")


def _in_pyproject(path: Path) -> Iterator[str]:
    try:
        data = toml.load(content(path).decode("utf-8"))
    except (OSError, ValueError):
        return
    poetry = _table(_table(data, "tool"), "poetry")
    for said in (
        _table(data, "project").get("requires-python"),
        _table(poetry, "dependencies").get("python"),
    ):
        if isinstance(said, str):
            yield said


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _in_setup_cfg(path: Path) -> Iterator[str]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(content(path).decode("utf-8"))
    except (OSError, ValueError, configparser.Error):
        return
    said = parser.get("options", "python_requires", fallback="")
    if said:
        yield said


def _in_setup_py(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(content(path))
    except (OSError, ValueError, SyntaxError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="python_requires", value=ast.Constant(value=str(said))):
                yield said


def _lowest(specifier: str) -> tuple[int, int] | None:
    allowed = releases(specifier)
    lows = [one.low for one in allowed.intervals if one.low] if allowed is not None else []
    low: Version | None = min(lows, default=None)
    if low is None or low.major < 3:
        return None
    return max((low.major, low.minor), OLDEST)
