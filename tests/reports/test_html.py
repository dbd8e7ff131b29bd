"""Pages: what others wrote is no markup, nothing is loaded, nothing is missing or there twice."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from migrator import cli, workflow
from migrator.analysis.sites import CallFacts, Kind, Site, Span, Step
from migrator.changes.diff import FileChange
from migrator.explaining.places import Place, Told
from migrator.reports.comparisons.html import comparison_html
from migrator.reports.html import plan_html, scan_html
from migrator.reports.html.flows import chart
from migrator.reports.html.hunks import assigned, hunks, marked_words
from migrator.reports.html.layout import HEIGHT, WIDTH, layout

from .samples import SCAN, SECRET
from .test_comparisons import COMPARISON

EVIL = "</script></style><script>alert(1)</script><img src=https://x.example/>"
ODD = "“\u202e\u0007"  # a quote, a mark that turns what follows around, a bell
FILES = {
    "app/<b>'settings\".py": f"TUNED = 'ft:gpt-4o:{EVIL}'\n",
    "app/llm.py": f"""\
from openai import OpenAI


def get_client():
    return OpenAI(api_key="{SECRET}")  # {EVIL} {ODD}
""",
    "fast.py": f"""\
import os
from openai import OpenAI

client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])  # {EVIL}
answer = client.chat.completions.create(model="gpt-4o", messages=[])
""",
    ".env": f"OPENAI_API_KEY={SECRET}\n",
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
VOID = {"meta", "input", "col", "rect", "path"}


class Page(HTMLParser):
    """The parts of a page; a tag that is not closed in order fails."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.tags: Counter[str] = Counter()
        self.given: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.given.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        assert tag in VOID

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["script"], ["style"]):
            self.texts.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, name: str) -> list[str]:
        """Every value of an attribute."""
        return [value for _tag, given in self.given if (value := given.get(name)) is not None]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pages") / "<u>shop"
    (root / ".git").mkdir(parents=True)
    for name, text in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def told(root: Path) -> Told:
    return workflow.tell([root], OPTIONS)[0]


@pytest.fixture(scope="module")
def page(told: Told) -> str:
    return plan_html(told)


@pytest.fixture(scope="module")
def pages(root: Path, told: Told, page: str) -> dict[str, str]:
    return {
        "plan": page,
        "with others": plan_html(told, comparison=COMPARISON),
        "scan": scan_html(workflow.scan([root]), repository=EVIL),
        "sample": scan_html(SCAN),
        "comparison": comparison_html(COMPARISON),
    }


def test_what_others_wrote_is_never_markup(pages: dict[str, str]) -> None:
    for text in pages.values():
        parsed = Page(text)
        assert parsed.tags["script"] == parsed.tags["style"] == 1
        assert not {"i", "u", "img"} & parsed.tags.keys()
        assert not [name for _tag, given in parsed.given for name in given if name[:2] == "on"]
        assert SECRET not in text
        assert "\u202e" not in text and "\a" not in text
    assert html.escape(EVIL) in pages["plan"]
    assert EVIL in Page(pages["plan"]).words
    assert "app/<i>&service.py" in Page(pages["scan"]).words
    assert "sk-…redacted" in pages["plan"]


def test_a_page_loads_nothing_and_forbids_it(pages: dict[str, str]) -> None:
    for text in pages.values():
        parsed = Page(text)
        assert not {"link", "img", "iframe", "object", "base", "image", "use"} & parsed.tags.keys()
        assert not {"src", "style", "srcset", "action"} & {
            name for _tag, given in parsed.given for name in given
        }
        assert not re.search(r"url\(|@import|fetch\(|XMLHttp|https?://", _inlined(text))
        links = parsed.all("href")
        assert all(link.startswith(("#", "https://", "http://")) for link in links)
        policy = next(given["content"] for _tag, given in parsed.given if "http-equiv" in given)
        assert policy is not None and policy.startswith("default-src 'none';")
        for kind in ("style", "script"):
            (inside,) = re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
            assert f"{kind}-src 'sha256-{digest}'" in policy


def _inlined(text: str) -> str:
    return "".join(re.findall(r"<style>.*?</style>|<script>.*?</script>", text, re.DOTALL))


