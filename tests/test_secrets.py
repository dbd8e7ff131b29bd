"""Keys of forty kinds in the code under migration: no output shows one, and the files keep them."""

from __future__ import annotations

import json
import os
import random
import re
import string
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from migrator import cli
from migrator.errors import MigrateError
from migrator.reports.redaction import redact

_random = random.Random(8)
_WINDOW = 14  # as many characters of a key in a row give it away


def _of(alphabet: str, length: int) -> str:
    """Characters of an alphabet, letters and digits among them: nothing here is a key of anyone."""
    found = "".join(_random.choice(alphabet) for _ in range(length - 4))
    return f"{found[:3]}9{found[3:7]}b{found[7:]}a1"


ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
UUID = "-".join(_of(HEX, n) for n in (8, 5, 5, 5, 12))
PEM = "\n".join(_of(ALNUM, 64) for _ in range(3))
BASE64 = ALNUM + "+/"

# Each as it stands in a line of Python, and what of it is secret.
PLANTED: dict[str, tuple[str, str]] = {}


def plant(name: str, line: str, secret: str) -> None:
    PLANTED[name] = (line.format(secret), secret)


plant("OpenAI, old", 'OpenAI(api_key="sk-{}")', _of(ALNUM, 48))
plant("OpenAI, project", 'OpenAI(api_key="sk-proj-{}")', _of(ALNUM + "-_", 74))
plant("OpenAI, service account", 'OpenAI(api_key="sk-svcacct-{}")', _of(ALNUM + "_", 60))
plant("OpenAI, admin", 'ADMIN = "sk-admin-{}"', _of(ALNUM, 60))
plant("OpenAI, session", 'SESSION = "sess-{}"', _of(ALNUM, 40))
plant(
    "Azure, 32 digits",
    'AzureOpenAI(api_version="1", azure_endpoint=URL, api_key="{}")',
    _of(HEX, 32),
)
plant("Azure, by position", 'AzureKeyCredential("{}")', _of(HEX, 32))
plant("Azure, new", 'AZURE = "{}"', f"{_of(ALNUM, 52)}JQQJ99{_of(ALNUM, 26)}")
plant("Anthropic", 'ANTHROPIC = "sk-ant-api03-{}"', _of(ALNUM + "-_", 80))
plant("AWS, id", 'AWS = "AKIA{}"', _of(string.ascii_uppercase + string.digits, 16).upper())
plant("AWS, secret", 'boto(aws_secret_access_key="{}")', _of(BASE64, 40))
plant("GitHub", 'GITHUB = "ghp_{}"', _of(ALNUM, 36))
plant("GitHub, fine-grained", 'GITHUB = "github_pat_{}"', _of(ALNUM + "_", 70))
plant("GitLab", 'GITLAB = "glpat-{}"', _of(ALNUM, 20))
plant("Slack", 'SLACK = "xoxb-{}"', _of(ALNUM, 40))
plant(
    "Slack, webhook",
    'SLACK = "https://hooks.slack.com/services/T0AAAAAAA/B0AAAAAAA/{}"',
    _of(ALNUM, 24),
)
plant("Google", 'GOOGLE = "AIza{}"', _of(ALNUM, 35))
plant("Stripe", 'STRIPE = "sk_live_{}"', _of(ALNUM, 24))
plant("JWT", 'MINIMAX = "eyJhbGciOiJIUzI1NiJ9.{}"', f"eyJ{_of(ALNUM, 40)}.{_of(ALNUM, 43)}")
plant("PEM", 'PEM = """-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----"""', PEM)
plant("bearer", 'HEADERS = {{"Authorization": "Bearer {}"}}', _of(ALNUM, 32))
plant("basic", 'HEADERS = {{"Authorization": "Basic {}="}}', _of(ALNUM, 27))
plant("password in a URL", 'DATABASE = "postgres://me:{}@db.example.com/x"', _of(ALNUM, 18))
plant("password", 'connect(password="{}")', _of(ALNUM, 15))
plant("Bailian", 'DASHSCOPE = "sk-{}"', _of(HEX, 32))
plant("Alibaba, id", 'ALIBABA = "LTAI5t{}"', _of(ALNUM, 18))
plant("Tencent, id and secret", 'Credential(secretId="AKID{}")', _of(ALNUM, 32))
plant("Baidu", 'QIANFAN = "bce-v3/ALTAK-{}"', f"{_of(ALNUM, 21)}/{_of(HEX, 40)}")
plant("Volcengine", 'Ark(ak="AKLT{}")', _of(ALNUM, 44))
plant("Volcengine, secret", 'Ark(sk="{}==")', _of(ALNUM, 58))
plant("Ark", 'Ark(api_key="{}")', UUID)
plant("Zhipu", 'ZHIPU = "{}"', f"{_of(HEX, 32)}.{_of(ALNUM, 16)}")
plant("iFlytek", 'Spark(app_id="5f00", APISecret="{}")', _of(ALNUM, 32))
plant("appid and secret", 'Wenxin(appid="24", app_secret="{}")', _of(ALNUM, 32))
plant("Hugging Face", 'HF = "hf_{}"', _of(ALNUM, 34))
plant("npm", 'NPM = "npm_{}"', _of(ALNUM, 36))
plant("PyPI", 'PYPI = "pypi-{}"', _of(ALNUM, 60))


