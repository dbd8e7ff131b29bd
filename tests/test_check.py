"""`migrate check`: what is a use, what is new, who is told, and how soon it starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from migrator.checking import command, sifting
from migrator.checking.reading import Looked, Reader
from migrator.cli.commands import app

ROOT = Path(__file__).parents[1]


def looked(path: str, text: str | bytes, *, frameworks: bool = True) -> Looked:
    words = sifting.needles(frameworks=frameworks)
    data = text if isinstance(text, bytes) else text.encode()
    data = sifting.as_utf_8(data)
    return (
        Reader(words, frameworks, ()).look(path, data)
        if sifting.names_openai(data, words)
        else Looked()
    )


def uses(path: str, text: str | bytes, **given: bool) -> list[str]:
    return [
        f"{one.line} {one.code.removeprefix('new-openai-')} {one.subject}"
        for one in looked(path, text, **given).uses
    ]


# --- what is a use -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import os, openai as o\n", ["1 import openai"]),
        ("from openai import (\n    OpenAI,\n    APIError,\n)\n", ["1 import openai"]),
        ("from openai.types.chat import ChatCompletion\n", ["1 import openai"]),
        ("def f():\n    if x:\n        import openai\n", ["3 import openai"]),
        ("try:\n    import openai\nexcept ImportError:\n    openai = None\n", ["2 import openai"]),
        ("m = importlib.import_module('openai.types')\n", ["1 import openai"]),
        ("m = __import__('openai')\n", ["1 import openai"]),
        ("openai = LazyLoader('openai', globals(), 'openai')\n", ["1 import openai"]),
        ("openai = lazy_import('openai')\n", ["1 import openai"]),
        ("exec('import openai; openai.api_key = 1')\n", ["1 import openai"]),
        ("@patch('openai.OpenAI')\ndef test(): ...\n", ["1 import openai"]),
        ("T = '''\nimport openai\nprint(openai)\n'''\n", ["2 import openai"]),
        ("u = 'https://api.openai.com/v1'\n", ["1 url api.openai.com"]),
        ("u = f'https://{name}.openai.azure.com/openai'\n", ["1 url *.openai.azure.com"]),
        ("run('curl https://api.openai.com/v1/models')\n", ["1 url api.openai.com"]),
        ("k = os.environ['OPENAI_API_KEY']\n", ["1 key OPENAI_API_KEY"]),
        ("k = os.getenv('AZURE_OPENAI_ENDPOINT', '')\n", ["1 key AZURE_OPENAI_ENDPOINT"]),
        ("class S(BaseSettings):\n    openai_api_key: str = ''\n", ["2 key OPENAI_API_KEY"]),
        ("k = settings.OPENAI_API_KEY\n", ["1 key OPENAI_API_KEY"]),
        ("k = settings.AZURE_OPENAI_KEY\n", ["1 key AZURE_OPENAI_KEY"]),
        ("k = os.environ['OPENAI_EMBED_KEY']\n", ["1 key OPENAI_EMBED_KEY"]),
        ("c.create(model='gpt-4o-mini')\n", ["1 model gpt-4o-mini"]),
        ("c.create(model='openai/gpt-4o')\n", ["1 model gpt-4o"]),
        ("c.create(model='gpt-9-turbo')\n", ["1 model gpt-9-turbo"]),
        ("c.create(model='o1')\n", ["1 model o1"]),
        ("def f(model='o3'): ...\n", ["1 model o3"]),
        ("P = {'model': 'o1-mini'}\n", ["1 model o1-mini"]),
        ("from langchain_openai import ChatOpenAI\n", ["1 class langchain_openai.ChatOpenAI"]),
        (
            "from haystack.components.generators import OpenAIGenerator\n",
            ["1 class haystack.components.generators.OpenAIGenerator"],
        ),
    ],
)
def test_a_use_in_python(text: str, expected: list[str]) -> None:
    assert uses("app.py", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "# import openai, with gpt-4o and OPENAI_API_KEY\n",
        "def f():\n    '''Asks gpt-4o by https://api.openai.com/v1.'''\n",
        "open_ai_thing = 1\nimport openai_thing\nfrom .openai import ask\n",
        "t = 'as good as gpt-4 is, by OpenAI'\n",
        "OPENAI_CHAT_HOST = os.getenv('OPENAI_CHAT_HOST')\nk = cache.OPENAI_CACHE_KEY\n",
        "u = 'https://platform.openai.com/docs'\nv = 'see https://api.openai.com/v1 for more'\n",
        "a.add_argument('--key', help='https://api.openai.com/v1')\n",
        "m = 'gpt-neo-125m'\nd = 'text-embedding-v3'\nn = 'o1'\nada = 'ada'\n",
        "raise ImportError('openai')\nprint('import openai')\nlogger = getLogger('openai')\n",
    ],
)
def test_a_mention_is_no_use(text: str) -> None:
    assert uses("app.py", text) == []


def test_frameworks_count_where_that_is_asked() -> None:
    text = "from langchain_openai import ChatOpenAI\nfrom agents import Agent\n"
    assert uses("app.py", text, frameworks=False) == []
    assert len(uses("app.py", text)) == 2


def test_a_module_of_the_project_s_own_is_not_openai_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "openai.py").write_text("")
    (tmp_path / "agents").mkdir()
    (tmp_path / "agents" / "tools.py").write_text("")
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "openai.py").write_text("")
    monkeypatch.chdir(tmp_path)
    assert uses("scripts/run.py", "import openai\n") == []
    assert uses("main.py", "from agents.tools import run\n") == []
    assert uses("package/run.py", "import openai\n") == ["1 import openai"]
    assert uses("main.py", "import openai\n") == ["1 import openai"]


def notebook(*source: str) -> dict[str, object]:
    code = {"cell_type": "code", "metadata": {}, "execution_count": None, "source": source}
    output = {"output_type": "stream", "name": "stdout", "text": ["gpt-4o"]}
    prose = {"cell_type": "markdown", "metadata": {}, "source": ["import openai"]}
    cells = [prose, code | {"outputs": [output]}]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("requirements.txt", "flask\nopenai>=1.30 # why\n", ["2 dependency openai"]),
        ("requirements.txt", "\ufeffopenai\r\n".encode("utf-16-le"), ["1 dependency openai"]),
        ("pyproject.toml", '[project]\ndependencies = ["openai"]\n', ["2 dependency openai"]),
        ("Pipfile", '[packages]\nlangchain-openai = "*"\n', ["2 dependency langchain-openai"]),
        ("setup.py", "setup(install_requires=['openai>=1'])\n", ["1 dependency openai"]),
        ("setup.cfg", "[options]\ninstall_requires =\n  openai\n", ["3 dependency openai"]),
        ("environment.yml", "dependencies:\n- pip:\n  - openai\n", ["3 dependency openai"]),
        ("Dockerfile", "RUN pip install openai\n", ["1 dependency openai"]),
        (".env", "OPENAI_API_KEY=\nMODEL=gpt-4o\n", ["1 key OPENAI_API_KEY", "2 model gpt-4o"]),
        (".env", "OPENAI_BASE_URL=https://llm.example.com/v1\n", []),
        (".env", "OPENAI_CHAT_HOST=\nOPENAI_EMBED_KEY=\n", ["2 key OPENAI_EMBED_KEY"]),
        (".env", "OPENAI_CHAT_HOST=https://api.openai.com\n", ["1 key OPENAI_CHAT_HOST"]),
        ("config.yaml", "llm:\n  model: gpt-4o\n", ["2 model gpt-4o"]),
        ("pyproject.toml", '[tool.ruff.lint.x.banned-api."openai"]\nmsg = "no openai"\n', []),
        ("pyproject.toml", '[[tool.mypy.overrides]]\nmodule = ["openai.*", "openai"]\n', []),
        ("README.md", "import openai\n", []),
        ("app.py", "# 模型\nimport openai\n".encode("gb18030"), ["2 import openai"]),
        ("app.py", "# coding: gbk\n名 = 'gpt-4o'\n".encode("gbk"), ["2 model gpt-4o"]),
        (
            "app.py",
            "\ufeffimport openai\r\nm = 'gpt-4o'\r\n",
            ["1 import openai", "2 model gpt-4o"],
        ),
        ("sum.py", f"x = {' + '.join(['1'] * 5000)}\nimport openai\n", ["2 import openai"]),
        ("old.py", "print 'x'\nimport openai\nm = 'gpt-4'\n", ["2 import openai", "3 model gpt-4"]),
        ("x.ipynb", "{'openai'", ["1 file-unread"]),
        ("app.py", "# @generated by protoc, do not edit\nimport openai\n", []),
    ],
)
def test_every_kind_of_file(path: str, text: str | bytes, expected: list[str]) -> None:
    found = uses(path, text)
    assert [one if one in expected else one[: len("1 file-unread")] for one in found] == expected


def test_a_notebook_s_code_counts_and_its_outputs_do_not() -> None:
    source = ("!pip install openai\n", "%time x = 1\n", "import openai\n", "m = 'gpt-4o'")
    text = json.dumps(notebook(*source), indent=1)
    lines = text.splitlines()
    found = looked("x.ipynb", text).uses
    assert [(one.code[11:], one.subject) for one in found] == [
        ("dependency", "openai"),
        ("import", "openai"),
        ("model", "gpt-4o"),
    ]
    for one in found:
        assert lines[one.line - 1][one.column - 1 :].startswith(
            "'gpt" if one.code.endswith("model") else "openai"
        ), (one.line, one.column)


# --- what is new -------------------------------------------------------------------------------


class Repository:
    """A repository of git's, and the check in it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys
        self.git("init", "-q", "-b", "main", ".")
        self.err = ""

    def git(self, *arguments: str) -> str:
        names = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.hooksPath="]
        done = subprocess.run(
            ["git", *names, *arguments], cwd=self.root, capture_output=True, text=True, check=True
        )
        return done.stdout

    def write(self, path: str, text: str, *, stage: bool = True) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        if stage:
            self.git("add", path)

    def commit(self, **files: str) -> None:
        for path, text in files.items():
            self.write(path.replace("_py", ".py"), text)
        self.git("commit", "-q", "-m", "x", "--allow-empty")

    def check(self, *arguments: str) -> list[str]:
        """The places that are told, without columns and messages."""
        code = command.carried_out("check", arguments)
        out, self.err = self._capsys.readouterr()
        lines = [line for line in out.splitlines() if line.count(":") > 2 and "new use" not in line]
        assert (code == command.FOUND) == bool(lines), (code, out)
        self.out = out
        return [
            " ".join([line.split(" ")[0].rsplit(":", 3)[0], *line.split(" ")[1:3]])
            for line in lines
        ]