def test_ids_are_there_once_and_links_lead_to_them(pages: dict[str, str]) -> None:
    for text in pages.values():
        parsed = Page(text)
        ids = parsed.all("id")
        assert len(set(ids)) == len(ids)
        named = {link[1:] for link in parsed.all("href") if link.startswith("#")}
        assert named <= set(ids)
        for name in ("aria-labelledby",):
            assert set(parsed.all(name)) <= set(ids)
        headings = [int(tag[1]) for tag, _given in parsed.given if re.fullmatch(r"h\d", tag)]
        assert headings[0] == 1 and headings.count(1) == 1


def test_every_edit_item_and_site_is_there_once(told: Told, page: str) -> None:
    plan, parsed = told.result.plan, Page(page)
    assert sorted(map(int, parsed.all("data-edit"))) == list(range(len(plan.edits)))
    keys = parsed.all("data-key")
    assert len(keys) == len(set(keys)) == len(plan.open_items)
    assert {key.partition("#")[0] for key in keys} == {item.id for item in plan.open_items}
    sites = [one.removeprefix("site-") for one in parsed.all("id") if one.startswith("site-")]
    assert sorted(sites) == sorted(one.site.id for one in plan.decisions)
    assert len(set(parsed.all("data-name"))) >= len({one.path for one in told.result.changes})


