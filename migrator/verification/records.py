"""Records of what a provider answered on a day: a wrong fact is found by who meets it first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migrator.changes.journal import FOLDER
from migrator.language import _, listed, marked
from migrator.links import require_inside
from migrator.providers import Provider

_SCHEMA = 1
_PLACE = "live"


@dataclass(frozen=True, slots=True)
class Record:
    """What a provider answered on a day to smallest requests, one row for each."""

    provider: str
    base_url: str
    day: str
    rows: tuple[Mapping[str, Any], ...]


def words_of(family: str, model: str, parameters: Sequence[str]) -> str:
    """`chat of qwen-plus with temperature`: a kind of request."""
    told = (
        marked("{family} of {model} with {parameters}")
        if parameters
        else marked("{family} of {model}")
    )
    return _(told, family=family, model=model, parameters=listed(parameters))


def save(root: Path, record: Record) -> Path:
    """Put a record beside the runs of a tree, in the place of one of the same day.

    Raises LinkError, OSError.
    """
    folder = root / FOLDER / _PLACE
    for part in (folder.parent, folder):
        require_inside(str(part))
        part.mkdir(exist_ok=True)
    file = folder / f"{record.provider}-{record.day}.json"
    require_inside(str(file))
    content = {
        "schema": _SCHEMA,
        "provider": record.provider,
        "base_url": record.base_url,
        "day": record.day,
        "rows": list(record.rows),
    }
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return file


def newest(root: Path, provider: str) -> Record | None:
    """The newest readable record of a provider under a root."""
    files = sorted((root / FOLDER / _PLACE).glob(f"{provider}-*.json"), reverse=True)
    return next((found for one in files if (found := _read(one)) is not None), None)


def _read(file: Path) -> Record | None:
    try:
        told = json.loads(file.read_bytes())
        if told["schema"] != _SCHEMA:
            return None
        return Record(told["provider"], told["base_url"], told["day"], tuple(told["rows"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def against(record: Record, provider: Provider) -> Iterator[str]:
    """Where a record says something else than the profile, in words."""
    for row in record.rows:
        known = provider.model(str(row["model"]))
        words = words_of(row["endpoint"], row["model"], row["parameters"])
        if known is not None and not 200 <= row["status"] < 300:
            told = row["error"] or _("no reason was given")
            yield _(
                "{words}: the profile takes it, the provider answered {status}: {told}",
                words=words,
                status=row["status"],
                told=told,
            )
        if known is None and 200 <= row["status"] < 300:
            yield _("{words}: answered, and the profile does not know the model", words=words)
