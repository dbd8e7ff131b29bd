"""Which of the listed files matter: each is read, searched as bytes, and dropped again."""

from __future__ import annotations

import os
import re
import stat
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from migrator.discovery import evidence
from migrator.discovery.kinds import PYTHON_SUFFIXES
from migrator.discovery.skips import SkipReason
from migrator.discovery.statements import import_statements, plain
from migrator.formats import document_format
from migrator.memory.states import UNKNOWN, States, digest, no_states, state

# Small, few, and changed by what other files say of them: dependencies and variables.
_ALWAYS_READ = frozenset({"requirements", "pyproject", "env"})
_SETUP = "setup.py"
NOTEBOOK_SUFFIX = ".ipynb"
_NOTEBOOK_FACTOR = 10
_HEAD = 2048
_BINARY_HEAD = 8192
_GENERATED = re.compile(
    rb"""[ \t]*(?:(?:\#|//|/?\*|;|--|<!--|[ru]?\"{3}|[ru]?'{3})[ \t]*)?
    (?:[^"'\n]*\bgenerated\b[^"'\n]*\bdo[ ]not[ ](?:edit|modify)\b
      | (?<=[\#/*;"'\s-])[^"'\n(]*@generated\b(?![(.]))""",
    re.VERBOSE,
)


# What is known of a file: one of these, or _SKIPPED and the place of the reason among all reasons.
_PLAIN, _CANDIDATE, _FRAMEWORK, _HINT, _DOCUMENT, _WITHOUT = range(6)
_SKIPPED = 16
_REASONS = tuple(SkipReason)
_PLACES = {reason: _SKIPPED + place for place, reason in enumerate(_REASONS)}


@dataclass
class Sifted:
    """What was found of some files.

    `python` are the Python files that can be read, `candidates` those with evidence of their own,
    `frameworks` those that import a framework, `hints` those that only use a name made of OpenAI's,
    `imports` the import statements of all of them. `digests` are those of the contents of all that
    was read, where they are asked for.
    """

    python: list[str] = field(default_factory=list)
    candidates: list[str] = field(default_factory=list)
    frameworks: list[str] = field(default_factory=list)
    hints: set[str] = field(default_factory=set)
    documents: list[str] = field(default_factory=list)
    imports: dict[str, bytes] = field(default_factory=dict)
    skipped: dict[str, SkipReason] = field(default_factory=dict)
    digests: dict[str, bytes] = field(default_factory=dict)
    seen: int = 0

    @classmethod
    def of(cls, paths: Sequence[str], sheet: Sheet) -> Sifted:
        """What a sheet says of the files that it is of."""
        made = cls(seen=len(paths))
        for path, kind, imports in zip(paths, sheet.kinds, sheet.imports, strict=True):
            made._put(path, kind)
            if imports:
                made.imports[path] = imports
        if sheet.digests:
            made.digests = dict(zip(paths, sheet.digests, strict=True))
        return made

    def _put(self, path: str, kind: int) -> None:
        if kind >= _SKIPPED:
            self.skipped[path] = _REASONS[kind - _SKIPPED]
        elif kind == _DOCUMENT:
            self.documents.append(path)
        elif kind != _WITHOUT:
            self.python.append(path)
            if kind == _CANDIDATE:
                self.candidates.append(path)
            elif kind == _FRAMEWORK:
                self.frameworks.append(path)
            elif kind == _HINT:
                self.hints.add(path)

    def split(self, key: Callable[[str], Sequence[str]]) -> list[Sifted]:
        """The files apart, by what `key` says of their paths."""
        parts: defaultdict[tuple[str, ...], Sifted] = defaultdict(Sifted)
        for name in ("python", "candidates", "frameworks", "documents"):
            for path in getattr(self, name):
                getattr(parts[tuple(key(path))], name).append(path)
        for path, statements in self.imports.items():
            part = parts[tuple(key(path))]
            if part.candidates or part.frameworks:  # nothing is tied to other files
                part.imports[path] = statements
        for name in ("skipped", "digests"):
            for path, held in getattr(self, name).items():
                getattr(parts[tuple(key(path))], name)[path] = held
        for path in self.hints:
            parts[tuple(key(path))].hints.add(path)
        found = list(parts.values())
        found[0].seen = self.seen
        return found


