"""Configuration as the program that loads it sees it: mappings, lists and values, with places.

An alias of YAML is the node that it stands for, so that what is written once is known to be so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module

from migrator.analysis.documents.findings import Bounds, Entry
from migrator.analysis.sites import UNKNOWN

_NUMBER = re.compile(r"[+-]?\d+(?P<rest>\.\d*(?:[eE][+-]?\d+)?|[eE][+-]?\d+)?")
_WORDS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A value and its bounds without quotes; UNKNOWN for one that the file does not say."""

    value: object
    bounds: Bounds


@dataclass(slots=True, eq=False)
class Mapping:
    """Keys with their bounds and values; `merged` are mappings whose entries it has, too."""

    entries: dict[str, tuple[Bounds, Tree]] = field(default_factory=dict)
    merged: list[Tree] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Listed:
    """The items of a list."""

    items: list[Tree] = field(default_factory=list)


Tree = Scalar | Mapping | Listed


def tree(form: str, text: str) -> Tree | None:
    """What a document of a format holds; None where it is no single mapping or list."""
    if form == "yaml":
        from migrator.analysis.documents.yaml_ import tree as composed

        return composed(text)
    reader = import_module(f"migrator.analysis.documents.{_READERS[form]}")
    entries: Callable[[str], Iterable[Entry]] = reader.entries
    root: Mapping | Listed | None = None
    for entry in entries(text):
        if not entry.path:
            return None
        root = root if root is not None else _empty(entry.path[0])
        _put(root, text, entry, typed=form != "ini")
    return root


_READERS = {"json": "json_", "toml": "toml_", "pyproject": "toml_", "ini": "ini"}
FORMATS = frozenset({"yaml", *_READERS})


def _empty(step: str | int) -> Mapping | Listed:
    return Mapping() if isinstance(step, str) else Listed()


def _put(root: Mapping | Listed, text: str, entry: Entry, *, typed: bool) -> None:
    """Put an entry where its path leads; one that another stands in the way of is left out."""
    here: Tree = root
    for at, step in enumerate(entry.path):
        last = at == len(entry.path) - 1
        key = entry.key if last and entry.key is not None else entry.bounds
        match here, step:
            case Mapping(entries=entries), str():
                if last or step not in entries:
                    made = _scalar(text, entry, typed=typed) if last else _empty(entry.path[at + 1])
                    entries[step] = (key, made)
                here = entries[step][1]
            case Listed(items=items), int():
                if len(items) <= step:
                    made = _scalar(text, entry, typed=typed) if last else _empty(entry.path[at + 1])
                    items.append(made)
                here = items[-1]
            case _:
                return


def _scalar(text: str, entry: Entry, *, typed: bool) -> Scalar:
    start = entry.bounds[0]
    quoted = text[start - 1 : start] in {'"', "'"}
    value = entry.value if quoted or not typed else plain(entry.value)
    return Scalar(value, entry.bounds)


def plain(text: str) -> object:
    """The value of a word that stands without quotes, in JSON or TOML."""
    if text in _WORDS:
        return _WORDS[text]
    number = _NUMBER.fullmatch(text)
    if number is None:
        return UNKNOWN
    return float(text) if number["rest"] else int(text)
