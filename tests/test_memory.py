"""What a scan keeps for the next one changes its time, and nothing else."""

from __future__ import annotations

import os
import pickle
import random
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.analysis.result import ScanResult
from migrator.memory import folder, scans, states
from migrator.workflow import Options, scan

CLIENT = "from openai import OpenAI\nclient = OpenAI()\n"
CALL = "from llm import client\nclient.chat.completions.create(model={model!r}, messages=[])\n"
CONTENTS = [
    CLIENT,
    CALL.format(model="gpt-4o"),
    CALL.format(model="gpt-4.1"),  # as long as another with a trailing blank
    "import llm\n\ndef ask():\n    return llm.client.responses.create(model='gpt-4o')\n",
    "from llm import *\n",
    "# openai\n",
    "import os\nos.environ['OPENAI_API_KEY']\n",
    "def (",
    "\0",
    "",
]
NAMES = ["llm.py", "app.py", "pkg/__init__.py", "pkg/deep/use.py", ".env", "requirements.txt"]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for what is kept; a step of the clock is so short that nothing has to wait."""
    place = tmp_path / "kept"
    monkeypatch.setenv(folder.VARIABLE, str(place))
    monkeypatch.setattr(states, "_STEP", 0)
    return place


def both(root: Path, **options: object) -> ScanResult:
    """The scan by what is kept; it has to be the one without."""
    wish = Options(**options)  # type: ignore[arg-type]
    found = scan([root], wish)
    assert found == scan([root], replace(wish, cache=False))
    return found


def test_whatever_is_edited_a_scan_finds_what_one_without_a_cache_finds(
    tmp_path: Path, kept: Path
) -> None:
    chance = random.Random(7)
    root = tmp_path / "root"
    root.mkdir()
    (root / "llm.py").write_text(CLIENT)

    def path() -> Path:
        one = root / chance.choice(NAMES)
        one.parent.mkdir(parents=True, exist_ok=True)
        return one

    def write() -> None:
        path().write_text(chance.choice(CONTENTS))

    def write_as_it_was_stamped() -> None:
        """The same size and time of change: the inode's own time tells."""
        one = path()
        if one.is_file():
            before = one.stat()
            one.write_bytes(one.read_bytes().replace(b"4o", b"4x").replace(b"4.", b"4-"))
            os.utime(one, ns=(before.st_atime_ns, before.st_mtime_ns))

    def rename() -> None:
        one = path()
        if one.is_file():
            one.replace(path())

    def remove() -> None:
        path().unlink(missing_ok=True)

    def touch() -> None:
        path().touch()

    def link() -> None:
        one = path()
        one.unlink(missing_ok=True)
        one.symlink_to(root / chance.choice(NAMES))

    def forbid() -> None:
        one = root / "llm.py"
        if one.is_file() and not one.is_symlink():
            one.chmod(0o000 if chance.random() < 0.5 else 0o644)

    def ignore() -> None:
        (root / ".gitignore").write_text(chance.choice(["", "pkg/\n", "app.py\n"]))

    def settings() -> None:
        (root / ".migrator.yaml").write_text(chance.choice(["{}", "exclude: ['app.py']"]))

    edits: list[Callable[[], None]] = [write, write, write_as_it_was_stamped, rename, remove]
    edits += [touch, link, forbid, ignore, settings]
    for _turn in range(40):
        for _edit in range(chance.choice([0, 1, 1, 3])):
            with suppress(OSError):  # a link to itself, a file that may not be read
                chance.choice(edits)()
        both(root)
        time.sleep(0.002)


def test_a_second_scan_reads_no_file_and_an_edit_reads_one(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    for name, text in (("llm.py", CLIENT), ("app.py", CALL.format(model="gpt-4o"))):
        (root / name).write_text(text)
    time.sleep(0.01)
    first = both(root)
    assert len(first.sites) == 4
    read: list[str] = []
    real = os.open

    def opened(path: str, *rest: int) -> int:
        if str(path).endswith(".py"):
            read.append(Path(path).name)
        return real(path, *rest)

    monkeypatch.setattr(os, "open", opened)
    assert scan([root]) == first
    assert not read
    (root / "app.py").touch()
    assert scan([root]) == first
    assert read == ["app.py"]  # its content is the same: nothing is analysed


def test_what_was_changed_right_before_is_looked_at_again(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states, "_STEP", 3_000_000_000)
    root = tmp_path / "root"
    root.mkdir()
    file = root / "app.py"
    file.write_text(CLIENT)
    both(root)
    still = file.stat()
    # As if the clock of the files stood still: an edit that leaves no trace in the state.
    monkeypatch.setattr(
        states, "state", lambda _status: (still.st_size, still.st_mtime_ns, still.st_ctime_ns, 1)
    )
    monkeypatch.setattr("migrator.discovery.sieve.state", states.state)
    both(root)
    file.write_text(CLIENT.replace("client =", "other_ ="))
    both(root)


def test_a_damaged_file_is_as_good_as_none_and_no_class_but_ours_is_made(
    tmp_path: Path, kept: Path
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "app.py").write_text(CLIENT)
    time.sleep(0.01)
    found = both(root)
    files = sorted(kept.iterdir())
    assert [one.suffix for one in files] == [".files", ".result"] or len(files) == 2
    for damage in (lambda data: data[:-1], lambda data: data + b"x", lambda data: b""):
        for file in files:
            file.write_bytes(damage(file.read_bytes()))
        assert both(root) == found

    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return os.system, ("touch evil",)

    assert scans._loaded(pickle.dumps(Evil())) is None
    assert scans._loaded(pickle.dumps(subprocess.Popen)) is None
    assert scans._loaded(pickle.dumps(found)) == found


def test_a_folder_that_others_could_have_filled_is_not_used(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    assert folder.folder(str(root)) == str(kept)
    if hasattr(os, "geteuid"):
        kept.chmod(0o777)
        assert folder.folder(str(root)) is None
        kept.chmod(0o700)
    monkeypatch.setenv(folder.VARIABLE, str(root / ".migrate" / "cache"))
    assert folder.folder(str(root)) is None
    both(root)
    assert not list(root.iterdir())
    monkeypatch.setenv(folder.VARIABLE, "")
    assert folder.folder(str(root)) is None
    monkeypatch.setenv(folder.VARIABLE, str(tmp_path / "a file"))
    (tmp_path / "a file").write_text("")
    both(root)


def test_another_version_keeps_apart_and_old_files_make_room(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    both(root)
    monkeypatch.setattr(scans, "fingerprint", lambda: b"another")
    both(root)
    assert len(list(kept.iterdir())) == 4
    monkeypatch.setattr(folder, "_MOST_BYTES", 100)
    (root / "app.py").write_text(CLIENT)
    both(root)
    assert sum(one.stat().st_size for one in kept.iterdir()) <= 100