@pytest.fixture
def repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Repository]:
    for name in ("PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF", "GIT_DIR", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    yield Repository(tmp_path, capsys)


def test_staged_and_unstaged_content_are_told_apart(repository: Repository) -> None:
    one = repository
    assert one.check("--staged") == []  # no commit yet
    one.write("app.py", "import openai\n")
    assert one.check("--staged") == ["app.py new-openai-import openai"]
    one.commit()
    assert one.check("--staged") == one.check("app.py") == one.check() == []
    one.write("app.py", "import openai\nm = 'gpt-4o'\n")
    one.write("app.py", "import openai\n", stage=False)
    assert one.check("--staged") == ["app.py new-openai-model gpt-4o"]
    assert one.check("app.py") == one.check() == []
    one.git("add", "app.py")
    one.write("app.py", "import openai\nm = 'gpt-4.1'\n", stage=False)
    one.write("new.py", "import openai\n", stage=False)
    assert one.check("--staged") == []
    assert one.check("app.py") == ["app.py new-openai-model gpt-4.1"]
    assert len(one.check()) == 2
    assert one.check("--staged", "new.py") == []


def test_what_was_edited_beside_or_moved_is_not_new(repository: Repository) -> None:
    one = repository
    one.commit(a_py="import openai\nc.create(model='gpt-4o', n=1)\n", b_py="x = 1\n" * 9)
    one.write("a.py", "import openai\n\n\ndef f():\n    c.create(model='gpt-4o', n=2)\n")
    assert one.check("--staged") == one.check("a.py") == []
    one.write("a.py", "x = 1\n")
    one.write(
        "b.py", "x = 1\n" * 9 + "if x:\n    import openai\n    c.create(model='gpt-4o', n=1)\n"
    )
    assert one.check("--staged") == one.check("b.py") == []
    one.write("b.py", "x = 1\n" * 9 + "import openai\n" * 2)
    assert one.check("b.py") == one.check("--staged") == ["b.py new-openai-import openai"]
    one.git("reset", "-q", "--hard")
    one.commit(a_py="import openai\n" + "y = 2\n" * 9 + "c.create(model='gpt-4o', n=1)\n")
    one.git("mv", "a.py", "c.py")
    one.write("c.py", "import openai\n" + "y = 2\n" * 9 + "c.create(model='gpt-4o', n=3)\n")
    assert one.check("--staged") == one.check("c.py") == []


def test_what_a_merge_brings_is_not_new(repository: Repository) -> None:
    one = repository
    one.commit(a_py="x = 1\n")
    one.git("checkout", "-q", "-b", "other")
    one.commit(b_py="import openai\n")
    one.git("checkout", "-q", "main")
    one.commit(a_py="x = 2\n")
    one.git("merge", "-q", "--no-commit", "other")
    assert one.check("b.py") == one.check("--staged") == []


def test_a_branch_is_compared_with_where_it_began(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = repository
    one.commit(a_py="import openai\n", k_py="import openai\n")
    one.git("checkout", "-q", "-b", "topic")
    one.commit(a_py="import openai\nm = 'gpt-4o'\n", b_py="x = 1\n")
    one.git("checkout", "-q", "main")
    one.commit(k_py="x = 1\n")
    told = ["a.py new-openai-model gpt-4o"]
    assert one.check("--from-ref", "main", "--to-ref", "topic") == told
    assert one.check("--from-ref=main", "--to-ref=topic", "b.py") == []
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "main")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "topic")
    assert one.check("a.py", "b.py") == told
    monkeypatch.delenv("PRE_COMMIT_FROM_REF")
    for ref, said in (("gone", "gone is no commit"), ("0" * 40, "zeros")):
        with pytest.raises(command.MigrateError, match=said) as raised:
            one.check("--from-ref", ref)
        assert raised.value.exit_code == 2
    shallow = tmp_path / "shallow"
    one.git("clone", "-q", "--depth=1", "--no-single-branch", one.root.as_uri(), str(shallow))
    monkeypatch.chdir(shallow)
    with pytest.raises(command.MigrateError, match="too short") as raised:
        one.check("--from-ref", "origin/main", "--to-ref", "origin/topic")
    assert raised.value.exit_code == 3