def test_of_very_many_places_those_that_stay_are_only_named(
    told: Told, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrator.reports.html.plan._TOLD", 1)
    brief = plan_html(told)
    assert "migrate explain PATH:LINE" in brief and "migrate explain PATH:LINE" not in page
    assert sorted(Page(brief).all("id")) == sorted(Page(page).all("id"))
    assert len(brief) < len(page)


def test_items_that_differ_in_their_words_alone_have_keys_of_their_own(told: Told) -> None:
    plan = told.result.plan
    item = plan.open_items[0]
    twice = replace(plan, extra_items=(*plan.extra_items, replace(item, title="another")))
    parsed = Page(plan_html(replace(told, result=replace(told.result, plan=twice))))
    assert {item.id, f"{item.id}#2"} <= set(parsed.all("data-key"))


def test_every_site_is_told_with_the_chain_that_explain_tells(
    root: Path, told: Told, page: str
) -> None:
    asked = Place(root / "app/<i>&service.py", 6)
    explained, _provider = workflow.explain(asked, OPTIONS)
    by_id = {one.site.id: one for one in told.accounts}
    for one in explained.accounts:
        assert by_id[one.site.id].strands == one.strands
    call = next(one for one in explained.accounts if one.site.detail == "chat.completions.create")
    assert len(call.strands[0].links) >= 4
    start = page.index(f'<div id="site-{call.site.id}">')
    words = html.unescape(re.sub(r"<[^>]+>", "", page[start : page.index("</details>", start)]))
    for link in (link for strand in call.strands for link in strand.links):
        assert f"{link.step.path}:{link.step.line}" in words
    assert "returned by" in words and "get_client" in words


def test_what_is_told_is_what_is_planned(root: Path, told: Told, page: str) -> None:
    planned, _root = workflow.plan([root], OPTIONS)
    assert told.result.changes == planned.changes
    assert told.result.plan.checklist == planned.plan.checklist
    words = Page(page).words
    coverage = planned.plan.coverage
    assert f"sites {coverage.sites} = converted {coverage.converted} +" in words
    assert "<u>shop: migration to" in words
    assert f"endpoint-missing: ignore, nobody reads {EVIL}" in words
    assert re.search(r", 20\d\d-\d\d", words), "sources have dates"
    assert plan_html(told) == page


# -- the parts -------------------------------------------------------------------------------------


def test_changed_lines_stand_beside_each_other_and_know_their_edits() -> None:
    before = "\n".join(f"line {number}" for number in range(1, 41))
    after = before.replace("line 3\n", "LINE 3\nmore\n").replace("line 30\n", "")
    found = hunks(FileChange("a.txt", before.encode(), after.encode()))
    assert [(one.first, one.added, one.removed) for one in found] == [(3, 2, 1), (30, 0, 1)]
    changed = [row for row in found[0].rows if row.changed]
    assert [(row.old, row.before, row.new, row.after) for row in changed] == [
        (3, "line 3", 3, "LINE 3"),
        (0, "", 4, "more"),
    ]
    assert assigned(found, [(1, 40), (29, 31), (14, 15)]) == {0: [0, 2], 1: [1]}
    assert assigned(found, [(2, 3), (1, 40)]) == {0: [0], 1: [1]}, "each has one that made it"
    key = f'KEY = """-----BEGIN PRIVATE KEY-----\n{SECRET}\n{SECRET}\n-----END"""\n'
    (secret,) = hunks(FileChange("a.py", f"{key}a = 1\n".encode(), f"{key}a = 2\n".encode()))
    assert secret.first == 5, "a secret of several lines leaves the others where they are"
    assert SECRET not in str(secret)
    (new,) = hunks(FileChange("a.py", None, b"x = 1\n"))
    assert (new.added, new.removed) == (1, 0)


def test_words_that_differ_are_marked() -> None:
    one, other = marked_words('model="gpt-4o", n=1', 'model="qwen3.7-plus", n=1')
    assert one == [('model="', False), ("gpt-4o", True), ('", n=1', False)]
    assert [text for text, changed in other if changed] == ["qwen3.7-plus"]
    assert marked_words("a = b", "nothing(alike).here") == (
        [("a = b", False)],
        [("nothing(alike).here", False)],
    )


def _site(path: str, *from_: str) -> Site:
    steps = tuple(Step(one, 1, "held") for one in (*from_, path))
    facts = CallFacts("chat.completions.create", callee=None)  # type: ignore[arg-type]
    return Site(path, path, Span(1, 0, 1, 1), Kind.CALL, "call", provenance=steps, facts=facts)


def test_the_map_shows_files_in_the_order_of_flow() -> None:
    drawn = chart([_site("b.py", "a.py"), _site("c.py", "a.py", "b.py"), _site("alone.py")])
    assert [(flow.start, flow.end, flow.sites) for flow in drawn.flows] == [
        ("a.py", "b.py", 2),
        ("b.py", "c.py", 1),
    ]
    placed = layout(drawn).nodes
    assert placed["a.py"][0] < placed["b.py"][0] < placed["c.py"][0]
    assert placed["alone.py"][1] > max(placed[name][1] for name in ("a.py", "b.py", "c.py"))


def test_the_map_of_many_files_folds_folders_and_nothing_covers_anything() -> None:
    hub = [_site("src/app/llm.py", "src/app/settings.py")]
    many = [
        _site(f"src/{part}/deep/m{number}.py", "src/app/llm.py")
        for part in ("one", "two", "three", "four")
        for number in range(80)
    ]
    ring = [_site("src/app/settings.py", "src/app/llm.py")]
    drawn = chart([*hub, *many, *ring])
    assert drawn.folded and len(drawn.nodes) <= 60
    names = {node.name for node in drawn.nodes}
    assert {"src/app/llm.py", "src/app/settings.py"} <= names
    assert sum(len(node.paths) for node in drawn.nodes) == 322
    placed = layout(drawn)
    corners = list(placed.nodes.values())
    for number, (x, y) in enumerate(corners):
        assert 0 <= x <= placed.width - WIDTH and 0 <= y <= placed.height - HEIGHT
        for other, above in corners[:number]:
            assert abs(x - other) >= WIDTH or abs(y - above) >= HEIGHT
    top = chart([_site(f"m{number}.py", "hub.py") for number in range(90)])
    assert len(top.nodes) + top.left_out == 91 and top.left_out


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
    more = ["--dry-run", "--compare"] if dry else []
    monkeypatch.setattr(
        "sys.argv", ["migrate", "apply", str(tmp_path), "-t", "bailian", "--format", "html", *more]
    )
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code in (0, None)
    words = Page(capfdbinary.readouterr().out.decode()).words
    assert ("nothing has been written" in words) is dry
    assert ("Written by run" in words) is not dry
    assert ("The rule:" in words) is dry
    assert (file.read_text() == before) is dry
