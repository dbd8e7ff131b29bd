"""Capabilities that another provider serves: what is parted, how, and that both take everything."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from migrator import providers, workflow
from migrator.changes.result import ApplyResult
from migrator.providers import Provider, load_provider
from migrator.reports.json import plan_json
from migrator.verification.emulator import Emulator
from tests.comparing.profiles import at, made, without
from tests.sdk.forked import run_forked
from tests.sdk.install import installed

MOON = made("moon", without("embeddings"), at("https://api.moon.example.com/v1"))
STAR = made("star", at("https://api.star.example.com/v1"))
WISHES = workflow.Options("moon", supplements={"embeddings": "bailian"})
ASK = 'chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "?"}])'
EMBED = 'embeddings.create(model="text-embedding-3-small", input="a text")'
USE = f"client.{ASK}\nclient.{EMBED}\n"

# The providers that serve no embeddings.
LACKING = [
    one
    for one in providers.provider_ids()
    if load_provider(one).endpoint("embeddings.create").support != "yes"
]

# A program that asks both providers, and what it says after the migration.
PROGRAMS: Mapping[str, tuple[dict[str, str], list[str]]] = {
    "a client of a module": (
        {"main.py": f"from openai import OpenAI\nclient = OpenAI(timeout=9)\n{USE}"},
        ["embeddings_client = OpenAI(\n    timeout=9,", "embeddings_client.embeddings.create("],
    ),
    "a key that is read in the construction": (
        {
            "main.py": "import os\nfrom openai import OpenAI\n"
            f'client = OpenAI(api_key=os.environ["OPENAI_API_KEY"], organization="o")\n{USE}',
            ".env": "OPENAI_API_KEY=none\n",
        },
        ['api_key=os.environ["MOON_API_KEY"]', 'api_key=os.environ["DASHSCOPE_API_KEY"]'],
    ),
    "a function that returns it": (
        {
            "clients.py": "from functools import cache\nfrom openai import OpenAI\n\n\n@cache\n"
            'def get_client() -> OpenAI:\n    """The client."""\n    return OpenAI()\n',
            "main.py": f"import clients\nfrom clients import get_client\nget_client().{ASK}\n"
            f"get_client().{EMBED}\n",
        },
        ["\n\n\n@cache\ndef get_embeddings_client() -> OpenAI:\n    return OpenAI(", "main.py"],
    ),
    "an attribute, and one that is imported": (
        {
            "house.py": "from openai import OpenAI\nclient = OpenAI()\nclass House:\n"
            "    def __init__(self, key=None):\n        self._llm = OpenAI(api_key=key)\n"
            f"    def both(self):\n        self._llm.{ASK}\n        self._llm.{EMBED}\n",
            "main.py": f"from house import House, client\nHouse().both()\n{USE}",
        },
        ["self._embeddings_llm = OpenAI(", "from house import House, client, embeddings_client"],
    ),
    "a client that is local": (
        {
            "main.py": "from openai import OpenAI\ndef both():\n    client = OpenAI()\n"
            f"    client.{ASK}\n    client.{EMBED}\nboth()\n"
        },
        ["    embeddings_client = OpenAI("],
    ),
    "clients of their own, with one key": (
        {
            "main.py": "import os\nfrom openai import OpenAI\n"
            'KEY = os.getenv("OPENAI_API_KEY")\nchat = OpenAI(api_key=KEY)\n'
            f"vectors = OpenAI(api_key=KEY)\nchat.{ASK}\nvectors.{EMBED}\n",
            ".env": "OPENAI_API_KEY=none\n",
        },
        ["vectors = OpenAI(", "# A key of Moon"],
    ),
    "Azure's": (
        {
            "main.py": "from openai import AzureOpenAI\nclient = AzureOpenAI(azure_endpoint="
            f'"https://x.openai.azure.com", api_key="k", api_version="2024-06-01")\n{USE}'
        },
        ["embeddings_client = OpenAI("],
    ),
}


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The providers of the tests are known by their names."""
    own = {"moon": MOON, "star": STAR}

    def load(name: str) -> Provider:
        return own.get(name) or load_provider(name)

    monkeypatch.setattr(providers, "load_provider", load)


def written(folder: Path, files: Mapping[str, str] | str) -> Path:
    for name, text in ({"main.py": files} if isinstance(files, str) else files).items():
        (folder / name).write_text(textwrap.dedent(text).lstrip("\n"))
    return folder