@dataclass
class Sheet:
    """What the sieve found out of some files, a column each: kinds, import statements, states.

    `digests` are those of the contents, none where they are not asked for.
    """

    kinds: bytearray = field(default_factory=bytearray)
    imports: list[bytes] = field(default_factory=list)
    states: States = field(default_factory=no_states)
    digests: list[bytes] = field(default_factory=list)

    def add(self, other: Sheet) -> None:
        """Take over what is known of other files, which come after these."""
        self.kinds += other.kinds
        self.imports += other.imports
        self.states += other.states
        self.digests += other.digests


@dataclass(frozen=True)
class Sieve:
    """Looks at the files below `root`; `digests`: it tells those of their contents, too."""

    root: str
    max_bytes: int
    digests: bool = False

    def sift(self, paths: Sequence[str]) -> Sheet:
        """Read files of a kind that is read, by their paths relative to the root."""
        found = Sheet()
        for path in paths:
            kind, imports, data = self._sift(path, found)
            found.kinds.append(kind)
            found.imports.append(imports)
            if self.digests:
                found.digests.append(digest(data))
        return found

    def read(self, path: str) -> bytes | SkipReason:
        """The bytes of a file, or why it is not read."""
        return self._read(path, self.max_bytes, no_states())

    def _read(self, path: str, limit: int, states: States) -> bytes | SkipReason:
        before = len(states)
        try:
            data = _content(f"{self.root}/{path}", limit, states)
        except (OSError, ValueError, OverflowError):
            del states[before:]
            states.extend(UNKNOWN)
            return SkipReason.UNREADABLE
        return SkipReason.TOO_LARGE if data is None else data

    def contents(self, paths: Iterable[str], skipped: dict[str, SkipReason]) -> dict[str, bytes]:
        """The bytes of files that were sifted; why one cannot be read any more is in `skipped`."""
        found = {}
        for path in paths:
            data = self._read(path, self._limit(path), no_states())
            if isinstance(data, SkipReason):
                skipped[path] = data
            else:
                found[path] = data
        return found

    def _limit(self, path: str) -> int:
        is_notebook = path.lower().endswith(NOTEBOOK_SUFFIX)
        return self.max_bytes * (_NOTEBOOK_FACTOR if is_notebook else 1)

    def _sift(self, path: str, found: Sheet) -> tuple[int, bytes, bytes]:
        """The kind of a file, its import statements, and its bytes."""
        data = self._read(path, self._limit(path), found.states)
        if isinstance(data, SkipReason):
            return _PLACES[data], b"", b""
        reason = _no_source(data)
        if reason is not None:
            return _PLACES[reason], b"", data
        if path.endswith(PYTHON_SUFFIXES):
            return *_sift_python(path, data), data
        return _sift_document(path, data), b"", data


def _sift_document(path: str, data: bytes) -> int:
    form = document_format(path)
    if form in _ALWAYS_READ:
        return _DOCUMENT
    if form is None or not evidence.document_has_evidence(data):
        return _WITHOUT
    from migrator.discovery.data import is_data

    return _PLACES[SkipReason.DATA] if is_data(path, form, data) else _DOCUMENT


def _sift_python(path: str, data: bytes) -> tuple[int, bytes]:
    text = plain(data)
    statements = import_statements(text)
    imports_framework = evidence.imports_framework(statements)
    if imports_framework and evidence.has_long_strings(text):
        # An example in documentation imports nothing.
        statements = import_statements(evidence.code(text))
        imports_framework = evidence.imports_framework(statements)
    if evidence.python_has_evidence(text) or path.rpartition("/")[2] == _SETUP:
        return _CANDIDATE, statements
    if imports_framework:
        return _FRAMEWORK, statements
    return _HINT if evidence.python_hints(text) else _PLAIN, statements


def _no_source(data: bytes) -> SkipReason | None:
    """Why what a file holds is nobody's source, None where it may be."""
    if data.find(b"\0", 0, _BINARY_HEAD) >= 0:
        return SkipReason.BINARY
    return SkipReason.GENERATED if is_generated(data[:_HEAD]) else None


def is_generated(head: bytes) -> bool:
    """Whether the head of a file says that a program writes it, and nobody edits it."""
    if b"enerated" not in head and b"ENERATED" not in head:
        return False
    lines = head.lower().split(b"\n")
    return any(b"generated" in line and _GENERATED.match(line) for line in lines)


# A pipe that bears a file's name must not hold the run up.
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _content(path: str, limit: int, states: States) -> bytes | None:
    """A file's bytes, None where they are more than the limit; its state as it was before.

    Raises OSError.
    """
    descriptor = os.open(path, _OPEN)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("not a file")
        states.extend(state(status))
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
