"""Snapshots of the checklist; `UPDATE_GOLDEN=1 python -m pytest tests/reports` writes them anew."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from migrator.analysis.sites import Kind
from migrator.decisions import Checklist, Convert, Plan, Severity, Target
from migrator.reports.markdown import checklist_markdown, code, prose

from .golden import assert_golden
from .samples import DECISIONS, DIFFERENT, PLAN, SECRET, SETUP, item, site


def test_the_checklist() -> None:
    assert_golden("checklist.md.txt", checklist_markdown(PLAN))


def test_nothing_to_do_is_said() -> None:
    text = checklist_markdown(Plan(Target("bailian"), ()))
    assert "Nothing is left to do by hand." in text


def test_every_item_has_its_tick_and_no_secret_is_shown() -> None:
    text = checklist_markdown(PLAN)
    assert text.count("- [ ] ") == len(PLAN.checklist)
    assert SECRET not in text


def test_items_that_differ_only_in_place_share_an_explanation() -> None:
    assert checklist_markdown(PLAN).count(prose(DIFFERENT[0].why)) == 1


def test_the_order_of_the_decisions_does_not_matter_to_the_items() -> None:
    turned = Plan(PLAN.target, DECISIONS[::-1], (SETUP,))
    ticks = re.compile(r"^- \[ \] .*$", re.MULTILINE)
    assert ticks.findall(checklist_markdown(turned)) == ticks.findall(checklist_markdown(PLAN))


def test_a_huge_checklist_keeps_every_item_and_goes_without_the_code() -> None:
    places = [site(f"f{n}.py", n, Kind.CALL, "x") for n in range(1, 1500)]
    base = item(
        "odd", places[0], Severity.REVIEW, "Odd", source_code="long_call(" + "a, " * 20 + ")"
    )
    decisions = tuple(
        Checklist(one, (replace(base, site_ids=(one.id,), path=one.path, line=one.span.line),))
        for one in places
    )
    text = checklist_markdown(Plan(Target("bailian"), decisions))
    assert text.count("- [ ] ") == len(places)
    assert len(text) < 65_536
    assert "long_call" not in text


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("plain", "`plain`"),
        ("a`b", "``a`b``"),
        ("`a`", "`` `a` ``"),
        ("a``b`c", "```a``b`c```"),
        ("a|b", "`a|b`"),
        ("two\nlines", "`two lines`"),
        (" padded", "`  padded `"),
    ],
)
def test_code_is_fenced_by_backticks_enough(text: str, markdown: str) -> None:
    assert code(text) == markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("plain, with max_tokens", "plain, with max_tokens"),
        ("`max_tokens` is *not* read", "`max_tokens` is \\*not\\* read"),
        ("__init__ and _x", "\\_\\_init\\_\\_ and \\_x"),
        ("a <b> [c](d) | e", "a \\<b\\> \\[c\\](d) \\| e"),
        ("an odd ` backtick", "an odd \\` backtick"),
        ("`` a`b `` stays code", "``a`b`` stays code"),
        ("one\n\n# two", "one # two"),
        ("~~gone~~", "\\~\\~gone\\~\\~"),
    ],
)
def test_prose_means_nothing_to_markdown_but_code_stays_code(text: str, markdown: str) -> None:
    assert prose(text) == markdown


def test_a_block_that_holds_fences_is_fenced_by_more() -> None:
    one = site("a.py", 1, Kind.CALL, "x")
    found = item("c", one, Severity.REVIEW, "T", source_code='x = """\n````\n"""\n')
    text = checklist_markdown(Plan(Target("p"), (Convert(one, (), "", notes=(found,)),)))
    assert '  `````python\n  x = """\n  ````\n  """\n  `````' in text
