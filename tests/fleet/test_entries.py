"""The list of repositories."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.fleet.entries import Entry, read_entries
from migrator.fleet.errors import FleetError

_LIST = """\
# The team's: "a quote that is not closed

https://git.example.com/platform/chat.git   # the bot
git@git.example.com:platform/search.git ref=release/1.x
ssh://git@git.example.com/platform/Search
https://user:password@git.example.com/a/b.git target=zhipu
"with blanks" folder='services/the api' name=api
/absolute/con
"""


def _read(tmp_path: Path, text: str) -> list[Entry]:
    file = tmp_path / "repos.txt"
    file.write_text(text, encoding="utf-8")
    return read_entries(file)


def test_a_list(tmp_path: Path) -> None:
    found = {one.name: one for one in _read(tmp_path, _LIST)}
    api = Entry("api", str((tmp_path / "with blanks").resolve()), folder="services/the api")
    assert found["api"] == api
    assert found["platform-chat"].source == "https://git.example.com/platform/chat.git"
    assert found["a-b"].shown == "https://git.example.com/a/b.git"
    assert found["a-b"].target == "zhipu"
    # Two that would be one folder where case does not count, and a name that Windows keeps.
    rest = sorted(set(found) - {"api", "platform-chat", "a-b"})
    assert [name.rpartition("-")[0] for name in rest] == [
        "platform-Search",
        "platform-search",
        "repository",
    ]
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lists no repository"),
        ("a\n\na", ":3: the same as line 1"),
        ("a name=x\nb name=X", ":1: another repository is called x, too"),
        ("a nmae=x", "'nmae=x' must be one of"),
        ("a 'b", "a quote is not closed"),
        ("'ext::sh -c id'", "is no source"),
        ("ext://sh", "no way to fetch that is allowed"),
        ("--upload-pack=id", "is no source"),
        ("a ref=--upload-pack=id", "is no branch, tag or commit"),
        ("a ref=main:other", "is no branch, tag or commit"),
        ("a name=../x", "is no name"),
        ("a folder=../x", "must be a folder below the source"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(FleetError) as caught:
        _read(tmp_path, text)
    assert said in str(caught.value)
