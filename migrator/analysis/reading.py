"""Files' bytes -> everything the analysis says of them: sites, sources, what could not be read."""

from __future__ import annotations

import ast
import gc
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from migrator.analysis.documents import document_sites
from migrator.analysis.documents.notebook import Cell, notebook_cells
from migrator.analysis.linking import link
from migrator.analysis.module import lower
from migrator.analysis.program import ModuleFacts
from migrator.analysis.sites import Site, Span, Step, Unreadable
from migrator.source import SourceText, UndecodableError

_MENTION = re.compile(rb"openai|OpenAI|OPENAI")
_NOTEBOOK = ".ipynb"
_LARGEST_PROGRAM = 1200
Progress = Callable[[int, int], None]


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
) -> Analysis:
    """Analyse Python files and documents, by path. No file stops the run.

    `python_paths` are all Python files of the repository: imports are resolved among them.
    """
    reader = _Reader(progress, len(candidates) + len(documents))
    with _uncollected():
        for path, data in candidates.items():
            reader.read_python(path, data)
        for path, data in documents.items():
            reader.read_document(path, data)
        sites = [
            site
            for program, paths in _programs(reader.modules, python_paths)
            for site in link(program, reader.program_texts, paths)
        ]
    notebooks = reader.notebooks
    placed = [notebooks[s.path].place(s) if s.path in notebooks else s for s in sites]
    every = sorted(
        [*placed, *reader.document_sites],
        key=lambda site: (site.path, site.span, site.kind.value, site.detail),
    )
    return Analysis(tuple(every), reader.sources, tuple(reader.unreadable), len(reader.modules))


def _programs(
    modules: list[ModuleFacts], python_paths: Iterable[str]
) -> Iterator[tuple[list[ModuleFacts], list[str]]]:
    """The files that are linked with each other.

    All of them, as a rule. A tree of so many files that reach OpenAI is no one program but a
    collection of them (installed packages, a monorepo): each of its top folders is one then.
    """
    paths = list(python_paths)
    if len(modules) <= _LARGEST_PROGRAM:
        yield modules, paths
        return
    folders: dict[str, list[ModuleFacts]] = {}
    for one in modules:
        folders.setdefault(one.path.split("/")[0], []).append(one)
    for folder, members in sorted(folders.items()):
        inside = [path for path in paths if path.split("/")[0] == folder]
        yield members, inside


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for cycles meanwhile: the facts of a program only grow, and none is garbage."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Reader:
    """Reads file after file and keeps what comes of each."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.modules: list[ModuleFacts] = []
        self.sources: dict[str, SourceText] = {}
        self.program_texts: dict[str, SourceText] = {}
        self.unreadable: list[Unreadable] = []
        self.document_sites: list[Site] = []
        self.notebooks: dict[str, _Notebook] = {}
        self._progress = progress
        self._total = total
        self._done = 0

    def _step(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)

    def read_python(self, path: str, data: bytes) -> None:
        self._step()
        try:
            source = SourceText.decode(data)
            facts = lower(path, source.text)
        except UndecodableError as error:
            self._unreadable(path, data, 1, f"it is {error}")
        except SyntaxError as error:
            self._unreadable(path, data, error.lineno or 1, f"it is not Python 3: {error.msg}")
        except (ValueError, RecursionError, MemoryError) as error:
            self._unreadable(path, data, 1, f"it cannot be parsed: {error}")
        else:
            self.modules.append(facts)
            self.sources[path] = self.program_texts[path] = source

    def read_document(self, path: str, data: bytes) -> None:
        self._step()
        found = document_sites(path, data)
        if isinstance(found, Unreadable):
            self._unreadable(path, data, found.line, found.reason)
            return
        try:
            self.sources[path] = SourceText.decode(data, python=False)
        except UndecodableError as error:
            self._unreadable(path, data, 1, f"it is {error}")
            return
        self.document_sites.extend(found)
        if path.endswith(_NOTEBOOK):
            self._read_notebook(path, data)

    def _read_notebook(self, path: str, data: bytes) -> None:
        notebook = _Notebook(notebook_cells(data))
        for line in notebook.unreadable:
            reason = "a cell is not Python 3"
            self.unreadable.append(Unreadable(path, line, reason, (line,)))
        self.modules.append(lower(path, notebook.text))
        self.notebooks[path] = notebook
        self.program_texts[path] = SourceText(notebook.text)

    def _unreadable(self, path: str, data: bytes, line: int, reason: str) -> None:
        mentions = tuple(
            number for number, text in enumerate(data.splitlines(), 1) if _MENTION.search(text)
        )
        if mentions:
            self.unreadable.append(Unreadable(path, line, reason, mentions))


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
