"""surface.json is compiled of the YAML, and the YAML holds together."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from migrator.checking.sifting import by_core, holds_one, names_openai, needles
from migrator.knowledge import compile as compiler
from migrator.knowledge.files import FOLDER, knowledge, read_compiled

OPENAI = knowledge("openai.yaml")
FRAMEWORKS = knowledge("frameworks.yaml")["frameworks"]
METHODS = [entry for entries in OPENAI["methods"]["areas"].values() for entry in entries]


def test_surface_json_is_up_to_date() -> None:
    assert compiler.SURFACE.read_text(encoding="utf-8") == compiler.build(), (
        "run: python -m migrator.knowledge.compile"
    )


def test_check_json_is_up_to_date() -> None:
    assert compiler.CHECK.read_text(encoding="utf-8") == compiler.build_check(), (
        "run: python -m migrator.knowledge.compile"
    )


def test_a_check_looks_for_a_word_of_whatever_is_openai_s() -> None:
    known = json.loads(compiler.build_check())
    words = needles(frameworks=False)
    assert [word.decode() for word in words] == known["needles"]
    urls = ("api.openai.com", "x.openai.azure.com", "/openai/deployments/x")
    packages = [name for name, (_, own) in json.loads(compiler.build())["packages"].items() if own]
    named = (*known["ids"], *known["variables"]["meanings"], *urls, *packages, "AOAI_KEY")
    assert [one for one in named if not names_openai(one.encode(), words)] == []
    cores = by_core(words)
    assert [one for one in named if not holds_one(one.encode(), cores)] == []
    assert not holds_one(b"o1 o3 ada: 'metadata' gpt", cores)
    more = needles(frameworks=True)
    framework_names = (*known["modules"], *known["classes"])
    assert [one for one in framework_names if not names_openai(one.encode(), more)] == []


@pytest.mark.parametrize(
    "path", sorted(compiler.PROFILES.glob("*.json")), ids=lambda path: path.stem
)
def test_the_json_of_a_profile_is_up_to_date(path: Path) -> None:
    profile = path.with_suffix(".yaml")
    assert path.read_text(encoding="utf-8") == compiler.build_profile(profile), (
        "run: python -m migrator.knowledge.compile"
    )
    assert read_compiled(profile) == compiler.checked(profile)


def test_a_profile_that_changed_since_is_not_read_from_its_json(tmp_path: Path) -> None:
    profile = tmp_path / "bailian.yaml"
    shutil.copy(compiler.PROFILES / "bailian.yaml", profile)
    assert read_compiled(profile) is None
    profile.with_suffix(".json").write_text(compiler.build_profile(profile), encoding="utf-8")
    assert read_compiled(profile) is not None
    profile.write_text(profile.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    assert read_compiled(profile) is None


def test_rendering_has_a_line_per_method() -> None:
    lines = compiler.build().splitlines()
    assert sum(line.startswith('"chat.completions.create":["/chat') for line in lines) == 1
    assert json.loads(compiler.build())["methods"].keys() == {m["path"] for m in METHODS}


def test_method_paths_are_unique_and_as_many_as_the_file_says() -> None:
    paths = [entry["path"] for entry in METHODS]
    assert len(paths) == len(set(paths)) == OPENAI["methods"]["counts"]["total"]


def test_model_ids_are_unique() -> None:
    ids = [entry["id"] for entry in OPENAI["models"]["ids"]]
    assert len(ids) == len(set(ids))


def test_a_model_with_an_end_has_a_date_and_says_where_it_is_from() -> None:
    for entry in OPENAI["models"]["ids"]:
        assert ("shutdown" in entry) == ("date_from" in entry), entry["id"]


def test_every_pattern_compiles() -> None:
    patterns = [p["pattern"] for p in OPENAI["models"]["patterns"]]
    patterns += [rule["pattern"] for rule in OPENAI["variables"]["rules"]]
    patterns += [OPENAI["variables"]["owner"], *OPENAI["urls"].values()]
    for pattern in patterns:
        re.compile(pattern)


def test_what_a_legacy_method_maps_to_exists_or_has_ended() -> None:
    known = {entry["path"] for entry in METHODS}
    for legacy in OPENAI["legacy"]["classes"]:
        for entry in legacy["methods"]:
            assert entry.get("maps_to") is None or entry["maps_to"] in known, entry


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=lambda framework: framework["name"])
def test_a_framework_names_its_source_and_the_params_of_its_classes(framework: dict) -> None:
    assert framework["source"] and framework["requires"] and framework["env"]
    for entry in framework["classes"]:
        assert entry.get("params") is None or entry["params"] in framework["params"], entry


def test_a_class_path_belongs_to_one_framework_class() -> None:
    paths = [
        f"{module}.{name}"
        for framework in FRAMEWORKS
        for entry in framework["classes"]
        for module in entry["in"]
        for name in entry["names"]
    ]
    assert sorted(paths) == sorted(set(paths))


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.yaml")), ids=lambda path: path.name)
def test_no_sentence_is_cut_off_at_a_comma(path: Path) -> None:
    """Without quotes, what stands after a comma is a key without a value."""
    waiting = [yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            assert not [key for key, one in value.items() if one is None and " " in str(key)]
            waiting.extend(value.values())
