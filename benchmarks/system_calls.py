"""Compare what `crash_points` counts with the system calls by which a command changes the disk.

python -m benchmarks.system_calls

Each command runs under strace with the points of `faulty.py` marked in the trace. A system call
that changes the disk has such a mark right before it, or there is no point at which the command was
ended there. Calls of other programs that a command starts (git) are counted by themselves.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.crash_points import build, commit, scenarios, warm_up
from benchmarks.faulty import Faulty

_MARK = "/point/"
_SHOWN = 10
# What each point leads to, by the names that the system has for it.
_CALLS = {
    "open": ("open", "openat", "openat2", "creat"),
    "write": ("write", "pwrite64", "writev", "pwritev", "sendfile", "copy_file_range"),
    "mkdir": ("mkdir", "mkdirat"),
    "rename": ("rename", "renameat", "renameat2"),
    "unlink": ("unlink", "unlinkat", "rmdir"),
    "truncate": ("truncate", "ftruncate", "fallocate"),
    "link": ("link", "linkat"),
    "symlink": ("symlink", "symlinkat", "mknod", "mknodat"),
    "chmod": ("chmod", "fchmod", "fchmodat", "fchmodat2"),
    "chown": ("chown", "fchown", "lchown", "fchownat"),
    "utime": ("utime", "utimes", "utimensat", "futimesat"),
    "setxattr": ("setxattr", "lsetxattr", "fsetxattr", "removexattr"),
    "fsync": ("fsync", "fdatasync", "sync_file_range", "syncfs", "msync"),
}
_KINDS = {call: kind for kind, calls in _CALLS.items() for call in calls}
_POINTS = {
    "replace": "rename", "remove": "unlink", "rmdir": "unlink", "ftruncate": "truncate",
    "fchmod": "chmod", "lchmod": "chmod", "fchown": "chown", "lchown": "chown",
    "fdatasync": "fsync",
}  # fmt: skip
_LINE = re.compile(r"(?P<process>\d+)\s+(?P<call>\w+)\((?P<given>.*)\)\s+= (?P<result>-?\d+)")
_WRITING = re.compile(r"O_(?:CREAT|TRUNC|WRONLY|RDWR|APPEND)\b")
# What no file is kept in: pipes, terminals, the devices.
_NO_FILE = re.compile(r"^\d+<(?:pipe|socket|anon_inode|/dev/)|\"/dev/|\"/proc/")


@dataclass
class Traced:
    """What one command did: calls with a point before them, those without, and others' calls."""

    ended: int
    covered: Counter[str] = field(default_factory=Counter)
    bare: list[str] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)


def traced(root: Path, command: tuple[str, ...], environment: dict[str, str]) -> Traced:
    """Carry a command out under strace."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        calls = ",".join(f"?{one}" for one in (*_KINDS, "access", "faccessat", "execve"))
        child = (sys.executable, "-m", "benchmarks.system_calls", "--child", *command)
        done = subprocess.run(
            ("strace", "-f", "-y", "-qq", "-s", "300", "-o", log, "-e", f"trace={calls}", *child),
            cwd=root, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False,
        )  # fmt: skip
        return _read(Traced(done.returncode), log.read_text("utf-8", "replace").splitlines())


def _read(found: Traced, lines: list[str]) -> Traced:
    own: set[str] = set()
    strange: set[str] = set()
    marked: dict[str, str] = {}
    for line in _whole(lines):
        process = line.partition(" ")[0]
        if " execve(" in line and own:  # the first is the command itself
            strange.add(process)
        match = _LINE.match(line)
        if match is None:
            continue
        process, call, given, result = match.group("process", "call", "given", "result")
        if call in {"access", "faccessat"}:
            if _MARK in given:
                own.add(process)
                name = given.partition(_MARK)[2].partition('"')[0]
                marked[process] = _POINTS.get(name, name)
        elif _changes(call, given, result):
            if process in strange:
                found.others[call] += 1
            elif marked.pop(process, "") == _KINDS[call]:
                found.covered[call] += 1
            elif own:  # before the first mark, Python starts
                found.bare.append(line)
    return found


def _whole(lines: list[str]) -> Iterator[str]:
    """The lines, each where its call ends: one that another process came between stands in two."""
    begun: dict[str, str] = {}
    for line in lines:
        process, _, rest = line.partition(" ")
        if line.endswith(" <unfinished ...>"):
            begun[process] = line.removesuffix(" <unfinished ...>")
        elif rest.lstrip().startswith("<... ") and process in begun:
            yield begun.pop(process) + rest.partition(" resumed>")[2]
        else:
            yield line
    yield from begun.values()


def _changes(call: str, given: str, result: str) -> bool:
    if call not in _KINDS or result.startswith("-") or _NO_FILE.search(given):
        return False
    return _KINDS[call] != "open" or bool(_WRITING.search(given) or call == "creat")


class Marking(Faulty):
    """Ends nothing, and leaves a mark in the trace at each point."""

    def __init__(self) -> None:
        super().__init__(0)

    def meet(self, call: str) -> None:
        super().meet(call)
        os.access(f"{_MARK}{call}", os.F_OK)


def _child(command: list[str]) -> None:
    Marking().install()
    os.access(f"{_MARK}first", os.F_OK)
    sys.argv = ["migrate", *command]
    from migrator.cli import main

    main()


def main() -> int:
    """Print how many calls of each command have a point before them; 1 where one has none."""
    if sys.argv[1:2] == ["--child"]:
        _child(sys.argv[2:])
        return 0
    warm_up()
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    environment["PYTHONPATH"] = str(Path(__file__).parent.parent)
    bare = total = 0
    print(f"{'command':24}{'changing calls':>16}{'with a point':>14}  by which")
    for scenario in (one for one in scenarios() if not one.answers):
        for is_repository in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                root = Path(folder) / "root"
                build(root)
                environment.update({"MIGRATE_CACHE_DIR": "", **scenario.environment})
                scenario.earlier(root)
                if is_repository:
                    commit(root)
                command = scenario.command
                if is_repository and command[0] == "apply":
                    command = (*command, "--allow-dirty")
                done = traced(root, command, environment)
            covered = sum(done.covered.values())
            bare += len(done.bare) or (done.ended != 0)
            total += covered + len(done.bare)
            name = f"{scenario.name}{' (git)' if is_repository else ''}"
            calls = " ".join(f"{call} {number}" for call, number in sorted(done.covered.items()))
            others = f"; other programs {sum(done.others.values())}" if done.others else ""
            print(f"{name:24}{covered + len(done.bare):>16}{covered:>14}  {calls}{others}")
            for line in (
                *done.bare[:_SHOWN],
                *([f"it ended with {done.ended}"] if done.ended else ()),
            ):
                print(f"{name}: {line}", file=sys.stderr)
    print(f"\n{total} calls, {total - bare} of them with a point before")
    return 1 if bare else 0


if __name__ == "__main__":
    sys.exit(main())
