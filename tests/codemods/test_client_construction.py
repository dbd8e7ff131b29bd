"""Pointing clients at the provider."""

from dataclasses import replace

import pytest

from migrator.edits import ClientConstruction, ReplaceString
from tests.codemods.rewriting import KEY, PROVIDER, URL, At, refusals, rewritten

AZURE = replace(
    PROVIDER, class_path="openai.OpenAI", drop=("azure_endpoint", "api_version", "organization")
)
HEAD = "import os\n\nfrom openai import OpenAI\n\n"
AZURE_HEAD = "import os\n\nfrom openai import AzureOpenAI\n\n"

FORMS = {
    "no arguments, one line": (
        "OpenAI()",
        PROVIDER,
        f"OpenAI(api_key={KEY}, base_url={URL})",
    ),
    "a key that stands there keeps its place": (
        'OpenAI(timeout=3, api_key="sk-test", max_retries=1)',
        replace(PROVIDER, base_url_variable=None, base_url_default=None),
        f"OpenAI(timeout=3, api_key={KEY}, max_retries=1)",
    ),
    "a key that is left alone": (
        "OpenAI(api_key=key)",
        ClientConstruction(base_url_default="https://api.example.com/v1"),
        'OpenAI(api_key=key, base_url="https://api.example.com/v1")',
    ),
    "a settings object in place of the environment": (
        "OpenAI(api_key=settings.openai_key)",
        ClientConstruction(key_source="settings.key", base_url_source="settings.url"),
        "OpenAI(api_key=settings.key, base_url=settings.url)",
    ),
    "a URL variable without a default is required": (
        "OpenAI()",
        ClientConstruction(base_url_variable="SOME_API_KEY"),
        f"OpenAI(base_url={KEY})",
    ),
    "several lines with a trailing comma": (
        "OpenAI(\n    timeout=3,  # seconds\n)",
        PROVIDER,
        f"OpenAI(\n    timeout=3,  # seconds\n    api_key={KEY},\n    base_url={URL},\n)",
    ),
    "several lines without a trailing comma": (
        "OpenAI(\n    timeout=3  # seconds\n)",
        PROVIDER,
        f"OpenAI(\n    timeout=3,  # seconds\n    api_key={KEY},\n    base_url={URL}\n)",
    ),
    "comments between arguments": (
        "OpenAI(\n    # the key\n    api_key=k,\n    # patience\n    timeout=3,\n)",
        PROVIDER,
        f"OpenAI(\n    # the key\n    api_key={KEY},\n    # patience\n    timeout=3,\n"
        f"    base_url={URL},\n)",
    ),
    "commented-out arguments only": (
        "OpenAI(\n    # timeout=3,\n)",
        ClientConstruction(key_variable="SOME_API_KEY"),
        f"OpenAI(\n    # timeout=3,\n    api_key={KEY},\n)",
    ),
    "blanks around the equals sign": (
        "OpenAI(timeout = 3)",
        ClientConstruction(key_variable="SOME_API_KEY"),
        f"OpenAI(timeout = 3, api_key = {KEY})",
    ),
    "keywords from a mapping": (
        "OpenAI(**options)",
        PROVIDER,
        f"OpenAI(**options, api_key={KEY}, base_url={URL})",
    ),
    "a dropped argument gives its place to a new one": (
        "OpenAI(organization=org, timeout=3)",
        replace(PROVIDER, drop=("organization",), base_url_variable=None, base_url_default=None),
        f"OpenAI(api_key={KEY}, timeout=3)",
    ),
    "arguments to drop that are not there": (
        "OpenAI(api_key=k)",
        replace(PROVIDER, drop=("organization", "project")),
        f"OpenAI(api_key={KEY}, base_url={URL})",
    ),
    "a super call": (
        "super().__init__(timeout=3)",
        PROVIDER,
        f"super().__init__(timeout=3, api_key={KEY}, base_url={URL})",
    ),
    "a partial": (
        "partial(OpenAI, timeout=3)",
        replace(PROVIDER, base_url_variable=None, base_url_default=None),
        f"partial(OpenAI, timeout=3, api_key={KEY})",
    ),
    "an endpoint that goes gives its place to the base URL": (
        "OpenAI(api_version=v, api_key=k, azure_endpoint=e, timeout=3)",
        replace(AZURE, class_path=None),
        f"OpenAI(api_key={KEY}, base_url={URL}, timeout=3)",
    ),
    "one place that goes takes both, in their order": (
        "OpenAI(timeout=3, azure_endpoint=e, max_retries=1)",
        replace(AZURE, class_path=None),
        f"OpenAI(timeout=3, api_key={KEY}, base_url={URL}, max_retries=1)",
    ),
    "a token that goes gives its place to the key": (
        "OpenAI(azure_endpoint=e, azure_ad_token=t)",
        replace(AZURE, class_path=None, drop=("azure_ad_token", "azure_endpoint")),
        f"OpenAI(api_key={KEY}, base_url={URL})",
    ),
    "a dict display": (
        '{"timeout": 3}',
        PROVIDER,
        f'{{"timeout": 3, "api_key": {KEY}, "base_url": {URL}}}',
    ),
    "a dict call": (
        "dict(timeout=3)",
        PROVIDER,
        f"dict(timeout=3, api_key={KEY}, base_url={URL})",
    ),
    "an empty dict display": (
        "{}",
        ClientConstruction(key_variable="SOME_API_KEY"),
        f'{{"api_key": {KEY}}}',
    ),
}


