"""Files' bytes -> everything the analysis says of them: sites, sources, what could not be read."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from migrator.analysis.commands import lower_script, may_ask
from migrator.analysis.documents import document_format, document_sites
from migrator.analysis.documents.notebook import Cell, notebook_cells
from migrator.analysis.linking import link
from migrator.analysis.loaded import is_named, lower_document, named_files
from migrator.analysis.module import lower
from migrator.analysis.program import ModuleFacts
from migrator.analysis.sites import DocumentFacts, Site, Span, Step, Unreadable
from migrator.source import SourceText, UndecodableError

_MENTION = re.compile(rb"openai|OpenAI|OPENAI")
_NOTEBOOK = ".ipynb"
Progress = Callable[[int, int], None]


def in_order(site: Site) -> tuple[str, Span, str, str]:
    """The key that sites are sorted by."""
    return site.path, site.span, site.kind.value, site.detail


@dataclass(frozen=True)
class Analysis:
    """Every site, in order; the text of every file read; the files that could not be."""

    sites: tuple[Site, ...]
    sources: Mapping[str, SourceText]
    unreadable: tuple[Unreadable, ...]
    parsed: int


def analyse(
    candidates: Mapping[str, bytes],
    documents: Mapping[str, bytes],
    python_paths: Iterable[str],
    progress: Progress | None = None,
    *,
    settings: Iterable[str] = (),
) -> Analysis:
    """Analyse the Python files and documents of a program, by path. No file stops the run.

    `python_paths` are all Python files of the program: imports are resolved among them, and
    `settings` are those that Django's settings are in. `progress` is told how many of the Python
    files were read.
    """
    reader = _Reader()
    for path, data in documents.items():
        reader.read_document(path, data)
    for path, data in candidates.items():
        reader.read_python(path, data)
    modules: list[ModuleFacts] = []
    for count, (path, source) in enumerate(reader.texts.items(), 1):
        lowered = _lowered(path, source.text)
        if isinstance(lowered, ModuleFacts):
            modules.append(lowered)
        else:
            reader.refuse(path, candidates[path], *lowered)
        if progress is not None:
            progress(count, len(reader.texts))
    parsed = len(modules)
    modules += reader.loaded(documents)
    linked = map(reader.place, link(modules, reader.sources | reader.texts, python_paths, settings))
    sites = _each_place_once([*reader.document_sites, *linked])
    sites.sort(key=in_order)
    return Analysis(tuple(sites), reader.sources, tuple(reader.unreadable), parsed)


def _each_place_once(sites: list[Site]) -> list[Site]:
    """The sites of documents without those of what was read as a part of the program.

    Such is a command of a script with its address, and a setting that a program loads.
    """
    read: defaultdict[str, list[Span]] = defaultdict(list)
    for site in sites:
        document = document_format(site.path) not in {None, "notebook"}
        if document and not isinstance(site.facts, DocumentFacts):
            read[site.path].append(site.span)
    return [
        site
        for site in sites
        if not isinstance(site.facts, DocumentFacts)
        or not any(_meet(site.span, span) for span in read.get(site.path, ()))
    ]


def _meet(one: Span, other: Span) -> bool:
    """Whether two spans have something in common."""
    first, second = sorted([one, other])
    return (first.end_line, first.end_column) > (second.line, second.column)


def _lowered(path: str, text: str) -> ModuleFacts | tuple[int, str]:
    """A file's facts, or the line and the reason why there are none."""
    try:
        return lower_script(path, text) if document_format(path) == "shell" else lower(path, text)
    except SyntaxError as error:
        release = ".".join(map(str, sys.version_info[:2]))
        return error.lineno or 1, f"Python {release} cannot read it: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return 1, f"it cannot be parsed: {error}"


class _Reader:
    """Decodes file after file and keeps what comes of each."""

    def __init__(self) -> None:
        self.sources: dict[str, SourceText] = {}
        self.texts: dict[str, SourceText] = {}
        self.unreadable: list[Unreadable] = []
        self.document_sites: list[Site] = []
        self._notebooks: dict[str, _Notebook] = {}

    def read_python(self, path: str, data: bytes) -> None:
        try:
            self.sources[path] = self.texts[path] = SourceText.decode(data)
        except UndecodableError as error:
            self.refuse(path, data, 1, f"it is {error}")

    def read_document(self, path: str, data: bytes) -> None:
        found = document_sites(path, data)
        if isinstance(found, Unreadable):
            self.refuse(path, data, found.line, found.reason)
            return
        try:
            self.sources[path] = SourceText.decode(data, python=False)
        except UndecodableError as error:
            self.refuse(path, data, 1, f"it is {error}")
            return
        self.document_sites.extend(found)
        if path.endswith(_NOTEBOOK):
            self._read_notebook(path, data)
        elif document_format(path) == "shell" and may_ask(self.sources[path].text):
            self.texts[path] = self.sources[path]

    def _read_notebook(self, path: str, data: bytes) -> None:
        notebook = _Notebook(notebook_cells(data))
        for line in notebook.unreadable:
            reason = "a cell is not Python 3"
            self.unreadable.append(Unreadable(path, line, reason, (line,)))
        self._notebooks[path] = notebook
        self.texts[path] = SourceText(notebook.text)

    def loaded(self, documents: Iterable[str]) -> Iterator[ModuleFacts]:
        """The configuration files that the Python files speak of, as parts of the program."""
        names = named_files(source.text for source in self.texts.values())
        for path in documents if names else ():
            if path in self.sources and is_named(path, names):
                facts = lower_document(path, self.sources[path])
                if facts is not None:
                    yield facts

    def refuse(self, path: str, data: bytes, line: int, reason: str) -> None:
        """Note a file that cannot be analysed, if it mentions OpenAI."""
        self.sources.pop(path, None)
        mentions = tuple(
            number for number, text in enumerate(data.splitlines(), 1) if _MENTION.search(text)
        )
        if mentions:
            self.unreadable.append(Unreadable(path, line, reason, mentions))

    def place(self, site: Site) -> Site:
        """A site where it stands in its file."""
        notebook = self._notebooks.get(site.path)
        return notebook.place(site) if notebook is not None else site


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


class _Notebook:
    """The cells of a notebook as one program, and the way back to the lines of the file."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        parts: list[str] = []
        self._lines: list[tuple[int, int]] = []
        self.unreadable: list[int] = []
        for cell in cells:
            lines = cell.python.split("\n")
            if not any(line.strip() for line in lines):
                continue
            if not _parses(cell.python):
                if _MENTION.search(cell.source.encode("utf-8", "replace")):
                    self.unreadable.append(cell.lines[0] if cell.lines else 1)
                continue
            for number, line in enumerate(lines):
                parts.append(line)
                at = cell.lines[min(number, len(cell.lines) - 1)] if cell.lines else 1
                self._lines.append((at, cell.index))
        self.text = "\n".join(parts) + "\n"

    def file_line(self, line: int) -> int:
        """The line of the file that a line of the program stands in."""
        return self._lines[min(line, len(self._lines)) - 1][0] if self._lines else 1

    def place(self, site: Site) -> Site:
        """A site of the program where it stands in the file."""
        span, path = site.span, site.path
        moved = Span(
            self.file_line(span.line),
            span.column,
            self.file_line(span.end_line),
            span.end_column,
        )
        steps = tuple(
            Step(step.path, self.file_line(step.line), step.what) if step.path == path else step
            for step in site.provenance
        )
        cell = self._lines[min(span.line, len(self._lines)) - 1][1]
        return replace(site, span=moved, provenance=steps, cell=cell)
