"""The YAML files of knowledge, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def knowledge(name: str) -> Mapping[str, Any]:
    """What a file of this folder holds."""
    found: Mapping[str, Any] = read_yaml(FOLDER / name)
    return found


def read_yaml(path: Path) -> Any:
    """What a file holds, read by libyaml where PyYAML has it.

    Raises OSError, UnicodeDecodeError, yaml.YAMLError.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