def applied(
    folder: Path, files: Mapping[str, str] | str, options: workflow.Options = WISHES
) -> ApplyResult:
    return workflow.apply([written(folder, files)], options)[0]


def codes(result: ApplyResult) -> list[str]:
    return [one.code for one in result.plan.checklist]


def texts(folder: Path) -> str:
    names = [*folder.glob("*.py"), *folder.glob(".env")]
    return "\n".join(f"{one.name}\n{one.read_text()}" for one in sorted(names))


@pytest.mark.parametrize("name", PROGRAMS)
def test_both_providers_take_what_they_are_asked(name: str, tmp_path: Path) -> None:
    files, expected = PROGRAMS[name]
    result = applied(tmp_path, files)
    after = texts(tmp_path)
    assert [text for text in expected if text not in after] == [], after
    assert result.plan.target.supplements == (("embeddings", "bailian"),)
    keys = [one.title for one in result.plan.checklist if one.code == "get-a-key"]
    assert len(keys) == 2
    for place in tmp_path.glob(".env"):
        lines = place.read_text().splitlines()
        assert {"MOON_API_KEY=", "DASHSCOPE_API_KEY="} <= set(lines)
    again, _ = workflow.plan([tmp_path], WISHES)
    assert not again.changes
    _run(tmp_path, MOON)


def _run(folder: Path, target: Provider) -> None:
    """Run a program: chat goes to the target, embeddings go to bailian, nothing is refused."""
    sdk = max(installed(), default="")
    if not sdk:
        pytest.skip("run `python -m tests.sdk.install` first")
    with Emulator(target) as first, Emulator(load_provider("bailian")) as second:
        environment = {**first.environment(), **second.environment()}
        code, output = run_forked(sdk, ["main.py"], folder, environment)
        assert code == 0, output
        assert not (first.refused or second.refused)
        assert {one.path.rpartition("/")[2] for one in first.requests} == {"completions"}
        assert {one.path.rpartition("/")[2] for one in second.requests} == {"embeddings"}


@pytest.mark.parametrize("target", LACKING)
def test_what_a_provider_lacks_another_serves(target: str, tmp_path: Path) -> None:
    wishes = workflow.Options(target, supplements={"embeddings": "bailian"})
    files, expected = PROGRAMS["a client of a module"]
    result = applied(tmp_path, files, wishes)
    assert all(text in texts(tmp_path) for text in expected)
    assert "with bailian for embeddings" in (tmp_path / workflow.CHECKLIST_FILE).read_text()
    titles = [one.title for one in result.plan.checklist if one.code == "get-a-key"]
    assert len(set(titles)) == 2
    _run(tmp_path, load_provider(target))


def test_without_a_supplement_what_shares_the_client_waits(tmp_path: Path) -> None:
    files, _ = PROGRAMS["a function that returns it"]
    result = applied(tmp_path, files, workflow.Options("moon"))
    assert "API_KEY" not in texts(tmp_path)
    assert {"client-shared", "call-waits"} <= set(codes(result))


def test_what_stays_on_openai_has_a_third_client(tmp_path: Path) -> None:
    program = f"from openai import OpenAI\nclient = OpenAI()\n{USE}client.evals.list()\n"
    result = applied(tmp_path, program)
    after = texts(tmp_path)
    assert "\ndef openai_client() -> OpenAI:" in after
    assert "\nembeddings_client = OpenAI(" in after
    assert {"client-kept", "client-beside", "endpoint-undocumented"} <= set(codes(result))


def test_three_providers_have_three_clients(tmp_path: Path) -> None:
    program = (
        f"from openai import OpenAI\nclient = OpenAI()\n{USE}"
        'client.images.generate(model="dall-e-3", prompt="a house")\n'
    )
    wishes = workflow.Options("moon", supplements={"embeddings": "bailian", "images": "star"})
    applied(tmp_path, program, wishes)
    after = texts(tmp_path)
    assert "\nembeddings_client = OpenAI(" in after
    assert "\nimages_client = OpenAI(" in after
    assert 'os.environ["STAR_API_KEY"]' in after
    assert not workflow.plan([tmp_path], wishes)[0].changes


