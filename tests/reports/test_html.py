"""A plan as HTML: every site with its chain, nothing of others' text is markup, no secret shows."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from migrator import cli, workflow
from migrator.explaining.places import Place, Told
from migrator.reports.html import plan_html

from .samples import SECRET

EVIL = "<script>alert(1)</script>"
FILES = {
    "app/<b>settings.py": f"TUNED = 'ft:gpt-4o:{EVIL}'\n",
    "app/llm.py": f"""\
from openai import OpenAI


def get_client():
    return OpenAI(api_key="{SECRET}")  # {EVIL}
""",
    "fast.py": """\
import os
from openai import OpenAI

client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])
answer = client.chat.completions.create(model="gpt-4o", messages=[])
""",
    "README.md": f"Set `OPENAI_API_KEY`, {EVIL}.\n",
    "app/<i>&service.py": f"""\
from app.llm import get_client


def ask(text, model="ft:gpt-4o:{EVIL}"):
    client = get_client()
    return client.chat.completions.create(
        model=model, messages=[{{"role": "user", "content": "{EVIL}"}}], logit_bias={{1: 2}}
    )


def check(text):
    # migrate: ignore[endpoint-missing] nobody reads {EVIL}
    return get_client().moderations.create(input=text, model="{EVIL}")
""",
}
OPTIONS = workflow.Options("bailian", docs=True)
VOID = {"meta"}


class Page(HTMLParser):
    """The text, the tags and the anchors of a page; a tag that is not closed in order fails."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert not any(name.startswith("on") or name == "src" for name in given)
        self.tags.add(tag)
        self.ids += filter(None, [given.get("id")])
        self.links += filter(None, [given.get("href")])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    (root / ".git").mkdir()
    for name, text in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.fixture(scope="module")
def told(root: Path) -> Told:
    return workflow.tell([root], OPTIONS)[0]


@pytest.fixture(scope="module")
def page(told: Told) -> str:
    return plan_html(told)


def test_what_others_wrote_is_never_markup(page: str) -> None:
    parsed = Page(page)
    assert "script" not in parsed.tags
    assert not {"b", "i"} & parsed.tags
    assert html.escape(EVIL) in page
    assert EVIL in parsed.words
    assert "app/<i>&service.py" in parsed.words


def test_the_page_needs_no_other_file(page: str) -> None:
    parsed = Page(page)
    assert not {"script", "link", "img", "iframe", "object", "base"} & parsed.tags
    assert not re.search(r"url\(|@import", page)
    assert all(link.startswith(("#", "https://", "http://")) for link in parsed.links)
    assert '<html lang="en">' in page


def test_links_lead_to_places_that_are_there_once(page: str) -> None:
    parsed = Page(page)
    assert len(set(parsed.ids)) == len(parsed.ids)
    inner = {link[1:] for link in parsed.links if link.startswith("#")}
    assert inner and inner <= set(parsed.ids)


def test_every_site_is_told_with_the_chain_that_explain_tells(
    root: Path, told: Told, page: str
) -> None:
    parts = dict(_sites(page))
    assert parts.keys() == {one.site.id for one in told.accounts}
    asked = Place(root / "app/<i>&service.py", 6)
    explained, _ = workflow.explain(asked, OPTIONS)
    assert explained.accounts
    by_id = {one.site.id: one for one in told.accounts}
    for one in explained.accounts:
        assert by_id[one.site.id].strands == one.strands
    call = next(one for one in explained.accounts if one.site.detail == "chat.completions.create")
    assert len(call.strands[0].links) >= 4
    for one in told.accounts:
        words = Page(parts[one.site.id]).words.replace(" ", "")
        for link in (link for strand in one.strands for link in strand.links):
            assert f"{link.step.path}:{link.step.line}".replace(" ", "") in words
            assert link.step.what.replace("`", "").replace(" ", "") in words or SECRET in str(link)
    assert "returned by get_client" in Page(parts[call.site.id]).words


def _sites(page: str) -> Iterator[tuple[str, str]]:
    """The part of the page that tells of each site, by its id."""
    for found in re.finditer(r'<div id="site-(\w+)">.*?</div>', page, re.DOTALL):
        yield found[1], found[0]


def test_the_coverage_and_the_checklist_stand_on_top(told: Told, page: str) -> None:
    words = Page(page).words
    coverage = told.result.plan.coverage
    assert f"sites {coverage.sites} = converted {coverage.converted} +" in words
    assert "of 3 requests move" in words
    assert "Beside the sites README.md" in words
    assert f"endpoint-missing: ignore, nobody reads {EVIL}" in words
    listed = words[: words.index("File by file")]
    for item in told.result.plan.open_items:
        assert item.code in listed
        assert f"{item.path}:{item.line}" in listed or not item.path
    assert "Blocker (" in listed
    assert re.search(r", 20\d\d-\d\d", listed), "sources have dates"


def test_what_is_told_is_what_is_planned(root: Path, told: Told) -> None:
    planned, _ = workflow.plan([root], OPTIONS)
    assert told.result.changes == planned.changes
    assert told.result.plan.checklist == planned.plan.checklist


def test_no_secret_shows(page: str) -> None:
    assert SECRET not in page
    assert "sk-…redacted" in page


@pytest.mark.parametrize("dry", [True, False])
def test_apply_prints_the_page(
    dry: bool,
    tmp_path: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "app.py"
    before = 'from openai import OpenAI\nOpenAI().embeddings.create(model="x", input="y")\n'
    file.write_text(before)
    more = ["--dry-run"] if dry else []
    monkeypatch.setattr(
        "sys.argv", ["migrate", "apply", str(tmp_path), "-t", "bailian", "--format", "html", *more]
    )
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code in (0, None)
    words = Page(capfdbinary.readouterr().out.decode()).words
    assert ("nothing has been written" in words) is dry
    assert ("Written by run" in words) is not dry
    assert (file.read_text() == before) is dry
