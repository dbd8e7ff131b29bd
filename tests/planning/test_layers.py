"""Clients behind a drop-in module or a wrapper: what that takes for itself, and what it sends."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import CallFacts, Kind
from migrator.sdks import COMPATIBLE, SDK
from tests.planning.builders import ASK, Planned, planned

LAYERS = {
    "a drop-in class": (
        "from langfuse.openai import OpenAI\nclient = OpenAI()",
        'client.chat.completions.create(name="a", metadata={"tags": ["b"]}, langfuse_prompt=q',
    ),
    "a drop-in module": (
        "from langfuse.openai import openai",
        'openai.chat.completions.create(name="a", metadata={"tags": ["b"]}',
    ),
    "a drop-in module's class": (
        "from langfuse.openai import openai\nclient = openai.OpenAI()",
        'client.chat.completions.create(session_id="a", metadata={"tags": ["b"]}',
    ),
    "a subclass of the package's": (
        "from posthog.ai.openai import OpenAI\nclient = OpenAI(posthog_client=None)",
        'client.chat.completions.create(posthog_distinct_id="a"',
    ),
    "a wrapper": (
        "from langsmith.wrappers import wrap_openai\nfrom openai import OpenAI\n"
        "client = wrap_openai(OpenAI())",
        'client.chat.completions.create(langsmith_extra={"metadata": {}}',
    ),
    "a client that is patched in place": (
        "import instructor\nfrom openai import OpenAI\nclient = OpenAI()\ninstructor.patch(client)",
        "client.chat.completions.create(response_model=int, max_retries=2",
    ),
    "the module that is patched": (
        "import instructor\nimport openai\ninstructor.patch()",
        "openai.chat.completions.create(response_model=int, max_retries=2",
    ),
    "a wrapper's own method": (
        "import instructor\nfrom openai import OpenAI\nclient = instructor.from_openai(OpenAI())",
        "client.create_iterable(response_model=int",
    ),
    "a wrapper's method below another": (
        "import instructor\nfrom openai import OpenAI\nclient = instructor.from_openai(OpenAI())",
        "client.chat.completions.create_partial(response_model=int",
    ),
}


def layered(head: str, call: str, mode: str = COMPATIBLE) -> Planned:
    return planned(f'{head}\ndef ask(q):\n    return {call}, model="gpt-4o", {ASK})\n', mode=mode)


@pytest.mark.parametrize(("head", "call"), LAYERS.values(), ids=list(LAYERS))
def test_what_a_layer_keeps_for_itself_stays(head: str, call: str) -> None:
    found = layered(head, call)
    assert found.codes() == ["get-a-key"]
    after = found.after()
    assert call in after.replace("\n        ", " ").replace("( ", "(").replace(",\n", ", ")
    assert 'model="qwen3.7-plus"' in after


def test_a_parameter_of_openai_is_none_of_the_layers() -> None:
    head = "from langsmith.wrappers import wrap_openai\nfrom openai import OpenAI\n"
    found = layered(
        f"{head}client = wrap_openai(OpenAI())", "client.chat.completions.create(store=1"
    )
    assert "store" not in found.after()
    assert "parameter-dropped" in found.codes()


def test_what_is_read_into_a_class_asks_for_tools() -> None:
    found = layered(*LAYERS["a wrapper's own method"])
    (site,) = (one.site for one in found.plan.decisions if one.site.kind is Kind.CALL)
    assert isinstance(site.facts, CallFacts)
    assert "tools" in site.facts.features
    assert site.detail == "chat.completions.create"


@pytest.mark.parametrize("name", ["a drop-in class", "a wrapper", "a wrapper's own method"])
def test_a_client_behind_a_layer_stays_with_the_openai_package(name: str) -> None:
    found = layered(*LAYERS[name], mode=SDK)
    assert "wants the openai package's" in found.item("sdk-not-carried").why
    assert "dashscope import" not in found.after()


@pytest.mark.parametrize(("target", "told"), [("zhipu", True), ("bailian", False)])
def test_a_tool_that_a_wrapper_asks_for_by_its_name_is_told_of(target: str, told: bool) -> None:
    head, call = LAYERS["a wrapper's own method"]
    code = f'{head}\ndef ask(q):\n    return {call}, model="gpt-4o", {ASK})\n'
    assert ("tool-forced" in planned(code, target=target).codes()) is told
