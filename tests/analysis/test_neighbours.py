"""What a file means by the name of a module beside it, and when a call sees what fills a dict."""

from __future__ import annotations

import pytest

from migrator.analysis.branches import Order, order
from migrator.analysis.resolver import Resolver
from migrator.analysis.sites import Kind, Site, Span
from tests.analysis.programs import sites_of

CLASS = """
from openai import OpenAI
class Provider:
    def __init__(self):
        self.client = OpenAI()
    def ask(self, model):
        return self.client.chat.completions.create(model=model, messages=[])
"""


def models_of(sites: list[Site]) -> set[tuple[str, str]]:
    return {(one.detail, one.certainty.value) for one in sites if one.kind is Kind.MODEL}


@pytest.mark.parametrize("imported", ["app.llm.openai", ".llm.openai"])
def test_a_module_called_openai_is_found_by_its_whole_name(imported: str) -> None:
    files = {
        "app/__init__.py": "",
        "app/llm/__init__.py": "",
        "app/llm/openai.py": CLASS,
        "app/main.py": f"from {imported} import Provider\nProvider().ask('gpt-4o')\n",
    }
    assert models_of(sites_of(files)) == {("gpt-4o", "proven")}


def test_a_script_in_a_package_finds_what_lies_beside_it() -> None:
    paths = ["app/__init__.py", "app/main.py", "app/config.py", "app/openai.py", "app/json.py"]
    found = Resolver(paths, reserved=frozenset({"openai"}))
    asked = ("config", "openai", "json", "main", "nothing")
    assert [found.absolute("app/main.py", one) for one in asked] == [
        "app/config", None, None, None, None,
    ]  # fmt: skip


def test_a_parameter_of_a_literal_type_may_be_each_of_its_models() -> None:
    files = {
        "names.py": 'from typing import Literal\nModel = Literal["gpt-4o", "gpt-4o-mini"]\n',
        "app.py": "from openai import OpenAI\nfrom names import Model\nclient = OpenAI()\n"
        "def ask(q, model: Model):\n"
        "    return client.chat.completions.create(model=model, messages=q)\n",
    }
    assert models_of(sites_of(files)) == {("gpt-4o", "proven"), ("gpt-4o-mini", "proven")}


PROGRAM = """
def f(a):
    d = {}
    if a:
        d["x"] = 1
        one(**d)
    else:
        d["y"] = 2
        if a > 1:
            d["z"] = 3
            return
        other(**d)
    d["w"] = 4
    for n in a:
        d["v"] = 5
        third(**d)
"""
NOTHING, PERHAPS, ALL, UNKNOWN = Order.NOTHING, Order.PERHAPS, Order.ALL, Order.UNKNOWN
SEEN = {
    "one(": (ALL, NOTHING, NOTHING, NOTHING, NOTHING),
    "other(": (NOTHING, ALL, NOTHING, NOTHING, NOTHING),
    "third(": (PERHAPS, PERHAPS, NOTHING, ALL, UNKNOWN),
}


def span_of(text: str) -> Span:
    line = PROGRAM[: PROGRAM.index(text)].count("\n") + 1
    return Span(line, 0, line, 1)


@pytest.mark.parametrize(("call", "expected"), SEEN.items(), ids=list(SEEN))
def test_a_call_sees_what_is_done_before_it(call: str, expected: tuple[Order, ...]) -> None:
    places = map(span_of, ('d["x"]', 'd["y"]', 'd["z"]', 'd["w"]', 'd["v"]'))
    made = span_of("d = {}")
    assert tuple(order(PROGRAM, one, span_of(call), made) for one in places) == expected


def test_a_construction_is_not_told_what_another_branch_puts_in() -> None:
    program = """
import os
from openai import AzureOpenAI, OpenAI
given = {}
if os.getenv("LOCAL_OPENAI_ENDPOINT"):
    given["api_key"] = "no-key-required"
    given["base_url"] = os.getenv("LOCAL_OPENAI_ENDPOINT")
    client = OpenAI(**given)
else:
    given["api_key"] = os.getenv("AZURE_OPENAI_KEY")
    client = AzureOpenAI(azure_endpoint=os.getenv("AZURE_OPENAI_ENDPOINT"), **given)
client.chat.completions.create(model="gpt-4o", messages=[])
"""
    (client,) = [one for one in sites_of(program) if one.kind is Kind.CLIENT]
    assert client.detail.endswith("AzureOpenAI")
    assert [one.name for one in client.facts.arguments] == ["azure_endpoint", "api_key"]