@pytest.mark.parametrize(("code", "instruction", "expected"), FORMS.values(), ids=list(FORMS))
def test_a_construction(code: str, instruction: ClientConstruction, expected: str) -> None:
    tail = f"\nOpenAI\nsettle({'a' * 70}, {'b' * 70})\n"  # the file has long lines
    before = f"{HEAD}x = {code}{tail}"
    assert rewritten(before, At(code, instruction)) == f"{HEAD}x = {expected}{tail}"


BROKEN = {
    "one argument a line where they do not fit together": (
        "client = OpenAI()\n",
        f"client = OpenAI(\n    api_key={KEY},\n    base_url={URL},\n)\n",
    ),
    "in a function, with a comment behind": (
        "def f():\n\treturn OpenAI()  # ready\n",
        f"def f():\n\treturn OpenAI(\n\t\tapi_key={KEY},\n\t\tbase_url={URL},\n\t)  # ready\n",
    ),
    "the call around is broken first": (
        "client = wrap(OpenAI())\n",
        f"client = wrap(\n    OpenAI(\n        api_key={KEY},\n        base_url={URL},\n    )\n)\n",
    ),
    "the construction is broken before what is called on it": (
        "x = OpenAI().models.list()\n",
        f"x = OpenAI(\n    api_key={KEY},\n    base_url={URL},\n).models.list()\n",
    ),
    "a list around is broken too": (
        "clients = [OpenAI(), None]\n",
        f"clients = [\n    OpenAI(\n        api_key={KEY},\n        base_url={URL},\n    ),\n"
        "    None,\n]\n",
    ),
    "CRLF line endings": (
        "client = OpenAI()\r\n",
        f"client = OpenAI(\r\n    api_key={KEY},\r\n    base_url={URL},\r\n)\r\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), BROKEN.values(), ids=list(BROKEN))
def test_a_line_that_gets_too_long(before: str, after: str) -> None:
    url = "https://api.example.com/a-rather-long/path/v1"
    instruction = replace(PROVIDER, base_url_default=url)
    head = HEAD.replace("\n", "\r\n") if "\r\n" in before else HEAD
    expected = head + after.replace("https://api.example.com/v1", url)
    assert rewritten(head + before, At("OpenAI()", instruction)) == expected


AZURES = {
    "the class is renamed where it is imported": (
        f"{AZURE_HEAD}c = AzureOpenAI(azure_endpoint=e, api_version=v)\n",
        "AzureOpenAI(azure_endpoint=e, api_version=v)",
        f"{HEAD}c = OpenAI(api_key={KEY}, base_url={URL})\n",
    ),
    "an alias keeps its name": (
        "import os\n\nfrom openai import AzureOpenAI as Client\n\nc = Client(timeout=3)\n",
        "Client(timeout=3)",
        "import os\n\nfrom openai import OpenAI as Client\n\n"
        f"c = Client(timeout=3, api_key={KEY}, base_url={URL})\n",
    ),
    "a class that is still used stays imported": (
        f"{AZURE_HEAD}c = AzureOpenAI()\nd = AzureOpenAI\n",
        "AzureOpenAI()",
        "import os\n\nfrom openai import AzureOpenAI, OpenAI\n\n"
        f"c = OpenAI(api_key={KEY}, base_url={URL})\nd = AzureOpenAI\n",
    ),
    "a class that is imported already": (
        "import os\n\nfrom openai import AzureOpenAI, OpenAI\n\nc = AzureOpenAI()\nd = OpenAI\n",
        "AzureOpenAI()",
        f"{HEAD}c = OpenAI(api_key={KEY}, base_url={URL})\nd = OpenAI\n",
    ),
    "an attribute of the module": (
        "import os\n\nimport openai\n\nc = openai.AzureOpenAI()\n",
        "openai.AzureOpenAI()",
        f"import os\n\nimport openai\n\nc = openai.OpenAI(api_key={KEY}, base_url={URL})\n",
    ),
    "an import inside the function": (
        "import os\n\n\ndef f():\n    from openai import AzureOpenAI\n    return AzureOpenAI()\n",
        "AzureOpenAI()",
        "import os\n\n\ndef f():\n    from openai import OpenAI\n"
        f"    return OpenAI(api_key={KEY}, base_url={URL})\n",
    ),
    "a partial by another name": (
        "import os\nfrom functools import partial as made\n\nfrom openai import AzureOpenAI\n\n"
        "c = made(AzureOpenAI, timeout=3)\n",
        "made(AzureOpenAI, timeout=3)",
        "import os\nfrom functools import partial as made\n\nfrom openai import OpenAI\n\n"
        f"c = made(OpenAI, timeout=3, api_key={KEY}, base_url={URL})\n",
    ),
    "a subclass stays itself": (
        f"{AZURE_HEAD}class Mine(AzureOpenAI): ...\n\n\nc = Mine(azure_endpoint=e)\n",
        "Mine(azure_endpoint=e)",
        f"{AZURE_HEAD}class Mine(AzureOpenAI): ...\n\n\nc = Mine(api_key={KEY}, base_url={URL})\n",
    ),
    "a class of a private module": (
        "import os\n\nfrom openai._client import OpenAI\n\nc = OpenAI()\n",
        "OpenAI()",
        "import os\n\nfrom openai._client import OpenAI\n\n"
        f"c = OpenAI(api_key={KEY}, base_url={URL})\n",
    ),
    "a partial of the class": (
        "import os\nfrom functools import partial\n\nfrom openai import AzureOpenAI\n\n"
        "c = partial(AzureOpenAI, timeout=3)\n",
        "partial(AzureOpenAI, timeout=3)",
        "import os\nfrom functools import partial\n\nfrom openai import OpenAI\n\n"
        f"c = partial(OpenAI, timeout=3, api_key={KEY}, base_url={URL})\n",
    ),
}


@pytest.mark.parametrize(("before", "code", "after"), AZURES.values(), ids=list(AZURES))
def test_a_class_that_becomes_another(before: str, code: str, after: str) -> None:
    instruction = replace(AZURE, key_variable="K", base_url_variable="U", base_url_default="u")
    expected = after.replace(URL, 'os.getenv("U", "u")').replace("SOME_API_KEY", "K")
    assert rewritten(before, At(code, instruction)) == expected


READING = {
    "os is imported": ("import os\n", KEY, 'os.getenv("U", "u")'),
    "os has another name": ("import os as o\n", 'o.environ["SOME_API_KEY"]', 'o.getenv("U", "u")'),
    "environ is imported by name": (
        "from os import environ\n",
        'environ["SOME_API_KEY"]',
        'environ.get("U", "u")',
    ),
    "both are imported by name": (
        "from os import environ, getenv\n",
        'environ["SOME_API_KEY"]',
        'getenv("U", "u")',
    ),
    "the file reads its variables with get": (
        'import os\n\nq = os.environ.get("Q")\n',
        KEY,
        'os.environ.get("U", "u")',
    ),
}


@pytest.mark.parametrize(("head", "key", "url"), READING.values(), ids=list(READING))
def test_the_environment_is_read_in_the_manner_of_the_file(head: str, key: str, url: str) -> None:
    instruction = ClientConstruction(
        key_variable="SOME_API_KEY", base_url_variable="U", base_url_default="u"
    )
    before = f"{head}from openai import OpenAI\n\nc = OpenAI()\n"
    after = f"{head}from openai import OpenAI\n\nc = OpenAI(api_key={key}, base_url={url})\n"
    assert rewritten(before, At("OpenAI()", instruction)) == after


UNBOUND = {
    "where the file is a program": "if __name__ == '__main__':\n    import os\n",
    "on a condition": "if x:\n    import os\n",
    "in a class": "class A:\n    import os\n",
    "in another function": "def g():\n    import os\n",
}


@pytest.mark.parametrize("tail", UNBOUND.values(), ids=list(UNBOUND))
def test_an_import_that_may_not_run_is_not_relied_on(tail: str) -> None:
    before = f"from openai import OpenAI\n\n\ndef f():\n    return OpenAI()\n\n\n{tail}"
    after = rewritten(before, At("OpenAI()", ClientConstruction(key_variable="SOME_API_KEY")))
    assert after.startswith("import os\n\nfrom openai import OpenAI\n")


def test_what_is_imported_for_the_type_checker_alone_is_not_relied_on() -> None:
    block = "if TYPE_CHECKING:\n    import os\nelse:\n    import sys\n"
    before = f"from typing import TYPE_CHECKING\n\n{block}\nc = OpenAI()\n"
    instruction = ClientConstruction(key_variable="SOME_API_KEY")
    assert rewritten(before, At("OpenAI()", instruction)).startswith("import os\nfrom typing")
    swapped = before.replace("os", "sys_").replace("sys\n", "os\n").replace("sys_", "sys")
    assert not rewritten(swapped, At("OpenAI()", instruction)).startswith("import os")


def test_getenv_imported_by_name_is_joined_by_environ() -> None:
    before = "from os import getenv\n\nfrom openai import OpenAI\n\nc = OpenAI(getenv('X'))\n"
    after = rewritten(before, At("OpenAI(getenv('X'))", ClientConstruction(key_variable="K")))
    assert after.startswith("from os import environ, getenv\n")
    assert "api_key=environ['K']" in after


def test_single_quotes_stay_single_quotes() -> None:
    before = "import os\n\nfrom openai import OpenAI\n\nc = OpenAI(timeout=f('x'))\n"
    after = rewritten(before, At("OpenAI(timeout=f('x'))", ClientConstruction(key_variable="K")))
    assert "api_key=os.environ['K']" in after


def test_a_default_factory_becomes_a_lambda() -> None:
    before = f"{HEAD}c = field(default_factory=OpenAI)\n"
    after = rewritten(before, At("OpenAI", ClientConstruction(key_variable="SOME_API_KEY"), 1))
    assert after == f"{HEAD}c = field(default_factory=lambda: OpenAI(api_key={KEY}))\n"


def test_a_class_that_is_handed_on_becomes_a_partial() -> None:
    before = f"{HEAD}c = Depends(OpenAI)\n"
    after = rewritten(before, At("OpenAI", ClientConstruction(key_variable="SOME_API_KEY"), 1))
    assert after == (
        "import functools\nimport os\n\nfrom openai import OpenAI\n\n"
        f"c = Depends(functools.partial(OpenAI, api_key={KEY}))\n"
    )


def test_in_an_f_string_the_other_quotes_are_used() -> None:
    before = f'{HEAD}x = f"{{OpenAI()}}"\n'
    after = rewritten(before, At("OpenAI()", ClientConstruction(key_variable="K")))
    assert after == f"{HEAD}x = f\"{{OpenAI(api_key=os.environ['K'])}}\"\n"


def test_a_string_in_a_value_that_is_replaced_is_absorbed() -> None:
    before = f'{HEAD}c = OpenAI(api_key=os.environ["OLD"])\n'
    after = rewritten(
        before,
        At('"OLD"', ReplaceString("NEW")),
        At('OpenAI(api_key=os.environ["OLD"])', ClientConstruction(key_variable="NEW")),
    )
    assert after == f'{HEAD}c = OpenAI(api_key=os.environ["NEW"])\n'


def test_a_name_that_means_something_else_is_refused() -> None:
    before = "from openai import OpenAI\n\nos = environ = 1\nc = OpenAI()\n"
    told = ["the name environ means something else here"]
    assert refusals(before, At("OpenAI()", PROVIDER)) == told


def test_a_taken_module_name_is_gone_round() -> None:
    before = "from openai import OpenAI\n\nos = 1\nc = OpenAI()\n"
    after = rewritten(before, At("OpenAI()", PROVIDER))
    assert after.startswith("from os import environ, getenv\n")
    assert 'api_key=environ["' in after and 'base_url=getenv("' in after


def test_the_class_alone_within_its_call_is_refused() -> None:
    before = "from openai import OpenAI\n\nc = OpenAI()\n"
    [reason] = refusals(before, At("OpenAI", PROVIDER, 1))
    assert "the class alone" in reason
