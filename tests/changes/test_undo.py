from __future__ import annotations

import json
from datetime import datetime, tzinfo
from pathlib import Path, PureWindowsPath

import pytest

from migrator.changes.diff import FileChange
from migrator.changes.errors import ChangedFileError, JournalError, NoRunError
from migrator.changes.filesystem import is_within
from migrator.changes.journal import Run, digest, runs
from migrator.changes.transaction import apply_changes
from migrator.changes.undo import undo

from .trees import Fast, build, snapshot


def apply(root: Path, changes: list[FileChange]) -> Run:
    run = apply_changes(root, changes, command="migrate apply", files=Fast())
    assert run is not None
    return run


def test_a_file_changed_since_the_run_is_named_and_nothing_is_undone(tmp_path: Path) -> None:
    run = apply(tmp_path, build(tmp_path))
    (tmp_path / "app.py").write_bytes(b"work of a person\n")
    (tmp_path / "new/deep/batches.py").unlink()
    before = snapshot(tmp_path)
    with pytest.raises(
        ChangedFileError, match=rf"changed since run {run.id}: app\.py, new/deep/batches\.py;"
    ):
        undo(tmp_path)
    assert snapshot(tmp_path) == before


def test_a_file_replaced_by_a_link_counts_as_changed(tmp_path: Path) -> None:
    apply(tmp_path, [FileChange("a.py", None, b"1\n")])
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    (tmp_path / "a.py").symlink_to("b.py")
    with pytest.raises(ChangedFileError, match=r"a\.py"):
        undo(tmp_path)
    assert (tmp_path / "b.py").read_bytes() == b"1\n"


def test_a_mode_changed_since_the_run_is_restored(tmp_path: Path) -> None:
    changes = build(tmp_path)
    before = snapshot(tmp_path)
    apply(tmp_path, changes)
    (tmp_path / "app.py").chmod(0o600)
    undo(tmp_path)
    assert snapshot(tmp_path) == before


def test_a_folder_that_has_got_other_files_stays(tmp_path: Path) -> None:
    apply(tmp_path, build(tmp_path))
    (tmp_path / "new/mine.py").write_bytes(b"x\n")
    undo(tmp_path)
    assert (tmp_path / "new/mine.py").exists()
    assert not (tmp_path / "new/deep").exists()


def test_a_folder_that_was_removed_comes_back_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/a.py").write_bytes(b"1\n")
    apply(tmp_path, [FileChange("pkg/a.py", b"1\n", None)])
    (tmp_path / "pkg").rmdir()
    undo(tmp_path)
    assert (tmp_path / "pkg/a.py").read_bytes() == b"1\n"


def test_runs_are_undone_newest_first(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"1\n")
    first = apply(tmp_path, [FileChange("a.py", b"1\n", b"2\n")])
    second = apply(tmp_path, [FileChange("a.py", b"2\n", b"3\n")])
    assert [run.id for run in runs(tmp_path)] == [first.id, second.id]
    with pytest.raises(ChangedFileError, match=f"later run: migrate undo {second.id}"):
        undo(tmp_path, first.id)
    assert undo(tmp_path).run.id == second.id
    assert (tmp_path / "a.py").read_bytes() == b"2\n"
    assert undo(tmp_path).run.id == first.id
    assert snapshot(tmp_path) == {"a.py": snapshot(tmp_path)["a.py"]}
    assert (tmp_path / "a.py").read_bytes() == b"1\n"


def test_a_run_is_found_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    first = apply(tmp_path, [FileChange("a.py", None, b"1\n")])
    apply(tmp_path, [FileChange("b.py", None, b"1\n")])
    with pytest.raises(NoRunError, match="several runs begin with '000'"):
        undo(tmp_path, "000")
    with pytest.raises(NoRunError, match=f"no run '7' .*{first.id}"):
        undo(tmp_path, "7")
    undo(tmp_path, "0001")
    assert not (tmp_path / "a.py").exists()
    assert (tmp_path / "b.py").exists()


def test_without_a_run_there_is_nothing_to_undo(tmp_path: Path) -> None:
    with pytest.raises(NoRunError, match="no run to undo"):
        undo(tmp_path)
    assert not any(tmp_path.iterdir())