def test_what_cannot_be_looked_at_is_told_in_a_line(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = repository
    one.commit(a_py="x = 1\n")
    (tmp_path / "link.py").symlink_to("a.py")
    (tmp_path / "picture.py").write_bytes(b"\x89PNG\0\0openai")
    assert one.check("link.py", "picture.py") == []
    assert "link.py: a link" in one.err
    with pytest.raises(command.MigrateError, match=r"gone\.py: there is no such file") as raised:
        one.check("gone.py")
    assert raised.value.exit_code == 2
    one.write("big.py", "import openai\n" + "x = 1\n" * 200_000)
    assert one.check("--staged") == [] and "larger than 1 MB" in one.err
    one.write("old.py", "print 'x'\nimport openai\n")
    assert one.check("old.py") == ["old.py new-openai-import openai"]
    assert "old.py:1: not Python" in one.err
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "a.py").write_text("import openai\n")
    monkeypatch.chdir(outside)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(outside.parent))
    assert one.check("a.py") == one.check() == ["a.py new-openai-import openai"]
    assert "this is no git repository, and no baseline" in one.err
    with pytest.raises(command.MigrateError, match="no git repository"):
        one.check("--staged")


def test_options_that_contradict_each_other_are_wrong_use(repository: Repository) -> None:
    contradicting = (["--to-ref", "x"], ["--staged", "--all"])
    for given in (*contradicting, ["--ignore", "new-openai-imports"], ["--baseline", "x.json"]):
        with pytest.raises(command.MigrateError) as raised:
            repository.check(*given)
        assert raised.value.exit_code == 2
    repository.write("a.py", "import openai\n")
    assert repository.check("a.py", "--ignore", "new-openai-import") == []


