"""Keys and base URLs of clients: what is handed in at run time goes on winning."""

from __future__ import annotations

import ast
import textwrap

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import ASK, URL, Convert, Planned, items_of, planned

READ = f'os.getenv("DASHSCOPE_BASE_URL", "{URL}")'
KEY = 'os.environ["DASHSCOPE_API_KEY"]'
CALL = f'client.chat.completions.create(model="gpt-4o", {ASK})'


def made(construction: str, *, parameters: str = "", before: str = "") -> Planned:
    """A function that is given `parameters` and makes a client after `before`."""
    body = [*before.splitlines(), f"client = {construction}", f"return {CALL}"]
    lines = "".join(f"    {line}\n" for line in body)
    return planned(f"import os\nfrom openai import OpenAI\ndef ask(q, {parameters}):\n{lines}")


def squeezed(found: Planned, path: str = "app.py") -> str:
    """The text of a file afterwards, in one line."""
    text = " ".join(found.after(path).split())
    for spaced, tight in (("( ", "("), (", )", ")"), (" )", ")"), ("{ ", "{"), (", }", "}")):
        text = text.replace(spaced, tight)
    return text


BASE_URLS = {
    "a parameter that may be None": (
        "url: str | None = None",
        "",
        "url",
        f"base_url=url or {READ}",
    ),
    "a parameter with OpenAI's address": (
        'url="https://api.openai.com/v1"',
        "",
        "url",
        f'url="{URL}"): client = OpenAI(base_url=url,',
    ),
    "OpenAI's address behind what is handed in": (
        "url",
        "",
        'url or "https://api.openai.com/v1"',
        f'base_url=url or "{URL}"',
    ),
    "None behind what is handed in": ("url", "", "url or None", f"base_url=url or {READ}"),
    "a variable behind what is handed in": (
        "url=None",
        "",
        'url or os.getenv("OPENAI_BASE_URL")',
        f"base_url=url or {READ}",
    ),
    "a name that is filled where it is empty": (
        "url=None",
        'if not url:\n    url = "https://api.openai.com/v1"',
        "url",
        f'url = "{URL}" client = OpenAI(base_url=url,',
    ),
    "a name that is filled with a variable": (
        "url=None",
        'url = url or os.getenv("OPENAI_BASE_URL")',
        "url",
        f"url = url or {READ} client = OpenAI(base_url=url,",
    ),
    "the default of a look-up": (
        "options",
        "",
        'options.get("url", "https://api.openai.com/v1")',
        f'base_url=options.get("url", "{URL}")',
    ),
    "what is handed in, put together with OpenAI's host": (
        'host="https://api.openai.com"',
        "",
        'host + "/v1"',
        'host="https://dashscope.aliyuncs.com/compatible-mode"',
    ),
    "a variable, put together": (
        "",
        'base = os.getenv("OPENAI_API_BASE", "https://api.openai.com")',
        'f"{base}/v1"',
        f"def ask(q): client = OpenAI(base_url={READ},",
    ),
    "Azure's endpoint, put together": (
        "endpoint",
        "",
        'f"{endpoint}/openai/v1/"',
        f"base_url={READ}",
    ),
    "a neutral variable with OpenAI's address": (
        "",
        "",
        'os.getenv("TRANSLATOR_URL", "https://api.openai.com/v1")',
        f'base_url=os.getenv("TRANSLATOR_URL", "{URL}")',
    ),
    "a neutral variable that may not be set": (
        "",
        "",
        'os.getenv("LLM_URL")',
        f'base_url=os.getenv("LLM_URL", "{URL}")',
    ),
}


@pytest.mark.parametrize("name", BASE_URLS)
def test_the_default_moves_and_what_is_handed_in_stays(name: str) -> None:
    parameters, before, value, expected = BASE_URLS[name]
    found = made(
        f'OpenAI(base_url={value}, api_key=os.environ["OPENAI_API_KEY"])',
        parameters=parameters,
        before=before,
    )
    assert expected in squeezed(found)
    assert "api.openai.com" not in found.after()


