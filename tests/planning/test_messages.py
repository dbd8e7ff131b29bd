"""The checklist's vocabulary is closed: each code is used, and each use is of the vocabulary."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from migrator import planning
from migrator.explaining.examples import examples
from migrator.planning.messages import MESSAGES
from migrator.planning.reference import page

SOURCES = {
    path.relative_to(planning.__path__[0]).as_posix(): path.read_text("utf-8")
    for path in Path(planning.__path__[0]).rglob("*.py")
} | {
    name: (Path(planning.__path__[0]).parent / name).read_text("utf-8")
    for name in ("rewriting.py", "documentation/wording.py")
}
PAGE = Path(__file__).parents[2] / "docs" / "checklist.md"
CODE = re.compile(r'"([a-z]+(?:-[a-z]+)+)"')


@pytest.mark.parametrize("code", MESSAGES)
def test_each_code_is_used(code: str) -> None:
    users = [name for name, text in SOURCES.items() if name != "messages.py" and code in text]
    assert users


def test_each_code_that_is_given_an_item_is_known() -> None:
    given = {
        code
        for name, text in SOURCES.items()
        if name != "messages.py"
        for call in re.findall(r'(?:item|general|call\.(?:note|block|say))\(\s*"[a-z-]+"', text)
        for code in CODE.findall(call)
    }
    assert given
    assert given <= set(MESSAGES)


def test_each_example_is_of_a_code() -> None:
    """Write them anew with `python -m migrator.explaining.examples`."""
    found = examples()
    assert found.keys() <= MESSAGES.keys()
    assert all(one["title"] and one["action"] for one in found.values())


def test_each_code_is_documented() -> None:
    """Write the page anew with `python -m migrator.planning.reference > docs/checklist.md`."""
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize("code", MESSAGES)
def test_each_message_says_what_and_what_to_do(code: str) -> None:
    message = MESSAGES[code]
    assert message.title
    assert not message.title.endswith(".")
    assert "\n" not in message.title
    assert message.action.endswith(".")
    for template in (message.title, message.action):
        names = [name for _, name, _, _ in Formatter().parse(template) if name is not None]
        assert all(name.isidentifier() for name in names)
