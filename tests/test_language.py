"""What people read is there in every language; what machines read is the same in all of them."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from migrator import catalogues, language, workflow
from migrator.analysis.sites import Kind
from migrator.catalogues import _LIBRARIES
from migrator.checklist import document
from migrator.checklist.living import State
from migrator.providers import load_provider, provider_ids
from tests import pseudo_language

HERE = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("asked", "environment", "found"),
    [
        ("", {}, "en"),
        ("zh-CN", {"LANG": "en_US.UTF-8"}, "zh-CN"),
        ("zh_cn", {}, "zh-CN"),
        ("en", {"MIGRATE_LANG": "zh-CN"}, "en"),
        ("", {"MIGRATE_LANG": "zh", "LANG": "en_US.UTF-8"}, "zh-CN"),
        ("", {"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ("", {"LANGUAGE": "zh_CN:en", "LANG": "C"}, "zh-CN"),
        ("", {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ("", {"LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
def test_language_is_what_is_asked_for_or_the_locale(
    asked: str, environment: dict[str, str], found: str
) -> None:
    assert language.wanted(asked, environment) == found


@pytest.mark.parametrize(
    ("asked", "environment", "named"),
    [("fr", {}, "--lang"), ("", {"MIGRATE_LANG": "français"}, "MIGRATE_LANG")],
)
def test_language_that_is_not_there_is_told(
    asked: str, environment: dict[str, str], named: str
) -> None:
    with pytest.raises(language.UnknownLanguageError, match=f"^{named}: .* is none of en, zh-CN"):
        language.wanted(asked, environment)


@pytest.mark.parametrize(
    ("words", "told"), [((), ""), (("a",), "a"), (("a", "b"), "a and b"), ("abc", "a, b and c")]
)
def test_words_in_a_row(words: Sequence[str], told: str) -> None:
    assert language.joined(words) == told


@pytest.mark.parametrize(
    ("text", "value", "told"),
    [
        ("{x}是否提供", "小米 MiMo", "小米 MiMo 是否提供"),
        ("{x} 不提供", "百炼", "百炼不提供"),
        ("迁移到 {x}：", "百炼", "迁移到百炼："),
        ("迁移到{x}：", "Kimi", "迁移到 Kimi："),
        ("共{x:,}个 {{y}}", 1234, "共 1,234 个 {y}"),
        ("没有 {x!r}，", "k", "没有 'k'，"),
        ("  {x}", "百炼", "  百炼"),
    ],
)
def test_chinese_is_spaced_as_its_values_ask_for(text: str, value: object, told: str) -> None:
    before = language.use(language.CHINESE)
    try:
        assert language._(text, x=value) == told
    finally:
        language.use(before)


# -- what is not translated -----------------------------------------------------------------------

_PROGRAM = """from openai import OpenAI

client = OpenAI()
answer = client.chat.completions.create(
    model="gpt-4o",
    messages=[{"role": "user", "content": "Say hello"}],
    logit_bias={"50256": -100},
)
client.moderations.create(input="hello")
"""
# Carried out one after the other: `apply` writes what the later ones look at.
_COMMANDS = (
    "scan",
    "compare -t bailian -t deepseek",
    "compare -t deepseek --format markdown",
    "explain app.py:4",
    "explain app.py:9",
    "explain app.py:2",
    "explain parameter-drop",
    "explain --model gpt-4o",
    "explain --model gpt-40",
    "explain --api moderations.create",
    "explain --api Completion.create",
    "explain --parameter seed",
    "apply -t nowhere",
    "apply -t bailian --only nothing.py",
    "apply -t bailian --allow-dirty",
    "status",
    "checklist",
    "checklist --format markdown",
    "checklist --format prompt",
    "verify",
    "verify --format markdown -- true",
    "explain app.py:5",
    "providers",
    "undo",
    "undo",
    *(f"{name} --help" for name in ("", "scan", "apply", "undo", "verify", "compare", "explain")),
    *(
        f"{name} --help"
        for name in ("providers", "checklist", "status", "emulate", "mcp", "check", "init")
    ),
)
# What is code wherever it stands: quoted, dotted, given by `=`, a path, an option, an address …
_CODE = re.compile(
    r"`+[^`]*`+|'[^']*'|\"[^\"]*\"|https?://\S+|<[^>]*>|\[[^\]]*\]?|\{[^}]*\}|\b[A-Z][A-Z_-]+\b|¥\S+"
    r"|\.\w+|\S*\w[./_:-]\w\S*|\w+=\S*|--?\w[\w-]*"
    # … a line of code, which has a number, a sign or a branch of a tree before it
    r"|^ *\d+  .*|^ *[+>].*|^.*──.*"
)
_WORD = re.compile(r"[A-Za-z]{2,}")
# Names, kinds and ids, which are the same in every language, and what the libraries say themselves.
_NAMES = frozenset(
    word
    for text in (
        *(kind.value for kind in Kind),
        *(one.id for name in provider_ids() for one in load_provider(name).regions),
        *(load_provider(name).data["name"]["en"] for name in provider_ids()),
        *(alias for name in provider_ids() for alias in load_provider(name).aliases),
        *provider_ids(),
        *_COMMANDS,
        *_LIBRARIES,
        _PROGRAM,
        "migrate type_ref json html stdio python value echo moderation baseline doctor completion",
        "fleet",
    )
    for word in _WORD.findall(text)
)


def test_everything_that_is_printed_can_be_translated(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(_PROGRAM, "utf-8")
    (tmp_path / ".env").write_text("OPENAI_API_KEY=\n", "utf-8")
    (tmp_path / "requirements.txt").write_text("openai>=1.0\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.pseudo_language"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(HERE), "COLUMNS": "250", "TERM": "dumb"},
        input=json.dumps([shlex.split(one) for one in _COMMANDS]),
        capture_output=True,
        text=True,
        check=True,
    )
    printed = dict(zip(_COMMANDS, json.loads(done.stdout), strict=True))
    assert all(printed.values())
    left = {name: list(_untranslated(told)) for name, told in printed.items()}
    assert not {name: lines for name, lines in left.items() if lines}


def _untranslated(told: str) -> Iterator[str]:
    for line in told.splitlines():
        if set(_WORD.findall(_CODE.sub(" ", line))) - _NAMES:
            yield line


# -- a checklist ----------------------------------------------------------------------------------


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A language in which every letter is wide is used."""
    known = (document._title, document._title_in, document._settled, document._severities)
    for one in known:
        one.cache_clear()
    pseudo_language.install(monkeypatch)
    yield
    for one in known:
        one.cache_clear()


