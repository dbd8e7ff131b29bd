"""What people read is there in every language; what machines read is the same in all of them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from migrator import language


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
