"""The sentences among the data of `knowledge/*.yaml`, in the language that is used."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from migrator import language

Asked = ParamSpec("Asked")
Found = TypeVar("Found")

# The keys of `knowledge/*.yaml` whose values are sentences, or parts of one.
PROSE = frozenset(
    {
        "account",
        "beside",
        "confidence",
        "compatible_endpoint",
        "counterpart",
        "deprecated",
        "detail",
        "differs",
        "format",
        "hint",
        "meaning",
        "model_map_policy",
        "note",
        "now",
        "open_questions",
        "otherwise",
        "pass_as",
        "price",
        "price_note",
        "reading_note",
        "remedy",
        "renames",
        "replaced_by",
        "rules",
        "status",
        "stays",
        "stays_with",
        "title",
        "unforced",
        "what",
        "when",
        "why",
    }
)
# Files that hold no sentence that anybody is told.
WITHOUT_PROSE = frozenset({"moving.yaml", "openai.yaml", "specimens.yaml"})
# Lists whose entries have a name in words; elsewhere a name is one that code and requests use.
_NAMED_IN_WORDS = frozenset({"regions", "other_urls", "patterns"})
# Where a single word is said to people, and nothing is decided by it.
_ALSO_SINGLE = frozenset({"meaning", "price_note", "title", "why"})
_WORDS = re.compile(r"[A-Za-z]{2,}[ -].*[a-z]{2,}|[a-z]{2,}[,:;)]? \S|\S [a-z]{2,}", re.DOTALL)
_WORD = re.compile(r"^[A-Za-z]{2,}( |$)|[ (][a-z]{2,}")
_SINGLE = re.compile(r"[A-Z]?[a-z]+")
# Tables of which every value is a sentence.
_TABLES = frozenset({"differs", "stays_with"})
_LINKS = ("http:", "https:")


def said(data: Any) -> Any:
    """Data of the knowledge, its sentences in the language that is used."""
    return data if language.current() == language.ENGLISH else changed(data, language.fact)


def each_language(function: Callable[Asked, Found]) -> Callable[Asked, Found]:
    """`functools.cache` for what holds sentences: each language has answers of its own."""
    answers: defaultdict[str, Callable[Asked, Found]] = defaultdict(lambda: _cached(function))

    @wraps(function)
    def asked(*given: Asked.args, **named: Asked.kwargs) -> Found:
        return answers[language.current()](*given, **named)

    return asked


def _cached(function: Callable[Asked, Found]) -> Callable[Asked, Found]:
    return cache(function)  # type: ignore[return-value]


def changed(data: Any, change: Callable[[str], str], key: str = "", within: str = "") -> Any:
    """Data with something else in the place of each sentence.

    `key` is what the data stand under, `within` what that stands under.
    """
    if isinstance(data, dict):
        return {
            name: changed(one, change, key if key in _TABLES else str(name), key)
            for name, one in data.items()
        }
    if isinstance(data, list):
        return [changed(one, change, key, key if isinstance(one, dict) else within) for one in data]
    return change(data) if isinstance(data, str) and _is_prose(key, data, within) else data


def _is_prose(key: str, text: str, within: str) -> bool:
    """Whether a text is one for people, by what it stands under."""
    if key == "name":
        return within in _NAMED_IN_WORDS and _WORD.search(text) is not None
    if key not in PROSE or text.startswith(_LINKS):
        return False
    if " " in text:
        return _WORDS.search(text) is not None
    return key in _ALSO_SINGLE and _SINGLE.fullmatch(text) is not None
