"""Clients: key, base URL, what is OpenAI's own, and the openai module's own client."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import ASK, URL, Checklist, Convert, items_of, planned

READ = f'os.getenv("DASHSCOPE_BASE_URL", "{URL}")'
KEY = 'os.environ["DASHSCOPE_API_KEY"]'
USE = f'def ask(q):\n    return client.chat.completions.create(model="gpt-4o", {ASK})\n'


def program(construction: str, imports: str = "from openai import OpenAI") -> str:
    return f"import os\n{imports}\nclient = {construction}\n{USE}"


def client_of(construction: str, imports: str = "from openai import OpenAI") -> str:
    """The construction once it is rewritten, in one line and without a trailing comma."""
    after = planned(program(construction, imports)).after()
    written = " ".join(after.split("client = ")[1].split("def ask")[0].split())
    return written.replace("( ", "(").replace(", )", ")")


def test_a_bare_client_reads_key_and_base_url() -> None:
    assert client_of("OpenAI()") == f"OpenAI(api_key={KEY}, base_url={READ})"


def test_a_key_that_is_read_is_renamed_where_it_is_read() -> None:
    assert (
        client_of('OpenAI(api_key=os.getenv("OPENAI_API_KEY"))')
        == f'OpenAI(api_key=os.getenv("DASHSCOPE_API_KEY"), base_url={READ})'
    )


def test_a_key_in_the_source_is_replaced_and_told_without_its_value() -> None:
    found = planned(program('OpenAI(api_key="sk-test")'))
    assert KEY in found.after()
    assert "sk-test" not in found.after()
    assert "sk-test" not in str(found.item("key-in-source").why)


def test_what_asks_for_a_key_is_no_secret() -> None:
    found = planned(program('OpenAI(api_key="YOUR API KEY")'))
    assert KEY in found.after()
    assert "key-in-source" not in found.codes()


def test_a_dummy_key_of_a_test_stays() -> None:
    found = planned({"tests/test_app.py": program('OpenAI(api_key="dummy")')})
    assert 'api_key="dummy"' in found.after("tests/test_app.py")
    assert "key-in-source" not in found.codes()


def test_a_key_from_elsewhere_stays_and_is_told() -> None:
    found = planned(
        "from openai import OpenAI\ndef make(key):\n    return OpenAI(api_key=key)\n"
        f"def ask(q, key):\n    return make(key).chat.completions.create(model='gpt-4o', {ASK})\n"
    )
    assert "api_key=key" in found.after()
    assert found.item("key-from-elsewhere")


@pytest.mark.parametrize(
    "url",
    [
        '"https://api.openai.com/v1"',
        "None",
        'os.getenv("OPENAI_BASE_URL")',
        'os.getenv("OPENAI_BASE_URL", "https://api.openai.com/v1")',
    ],
)
def test_a_base_url_of_openais_is_read_with_the_providers_for_default(url: str) -> None:
    assert f"base_url={READ}" in client_of(f"OpenAI(base_url={url})")


def test_a_fallback_behind_or_is_replaced_too() -> None:
    url = 'os.getenv("OPENAI_BASE_URL") or "https://api.openai.com/v1"'
    assert f'base_url=os.getenv("DASHSCOPE_BASE_URL") or "{URL}"' in client_of(
        f"OpenAI(base_url={url})"
    )


def test_a_required_base_url_is_renamed_only() -> None:
    written = client_of('OpenAI(base_url=os.environ["OPENAI_BASE_URL"])')
    assert 'base_url=os.environ["DASHSCOPE_BASE_URL"]' in written


def test_an_address_in_another_place_becomes_the_providers() -> None:
    found = planned(
        "from openai import OpenAI\nBASE = 'https://api.openai.com/v1/'\n"
        f"client = OpenAI(base_url=BASE, api_key='k')\n{USE}"
    )
    assert "BASE = 'https://api.openai.com/v1/'" not in found.after() or READ in found.after()
    assert isinstance(found.decision("app.py", Kind.RAW_HTTP), Convert)


def test_what_is_openais_own_goes_and_what_is_httpx_stays() -> None:
    written = client_of(
        'OpenAI(organization="o", project="p", timeout=3, max_retries=1, http_client=None)'
    )
    assert "organization" not in written
    assert "project" not in written
    assert "timeout=3, max_retries=1, http_client=None" in written


def test_what_is_taken_away_is_told() -> None:
    found = planned(program('OpenAI(organization="o")'))
    assert "organization" in found.item("client-argument-dropped").title


def test_openais_own_headers_go() -> None:
    found = planned(program('OpenAI(default_headers={"OpenAI-Beta": "x", "X-Mine": "y"})'))
    assert 'default_headers={"X-Mine": "y"}' in found.after()
    assert "OpenAI-Beta" in found.item("headers-openai").title


def test_an_azure_client_becomes_a_plain_one() -> None:
    found = planned(
        {
            "app.py": f"""
            import os
            from openai import AzureOpenAI
            def make() -> AzureOpenAI:
                return AzureOpenAI(
                    azure_endpoint=os.environ["AZURE_OPENAI_ENDPOINT"],
                    api_key=os.environ["AZURE_OPENAI_API_KEY"],
                    api_version="2024-06-01",
                )
            def ask(q):
                return make().chat.completions.create(model="gpt-4o", {ASK})
            """,
            ".env": "AZURE_OPENAI_ENDPOINT=https://x.openai.azure.com\nAZURE_OPENAI_API_KEY=abc\n",
        }
    )
    after = found.after()
    assert "Azure" not in after
    assert "api_version" not in after
    assert 'api_key=os.environ["DASHSCOPE_API_KEY"]' in after
    assert "-> OpenAI:" in after
    assert "from openai import OpenAI\n" in after
    assert "AZURE" not in found.after(".env")
    assert all(isinstance(one, Convert) for one in found.plan.decisions)


def test_a_deployments_name_asks_for_the_model() -> None:
    found = planned(
        f"""
        from openai import AzureOpenAI
        client = AzureOpenAI(azure_endpoint="https://x.openai.azure.com", api_version="1")
        def ask(q):
            return client.chat.completions.create(model="my-deployment", {ASK})
        """
    )
    assert items_of(found.decision("app.py", Kind.CALL))[0] == "azure-deployment-named"
    assert "`my-deployment`" in found.item("azure-deployment-named").title
    assert isinstance(found.decision("app.py", Kind.CALL), Checklist)
    assert isinstance(found.decision("app.py", Kind.CLIENT), Convert)


def test_a_deployment_that_only_a_test_names_says_nothing_of_the_program() -> None:
    code = """