KEYS = {
    "of a parameter": ("key", "key", "api_key=key,", True),
    "of a parameter that may be None": ("key=None", "key", f"api_key=key or {KEY}", True),
    "of a store": ("store", 'store["key"]', 'api_key=store["key"],', True),
    "of a store, then of a variable": (
        "store",
        'store.get("key") or os.environ["OPENAI_API_KEY"]',
        f'api_key=store.get("key") or {KEY}',
        True,
    ),
    "of a variable": ("", 'os.environ["OPENAI_API_KEY"]', f"api_key={KEY}", False),
    "None": ("", "None", f"api_key={KEY}", False),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_key_stays_where_it_comes_from(name: str) -> None:
    parameters, value, expected, told = KEYS[name]
    found = made(f"OpenAI(api_key={value})", parameters=parameters)
    assert expected in squeezed(found)
    assert ("key-from-elsewhere" in found.codes()) is told


def test_what_signs_in_at_azure_is_no_key() -> None:
    found = planned(
        f"""
        import os
        from azure.identity import get_bearer_token_provider
        from openai import OpenAI
        def ask(q, credential):
            client = OpenAI(
                base_url=f"{{os.environ['AZURE_OPENAI_ENDPOINT']}}/openai/v1/",
                api_key=get_bearer_token_provider(credential, "https://example.com/.default"),
            )
            return {CALL}
        """
    )
    assert f"OpenAI(base_url={READ}, api_key={KEY})" in squeezed(found)
    assert "key-from-elsewhere" not in found.codes()


# -- arguments that are gathered in a mapping -----------------------------------------------------

GATHERED = {
    "always": ('given["base_url"] = os.getenv("OPENAI_BASE_URL")', f'given["base_url"] = {READ}'),
    "where it is not empty": (
        "if url:\n    given['base_url'] = url",
        f'given: dict = {{"base_url": {READ}, "timeout": 3}}',
    ),
    "where something else holds": (
        'if "url" in more:\n    given["base_url"] = more["url"]',
        f'given: dict = {{"base_url": {READ}, "timeout": 3}}',
    ),
    "never": ("", f"OpenAI(**given, base_url={READ})"),
    "what is OpenAI's own": (
        'given["base_url"] = None\ngiven["organization"] = more["org"]',
        f'given["base_url"] = {READ} client',
    ),
}


@pytest.mark.parametrize("name", GATHERED)
def test_arguments_are_changed_where_they_are_set(name: str) -> None:
    statements, expected = GATHERED[name]
    before = 'given: dict = {"timeout": 3}\ngiven["api_key"] = os.environ["OPENAI_API_KEY"]\n'
    found = made("OpenAI(**given)", parameters="more, url=None", before=before + statements)
    after = squeezed(found)
    assert expected in after
    assert f'given["api_key"] = {KEY}' in after
    assert "organization" not in after


@pytest.mark.parametrize("condition", ["if flag:", "for one in more:", "if a:\n    pass\nelse:"])
def test_a_mapping_that_is_made_elsewhere_is_held(condition: str) -> None:
    before = f'{condition}\n    given["base_url"] = "https://api.openai.com/v1"'
    found = made("OpenAI(**given)", parameters="given, more, flag, a", before=before)
    assert found.plan.edits == ()
    assert "client-arguments-unknown" in found.codes()


def test_what_is_given_on_some_ways_only_is_held() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        def make(**options):
            return OpenAI(**options)
        def ask(q):
            client = make()
            return {CALL}
        def other(q):
            client = make(base_url="https://api.openai.com/v1")
            return {CALL}
        """
    )
    assert found.plan.edits == ()
    assert "client-arguments-unknown" in found.codes()


SHAPES = {
    "setdefault on what a function is given": (
        """
        def make(**given):
            given.setdefault("base_url", os.getenv("OPENAI_BASE_URL"))
            given.setdefault("api_key", os.getenv("OPENAI_API_KEY"))
            return OpenAI(**given)
        """,
        f'given.setdefault("base_url", {READ}) '
        'given.setdefault("api_key", os.getenv("DASHSCOPE_API_KEY"))',
    ),
    "a mapping or an empty one": (
        """
        BASE = os.getenv("OPENAI_BASE_URL", None)
        def make():
            key = os.environ["OPENAI_API_KEY"]
            return OpenAI(api_key=key, **({"base_url": BASE} if BASE else {}))
        """,
        f"BASE = {READ} def make(): key = {KEY} return OpenAI(api_key=key, "
        '**({"base_url": BASE} if BASE else {}))',
    ),
    "a subclass": (
        """
        class Mine(OpenAI):
            def __init__(self, url=None):
                super().__init__(api_key=os.environ["OPENAI_API_KEY"], base_url=url)
        def make():
            return Mine()
        """,
        f"super().__init__(api_key={KEY}, base_url=url or {READ})",
    ),
    "an instance's attributes": (
        """
        class Settings:
            def __init__(self, key=None, url=None):
                self.key = key or os.getenv("OPENAI_API_KEY")
                self.url = url or os.getenv("OPENAI_BASE_URL")
        def make():
            settings = Settings()
            return OpenAI(api_key=settings.key, base_url=settings.url)
        """,
        f"self.url = url or {READ}",
    ),
    "a key of its own under a test": (
        """
        def make(key=None):
            given = {"azure_endpoint": os.getenv("AZURE_OPENAI_ENDPOINT"), "api_version": "1"}
            if key:
                given["api_key"] = key
            return AzureOpenAI(**given)
        """,
        f'given = {{"api_key": os.getenv("DASHSCOPE_API_KEY")}} if key: given["api_key"] = key '
        f"return OpenAI(**given, base_url={READ})",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_of_constructions(name: str) -> None:
    code, expected = SHAPES[name]
    found = planned(
        "import os\nfrom openai import AzureOpenAI, OpenAI\n"
        + textwrap.dedent(code)
        + f"def ask(q):\n    client = make()\n    return {CALL}\n"
    )
    assert expected in squeezed(found)


def test_a_settings_field_that_may_be_empty_has_the_address_behind_it() -> None:
    found = planned(
        {
            "settings.py": """
            from pydantic_settings import BaseSettings
            class Settings(BaseSettings):
                openai_api_key: str | None = None
                openai_base_url: str | None = None
            settings = Settings()
            """,
            "app.py": f"""
            from openai import OpenAI
            from settings import settings
            def ask(q):
                client = OpenAI(api_key=settings.openai_api_key, base_url=settings.openai_base_url)
                return {CALL}
            """,
        }
    )
    assert "api_key=settings.dashscope_api_key" in found.after()
    assert f'base_url=settings.dashscope_base_url or "{URL}"' in squeezed(found)
    assert "key-from-elsewhere" not in found.codes()


def test_the_modules_address_that_is_handed_in_stays() -> None:
    code = "import openai\ndef ask(q, url):\n    openai.base_url = url\n"
    found = planned(code + f'    return openai.chat.completions.create(model="gpt-4o", {ASK})\n')
    assert f'openai.base_url = url or "{URL}/"' in found.after()


def test_an_address_that_an_upgraded_client_does_not_see_is_told() -> None:
    code = "import openai\ndef ask(q, url):\n    openai.api_base = url\n"
    found = planned(code + f'    return openai.ChatCompletion.create(model="gpt-4", {ASK})\n')
    assert found.item("address-dropped").line == 3


# -- several providers ----------------------------------------------------------------------------


def test_an_address_of_somebody_else_beside_the_default_is_told() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        def ask(q, url=None):
            client = OpenAI(base_url=url, api_key="k")
            return {CALL}
        def local(q):
            return ask(q, "http://localhost:8000/v1")
        """
    )
    assert found.plan.edits == ()
    item = found.item("client-elsewhere")
    assert "`http://localhost:8000/v1` (app.py:6)" in item.title


