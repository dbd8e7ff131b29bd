"""Files of records, as results, caches and recorded answers are: no program is set up by them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

# A file of one of these formats that is longer is data, whatever its shape.
_FORMATS = frozenset({"json", "yaml", "toml", "ini"})
_LARGEST = 1_000_000
# A list that is longer is one of records.
_LARGE_LIST = 200_000
# So many values of one shape are records; fewer where they hold what something put out, and fewer
# still where that is prose, or where the folder is one of results.
_MANY, _SEVERAL, _SOME = 100, 20, 5
_OUTPUTS = frozenset(
    {
        "answer",
        "answers",
        "choices",
        "completion",
        "completions",
        "generated",
        "generation",
        "output",
        "outputs",
        "prediction",
        "predictions",
        "response",
        "responses",
        "return",
    }
)
_FOLDERS = frozenset(
    {
        "__snapshots__",
        "dataset",
        "datasets",
        "fixtures",
        "generations",
        "logs",
        "outputs",
        "predictions",
        "results",
        "runs",
        "snapshots",
        "testdata",
    }
)
_PROSE = 200
_HASH = re.compile(r"[0-9a-f]{16,}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_ANSWERS = ("chat.completion", "text_completion", "response", "embedding", "list")
_MOSTLY = 0.8


def is_data(path: str, form: str, content: bytes) -> bool:
    """Whether a document holds records, by its size and shape."""
    if form not in _FORMATS:
        return False
    if len(content) > _LARGEST:
        return True
    if form != "json":
        return False
    if len(content) > _LARGE_LIST and content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"[":
        return True
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return False
    in_results = not _FOLDERS.isdisjoint(path.lower().split("/")[:-1])
    return _is_records(value, _SOME if in_results else _SEVERAL)


def _is_records(value: Any, several: int) -> bool:
    """Whether a value is made of records, or of one thing that is."""
    match value:
        case list():
            return _are_records(value, several)
        case dict():
            return (
                _is_answer(value)
                or _are_hashes(value)
                or _are_records(value.values(), several)
                or any(
                    _is_records(one, several) and _weight(one) > _MOSTLY * _weight(value)
                    for one in value.values()
                )
            )
    return False


def _are_records(values: Iterable[Any], several: int) -> bool:
    records = [one for one in values if isinstance(one, dict)]
    if len(records) < _SOME:
        return False
    first = records[0].keys()
    alike = sum(one.keys() == first for one in records)
    if alike < _MOSTLY * len(records):
        return False
    if alike >= _MANY:
        return True
    put_out = first & _OUTPUTS
    told = any(_is_prose(one.get(key)) for one in records for key in put_out)
    return bool(put_out) and (alike >= several or told)


def _is_prose(value: Any) -> bool:
    return isinstance(value, str) and len(value) >= _PROSE


def _are_hashes(value: dict[str, Any]) -> bool:
    """Whether the keys of a mapping are made from what they stand for, as a cache's are."""
    hashes = sum(_HASH.fullmatch(key) is not None for key in value)
    return hashes >= _SOME and hashes >= _MOSTLY * len(value)


def _is_answer(value: dict[str, Any]) -> bool:
    """Whether a mapping is the answer to a request."""
    kind = value.get("object")
    return isinstance(kind, str) and kind.startswith(_ANSWERS) and "model" in value


def _weight(value: Any) -> int:
    """How many values something holds."""
    match value:
        case list():
            return 1 + sum(map(_weight, value))
        case dict():
            return 1 + sum(map(_weight, value.values()))
    return 1
