"""The checklist over the time of a migration: ticks, notes, comments, parts, briefs, figures."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from migrator import cli, workflow
from migrator.analysis.suppressions import suppressions
from migrator.checklist.living import Look, State
from migrator.source import SourceText
from tests.trees import fingerprint

CHECKLIST = workflow.CHECKLIST_FILE
TARGET = workflow.Options("bailian")
SEARCH = """\
import os

from openai import OpenAI

client = OpenAI(api_key=os.environ["SEARCH_KEY"])


def search(text):
    return client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": text}], logit_bias={1: 2}
    )
"""
REVIEW = """\
import os

from openai import OpenAI


def review(text):
    with OpenAI(api_key=os.environ["REVIEW_KEY"]) as client:
        return client.moderations.create(input=text)


def guess(client, text):
    return client.chat.completions.create(model="gpt-4o-mini", messages=[])
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in (("search.py", SEARCH), ("review.py", REVIEW)):
        (tmp_path / name).write_text(text)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def look(root: Path, *, update: bool = True) -> Look:
    return workflow.checklist([root], update=update)[0]


def states(found: Look) -> set[tuple[str, State]]:
    return {(line.code, line.state) for line in found.lines}


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["migrate", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0


def test_what_is_settled_is_ticked_and_what_people_wrote_stays(root: Path) -> None:
    workflow.apply([root], TARGET)
    file = root / CHECKLIST
    found = look(root)
    assert {(line.state, line.new) for line in found.lines} == {(State.OPEN, False)}
    assert not found.changed, "an apply names the lines that there are after it"

    lines = file.read_text("utf-8").splitlines()
    dropped = next(one for one in lines if one.startswith("- [ ] `search.py:") and "key" not in one)
    edit(file, dropped, f"{dropped.replace('[ ]', '[x]')} fine with us")
    edit(file, "## Review", "Ann looks at these.\n\n## Review")
    edit(root / "review.py", "return client.moderations.create(input=text)", "return bool(text)")
    edit(
        root / "review.py",
        "def guess(",
        "def helper(client):\n    client.responses.create()\n\n\ndef guess(",
    )
    noted = file.read_text("utf-8")
    found = look(root)
    text = file.read_text("utf-8")
    assert ("endpoint-missing", State.GONE) in states(found)
    assert "fine with us" in text
    assert "Ann looks at these.\n\n## Review" in text
    assert "| blocker | 0 |" in text
    assert [line.code for line in found.lines if line.new] == ["call-untraced"]
    untouched = [one for one in noted.splitlines() if not one.startswith(("- [", "| "))]
    assert [one for one in untouched if one not in text.splitlines()] == []
    assert not look(root).changed, "a second look changes nothing"

    edit(root / "review.py", "return bool(text)", "return client.moderations.create(input=text)")
    assert ("endpoint-missing", State.OPEN) in states(look(root))
    assert "| blocker | 1 |" in file.read_text("utf-8")


def test_every_other_byte_of_the_file_stays(root: Path) -> None:
    workflow.apply([root], TARGET)
    look(root)
    file = root / CHECKLIST
    data = (
        file.read_bytes().replace(b"\n", b"\r\n") + b"caf\xe9\r\n\r\n```\r\n- [ ] `review.py:1`\r\n"
    )
    file.write_bytes(data)
    assert not look(root).changed
    edit(root / "review.py", "client.moderations.create(input=text)", "text")
    assert look(root).changed
    now = file.read_bytes()
    assert now.count(b"\r\n") == now.count(b"\n")
    assert now.endswith(b"caf\xe9\r\n\r\n```\r\n- [ ] `review.py:1`\r\n")


def test_an_update_of_the_checklist_does_not_stand_in_the_way_of_undo(root: Path) -> None:
    before = fingerprint(root)
    workflow.apply([root], TARGET)
    text = (root / "review.py").read_text()
    (root / "review.py").write_text(text.replace("client.moderations.create(input=text)", "text"))
    assert look(root).changed
    (root / "review.py").write_text(text)
    workflow.undo(root)
    assert fingerprint(root) == before


def test_comments_take_items_off_with_a_reason_only(
    root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    ignored = (
        "        # migrate: ignore[endpoint-missing] stays on OpenAI\n        return client.mod"
    )
    edit(root / "review.py", "        return client.mod", ignored)
    guessed = "messages=[])  # migrate: done[call-untraced, model-waits] Ann has looked"
    edit(root / "review.py", "messages=[])", guessed)
    edit(root / "search.py", "client = ", "client = (  # migrate: ignore[json-word]\n")
    edit(root / "search.py", '["SEARCH_KEY"])', '["SEARCH_KEY"])\n)')
    edit(root / "search.py", "def search", "# migrate: ignore[json-word] none\ndef search")
    edit(root / "search.py", "    return", '    "# migrate: ignore[json-word] text"\n    return')
    result, _ = workflow.plan([root], TARGET)
    off = {one.code: one.suppressed for one in result.plan.checklist if one.suppressed}
    assert off.keys() == {"endpoint-missing", "call-untraced", "model-waits"}
    assert off["endpoint-missing"] is not None
    assert off["endpoint-missing"].reason == "stays on OpenAI"
    told = {one.code for one in result.plan.open_items}
    assert {"suppression-refused", "suppression-unused"} <= told
    assert result.plan.coverage.checklist > 0, "no decision changes"
    markers = [one for one in result.plan.edits if one.codemod == "marker"]
    assert all("endpoint-missing" not in repr(one.instruction) for one in markers)

    run(monkeypatch, "scan", str(root))
    assert "have a comment that takes items off" in capfd.readouterr().out
    run(monkeypatch, "scan", str(root), "--format", "json")
    sites = json.loads(capfd.readouterr().out)["sites"]
    reasons = {one["reason"] for site in sites for one in site.get("suppressed", ())}
    assert reasons == {"stays on OpenAI", "Ann has looked", ""}
    run(monkeypatch, "apply", "--dry-run", "-t", "bailian", str(root), "--format", "json")
    items = json.loads(capfd.readouterr().out)["checklist"]
    assert sum("suppressed" in one for one in items) == 3

    workflow.apply([root], TARGET)
    assert "Taken off the list by comments" in (root / CHECKLIST).read_text("utf-8")
    ticked = states(look(root))
    assert ("endpoint-missing", State.IGNORED) in ticked
    assert ("call-untraced", State.DONE) in ticked


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("a.yaml", "a: 1  # migrate: done[x] why\nb: 2\n", (1, 1)),
        ("a.env", "# migrate: ignore[x] why\n\n# more\nA=1\n", (4, 4)),
        ("requirements.txt", "# migrate: ignore[x] why\nopenai\n", (2, 2)),
        ("a.py", "f(  # migrate: ignore[x] why\n    1,\n)\n", (1, 3)),
        ("a.py", "# migrate: ignore[x] why\nf(\n    1,\n)\n", (2, 4)),
        ("a.py", "# migrate: ignore[x] why\nif f(\n    1\n):\n    pass\n", (2, 4)),
        ("a.py", 'x = """\n# migrate: ignore[x] why\n"""\n', None),
        ("a.json", '{"a": "# migrate: ignore[x] why"}\n', None),
        ("a.py", "# migrate: skip[x] why\n", None),
    ],
)
def test_a_comment_speaks_of_a_statement(
    path: str, text: str, lines: tuple[int, int] | None
) -> None:
    found = [(one.first, one.last) for one in suppressions(path, SourceText(text))]
    assert found == ([lines] if lines is not None else [])