def test_an_address_in_a_test_holds_nothing() -> None:
    found = planned(
        {
            "app.py": "from openai import OpenAI\ndef ask(q, url=None):\n"
            f'    client = OpenAI(base_url=url, api_key="k")\n    return {CALL}\n',
            "tests/test_app.py": "from app import ask\ndef test_it():\n"
            '    assert ask("q", "http://localhost:8000/v1")\n',
        }
    )
    assert f"base_url=url or {READ}" in squeezed(found)


def test_an_address_that_waits_is_no_request_without_the_package() -> None:
    found = planned(
        """
        from openai import OpenAI
        BASE = "https://api.openai.com/v1"
        client = OpenAI(base_url=BASE)
        def guard(q):
            return client.moderations.create(input=q)
        """
    )
    assert items_of(found.decision("app.py", Kind.RAW_HTTP)) == ["address-waits"]


@pytest.mark.parametrize(
    "code",
    [
        'def is_known(url):\n    return "api.openai.com" in url\n',
        'KNOWN = {"api.openai.com", "api.example.com"}\n',
        'def is_openai(client):\n    return client.url == "https://api.openai.com/v1"\n',
    ],
)
def test_a_host_that_others_are_compared_with_is_told(code: str) -> None:
    found = planned(code)
    assert found.codes() == ["address-listed"]
    assert "dashscope.aliyuncs.com" in found.item("address-listed").action