# --- the baseline ------------------------------------------------------------------------------


def test_a_baseline_knows_uses_by_what_they_are(repository: Repository) -> None:
    one = repository
    one.commit(a_py="import openai\nm = 'gpt-4o'\n", b_py="import openai\n")
    assert len(one.check("--all")) == 3
    command.carried_out("baseline", [])
    file = one.root / sifting.BASELINE
    text = file.read_text()
    assert text.count("\n") == 5 and json.loads(text)["uses"][0][:3] == [
        "a.py",
        "new-openai-import",
        "openai",
    ]
    command.carried_out("baseline", [])
    assert file.read_text() == text
    one.check()  # (reads away what was printed)
    assert one.check() == one.check("a.py", "b.py") == []
    assert len(one.check("--no-baseline", "--all")) == 3
    # Edited beside, moved within and between files: known. A second one: new.
    one.write("a.py", "\n\nimport openai as o\nm = 'gpt-4o'\nn = 'gpt-4o'\n")
    assert one.check() == ["a.py new-openai-model gpt-4o"]
    one.write("a.py", "x = 1\n")
    one.write("c.py", "def f():\n    m = 'gpt-4o'\n")
    assert one.check() == []
    assert "1 use that .migrate-baseline.json names is gone" in one.out
    assert one.check("a.py") == [] and "2 uses" in one.out
    one.write("c.py", "m = 'gpt-4o'\nu = 'https://api.openai.com/v1'\n")
    command.carried_out("baseline", ["--prune"])
    rows = json.loads(file.read_text())["uses"]
    assert [row and row[:3] for row in rows] == [
        ["b.py", "new-openai-import", "openai"],
        ["c.py", "new-openai-model", "gpt-4o"],
        None,
    ]
    one.check("b.py")
    assert one.check() == ["c.py new-openai-url api.openai.com"]
    file.write_text("<<<<<<< ours\n" + file.read_text())
    with pytest.raises(command.MigrateError, match="after a merge") as raised:
        one.check()
    assert raised.value.exit_code == 2


