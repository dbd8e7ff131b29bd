"""`migrate explain FILE:LINE`: how a site is known, what is decided, and who wrote a line."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from migrator import cli, workflow
from migrator.explaining.places import Explained, Place, place
from migrator.inspection import inspect

FIXTURES = Path(__file__).parents[1] / "fixtures"
FILES = {
    "app/__init__.py": "",
    "app/settings.py": 'FAST = "gpt-4o-mini"\n\n\nclass Settings:\n    slow: str = "gpt-4o"\n',
    "app/llm.py": """\
from openai import OpenAI
import os

_clients = {}


def make_client():
    return OpenAI(api_key=os.environ["OPENAI_API_KEY"])


def get_client(name="x"):
    if name not in _clients:
        _clients[name] = make_client()
    return _clients[name]
""",
    "app/service.py": """\
from app.llm import get_client
from app.settings import FAST, Settings


class Service:
    def __init__(self, client):
        self.client = client

    def ask(self, text, model=FAST):
        return self.client.chat.completions.create(
            model=model, messages=[{"role": "user", "content": text}], logit_bias={1: 2}
        )


def build():
    return Service(get_client())


def slow(llm, text):
    return llm.chat.completions.create(model=Settings.slow, messages=[])


def main():
    slow(build().client, "y")
    build().ask("x")
""",
    "app/other.py": """\
from openai import OpenAI


def run(client):
    return client.chat.completions.create(model="gpt-4", messages=[])


def check(text):
    return OpenAI().moderations.create(input=text)
