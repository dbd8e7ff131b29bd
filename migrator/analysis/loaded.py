"""A configuration file -> the operations that make what a program loads from it.

Its values are literals that stand in the file, so that a name of a model that a request gets from
there is known, grouped and replaced as one that stands in the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.analysis.documents import document_format, unix
from migrator.analysis.documents.findings import Bounds
from migrator.analysis.documents.trees import FORMATS, Listed, Mapping, Scalar, Tree, tree
from migrator.analysis.program import (
    Display,
    Entry,
    LiteralRecord,
    ModuleFacts,
    Op,
    Unit,
)
from migrator.analysis.sites import UNKNOWN, Span
from migrator.source import SourceText

EXPORT = "document"
# What a value is filled with when it is loaded: `${NAME}`, `{{ name }}`, `%(name)s`.
_FILLED = re.compile(r"\$\{|\{\{|%\(|\$\(")
_TRIPLE = ('"""', "'''")
_SUFFIXES = ("yaml", "yml", "json", "toml", "ini", "cfg", "conf", "properties")
_SUFFIX = re.compile(rf"\.(?:{'|'.join(_SUFFIXES)})\b")
_STEM = re.compile(r"[\w.-]*\Z")
_LONGEST_NAME = 80
_COPY = r"example|sample|template|dist|default"
_COPIED = re.compile(rf"\.(?:{_COPY})$|[._-](?:{_COPY})(?=\.\w+$)|^(?:{_COPY})[._-]")


def names_a_file(text: str) -> bool:
    """Whether a text ends as the name of a configuration file does."""
    return text.rpartition(".")[2] in _SUFFIXES


def original(path: str) -> str:
    """The path without what says that the file is to be copied: `config.yaml.example`."""
    folder, slash, name = path.rpartition("/")
    return folder + slash + _COPIED.sub("", name)


def named_files(text: str) -> set[str]:
    """The names of configuration files that a text speaks of."""
    return {
        stem[0] + suffix[0]
        for suffix in _SUFFIX.finditer(text)
        if (stem := _STEM.search(text, max(suffix.start() - _LONGEST_NAME, 0), suffix.start()))
    }


def is_named(path: str, names: set[str]) -> bool:
    """Whether a file, or what it is a copy for, is among some names."""
    name = path.rpartition("/")[2]
    return document_format(path) in FORMATS and not {name, original(name)}.isdisjoint(names)


def lower_document(path: str, source: SourceText) -> ModuleFacts | None:
    """The facts of a configuration file; None where it holds nothing that could be read."""
    form = document_format(path)
    if form not in FORMATS:
        return None
    try:
        root = tree(form, unix(source.text))
        return _Document(path, source).run(root) if root is not None else None
    except RecursionError:
        return None


class _Document:
    """A configuration file as a unit of a program."""

    def __init__(self, path: str, source: SourceText) -> None:
        self._facts = ModuleFacts(path, [Unit("<document>", 1, None)], is_document=True)
        self._source = source
        self._nodes: dict[Tree, int] = {}

    def run(self, root: Tree) -> ModuleFacts:
        self._facts.exports[EXPORT] = self._node()
        self._emit(Op.COPY, self._written(root, ""), self._facts.exports[EXPORT])
        return self._facts

    def _node(self) -> int:
        unit = self._facts.units[0]
        unit.size += 1
        return unit.size - 1

    def _emit(self, op: Op, *operands: object) -> None:
        self._facts.units[0].operations.append((op, *operands))

    def _span(self, bounds: Bounds) -> Span:
        return self._source.span(*bounds)

    def _literal(self, value: object, bounds: Bounds, context: str) -> int:
        record = LiteralRecord(value, self._span(bounds), context)
        self._facts.literals.append(record)
        return len(self._facts.literals) - 1

    def _written(self, found: Tree, name: str) -> int:
        """The node that holds what is made of a part; one that aliases stand for is made once."""
        if found not in self._nodes:
            self._nodes[found] = node = self._node()
            self._write(found, name, node)
        return self._nodes[found]

    def _write(self, found: Tree, name: str, node: int) -> None:
        match found:
            case Mapping():
                entries = tuple(self._entries(found))
                self._facts.displays.append(Display(_around(entries), entries, False))
                self._emit(Op.DICT, node, len(self._facts.displays) - 1)
            case Listed(items=items):
                nodes = tuple(self._written(item, name) for item in items)
                self._emit(Op.SEQUENCE, node, nodes, ())
            case Scalar(value=value, bounds=bounds) if (
                value is UNKNOWN or _is_filled(value) or self._is_long(bounds)
            ):
                self._emit(Op.OPAQUE, node)
            case Scalar(value=value, bounds=bounds):
                self._emit(Op.CONSTANT, node, self._literal(value, bounds, f"entry:{name}"))

    def _is_long(self, bounds: Bounds) -> bool:
        """Whether a value is written on several lines: a text, and no name or address."""
        first, last = self._span(bounds).line, self._span(bounds).end_line
        return first != last or self._source.text[bounds[0] - 3 : bounds[0]] in _TRIPLE

    def _entries(self, mapping: Mapping) -> Iterator[Entry]:
        for key, (bounds, value) in mapping.entries.items():
            literal = self._literal(key, bounds, "key")
            place = value.bounds if isinstance(value, Scalar) else bounds
            yield Entry(key, literal, self._written(value, key), self._span(place))
        for merged in mapping.merged:
            yield from self._inherited(mapping, merged)

    def _inherited(self, mapping: Mapping, merged: Tree) -> Iterator[Entry]:
        """The entries that a mapping has by a merge key, and does not give itself."""
        if isinstance(merged, Mapping):
            for entry in self._entries(merged):
                if entry.key not in mapping.entries:
                    yield entry


def _around(entries: tuple[Entry, ...]) -> Span:
    """The stretch that some entries stand in."""
    if not entries:
        return Span(1, 0, 1, 0)
    first, last = min(one.span for one in entries), max(one.span for one in entries)
    return Span(first.line, first.column, last.end_line, last.end_column)


def _is_filled(value: object) -> bool:
    return isinstance(value, str) and _FILLED.search(value) is not None