import os
from openai import AzureOpenAI
def ask(name):
    client = AzureOpenAI(api_key=os.environ["AZURE_OPENAI_API_KEY"])
    return client.chat.completions.create(model=name, messages=[{"role": "user", "content": "x"}])
ask("gpt-4o")
"""
    found = planned(
        {"app.py": code, "tests/test_app.py": "from app import ask\nask('of-a-test')\n"}
    )
    assert "azure-deployment-named" not in found.codes()
    assert 'ask("qwen3.7-plus")' in found.after()


@pytest.mark.parametrize("other", ["gpt-4o", "my-deployment"])
def test_a_deployments_name_beside_models_is_told_too(other: str) -> None:
    found = planned(
        f"""
        from openai import AzureOpenAI
        client = AzureOpenAI(azure_endpoint="https://x.openai.azure.com", api_version="1")
        def ask(q, model):
            return client.chat.completions.create(model=model, {ASK})
        ask("one", "chat")
        ask("two", "{other}")
        """
    )
    assert "`chat`" in found.item("azure-deployment-named").title
    assert "gpt-4o" not in found.item("azure-deployment-named").title


def test_a_deployment_of_a_variable_is_asked_for() -> None:
    found = planned(
        f"""
        import os
        from openai import AzureOpenAI
        client = AzureOpenAI(azure_endpoint="https://x.openai.azure.com", api_version="1")
        def ask(q):
            return client.chat.completions.create(model=os.environ["DEPLOYMENT"], {ASK})
        """
    )
    assert "azure-deployment" in items_of(found.decision("app.py", Kind.CALL))
    assert "model-at-run-time" not in found.codes()


def test_a_name_of_no_known_model_is_no_name_at_run_time() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        client = OpenAI()
        def ask(q):
            return client.chat.completions.create(model="house-model", {ASK})
        """
    )
    assert "`house-model`" in found.item("model-unknown").title
    assert "model-at-run-time" not in found.codes()


SUBCLASS = """
from openai import OpenAI
class Mine(OpenAI):
    def __init__(self, name, **given):
        super().__init__(SETTINGS)
class Plain(OpenAI):
    pass
client = Mine("a", organization="o")
other = Plain()
"""


def test_a_subclass_that_passes_on_its_settings_is_given_them_where_it_is_made() -> None:
    code = SUBCLASS.replace("SETTINGS", "timeout=3, **given") + USE
    after = " ".join(planned(code).after().split())
    assert "super().__init__(timeout=3, **given)" in after
    assert f'client = Mine( "a", api_key={KEY}, base_url={READ}' in after
    assert f"other = Plain( api_key={KEY}, base_url={READ}" in after


def test_a_subclass_with_settings_of_its_own_is_given_them_there() -> None:
    code = SUBCLASS.replace("SETTINGS", "timeout=3").replace(', organization="o"', "") + USE
    after = " ".join(planned(code).after().split())
    assert f"super().__init__( timeout=3, api_key={KEY}, base_url=os.getenv(" in after
    assert 'client = Mine("a")' in after


def test_a_key_of_a_base_is_not_given_twice() -> None:
    settings = 'api_key=os.environ["OPENAI_API_KEY"], **given'
    code = "import os\n" + SUBCLASS.replace("SETTINGS", settings) + USE
    after = " ".join(planned(code).after().split())
    assert f"super().__init__(api_key={KEY}, **given)" in after
    assert f'client = Mine("a", base_url={READ})' in after.replace("( ", "(").replace(", )", ")")


