"""Where clients send their requests: whatever could be OpenAI's is a site."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Certainty, ClientFacts, Destination, Kind, Site
from tests.analysis.programs import sites_of

OPENAI = Destination.OPENAI
VARIABLE = Destination.VARIABLE
UNKNOWN = Destination.UNKNOWN
AZURE = Destination.AZURE
FOREIGN = None  # no site


def client_of(base_url: str, *, key: str = "key", before: str = "", after: str = "") -> Site | None:
    body = "".join(f"    {line}\n" for line in before.splitlines())
    found = sites_of(
        "import os\nfrom openai import OpenAI\n"
        f"def make(key, told, url=None, flag=False):\n{body}"
        f"    return OpenAI(api_key={key}, base_url={base_url})\n{after}"
    )
    clients = [site for site in found if site.kind is Kind.CLIENT]
    return clients[0] if clients else None


DESTINATIONS = {
    "OpenAI's address": ('"https://api.openai.com/v1"', OPENAI),
    "OpenAI's variable": ('os.getenv("OPENAI_BASE_URL")', VARIABLE),
    "OpenAI's address or what is told": ('told or "https://api.openai.com/v1"', VARIABLE),
    "None by default": ("url", VARIABLE),
    "told": ("told", UNKNOWN),
    "told by a neutral variable": ('os.environ["LLM_URL"]', UNKNOWN),
    "a neutral variable or OpenAI": (
        'os.getenv("TEXT_URL", "https://api.openai.com/v1")',
        VARIABLE,
    ),
    "somebody's address": ('"https://api.example.com/v1"', FOREIGN),
    "somebody's address unless told": ('told or "https://api.example.com/v1"', FOREIGN),
    "a variable with somebody's address": (
        'os.getenv("OPENAI_BASE_URL", "http://localhost:1/v1")',
        FOREIGN,
    ),
    "somebody's variable": ('os.environ["DEEPSEEK_BASE_URL"]', FOREIGN),
    "somebody's host in a longer address": ('f"https://{told}.example.com/v1"', FOREIGN),
    "any host in a longer address": ('f"https://{told}/v1"', UNKNOWN),
    "Azure's host in a longer address": ('f"https://{told}.openai.azure.com/openai/v1/"', AZURE),
    "an address that ends as Azure's": ('f"{told}/openai/v1/"', AZURE),
    "an address that ends as anybody's": ('f"{told}/v1"', UNKNOWN),
    "OpenAI's host in a longer address": ('"https://api.openai.com" + "/v1"', OPENAI),
    "OpenAI's variable in a longer address": ('os.environ["OPENAI_HOST"] + "/v1"', VARIABLE),
}


@pytest.mark.parametrize("name", DESTINATIONS)
def test_destinations(name: str) -> None:
    base_url, expected = DESTINATIONS[name]
    site = client_of(base_url)
    if expected is FOREIGN:
        assert site is None
        return
    assert site is not None
    assert isinstance(site.facts, ClientFacts)
    assert site.facts.destination is expected
    assert (site.certainty is Certainty.LIKELY) is (expected is UNKNOWN)


def test_a_branch_to_somebody_else_does_not_hide_a_client() -> None:
    site = client_of("told", before='if flag:\n    told = "https://api.example.com/v1"\n')
    assert site is not None
    assert site.certainty is Certainty.LIKELY


def test_what_others_hand_in_beside_a_variable_of_openai_does_not_hide_its_client() -> None:
    found = sites_of(
        """
        import os
        from openai import OpenAI
        class Model:
            def __init__(self, key=None, url=None):
                match key:
                    case _:
                        self.client = OpenAI(api_key=key, base_url=url)
        def ours(url=None):
            return Model(os.getenv("OPENAI_API_KEY"), os.getenv("OPENAI_BASE_URL", url))
        def theirs(url=None):
            return Model(os.getenv("ACME_API_KEY"), url or "https://api.example.com/v1")
        """
    )
    [site] = [one for one in found if one.kind is Kind.CLIENT]
    assert isinstance(site.facts, ClientFacts)
    assert site.facts.destination is VARIABLE
    assert [one.value for one in site.facts.others] == ["https://api.example.com/v1"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("", OPENAI),
        ('openai.base_url = "https://api.openai.com/v1/"', OPENAI),
        ('openai.base_url = os.getenv("OPENAI_BASE_URL")', VARIABLE),
        ('openai.base_url = os.getenv("ACME_URL", "https://api.example.com/v1")', FOREIGN),
        ('if os.getenv("ACME"):\n    openai.base_url = "https://api.example.com/v1"', VARIABLE),
    ],
)
def test_the_address_of_the_module_is_what_it_was_told(
    told: str, expected: Destination | None
) -> None:
    made = "openai.OpenAI(base_url=openai.base_url)"
    found = sites_of(f"import os\nimport openai\n{told}\nclient = {made}\n")
    clients = [one.facts for one in found if isinstance(one.facts, ClientFacts)]
    assert [one.destination for one in clients] == ([] if expected is FOREIGN else [expected])


def test_a_key_of_somebody_else_tells_whose_an_unknown_address_is() -> None:
    assert client_of("told", key='os.environ["GROQ_API_KEY"]') is None


def test_a_statement_under_a_test_leaves_the_default() -> None:
    found = sites_of(
        """
        from openai import OpenAI
        def make(options):
            given = {}
            if options.get("local"):
                given["base_url"] = "http://localhost:1/v1"
            return OpenAI(**given)
        """
    )
    [site] = [one for one in found if one.kind is Kind.CLIENT]
    assert isinstance(site.facts, ClientFacts)
    assert site.facts.destination is VARIABLE
    assert [one.value for one in site.facts.others] == ["http://localhost:1/v1"]


def test_an_f_string_that_goes_on_with_itself_ends() -> None:
    assert client_of("told", before='told = told.strip("/") + "/v1"\n') is not None


# -- what a choice may give -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base_url", "empty"),
    [
        ("url", True),
        ("url or told", False),
        ("url if url else told", False),
        ("url if url is not None else told", False),
        ("told if flag else url", True),
        ("told and url", True),
    ],
)
def test_what_is_false_does_not_come_out_of_a_choice(base_url: str, empty: bool) -> None:
    site = client_of(base_url, key='os.environ["OPENAI_API_KEY"]')
    assert site is not None
    assert isinstance(site.facts, ClientFacts)
    [argument] = [one for one in site.facts.arguments if one.name == "base_url"]
    assert argument.sources is not None
    assert argument.sources.empty is empty


# -- words to choose by ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        'HOST = os.getenv("OPENAI_CHAT_HOST", "azure")',
        'OPENAI_HOST = os.environ["OPENAI_HOST"]\nif OPENAI_HOST == "azure":\n    pass',
    ],
)
def test_a_word_to_choose_by_is_no_address(code: str) -> None:
    assert not [one for one in sites_of(f"import os\n{code}\n") if one.kind is Kind.ENV_KEY]


@pytest.mark.parametrize("value", ["https://x.example.com", "x.example.com", "localhost"])
def test_a_host_is_an_address(value: str) -> None:
    code = f'import os\nHOST = os.getenv("OPENAI_CHAT_HOST", "{value}")\n'
    assert [one.detail for one in sites_of(code) if one.kind is Kind.ENV_KEY] == [
        "OPENAI_CHAT_HOST"
    ]