def test_a_done_comment_settles_what_only_a_person_can_tell(root: Path) -> None:
    workflow.apply([root], TARGET)
    edit(
        root / "search.py", "def search", "# migrate: done[parameter-dropped] not used\ndef search"
    )
    found = look(root)
    assert ("parameter-dropped", State.DONE) in states(found)
    assert not [line for line in found.lines if line.code == "suppression-unused"]
    again = look(root)
    assert not again.changed
    assert states(again) == states(found)


def test_an_apply_of_another_part_keeps_what_stands_on_the_checklist(root: Path) -> None:
    edit(root / "review.py", "client.moderations.create(input=text)", CALL)
    only = workflow.Options("bailian", only=["search.py"])
    workflow.apply([root], only)
    file = root / CHECKLIST
    edit(file, "- [ ] a key", "- [x] a key")
    edit(file, "## Setup", "Ann: the key is in the vault.\n\n## Setup")
    first = workflow.checklist([root])[0]
    workflow.apply([root], TARGET)
    text = file.read_text("utf-8")
    assert "Ann: the key is in the vault." in text
    assert text.count("] a key of") == 1
    assert text.count("`sites ") == 2
    assert text.count("## Groups") <= 1
    second = look(root)
    assert second.converted > first.converted > 0
    assert not second.changed


