from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
import yaml

from migrator.language import why
from migrator.preference import preferred_language
from migrator.settings import Settings, SettingsError, load_settings
from migrator.settings.keys import KEYS
from migrator.settings.page import tables
from migrator.settings.schema import schema
from migrator.settings.schema import text as schema_text

DOCS = Path(__file__).parent.parent / "docs"

TOML = """\
[project]
name = "example"

[tool.migrator]
target = "bailian"
mode = "compatible"
region = "singapore"
include = ["src/"]
exclude = ["legacy/", "*_old.py"]
keep_env_names = true
markers = false

[tool.migrator.map]
"gpt-4o" = "qwen-one"
"gpt-4.1" = "qwen-two"
"""
YAML = """\
target: bailian
mode: compatible
region: singapore
include: [src/]
exclude:
  - legacy/
  - "*_old.py"
keep_env_names: true
markers: false
map:
  gpt-4o: qwen-one
  gpt-4.1: qwen-two
"""


def write(folder: Path, name: str, content: str | bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def message(folder: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(folder)
    text = str(caught.value)
    assert "\n" not in text
    assert caught.value.exit_code == 2
    return text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("pyproject.toml", TOML, id="pyproject"),
        pytest.param(".migrator.yaml", YAML, id="yaml"),
        pytest.param("pyproject.toml", b"\xef\xbb\xbf" + TOML.encode(), id="pyproject with a BOM"),
        pytest.param("pyproject.toml", TOML.replace("\n", "\r\n"), id="pyproject with CRLF"),
        pytest.param(".migrator.yaml", b"\xef\xbb\xbf" + YAML.encode(), id="yaml with a BOM"),
    ],
)
def test_every_setting_is_read(tmp_path: Path, name: str, content: str | bytes) -> None:
    file = write(tmp_path, name, content)
    assert load_settings(tmp_path) == Settings(
        target="bailian",
        mode="compatible",
        region="singapore",
        map={"gpt-4o": "qwen-one", "gpt-4.1": "qwen-two"},
        include=("src/",),
        exclude=("legacy/", "*_old.py"),
        keep_env_names=True,
        markers=False,
        file=file,
    )


def test_without_a_settings_file_the_defaults_hold(tmp_path: Path) -> None:
    found = load_settings(tmp_path)
    assert found == Settings()
    assert (found.markers, found.keep_env_names, found.file) == (True, False, None)


def test_settings_cannot_be_changed() -> None:
    settings = Settings()
    with pytest.raises(FrozenInstanceError):
        settings.target = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        settings.map["gpt-4o"] = "other"  # type: ignore[index]


@pytest.mark.parametrize("name", ["pyproject.toml", ".migrator.yaml"])
def test_the_nearest_folder_above_wins(tmp_path: Path, name: str) -> None:
    write(tmp_path, "pyproject.toml", '[tool.migrator]\ntarget = "far"\n')
    near = {
        "pyproject.toml": '[tool.migrator]\ntarget = "near"\n',
        ".migrator.yaml": "target: near",
    }
    write(tmp_path / "a", name, near[name])
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    assert load_settings(tmp_path / "a" / "b" / "c").target == "near"
    assert load_settings(tmp_path).target == "far"


def test_a_pyproject_without_the_table_does_not_hide_the_one_above(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", '[tool.migrator]\ntarget = "above"\n')
    write(tmp_path / "package", "pyproject.toml", '[project]\nname = "migrator-example"\n')
    assert load_settings(tmp_path / "package").target == "above"


def test_an_empty_yaml_file_means_defaults_and_stops_the_search(tmp_path: Path) -> None:
    write(tmp_path, ".migrator.yaml", "target: above\n")
    file = write(tmp_path / "package", ".migrator.yaml", "# nothing yet\n")
    assert load_settings(tmp_path / "package") == Settings(file=file)


def test_the_search_may_start_at_a_file(tmp_path: Path) -> None:
    write(tmp_path, ".migrator.yaml", "target: bailian\n")
    assert load_settings(write(tmp_path, "app.py", "")).target == "bailian"


def test_the_search_may_start_at_a_relative_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, ".migrator.yaml", "target: bailian\n")
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    assert load_settings(Path()).target == "bailian"


def test_two_files_of_one_folder_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", TOML)
    write(tmp_path, ".migrator.yaml", YAML)
    assert "not both" in message(tmp_path)


