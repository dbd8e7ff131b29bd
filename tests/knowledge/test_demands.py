"""How demands.yaml is made anew, and what it says."""

from __future__ import annotations

import yaml
from packaging.version import Version

from migrator.knowledge.demands import NAME, Demand, demand, render, rows
from migrator.knowledge.files import FOLDER, knowledge
from migrator.ranges import releases

SAID: dict[str, Demand | None] = {
    "0.1": {"": "<1"},
    "0.2": None,
    "0.3": {"": "<1"},
    "0.4": {"": ">=1"},
    "0.5": {"": ">=1"},
    "1.0": {},
}


def test_each_stretch_begins_with_its_first_release() -> None:
    assert list(rows(list(SAID), SAID.get)) == [
        ("0.1", {"": "<1"}),
        ("0.4", {"": ">=1"}),
        ("1.0", {}),
    ]


def test_releases_between_two_that_differ_are_looked_at() -> None:
    many = [f"0.{number}" for number in range(100)]
    asked: list[str] = []

    def ask(release: str) -> Demand:
        asked.append(release)
        return {"": "<1" if Version(release) < Version("0.37") else ">=1"}

    assert list(rows(many, ask)) == [("0.0", {"": "<1"}), ("0.37", {"": ">=1"})]
    assert len(set(asked)) < 25


def test_what_metadata_demands() -> None:
    wanted = [
        "openai (<2,>=1.40)",
        "rich",
        "OpenAI>=2 ; extra == 'openai'",
        "openai>3; extra == 'x'",
    ]
    assert demand({"requires_dist": wanted}) == {"": "<2,>=1.40", "openai": ">=2"}


def test_the_file_is_as_it_is_made() -> None:
    known = knowledge(NAME)
    text = (FOLDER / NAME).read_text("utf-8")
    assert render(known["packages"], known) == text
    assert yaml.safe_load(text) == known


def test_every_row_can_be_read() -> None:
    for entry in knowledge(NAME)["packages"].values():
        if "through" in entry:
            continue
        since = [Version(first) for first, _ in entry["rows"]]
        assert since == sorted(set(since))
        assert since[-1] <= Version(entry["read"])
        said = [text for _, row in entry["rows"] for text in row.values()]
        assert all(releases(text) is not None for text in said)
