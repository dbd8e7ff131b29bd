"""Which files there are: what git lists, or what a walk that honours .gitignore finds."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.discovery.kinds import is_prose, is_read
from migrator.discovery.patterns import Patterns, is_pattern
from migrator.discovery.skips import SkipReason
from migrator.git import GIT, SECONDS, environment
from migrator.regular import content

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

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
# No path is longer; what is more is no list that somebody wrote.
_LONGEST_PATTERN, _MOST_PATTERNS = 4096, 20_000
_Rules = tuple[tuple[int, "GitIgnoreSpec"], ...]


class Listing:
    """Collects files, links and skips of one root, by relative path."""

    def __init__(self, root: Path, patterns: Patterns) -> None:
        self.root = root
        self.files: set[str] = set()
        self.links: set[str] = set()
        self.named: set[str] = set()
        self.skipped: dict[str, SkipReason] = {}
        self._patterns = patterns
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

    def listed(self) -> list[str]:
        """All files to be read, in order; a link is, where its target is not listed itself."""
        for folder in sorted(_copies(self.files)):
            self.skipped[folder] = SkipReason.COPY
            self.files = {path for path in self.files if not path.startswith(folder + "/")}
        links = [path for path in sorted(self.links) if self._follows(path)]
        return sorted([*self.files, *links])

    def _follows(self, path: str) -> bool:
        target = os.path.realpath(self.absolute(path))
        if not os.path.exists(target):  # noqa: PTH110 - names with odd bytes, and speed
            reason = SkipReason.BROKEN_LINK
        elif not Path(target).is_relative_to(self.root):
            reason = SkipReason.LEAVES_ROOT
        elif os.path.isdir(target):  # noqa: PTH112
            reason = SkipReason.LINKED
        else:
            relative = os.path.relpath(target, self.root).replace(os.sep, "/")
            if relative not in self.files or not is_read(relative):
                return True
            reason = SkipReason.LINKED
        self.skipped[path] = reason
        return False

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
        return self._patterns.excludes(path)

    def _environment(self, folder: str) -> None:
        self._entered[folder] = False
        self.skipped[folder] = SkipReason.VIRTUAL_ENVIRONMENT

    def _put(self, path: str, is_link: bool) -> None:
        if self._excluded(path):
            if is_read(path):
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
                if is_read(full):
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
                elif (entry.is_symlink() or is_read(path) or is_prose(path)) and not _ignored(
                    path, rules
                ):
                    self._put(path, entry.is_symlink())


def _copies(files: Collection[str]) -> Iterator[str]:
    """The folders that hold a copy of the openai package."""
    from migrator.analysis.surface import copies

    for first, *others in copies():
        tail = f"/openai/{first}"
        for path in files:
            if path.endswith(tail) or path == tail[1:]:
                folder = path[: -len(first)]
                if all(folder + other in files for other in others):
                    yield folder[:-1]


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
        text = content(path).decode("utf-8", "surrogateescape")
    except OSError:
        return None
    lines = [line for line in text.splitlines() if len(line) <= _LONGEST_PATTERN][:_MOST_PATTERNS]
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines(line for line in lines if is_pattern(line))


def _git_files(folder: str) -> list[str]:
    """What git tracks in a folder or would track; nothing where git has no say there."""
    try:
        done = subprocess.run(
            [*GIT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return []
    if done.returncode:
        return []
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]
