"""The same command before and after: from what its runner writes, test by test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrator.verification import junit
from migrator.verification.before_after import Outcome, as_it_was, compared, in_tree
from migrator.verification.ladder import State

XML = """<?xml version="1.0"?>
<testsuites><testsuite>
<testcase classname="tests.test_a" name="test_well" />
<testcase classname="tests.test_a" name="test_ill"><failure message="no">x</failure></testcase>
<testcase classname="tests.test_a" name="test_none"><skipped /></testcase>
<testcase classname="tests.test_a" name="test_torn" />
<testcase classname="tests.test_a" name="test_torn"><error /></testcase>
</testsuite></testsuites>
"""
COMMANDS = {
    ("pytest", "-q"): True,
    ("python", "-m", "pytest"): True,
    (".venv/bin/pytest",): True,
    ("env", "A=b", "python3", "-m", "pytest", "tests"): True,
    ("python", "app.py"): False,
    ("make", "test"): False,
}


def test_what_a_runner_writes(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(XML)
    results = junit.read(tmp_path / "a.xml")
    assert results is not None
    assert {name.rpartition("::")[2]: one for name, one in results.items()} == {
        "test_well": "passed",
        "test_ill": "failed",
        "test_none": "skipped",
        "test_torn": "failed",
    }
    (tmp_path / "b.xml").write_text("<testsuites>")
    assert junit.read(tmp_path / "b.xml") is junit.read(tmp_path / "none.xml") is None


@pytest.mark.parametrize(("command", "told"), COMMANDS.items(), ids=map(" ".join, COMMANDS))
def test_whom_results_are_asked_of(command: tuple[str, ...], told: bool) -> None:
    found = junit.reporting(command, Path("here.xml"), Path())
    assert (found.file == Path("here.xml")) is told
    assert ("--junitxml=here.xml" in found.command) is told


@pytest.mark.parametrize("named", [("--junitxml=mine.xml",), ("--junit-xml", "mine.xml")])
def test_a_file_that_the_user_names_is_read(named: tuple[str, ...], tmp_path: Path) -> None:
    mine = tmp_path / "mine.xml"
    mine.write_text(XML)
    os.utime(mine, (1, 1))
    told = junit.reporting(("pytest", *named), Path("here.xml"), tmp_path)
    assert (told.command, told.file) == (("pytest", *named), mine)
    assert told.results() is None  # of another run
    mine.write_text(XML)
    assert told.results()


def test_what_passed_has_to_pass() -> None:
    before = Outcome(1, {"a": "passed", "b": "failed", "c": "passed", "d": "failed"})
    well = compared(
        before, Outcome(1, {"a": "passed", "b": "passed", "c": "passed", "d": "failed"})
    )
    assert well.state is State.PASSED
    assert "2 tests pass as before, 1 pass that did not, 1 fail as before" in well.why
    ill = compared(before, Outcome(1, {"a": "failed", "b": "passed"}))
    assert ill.state is State.FAILED
    assert [one.what for one in ill.findings] == [
        "a passed before and is failed after",
        "c passed before and is missing after",
    ]


@pytest.mark.parametrize(("codes", "state"), [((0, 0), "passed"), ((0, 3), "failed")])
def test_without_results_the_exit_codes_count(codes: tuple[int, int], state: str) -> None:
    assert compared(Outcome(codes[0]), Outcome(codes[1])).state.value == state


def test_a_program_of_the_tree_is_named_whole(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "run").write_text("")
    assert in_tree(("bin/run", "x"), tmp_path) == (str(tmp_path / "bin" / "run"), "x")
    assert in_tree(("run", "x"), tmp_path) == ("run", "x")
    assert in_tree((), tmp_path) == ()


def test_nothing_is_copied_that_is_no_state_of_the_program(tmp_path: Path) -> None:
    for name in ("app.py", ".git/HEAD", ".venv/bin/python", "data/a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    with as_it_was(tmp_path, []) as copy:
        found = {one.relative_to(copy).as_posix() for one in copy.rglob("*") if one.is_file()}
    assert found == {"app.py", "data/a.txt"}
    assert not copy.exists()