def test_baselines_of_two_branches_merge(repository: Repository) -> None:
    one = repository
    one.commit(b_py="import openai\n", m_py="import openai\n", x_py="import openai\n")
    command.carried_out("baseline", [])
    one.git("add", ".")
    one.commit()
    for branch, path in (("one", "a.py"), ("two", "z.py")):
        one.git("checkout", "-q", "-b", branch, "main")
        one.write(path, "import openai\n")
        command.carried_out("baseline", [])
        one.git("add", ".")
        one.commit()
    one.git("merge", "-q", "--no-edit", "one")
    one.check("a.py")
    assert one.check() == []
    assert len(json.loads((one.root / sifting.BASELINE).read_text())["uses"]) == 6


# --- comments ----------------------------------------------------------------------------------


def test_a_comment_with_a_reason_takes_a_use_off(repository: Repository) -> None:
    one = repository
    one.write(
        "a.py",
        "import openai  # migrate: ignore[new-openai-import] the evaluation asks OpenAI itself\n"
        "# migrate: ignore[new-openai-model] a row of the comparison\n"
        "m = f(\n    'gpt-4o',\n)\n",
    )
    assert one.check("a.py") == []
    one.write(
        "a.py",
        "import openai  # migrate: ignore[new-openai-import]\n"
        "x = 1  # migrate: ignore[new-openai-model] why\n"
        "m = 'gpt-4o'  # migrate: done[new-openai-model] why\n"
        "n = 'o1-mini'  # migrate: ignore[new-openai-modle] why\n",
    )
    told = one.check("a.py")
    assert [line.split()[1] for line in told] == [
        "suppression-refused",
        "new-openai-import",
        "suppression-unused",
        "suppression-refused",
        "new-openai-model",
        "suppression-refused",
        "new-openai-model",
    ]
    one.commit()
    one.write("a.py", "import openai\nm = 'gpt-4o'\n")
    one.write("r.txt", "x")
    one.write(
        "requirements.txt", "openai>=1  # migrate: ignore[new-openai-dependency] for a test\n"
    )
    assert one.check("requirements.txt") == []
    comment = "# migrate: ignore[new-openai-import, new-openai-key] for a test"
    (one.root / "x.ipynb").write_text(json.dumps(notebook(f"import openai  {comment}\n")))
    one.write("compose.yaml", f"environment:\n  OPENAI_API_KEY: x  {comment}\n")
    assert one.check("x.ipynb", "compose.yaml") == [
        "compose.yaml suppression-unused `ignore[new-openai-import,",
        "x.ipynb suppression-unused `ignore[new-openai-import,",
    ]


