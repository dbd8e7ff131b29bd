"""Several providers behind a repository's own classes, registries and settings."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import ASK, planned

KEY = 'os.environ["DASHSCOPE_API_KEY"]'
# A base class of which every provider's derives, as OpenAI's own does not give an address.
BASE = f"""
import os
from openai import OpenAI


class Base:
    def __init__(self, model="gpt-4o", *, api_key=None, base_url=None):
        self.model = model
        self.client = OpenAI(api_key=api_key, base_url=base_url)

    def ask(self, q):
        return self.client.chat.completions.create(model=self.model, {ASK})


class Other(Base):
    def __init__(self, model="llama-3"):
        key = os.environ.get("OTHER_API_KEY")
        super().__init__(model, api_key=key, base_url="https://api.groq.com/openai/v1")


Base().ask("one")
Other().ask("two")
"""
MODELS = '[{"model": "gpt-4o", "by": "openai"}, {"model": "kimi-k2", "by": "kimi"}]'
REGISTRY = """
import json
import os
from openai import OpenAI

KEYS = {"openai": "OPENAI_API_KEY", "kimi": "KIMI_API_KEY"}
with open("models.json") as file:
    MODELS = json.load(file)


def make(by):
    key = os.getenv(KEYS[by])
    if by == "openai":
        return OpenAI(api_key=key)
    return OpenAI(api_key=key, base_url="ADDRESS")


for one in MODELS:
    client = make(one["by"])
    client.chat.completions.create(model=one["model"], messages=[{"role": "user"}])
"""


def test_a_base_class_goes_to_openai_where_a_subclass_gives_another_address_and_key() -> None:
    after = planned(BASE).after()
    assert f"api_key=api_key or {KEY}" in after
    assert "base_url=base_url\n            or os.environ.get(" in after
    assert 'base_url="https://api.groq.com/openai/v1"' in after


def test_the_variable_of_anothers_key_is_not_said_to_be_the_providers() -> None:
    found = planned(BASE)
    assert "variable-kept" not in found.codes()
    assert "OTHER_API_KEY" not in str(found.item("get-a-key").action)


CHOSEN = f"""
import os
from openai import OpenAI


def key_of(provider):
    match provider:
        case "openai":
            return os.getenv("OPENAI_API_KEY")
        case "deepgram":
            return os.getenv("DEEPGRAM_API_KEY")


def ask(provider, q):
    client = OpenAI(api_key=key_of(provider))
    return client.chat.completions.create(model="gpt-4o", {ASK})
"""


def test_a_key_that_is_chosen_by_provider_is_renamed_alone() -> None:
    found = planned(CHOSEN)
    assert 'os.getenv("DASHSCOPE_API_KEY")' in found.after()
    assert 'os.getenv("DEEPGRAM_API_KEY")' in found.after()
    assert "variable-kept" not in found.codes()


FRAMED = """
import json
import os
from langchain_openai import ChatOpenAI

KEYS = {"openai": "OPENAI_API_KEY", "kimi": "KIMI_API_KEY"}
with open("models.json") as file:
    MODELS = json.load(file)


def make(by, model):
    key = os.getenv(KEYS[by])
    if by == "openai":
        return ChatOpenAI(model=model, api_key=key)
    return ChatOpenAI(model=model, api_key=key, base_url="ADDRESS")


for one in MODELS:
    make(one["by"], one["model"]).invoke("hello")
"""


def registered(address: str, code: str = REGISTRY) -> dict[str, str]:
    return {"app.py": code.replace("ADDRESS", address), "models.json": MODELS}


@pytest.mark.parametrize("code", [REGISTRY, FRAMED])
def test_a_registry_of_providers_moves_where_none_of_them_knows_openais_names(code: str) -> None:
    found = planned(registered("https://api.moonshot.ai/v1", code))
    assert '"qwen3.7-plus"' in found.after("models.json")
    assert '"openai": "DASHSCOPE_API_KEY"' in found.after()
    assert '"kimi": "KIMI_API_KEY"' in found.after()


def test_a_registry_moves_beside_a_server_of_ones_own_that_needs_no_key() -> None:
    code = f"""
