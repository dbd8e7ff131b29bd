"""What goes wrong around a command: nothing is lost, and it is told in a line.

`python -m benchmarks.crash_points` walks every point; here are some of each kind.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

if sys.platform == "win32":
    pytest.skip("needs fork and terminals of Unix", allow_module_level=True)

from benchmarks.crash_points import (
    FAULTS,
    Ended,
    Walk,
    build,
    race,
    races,
    run,
    scenarios,
    tree,
    warm_up,
)
from migrator import workflow
from migrator.changes.errors import ChangedFileError, PathError
from migrator.checking import history
from migrator.discovery import listing
from tests.changes.trees import git

APPLY = ("apply", "--target", "bailian")
TARGET = workflow.Options("bailian")
APP = (
    "from openai import OpenAI\n\nclient = OpenAI()\n"
    "client.chat.completions.create(model='gpt-4o', messages=[])\n"
)
NOBODY = 65534


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    warm_up()


@pytest.mark.parametrize(
    ("name", "fault", "every", "first"),
    [
        ("apply", "kill", 90, 60), ("undo", "kill", 60, 20), ("checklist", "kill", 20, 14),
        ("init", "full", 40, 16),
    ],
)  # fmt: skip
def test_whatever_ends_a_command_nothing_is_lost(
    tmp_path: Path, name: str, fault: str, every: int, first: int
) -> None:
    walk = Walk(next(one for one in scenarios() if one.name == name), tmp_path)
    tally = walk.all(FAULTS[fault], every, first)
    assert tally.points
    assert not tally.wrong


def test_of_two_applies_at_once_one_writes(tmp_path: Path) -> None:
    assert race(races()[0], tmp_path, 1)["done"] == 1


def refused(ended: Ended) -> str:
    """The one line of an error that the machine or the tree is the cause of."""
    assert ended.code == 3, ended
    (line,) = ended.told.splitlines()
    assert line.startswith("migrate: ")
    return line


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everyone can reach: those of tests are closed to others."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
def test_a_tree_that_may_not_be_written_stays_and_what_may_not_be_read_is_named(
    open_folder: Path,
) -> None:
    root = open_folder / "root"
    build(root)
    (root / "closed.py").write_text(APP)
    (root / "closed.py").chmod(0)
    before = tree(root)

    def nobody() -> None:
        import_module("mmap")  # Python itself may be closed to others, too
        os.setgid(NOBODY)
        os.setuid(NOBODY)

    assert "Permission denied" in refused(run(root, APPLY, first=nobody))
    assert tree(root) == before
    scanned = run(root, ("scan", "--format", "json"), first=nobody)
    assert scanned.code == 0
    assert '"closed.py"' in scanned.told
    os.chown(root, NOBODY, NOBODY)  # the folder of one's own, with files and a folder of others
    assert "app.py: Operation not permitted" in refused(run(root, APPLY, first=nobody))
    assert tree(root) == before
    assert not [one for one in root.rglob(".migrate*") if one.name != ".migrate"]


def test_any_name_is_written_named_in_one_line_and_restored(tmp_path: Path) -> None:
    names = [
        b"a\nb.py",
        b"\xff.py",
        b"\x1b[31m.py",
        "模型.py".encode(),
        b"App.py",
        b"app.py",
        b" .py",
    ]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_text(APP)
    before = tree(tmp_path)
    assert run(tmp_path, ("explain", "a\nb.py:4", "--target", "bailian")).code == 0
    for command, forms in (
        ((*APPLY, "-n"), ("markdown", "sarif", "html")),
        (("scan",), ("table",)),
        (("check",), ("text", "sarif")),
    ):
        for form in forms:
            ended = run(tmp_path, (*command, "--format", form))
            assert ended.code == (5 if command == ("check",) else 0)
            assert "\x1b[31m.py" not in ended.told
    ended = run(tmp_path, APPLY)
    assert ended.code == 0
    assert "\x1b[31m.py" not in ended.told
    after = tree(tmp_path)
    changed = {path for path in before if before[path] != after[path]}
    assert changed == set(before)
    diff = (tmp_path / "migration.diff").read_bytes()
    assert run(tmp_path, ("undo",)).code == 0
    assert tree(tmp_path) == before
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    subprocess.run(["git", "apply"], cwd=tmp_path, input=diff, env=environment, check=True)
    assert all(tree(tmp_path)[path] == after[path] for path in before)


def test_a_folder_beyond_all_paths_and_a_file_beyond_all_size_are_passed_by(
    tmp_path: Path,
) -> None:
    build(tmp_path)
    with (tmp_path / "large.py").open("wb") as file:
        file.write(APP.encode())
        file.truncate(100_000_000)
    (tmp_path / ".gitignore").write_bytes(b"a" * 1_000_000)
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(60):
        os.mkdir("d" * 100, dir_fd=here)
        inner = os.open("d" * 100, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("deep.py", os.O_WRONLY | os.O_CREAT, dir_fd=here))
    os.close(here)
    scanned = run(tmp_path, ("scan", "--format", "json"))
    assert scanned.code == 0
    assert '"large.py"' in scanned.told
    assert run(tmp_path, APPLY).code == 0
    assert run(tmp_path, ("undo",)).code == 0


def test_a_pipe_in_the_place_of_a_file_holds_nobody_up(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "pyproject.toml").unlink()
    (tmp_path / ".env").unlink()
    for name in (
        "pyproject.toml", ".migrator.yaml", ".gitignore", ".env", "x.py", "README.md", "setup.cfg",
        "setup.py", "openai.ipynb", "openai.yaml", ".pre-commit-config.yaml",
    ):  # fmt: skip
        os.mkfifo(tmp_path / name)
    assert run(tmp_path, ("check",)).code == 5
    assert run(tmp_path, APPLY).code == 0
    assert run(tmp_path, ("undo",)).code == 0
    for name in (".migrate-baseline.json", "MIGRATION_CHECKLIST.md", ".migrate/lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        os.mkfifo(tmp_path / name)
        command = ("baseline",) if "baseline" in name else APPLY
        assert f"{name}: not a regular file; move it away" in refused(run(tmp_path, command))
        (tmp_path / name).unlink()


def test_git_that_waits_for_a_pipe_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q")
    os.mkfifo(tmp_path / ".gitignore")
    (tmp_path / "app.py").write_text(APP)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(history, "SECONDS", 0.1)
    monkeypatch.setattr(listing, "SECONDS", 0.1)
    with pytest.raises(history.GitError, match="no answer within"):
        history.untracked()
    assert workflow.scan([tmp_path]).sites


def test_what_changes_between_plan_and_write_is_left_alone(tmp_path: Path) -> None:
    """A file that vanishes or is edited, or it or its folder becomes a link out of the tree."""
    for number, meddle in enumerate((_vanish, _lead_out, _link_out, _edit)):
        root = tmp_path / str(number) / "root"
        build(root)
        result, _root = workflow.plan([root], TARGET)
        meddle(root)
        before = tree(root.parent)
        with pytest.raises((ChangedFileError, PathError), match=r"pkg/worker\.py"):
            workflow.carry_out(result, root, TARGET)
        assert tree(root.parent) == before


def _link_out(root: Path) -> None:
    (root / "pkg/worker.py").rename(root.parent / "elsewhere.py")
    (root / "pkg/worker.py").symlink_to("../../elsewhere.py")


def _vanish(root: Path) -> None:
    (root / "pkg/worker.py").unlink()


def _edit(root: Path) -> None:
    worker = root / "pkg/worker.py"
    worker.chmod(0o644)
    worker.write_bytes(worker.read_bytes() + b"# a person's\n")


def _lead_out(root: Path) -> None:
    (root / "pkg").rename(root.parent / "elsewhere")
    (root / "pkg").symlink_to(root.parent / "elsewhere")


# What Windows has not is gone, and what it has beside is there: for what is imported from here on.
WINDOWS = """\
import os, shutil, signal, subprocess, sys, sysconfig, types
import click, libcst, pathspec, rich.console, tomlkit, typer.main, typer.rich_utils, yaml
sysconfig.get_config_vars()
sys.modules["msvcrt"] = types.SimpleNamespace(LK_NBLCK=2, locking=lambda *given: None)
sys.modules.update(dict.fromkeys(("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty")))
for module, names in (
    (os, "fork geteuid getuid chown fchown fchmod killpg setsid sched_getaffinity O_NOFOLLOW "
         "O_NONBLOCK O_DIRECTORY mkfifo register_at_fork posix_spawnp"),
    (signal, "SIGHUP SIGALRM alarm"),
):
    for name in names.split():
        vars(module).pop(name, None)
sys.platform = "win32"
from migrator.cli import main
for command in (["apply", "--target", "bailian"], ["undo"]):
    sys.argv = ["migrate", *command]
    try:
        main()
    except SystemExit as end:
        assert not end.code, (command, end.code)
"""


def test_what_windows_has_not_is_not_needed(tmp_path: Path) -> None:
    build(tmp_path)
    before = tree(tmp_path)
    command = [sys.executable, "-c", WINDOWS]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "is undone" in done.stdout
    assert tree(tmp_path) == before