""",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def at(root: Path, path: str, line: int, column: int | None = None) -> Explained:
    asked = Place(root / path, line, column)
    return workflow.explain(asked, workflow.Options("bailian"))[0]


def line_of(path: str, text: str) -> int:
    return next(n for n, one in enumerate(FILES[path].splitlines(), 1) if text in one)


def test_the_chain_leads_from_the_import_to_the_call(root: Path) -> None:
    told = at(root, "app/service.py", line_of("app/service.py", "self.client.chat"))
    call = next(one for one in told.accounts if one.site.kind.value == "call")
    known, model = call.strands
    assert [f"{one.step.path}:{one.step.line} {one.step.what}" for one in known.links] == [
        "app/llm.py:1 imports `OpenAI` from openai",
        "app/llm.py:8 makes a client, openai.OpenAI",
        "app/llm.py:7 returned by `make_client`",
        "app/llm.py:13 `make_client(…)` gives it",
        "app/llm.py:13 kept as `_clients[name]`",
        "app/llm.py:11 returned by `get_client`",
        "app/service.py:16 `get_client(…)` gives it",
        "app/service.py:16 handed to `Service.__init__` as `client`",
        "app/service.py:7 kept as `Service.client`",
        "app/service.py:10 read as `.client`",
        "app/service.py:10 calls chat.completions.create",
    ]
    assert known.links[1].code == 'return OpenAI(api_key=os.environ["OPENAI_API_KEY"])'
    assert [one.step.what for one in model.links] == [
        "held by `FAST`",
        "imports `FAST` from app.settings",
        "the default of `model` of `Service.ask`",
    ]
    assert any("extra_body" in one.after or "model" in one.after for one in call.edits)
    assert "app/llm.py" in {one.path for one in call.companions}
    assert any("--map gpt-4o-mini=MODEL" in one for one in call.changes)
    assert any("--skip" in one for one in call.changes)


def test_a_parameter_leads_to_the_calls_argument_and_a_field_to_its_line(root: Path) -> None:
    told = at(root, "app/service.py", line_of("app/service.py", "llm.chat"))
    call = next(one for one in told.accounts if one.site.kind.value == "call")
    steps = [one.step for strand in call.strands for one in strand.links]
    assert ("app/service.py", 24, "handed to `slow` as `llm`") in [
        (one.path, one.line, one.what) for one in steps
    ]
    assert ("app/settings.py", 5) in {(one.path, one.line) for one in steps}


def test_what_is_not_traced_says_where_the_trace_ends_and_a_blocker_who_serves_it(
    root: Path,
) -> None:
    likely = at(root, "app/other.py", 5).accounts[0]
    assert "parameter `client` of `run`, which nothing calls" in likely.changes[0]
    blocked = at(root, "app/other.py", line_of("app/other.py", "moderations"))
    call = next(one for one in blocked.accounts if one.site.kind.value == "call")
    assert any(one.startswith("`moderations.create` is served by zhipu") for one in call.changes)


def test_a_line_without_a_site_has_neighbours_and_a_column_chooses(root: Path) -> None:
    told = at(root, "app/service.py", line_of("app/service.py", "def main"))
    assert not told.accounts
    assert [one.span.line for one in told.nearest] == [10, 20]
    way = at(root, "app/service.py", line_of("app/service.py", "Service(get_client())"))
    assert {one.detail for one in way.carried} == {"chat.completions.create"}
    line = line_of("app/other.py", 'model="gpt-4"')
    column = FILES["app/other.py"].splitlines()[line - 1].index('"gpt-4"') + 1
    kinds = {one.site.kind.value for one in at(root, "app/other.py", line, column).accounts}
    assert kinds == {"call", "model"}
    assert len(at(root, "app/other.py", line, 2).accounts) == 0


def test_after_an_apply_a_line_names_the_run_and_what_it_decided(
    root: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow.apply([root], workflow.Options("bailian"), command="migrate apply", allow_dirty=True)
    file = root / "app" / "service.py"
    text = file.read_text()
    line = next(n for n, one in enumerate(text.splitlines(), 1) if "extra_body" in one)
    written = at(root, "app/service.py", line).written
    assert written is not None
    assert written.exact
    assert any("logit_bias" in one for one in written.before)
    assert written.decisions is not None
    assert {(one["kind"], one["decision"]) for one in written.decisions} >= {("call", "converted")}
    file.write_text("# new\n" + text)
    later = at(root, "app/service.py", line + 1).written
    assert later is not None
    assert not later.exact
    assert later.line == written.line
    assert (
        at(root, "app/service.py", line_of("app/service.py", "class Service") + 1).written is None
    )

    monkeypatch.setattr(sys, "argv", ["migrate", "explain", f"{file}:{line + 1}"])
    with pytest.raises(SystemExit):
        cli.main()
    said = capfd.readouterr().out
    assert "wrote this line; the file has been changed since:" in " ".join(said.split())


def test_it_is_printed_as_a_tree_and_as_json(
    root: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    where = f"{root / 'app' / 'service.py'}:10"
    monkeypatch.chdir(root)

    def said(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["migrate", "explain", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, error = capfd.readouterr()
        return out if ended.value.code == 0 else f"{ended.value.code} {error}"

    text = said(where)
    assert "├── how it is known" in text
    assert "app/llm.py:8  makes a client, openai.OpenAI" in text
    long = [one for one in text.splitlines() if len(one) > 80 and "http" not in one]
    assert [one for one in long if not one.lstrip().startswith(("+", "-"))] == []
    told = json.loads(said(where, "--format", "json"))
    call = next(one for one in told["sites"] if one["kind"] == "call")
    assert call["decision"] == "converted"
    assert call["known"][0]["steps"][0]["code"] == "from openai import OpenAI"
    assert call["items"][0]["code"] == "parameter-dropped"
    assert call["sources"][0].keys() == {"url", "title", "as_of"}
    assert json.loads(said(call["site"], "--format", "json"))["sites"][0]["site"] == call["site"]
    assert said("gone.py:1").startswith("2 migrate: gone.py: no such file")
    assert said("0123456789ab").startswith("2 migrate: no site under")


def test_only_the_provenance_is_told_at_more_length() -> None:
    for name in ("example_app", "programs/class_hierarchy"):
        plain, traced = (inspect([FIXTURES / name], traced=one) for one in (False, True))
        both = [
            [replace(site, provenance=()) for site in one.analysis.sites] for one in (plain, traced)
        ]
        assert both[0] == both[1]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a/b.py:3", Place(Path("a/b.py"), 3)),
        ("a/b.py:3:7", Place(Path("a/b.py"), 3, 7)),
        ("0123456789ab", Place(site="0123456789ab")),
        ("json-word", None),
    ],
)
def test_what_names_a_place(text: str, meant: Place | None) -> None:
    assert place(text) == meant
