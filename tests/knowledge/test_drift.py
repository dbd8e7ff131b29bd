"""Facts beside what packages say: what a made-up package has otherwise is told."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from migrator.knowledge import drift
from migrator.knowledge.packages import Package
from migrator.profiles import problems
from migrator.providers import Provider, load_provider, provider_ids
from tests.sdk.install import PACKAGES

CLIENT = """
import os
from ._errors import *
from .base import Base as _Base

HOST = "https://api.example.com"

class Client(_Base):
    def url(self, version):
        return f"{HOST}/{version}"

class Silent(Client):
    key = os.environ.get("EXAMPLE_API_KEY")
"""
BASE = """
class Base:
    def __init__(self, *, api_key=None, timeout=3, **others):
        pass

    async def create(self, model, messages):
        pass
"""


@pytest.fixture
def package(tmp_path: Path) -> Package:
    for name, text in {
        "example/__init__.py": "from .client import Client, Silent as Quiet\n",
        "example/client.py": CLIENT,
        "example/base.py": BASE,
        "example/_errors.py": "class Problem(Exception): ...\nclass Limit(Problem): ...\n",
        "example/broken.py": "print 'two'\n",
        "example_sdk-1.2.3.dist-info/METADATA": "Name: example-sdk\nVersion: 1.2.3\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Package("example-sdk", tmp_path)


def test_a_package_is_read_without_being_imported(package: Package) -> None:
    assert package.version == "1.2.3"
    assert package.parameters("example.Quiet") == ("api_key", "timeout", "**")
    assert package.parameters("example.Client.create") == ("model", "messages")
    assert package.parameters("example.Client.gone") is None
    limit = package.find("example.client.Limit")
    assert limit is not None
    assert list(package.ancestors(limit)) == ["Limit", "Problem"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("EXAMPLE_API_KEY", True),
        ("https://api.example.com", True),
        ("{HOST}/{version}", True),
        ("https://api.example", False),
        ("EXAMPLE_BASE_URL", False),
    ],
)
def test_what_a_package_states(package: Package, text: str, said: bool) -> None:
    assert package.states(text) == said


def test_what_a_package_says_otherwise_is_told(package: Package) -> None:
    data: dict[str, Any] = copy.deepcopy(dict(load_provider("bailian").data))
    data["key"]["stated"] = {"example-sdk": "EXAMPLE_API_KEY"}
    data["regions"][0]["stated"] = {"example-sdk": "https://old.example.com", "not-here": "x"}
    assert list(problems(data)) == []
    provider = Provider("changed.yaml", data)
    assert {"example-sdk", "not-here"} <= drift.packages_of(provider)
    found = [str(one) for one in drift.drift_of(provider, {"example-sdk": package})]
    says = "example-sdk 1.2.3 does not say 'https://old.example.com' any more"
    assert found == [f"bailian.regions[cn-beijing]: {says}"]


def test_what_an_sdk_has_no_more_is_told(package: Package) -> None:
    data: dict[str, Any] = copy.deepcopy(dict(load_provider("zhipu").data))
    data["sdk"] |= {
        "requirement": "example-sdk>=1.2",
        "packages": ["example"],
        "clients": {"OpenAI": "example.Silent"},
        "client_arguments": {"api_key": "api_key", "organization": "team"},
        "exceptions": {"APIError": "example._errors.Problem"},
        "types": {"openai.NOT_GIVEN": "example.client.HOST", "openai.Omit": "example.client.Gone"},
    }
    provider = Provider("changed.yaml", data)
    found = [one.what for one in drift.drift_of(provider, {"example-sdk": package})]
    assert found == ["has no example.Silent any more", "has no example.client.Gone any more"]
    data["sdk"]["clients"] = {"OpenAI": "example.client.Client"}
    (package.folder / "example" / "base.py").write_text(BASE.replace("**others", "colour=0"))
    changed = Package("example-sdk", package.folder)
    found = [one.what for one in drift.drift_of(Provider("c", data), {"example-sdk": changed})]
    assert "example.client.Client takes no team any more" in found


def test_what_is_new_in_the_openai_package_is_told(tmp_path: Path) -> None:
    files = {
        "openai/__init__.py": "from ._client import OpenAI\nfrom ._exceptions import NewError\n",
        "openai/_client.py": CLIENT_OF_OPENAI,
        "openai/_exceptions.py": "class OpenAIError: 0\nclass NewError(OpenAIError): 0\n",
        "openai/resources/chat/completions.py": RESOURCE,
        "openai/types/shared/chat_model.py": 'ChatModel: A = Literal["gpt-4o", "gpt-9", "auto"]\n',
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = drift.drift_of_surface(Package("openai", tmp_path), [load_provider("bailian")])
    assert [(one.place, one.what) for one in found] == [
        ("openai.models.ids", "has 'gpt-9', which is new"),
        ("openai.methods", "has 'completions.undo', which is new"),
        ("openai.exceptions", "has 'NewError', which is new"),
        ("openai.clients", "has 'colour', which is new"),
        ("bailian.chat_parameters", "has 'mood', which is new"),
    ]


CLIENT_OF_OPENAI = """
from .resources.chat.completions import Completions
class OpenAI:
    def __init__(self, *, api_key, colour): ...
    @property
    def completions(self) -> Completions: ...
    @property
    def user(self) -> str: ...
"""
RESOURCE = """
class Completions:
    def create(self, messages, model, mood, extra_body): ...
    def undo(self): ...
    def _post(self): ...
"""


@pytest.mark.parametrize("provider", provider_ids())
def test_the_profiles_say_what_the_newest_packages_say(provider: str) -> None:
    if not PACKAGES.is_dir():
        pytest.skip("run `python -m tests.sdk.install` first")
    packages = drift.read_packages(PACKAGES, drift.all_packages())
    profile = load_provider(provider)
    assert drift.packages_of(profile) <= packages.keys()
    assert [str(one) for one in drift.drift_of(profile, packages)] == []
