"""Modules that are written beside the code, for calls that go by the SDK: with its types."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migrator.planning.adapters import vectors
from migrator.planning.context import Context
from migrator.sdks import OwnSdk

_IMPORT = re.compile(r"^from openai(?P<module>[\w.]*) import (?P<names>.+)$", re.MULTILINE)


def in_its_words(context: Context, text: str, calls: Iterable[str]) -> str:
    """The text of a module, with the types of the SDK where all that calls it goes by the SDK."""
    sdk = context.sdk
    if sdk is None or not set(calls) <= context.sdk_calls:
        return text
    if not sdk.threads:
        text = text.replace(vectors.SEVERAL, vectors.ONE)
    return _IMPORT.sub(lambda found: _imported(sdk, found), text)


def _imported(sdk: OwnSdk, found: re.Match[str]) -> str:
    """The import of names of the openai package, from where the SDK has them."""
    paths = [f"openai{found['module']}.{name.strip()}" for name in found["names"].split(",")]
    there = [sdk.type(path).rpartition(".") for path in paths]
    modules = {module for module, _, _ in there}
    if len(modules) > 1 or "" in modules:
        return found[0]
    return f"from {modules.pop()} import {', '.join(name for _, _, name in there)}"