@pytest.mark.parametrize(
    "program",
    [
        f"def go(c):\n    c.{ASK}\n    c.{EMBED}\ngo(OpenAI())\n",
        f"def get(kind):\n    return OpenAI()\nget(1).{ASK}\nget(2).{EMBED}\n",
        f"settings = dict(api_key='k')\nclient = OpenAI(**settings)\n{USE}",
    ],
    ids=["handed to a function", "a function with parameters", "settings in a mapping"],
)
def test_what_cannot_be_told_apart_stays_and_says_so(program: str, tmp_path: Path) -> None:
    result = applied(tmp_path, f"from openai import OpenAI\n{program}")
    assert "DASHSCOPE" not in texts(tmp_path)
    told = next(one for one in result.plan.checklist if one.code == "call-unparted")
    assert "embeddings.create" in told.title and "Moon" in told.why


def test_what_the_target_serves_too_moves_there_and_is_told(tmp_path: Path) -> None:
    program = f"from openai import OpenAI\ndef go(c):\n    c.{ASK}\n    c.{EMBED}\ngo(OpenAI())\n"
    wishes = workflow.Options("star", supplements={"embeddings": "bailian"})
    result = applied(tmp_path, program, wishes)
    assert "STAR_API_KEY" in texts(tmp_path) and "DASHSCOPE" not in texts(tmp_path)
    assert "call-unparted" in codes(result)


def test_requests_without_the_sdk_go_each_to_their_own(tmp_path: Path) -> None:
    program = """
        import os, requests
        def post(path, body): ...
        KEY = {"Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"}
        requests.post("https://api.openai.com/v1/chat/completions",
                      headers={"Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"},
                      json={"model": "gpt-4o", "messages": []})
        requests.post("https://api.openai.com/v1/embeddings",
                      headers={"Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"},
                      json={"model": "text-embedding-3-small", "input": "a"})
    """
    applied(tmp_path, program.replace("KEY = {", "OTHER = {"))
    after = texts(tmp_path)
    assert '"https://api.moon.example.com/v1/chat/completions"' in after
    assert '"https://dashscope.aliyuncs.com/compatible-mode/v1/embeddings"' in after
    assert "environ['DASHSCOPE_API_KEY']" in after


def test_a_settings_class_without_a_field_for_the_second_key_is_told(tmp_path: Path) -> None:
    program = (
        "from openai import OpenAI\nfrom pydantic_settings import BaseSettings\n"
        "class Settings(BaseSettings):\n    openai_api_key: str\n"
        f"client = OpenAI(api_key=Settings().openai_api_key)\n{USE}"
    )
    assert "settings-field-missing" in codes(applied(tmp_path, program))


def test_the_settings_file_and_the_json_name_the_supplements(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.migrator]\ntarget = "moon"\nembeddings = "bailian"\n'
    )
    files, _ = PROGRAMS["a client of a module"]
    result, _ = workflow.plan([written(tmp_path, files)])
    assert result.changes
    document = json.loads(plan_json(result))
    assert document["target"]["supplements"] == {"embeddings": "bailian"}
    sites = {one.site.id for one in result.plan.decisions}
    assert len(sites) == result.plan.coverage.sites == len(result.plan.decisions)


def test_compare_proposes_the_pair(tmp_path: Path) -> None:
    files, _ = PROGRAMS["a function that returns it"]
    found = workflow.compare([written(tmp_path, files)], ["moon"])
    assert [one.label for one in found.candidates] == ["moon + bailian", "moon"]
    pair = found.candidates[0]
    assert pair.options == "--target moon --embeddings bailian"
    assert (pair.moved, pair.requests) == (2, 2)
    assert {(one.openai, one.provider) for one in pair.models} == {
        ("gpt-4o", "moon"),
        ("text-embedding-3-small", "bailian"),
    }


def test_the_objects_of_a_framework_go_each_to_their_own(tmp_path: Path) -> None:
    program = (
        "from langchain_openai import ChatOpenAI, OpenAIEmbeddings\n"
        'chat = ChatOpenAI(model="gpt-4o")\nvectors = OpenAIEmbeddings()\n'
        'print(chat.invoke("hi"), vectors.embed_query("hi"))\n'
    )
    result = applied(tmp_path, program)
    lines = {
        name: next(line for line in texts(tmp_path).split("\n)") if f"{name} = " in line)
        for name in ("chat", "vectors")
    }
    assert "MOON_API_KEY" in lines["chat"] and "DASHSCOPE" not in lines["chat"]
    assert "DASHSCOPE_API_KEY" in lines["vectors"] and "MOON" not in lines["vectors"]
    assert result.plan.coverage.checklist == 0
    assert not workflow.plan([tmp_path], WISHES)[0].changes
