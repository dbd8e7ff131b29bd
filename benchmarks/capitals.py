"""Give commands on a disk that takes capitals for small letters, among names that collide.

python -m benchmarks.capitals

A folder is shown through FUSE as such a disk shows it: a name is found however it is spelled. What
is there is called almost as what the commands write. Nothing of it may be lost: `undo` gives it
back, and what takes no undo writes into it only as it would in its own name. Needs Linux, libfuse 2
and `pip install fusepy`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.crash_points import build, run, tree, warm_up

_APPLY = ("apply", "--target", "bailian")
# What is there beside the code, and the commands that are given one after the other.
_CASES: dict[str, tuple[dict[str, str], tuple[tuple[str, ...], ...]]] = {
    "nothing that collides": ({}, (_APPLY, ("undo",))),
    "a list and a diff": (
        {"migration_checklist.md": "# Mine\n\n- [ ] milk\n", "Migration.Diff": "mine\n"},
        (_APPLY, ("checklist",), ("undo",)),
    ),
    "modules": ({"Bailian_Embeddings.py": "x = 1\n", "APP.PYI": ""}, (_APPLY, ("undo",))),
    "a journal": ({".Migrate": "mine\n"}, (_APPLY,)),
    "a baseline": ({".Migrate-Baseline.json": "mine\n"}, (("baseline",), ("check",))),
}


def main() -> int:
    """Print what became of each case; 1 where something is lost."""
    if sys.argv[1:2] == ["--serve"]:
        _serve(*sys.argv[2:])
        return 0
    warm_up()
    lost = 0
    with tempfile.TemporaryDirectory() as folder:
        behind, disk = Path(folder) / "behind", Path(folder) / "disk"
        behind.mkdir()
        disk.mkdir()
        serving = subprocess.Popen(
            (sys.executable, "-m", "benchmarks.capitals", "--serve", str(behind), str(disk))
        )
        try:
            while not os.path.ismount(disk) and serving.poll() is None:
                time.sleep(0.1)
            (disk / "Probe").touch()
            assert (disk / "pROBE").exists()
            for number, (name, (beside, commands)) in enumerate(_CASES.items()):
                root = disk / str(number)
                build(root)
                for path, text in beside.items():
                    (root / path).write_text(text)
                before = tree(root)
                codes = [run(root, command).code for command in commands]
                after = tree(root)
                gone = [path for path in before if after.get(path) != before[path]]
                lost += len(gone)
                print(f"{name:24}{codes}  {f'lost: {gone}' if gone else 'nothing lost'}")
        finally:
            subprocess.run(("umount", str(disk)), check=False)
            serving.send_signal(signal.SIGTERM)
            serving.wait()
    return 1 if lost else 0


def _serve(behind: str, disk: str) -> None:
    fuse: Any = import_module("fuse")
    kind = type("Disk", (Capitals, fuse.Operations), {})
    fuse.FUSE(kind(behind), disk, foreground=True, nothreads=True)


class Capitals:
    """A folder as a disk shows it to which `a` and `A` are one name. FUSE calls the methods."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    def _place(self, path: str) -> Path:
        place = self._folder
        for part in filter(None, path.split("/")):
            names = [one.name for one in place.iterdir()] if place.is_dir() else []
            same = (one for one in names if one.casefold() == part.casefold())
            place /= part if part in names else next(same, part)
        return place

    def getattr(self, path: str, _handle: int | None = None) -> dict[str, Any]:
        status = self._place(path).lstat()
        return {name: getattr(status, name) for name in dir(status) if name.startswith("st_")}

    def readdir(self, path: str, _handle: int) -> list[str]:
        return [".", "..", *(one.name for one in self._place(path).iterdir())]

    def readlink(self, path: str) -> str:
        return str(self._place(path).readlink())

    def mkdir(self, path: str, mode: int) -> None:
        self._place(path).mkdir(mode)

    def rmdir(self, path: str) -> None:
        self._place(path).rmdir()

    def unlink(self, path: str) -> None:
        self._place(path).unlink()

    def symlink(self, path: str, target: str) -> None:
        self._place(path).symlink_to(target)

    def rename(self, old: str, new: str) -> None:
        self._place(old).rename(self._place(new))

    def chmod(self, path: str, mode: int) -> None:
        self._place(path).chmod(mode)

    def chown(self, path: str, user: int, group: int) -> None:
        os.lchown(self._place(path), user, group)

    def utimens(self, path: str, times: tuple[float, float] | None = None) -> None:
        os.utime(self._place(path), times)

    def open(self, path: str, flags: int) -> int:
        return os.open(self._place(path), flags)

    def create(self, path: str, mode: int, _info: Any = None) -> int:
        return os.open(self._place(path), os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)

    def read(self, _path: str, size: int, offset: int, handle: int) -> bytes:
        return os.pread(handle, size, offset)

    def write(self, _path: str, data: bytes, offset: int, handle: int) -> int:
        return os.pwrite(handle, data, offset)

    def truncate(self, path: str, length: int, _handle: int | None = None) -> None:
        os.truncate(self._place(path), length)

    def release(self, _path: str, handle: int) -> None:
        os.close(handle)

    def fsync(self, _path: str, _data: int, handle: int) -> None:
        os.fsync(handle)


if __name__ == "__main__":
    sys.exit(main())
