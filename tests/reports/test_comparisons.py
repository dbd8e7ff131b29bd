"""Snapshots of comparisons; `UPDATE_GOLDEN=1 python -m pytest tests/reports` writes them anew."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

from rich.console import Console

from migrator.comparing.comparison import Candidate, Comparison, Lost, ModelUse
from migrator.comparing.prices import ListPrice
from migrator.decisions import Coverage, Severity, Source
from migrator.providers import Model, Offer, Region
from migrator.reports.comparisons.console import print_comparison
from migrator.reports.comparisons.html import comparison_html
from migrator.reports.comparisons.json import comparison_json
from migrator.reports.comparisons.markdown import comparison_markdown
from migrator.reports.comparisons.words import details, figures

from .golden import assert_golden
from .samples import PAGE, SECRET
from .test_console import on_terminal, piped

PRICE = ListPrice((2.5, 10), (Source("https://prices.example.com", "a price list", "2026-11"),))
MODEL = Model(
    "one-max", "chat", context=1_000_000, price_cny=(12, 36), price_usd=(2, 6), sources=(PAGE,)
)
ONE = Candidate(
    "one",
    {},
    "One <Models>",
    "一",
    "2026-11-01",
    7,
    6,
    Coverage(40, 30, 8, 2),
    {Severity.BLOCKER: 1, Severity.BEHAVIOUR: 3, Severity.SETUP: 2},
    (Lost("images", f"`images.edit` with {SECRET} is not served", ("app.py:3",)),),
    (
        ModelUse("gpt-4o", PRICE, 6, "one", MODEL, "official", "the table of the page"),
        ModelUse("dall-e-3", None, 1, "one", None, "", "`images.edit` is not served"),
    ),
    tuple(Region(name, name, "https://one.example.com", "", ()) for name in "abcdef"),
    "b",
    (Offer("a million tokens", "grant", "for 90 days", (PAGE,)),),
)
TWO = replace(
    ONE,
    target="two",
    supplements={"embeddings": "one"},
    name="Two",
    moved=3,
    items={Severity.BLOCKER: 4},
    lost=(Lost("chat", "nobody says", tuple(f"app.py:{line}" for line in range(9))),),
    models=(),
    offers=(),
)
COMPARISON = Comparison(".", 12, 40, (ONE, TWO), "1 blocker; two + one: 4 blockers")
NOTHING = Comparison(".", 1, 0, (ONE,), "")


def shown(console: Console) -> None:
    print_comparison(COMPARISON, console, paths=" 'my app'")


def test_a_comparison_piped() -> None:
    text = piped(shown)
    assert_golden("comparison.txt", text)
    assert max(map(len, text.splitlines())) <= 80


def test_a_comparison_on_a_terminal() -> None:
    assert_golden("comparison.ansi", on_terminal(shown))


def test_a_comparison_as_markdown() -> None:
    assert_golden("comparison.md.txt", comparison_markdown(COMPARISON, paths=" app"))


def test_a_comparison_as_html_says_what_the_others_say() -> None:
    page = comparison_html(COMPARISON, paths=" app")
    assert "One &lt;Models&gt;" in page
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    for one in COMPARISON.candidates:
        said = [line for detail in details(one) for line in detail.lines]
        for text in (*figures(one), *said):
            assert " ".join(text.replace("`", " ").split()) in words
    assert "migrate apply app --target one" in words


def test_a_comparison_as_json() -> None:
    text = comparison_json(COMPARISON, paths=" app")
    assert_golden("comparison.json", text)
    document = json.loads(text)
    assert document["schema"] == 1
    assert document["recommendation"]["command"] == "migrate apply app --target one"
    assert json.loads(comparison_json(NOTHING))["candidates"]


def test_no_rendering_shows_a_secret() -> None:
    every = (
        piped(shown),
        comparison_markdown(COMPARISON),
        comparison_html(COMPARISON),
        comparison_json(COMPARISON),
    )
    assert not any(SECRET in text for text in every)


def test_where_nothing_reaches_openai_that_is_all_there_is_to_say() -> None:
    nothing = replace(NOTHING, candidates=(replace(ONE, moved=0),))
    assert piped(lambda console: print_comparison(nothing, console)) == (
        "No use of OpenAI was found.\n"
    )


def test_a_terminal_shows_the_best_three_unless_all_are_asked_for() -> None:
    many = replace(COMPARISON, candidates=(ONE, TWO, ONE, TWO, TWO))
    brief = piped(lambda console: print_comparison(many, console))
    whole = piped(lambda console: print_comparison(many, console, everything=True))
    assert (brief.count("\n  stays"), whole.count("\n  stays")) == (3, 5)
    assert "`--all` says as much of the other 2." in brief
    assert "`--all`" not in whole


def test_what_stays_for_several_reasons_is_told_once_a_capability() -> None:
    lost = (Lost("chat", "one reason", ("a.py:1",)), Lost("chat", "another", ("b.py:2", "b.py:3")))
    both = replace(COMPARISON, candidates=(replace(ONE, lost=lost),))
    shown = piped(lambda console: print_comparison(both, console))
    assert "chat: 3 requests, at a.py:1, b.py:2, b.py:3" in shown
    assert "one reason" in comparison_json(both)
