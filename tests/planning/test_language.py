"""A plan is the same in every language, and all that it says goes through the catalogues."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest

from migrator import language, workflow
from migrator.decisions import Checklist, ChecklistItem, Convert, Decision, Leave, Plan
from migrator.edits import Edit, Marker
from migrator.providers import load_provider

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = (
    ("programs/legacy_media", "bailian", "compatible"),
    ("programs/name_tests", "deepseek", "compatible"),
    ("programs/two_providers", "zhipu", "compatible"),
    ("programs/responses_streams", "bailian", "sdk"),
    ("programs/settings_and_options", "ark", "compatible"),
    ("frameworks/instructor", "mimo", "compatible"),
)
# Two words beside each other that no catalogue gave: prose, where code and names are single words.
_PROSE = re.compile(r"(?<![\w./'-])[a-z]{2,} [a-zA-Z]{2,}")


# A language of its own: what is read in it is kept apart from what other tests read.
MARKED = "marked"


class Marking:
    """A catalogue in which every text is there: what of it is no value stands in «guillemets»."""

    def gettext(self, text: str) -> str:
        try:
            parts = list(Formatter().parse(text))
        except ValueError:
            return f"«{text}»"
        if not any(name and name.isidentifier() for _, name, _, _ in parts):
            return f"«{text}»"
        return "".join(_marked(*part) for part in parts)

    def ngettext(self, one: str, several: str, number: int) -> str:
        return self.gettext(one if number == 1 else several)


def _marked(said: str, name: str | None, form: str | None, conversion: str | None) -> str:
    kept = said.replace("{", "{{").replace("}", "}}")
    field = f"!{conversion}" if conversion else ""
    field += f":{form}" if form else ""
    return (f"«{kept}»" if kept else "") + ("" if name is None else f"{{{name}{field}}}")


@pytest.fixture
def marking(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """Lets every text of the other language be one in guillemets."""
    catalogue = Marking()
    monkeypatch.setattr(language, "_catalogue", lambda *_: catalogue)
    before = language.current()
    yield language.use
    language.use(before)


def _planned(root: Path, target: str, mode: str = "compatible") -> Plan:
    return workflow.plan([root], workflow.Options(target=target, mode=mode))[0].plan


def _edit(edit: Edit) -> tuple[object, ...]:
    """What an edit does, but for the words of a comment."""
    what = edit.instruction.code if isinstance(edit.instruction, Marker) else edit.instruction
    return edit.place, edit.codemod, what, edit.site_ids


def _decided(one: Decision) -> tuple[object, ...]:
    edits = () if isinstance(one, Leave) else tuple(map(_edit, one.edits))
    # Where a value comes from is told in words, too.
    return replace(one.site, provenance=()), type(one), edits


def _item(item: ChecklistItem) -> tuple[object, ...]:
    return item.id, item.site_ids, item.path, item.line, item.severity, item.replacement


def _neutral(plan: Plan) -> list[object]:
    """What of a plan is no text for people."""
    return [
        list(map(_decided, plan.decisions)),
        list(map(_item, plan.checklist)),
        list(map(_edit, plan.edits)),
        plan.files,
        [(one.id, one.site_ids, len(one.ties)) for one in plan.groups],
        [(name, choice.model) for name, choice in plan.choices.items()],
    ]


def _texts(plan: Plan) -> Iterator[str]:
    """Everything that a plan says to people."""
    for one in plan.decisions:
        if isinstance(one, Convert | Leave):
            yield one.reason
        if isinstance(one, Checklist | Convert):
            yield from (edit.reason for edit in one.edits)
    for item in plan.checklist:
        yield from (item.title, item.why, item.action)
        yield from (source.title for source in item.sources)
    for group in plan.groups:
        yield from group.ties


def _unmarked(text: str) -> str:
    """What of a text is in no guillemets, and is no code: that stands in backticks."""
    text = re.sub(r"`»[^`]*«`", "`»«`", text)
    while text != (text := re.sub(r"«[^«»]*»", "¦", text)):
        pass
    return text


@pytest.mark.parametrize(("name", "target", "mode"), CASES)
def test_plan_is_the_same_and_says_everything_in_the_language_that_is_used(
    name: str, target: str, mode: str, marking: Callable[[str], str]
) -> None:
    root = FIXTURES / name / "before"
    english = _planned(root, target, mode)
    marking(MARKED)
    other = _planned(root, target, mode)
    assert _neutral(other) == _neutral(english)
    assert [text for text in _texts(other) if _PROSE.search(_unmarked(text))] == []


def test_what_is_marked_in_one_language_is_not_marked_again_in_another(
    tmp_path: Path, marking: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = shutil.copytree(FIXTURES / "programs" / "legacy_media" / "before", tmp_path / "app")
    latin = 'from openai import OpenAI\n\nOpenAI().moderations.create(input="é")\n'
    (root / "latin.py").write_bytes(f"# -*- coding: latin-1 -*-\n{latin}".encode("latin-1"))
    chinese = latin.replace("é", "你好")
    (root / "gbk.py").write_bytes(f"# -*- coding: gbk -*-\n{chinese}".encode("gbk"))
    options = workflow.Options(target="deepseek")
    monkeypatch.setattr(language, "_catalogue", lambda *_: _Han())
    marking("han")
    workflow.apply([root], options)
    marking(language.ENGLISH)
    assert "# MIGRATE[endpoint-missing]: 汉" in (root / "gbk.py").read_text("gbk")
    assert "]: see MIGRATION_CHECKLIST.md" in (root / "latin.py").read_text("latin-1")
    assert workflow.plan([root], options)[0].plan.edits == ()


class _Han(Marking):
    def gettext(self, text: str) -> str:
        return super().gettext(text).replace("«", "汉").replace("»", "字")


def test_profile_that_was_read_in_one_language_is_read_again_in_another(
    marking: Callable[[str], str],
) -> None:
    english = load_provider("bailian")
    marking(MARKED)
    other = load_provider("bailian")
    assert other.key.detail == f"«{english.key.detail}»"
    marking(language.ENGLISH)
    assert load_provider("bailian").key.detail == english.key.detail


def test_provider_is_called_by_its_name_in_the_language() -> None:
    before = language.use(language.CHINESE)
    try:
        assert load_provider("hunyuan").name == load_provider("hunyuan").name_zh
    finally:
        language.use(before)
