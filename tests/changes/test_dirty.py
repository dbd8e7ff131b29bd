from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrator.changes.diff import FileChange
from migrator.changes.dirty import repository_prefix, require_clean
from migrator.changes.errors import DirtyTreeError
from migrator.changes.transaction import apply_changes
from migrator.changes.undo import undo

from .trees import Fast, build, git, snapshot


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    (tmp_path / ".gitignore").write_bytes(b".env\n")
    for name in ("app.py", "b c.py", "值.py", ".env"):
        (tmp_path / name).write_bytes(b"1\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "all")
    return tmp_path


def dirty(root: Path, *paths: str) -> str:
    with pytest.raises(DirtyTreeError) as refusal:
        require_clean(root, paths)
    return str(refusal.value)


def test_committed_ignored_and_absent_files_are_clean(repository: Path) -> None:
    require_clean(repository, ["app.py", "b c.py", "值.py", ".env", "new.py"])


@pytest.mark.parametrize("name", ["app.py", "b c.py", "值.py"])
def test_a_changed_file_is_named_with_the_remedy(repository: Path, name: str) -> None:
    (repository / name).write_bytes(b"2\n")
    message = dirty(repository, "app.py", "b c.py", "值.py")
    assert message == (
        f"uncommitted changes in {name}; commit or stash them, or pass --allow-dirty"
    )


def test_a_staged_file_is_dirty(repository: Path) -> None:
    (repository / "app.py").write_bytes(b"2\n")
    git(repository, "add", "app.py")
    assert "app.py" in dirty(repository, "app.py")


def test_an_untracked_file_is_dirty(repository: Path) -> None:
    (repository / "deep").mkdir()
    (repository / "deep/new.py").write_bytes(b"1\n")
    assert "deep/new.py" in dirty(repository, "deep/new.py")


def test_changes_in_other_files_do_not_matter(repository: Path) -> None:
    (repository / "b c.py").write_bytes(b"2\n")
    require_clean(repository, ["app.py"])


def test_a_name_is_not_a_pattern(repository: Path) -> None:
    (repository / "[ab]*.py").write_bytes(b"1\n")
    git(repository, "--literal-pathspecs", "add", "[ab]*.py")
    git(repository, "commit", "-qm", "odd")
    (repository / "app.py").write_bytes(b"2\n")
    require_clean(repository, ["[ab]*.py"])


def test_a_folder_inside_a_repository_is_checked(repository: Path) -> None:
    folder = repository / "services/api"
    folder.mkdir(parents=True)
    (folder / "app.py").write_bytes(b"1\n")
    assert "app.py" in dirty(folder, "app.py")
    assert repository_prefix(folder) == "services/api/"
    assert repository_prefix(repository) == ""


def test_a_repository_inside_the_repository_is_asked_itself(repository: Path) -> None:
    inner = repository / "vendor"
    inner.mkdir()
    git(inner, "init", "-q")
    (inner / "lib.py").write_bytes(b"1\n")
    git(inner, "add", ".")
    git(inner, "commit", "-qm", "all")
    require_clean(repository, ["vendor/lib.py"])
    (inner / "lib.py").write_bytes(b"2\n")
    assert "vendor/lib.py" in dirty(repository, "vendor/lib.py")


def test_many_files_are_named_in_short(repository: Path) -> None:
    names = [f"n{number:03}.py" for number in range(450)]
    for name in names:
        (repository / name).write_bytes(b"1\n")
    assert "n004.py and 445 more;" in dirty(repository, *names)


def test_without_a_repository_there_is_nothing_to_check(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(b"1\n")
    require_clean(tmp_path, ["app.py"])


def test_a_hooks_environment_does_not_lead_astray(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "app.py").write_bytes(b"2\n")
    monkeypatch.setenv("GIT_INDEX_FILE", os.devnull)
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert "app.py" in dirty(repository, "app.py")


def test_a_repository_that_git_cannot_read_is_refused(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / ".git/HEAD").write_bytes(b"nonsense")
    assert "--allow-dirty skips the check" in dirty(repository, "app.py")
    monkeypatch.setenv("PATH", "")
    assert "No such file" in dirty(repository, "app.py")


def test_looking_starts_no_program_of_the_repository(repository: Path) -> None:
    trap = repository / "trap.sh"
    trap.write_text("#!/bin/sh\ntouch sprung\n")
    trap.chmod(0o755)
    git(repository, "config", "core.fsmonitor", str(trap))
    require_clean(repository, ["app.py"])
    assert not (repository / "sprung").exists()


def test_apply_refuses_a_dirty_file_and_allow_dirty_overrides(repository: Path) -> None:
    (repository / "app.py").write_bytes(b"2\n")
    before = snapshot(repository)
    change = FileChange("app.py", b"2\n", b"3\n")
    with pytest.raises(DirtyTreeError, match=r"app\.py"):
        apply_changes(repository, [change], command="migrate apply", files=Fast())
    assert snapshot(repository) == before
    apply_changes(repository, [change], command="migrate apply", allow_dirty=True, files=Fast())
    undo(repository, files=Fast())
    assert snapshot(repository) == before


def test_git_sees_nothing_of_the_journal(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    changes = build(tmp_path)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "all")
    apply_changes(tmp_path, changes, command="migrate apply", files=Fast())
    assert b".migrate" not in git(tmp_path, "status", "--porcelain", "--untracked-files=all")
    undo(tmp_path, files=Fast())
    assert git(tmp_path, "status", "--porcelain") == b""


def test_a_checklist_left_by_an_earlier_run_may_be_replaced(repository: Path) -> None:
    first = FileChange("MIGRATION_CHECKLIST.md", None, b"one\n")
    apply_changes(repository, [first], command="migrate apply", files=Fast())
    second = FileChange("MIGRATION_CHECKLIST.md", b"one\n", b"two\n")
    apply_changes(repository, [second], command="migrate apply", files=Fast())
    (repository / "MIGRATION_CHECKLIST.md").write_bytes(b"with ticks\n")
    third = FileChange("MIGRATION_CHECKLIST.md", b"with ticks\n", b"three\n")
    with pytest.raises(DirtyTreeError, match=r"MIGRATION_CHECKLIST\.md"):
        apply_changes(repository, [third], command="migrate apply", files=Fast())
