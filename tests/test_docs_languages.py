"""Every page that is written by hand says the same in both languages, part by part."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from migrator import language
from migrator.pages import quick

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
CATALOGUE = ROOT / "migrator" / "locale" / "zh_CN" / "LC_MESSAGES" / "messages.mo"
# Written by the program, from tables of its own.
GENERATED = {"checklist.md", "coverage.md", "own-classes.md"}
PAGES = {
    **{
        path.name: (path, path.with_suffix(".zh.md"))
        for path in sorted(DOCS.glob("*.md"))
        if path.name not in GENERATED and not path.name.endswith(".zh.md")
    },
    **{
        f"{name}.md": (ROOT / f"{name}.md", ROOT / f"{name}.zh-CN.md")
        for name in ("CONTRIBUTING", "README", "SECURITY")
    },
}
_BLOCK = re.compile(r"^(?P<indent> *)(?P<fence>```+).*?^(?P=indent)(?P=fence) *$", re.M | re.S)
_COMMENT = re.compile(r"(^|\s)# .*")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_the_same_in_both_languages(page: str) -> None:
    english, chinese = (path.read_text("utf-8") for path in PAGES[page])
    assert _blocks(chinese) == _blocks(english)
    english, chinese = (_BLOCK.sub("", text) for text in (english, chinese))
    assert _headings(chinese) == _headings(english)
    assert _tables(chinese) == _tables(english)
    assert _links(chinese) == _links(english)


def test_the_pages_that_are_generated_are_there_in_chinese() -> None:
    """Write them anew with `python -m migrator.pages docs`."""
    pages = quick(language.CHINESE)
    assert {path: (DOCS / path).read_text("utf-8") for path in pages} == pages
    rows = [(DOCS / f"coverage{end}").read_text("utf-8").count("\n| ") for end in (".md", ".zh.md")]
    assert rows[0] == rows[1]


def test_no_page_is_in_chinese_alone() -> None:
    known = {chinese.name for _, chinese in PAGES.values()}
    generated = {name.replace(".md", ".zh.md") for name in GENERATED}
    assert {path.name for path in DOCS.glob("*.zh.md")} <= known | generated
    assert {path.name for path in ROOT.glob("*.zh-CN.md")} <= known


def test_every_page_has_a_place_in_the_site_and_a_title_in_both_languages() -> None:
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    head, nav = settings.split("\nnav:\n")
    entered = set(re.findall(r"(\S+\.md)$", nav, re.M))
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert entered == {page for page in pages if not page.endswith(".zh.md")}
    translated = head.split("nav_translations:\n")[1].split("\nmarkdown_extensions:")[0]
    titles = set(re.findall(r"^ +- ([^:\n]+):", nav, re.M))
    assert titles == set(re.findall(r"^ +([^:\n]+): ", translated, re.M))


def test_the_explained_messages_are_called_as_they_are_said() -> None:
    catalogue = _catalogue()
    rows = re.findall(r"^\| (`[^|]*) \|", (DOCS / "troubleshooting.zh.md").read_text("utf-8"), re.M)
    told = [(re.findall(r"`([^`]+)`", row), re.findall(r"「([^」]+)」", row)) for row in rows]
    pairs = [pair for english, chinese in told for pair in zip(english, chinese, strict=False)]
    assert len(pairs) > 30
    for english, chinese in pairs:
        assert any(english in one and chinese in other for one, other in catalogue), chinese


def _blocks(text: str) -> list[list[str]]:
    """The code of each block, line by line, without comments and without what only spaces it."""
    return [
        [" ".join(_COMMENT.sub("", line).split()) for line in found[0].splitlines()]
        for found in _BLOCK.finditer(text)
    ]


def _headings(text: str) -> list[str]:
    return re.findall(r"^#+", text, re.M)


def _tables(text: str) -> list[tuple[int, list[str]]]:
    """Of each row: how many cells it has, and the names that stand in it as code."""
    rows = re.findall(r"^ *\|.*\|$", text, re.M)
    return [
        (len(re.findall(r"(?<!\\)\|", row)), sorted(re.findall(r"`([^`]+)`", row))) for row in rows
    ]


def _links(text: str) -> list[str]:
    """Where the links lead, whatever the language of what stands there."""
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return sorted(re.sub(r"\.zh(-CN)?(?=\.md$)|-(en|zh)(?=\.(png|svg)$)", "", one) for one in found)


def _catalogue() -> list[tuple[str, str]]:
    """The messages and their Chinese."""
    with CATALOGUE.open("rb") as file:
        found = [(one.id, one.string) for one in read_mo(file)]
    return [(one, told) for one, told in found if isinstance(one, str) and isinstance(told, str)]