@pytest.mark.parametrize(
    ("construction", "imports"),
    [
        (
            "partial(OpenAI, timeout=3)()",
            "from functools import partial\nfrom openai import OpenAI",
        ),
        ("C()", "from openai import OpenAI as C"),
        ("openai.OpenAI()", "import openai"),
        ("oai.Client()", "import openai as oai"),
    ],
)
def test_however_a_client_is_made_it_is_pointed_at_the_provider(
    construction: str, imports: str
) -> None:
    assert f"base_url={READ}" in client_of(construction, imports)


def test_a_dict_of_settings_is_changed_where_it_is_written() -> None:
    found = planned(
        "import os\nfrom openai import OpenAI\n"
        'given = {"api_key": os.environ["OPENAI_API_KEY"], "organization": "o"}\n'
        f"client = OpenAI(**given)\n{USE}"
    )
    after = found.after()
    assert "organization" not in after
    assert '"base_url"' in after
    assert "OpenAI(**given)" in after


# -- the module's own client -----------------------------------------------------------------------

MODULE = f'def ask(q):\n    return openai.chat.completions.create(model="gpt-4o", {ASK})\n'


def test_the_modules_own_client_is_pointed_at_the_provider() -> None:
    found = planned(
        'import os\nimport openai\nopenai.api_key = os.environ["OPENAI_API_KEY"]\n'
        f'openai.organization = "o"\n{MODULE}'
    )
    after = found.after()
    assert 'openai.api_key = os.environ["DASHSCOPE_API_KEY"]' in after
    assert "openai.base_url = " in after
    assert "organization" not in after
    assert found.item("client-argument-dropped")


def test_the_module_is_pointed_at_the_provider_where_it_is_imported() -> None:
    after = planned(f"import openai\n{MODULE}").after()
    assert "openai.api_key" in after
    assert "openai.base_url" in after


def test_a_key_that_may_be_handed_to_the_module_leaves_its_variable_read() -> None:
    found = planned(
        {
            "app.py": "import os\nimport openai\ndef ask(q, key=None):\n    if key:\n"
            "        openai.api_key = key\n    return openai.ChatCompletion.create("
            f'model="gpt-4", {ASK})\n',
            ".env": "OPENAI_API_KEY=\nOPENAI_API_BASE=https://api.openai.com/v1\n"
            "OPENAI_API_VERSION=2023-05-15\n",
            "requirements.txt": "openai==0.28.1\n",
        }
    )
    assert 'openai.api_key = os.getenv("DASHSCOPE_API_KEY")\n' in found.after()
    assert found.after().count("openai.api_base = os.getenv(") == 1
    assert "    if key:\n        openai.api_key = key\n    return" in found.after()
    assert "OPENAI" not in found.after(".env")
    assert f"DASHSCOPE_BASE_URL={URL}\n" in found.after(".env")
    assert "VERSION" not in found.after(".env")


def test_a_base_url_of_the_module_is_replaced_once() -> None:
    found = planned(
        'import os\nimport openai\nopenai.api_key = os.environ["OPENAI_API_KEY"]\n'
        f'openai.base_url = "https://api.openai.com/v1"\n{MODULE}'
    )
    assert found.after().count("openai.base_url") == 1
    assert "api.openai.com" not in found.after()


def test_a_key_of_the_module_in_the_source_is_told() -> None:
    found = planned(f'import openai\nopenai.api_key = "sk-test"\n{MODULE}')
    assert "sk-test" not in found.after()
    assert found.item("key-in-source")


def test_a_region_with_a_workspace_asks_for_its_id() -> None:
    found = planned(program("OpenAI()"), region="cn-beijing-workspace")
    assert found.item("workspace-id")


def test_a_module_that_is_loaded_by_hand_is_called_as_it_is() -> None:
    after = planned(
        "import importlib\nfrom typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import openai\n"
        "def make(key) -> 'x':\n"
        "    openai = importlib.import_module('openai')\n"
        "    return openai.AzureOpenAI(api_key=key, azure_endpoint=input())\n"
        f"def ask(q, client: openai.AzureOpenAI | None = make('x')):\n"
        f"    return client.chat.completions.create(model='gpt-4o', {ASK})\n"
    ).after()
    assert "return openai.OpenAI(" in after
    assert "client: openai.OpenAI | None" in after
    assert "from openai import" not in after


@pytest.mark.parametrize(
    ("caught", "after"),
    [
        ("openai.OpenAIError as error", "except (openai.OpenAIError, KeyError) as error:"),
        ("Exception", "except Exception:"),
        ("openai.RateLimitError", "except openai.RateLimitError:"),
    ],
)
def test_the_error_of_a_missing_key_goes_on_being_caught(caught: str, after: str) -> None:
    code = (
        "import openai\nclient = None\n"
        f"try:\n    client = openai.OpenAI()\nexcept {caught}:\n    pass\n"
        f"def ask(q):\n    return client.chat.completions.create(model='gpt-4o', {ASK})\n"
    )
    assert after in planned(code).after()