# -- keys that belong together --------------------------------------------------------------------

GUARD = "moderations.create(input=q)"  # what the provider has nothing for


def test_one_slot_for_a_key_serves_one_provider() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        def check(key):
            return OpenAI(api_key=key).models.list()
        def guard(q, store):
            return OpenAI(api_key=store["key"]).{GUARD}
        """
    )
    assert found.plan.edits == ()
    assert "the key that is handed in" in found.item("call-waits").why


def test_keys_of_variables_are_each_their_own() -> None:
    found = planned(
        f"""
        import os
        from openai import OpenAI
        def check():
            return OpenAI(api_key=os.environ["OPENAI_API_KEY"]).models.list()
        def guard(q):
            return OpenAI(api_key=os.environ["OPENAI_API_KEY"]).{GUARD}
        """
    )
    assert isinstance(found.plan.decisions[1], Convert)
    assert f"api_key={KEY}" in found.after()


def test_a_store_that_two_clients_ask_holds_one_key() -> None:
    found = planned(
        f"""
        import os
        from openai import OpenAI
        def find(store, variable):
            return store.get("openai") or os.environ[variable]
        def embed(q, store):
            client = OpenAI(api_key=find(store, "OPENAI_API_KEY"))
            return client.embeddings.create(model="text-embedding-3-small", input=q)
        def guard(q, store):
            return OpenAI(api_key=find(store, "OPENAI_API_KEY")).{GUARD}
        """
    )
    assert found.plan.edits == ()
    assert "call-waits" in found.codes()


def test_a_key_of_a_request_that_is_handed_in_stays() -> None:
    found = planned(
        """
        import httpx
        def models(key):
            headers = {"Authorization": f"Bearer {key}"}
            return httpx.get("https://api.openai.com/v1/models", headers=headers).json()
        """
    )
    assert 'f"Bearer {key}"' in found.after()
    assert "key-from-elsewhere" in found.codes()


def test_a_dictionary_of_two_kinds_of_requests_stays() -> None:
    found = planned(
        """
        from openai import OpenAI
        client = OpenAI()
        def ask(q, chat):
            given = {"model": "gpt-4o", "seed": 1}
            if chat:
                given["messages"] = [{"role": "user", "content": q}]
                return client.chat.completions.create(**given)
            given["input"] = q
            given["max_output_tokens"] = 10
            return client.responses.create(**given)
        """
    )
    assert 'given["messages"]' in found.after()
    assert "arguments-shared" in found.codes()


def test_a_dictionary_that_another_provider_receives_stays() -> None:
    found = planned(
        """
        from openai import OpenAI
        OPTIONS = {"user": "desk", "stream": False}
        client = OpenAI()
        other = OpenAI(base_url="https://api.example.com/v1", api_key="k")
        def ask(q):
            return client.chat.completions.create(model="gpt-4o", messages=q, **OPTIONS)
        def another(q):
            return other.chat.completions.create(model="theirs", messages=q, **OPTIONS)
        """
    )
    assert '"user": "desk"' in found.after()
    assert "arguments-shared" in found.codes()


def test_a_package_that_imports_its_own_module_by_its_name_is_followed() -> None:
    found = planned(
        {
            "app/config/__init__.py": "from app.config import config\n",
            "app/config/config.py": "import toml\nsettings = toml.load('settings.toml')\n",
            "app/__init__.py": "",
            "app/main.py": f"""
            from openai import OpenAI
            from app.config import config
            def ask(q, local=False):
                key = "none" if local else config.settings.get("key")
                client = OpenAI(api_key=key)
                return {CALL}
            """,
        }
    )
    assert "api_key=key," in found.after("app/main.py")
    assert "key-from-elsewhere" in found.codes()


# -- what the openai module was told ---------------------------------------------------------------

TOLD = """
import os
import openai
openai.api_key = os.getenv("OPENAI_API_KEY")
{address}
client = openai.OpenAI(api_key=openai.api_key, base_url=openai.base_url)
client.models.list()
"""


@pytest.mark.parametrize(
    ("address", "now"),
    [
        ('openai.base_url = "https://api.openai.com/v1/"', f'openai.base_url = "{URL}/"'),
        (
            'openai.base_url = os.getenv("OPENAI_BASE_URL")',
            f'openai.base_url = os.getenv("DASHSCOPE_BASE_URL", "{URL}")',
        ),
    ],
)
def test_what_the_module_is_told_for_clients_moves_with_them(address: str, now: str) -> None:
    first = planned(TOLD.format(address=address))
    expected = TOLD.format(address=now).replace("OPENAI_API", "DASHSCOPE_API")
    assert ast.dump(ast.parse(first.after())) == ast.dump(ast.parse(expected))
    assert set(first.codes()) == {"get-a-key", "variable-renamed", "endpoint-partly"}
    again = planned(first.after())
    assert again.codes() == []
    assert again.plan.edits == ()


def test_what_the_module_may_not_be_told_is_read_behind_it() -> None:
    text = "import openai\nopenai.OpenAI(base_url=openai.base_url).models.list()\n"
    first = planned(text)
    assert 'base_url=openai.base_url\n    or os.getenv("DASHSCOPE_BASE_URL", ' in first.after()
    assert planned(first.after()).plan.edits == ()


def test_what_some_mapping_does_not_give_is_not_taken_for_given() -> None:
    code = (
        "import os, litellm\nclass Encoder:\n    def __init__(self, kind, base=None):\n"
        "        if kind == 'openai':\n"
        "            self.given = {'api_key': os.getenv('OPENAI_API_KEY')}\n"
        "        else:\n            self.given = {'api_key': os.getenv('AZURE_API_KEY'),"
        " 'api_base': base or os.getenv('AZURE_API_BASE')}\n"
        "    def ask(self, q):\n        return litellm.completion(model='gpt-4o', messages=q,"
        " **self.given)\n"
    )
    found = planned({"app.py": code})
    assert found.plan.edits == ()
    assert "client-arguments-unknown" in found.codes()


def test_a_second_client_of_azure_is_not_written_without_its_endpoint() -> None:
    code = (
        "from openai import AzureOpenAI\nclass Model:\n"
        "    def __init__(self, endpoint, key, version):\n"
        "        self.client = AzureOpenAI(azure_endpoint=endpoint, api_key=key,"
        " api_version=version)\n"
        "    def check(self, q):\n        return self.client.moderations.create(input=q)\n"
        "    def ask(self, q):\n"
        "        return self.client.chat.completions.create(model='gpt-4o', messages=q)\n"
    )
    found = planned({"app.py": code}).codes()
    assert "client-shared" in found
    assert "client-kept" not in found
