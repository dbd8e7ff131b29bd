from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.changes.diff import FileChange
from migrator.changes.errors import (
    BusyError,
    ChangedFileError,
    InterruptedRunError,
    JournalError,
    NoRunError,
    PathError,
    WriteError,
)
from migrator.changes.journal import State, runs
from migrator.changes.transaction import apply_changes, follow_links
from migrator.changes.undo import undo

from .trees import Dying, Fast, Full, Killed, Snapshot, build, snapshot, without_journal

COMMAND = "migrate apply --target bailian"


def apply(root: Path, changes: list[FileChange], files: Fast | None = None) -> None:
    apply_changes(root, changes, command=COMMAND, files=files or Fast())


def recover(root: Path) -> None:
    """What a user does after a kill."""
    with suppress(NoRunError):  # it had not begun, or was done
        undo(root, files=Fast())


def planned(root: Path, changes: list[FileChange]) -> dict[str, bytes | None]:
    return {change.path: change.after for change in changes}


def contents(root: Path, changes: list[FileChange]) -> dict[str, bytes | None]:
    return {
        change.path: (root / change.path).read_bytes() if (root / change.path).exists() else None
        for change in changes
    }


def test_apply_writes_what_is_planned_and_keeps_modes_links_and_the_rest(tmp_path: Path) -> None:
    changes = build(tmp_path)
    before = snapshot(tmp_path)
    apply(tmp_path, changes)
    after = without_journal(snapshot(tmp_path))
    assert contents(tmp_path, changes) == planned(tmp_path, changes)
    assert after["link.py"] == before["link.py"]
    assert after["other.py"] == before["other.py"]
    for path in ("app.py", ".env", "pkg/gbk.py"):
        assert after[path][1] == before[path][1]
    assert set(after) - set(before) == {
        "new", "new/deep", "new/deep/batches.py", "MIGRATION_CHECKLIST.md",
    }  # fmt: skip


def test_undo_restores_the_whole_tree(tmp_path: Path) -> None:
    changes = build(tmp_path)
    before = snapshot(tmp_path)
    apply(tmp_path, changes)
    undone = undo(tmp_path)
    assert snapshot(tmp_path) == before
    assert undone.restored == (".env", "app.py", "old.py", "pkg/gbk.py")
    assert undone.removed == ("MIGRATION_CHECKLIST.md", "new/deep/batches.py")


FOLDERS = ["", "a/", "b c/", "a/目录/"]
PATHS = st.builds(
    lambda folder, name: f"{folder}{name}.py", st.sampled_from(FOLDERS), st.sampled_from("xyz'值")
)
BYTES = st.binary(max_size=20)
MODES = st.sampled_from([0o644, 0o755, 0o600, 0o444, 0o400, 0o664])


