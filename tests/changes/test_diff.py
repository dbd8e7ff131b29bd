from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.changes.comparing import Compared
from migrator.changes.diff import FileChange, diff_text, unified_diff

from .trees import git

CASES = {
    "a changed line": (b"a\nb\nc\n", b"a\nB\nc\n"),
    "two distant hunks": (
        b"".join(b"%d\n" % n for n in range(40)),
        b"".join(b"%d\n" % (n * (1 if n not in (2, 30) else 100)) for n in range(40)),
    ),
    "CRLF is kept": (b"a\r\nb\r\n", b"a\r\nB\r\n"),
    "CRLF and LF in one file": (b"a\r\nb\nc\r\n", b"a\r\nb\nC\r\n"),
    "a lone CR does not end a line": (b"a\rb\nc\n", b"a\rb\nC\n"),
    "a form feed does not end a line": (b"a\x0cb\nc\n", b"a\x0cB\nc\n"),
    "a Unicode line separator does not end a line": (
        "a\u2028b\nc\n".encode(),
        "a\u2028B\nc\n".encode(),
    ),
    "no final newline": (b"a\nb", b"a\nc"),
    "the final newline comes": (b"a\nb", b"a\nb\n"),
    "the final newline goes": (b"a\nb\n", b"a\nb"),
    "a change far above a line without newline": (b"a\nb\nc\nd", b"A\nb\nc\nd"),
    "GBK": ("x = '模型'\ny = 1\n".encode("gbk"), "x = '模型'\ny = '通义'\n".encode("gbk")),
    "a byte order mark": (b"\xef\xbb\xbfa\nb\n", b"\xef\xbb\xbfA\nb\n"),
    "bytes that are no text": (b"\x00\xff\n\x80\n", b"\x00\xff\n\x81\n"),
    "a new file": (None, b"a\nb\n"),
    "a new file without final newline": (None, b"a"),
    "a new empty file": (None, b""),
    "a removed file": (b"a\n", None),
    "a removed empty file": (b"", None),
    "a file becomes empty": (b"a\nb\n", b""),
    "an empty file is filled": (b"", b"a\nb\n"),
}

NAMES = {
    "a plain name": "pkg/app.py",
    "a blank": "my pkg/my app.py",
    "Chinese": "目录/应用.py",
    "a quote and a backslash": 'a"b\\c.py',
    "a tab and a newline": "a\tb\nc.py",
    "bytes that are not UTF-8": "caf\udce9.py",
}


def git_apply(change: FileChange, patch: bytes) -> bytes | None:
    """What git makes of the file."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, change.path)
        place.parent.mkdir(parents=True, exist_ok=True)
        if change.before is not None:
            place.write_bytes(change.before)
        git(Path(folder), "apply", data=patch)
        return place.read_bytes() if place.exists() else None


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_git_applies_the_diff_byte_for_byte(before: bytes | None, after: bytes | None) -> None:
    change = FileChange("pkg/app.py", before, after)
    assert git_apply(change, unified_diff([change])) == after


@pytest.mark.parametrize("path", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("before", [b"a\n", None], ids=["changed", "new"])
def test_git_finds_the_file_by_its_name(path: str, before: bytes | None) -> None:
    change = FileChange(path, before, b"b\n")
    assert git_apply(change, unified_diff([change])) == b"b\n"


LINES = st.lists(
    st.sampled_from([b"a\n", b"b\r\n", b"\n", "值\n".encode("gbk"), b"\r"]), max_size=9
)
CONTENT = st.builds(lambda lines, end: b"".join(lines) + end, LINES, st.sampled_from([b"", b"z"]))


@settings(max_examples=60)
@given(st.none() | CONTENT, st.none() | CONTENT)
def test_any_diff_is_applied_by_git(before: bytes | None, after: bytes | None) -> None:
    change = FileChange("f", before, after)
    if patch := unified_diff([change]):
        assert git_apply(change, patch) == after
    else:
        assert before == after


def test_the_diff_is_in_path_order_and_skips_what_stays() -> None:
    one, two, same = (
        FileChange("b", b"1\n", b"2\n"),
        FileChange("a", b"1\n", b"2\n"),
        FileChange("c", b"1\n", b"1\n"),
    )
    assert unified_diff([one, two, same]) == (
        b"diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-1\n+2\n"
        b"diff --git a/b b/b\n--- a/b\n+++ b/b\n@@ -1 +1 @@\n-1\n+2\n"
    )


def test_git_applies_the_diff_of_a_folder_from_that_folder(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "services").mkdir()
    (tmp_path / "services/app.py").write_bytes(b"a\n")
    patch = unified_diff([FileChange("app.py", b"a\n", b"b\n")], prefix="services/")
    git(tmp_path / "services", "apply", data=patch)
    assert (tmp_path / "services/app.py").read_bytes() == b"b\n"


def test_the_text_is_decoded_file_by_file() -> None:
    changes = [
        FileChange(
            "gbk.py", "# coding: gbk\n值\n".encode("gbk"), "# coding: gbk\n量\n".encode("gbk")
        ),
        FileChange("latin.py", b"# coding: latin-1\n\xe9\n", b"# coding: latin-1\n\xe8\n"),
        FileChange("notes.txt", None, "值\n".encode()),
        FileChange("raw.bin", b"# coding: utf-8\n\xff\n", b""),
    ]
    text = diff_text(changes)
    for line in ("-值", "+量", "-é", "+è", "+值"):
        assert f"\n{line}\n" in text


def test_the_text_of_utf8_files_is_the_diff() -> None:
    changes = [FileChange("a.py", "值\r\n".encode(), "量\r\nx".encode())]
    assert diff_text(changes).encode() == unified_diff(changes)


def test_long_files_are_compared_between_the_lines_that_both_have_once() -> None:
    old = [line for number in range(900) for line in (b"def f%d():\n" % number, b"    x\n", b"\n")]
    new = [*old[:4], b"    y\n", *old[5:1500], b"# more\n", *old[1500:-3]]
    compared = Compared(old, new)
    changes = [one for one in compared.get_opcodes() if one[0] != "equal"]
    assert changes == [
        ("replace", 4, 5, 4, 5),
        ("insert", 1500, 1500, 1500, 1501),
        ("delete", 2697, 2700, 2698, 2698),
    ]
    end = 0
    for _, start, until, _, _ in compared.get_opcodes():
        assert start == end
        end = until
