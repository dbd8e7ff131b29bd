"""Files' bytes -> everything the analysis says of them: sites, sources, what could not be read."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from migrator.analysis.commands import add_script, lower_script, may_ask
from migrator.analysis.documents import (
    document_format,
    document_sites,
    notebook_sites,
    read_notebook,
)
from migrator.analysis.documents.notebook import in_shell
from migrator.analysis.linking import link
from migrator.analysis.loaded import is_named, lower_document, named_files
from migrator.analysis.module import lower
from migrator.analysis.program import ModuleFacts
from migrator.analysis.result import Analysis, in_order
from migrator.analysis.sites import DocumentFacts, Site, Span, Unreadable
from migrator.analysis.suppressions import (
    of_the_checklist,
    suppressions,
    with_suppressions,
)
from migrator.analysis.texts import Texts
from migrator.language import _
from migrator.source import NOTEBOOK, SourceText, UndecodableError

_MENTION = re.compile(rb"openai|OpenAI|OPENAI")
Progress = Callable[[int, int], None]
# How a line begins that a release of Python is the first to read: PEP 654; PEP 695. What PEP 701
# allows in f-strings is seen by the message.
_SINCE = {
    (3, 11): re.compile(r"[ \t]*except[ \t]*\*"),
    (3, 12): re.compile(r"[ \t]*(?:(?:async[ \t]+)?(?:def|class)[ \t]+\w+[ \t]*\[|type[ \t]+\w+)"),
}


def analyse(
    candidates: Mapping[str, bytes],
    documents: Mapping[str, bytes],
    python_paths: Iterable[str],
    progress: Progress | None = None,
    *,
    settings: Iterable[str] = (),
    traced: bool = False,
) -> Analysis:
    """Analyse the Python files and documents of a program, by path. No file stops the run.

    `python_paths` are all Python files of the program: imports are resolved among them, and
    `settings` are those that Django's settings are in. `progress` is told how many of the Python
    files were read. `traced`: provenance tells every link.
    """
    reader = _Reader()
    for path, data in documents.items():
        reader.read_document(path, data)
    for path, data in candidates.items():
        reader.read_python(path, data)
    modules: list[ModuleFacts] = []
    for count, path in enumerate(reader.programs, 1):
        lowered = _lowered(path, reader.sources.once(path).text)
        if isinstance(lowered, ModuleFacts):
            modules.append(lowered)
        else:
            reader.refuse(path, candidates[path], *lowered)
        if progress is not None:
            progress(count, len(reader.programs))
    parsed = len(modules)
    modules += reader.loaded(documents)
    linked = link(modules, reader.sources, python_paths, settings, traced=traced)
    sites = _each_place_once([*reader.document_sites, *linked])
    sites.sort(key=in_order)
    comments = [
        comment
        for path in reader.sources
        for one in suppressions(path, reader.sources.once(path))
        if (comment := of_the_checklist(one)) is not None
    ]
    return Analysis(
        tuple(with_suppressions(sites, comments)),
        reader.sources,
        tuple(reader.unreadable),
        parsed,
        tuple(sorted(comments)),
    )


def _each_place_once(sites: list[Site]) -> list[Site]:
    """The sites of documents without those of what was read as a part of the program.

    Such is a command of a script with its address, and a setting that a program loads.
    """
    read: defaultdict[str, list[Span]] = defaultdict(list)
    for site in sites:
        if document_format(site.path) and not isinstance(site.facts, DocumentFacts):
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
        if document_format(path) == "shell":
            return lower_script(path, text)
        facts = lower(path, text)
        return add_script(facts, in_shell(text)) if _runs_curl(path, text) else facts
    except SyntaxError as error:
        return error.lineno or 1, _refusal(text, error)
    except (ValueError, RecursionError, MemoryError) as error:
        return 1, _("it cannot be parsed: {error}", error=error)


def _refusal(text: str, error: SyntaxError) -> str:
    """Why there is no syntax tree."""
    release = ".".join(map(str, sys.version_info[:2]))
    if _is_newer(text, error):
        return _(
            "Python {release} cannot read it: {message}; a newer one may (run migrate by that)",
            release=release,
            message=error.msg,
        )
    return _("Python {release} cannot read it: {message}", release=release, message=error.msg)


def _is_newer(text: str, error: SyntaxError) -> bool:
    """Whether what this Python stops at may be syntax that a later one knows."""
    line = "".join(text.splitlines()[(error.lineno or 1) - 1 :][:1])
    found = (release for release, pattern in _SINCE.items() if pattern.match(line))
    since = (3, 12) if error.msg.startswith("f-string") else next(found, sys.version_info[:2])
    return since > sys.version_info[:2]


def _runs_curl(path: str, text: str) -> bool:
    """Whether a file is a notebook that may ask OpenAI by a command."""
    return path.endswith(NOTEBOOK) and may_ask(text)


class _Reader:
    """Decodes file after file and keeps what comes of each."""

    def __init__(self) -> None:
        self.sources = Texts()
        self.programs: list[str] = []  # the paths of what is lowered
        self.named: set[str] = set()  # the configuration files that those speak of
        self.unreadable: list[Unreadable] = []
        self.document_sites: list[Site] = []

    def read_python(self, path: str, data: bytes) -> None:
        try:
            self._lower_later(path, self.sources.add(path, data, python=True))
        except UndecodableError as error:
            self.refuse(path, data, 1, _("it is {what}", what=error))

    def _lower_later(self, path: str, source: SourceText) -> None:
        self.programs.append(path)
        self.named |= named_files(source.text)

    def read_document(self, path: str, data: bytes) -> None:
        if path.endswith(NOTEBOOK):
            self._read_notebook(path, data)
            return
        found = document_sites(path, data)
        if isinstance(found, Unreadable):
            self.refuse(path, data, found.line, found.reason)
            return
        try:
            source = self.sources.add(path, data, python=False)
        except UndecodableError as error:
            self.refuse(path, data, 1, _("it is {what}", what=error))
            return
        self.document_sites.extend(found)
        if document_format(path) == "shell" and may_ask(source.text):
            self._lower_later(path, source)

    def _read_notebook(self, path: str, data: bytes) -> None:
        notebook = read_notebook(path, data)
        if isinstance(notebook, Unreadable):
            self.refuse(path, data, notebook.line, notebook.reason)
            return
        for source, line, reason in notebook.unread():
            if _MENTION.search(source.encode("utf-8", "replace")):
                self.unreadable.append(Unreadable(path, line, reason, (line,)))
        self.document_sites.extend(notebook_sites(path, notebook))
        self.sources.keep(path, notebook)
        self._lower_later(path, notebook)

    def loaded(self, documents: Iterable[str]) -> Iterator[ModuleFacts]:
        """The configuration files that the Python files speak of, as parts of the program."""
        for path in documents if self.named else ():
            if path in self.sources and is_named(path, self.named):
                facts = lower_document(path, self.sources[path])
                if facts is not None:
                    yield facts

    def refuse(self, path: str, data: bytes, line: int, reason: str) -> None:
        """Note a file that cannot be analysed, if it mentions OpenAI."""
        self.sources.remove(path)
        mentions = tuple(
            number for number, text in enumerate(data.splitlines(), 1) if _MENTION.search(text)
        )
        if mentions:
            self.unreadable.append(Unreadable(path, line, reason, mentions))
