"""The tables of `docs/settings.md`: this module prints them when it is run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from migrator.settings.keys import KEYS, SUPPRESSION, Key


def tables() -> tuple[str, str]:
    """The table of the keys, and that of an entry of `suppressions`, in Markdown."""
    return "\n".join(_keys()), "\n".join(_table(SUPPRESSION))


def _keys() -> Iterator[str]:
    yield "| key | what it says | value | default | example | where |"
    yield "|---|---|---|---|---|---|"
    for name, key in KEYS.items():
        default = "" if key.default is None else f"`{_value(key.default)}`"
        where = "each folder" if key.local else "the run"
        kind = key.kind.phrase.replace("{words}", ", ".join(key.kind.words))
        cells = (f"`{name}`", key.says, kind, default, f"`{name} = {_value(key.example)}`", where)
        yield f"| {' | '.join(cells)} |"


def _table(keys: Mapping[str, Key]) -> Iterator[str]:
    yield "| key | what it says | example |"
    yield "|---|---|---|"
    for name, key in keys.items():
        yield f"| `{name}` | {key.says} | `{name} = {_value(key.example)}` |"


def _value(value: object) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_key(name)} = {_value(one)}' for name, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value)


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() else json.dumps(name)


if __name__ == "__main__":
    print("\n\n".join(tables()))
