"""The files of a repository that could matter: what git lists or a walk finds, sifted by bytes.

Every file is read once, searched as bytes, and dropped again unless it shows evidence of OpenAI.
Files without evidence are brought back where imports tie them to files that have it.
"""

from __future__ import annotations

import os
import re
import stat
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.errors import MigrateError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from migrator.analysis.resolver import Resolver

PYTHON_SUFFIXES = (".py", ".pyi", ".pyw")


class DiscoveryError(MigrateError):
    """A path or a pattern that cannot be used."""

    exit_code = 2


class SkipReason(str, Enum):
    """Why a file or a whole folder is not read."""

    VIRTUAL_ENVIRONMENT = "virtual environment"
    INSTALLED = "installed packages"
    BUILD_OUTPUT = "build output or cache"
    EXCLUDED = "excluded by a pattern"
    BINARY = "binary file"
    GENERATED = "generated file"
    TOO_LARGE = "larger than the limit"
    LEAVES_ROOT = "link that leaves the root"
    LINKED = "link to what is read under its own name"
    BROKEN_LINK = "link that leads nowhere"
    MISSING = "known to git but not on disk"
    UNREADABLE = "cannot be read"
    OTHER_KIND = "neither Python nor a kind of file that holds configuration"


@dataclass(frozen=True, slots=True)
class Skip:
    """A file that is not read, or a folder that is not entered."""

    path: str
    reason: SkipReason


@dataclass(frozen=True)
class Discovery:
    """The files under `root`; every path is relative to it, with `/`.

    `python` are all Python files that can be read, `candidates` those to be analysed, `documents`
    the other files that may hold OpenAI configuration. `seen` counts the files of a kind that is
    read, the skipped ones included; a folder that is not entered counts once in `skipped`.
    """

    root: Path
    python: tuple[str, ...]
    candidates: dict[str, bytes]
    documents: dict[str, bytes]
    skipped: tuple[Skip, ...]
    seen: int


def discover(
    paths: Sequence[Path],
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    max_bytes: int = 2_000_000,
) -> Discovery:
    """Find the files under the paths (the current folder where there are none).

    `include` and `exclude` are patterns as in .gitignore, relative to the root. Raises
    DiscoveryError for a path that does not exist and a pattern that cannot be used.
    """
    places = [_located(path) for path in paths or (Path(),)]
    root = _common_folder(places)
    listing = _Listing(root, _patterns(exclude))
    for place in places:
        listing.add(place)
    sieve = _Sieve(listing, _patterns(include), max_bytes)
    sieve.run()
    tied = _tied_by_imports(sieve.python, sieve.candidates, sieve.imports)
    sieve.bring_back(tied)
    return Discovery(
        root,
        tuple(sieve.python),
        dict(sorted(sieve.candidates.items())),
        sieve.documents,
        tuple(Skip(path, reason) for path, reason in sorted(listing.skipped.items())),
        sieve.seen,
    )


def _located(path: Path) -> Path:
    """The absolute path; a link to a file stays what it is, a link to a folder is the folder."""
    try:
        if path.is_dir():
            return path.resolve(strict=True)
        if path.exists() or path.is_symlink():
            return path.parent.resolve(strict=True) / path.name
    except (OSError, ValueError, RuntimeError) as error:
        raise DiscoveryError(f"{_printable(path)}: cannot be read: {error}") from None
    raise DiscoveryError(f"{_printable(path)}: no such file or folder")


def _common_folder(places: Sequence[Path]) -> Path:
    folders = [place if place.is_dir() else place.parent for place in places]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:
        raise DiscoveryError("the paths are on different drives: scan them one by one") from None


def _printable(path: Path) -> str:
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8").replace("\n", "\\n")


def _patterns(lines: Sequence[str]) -> GitIgnoreSpec | None:
    if not lines:
        return None
    from pathspec import GitIgnoreSpec

    for line in lines:
        if not _is_pattern(line):
            raise DiscoveryError(f"{line!r} is not a pattern as in .gitignore")
    return GitIgnoreSpec.from_lines(lines)


# --- listing: which files there are --------------------------------------------------------------