from openai import OpenAI

MODELS = {{"openai": ["gpt-4o"], "local": ["my-own"]}}


class Local:
    def ask(self, model, q):
        client = OpenAI(base_url=self.settings["address"], api_key="not-needed")
        return client.chat.completions.create(model=model, {ASK})


class Theirs:
    def ask(self, model, q):
        return OpenAI().chat.completions.create(model=model, {ASK})


for by, models in MODELS.items():
    for model in models:
        {{"openai": Theirs(), "local": Local()}}[by].ask(model, "hello")
"""
    after = planned(code).after()
    assert '"openai": ["qwen3.7-plus"]' in after
    assert 'base_url=self.settings["address"], api_key="not-needed"' in after


def test_a_registry_waits_where_somebody_may_resell_openais_models_and_says_so() -> None:
    found = planned(registered("https://gateway.example.com/v1", FRAMED))
    assert not found.plan.edits
    why = str(found.item("model-waits").why)
    assert why == "it also reaches another provider's client"


@pytest.mark.parametrize(
    ("model", "code"), [("gpt-4o", "model-shared"), ("openai/gpt-4o", "model-prefixed")]
)
def test_a_name_that_is_taken_in_several_ways_holds_what_it_reaches(model: str, code: str) -> None:
    found = planned(
        f"""
        import litellm
        from openai import OpenAI
        MODEL = "{model}"
        def one(q):
            return OpenAI().chat.completions.create(model=MODEL, {ASK})
        def two(q):
            return litellm.completion(model=MODEL, {ASK})
        """
    )
    assert not found.plan.edits
    assert found.item(code)


def test_a_call_that_may_go_elsewhere_holds_no_name() -> None:
    found = planned(
        f"""
        import os
        import litellm
        from pydantic_ai.models.openai import OpenAIChatModel
        from pydantic_ai.providers.litellm import LiteLLMProvider
        MODEL = "gpt-4o"
        def one(q):
            return litellm.completion(model=MODEL, {ASK})
        def two(prefix):
            base = os.getenv(f"{{prefix}}_API_BASE")
            return OpenAIChatModel(MODEL, provider=LiteLLMProvider(api_base=base))
        """
    )
    assert 'MODEL = "openai/qwen3.7-plus"' in found.after()
    assert f"api_key={KEY}" in found.after()


CONFIG = """
import os
from openai import AzureOpenAI


class Config:
    def get(self, key, default=None):
        return self.values.get(key) or os.environ.get(key, default)


config = Config()
level = config.get("LOG_LEVEL", "INFO")
kind = config.get("KIND", "azure_openai")
client = AzureOpenAI(azure_endpoint=config.get("ENDPOINT"), api_version="1")
client.chat.completions.create(model=config.get("DEPLOYMENT"), messages=[{"role": "user"}])
"""


def test_other_settings_are_not_taken_for_names_of_deployments() -> None:
    found = planned(CONFIG)
    assert "azure-deployment" in found.codes()
    assert "azure-deployment-named" not in found.codes()


SETTINGS = f"""
import os
import openai
from openai import OpenAI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    OPENAI_API_KEY: str


settings = Settings()
fields = [getattr(settings, "OPENAI_API_KEY")]


def check(q):
    return OpenAI(api_key=settings.OPENAI_API_KEY).moderations.create(input=q)


def ask(q):
    openai.api_key = os.getenv("OPENAI_API_KEY")
    return openai.chat.completions.create(model="gpt-4o", {ASK})
"""


def test_the_modules_key_is_not_read_from_what_others_keep() -> None:
    after = planned(SETTINGS).after()
    assert f"openai.api_key = {KEY}" in after
    assert "OpenAI(api_key=settings.OPENAI_API_KEY)" in after


KEPT = f"""
from openai import OpenAI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    OPENAI_API_KEY: str


settings = Settings()
fields = [getattr(settings, "OPENAI_API_KEY")]


def ask(q):
    return OpenAI(api_key=settings.OPENAI_API_KEY).chat.completions.create(model="gpt-4o", {ASK})