@settings(max_examples=60)
@given(st.dictionaries(PATHS, st.tuples(BYTES, MODES)), st.dictionaries(PATHS, st.none() | BYTES))
def test_any_apply_then_undo_restores_bytes_and_modes(
    tree: dict[str, tuple[bytes, int]], wanted: dict[str, bytes | None]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, (data, mode) in tree.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
            (root / path).chmod(mode)
        before = snapshot(root)
        changes = [
            FileChange(path, tree[path][0] if path in tree else None, after)
            for path, after in wanted.items()
        ]
        apply(root, changes)
        assert contents(root, changes) == planned(root, changes)
        for path, (_, mode) in tree.items():
            if (root / path).exists():
                assert (root / path).stat().st_mode & 0o7777 == mode
        recover(root)
        assert snapshot(root) == before


def interrupted_applies(tmp_path: Path) -> list[tuple[Path, Snapshot]]:
    """A tree for every step of apply, killed in the middle of that step."""
    found = []
    for step in range(1, 1000):
        root = tmp_path / str(step)
        changes = build(root)
        before = snapshot(root)
        try:
            apply(root, changes, Dying(step))
        except Killed:
            found.append((root, before))
        else:
            return found
    raise AssertionError("apply never ends")


def test_an_apply_killed_at_any_step_is_undone_and_can_be_run_again(tmp_path: Path) -> None:
    trees = interrupted_applies(tmp_path)
    assert len(trees) > 25
    states = set()
    for root, before in trees:
        changes = [
            FileChange(c.path, c.before, c.after) for c in build(root.with_name(root.name + "x"))
        ]
        now = contents(root, changes)
        states.add(
            "before" if now == {c.path: c.before for c in changes}
            else "after" if now == planned(root, changes)
            else "between"
        )  # fmt: skip
        recover(root)
        assert snapshot(root) == before
        apply(root, changes)
        assert contents(root, changes) == planned(root, changes)
    assert states == {"before", "between", "after"}


def test_a_killed_apply_is_named_by_the_next_one(tmp_path: Path) -> None:
    named = 0
    for root, _ in interrupted_applies(tmp_path):
        pending = [run for run in runs(root) if run.interrupted]
        fresh = [FileChange("fresh.py", None, b"x\n")]
        if pending:
            named += 1
            with pytest.raises(InterruptedRunError, match=f"migrate undo {pending[0].id}"):
                apply(root, fresh)
            assert not (root / "fresh.py").exists()
        else:
            apply(root, fresh)
    assert named > 10


def test_an_undo_killed_at_any_step_is_done_by_the_next_one(tmp_path: Path) -> None:
    for step in range(1, 1000):
        root = tmp_path / str(step)
        changes = build(root)
        before = snapshot(root)
        apply(root, changes)
        try:
            undo(root, files=Dying(step))
        except Killed:
            recover(root)
            assert snapshot(root) == before
        else:
            assert step > 12
            return


@settings(max_examples=40)
@given(st.integers(1, 60), st.integers(1, 40), st.integers(1, 40))
def test_kill_upon_kill_is_recovered(first: int, second: int, third: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "root")
        changes = build(root)
        before = snapshot(root)
        try:
            apply(root, changes, Dying(first))
        except Killed:
            for step in (second, third):
                with suppress(Killed, NoRunError):
                    undo(root, files=Dying(step))
        recover(root)
        assert snapshot(root) == before


def test_a_disk_that_refuses_at_any_step_leaves_the_tree_as_it_was(tmp_path: Path) -> None:
    refused = 0
    for step in range(1, 1000):
        root = tmp_path / str(step)
        changes = build(root)
        before = snapshot(root)
        disk = Full(step)
        try:
            apply(root, changes, disk)
        except WriteError as error:
            refused += 1
            assert "No space left" in str(error)
            assert without_journal(snapshot(root)) == before
            assert not [run for run in runs(root) if run.interrupted]
        else:
            assert contents(root, changes) == planned(root, changes)
            if disk.steps < step:
                break
    assert refused > 20


def test_an_interrupt_from_the_keyboard_takes_the_run_back(tmp_path: Path) -> None:
    changes = build(tmp_path)
    before = snapshot(tmp_path)

    class Impatient(Fast):
        pressed = False

        def replace(self, source: Path, target: Path) -> None:
            super().replace(source, target)
            if target.name == "app.py" and not self.pressed:
                self.pressed = True
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply(tmp_path, changes, Impatient())
    assert snapshot(tmp_path) == before


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        from migrator.changes.diff import FileChange
        from migrator.changes.filesystem import FileSystem
        from migrator.changes.transaction import apply_changes

        class Deadly(FileSystem):
            def replace(self, source, target):
                super().replace(source, target)
                if target.suffix == ".py":
                    os.kill(os.getpid(), signal.SIGKILL)

        apply_changes(
            Path(sys.argv[1]),
            [FileChange("a.py", b"1\\n", b"2\\n"), FileChange("b.py", b"1\\n", b"2\\n")],
            command="migrate apply", files=Deadly(),
        )
    """)
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_bytes(b"1\n")
    before = snapshot(tmp_path)
    done = subprocess.run([sys.executable, "-c", program, tmp_path])
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "a.py").read_bytes() == b"2\n"
    assert (tmp_path / "b.py").read_bytes() == b"1\n"
    undo(tmp_path)
    assert snapshot(tmp_path) == before


def test_two_applies_at_once_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"1\n")
    inside, go = threading.Event(), threading.Event()

    class Slow(Fast):
        def replace(self, source: Path, target: Path) -> None:
            inside.set()
            assert go.wait(10)
            super().replace(source, target)

    first = threading.Thread(
        target=apply, args=(tmp_path, [FileChange("a.py", b"1\n", b"2\n")], Slow())
    )
    first.start()
    assert inside.wait(10)
    try:
        for attempt in (
            lambda: apply(tmp_path, [FileChange("b.py", None, b"x\n")]),
            lambda: undo(tmp_path),
        ):
            with pytest.raises(BusyError, match=f"process {os.getpid()}"):
                attempt()
    finally:
        go.set()
        first.join()
    assert (tmp_path / "a.py").read_bytes() == b"2\n"
    assert not (tmp_path / "b.py").exists()
    assert [run.state for run in runs(tmp_path)] == [State.COMMITTED]


def test_a_file_that_changed_since_it_was_read_is_not_written(tmp_path: Path) -> None:
    changes = build(tmp_path)
    (tmp_path / "app.py").write_bytes(b"edited meanwhile\n")
    before = snapshot(tmp_path)
    with pytest.raises(ChangedFileError, match=r"changed since they were read: app\.py"):
        apply(tmp_path, changes)
    assert snapshot(tmp_path) == before


def test_a_file_that_appeared_since_is_not_overwritten(tmp_path: Path) -> None:
    changes = build(tmp_path)
    (tmp_path / "MIGRATION_CHECKLIST.md").write_bytes(b"mine\n")
    with pytest.raises(ChangedFileError, match=r"MIGRATION_CHECKLIST\.md"):
        apply(tmp_path, changes)
    assert (tmp_path / "MIGRATION_CHECKLIST.md").read_bytes() == b"mine\n"


def test_a_file_edited_while_others_are_written_stops_and_takes_back_the_run(
    tmp_path: Path,
) -> None:
    changes = build(tmp_path)

    class Meddled(Fast):
        def replace(self, source: Path, target: Path) -> None:
            super().replace(source, target)
            if target.name == ".env":
                (tmp_path / "app.py").write_bytes(b"edited just now\n")

    before = snapshot(tmp_path)
    with pytest.raises(ChangedFileError, match=r"app\.py"):
        apply(tmp_path, changes, Meddled())
    after = snapshot(tmp_path)
    assert after.pop("app.py")[2] == b"edited just now\n"
    del before["app.py"]
    assert after == before


def test_a_hard_link_keeps_the_other_names_content(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "store.py").write_bytes(b"1\n")
    (root / "a.py").hardlink_to(tmp_path / "store.py")
    apply(root, [FileChange("a.py", b"1\n", b"2\n")])
    assert (root / "a.py").read_bytes() == b"2\n"
    assert (tmp_path / "store.py").read_bytes() == b"1\n"


def test_the_same_change_by_two_names_is_made_once(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"1\n")
    (tmp_path / "folder").symlink_to(".")
    changes = [FileChange("folder/a.py", b"1\n", b"2\n"), FileChange("a.py", b"1\n", b"2\n")]
    assert follow_links(tmp_path, changes) == [FileChange("a.py", b"1\n", b"2\n")]
    with pytest.raises(PathError, match="two different changes"):
        follow_links(tmp_path, [*changes, FileChange("a.py", b"1\n", b"3\n")])


def test_paths_that_must_not_be_written_are_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (tmp_path / "outside.py").write_bytes(b"1\n")
    (root / "leak.py").symlink_to("../outside.py")
    (root / "inner.py").symlink_to("target.py")
    (root / "target.py").write_bytes(b"1\n")
    for path, after in [
        ("../outside.py", b"2\n"),
        (str(tmp_path / "outside.py"), b"2\n"),
        ("leak.py", b"2\n"),
        (".git/config", b"2\n"),
        (".migrate/x", b"2\n"),
        ("folder", b"2\n"),
        ("inner.py", None),
        ("", b"2\n"),
    ]:
        with pytest.raises(PathError):
            apply(root, [FileChange(path, b"1\n", after)])
    assert (tmp_path / "outside.py").read_bytes() == b"1\n"


def test_nothing_to_change_writes_nothing(tmp_path: Path) -> None:
    build(tmp_path)
    before = snapshot(tmp_path)
    same = FileChange("other.py", b"stays\n", b"stays\n")
    assert apply_changes(tmp_path, [same], command=COMMAND) is None
    assert snapshot(tmp_path) == before


def test_the_journal_keeps_secrets_to_its_owner(tmp_path: Path) -> None:
    apply(tmp_path, build(tmp_path))
    for path, (kind, mode, _) in snapshot(tmp_path / ".migrate").items():
        if path != ".gitignore":
            assert mode & 0o077 == 0, (kind, path)


def test_a_journal_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    changes = build(root)
    (tmp_path / "elsewhere").mkdir()
    (root / ".migrate").symlink_to("../elsewhere")
    with pytest.raises(JournalError, match="move it away"):
        apply(root, changes)
    assert not any((tmp_path / "elsewhere").iterdir())


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    changes = build(root)
    (tmp_path / "precious").write_bytes(b"x")
    (root / ".migrate").mkdir()
    (root / ".migrate/lock").symlink_to("../../precious")
    with pytest.raises(WriteError, match="lock"):
        apply(root, changes)
    assert (tmp_path / "precious").read_bytes() == b"x"


def test_sweeping_does_not_follow_a_link_out_of_the_journal(tmp_path: Path) -> None:
    root = tmp_path / "root"
    changes = build(root)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/precious").write_bytes(b"x")
    (root / ".migrate/runs").mkdir(parents=True)
    (root / ".migrate/runs/0001-x").symlink_to("../../../elsewhere")
    apply(root, changes)
    assert (tmp_path / "elsewhere/precious").read_bytes() == b"x"
