"""`migrate apply -i` at a real terminal."""

from __future__ import annotations

import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from migrator import workflow
from migrator.cli.reviewing import NoTerminalError, review
from tests.reviewing.test_review import FILES, OPTIONS, written
from tests.test_selection import tree

pty = pytest.importorskip("pty")
COLOUR = re.compile(rb"\x1b\[[0-9;]*m")
WAIT = 60


class Terminal:
    """A program at a terminal of its own."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self.process = process
        self._descriptor = descriptor

    def until_asked(self) -> str:
        """What is shown until something is asked, or the program ends; without colours."""
        shown = b""
        deadline = time.monotonic() + WAIT
        while not (text := COLOUR.sub(b"", shown)).endswith(b"? "):
            if not select.select([self._descriptor], [], [], deadline - time.monotonic())[0]:
                raise AssertionError(f"nothing is asked: {text.decode(errors='replace')}")
            try:
                shown += (data := os.read(self._descriptor, 65536))
            except OSError:  # the other side is closed
                data = b""
            if not data:
                self.process.wait(WAIT)
                break
        return text.decode().replace("\r", "")

    def type(self, text: str) -> str:
        os.write(self._descriptor, text.encode())
        return self.until_asked()


@contextmanager
def running(root: Path, *options: str, **environment: str) -> Iterator[Terminal]:
    import fcntl
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))

    def take_terminal() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        # A shell that starts the tests in the background has them ignore it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    process = subprocess.Popen(
        [sys.executable, "-m", "migrator", "apply", "--target", "bailian", "-i", *options, "."],
        cwd=root,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=take_terminal,
        env={**os.environ, "TERM": "xterm", "MIGRATE_LANG": "en", "PAGER": "cat", **environment},
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_groups_are_asked_for_and_what_is_taken_is_written(tmp_path: Path) -> None:
    root, twin = written(tmp_path / "asked"), written(tmp_path / "selected")
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import sys, pathlib\n"
        "file = pathlib.Path(sys.argv[1])\n"
        "text = file.read_text()\n"
        "file.write_text(text.replace('oops(', 'pass') if 'oops(' in text else text + 'oops(\\n')\n"
    )
    with running(root, EDITOR=f"{sys.executable} {editor}") as terminal:
        shown = terminal.until_asked()
        assert "Group 1 of 4: both.py#" in shown
        assert "+first = OpenAI(" in shown
        assert "Sources" in shown
        assert "(1/4) Take this group [y,n,a,d,f,s,e,x,j,g,/,p,q,?]?" in shown
        assert "how it is known" in terminal.type("x\n")
        assert "no such key" in terminal.type("z\n")
        assert "Group 2 of 4" in terminal.type("y\n")
        assert "Group 3 of 4: jobs/a.py#" in terminal.type("n\n")
        assert "'(' was never closed" in terminal.type("e\n")
        shown = terminal.type("y\n")
        assert "Taken as you edited it: jobs/a.py." in shown
        assert "Comments 4 of 4: stays.py" in shown
        assert "The answers are kept" in terminal.type("\x03")
        assert terminal.process.returncode == 130
    assert tree(root) == {path: text.encode() for path, text in FILES.items()}
    with running(root) as terminal:
        assert "Going on from before: 2 taken, 1 left" in terminal.until_asked()
        assert "Taken 2, left 1, open 1: 2 files." in terminal.type("q\n")
        assert "2 of 4 requests move" in terminal.type("y\n")
        assert terminal.process.returncode == 0
    groups = workflow.plan([twin], OPTIONS)[0].plan.groups
    workflow.apply([twin], workflow.Options("bailian", only=(groups[0].id, groups[2].id)))
    assert not workflow.verify(twin).failed
    expected = tree(twin)
    expected["jobs/a.py"] += b"pass\n"
    assert tree(root) == expected
    assert not (root / ".migrate" / "review.json").exists()
    assert not workflow.verify(root).failed
    workflow.undo(root)
    assert tree(root) == {path: text.encode() for path, text in FILES.items()}
    assert not (root / ".migrate").exists()


def test_a_dry_run_shows_the_patch_and_writes_nothing(tmp_path: Path) -> None:
    root = written(tmp_path)
    with running(root, "--dry-run") as terminal:
        terminal.until_asked()
        assert "both.py" in terminal.type("g\n")
        assert "Group 3 of 4: jobs/a.py#" in terminal.type("3\n")
        assert "Group 2 of 4" in terminal.type("k\n")
        assert "Comments 4 of 4" in terminal.type("/stays\n")
        assert "[y,n,a" in terminal.type("?\n")
        assert "Group 1 of 4" in terminal.type("y\n")
        assert "Show the patch [y,n,p,k,?]?" in terminal.type("d\n")
        shown = terminal.type("y\n")
        assert "+# MIGRATE[endpoint-missing]" in shown
        assert "--skip 'both.py#" in shown
    assert {path.name for path in root.iterdir()} == {"both.py", "jobs", "stays.py"}
    assert tree(root) == {path: text.encode() for path, text in FILES.items()}


def test_there_must_be_somebody_to_answer(tmp_path: Path) -> None:
    with pytest.raises(NoTerminalError, match="-i needs a terminal") as caught:
        review([tmp_path], OPTIONS, dry_run=False, allow_dirty=False, restart=False)
    assert caught.value.exit_code == 2