def say(q):
    return OpenAI().chat.completions.create(model="gpt-4o", {ASK})
"""


def test_what_keeps_its_name_is_read_by_that_name_everywhere() -> None:
    found = planned(KEPT)
    assert "DASHSCOPE_API_KEY" not in found.after()
    assert "variable-kept" in found.codes()


def test_a_key_that_an_unknown_package_is_given_with_a_model_keeps_its_name() -> None:
    found = planned(
        f"""
        import os
        from openai import OpenAI
        from someones_package import Wrapper
        key = os.environ["OPENAI_API_KEY"]
        wrapper = Wrapper(model="gpt-4o-mini", api_key=key)
        def ask(q):
            return OpenAI().chat.completions.create(model="gpt-4o", {ASK})
        """
    )
    assert 'key = os.environ["OPENAI_API_KEY"]' in found.after()
    assert f"OpenAI(api_key={KEY}" in " ".join(found.after().split()).replace("( ", "(")
    assert "variable-shared" in found.codes()


def test_what_waits_for_a_client_that_is_no_call_names_it() -> None:
    found = planned(
        f"""
        import os
        from openai import AzureOpenAI
        from semantic_kernel.connectors.ai.open_ai import AzureChatCompletion
        MODEL = os.getenv("DEPLOYMENT", "gpt-4o")
        kernel = AzureChatCompletion(deployment_name=MODEL, endpoint=os.environ["ENDPOINT"])
        client = AzureOpenAI(azure_endpoint=os.environ["ENDPOINT"], api_version="1")
        def ask(q):
            return client.chat.completions.create(model=MODEL, {ASK})
        """
    )
    assert "AzureChatCompletion" in str(found.item("call-waits").why)


def test_a_file_does_not_take_the_place_of_a_module_that_is_loaded_already() -> None:
    found = planned(
        {
            "packs/os.py": "def list_files():\n    return []\n",
            "packs/app.py": (
                "import os\nfrom openai import OpenAI\n"
                'client = OpenAI(api_key=os.getenv("OPENAI_API_KEY"))\n'
                f'def ask(q):\n    return client.chat.completions.create(model="gpt-4o", {ASK})\n'
            ),
        }
    )
    assert 'os.getenv("DASHSCOPE_API_KEY")' in found.after("packs/app.py")


def test_a_module_of_python_that_nothing_binds_is_that_module() -> None:
    code = f"""
from openai import OpenAI


def ask(q):
    os.environ["OPENAI_API_KEY"] = os.getenv("OPENAI_API_KEY")
    return OpenAI().chat.completions.create(model="gpt-4o", {ASK})
"""
    found = planned(code)
    assert 'os.environ["DASHSCOPE_API_KEY"] = os.getenv("DASHSCOPE_API_KEY")' in found.after()
    assert all(found.decision("app.py", kind) for kind in (Kind.CLIENT, Kind.CALL))


@pytest.mark.parametrize("annotation", ["dict[str, Any]", "Dict[str, object]", "dict"])
def test_a_mapping_with_an_annotation_is_as_well_known_as_one_without(annotation: str) -> None:
    found = planned(
        f"""
        from typing import Any, Dict
        from openai import OpenAI
        def ask(q, timeout=None):
            settings: {annotation} = {{"max_retries": 3}}
            if timeout:
                settings["timeout"] = timeout
            asked: {annotation} = {{"model": "gpt-4o", {ASK.replace("messages=", '"messages": ')}}}
            return OpenAI(**settings).chat.completions.create(**asked)
        """
    )
    assert '"model": "qwen3.7-plus"' in found.after()
    assert f"api_key={KEY}" in found.after()
    assert not {"arguments-unknown", "client-arguments-unknown"} & set(found.codes())


def test_a_mapping_of_which_only_the_annotation_is_known_is_not_known() -> None:
    found = planned(
        f"""
        from typing import Any
        from openai import OpenAI
        def ask(q, more: dict[str, Any]):
            return OpenAI().chat.completions.create(model="gpt-4o", {ASK}, **more)
        """
    )
    assert "arguments-unknown" in found.codes()
