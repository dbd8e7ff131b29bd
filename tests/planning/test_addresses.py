"""What the parts of a URL become, so that the whole is the provider's."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import AddressPart, Literal, Span, VariableRead
from migrator.planning.addresses import becomes
from tests.planning.builders import planned

BASE = "https://dashscope.aliyuncs.com/compatible-mode/v1"
SPAN = Span(1, 0, 1, 1)


def part(text: str, joined: str = "text") -> AddressPart:
    return AddressPart(text, Literal("app.py", SPAN, text), None, joined)


def new_texts(*parts: AddressPart, base: str = BASE) -> dict[str, str] | None:
    found = becomes(parts, base)
    return None if found is None else {literal.value: text for literal, text in found.items()}


MOVED = {
    "the whole URL": (
        [part("https://api.openai.com/v1/chat/completions")],
        {"https://api.openai.com/v1/chat/completions": f"{BASE}/chat/completions"},
    ),
    "a base URL and a path": (
        [part("https://api.openai.com/v1"), part("/embeddings")],
        {"https://api.openai.com/v1": BASE},
    ),
    "a base URL that ends in a slash": (
        [part("https://api.openai.com/v1/"), part("embeddings")],
        {"https://api.openai.com/v1/": f"{BASE}/"},
    ),
    "a host and a path": (
        [part("https://api.openai.com"), part("/v1/models")],
        {"https://api.openai.com": BASE.removesuffix("/v1")},
    ),
    "a scheme, a host and a path": (
        [part("https://"), part("api.openai.com"), part("/v1/models")],
        {"api.openai.com": BASE.removeprefix("https://").removesuffix("/v1")},
    ),
    "a host, and a path that is joined to it": (
        [part("https://api.openai.com/"), part("v1/models", "urljoin")],
        {"https://api.openai.com/": f"{BASE.removesuffix('v1')}"},
    ),
    "a client's base URL": (
        [part("https://api.openai.com/v1"), part("/models", "base")],
        {"https://api.openai.com/v1": BASE},
    ),
    "a connection to the host": (
        [part("api.openai.com"), part("/v1/models", "path")],
        {
            "api.openai.com": "dashscope.aliyuncs.com",
            "/v1/models": "/compatible-mode/v1/models",
        },
    ),
    "a path from the root that is joined to the host": (
        [part("https://api.openai.com"), part("/v1/models", "urljoin")],
        {
            "https://api.openai.com": "https://dashscope.aliyuncs.com",
            "/v1/models": "/compatible-mode/v1/models",
        },
    ),
    "a path from the root that is joined to a base URL": (
        [part("https://api.openai.com/v1/"), part("/v1/models", "urljoin")],
        {"https://api.openai.com/v1/": f"{BASE}/", "/v1/models": "/compatible-mode/v1/models"},
    ),
    "a query": (
        [part("https://api.openai.com/v1/files?purpose=batch")],
        {"https://api.openai.com/v1/files?purpose=batch": f"{BASE}/files?purpose=batch"},
    ),
    "a host of a region": (
        [part("https://eu.api.openai.com/v1/models")],
        {"https://eu.api.openai.com/v1/models": f"{BASE}/models"},
    ),
}


@pytest.mark.parametrize(("parts", "texts"), MOVED.values(), ids=list(MOVED))
def test_the_parts_make_the_providers_address(
    parts: list[AddressPart], texts: dict[str, str]
) -> None:
    assert new_texts(*parts) == texts


def test_a_variable_holds_the_whole_base_url() -> None:
    read = AddressPart("https://api.openai.com/v1", None, VariableRead("OPENAI_BASE_URL", "x"))
    assert new_texts(read, part("/models")) == {}


STUCK = {
    "the version stands by itself": [
        part("https://api.openai.com/"),
        part("v1", "urljoin"),
        part("/models", "urljoin"),
    ],
    "the host is not known": [part("*"), part("/v1/models")],
    "the version is not known": [part("https://api.openai.com/"), part("*"), part("/models")],
    "another host": [part("https://api.example.com/v1/models")],
    "another path": [part("https://api.openai.com/dashboard/billing")],
}


@pytest.mark.parametrize("parts", STUCK.values(), ids=list(STUCK))
def test_what_cannot_be_changed_part_by_part_is_not_changed(parts: list[AddressPart]) -> None:
    assert new_texts(*parts) is None


def test_a_version_that_differs_needs_one_literal_that_holds_it() -> None:
    other = "https://api.example.com/paas/v4"
    whole = part("https://api.openai.com/v1/models")
    assert new_texts(whole, base=other) == {whole.text: f"{other}/models"}
    assert new_texts(part("https://api.openai.com"), part("/v1/models"), base=other) is None


def test_an_address_of_which_nobody_is_known_to_ask_is_no_request() -> None:
    found = planned('import openai\nBASE = "https://api.openai.com/v1"\n')
    assert BASE in found.item("address-untraced").action
    assert "raw-http" not in found.codes()


def test_an_address_of_a_setting_that_stays_waits_for_it() -> None:
    found = planned(
        """
        import os, openai
        openai.api_base = os.getenv("OPENAI_API_BASE", "https://api.openai.com/v1")
        openai.Completion.create(model="text-davinci-003", prompt="x", echo=True)
        """,
        legacy="upgrade",
    )
    assert "`api_base`" in found.item("address-waits").why
    assert not {"raw-http", "address-untraced"} & set(found.codes())
