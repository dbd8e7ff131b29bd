"""Snapshots of the console; `UPDATE_GOLDEN=1 python -m pytest tests/reports` writes them anew."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

from rich.console import Console

from migrator.analysis.result import ScanResult
from migrator.analysis.sites import Kind
from migrator.changes.diff import FileChange, diff_text
from migrator.changes.result import ApplyResult
from migrator.changes.undo import Undone
from migrator.decisions import Plan, Target
from migrator.reports.console import print_apply, print_diff, print_scan, print_undo

from .golden import assert_golden
from .samples import APPLIED, CHANGES, DRY_RUN, RUN, SCAN, SECRET, site

NEXT = "migrate apply --target bailian --dry-run"


def piped(show: Callable[[Console], None]) -> str:
    stream = io.StringIO(newline="")
    show(Console(file=stream, force_terminal=False, width=80))
    return stream.getvalue()


def on_terminal(show: Callable[[Console], None], width: int = 80) -> str:
    stream = io.StringIO(newline="")
    show(Console(file=stream, force_terminal=True, width=width, color_system="standard"))
    return stream.getvalue()


def scan(console: Console) -> None:
    print_scan(SCAN, console, next_step=NEXT)


def dry_run(console: Console) -> None:
    print_apply(DRY_RUN, console, next_step="migrate apply --target bailian")


def test_a_scan_piped() -> None:
    assert_golden("scan.txt", piped(scan))


def test_a_scan_on_a_terminal() -> None:
    assert_golden("scan.ansi", on_terminal(scan))


def test_a_dry_run_piped() -> None:
    assert_golden("dry-run.txt", piped(dry_run))


def test_a_dry_run_on_a_terminal() -> None:
    assert_golden("dry-run.ansi", on_terminal(dry_run))


def test_an_apply_without_the_diff() -> None:
    text = piped(lambda console: print_apply(APPLIED, console, next_step="pytest", diff=False))
    assert_golden("apply.txt", text)


def test_no_secret_is_printed() -> None:
    for text in (piped(scan), piped(dry_run), on_terminal(scan), on_terminal(dry_run)):
        assert SECRET not in text
        assert "sk-…redacted" in text


def test_a_scan_without_sites_asks_for_nothing_next() -> None:
    text = piped(lambda console: print_scan(ScanResult(".", 3, 0), console, next_step=NEXT))
    assert text == "No use of OpenAI was found.\n\n3 files seen, 0 analysed, 0 skipped\n"


def test_a_long_list_is_cut_with_the_way_to_see_it_all() -> None:
    many = replace(
        SCAN, sites=tuple(site(f"f{n // 10}.py", n + 1, Kind.CALL, "x") for n in range(83))
    )
    short = piped(lambda console: print_scan(many, console, next_step=NEXT))
    assert "… 33 more sites in 4 files: migrate scan --all\n" in short
    assert short.count("call") == 51
    assert "f5.py" not in short
    full = piped(lambda console: print_scan(many, console, next_step=NEXT, everything=True))
    assert "more sites" not in full
    assert full.count("call") == 84


def test_sites_fit_a_terminal_and_are_whole_when_piped() -> None:
    long = replace(SCAN, sites=(site("a.py", 1, Kind.CALL, "create" * 30),))
    narrow = on_terminal(lambda console: print_scan(long, console, next_step=NEXT), width=60)
    assert all(len(line) <= 60 for line in narrow.split("\n") if "create" in line)
    assert "create" * 30 in piped(lambda console: print_scan(long, console, next_step=NEXT))


def test_a_piped_diff_is_the_diff() -> None:
    clean = ApplyResult(DRY_RUN.plan, CHANGES[:1])
    assert piped(lambda console: print_diff(clean, console)) == diff_text(CHANGES[:1]) + "\n"


def test_a_terminal_obeys_nothing_that_stands_in_the_code() -> None:
    text = on_terminal(dry_run)
    assert "\\x1b[31m" in text
    hidden = ApplyResult(
        DRY_RUN.plan, (FileChange("a.py", b"", "a = '\u202e'\x07\x9b\n".encode()),)
    )
    shown = on_terminal(lambda console: print_diff(hidden, console))
    assert "\\u202e" in shown
    assert "\\x07" in shown


def test_nothing_to_do_is_said() -> None:
    nothing = ApplyResult(Plan(Target("bailian"), ()))
    text = piped(lambda console: print_apply(nothing, console, next_step=""))
    assert text == "sites 0 = converted 0 + checklist 0 + left 0\nNothing to change.\n"


def test_an_undo() -> None:
    undone = Undone(RUN, ("a.py", "b.py"), ("MIGRATION_CHECKLIST.md",))
    text = piped(lambda console: print_undo(undone, console))
    assert text == "Run 0001-20260102T030405Z is undone: 2 files restored, 1 file removed.\n"


def test_the_reports_are_imported_without_rich_or_yaml() -> None:
    program = (
        "import sys, migrator.reports.console, migrator.reports.json, migrator.reports.markdown;"
        "sys.exit(bool({'rich', 'yaml', 'libcst'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
