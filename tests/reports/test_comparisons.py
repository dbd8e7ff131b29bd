"""Snapshots of comparisons; `UPDATE_GOLDEN=1 python -m pytest tests/reports` writes them anew."""

from __future__ import annotations

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


def test_a_comparison_as_html_needs_no_other_file() -> None:
    page = comparison_html(COMPARISON, paths=" app")
    assert_golden("comparison.html", page)
    assert not re.search(r"<(?:script|link|img|iframe)|src=|url\(|@import", page)
    assert "One &lt;Models&gt;" in page


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