@pytest.mark.usefixtures("pseudo")
def test_a_checklist_goes_on_in_its_language(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(_PROGRAM, "utf-8")
    workflow.apply([tmp_path], workflow.Options("bailian"), allow_dirty=True)
    file = tmp_path / workflow.CHECKLIST_FILE
    before = file.read_text("utf-8")
    known = workflow.checklist([tmp_path])[0]
    language.use(language.ENGLISH)
    there = workflow.checklist([tmp_path])[0]
    assert [(one.code, one.state) for one in there.lines] == [
        (one.code, one.state) for one in known.lines
    ]
    assert there.text == known.text
    text = (tmp_path / "app.py").read_text("utf-8")
    assert "    return OpenAI()\n" in text
    (tmp_path / "app.py").write_text(
        f'{text}openai_client().moderations.create(input="more")\n', "utf-8"
    )
    added = workflow.checklist([tmp_path], update=True)[0]
    gone = text.replace("    return OpenAI()\n", "    return None\n")
    (tmp_path / "app.py").write_text(gone, "utf-8")
    settled = workflow.checklist([tmp_path], update=True)[0]
    after = file.read_text("utf-8")
    assert any(one.new for one in added.lines)
    assert State.GONE in {one.state for one in settled.lines}
    assert language.current() == language.ENGLISH
    assert "(ｇｏｎｅ)" in after
    assert len(after.splitlines()) > len(before.splitlines())
    assert not {"**Why:**", "**Do:**", "(gone)"} & set(re.findall(r"\*\*\w+:\*\*|\(\w+\)", after))


# -- the catalogues -------------------------------------------------------------------------------

TEXTS = {language.MESSAGES: catalogues.messages, language.KNOWLEDGE: catalogues.facts}
_FIELDS = re.compile(r"\{\w[^{}]*\}")


@pytest.mark.parametrize("name", language.LOCALES)
@pytest.mark.parametrize("domain", TEXTS)
def test_catalogue_has_every_text_and_no_other(domain: str, name: str) -> None:
    told = catalogues.translations(domain, name)
    texts = TEXTS[domain]()
    assert [text for text in texts if not any(told.get(text, ""))] == []
    assert told.keys() <= texts.keys()
    written = catalogues.files_of(name, texts, told)
    kept = [catalogues.path_of(domain, name, ending).read_bytes() for ending in ("po", "mo")]
    assert kept == [*written], "python -m migrator.catalogues"


@pytest.mark.parametrize("name", language.LOCALES)
def test_translation_has_the_values_and_the_code_of_its_text(name: str) -> None:
    """What is filled in, and every span of code, whatever the language."""
    for text, other in catalogues.translations(language.MESSAGES, name).items():
        english = text if isinstance(text, str) else text[1]
        said = other if isinstance(other, str) else other[1]
        assert {*_FIELDS.findall(said)} == {*_FIELDS.findall(english)}, english