def test_the_checklist_minds_no_comment_of_the_check(tmp_path: Path) -> None:
    from migrator import workflow

    (tmp_path / "app.py").write_text(
        "from openai import OpenAI  # migrate: ignore[new-openai-import] why\n"
        "c = OpenAI()\nc.models.list()\n"
    )
    plan = workflow.plan([tmp_path], workflow.Options(target="bailian"))[0].plan
    assert not [one for one in plan.checklist if one.code.startswith("suppression")]
    assert not plan.decisions[0].site.suppressions


# --- how it is told ----------------------------------------------------------------------------


def test_every_format_tells_the_same(repository: Repository, tmp_path: Path) -> None:
    one = repository
    (tmp_path / ".migrator.yaml").write_text("target: bailian\nexclude: [vendored/]\n")
    one.write("vendored/a.py", "import openai\n")
    one.write("b,%.py", "m = 'gpt-4o'\nimport openai  # migrate: ignore[new-openai-import] why\n")
    assert one.check("vendored/a.py") == []
    assert one.check("b,%.py") == ["b,%.py new-openai-model gpt-4o"]
    assert "moves to bailian: `migrate explain b,%.py:1`" in one.out
    assert command.carried_out("check", ["b,%.py", "--format=json"]) == 5
    told = json.loads(one._capsys.readouterr().out)
    assert [row["subject"] for row in told["new"]] == ["gpt-4o"]
    assert told["suppressed"][0]["reason"] == "why"
    assert command.carried_out("check", ["b,%.py", "--format", "github"]) == 5
    line = one._capsys.readouterr().out.splitlines()[0]
    assert line.startswith("::error file=b%2C%25.py,line=1,col=5,title=new-openai-model::gpt-4o")
    assert command.carried_out("check", ["b,%.py", "--format", "gitlab"]) == 5
    (row,) = json.loads(one._capsys.readouterr().out)
    assert row["location"] == {"path": "b,%.py", "lines": {"begin": 1}} and row["fingerprint"]
    assert command.carried_out("check", ["b,%.py", "--format", "sarif", "-o", "out.sarif"]) == 5
    assert one._capsys.readouterr().out.startswith("b,%.py:1:5: new-openai-model gpt-4o is")
    log = json.loads((tmp_path / "out.sarif").read_text())
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert log["version"] == "2.1.0" and [rules[one["ruleIndex"]] for one in run["results"]] == [
        one["ruleId"] for one in run["results"]
    ]
    assert [bool(one.get("suppressions")) for one in run["results"]] == [False, True]
    one.write("c.py", "x = 1\n")
    assert command.carried_out("check", ["c.py", "--format=sarif"]) == 0
    assert json.loads(one._capsys.readouterr().out)["runs"][0]["results"] == []


