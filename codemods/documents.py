"""Values of configuration documents, written as their format writes them, with their own quotes."""

from __future__ import annotations

import json
from collections.abc import Iterator

from codemods.changes import Change
from codemods.outcome import CannotRewrite
from migrator.analysis.documents import document_format
from migrator.edits import Edit, ReplaceString
from migrator.language import _
from migrator.source import SourceText

_TRIPLE = ('"""', "'''")
_FORMATS = frozenset({"yaml", "toml", "pyproject", "json", "ini"})


def holds(path: str) -> bool:
    """Whether a file is a document whose values are written here."""
    return document_format(path) in _FORMATS


def changes(source: SourceText, edit: Edit) -> Iterator[Change]:
    """The change that gives a value, whose span is without its quotes, another text.

    Raises CannotRewrite for a value that is not written on one line, and for any other wish.
    """
    if not isinstance(edit.instruction, ReplaceString):
        raise CannotRewrite(_("it stands in a configuration file"))
    start, end = source.bounds(edit.span)
    before = source.text[max(start - 3, 0) : start]
    if {"\n", "\r"} & set(source.text[start:end]) or before in _TRIPLE:
        raise CannotRewrite(_("it is written on more than one line"))
    quote = before[-1:] if before[-1:] in {'"', "'"} else ""
    form = document_format(edit.path) or ""
    yield Change(start, end, written(form, edit.instruction.value, quote))


def written(form: str, value: str, quote: str) -> str:
    """A text as it is written in a format, between these quotes or without any."""
    if quote == '"' and form != "ini":
        return json.dumps(value, ensure_ascii=False)[1:-1]
    if quote == "'" and form == "yaml":
        return value.replace("'", "''")
    if quote or form == "ini":
        if quote and quote in value:
            raise CannotRewrite(_("{value} cannot stand in these quotes", value=value))
        return value
    if form == "yaml" and _is_plain(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_plain(value: str) -> bool:
    """Whether a text stands for itself in YAML without quotes, in a flow too."""
    import yaml

    try:
        return bool(yaml.safe_load(f"[{value}]") == [value]) and yaml.safe_load(value) == value
    except yaml.YAMLError:
        return False
