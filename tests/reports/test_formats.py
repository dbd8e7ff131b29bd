"""Every format of a result: what it holds, where it goes, and that nothing breaks out of it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from gettext import NullTranslations
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from typer.testing import CliRunner

from migrator import language, workflow
from migrator.changes.result import ApplyResult
from migrator.checklist import document
from migrator.checklist.document import Document
from migrator.cli.commands import app
from migrator.decisions import Severity
from migrator.reports.markdown import GROUPS, LEFT, SUPPRESSED, checklist_markdown
from migrator.reports.merge_request import plan_markdown, quiet, scan_markdown
from migrator.reports.sarif import checklist_sarif, plan_sarif, scan_sarif

CODE = """\
from openai import OpenAI
client = OpenAI()
名 = "说"; r = client.chat.completions.create(model="gpt-4o", messages=[], logit_bias={})
# migrate: ignore[endpoint-missing] we keep @alice's #12 | pipes
client.fine_tuning.jobs.create(model="gpt-4o", training_file="x")
client.beta.threads.create()
"""
ODD = "a b#c/x&y [1].py"
GBK = "中文/模块.py"
_BOUNDS = ("startLine", "startColumn", "endLine", "endColumn")
OPTIONS = workflow.Options("bailian")


def _notebook() -> str:
    cells = [
        {"cell_type": "code", "metadata": {}, "source": [CODE], "outputs": []},
        {"cell_type": "code", "metadata": {}, "source": ["client.models.list()\n"], "outputs": []},
    ]
    kernel = {"kernelspec": {"language": "python", "name": "python3"}}
    return json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository with the folder `srv`, whose files are written in every manner."""
    top = tmp_path_factory.mktemp("top")
    files = {
        ODD: CODE.encode(),
        GBK: f"# coding: gbk\n{CODE}".encode("gbk"),
        "crlf.py": CODE.replace("\n", "\r\n").rstrip().encode(),
        "n.ipynb": _notebook().encode(),
        "requirements.txt": b"openai>=1.0",
        "broken.py": b"import openai\ndef f(:\n",
    }
    for name, data in files.items():
        place = top / "srv" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    _git(top, "init", "-q")
    _git(top, "add", ".")
    return top


@pytest.fixture(scope="module")
def planned(repository: Path) -> ApplyResult:
    return workflow.plan([repository / "srv"], OPTIONS)[0]


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


# The properties of SARIF 2.1.0 that are written, by the property that holds the object.
_PROPERTIES = {
    "": {"$schema", "version", "runs"},
    "runs": {
        *("tool", "automationDetails", "invocations", "originalUriBaseIds", "columnKind"),
        *("defaultEncoding", "language", "artifacts", "results"),
    },
    "tool": {"driver"},
    "driver": {"name", "version", "rules"},
    "rules": {"id", "shortDescription", "help", "helpUri", "defaultConfiguration"},
    "help": {"text", "markdown"},
    "automationDetails": {"id"},
    "invocations": {"executionSuccessful", "exitCode", "toolExecutionNotifications"},
    "toolExecutionNotifications": {"level", "message", "locations"},
    "artifacts": {"location", "encoding"},
    "results": {
        *("ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"),
        *("relatedLocations", "suppressions", "fixes", "properties"),
    },
    "message": {"text"},
    "locations": {"physicalLocation"},
    "relatedLocations": {"id", "physicalLocation", "message"},
    "physicalLocation": {"artifactLocation", "region"},
    "artifactLocation": {"uri", "uriBaseId"},
    "region": {"startLine", "startColumn", "endLine", "endColumn"},
    "suppressions": {"kind", "status", "justification"},
    "fixes": {"description", "artifactChanges"},
    "artifactChanges": {"artifactLocation", "replacements"},
    "replacements": {"deletedRegion", "insertedContent"},
    "deletedRegion": {*_BOUNDS, "charOffset", "charLength"},
    "insertedContent": {"text"},
}


