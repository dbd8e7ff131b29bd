"""Trees on disk for the tests: built, photographed and compared; and disks that fail."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

from migrator.changes.diff import FileChange
from migrator.changes.filesystem import Attributes, FileSystem

Snapshot = dict[str, tuple[str, int, bytes]]


def snapshot(root: Path) -> Snapshot:
    """Every folder, file and link under root with its mode and content; not git's own."""
    found: Snapshot = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name.split("/")[0] == ".git":
            continue
        mode = path.lstat().st_mode & 0o7777
        if path.is_symlink():
            found[name] = ("link", 0, os.fsencode(path.readlink()))
        elif path.is_dir():
            found[name] = ("folder", mode, b"")
        else:
            found[name] = ("file", mode, path.read_bytes())
    return found


def without_journal(taken: Snapshot) -> Snapshot:
    return {path: what for path, what in taken.items() if path.split("/")[0] != ".migrate"}


def build(root: Path) -> list[FileChange]:
    """A tree with one of everything, and changes to it."""
    (root / "pkg").mkdir(parents=True)
    files = {
        "app.py": (0o755, b"import openai\nclient = openai.OpenAI()"),
        ".env": (0o600, b"OPENAI_API_KEY=sk-test\r\n"),
        "pkg/gbk.py": (0o444, "# -*- coding: gbk -*-\nx = '模型'\n".encode("gbk")),
        "old.py": (0o640, b"old\n"),
        "other.py": (0o644, b"stays\n"),
    }
    for name, (mode, data) in files.items():
        (root / name).write_bytes(data)
        (root / name).chmod(mode)
    (root / "link.py").symlink_to("pkg/gbk.py")
    return [
        FileChange("app.py", files["app.py"][1], b"import openai\nclient = openai.OpenAI(a=1)"),
        FileChange(".env", files[".env"][1], b"DASHSCOPE_API_KEY=\r\n"),
        FileChange("link.py", files["pkg/gbk.py"][1], files["pkg/gbk.py"][1] + b"y = 1\n"),
        FileChange("old.py", files["old.py"][1], None),
        FileChange("new/deep/batches.py", None, b"new\n"),
        FileChange("MIGRATION_CHECKLIST.md", None, b"# todo\n"),
    ]


def git(folder: Path, *arguments: str, data: bytes | None = None) -> bytes:
    """Run git with no configuration but its own."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    return subprocess.run(
        ["git", *identity, *arguments],
        cwd=folder,
        input=data,
        env=environment,
        capture_output=True,
        check=True,
    ).stdout


class Fast(FileSystem):
    """Does not wait for the disk: a test does not outlive a loss of power."""

    def sync(self, descriptor: int) -> None: ...


class Killed(BaseException):
    """Stands for the end of the process: nothing is written after it."""


class Breaking(Fast):
    """Counts what is written and breaks at the given step, in the middle of it."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.steps = 0

    def fail(self, path: Path) -> None:
        raise NotImplementedError

    def due(self) -> bool:
        self.steps += 1
        return self.steps == self.at

    def make_folder(self, path: Path, mode: int = 0o777) -> None:
        if self.due():
            self.fail(path)
        super().make_folder(path, mode)

    def write(self, path: Path, data: bytes, mode: int = 0o666) -> None:
        if self.due():
            super().write(path, data[: len(data) // 2], mode)
            self.fail(path)
        super().write(path, data, mode)

    def dress(self, path: Path, like: Path | None, attributes: Attributes) -> None:
        if self.due():
            self.fail(path)
        super().dress(path, like, attributes)

    def replace(self, source: Path, target: Path) -> None:
        if self.due():
            self.fail(target)
        super().replace(source, target)

    def remove(self, path: Path) -> None:
        if self.due():
            self.fail(path)
        super().remove(path)

    def remove_folder(self, path: Path) -> None:
        if self.due():
            self.fail(path)
        super().remove_folder(path)


class Dying(Breaking):
    """Like a kill: from the step on, nothing more is written."""

    def due(self) -> bool:
        self.steps += 1
        return self.steps >= self.at

    def fail(self, path: Path) -> None:
        raise Killed

    def write(self, path: Path, data: bytes, mode: int = 0o666) -> None:
        if self.steps + 1 > self.at:
            raise Killed
        super().write(path, data, mode)


class Full(Breaking):
    """A disk that refuses once."""

    def fail(self, path: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