def test_a_pyproject_without_the_table_stands_beside_a_yaml_file(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", '[project]\nname = "example"\n')
    write(tmp_path, ".migrator.yaml", "target: bailian\n")
    assert load_settings(tmp_path).target == "bailian"


@pytest.mark.parametrize(
    ("key", "suggested"),
    [
        ("taget", "target"),
        ("exclude-files", "exclude"),
        ("keep-env-names", "keep_env_names"),
        ("Region", "region"),
        ("marker", "markers"),
    ],
)
def test_an_unknown_key_suggests_the_nearest(tmp_path: Path, key: str, suggested: str) -> None:
    file = write(tmp_path, "pyproject.toml", f'[tool.migrator]\n{key} = "x"\n')
    assert message(tmp_path) == f"{file}: unknown setting {key!r}; did you mean {suggested!r}?"


def test_a_key_near_nothing_gets_the_list(tmp_path: Path) -> None:
    write(tmp_path, ".migrator.yaml", "colour: red\n")
    assert "'colour'; the settings are target, mode, region, map" in message(tmp_path)


@pytest.mark.parametrize(
    ("line", "key", "expected"),
    [
        ("target: 3", "target", "a string"),
        ("target: ''", "target", "not empty"),
        ("target:", "target", "not nothing"),
        ("region: [beijing]", "region", "a string"),
        ("include: src/", "include", "a list of patterns"),
        ("exclude: [1]", "exclude", "a list of patterns"),
        ("keep_env_names: 'yes'", "keep_env_names", "true or false"),
        ("markers: 1", "markers", "true or false"),
        ("legacy: stay", "legacy", "one of auto, upgrade, keep"),
        ("map: [gpt-4o]", "map", "a table of model ids"),
        ("map: {gpt-4o: 1}", "map", "a table of model ids"),
        ("map: {4: qwen-one}", "map", "a table of model ids"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(
    tmp_path: Path, line: str, key: str, expected: str
) -> None:
    file = write(tmp_path, ".migrator.yaml", line)
    text = message(tmp_path)
    assert text.startswith(f"{file}: {key!r} must be ")
    assert expected in text


@pytest.mark.parametrize("line", ["[a, b]", "just words", "3", "false"])
def test_a_yaml_file_that_is_no_table_is_refused(tmp_path: Path, line: str) -> None:
    file = write(tmp_path, ".migrator.yaml", line)
    assert message(tmp_path) == f"{file}: the settings must be a table of keys and values"


def test_a_tool_entry_that_is_no_table_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", '[tool]\nmigrator = "bailian"\n')
    assert "must be a table" in message(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "start"),
    [
        ("pyproject.toml", "[tool.migrator]\ntarget = \n", "2: not valid TOML: "),
        ("pyproject.toml", "[tool.migrator]\nmap = [", "2: not valid TOML: "),
        (".migrator.yaml", "target: a\nmap: {\n", "3: not valid YAML: "),
        (".migrator.yaml", "target: a\n\tmode: b\n", "2: not valid YAML: "),
        (".migrator.yaml", "target: a\nmode: \x07\n", "2: not valid YAML: "),
        ("pyproject.toml", b"[tool.migrator]\ntarget = '\xff'\n", "2: not UTF-8 text"),
    ],
)
def test_a_broken_file_is_told_with_its_line(
    tmp_path: Path, name: str, content: str | bytes, start: str
) -> None:
    file = write(tmp_path, name, content)
    assert message(tmp_path).startswith(f"{file}:{start}")


def test_a_broken_pyproject_that_is_not_about_us_is_let_be(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "[project\n")
    assert load_settings(tmp_path) == Settings()


def test_what_is_said_of_the_checklist_is_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        "pyproject.toml",
        '[tool.migrator]\nlang = "zh-CN"\n'
        'severity = {tokenizer = "blocker", docs-words = "off"}\n\n'
        "[[tool.migrator.suppressions]]\n"
        'code = ["tokenizer", "raw-http"]\npath = "tools/**"\nreason = "a chart"\n',
    )
    found = load_settings(tmp_path)
    assert found.severity == {"tokenizer": "blocker", "docs-words": "off"}
    (only,) = found.suppressions
    assert (only.codes, only.path, only.reason) == (
        ("tokenizer", "raw-http"),
        "tools/**",
        "a chart",
    )
    assert only.line == 8
    assert found.stated == {"lang", "severity", "suppressions"}


def test_a_bare_off_is_a_word_in_yaml_too(tmp_path: Path) -> None:
    write(tmp_path, ".migrator.yaml", "severity: {tokenizer: off}\n")
    assert load_settings(tmp_path).severity == {"tokenizer": "off"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("severity: {tokeniser: off}", "no code 'tokeniser'; did you mean 'tokenizer'?"),
        ("severity: {zzzz: off}", "no code 'zzzz' (`migrate explain CODE`"),
        ("severity: {tokenizer: bad}", "'severity.tokenizer' must be one of blocker, behaviour"),
        ("severity: {tokenizer: true}", "'severity.tokenizer' must be one of blocker"),
        ("severity: off", "'severity' must be a table"),
        ("suppressions: {}", "'suppressions' must be a list of tables"),
        ("suppressions: [{code: tokenizer, path: a}]", "'suppressions[0]' has no 'reason'"),
        (
            "suppressions: [{code: tokenizer, path: a, resaon: b}]",
            "'suppressions[0].resaon'; did you mean 'suppressions[0].reason'?",
        ),
        (
            "suppressions: [{code: tokenizer, path: a, reason: ' '}]",
            "'suppressions[0].reason' must be a string that is not empty",
        ),
        (
            "suppressions: [{code: [tokenizr], path: a, reason: b}]",
            "suppressions[0].code: the checklist has no code 'tokenizr'; did you mean 'tokenizer'?",
        ),
        ("lang: de", "'lang' must be one of en, zh-CN"),
    ],
)
def test_what_is_wrong_inside_of_a_setting_is_named(
    tmp_path: Path, line: str, expected: str
) -> None:
    write(tmp_path, ".migrator.yaml", line)
    assert expected in message(tmp_path)


def test_every_key_is_documented_and_its_example_is_taken(tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    examples = {name: key.example for name, key in KEYS.items()}
    write(tmp_path, ".migrator.yaml", yaml.safe_dump(examples))
    assert load_settings(tmp_path).stated == set(KEYS)
    checked = jsonschema.Draft7Validator(schema())
    checked.check_schema(schema())
    assert list(checked.iter_errors(examples)) == []
    for wrong in ({"taget": "a"}, {"severity": {"zzzz": "off"}}, {"suppressions": [{"code": "x"}]}):
        assert list(checked.iter_errors(wrong))
    assert (DOCS / "migrator.schema.json").read_text("utf-8") == schema_text()
    page = (DOCS / "settings.md").read_text("utf-8")
    assert all(table in page for table in tables())
    for fence, name in (("toml", "pyproject.toml"), ("yaml", ".migrator.yaml")):
        folder = tmp_path / fence
        write(folder, name, page.split(f"```{fence}\n")[1].split("```")[0])
        assert load_settings(folder).severity == {"tokenizer": "blocker", "docs-words": "off"}


@pytest.mark.parametrize(
    ("name", "content", "language"),
    [
        (".migrator.yaml", "target: x\r\nlang: zh-CN\r\n", "zh-CN"),
        ("pyproject.toml", "[tool.x]\nlang = 'en'\n[tool.migrator]\nlang = 'zh-CN'\n", "zh-CN"),
        ("pyproject.toml", "[tool.migrator]\nmode = 'sdk'\n[tool.x]\nlang = 'zh-CN'\n", ""),
        ("pyproject.toml", "[tool.x]\nlang = 'zh-CN'\n", "en"),
    ],
)
def test_the_language_of_the_nearest_settings_is_found_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str, language: str
) -> None:
    write(tmp_path, ".migrator.yaml", "lang: en\n")
    write(tmp_path / "a", name, content)
    (tmp_path / "a" / "b").mkdir()
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert preferred_language() == language


def test_the_settings_name_the_language_where_no_person_does() -> None:
    assert why("", {"LANG": "en_US.UTF-8"}, "zh-CN") == ("zh-CN", "lang")
    assert why("", {"MIGRATE_LANG": "en"}, "zh-CN") == ("en", "MIGRATE_LANG")
    assert why("en", {"MIGRATE_LANG": "zh"}, "zh-CN") == ("en", "--lang")
    assert why("", {"LANG": "zh_CN.UTF-8"}, "") == ("zh-CN", "LANG=zh_CN.UTF-8")