def shown(output: str) -> list[str]:
    """The planted keys that an output gives away, a part of them counted."""
    # A console breaks lines, a page escapes: neither must hide a key from this search.
    plain = re.sub(r"[\s\\]", "", output)
    return [
        name
        for name, (_, secret) in PLANTED.items()
        for bare in [re.sub(r"\s", "", secret)]
        if any(bare[i : i + _WINDOW] in plain for i in range(len(bare) - _WINDOW + 1))
    ]


@pytest.mark.parametrize("name", PLANTED)
def test_each_kind_is_known_wherever_it_stands(name: str) -> None:
    line = PLANTED[name][0]
    for text in (line, f"-{line}".replace("\n", "\n-"), f"# {line}", repr(line), f"x\n{line}\ny"):
        assert name not in shown(redact(text)), redact(text)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A program with every key in what moves, beside it, and in what is said of it."""
    lines = [line for line, _ in PLANTED.values()]
    said = [line for line in lines if "\n" not in line]
    calls = (
        f"def ask(client: OpenAI, text):\n    # {said[0]}\n"
        "    return client.chat.completions.create(\n        model='gpt-4o', messages=[],\n"
        f"        metadata={{{', '.join(f'{line!r}: 1' for line in said)}}},\n"
        "        logit_bias={1: 2},\n    )\n" + "".join(f"# gpt-4o: {line}\n" for line in said[:5])
    )
    key, keyed = PLANTED["OpenAI, project"][0], f"sk-{PLANTED['OpenAI, old'][1]}"
    root = tmp_path / "root"
    (root / "src").mkdir(parents=True)
    (root / "src/clients.py").write_text(
        "from openai import AzureOpenAI, OpenAI\n\n"
        + "\n".join(f"c{n} = {line}" if "(" in line else line for n, line in enumerate(lines))
        + f"\n\nclient = {key}\nclient.chat.completions.create(model='gpt-4o', messages=[])\n"
        "client.moderations.create(input='x')\n"
    )
    (root / "src/calls.py").write_text(f"from openai import OpenAI\n\n\n{calls}")
    (root / ".env").write_text(
        f"OPENAI_API_KEY=sk-{PLANTED['OpenAI, old'][1]}\nAZURE_OPENAI_API_KEY="
        f"{PLANTED['Azure, 32 digits'][1]}\nOPENAI_BASE_URL=https://u:{PLANTED['password'][1]}@x.example.com/v1\n"
    )
    (root / "config.yaml").write_text(
        f"openai:\n  api_key: sk-proj-{PLANTED['OpenAI, project'][1]}\n  model: gpt-4o\n"
    )
    (root / "README.md").write_text(
        f"# App\n\n```bash\nexport OPENAI_API_KEY=sk-{PLANTED['OpenAI, old'][1]}\n"
        "curl https://api.openai.com/v1/models"
        f' -H "Authorization: Bearer sk-{PLANTED["OpenAI, old"][1]}"\n```\n'
    )
    (root / "settings.yaml").write_text(
        "openai:\n  model: gpt-4o\n" + "".join(f"  k{n}: {line!r}\n" for n, line in enumerate(said))
    )
    (root / "openai.toml").write_text(
        "[openai]\nmodel = 'gpt-4o'\n"
        + "".join(f"k{n} = {json.dumps(line)}\n" for n, line in enumerate(said))
    )
    (root / "openai.json").write_text(json.dumps({"openai": {"model": "gpt-4o", "all": said}}))
    sources = [
        "from openai import OpenAI\n",
        f"client = {key}\n",
        *(f"# gpt-4o {one}\n" for one in said),
    ]
    shell = [f"!curl https://api.openai.com/v1/models -H 'Authorization: Bearer {keyed}'\n",
             f"%env OPENAI_API_KEY={keyed}\n", f"client = {key}\n", lines[-1]]  # fmt: skip
    cells = [
        {
            "cell_type": "code",
            "id": str(n),
            "metadata": {},
            "outputs": [{"output_type": "stream", "name": "stdout", "text": said}],
            "execution_count": 1,
            "source": one,
        }
        for n, one in enumerate((sources, shell))
    ]
    (root / "n.ipynb").write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    (root / "requirements.txt").write_text(
        f"openai>=1.0\nx @ git+https://me:{PLANTED['GitLab'][1]}@git.example.com/x.git\n"
        f"--extra-index-url https://me:{PLANTED['npm'][1]}@packages.example.com/simple\n"
    )
    (root / "tracked.py").write_text(
        f'from openai import OpenAI\n\nKEY = "ghp_{PLANTED["GitHub"][1]}"\n'
        "x = 1\nclient = OpenAI()\nclient.chat.completions.create(model='gpt-4o', messages=[])\n"
    )
    return root


@pytest.fixture
def told(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., str]:
    def run(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["migrate", *arguments])
        try:
            cli.main()
        except SystemExit as end:
            assert end.code in (0, 2, 3, 4, 5, 6), arguments
        out, err = capfdbinary.readouterr()
        assert b"internal error" not in err, err
        return (out + err).decode("utf-8", "surrogateescape")

    return run


def outputs(run: Callable[..., str]) -> Iterator[tuple[str, str]]:
    """What every command that reads tells, in every format."""
    target = ("--target", "bailian")
    formats = {
        ("scan",): ("table", "json", "html"),
        ("apply", "-n", "--docs", *target): ("table", "json", "html", "patch", "markdown", "sarif"),
        ("compare", "--target", "bailian"): ("html",),
        ("checklist", *target): ("json", "prompt"),
        ("check", "--all", "--no-baseline"): ("text", "json", "sarif", "github", "gitlab"),
    }
    for command, names in formats.items():
        for name in names:
            yield f"{' '.join(command)} as {name}", run(*command, "--format", name)
    for command in (
        ("explain", "src/clients.py:3"), ("explain", "src/calls.py:6"),
        ("doctor",), ("verify", *target), ("baseline",), ("init", "--yes", "--force", *target),
    ):  # fmt: skip
        yield " ".join(command), run(*command)


def test_no_output_of_any_command_shows_a_key_and_the_files_keep_theirs(
    root: Path, told: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    before = (root / "src/clients.py").read_text()
    written = ("MIGRATION_CHECKLIST.md", "migration.diff", ".migrate-baseline.json")
    said = dict(outputs(told))
    said["apply"] = told("apply", "--target", "bailian", "--docs")
    said["status"] = told("status")
    places = [*map(root.joinpath, written), *(root / ".migrate").rglob("*.json")]
    said |= {place.name: place.read_text() for place in places}
    leaks = {name: found for name, text in said.items() if (found := shown(text))}
    assert not leaks
    code = (root / "src/clients.py").read_text()
    gone = set(shown(before)) - set(shown(code))
    assert {one for one in gone if not one.startswith(("OpenAI,", "Azure, 32"))} == set()
    told("undo")
    assert (root / "src/clients.py").read_text() == before


def test_nothing_that_agents_are_served_shows_a_key(root: Path) -> None:
    pytest.importorskip("pydantic")
    from migrator.mcp import bounds
    from migrator.mcp.confinement import Confinement
    from migrator.mcp.tools import Call, tools

    key = f"sk-{PLANTED['OpenAI, old'][1]}"
    to = {"target": "bailian"}
    asked: list[tuple[str, dict[str, object]]] = [
        ("plan", {**to, "docs": True, "show": "diffs", "limit": 200}),
        ("scan", {"limit": 200}), ("scan", {"folder": key}),
        ("checklist", {**to, "briefs": True, "limit": 200}),
        ("verify", {**to, "command": ["cat", "src/clients.py"]}),
        ("explain", {**to, "place": f"{key}:1"}), ("explain", {"target": key, "api": "chat"}),
        ("undo", {"run": key}),
    ]  # fmt: skip
    offered, call = tools(write=True), Call(Confinement.to(root))
    for name, arguments in asked:
        try:
            given = offered[name].arguments.model_validate(arguments)
            told = bounds.written(bounds.fitted(offered[name].run(call, given)))
        except MigrateError as error:
            told = bounds.line(str(error))
        assert not shown(told), (name, arguments)


def test_nothing_of_a_fleet_shows_a_key(
    root: Path, told: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not of the repositories, nor of the addresses and names in the list of them."""
    token = PLANTED["GitLab"][1]
    listed = root.parent / "repos.txt"
    listed.write_text(
        f"root name=whole\nhttps://me:glpat-{token}@127.0.0.1:1/x.git\n"
        f"https://glpat-{token}@127.0.0.1:1/y.git\n"
        f"http://127.0.0.1:1/z.git?private_token=glpat-{token}\nssh://me:{token}@127.0.0.1:1/s\n"
        "root name=part folder=src\n"
    )
    monkeypatch.chdir(root.parent)
    here = ("--executor", "tests.fleet.test_fleet:here", "--output", "results")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C", "root"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "All"]):
        subprocess.run([*git, *command], check=True)
    said = {"apply": told("fleet", "repos.txt", "--target", "bailian", "--docs", "--apply", *here)}
    files = [one for one in (root.parent / "results").rglob("*") if one.is_file()]
    assert {one.name for one in files} >= {
        *("index.html", "fleet.csv", "fleet.json", "fleet.md", "push.sh", "runs.jsonl"),
        *("result.json", "migration.patch", "merge-request.md", "report.html"),
    }
    # A branch holds what is committed, as git packs it.
    said |= {str(one): one.read_text() for one in files if one.suffix != ".bundle"}
    said |= {f"the name of {one}": str(one.relative_to(root.parent)) for one in files}
    assert not {name: found for name, text in said.items() if (found := shown(text))}