def _check(value: Any, name: str = "") -> None:
    if isinstance(value, list):
        for one in value:
            _check(one, name)
    elif isinstance(value, dict) and name != "properties":
        assert value.keys() <= _PROPERTIES.get(name, value.keys()), (name, value.keys())
        for key, one in value.items():
            _check(one, key)
    elif name in ("startLine", "startColumn", "endLine", "endColumn"):
        assert value >= 1


def _run(text: str) -> dict[str, Any]:
    log = json.loads(text)
    _check(log)
    assert log["version"] == "2.1.0" and len(log["runs"]) == 1
    run: dict[str, Any] = log["runs"][0]
    rules = [one["id"] for one in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note") and result["message"]["text"]
    return run


def _places(run: dict[str, Any]) -> Iterator[tuple[str, dict[str, int], str]]:
    for result in run["results"]:
        for one in result["locations"]:
            place = one["physicalLocation"]
            uri = place["artifactLocation"]["uri"]
            assert re.fullmatch(r"[A-Za-z0-9/._~%&+-]*", uri.replace("%", "")), uri
            yield unquote(uri), place.get("region", {}), result["ruleId"]


def test_sarif_names_places_from_the_top_of_the_repository_by_code_points(repository: Path) -> None:
    root = repository / "srv"
    run = _run(scan_sarif(workflow.scan([root]), root))
    assert run["columnKind"] == "unicodeCodePoints"
    calls = {path: region for path, region, rule in _places(run) if rule == "openai-call"}
    assert {f"srv/{ODD}", f"srv/{GBK}", "srv/crlf.py", "srv/n.ipynb"} == set(calls)
    for path, region, rule in _places(run):
        if rule != "openai-client" or path.endswith(".ipynb"):
            continue
        encoding = "gbk" if path.endswith(GBK) else "utf-8"
        lines = (repository / path).read_bytes().decode(encoding).splitlines()
        line = lines[region["startLine"] - 1]
        assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "OpenAI()"
    encodings = {unquote(one["location"]["uri"]): one.get("encoding") for one in run["artifacts"]}
    assert encodings[f"srv/{GBK}"] == "gbk" and encodings["srv/crlf.py"] is None
    [note] = run["invocations"][0]["toolExecutionNotifications"]
    assert note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "srv/broken.py"


def test_the_fixes_of_sarif_together_are_what_apply_writes(
    repository: Path, planned: ApplyResult
) -> None:
    run = _run(plan_sarif(planned, repository / "srv"))
    made: dict[str, set[tuple[int, int, int, int, str]]] = {}
    for result in run["results"]:
        for change in (one for fix in result.get("fixes", ()) for one in fix["artifactChanges"]):
            for one in change["replacements"]:
                region = one["deletedRegion"]
                bounds = [
                    region[key] for key in ("startLine", "startColumn", "endLine", "endColumn")
                ]
                path = unquote(change["artifactLocation"]["uri"])
                made.setdefault(path, set()).add((*bounds, one["insertedContent"]["text"]))
    changed = {f"srv/{one.path}": one for one in planned.changes}
    assert set(made) == set(changed) and len(made) >= 4
    for path, replaced in made.items():
        encoding = "gbk" if path.endswith(GBK) else "utf-8"
        text = (changed[path].before or b"").decode(encoding)
        starts = [0, *(one.end() for one in re.finditer("\n", text))]
        for line, column, last, end, new in sorted(replaced, reverse=True):
            head = text[: starts[line - 1] + column - 1]
            text = head + new + text[starts[last - 1] + end - 1 :]
        assert text.encode(encoding) == changed[path].after


def test_sarif_keeps_what_is_suppressed_with_its_reason(
    repository: Path, planned: ApplyResult
) -> None:
    run = _run(plan_sarif(planned, repository / "srv"))
    missing = [one for one in run["results"] if one["ruleId"] == "endpoint-missing"]
    kept = [one["suppressions"] for one in missing if "suppressions" in one]
    assert kept and len(kept) < len(missing)
    for (one,) in kept:
        assert one["kind"] == "inSource" and one["justification"] == "we keep @alice's #12 | pipes"
    assert {one["level"] for one in missing} == {"error"}
    look, root = workflow.checklist([repository / "srv"], OPTIONS)
    listed = _run(checklist_sarif(look, root))
    assert sum("suppressions" in one for one in listed["results"]) >= len(kept)


def test_sarif_says_whether_a_comment_or_the_settings_suppress(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "from openai import OpenAI\n\nOpenAI().moderations.create(input='a')\n", "utf-8"
    )
    (tmp_path / ".migrator.yaml").write_text(
        "suppressions:\n- {code: endpoint-missing, path: '*.py', reason: it stays}\n", "utf-8"
    )
    result, root = workflow.plan([tmp_path], OPTIONS)
    kinds = {
        one["ruleId"]: suppression["kind"]
        for one in _run(plan_sarif(result, root))["results"]
        for suppression in one.get("suppressions", ())
    }
    assert kinds == {"endpoint-missing": "external"}


def test_fingerprints_stay_under_edits_elsewhere(tmp_path: Path) -> None:
    def marks(text: str) -> dict[str, str]:
        (tmp_path / "app.py").write_text(text)
        result, root = workflow.plan([tmp_path], OPTIONS)
        run = _run(plan_sarif(result, root))
        return {str(one["partialFingerprints"]): one["ruleId"] for one in run["results"]}

    assert marks(CODE) == marks(f'"""A module."""\n\nimport sys\n\n{CODE}\nprint(sys.path)\n')


def test_no_secret_is_in_any_format(tmp_path: Path) -> None:
    secret = "sk-" + "a1B2" * 10
    (tmp_path / "app.py").write_text(f'import openai\nc = openai.OpenAI(api_key="{secret}")\n')
    result, root = workflow.plan([tmp_path], OPTIONS)
    scanned = workflow.scan([tmp_path])
    for text in (
        plan_sarif(result, root),
        scan_sarif(scanned, root),
        plan_markdown(result, next_step=""),
        scan_markdown(scanned, next_step=""),
    ):
        assert secret not in text


def test_a_description_pings_nobody_and_breaks_out_of_nothing() -> None:
    told = quiet("ask @alice, see #123 and !4: <b>`a | @code`</b> [x](y) https://a.example/@b#c")
    assert not re.search(r"(?<![/`\w ])[@#!]\w", told.replace("`a | @code`", "").split("https")[0])
    assert "@\u200balice" in told and "#\u200b123" in told and "!\u200b4" in told
    assert "`a | @code`" in told and "https://a.example/@b#c" in told
    assert "\\<b\\>" in told and "\\[x\\]" in told


def test_a_description_is_cut_to_what_a_host_takes_and_says_so(
    planned: ApplyResult,
) -> None:
    text = plan_markdown(planned, next_step="migrate apply")
    assert text.startswith("<!-- migrate -->\n## Migration to ") and "`bailian`" in text
    assert text.count("<details") == text.count("</details>") > 2
    assert "| `a b#c/x&y [1].py` |" in text and "migrate undo" in text
    plan = planned.plan
    first = next(one for one in plan.open_items if one.severity is Severity.BLOCKER)
    many = tuple(replace(first, title=f"{n} {'@x ' * 300}", line=n) for n in range(1, 2000))
    long = plan_markdown(
        replace(planned, plan=replace(plan, extra_items=many)), next_step="migrate apply"
    )
    assert len(long) <= 65_536
    assert re.search(r"… and [\d,]+ more in `MIGRATION_CHECKLIST.md`", long)
    assert long.rstrip().endswith("`migrate apply`")


def test_a_patch_is_what_git_applies_byte_for_byte(
    repository: Path, planned: ApplyResult, tmp_path: Path
) -> None:
    file = tmp_path / "move.patch"
    given = ["apply", "-n", "-t", "bailian", str(repository / "srv"), "-o", str(file)]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 0 and not done.stdout
    assert file.read_bytes().startswith(b"diff --git ")
    _git(repository, "apply", str(file))
    try:
        for change in planned.changes:
            assert (repository / "srv" / change.path).read_bytes() == change.after
    finally:
        _git(repository, "apply", "-R", str(file))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["-o", "none/a.json"], "there is no folder none"),
        (["-o", "app.py"], "that is source code"),
        (["-o", "."], "a folder"),
        (["-o", "a.patch"], "there is no patch of this"),
        (["--format", "xml"], "none of table, json, markdown, sarif, html"),
    ],
)
def test_what_cannot_be_written_is_told(
    given: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text(CODE)
    done = CliRunner().invoke(app, ["scan", *given])
    assert done.exit_code != 0 and said in f"{done.exception} {done.output}"
    assert (tmp_path / "app.py").read_text() == CODE


def test_a_file_follows_its_suffix_and_is_no_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text(CODE)
    invoke = CliRunner().invoke
    before = language.current()
    try:
        for _time in range(2):  # what an earlier run wrote is not read
            assert invoke(app, ["scan", "-o", "found.json"]).exit_code == 0
            assert len(json.loads((tmp_path / "found.json").read_text())["sites"]) == 7
    finally:
        language.use(before)
    (tmp_path / "found.json").unlink()
    assert invoke(app, ["scan", "-o", "a.sarif"]).exit_code == 0
    assert len(_run((tmp_path / "a.sarif").read_text())["results"]) == 7
    assert invoke(app, ["scan", "-o", "a.txt"]).exit_code == 0
    assert "migrate compare" in (tmp_path / "a.txt").read_text()
    assert invoke(app, ["scan", "--format", "text", "-o", "-"]).stdout.count("app.py") == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.sarif", "a.txt", "app.py"]


def test_a_file_that_the_plan_changes_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "config.json").write_text('{"model": "gpt-4o"}')
    (tmp_path / "use.py").write_text(
        "import json\nfrom openai import OpenAI\n"
        'c = json.load(open("config.json"))\n'
        'OpenAI().chat.completions.create(model=c["model"], messages=[])\n'
    )
    for name in ("config.json", "MIGRATION_CHECKLIST.md"):
        done = CliRunner().invoke(app, ["apply", "-t", "bailian", "-o", name])
        assert "the plan changes this file" in str(done.exception)
    assert (tmp_path / "config.json").read_text() == '{"model": "gpt-4o"}'
    assert (tmp_path / "app.py").read_text() == CODE