# None: holds no source at all, so nobody has to be told.
_FOLDERS: Mapping[str, SkipReason | None] = {
    **dict.fromkeys((".git", ".hg", ".svn", ".jj", ".migrate", "__pycache__")),
    **dict.fromkeys((".venv", "venv", ".virtualenv"), SkipReason.VIRTUAL_ENVIRONMENT),
    **dict.fromkeys(
        ("node_modules", "site-packages", "dist-packages", "bower_components", "__pypackages__"),
        SkipReason.INSTALLED,
    ),
    **dict.fromkeys(
        (
            "build",
            "dist",
            ".eggs",
            ".tox",
            ".nox",
            ".mypy_cache",
            ".pytest_cache",
            ".ruff_cache",
            ".pytype",
            ".pyre",
            ".hypothesis",
            ".ipynb_checkpoints",
            ".cache",
        ),
        SkipReason.BUILD_OUTPUT,
    ),
}
_ENVIRONMENT_FILE = "pyvenv.cfg"
_GIT_SECONDS = 120
_Rules = tuple[tuple[int, "GitIgnoreSpec"], ...]


class _Listing:
    """Collects files, links and skips of one root, by relative path."""

    def __init__(self, root: Path, exclude: GitIgnoreSpec | None) -> None:
        self.root = root
        self.files: set[str] = set()
        self.links: set[str] = set()
        self.named: set[str] = set()
        self.skipped: dict[str, SkipReason] = {}
        self._exclude = exclude
        self._entered: dict[str, bool] = {"": True}

    def add(self, place: Path) -> None:
        """List a folder, or a file that was asked for by name."""
        relative = place.relative_to(self.root).as_posix()
        relative = "" if relative == "." else relative
        if place.is_dir():
            self._entered[relative] = True
            self._folder(relative)
            return
        self.named.add(relative)
        (self.links if place.is_symlink() else self.files).add(relative)

    def absolute(self, relative: str) -> str:
        """The path on disk."""
        return f"{self.root}/{relative}" if relative else str(self.root)

    def _folder(self, relative: str) -> None:
        listed = _git_files(self.absolute(relative))
        if listed:
            self._from_git(relative, listed)
        else:
            self._walk(relative)

    def _enters(self, folder: str) -> bool:
        """Whether no folder on the way to this one, itself included, is to be left out."""
        known = self._entered.get(folder)
        if known is None:
            parent, _, name = folder.rpartition("/")
            known = self._enters(parent) and not self._leaves_out(folder, name)
            self._entered[folder] = known
        return known

    def _leaves_out(self, folder: str, name: str) -> bool:
        if name in _FOLDERS:
            reason = _FOLDERS[name]
        elif name.endswith(".egg-info"):
            reason = SkipReason.BUILD_OUTPUT
        elif self._excluded(folder + "/"):
            reason = SkipReason.EXCLUDED
        else:
            return False
        if reason is not None:
            self.skipped[folder] = reason
        return True

    def _excluded(self, path: str) -> bool:
        return self._exclude is not None and self._exclude.match_file(path)

    def _environment(self, folder: str) -> None:
        self._entered[folder] = False
        self.skipped[folder] = SkipReason.VIRTUAL_ENVIRONMENT

    def _put(self, path: str, is_link: bool) -> None:
        if self._excluded(path):
            if _is_read(path):
                self.skipped[path] = SkipReason.EXCLUDED
            return
        (self.links if is_link else self.files).add(path)

    def _from_git(self, base: str, listed: Sequence[str]) -> None:
        prefix = f"{base}/" if base else ""
        for path in listed:
            folder, _, name = path.rpartition("/")
            if name == _ENVIRONMENT_FILE and folder and self._enters(prefix + folder):
                self._environment(prefix + folder)
        for path in listed:
            full = prefix + path.rstrip("/")
            if not self._enters(full.rpartition("/")[0]):
                continue
            try:
                mode = os.lstat(self.absolute(full)).st_mode
            except (OSError, ValueError):
                if _is_read(full):
                    self.skipped[full] = SkipReason.MISSING
                continue
            if stat.S_ISDIR(mode):
                # A submodule, or a repository of its own that is not tracked.
                if self._enters(full):
                    self._folder(full)
            elif stat.S_ISREG(mode) or stat.S_ISLNK(mode):
                self._put(full, stat.S_ISLNK(mode))

    def _walk(self, base: str) -> None:
        pending: list[tuple[str, _Rules]] = [(base, ())]
        while pending:
            folder, rules = pending.pop()
            try:
                with os.scandir(self.absolute(folder)) as scanned:
                    entries = list(scanned)
            except OSError:
                self.skipped[folder or "."] = SkipReason.UNREADABLE
                continue
            names = {entry.name for entry in entries}
            if folder != base and _ENVIRONMENT_FILE in names:
                self._environment(folder)
                continue
            prefix = f"{folder}/" if folder else ""
            if ".gitignore" in names and (
                spec := _ignore_file(self.absolute(prefix + ".gitignore"))
            ):
                rules = ((len(prefix), spec), *rules)
            for entry in entries:
                path = prefix + entry.name
                if entry.is_dir(follow_symlinks=False):
                    if not _ignored(path + "/", rules) and self._enters(path):
                        pending.append((path, rules))
                elif (entry.is_symlink() or _is_read(path)) and not _ignored(path, rules):
                    self._put(path, entry.is_symlink())


