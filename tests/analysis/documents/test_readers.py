"""The readers with positions agree with the parsers that have none."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from migrator.analysis.documents import json_, toml_, yaml_

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KEYS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=6
)
STRINGS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
TREES = st.recursive(
    STRINGS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)
DOCUMENTS = st.dictionaries(KEYS, TREES, max_size=4)


def leaves(tree: Any, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], str]:
    """The strings of a tree by the way to them."""
    if isinstance(tree, dict):
        steps = tree.items()
    elif isinstance(tree, list):
        steps = enumerate(tree)
    else:
        return {path: str(tree)}
    return {
        way: leaf for step, child in steps for way, leaf in leaves(child, (*path, step)).items()
    }


@given(DOCUMENTS, st.sampled_from([None, 2]), st.booleans())
def test_json(document: dict[str, Any], indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    found = {entry.path: entry for entry in json_.entries(text)}
    assert {way: entry.value for way, entry in found.items()} == leaves(document)
    for entry in found.values():
        assert json.loads(f'"{text[slice(*entry.bounds)]}"') == entry.value


@given(DOCUMENTS)
def test_toml(document: dict[str, Any]) -> None:
    text = tomlkit.dumps(document)
    found = {entry.path: entry.value for entry in toml_.entries(text)}
    expected = leaves(tomllib.loads(text))
    assert {way: found.get(way) for way in expected} == expected


@given(DOCUMENTS)
def test_yaml_values_stand_where_they_are_said_to(document: dict[str, Any]) -> None:
    text = json.dumps(document, ensure_ascii=False)
    for entry in yaml_.entries(text):
        inner = text[slice(*entry.bounds)]
        # YAML folds line breaks inside a quoted value, the Unicode ones too.
        if "\\" not in inner and not set(inner) & set("\x85\u2028\u2029"):
            assert inner == entry.value


@pytest.mark.parametrize(
    "text",
    [
        'a = "x" # "y"',
        "[t]\n\"quoted key\".b = 'x'",
        'a = ["x", # c\n "y",\n]',
        '[[t]]\na = "x"\n[[t.u]]\nb = {c = "y", d.e = "z"}',
        'a = """\nx "quoted" y"""\nb = "z"',
        "a = 1979-05-27 07:32:00\nb = 'x'",
        'a = [{b = "x"}, {b = ["y", "z"]}]',
    ],
)
def test_toml_shapes(text: str) -> None:
    def values(tree: Any) -> list[str]:
        return sorted(leaf for leaf in leaves(tree).values() if leaf in ("x", "y", "z"))

    found = [entry.value for entry in toml_.entries(text) if entry.value in ("x", "y", "z")]
    assert sorted(found) == values(tomllib.loads(text))