def test_the_saved_diff_applies_without_the_files_whose_changes_show_a_key(
    root: Path, told: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a key only stands near a change, fewer lines are shown around it."""
    monkeypatch.chdir(root)
    git = {**os.environ, "GIT_CEILING_DIRECTORIES": str(root.parent)}
    before = {path: path.read_bytes() for path in root.rglob("*.py")}
    told("apply", "--target", "bailian")
    after = {path: path.read_bytes() for path in root.rglob("*.py")}
    diff = (root / "migration.diff").read_bytes()
    told("undo")
    assert diff.startswith(b"# left out, since it shows a secret: '.env'\n")
    assert b"+++ b/tracked.py" in diff
    subprocess.run(["git", "apply"], cwd=root, input=diff, env=git, check=True)
    changed = {path.name for path in before if path.read_bytes() != before[path]}
    assert "tracked.py" in changed
    for path in before:
        assert path.read_bytes() == (after if path.name in changed else before)[path]


def test_an_error_that_quotes_a_file_hides_its_keys(
    tmp_path: Path, told: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    key = f"sk-{PLANTED['OpenAI, old'][1]}"
    (tmp_path / ".migrator.yaml").write_text(f"target: {key}\n")
    for command in (("scan",), ("apply", "-n"), ("scan", f"\x1b[31m {key}")):
        text = told(*command)
        assert not shown(text) and "\x1b" not in text, text
    (tmp_path / ".migrator.yaml").write_text(f"target: [\n{key}: : {key}\n")
    assert not shown(told("scan"))