def _ignored(path: str, rules: _Rules) -> bool:
    """Whether the nearest .gitignore with a word on the path ignores it."""
    for start, spec in rules:
        verdict = spec.check_file(path[start:]).include
        if verdict is not None:
            return verdict
    return False


def _ignore_file(path: str) -> GitIgnoreSpec | None:
    from pathspec import GitIgnoreSpec

    try:
        lines = Path(path).read_bytes().decode("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines(line for line in lines if _is_pattern(line))


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _git_files(folder: str) -> list[str]:
    """What git tracks in a folder or would track; nothing where git has no say there."""
    # A repository's own settings must not make git start a program (fsmonitor does).
    command = ["git", "-c", "core.fsmonitor=false", "ls-files", "-z"]
    command += ["--cached", "--others", "--exclude-standard"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment["GIT_OPTIONAL_LOCKS"] = "0"
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return []
    if done.returncode:
        return []
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


# --- sieve: which of them matter -----------------------------------------------------------------

# Searched in lower-cased text, so each stands for every way it is written.
_EVIDENCE = b"openai"
_MODEL_EVIDENCE = b"gpt-"
_DOCUMENT_EVIDENCE = (
    b"openai",
    b"gpt-",
    b"tiktoken",
    b"text-embedding-",
    b"dall-e",
    b"whisper-1",
    b"davinci",
    b"tts-1",
)
_DOCUMENT_MODEL = re.compile(rb"""(?:[:=/]\s*|["'])o[134](?:-|["'\s])""")
# Small, few, and changed by what other files say of them: dependencies and variables.
_ALWAYS_READ = frozenset({"requirements", "pyproject", "env"})
_SETUP = "setup.py"
_NOTEBOOK_FACTOR = 10
_HEAD = 2048
_BINARY_HEAD = 8192
_GENERATED = re.compile(
    rb"""^[ \t]*(?:\#|//|/?\*|;|--|<!--|[ru]?\"{3}|[ru]?'{3})?[ \t]*
    (?:[^"'\n]*\bgenerated\b[^"'\n]*\bdo[ ]not[ ](?:edit|modify)\b
      | (?<=[\#/*;"'\s-])[^"'\n(]*@generated\b(?![(.]))""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)


def _is_read(path: str) -> bool:
    return path.endswith(PYTHON_SUFFIXES) or _document_format(path) is not None


def _document_format(path: str) -> str | None:
    from migrator.analysis.documents import document_format

    return document_format(path)


class _Sieve:
    """Reads the listed files one by one and keeps those with evidence."""

    def __init__(self, listing: _Listing, include: GitIgnoreSpec | None, max_bytes: int) -> None:
        self.python: list[str] = []
        self.candidates: dict[str, bytes] = {}
        self.documents: dict[str, bytes] = {}
        self.imports: dict[str, bytes] = {}
        self.seen = 0
        self._listing = listing
        self._include = include
        self._max_bytes = max_bytes

    def run(self) -> None:
        """Sift all listed files, in the order of their paths."""
        files = self._listing.files
        links = [path for path in sorted(self._listing.links) if self._follows(path, files)]
        for path in sorted([*files, *links]):
            self._sift(path)

    def bring_back(self, paths: Iterable[str]) -> None:
        """Make candidates of files that showed no evidence of their own."""
        for path in paths:
            data = self._read(path, self._max_bytes)
            if data is not None:
                self.candidates[path] = data

    def _follows(self, path: str, files: set[str]) -> bool:
        """Whether a link is to be read: its target is a file of the root not listed itself."""
        target = os.path.realpath(self._listing.absolute(path))
        if not os.path.exists(target):  # noqa: PTH110 - names with odd bytes, and speed
            reason = SkipReason.BROKEN_LINK
        elif not Path(target).is_relative_to(self._listing.root):
            reason = SkipReason.LEAVES_ROOT
        elif os.path.isdir(target):  # noqa: PTH112
            reason = SkipReason.LINKED
        else:
            relative = os.path.relpath(target, self._listing.root).replace(os.sep, "/")
            if relative not in files or not _is_read(relative):
                return True
            reason = SkipReason.LINKED
        self._listing.skipped[path] = reason
        return False

    def _sift(self, path: str) -> None:
        if self._include is not None and not self._include.match_file(path):
            return
        is_python = path.endswith(PYTHON_SUFFIXES)
        form = "python" if is_python else _document_format(path)
        if form is None:
            if path in self._listing.named:
                self._listing.skipped[path] = SkipReason.OTHER_KIND
            return
        self.seen += 1
        limit = self._max_bytes * (_NOTEBOOK_FACTOR if form == "notebook" else 1)
        data = self._read(path, limit)
        if data is None or not self._is_source(path, data):
            return
        if is_python:
            self._sift_python(path, data)
        elif form in _ALWAYS_READ or _document_has_evidence(data):
            self.documents[path] = data

    def _sift_python(self, path: str, data: bytes) -> None:
        self.python.append(path)
        statements = _import_statements(data)
        if statements:
            self.imports[path] = statements
        lowered = data.lower()
        if (
            _EVIDENCE in lowered
            or _MODEL_EVIDENCE in lowered
            or path.rpartition("/")[2] == _SETUP
            or _import_framework(statements)
        ):
            self.candidates[path] = data

    def _is_source(self, path: str, data: bytes) -> bool:
        if b"\0" in data[:_BINARY_HEAD]:
            self._listing.skipped[path] = SkipReason.BINARY
            return False
        if _is_generated(data[:_HEAD]):
            self._listing.skipped[path] = SkipReason.GENERATED
            return False
        return True

    def _read(self, path: str, limit: int) -> bytes | None:
        try:
            data = _content(self._listing.absolute(path), limit)
        except (OSError, ValueError):
            self._listing.skipped[path] = SkipReason.UNREADABLE
            return None
        if data is None:
            self._listing.skipped[path] = SkipReason.TOO_LARGE
        return data


def _is_generated(head: bytes) -> bool:
    lowered = head.lower()
    if b"@generated" not in lowered and (b"generated" not in lowered or b"do not" not in lowered):
        return False
    return _GENERATED.search(lowered) is not None


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


def _document_has_evidence(data: bytes) -> bool:
    lowered = data.lower()
    return any(one in lowered for one in _DOCUMENT_EVIDENCE) or (
        b"model" in lowered and _DOCUMENT_MODEL.search(lowered) is not None
    )


# --- imports: which files belong to those with evidence ------------------------------------------

_MOST = 400
_MOST_PER_CANDIDATE = 2
_SEPARATOR = b"\0"
_BEFORE_IMPORT = re.compile(rb"[ \t\f]*(?:from\b[ \t]*([^\s#'\"]+)[ \t]*)?")
_REACHES = re.compile(rb"api\.openai\.com|openai\.azure\.com|[\"']openai[\"']")
_AFTER_IMPORT = frozenset((b" ", b"\t", b"(", b"*", b"\\"))
_OPENING = frozenset((b"(", b"\\"))
_NOT_A_NAME = re.compile(rb"#[^\n]*|\bas\s+\w+|[(),\\*;]")
_PUNCTUATION = bytes(c if chr(c).isalnum() or c == 95 or c > 127 else 32 for c in range(256))


@cache
def _framework_tops() -> frozenset[bytes]:
    from migrator.analysis.surface import reserved_modules

    return frozenset(name.encode() for name in reserved_modules())


def _words(statements: bytes) -> list[bytes]:
    return statements.translate(_PUNCTUATION).split()


def _import_statements(data: bytes) -> bytes:
    """The import statements of a file as written, joined."""
    found = []
    at = data.find(b"import")
    while at >= 0:
        after = at + 6
        start = data.rfind(b"\n", 0, at) + 1
        end = after
        if data[after : after + 1] in _AFTER_IMPORT and (
            start == at or _BEFORE_IMPORT.fullmatch(data, start, at)
        ):
            closing = b")" if data[after : after + 2].strip() in _OPENING else b"\n"
            end = data.find(closing, after)
            end = end if end >= 0 else len(data)
            found.append(data[start:end])
        at = data.find(b"import", end)
    return _SEPARATOR.join(found)


def _import_framework(statements: bytes) -> bool:
    """Whether a file imports OpenAI or a framework that can reach it."""
    if _framework_tops().isdisjoint(_words(statements)):
        return False
    from migrator.analysis.surface import framework_module

    openai = _EVIDENCE.decode()
    return any(
        module.partition(".")[0] == openai
        or any(framework_module(name) for name in (module, *(f"{module}.{n}" for n in names)))
        for level, module, names in _imported(statements)
        if not level
    )


def _names(text: bytes) -> list[bytes]:
    return _NOT_A_NAME.sub(b" ", text).split()


def _imported(statements: bytes) -> Iterator[tuple[int, str, list[str]]]:
    """(level, module, names) of each import: `import a.b` is (0, "a.b", [])."""
    for statement in statements.split(_SEPARATOR):
        before, _, after = statement.partition(b"import")
        names = [name.decode("utf-8", "replace") for name in _names(after)]
        module = before.strip()[4:].strip().decode("utf-8", "replace")
        if not module:
            for name in names:
                yield 0, name, []
            continue
        dotted = module.lstrip(".")
        yield len(module) - len(dotted), dotted, names


def _tied_by_imports(
    python: Sequence[str], candidates: Mapping[str, bytes], imports: Mapping[str, bytes]
) -> list[str]:
    """Files that use what candidates define, or define what these use: at most so many, near first.

    Only candidates that reach OpenAI themselves, or through candidates they import, tie others: a
    mention in a comment does not. Up: files that import such a candidate, and files that import
    those. Down: files that such a candidate or its importer imports, and what the former import.
    """
    reaching = {
        path
        for path, data in candidates.items()
        if _REACHES.search(data) or _import_framework(imports.get(path, b""))
    }
    if not reaching:
        return []
    graph = _ImportGraph(python, imports)
    reaching = graph.users_within(candidates, reaching)
    above = graph.importers(reaching) - reaching
    below = graph.imported(reaching) - reaching
    near = above | below
    far = graph.importers(above) | graph.imported(above | below)
    known = set(candidates)
    most = _MOST + _MOST_PER_CANDIDATE * len(reaching)
    return [*sorted(near - known), *sorted(far - near - known)][:most]


class _ImportGraph:
    """Which Python file imports which, worked out for the files that are asked about."""

    def __init__(self, python: Sequence[str], imports: Mapping[str, bytes]) -> None:
        from migrator.analysis.resolver import Resolver
        from migrator.analysis.surface import reserved_modules

        self._resolver: Resolver = Resolver(python, reserved_modules())
        self._imports = imports
        self._modules: dict[tuple[str, int, str], str | None] = {}
        self._targets: dict[str, frozenset[str]] = {}

    def imported(self, paths: Iterable[str]) -> set[str]:
        """The files that these files import."""
        return {target for path in paths for target in self._targets_of(path)}

    def users_within(self, paths: Iterable[str], seeds: set[str]) -> set[str]:
        """The seeds, and those of the paths that import them by way of each other."""
        found = set(seeds)
        rest = [path for path in paths if path not in found]
        while added := [path for path in rest if not found.isdisjoint(self._targets_of(path))]:
            found.update(added)
            rest = [path for path in rest if path not in found]
        return found

    def importers(self, paths: set[str]) -> set[str]:
        """The files that import one of these files, or a package that passes their names on."""
        found = self._importers(paths)
        packages = {path for path in found if _is_package(path)}
        while packages:
            more = self._importers(packages) - found
            found |= more
            packages = {path for path in more if _is_package(path)}
        return found

    def _importers(self, paths: set[str]) -> set[str]:
        called = {os.fsencode(_module_name(path)) for path in paths}
        return {
            path
            for path, statements in self._imports.items()
            if not called.isdisjoint(_words(statements))
            and not paths.isdisjoint(self._targets_of(path))
        }

    def _targets_of(self, path: str) -> frozenset[str]:
        found = self._targets.get(path)
        if found is None:
            found = frozenset(self._resolved(path)) - {path}
            self._targets[path] = found
        return found

    def _resolved(self, path: str) -> Iterator[str]:
        resolver = self._resolver
        for level, module, names in _imported(self._imports.get(path, b"")):
            key = self._module(path, level, module)
            if key is None:
                continue
            inner = [resolver.child(key, name) for name in names]
            for one in (key, *inner):
                if one is not None and (file := resolver.file(one)):
                    yield file

    def _module(self, importer: str, level: int, module: str) -> str | None:
        """The key of an imported module; the files of a folder all mean the same by a name."""
        place = (importer.rpartition("/")[0], level, module)
        if place not in self._modules:
            resolver = self._resolver
            self._modules[place] = (
                resolver.relative(importer, module, level)
                if level
                else resolver.absolute(importer, module)
            )
        return self._modules[place]


def _is_package(path: str) -> bool:
    return path.rpartition("/")[2].startswith("__init__.")


def _module_name(path: str) -> str:
    """The last part of a module's dotted name."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    return folder.rpartition("/")[2] if stem == "__init__" else stem
