"""The pages in a real browser, where there is one: ticks stay, filters filter, all fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from migrator import workflow
from migrator.fleet.result import Result, Standing
from migrator.fleet.summary import Fleet
from migrator.reports.comparisons.html import comparison_html
from migrator.reports.fleet.html import fleet_html
from migrator.reports.html import plan_html, scan_html
from tests import browser

from .test_comparisons import COMPARISON
from .test_html import FILES

# What stands beyond the right edge, where it cannot be scrolled by itself.
BEYOND = """
[...document.querySelectorAll("body *")].filter(
  (one) => !one.closest(".scroll, nav, .skip")
    && one.getBoundingClientRect().right > innerWidth + 1).length
"""
REPOSITORIES = tuple(
    Result(name, "https://example.com/<script>document.title='ran'</script>", standing=standing,
           target="bailian", requests=number, changed=number, added=1234, files=("report.html",))
    for name, standing, number in (
        ("billing", Standing.MOVES, 9), ("chat", Standing.FAILED, 0), ("mail", Standing.PARTLY, 10),
    )
)  # fmt: skip
PROGRAM = browser.find()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs Chromium")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("repository")
    (root / ".git").mkdir()
    for name, text in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    told, _root = workflow.tell([root], workflow.Options("bailian", docs=True))
    texts = {
        "plan": plan_html(told, comparison=COMPARISON),
        "another": plan_html(replace(told, repository="another")),
        "scan": scan_html(workflow.scan([root])),
        "comparison": comparison_html(COMPARISON),
        "fleet": fleet_html(Fleet(REPOSITORIES)),
    }
    folder = tmp_path_factory.mktemp("pages")
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.fixture(scope="module")
def tab() -> Iterator[browser.Tab]:
    assert PROGRAM is not None
    with browser.tab(PROGRAM) as tab:
        yield tab


def test_pages_fit_ask_nothing_of_the_network_and_complain_of_nothing(
    tab: browser.Tab, pages: dict[str, Path]
) -> None:
    tab.requests.clear()
    for page in pages.values():
        for width in (390, 1280):
            tab.size(width, 800)
            tab.open(browser.address(page))
            assert tab.run("document.documentElement.scrollWidth") == width
            assert tab.run(BEYOND) == 0
    assert {*tab.requests} == {browser.address(page) for page in pages.values()}
    assert not tab.complaints
    tab.run("fetch('https://example.com/').catch(() => 'forbidden')")
    assert tab.complaints and all("Content Security Policy" in one for one in tab.complaints)


def test_ticks_are_kept_for_one_repository(tab: browser.Tab, pages: dict[str, Path]) -> None:
    ticked = "document.querySelectorAll('[data-key]:checked').length"
    tab.open(browser.address(pages["plan"]))
    every = tab.run("document.querySelectorAll('[data-key]').length")
    assert every > 3 and tab.run(ticked) == 0
    tab.run("document.querySelector('[data-key]').focus()")
    tab.press(" ")
    assert tab.run("document.getElementById('progress').textContent") == f"1 of {every} ticked"
    tab.open(browser.address(pages["plan"]))
    assert tab.run(ticked) == 1
    tab.run("document.getElementById('only-open').click()")
    assert tab.run(f"{SHOWN}('.item').length") == every - 1
    tab.open(browser.address(pages["another"]))
    assert tab.run(ticked) == 0


SHOWN = "(s => [...document.querySelectorAll(s)].filter(e => !e.closest('[hidden]')))"


def test_filters_leave_what_is_asked_for(tab: browser.Tab, pages: dict[str, Path]) -> None:
    tab.open(browser.address(pages["plan"]))
    articles, items = f"{SHOWN}('article').map(a => a.dataset.name)", f"{SHOWN}('.item').length"
    every, all_items = tab.run(articles), tab.run(items)
    tab.press("/")
    for character in "fast":
        tab.press(character)
    assert tab.run("document.activeElement.value") == "fast"
    assert "fast.py" in tab.run(articles) and len(tab.run(articles)) < len(every)
    tab.press("Escape")
    assert tab.run(articles) == every
    tab.run("document.querySelector('button[data-severity=setup]').click()")
    assert 0 < tab.run(items) < all_items
    tab.run("document.querySelector('button[data-severity=setup]').click()")
    node = "[...document.querySelectorAll('a.node')].find(n => n.dataset.name === 'fast.py')"
    tab.run(f"{node}.focus()")
    tab.press("Enter")
    assert tab.run(articles) == ["fast.py"]
    assert tab.run("document.getElementById('file-filter').textContent") == "Only fast.py"
    assert tab.run(items) < all_items
    tab.press("Escape")
    assert (tab.run(articles), tab.run(items)) == (every, all_items)


def test_repositories_are_sorted_and_filtered(tab: browser.Tab, pages: dict[str, Path]) -> None:
    tab.open(browser.address(pages["fleet"]))
    rows = f"{SHOWN}('.filtered tbody tr').map(r => r.cells[0].innerText.split('\\n')[0])"
    button = "document.querySelectorAll('.filtered thead button')[{}].click()"
    assert tab.run(rows) == ["billing", "chat", "mail"]
    tab.run(button.format(3))
    assert tab.run(rows) == ["mail", "billing", "chat"]
    tab.run(button.format(3))
    assert tab.run(rows) == ["chat", "billing", "mail"]
    tab.run(button.format(0))
    tab.press("/")
    for character in "moves":
        tab.press(character)
    assert tab.run(rows) == ["billing", "mail"]
    assert tab.run("document.title") == "Migration of many repositories"


def test_keys_lead_from_change_to_change(tab: browser.Tab, pages: dict[str, Path]) -> None:
    tab.open(browser.address(pages["plan"]))
    at = "document.activeElement.id"
    tab.press("j")
    first = tab.run(at)
    tab.press("j")
    second = tab.run(at)
    assert first == "change-1" and second == "change-2"
    tab.press("k")
    assert tab.run(at) == first
    tab.press("?")
    assert tab.run("document.getElementById('keys').open")
    tab.press("Escape")
    assert not tab.run("document.getElementById('keys').open")


def test_a_link_opens_what_it_leads_to(tab: browser.Tab, pages: dict[str, Path]) -> None:
    tab.open(browser.address(pages["plan"]))
    tab.run("document.querySelector('.ticks .to').click()")
    target = "document.querySelector(':target')"
    assert tab.run(f"{target}.id").startswith("site-")
    assert tab.run(f"{target}.closest('details').open && {target}.getBoundingClientRect().height")


def test_what_is_printed_is_all_there_is(tab: browser.Tab, pages: dict[str, Path]) -> None:
    tab.size(800, 800)
    tab.open(browser.address(pages["plan"]))
    tab.run("document.querySelectorAll('.entry, article > details').forEach(d => d.open = false)")
    folded = len(tab.printed())
    tab.media("print")
    assert tab.run("getComputedStyle(document.querySelector('.top')).display") == "none"
    tab.media()
    tab.run("document.querySelectorAll('.entry, article > details').forEach(d => d.open = true)")
    assert len(tab.printed()) == pytest.approx(folded, rel=0.05)
