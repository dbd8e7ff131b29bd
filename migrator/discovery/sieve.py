"""Which of the listed files matter: each is read once, searched as bytes, and dropped again."""

from __future__ import annotations

import os
import re
import stat
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator.analysis.documents import document_format
from migrator.discovery import evidence
from migrator.discovery.kinds import PYTHON_SUFFIXES
from migrator.discovery.skips import SkipReason
from migrator.discovery.statements import import_statements, plain

if TYPE_CHECKING:
    from migrator.discovery.patterns import Patterns

# Small, few, and changed by what other files say of them: dependencies and variables.
_ALWAYS_READ = frozenset({"requirements", "pyproject", "env"})
_SETUP = "setup.py"
_NOTEBOOK_FACTOR = 10
_HEAD = 2048
_BINARY_HEAD = 8192
_GENERATED = re.compile(
    rb"""[ \t]*(?:\#|//|/?\*|;|--|<!--|[ru]?\"{3}|[ru]?'{3})?[ \t]*
    (?:[^"'\n]*\bgenerated\b[^"'\n]*\bdo[ ]not[ ](?:edit|modify)\b
      | (?<=[\#/*;"'\s-])[^"'\n(]*@generated\b(?![(.]))""",
    re.VERBOSE,
)


@dataclass
class Sifted:
    """What was kept of some files.

    `python` are the Python files that can be read, `candidates` those with evidence of their own,
    `frameworks` those that import a framework, `hints` those that only use a name made of OpenAI's,
    `imports` the import statements of all of them.
    """

    python: list[str] = field(default_factory=list)
    candidates: dict[str, bytes] = field(default_factory=dict)
    frameworks: dict[str, bytes] = field(default_factory=dict)
    hints: set[str] = field(default_factory=set)
    documents: dict[str, bytes] = field(default_factory=dict)
    imports: dict[str, bytes] = field(default_factory=dict)
    skipped: dict[str, SkipReason] = field(default_factory=dict)
    seen: int = 0

    def add(self, other: Sifted) -> None:
        """Take over what was kept of other files, which come after these."""
        self.python += other.python
        self.candidates |= other.candidates
        self.frameworks |= other.frameworks
        self.hints |= other.hints
        self.documents |= other.documents
        self.imports |= other.imports
        self.skipped |= other.skipped
        self.seen += other.seen

    def copy(self) -> Sifted:
        """The same, to be added to."""
        made = Sifted()
        made.add(self)
        return made

    def split(self, key: Callable[[str], Sequence[str]]) -> list[Sifted]:
        """The files apart, by what `key` says of their paths."""
        parts: defaultdict[tuple[str, ...], Sifted] = defaultdict(Sifted)
        for path in self.python:
            parts[tuple(key(path))].python.append(path)
        for name in ("candidates", "frameworks", "documents", "imports", "skipped"):
            for path, held in getattr(self, name).items():
                getattr(parts[tuple(key(path))], name)[path] = held
        for path in self.hints:
            parts[tuple(key(path))].hints.add(path)
        found = list(parts.values())
        found[0].seen = self.seen
        return found


@dataclass(frozen=True)
class Sieve:
    """What is kept of the files below `root`; `named` are those that were asked for by name."""

    root: str
    named: frozenset[str]
    patterns: Patterns
    max_bytes: int

    def sift(self, paths: Sequence[str]) -> Sifted:
        """Read files, by their paths relative to the root."""
        kept = Sifted()
        for path in paths:
            if self.patterns.includes(path):
                self._sift(path, kept)
        return kept

    def read(self, path: str, kept: Sifted, limit: int) -> bytes | None:
        """A file's bytes; None, with the reason in `skipped`, where it cannot be read."""
        try:
            data = _content(f"{self.root}/{path}", limit)
        except (OSError, ValueError):
            kept.skipped[path] = SkipReason.UNREADABLE
            return None
        if data is None:
            kept.skipped[path] = SkipReason.TOO_LARGE
        return data

    def _sift(self, path: str, kept: Sifted) -> None:
        is_python = path.endswith(PYTHON_SUFFIXES)
        form = "python" if is_python else document_format(path)
        if form is None:
            if path in self.named:
                kept.skipped[path] = SkipReason.OTHER_KIND
            return
        kept.seen += 1
        limit = self.max_bytes * (_NOTEBOOK_FACTOR if form == "notebook" else 1)
        data = self.read(path, kept, limit)
        if data is None or not _is_source(path, data, kept):
            return
        if is_python:
            _sift_python(path, data, kept)
        elif form in _ALWAYS_READ:
            kept.documents[path] = data
        elif evidence.document_has_evidence(data):
            self._keep(path, form, data, kept)

    @staticmethod
    def _keep(path: str, form: str, data: bytes, kept: Sifted) -> None:
        from migrator.discovery.data import is_data

        if is_data(path, form, data):
            kept.skipped[path] = SkipReason.DATA
        else:
            kept.documents[path] = data


def _sift_python(path: str, data: bytes, kept: Sifted) -> None:
    kept.python.append(path)
    text = plain(data)
    statements = import_statements(text)
    imports_framework = evidence.imports_framework(statements)
    if imports_framework and evidence.has_long_strings(text):
        # An example in documentation imports nothing.
        statements = import_statements(evidence.code(text))
        imports_framework = evidence.imports_framework(statements)
    if statements:
        kept.imports[path] = statements
    if evidence.python_has_evidence(text) or path.rpartition("/")[2] == _SETUP:
        kept.candidates[path] = data
    elif imports_framework:
        kept.frameworks[path] = data
    elif evidence.python_hints(text):
        kept.hints.add(path)


def _is_source(path: str, data: bytes, kept: Sifted) -> bool:
    if data.find(b"\0", 0, _BINARY_HEAD) >= 0:
        kept.skipped[path] = SkipReason.BINARY
        return False
    if is_generated(data[:_HEAD]):
        kept.skipped[path] = SkipReason.GENERATED
        return False
    return True


def is_generated(head: bytes) -> bool:
    """Whether the head of a file says that a program writes it, and nobody edits it."""
    if b"enerated" not in head and b"ENERATED" not in head:
        return False
    lines = head.lower().split(b"\n")
    return any(b"generated" in line and _GENERATED.match(line) for line in lines)


# A pipe that bears a file's name must not hold the run up.
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _content(path: str, limit: int) -> bytes | None:
    """A file's bytes, None where they are more than the limit. Raises OSError."""
    descriptor = os.open(path, _OPEN)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("not a file")
        if status.st_size > limit:
            return None
        data = os.read(descriptor, status.st_size + 1)
        if len(data) != status.st_size:
            parts = [data]
            while data := os.read(descriptor, limit + 1):
                parts.append(data)
            data = b"".join(parts)
        return data if len(data) <= limit else None
    finally:
        os.close(descriptor)