def test_a_damaged_copy_is_not_restored(tmp_path: Path) -> None:
    run = apply(tmp_path, build(tmp_path))
    (tmp_path / ".migrate/runs" / run.id / "before/2").write_bytes(b"rot")
    before = snapshot(tmp_path)
    with pytest.raises(JournalError, match=r"copy of app\.py is damaged"):
        undo(tmp_path)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda record: "{",
        lambda record: json.dumps({**record, "schema": 2}),
        lambda record: json.dumps({**record, "id": "0002-other"}),
        lambda record: json.dumps({**record, "entries": [{"path": "../../etc/passwd"}]}),
        lambda record: "[]",
    ],
    ids=["cut", "another version", "another run", "an incomplete entry", "not an object"],
)
def test_a_spoiled_manifest_is_named(tmp_path: Path, spoil: object) -> None:
    run = apply(tmp_path, build(tmp_path))
    manifest = tmp_path / ".migrate/runs" / run.id / "manifest.json"
    assert callable(spoil)
    manifest.write_text(spoil(json.loads(manifest.read_text())))
    with pytest.raises(JournalError, match=r"manifest\.json"):
        undo(tmp_path)


def test_a_forged_manifest_reaches_no_file_outside(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    victim = tmp_path / "victim"
    victim.write_bytes(b"1\n")
    run = apply(root, [FileChange("a.py", None, b"1\n")])
    manifest = root / ".migrate/runs" / run.id / "manifest.json"
    genuine = manifest.read_text()
    (root / ".git/hooks").mkdir(parents=True)
    for path in ("../victim", str(victim), ".git/hooks/x", ".GIT/x", "p/.git /x", "", "/"):
        manifest.write_text(genuine.replace("a.py", path))
        with pytest.raises(JournalError, match="not a file that a run writes"):
            undo(root)
    assert victim.read_bytes() == b"1\n"


@pytest.mark.parametrize(
    "path", ["C:/a.py", "C:a.py", "/a.py", "//server/share/a.py", "x/../a.py", "..\\a.py", ""]
)
def test_a_path_of_windows_that_leads_elsewhere_is_known(path: str) -> None:
    assert not is_within(path, PureWindowsPath)
    assert is_within("pkg/a.py", PureWindowsPath)


def test_a_forged_manifest_writes_nothing_outside(tmp_path: Path) -> None:
    """Not what is absolute, above, or a link leads to; not git's; nor by a hash nothing has."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    (outside / "empty").mkdir(parents=True)
    (outside / "victim").write_bytes(b"1\n")
    run = apply(root, [FileChange("a.py", None, b"1\n")])
    (root / ".git/hooks").mkdir(parents=True)
    (root / ".git/config").write_bytes(b"1\n")
    (root / "link").symlink_to(outside)
    (root / "a.py").unlink()
    manifest = root / ".migrate/runs" / run.id / "manifest.json"
    backup = manifest.with_name("before")
    (backup / "0").write_bytes(b"forged\n")
    genuine = json.loads(manifest.read_text())
    before = snapshot(outside), snapshot(root / ".git")
    absolute = str(outside / "victim")
    names = ("../outside/new", "link/new", "../outside/victim", "link/victim", absolute,
             ".git/config", ".GIT/config", ".git/hooks/x", "a/../../outside/victim")  # fmt: skip
    for path in names:
        for after in (None, "", digest(b"1\n")):
            for old in (None, digest(b"forged\n")):
                for state in ("committed", "prepared"):
                    entry = {"path": path, "before": old, "after": after}
                    forged = {"entries": [{**genuine["entries"][0], **entry}], "state": state}
                    manifest.write_text(json.dumps({**genuine, **forged}))
                    with pytest.raises((ChangedFileError, JournalError)):
                        undo(root)
    for folder in ("../outside/empty", str(outside / "empty")):
        manifest.write_text(json.dumps({**genuine, "entries": [], "folders": [folder]}))
        with pytest.raises(JournalError):
            undo(root)
    manifest.write_text(json.dumps({**genuine, "entries": [], "folders": ["link/empty"]}))
    undo(root)
    assert (snapshot(outside), snapshot(root / ".git")) == before


def test_the_last_run_is_taken_back_first_whatever_the_clock_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(tmp_path, [FileChange("a.py", None, b"1\n")])

    class Earlier(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Earlier:
            return cls(2001, 1, 1, tzinfo=tz)

    monkeypatch.setattr("migrator.changes.journal.datetime", Earlier)
    last = apply(tmp_path, [FileChange("a.py", b"1\n", b"2\n")])
    assert undo(tmp_path).run.id == last.id
    assert (tmp_path / "a.py").read_bytes() == b"1\n"