CALL = 'client.chat.completions.create(model="gpt-4o", messages=[], user="x")'


def test_a_brief_is_all_that_somebody_needs(
    root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    workflow.apply([root], TARGET)
    kept = fingerprint(root)
    run(monkeypatch, "checklist", str(root), "--format", "prompt")
    briefs = capfd.readouterr().out.split("\n---\n")
    found = look(root, update=False)
    assert len(briefs) == len(found.of(State.OPEN))
    missing = next(one for one in briefs if "# endpoint-missing at review.py:" in one)
    for part in ("client.moderations.create(input=text)", "https://", "2026-", "Settle this item"):
        assert part in missing
    item = next(one.item for one in found.lines if one.code == "endpoint-missing")
    assert item is not None
    assert f"`{item.id}`" in missing
    assert f"migrate explain review.py:{item.line} --target bailian" in missing
    assert any("ticked its box" in one for one in briefs)
    out = tmp_path / "out.json"
    run(monkeypatch, "checklist", str(root), "--format", "json", "-o", str(out))
    told = json.loads(out.read_text("utf-8"))
    assert {one["state"] for one in told["items"]} == {"open"}
    assert item.id in {one.get("id") for one in told["items"]}
    out.unlink()
    assert fingerprint(root) == kept, "only the text form writes"


def test_the_status_counts_what_is_done_and_what_comes_next(
    root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "status", str(root), "-t", "bailian", "--format", "json")
    first = json.loads(capfd.readouterr().out)
    assert first["converted"] == 0
    assert first["movable"] > 0
    assert first["next"] == "migrate apply --target bailian"
    workflow.apply([root], TARGET)
    run(monkeypatch, "status", str(root), "--format", "json")
    second = json.loads(capfd.readouterr().out)
    assert (second["converted"], second["movable"]) == (first["movable"], 0)
    assert second["next"].startswith("migrate explain review.py:")
    run(monkeypatch, "status", str(root))
    assert "sites, by the runs so far" in capfd.readouterr().out


def test_a_checklist_that_a_person_wrote_into_outlives_the_undo(tmp_path: Path) -> None:
    code = "from openai import OpenAI\nclient = OpenAI()\nclient.models.list()\n"
    (tmp_path / "app.py").write_text(code)
    workflow.apply([tmp_path], workflow.Options(target="bailian"))
    checklist = tmp_path / "MIGRATION_CHECKLIST.md"
    written = checklist.read_text() + "\nAsk Li about the key.\n"
    checklist.write_text(written)
    undone = workflow.undo(tmp_path)
    assert undone.kept == ("MIGRATION_CHECKLIST.md",)
    assert (tmp_path / "app.py").read_text() == code
    assert checklist.read_text() == written
    assert not (tmp_path / "migration.diff").exists()
    assert not (tmp_path / ".migrate").exists()


def test_a_variable_that_is_read_for_what_stays_is_no_news_after_the_apply(tmp_path: Path) -> None:
    for name, text in (("search.py", SEARCH), ("review.py", REVIEW)):
        shared = text.replace("SEARCH_KEY", "OPENAI_API_KEY").replace(
            "REVIEW_KEY", "OPENAI_API_KEY"
        )
        (tmp_path / name).write_text(shared)
    (tmp_path / ".env").write_text("OPENAI_API_KEY=\n")
    workflow.apply([tmp_path], TARGET)
    lines = look(tmp_path).lines
    assert {one.code for one in lines} >= {"variable-renamed"}
    assert [one.code for one in lines if one.new] == []


def test_a_call_that_keeps_a_second_client_is_ticked_once_it_is_gone(root: Path) -> None:
    (root / "review.py").write_text(
        "from openai import OpenAI\n\nclient = OpenAI()\n\n\n"
        "def check(text):\n    return client.moderations.create(input=text)\n\n\n"
        "def again(text):\n    return client.moderations.create(input=[text])\n\n\n"
        "def ask(q):\n    return client.chat.completions.create(model='gpt-4o', messages=q)\n"
    )
    workflow.apply([root], TARGET)
    missing = ("endpoint-missing", State.OPEN)
    found = look(root)
    assert [(line.code, line.state) for line in found.lines].count(missing) == 2
    assert not found.changed
    edit(root / "review.py", "return openai_client().moderations.create(input=text)", "return text")
    found = look(root)
    assert [(line.code, line.state) for line in found.lines].count(missing) == 1
    assert ("endpoint-missing", State.GONE) in states(found)
    assert not any(line.new for line in found.lines)