class _Mirrored(NullTranslations):
    """A language in which every word is written backwards, and a colon is a wide one."""

    def gettext(self, message: str) -> str:
        turned = re.sub(r"(?<!\{)\b[^\W_]+", lambda word: word.group()[::-1], message)
        return turned.replace(": ", "：")

    def ngettext(self, one: str, several: str, number: int) -> str:
        return self.gettext(several)


def test_a_checklist_is_read_in_whatever_language_it_was_written(
    planned: ApplyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = Document(checklist_markdown(planned.plan))
    monkeypatch.setitem(language._catalogues, (language.CHINESE, language.MESSAGES), _Mirrored())
    caches = (document._severities, document._title, document._place, document._settled)
    for one in caches:
        one.cache_clear()
    before = language.use(language.CHINESE)
    try:
        text = checklist_markdown(planned.plan)
        description = plan_markdown(planned, next_step="migrate apply")
        sarif = _run(plan_sarif(planned, Path()))
    finally:
        language.use(before)
    other = Document(text)
    try:
        assert "Blocker" not in text and "Why" not in text
        assert (other.target, other.converted) == ("bailian", english.converted)
        known = [(one.code, one.path, one.line, one.severity) for one in other.entries()]
        assert known == [(o.code, o.path, o.line, o.severity) for o in english.entries()]
        assert all(one.why or one.action for one in other.entries())
        first = other.entries()[0]
        other.tick(first, language.spellings(document.GONE)[1])
        other.untick(other.entries()[0])
        assert other.lines[first.number].startswith("- [ ]") and "(enog)" not in other.text
        assert all(other.section(name) for name in (SUPPRESSED, GROUPS, LEFT))
        other.recount()
        assert other.text.count("\n") == text.count("\n")
    finally:
        for one in caches:
            one.cache_clear()
    assert "Migration" not in description and "migrate apply" in description
    assert sarif["language"] == "zh-CN"