def test_both_readers_of_the_options_know_the_same() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    for name in ("check", "baseline"):
        declared = {option for one in commands[name].params for option in one.opts}
        read = {*command._FLAGS[name], *command._VALUES[name]}
        assert declared - {"files", "--help", "-h"} == read
    assert command.parsed("check", ["--help"]) is command.parsed("check", ["--format", "x"]) is None
    assert command.parsed("check", ["--", "--staged"]).files == ["--staged"]  # type: ignore[union-attr]


# --- how it is run -----------------------------------------------------------------------------


def modules_of(root: Path, *arguments: str) -> set[str]:
    program = (
        "import sys; before = set(sys.modules); from migrator.cli import main\n"
        "try: main()\nexcept SystemExit as end: assert end.code in (0, 5), end.code\n"
        "print(*(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "check", *arguments],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


def test_what_does_not_use_openai_costs_nothing(repository: Repository) -> None:
    one = repository
    one.commit(a_py="x = 1\n", b_py="import openai\n")
    light = modules_of(one.root, "a.py")
    assert {name for name in light if name.startswith("migrator.")} == {
        "migrator.cli", "migrator.language", "migrator.errors", "migrator.preference",
        "migrator.checking", "migrator.checking.command", "migrator.checking.sifting",
        "migrator.regular",
    }  # fmt: skip
    assert light.isdisjoint({"json", "ast", "re", "typing", "subprocess", "dataclasses", "pathlib"})
    one.write("b.py", "import openai\nx = 2\n")
    assert modules_of(one.root, "b.py").isdisjoint({"json", "ast", "subprocess", "typing"})
    one.write("b.py", "import openai\nm = 'gpt-4o'\n")
    heavy = {"libcst", "rich", "yaml", "typer", "subprocess", "dataclasses", "pathlib"}
    assert modules_of(one.root, "b.py").isdisjoint(heavy)


def test_pre_commit_refuses_what_is_staged(repository: Repository, tmp_path: Path) -> None:
    one = repository
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["id"] == "no-new-openai" and hook["entry"] == "migrate check"
    # The packages of this environment stand for what pre-commit would install.
    hook |= {"language": "system", "entry": f"{sys.executable} -m migrator check"}
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    one.write(".pre-commit-config.yaml", yaml.safe_dump(config))
    one.commit(a_py="import openai\n")

    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", *arguments],
            cwd=one.root,
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
            check=False,
        )
        return done.returncode, done.stdout

    # Staged it is fine, and what is not staged is not looked at.
    one.write("a.py", "import openai\nx = 1\n")
    one.write("a.py", "import openai\nx = 1\nm = 'gpt-4o'\n", stage=False)
    assert run()[0] == 0
    # Staged it is not, though the working tree is.
    one.write("a.py", "import openai\nm = 'gpt-4o'\n")
    one.write("a.py", "import openai\n", stage=False)
    code, out = run()
    assert code == 1 and "a.py:2:5: new-openai-model gpt-4o" in out and "exit code: 5" in out
    one.git("commit", "-q", "-m", "by force", "--no-verify")
    code, out = run("--from-ref", "HEAD~1", "--to-ref", "HEAD")
    assert code == 1 and "a.py:2:5: new-openai-model gpt-4o" in out
