"""What Ark and Hunyuan are strict about: refused as it was, accepted once it is planned."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.analysis.sites import Kind
from migrator.edits import AdapterCall
from tests.planning.builders import Checklist, Planned, chat, embed, items_of, planned

OFF = '"thinking": {"type": "disabled"}'


def codes(found: Planned, path: str = "app.py", detail: str = "") -> list[str]:
    return items_of(found.decision(path, Kind.CALL, detail))


def flat(found: Planned) -> str:
    """The text once it is planned: on one line, and in one kind of quotes."""
    return " ".join(found.after().split()).replace("'", '"')


def draw(arguments: str, rest: str = ".data[0].url") -> str:
    return (
        "from openai import OpenAI\nclient = OpenAI()\ndef draw(q, size):\n"
        f'    return client.images.generate(model="dall-e-3", prompt=q{arguments}){rest}\n'
    )


# -- chat -----------------------------------------------------------------------------------------

ARK: dict[str, tuple[str, str, str, list[str]]] = {
    "a tier of OpenAI's": ("service_tier='priority'", "service_tier", "", ["parameter-dropped"]),
    "a tier of both": ("service_tier='flex'", "", "service_tier='flex'", []),
    "a tier of run time": ("service_tier=q", "", "service_tier=q", ["parameter-range"]),
    "a seed": ("seed=1", "seed", "", ["parameter-dropped"]),
    "a user": ("user='u'", "", "user='u'", []),
    "several answers": ("n=3", "", "n=3", []),
    "too many answers": ("n=6", "", "n=6", ["value-refused"]),
    "a forced tool": (
        "tools=q, tool_choice={'type': 'function', 'function': {'name': 'a'}}",
        "parallel_tool_calls",
        "'name': 'a'",
        [],
    ),
    "a search": ("web_search_options={}", "", "web_search_options={}", ["parameter-refused"]),
    "a search that is not asked for": ("web_search_options=None", "web_search_options", "", []),
}


@pytest.mark.parametrize(("arguments", "gone", "kept", "told"), ARK.values(), ids=list(ARK))
def test_parameters_of_ark(arguments: str, gone: str, kept: str, told: list[str]) -> None:
    found = planned(chat(arguments), target="ark")
    after = flat(found)
    assert OFF in after
    assert not gone or f" {gone}=" not in after
    assert kept.replace("'", '"') in after
    assert codes(found) == told


def test_json_needs_no_word_where_nobody_asks_for_it() -> None:
    text = chat('response_format={"type": "json_object"}').replace('"content": q', '"content": "a"')
    assert "Answer in JSON" not in planned(text, target="ark").after()
    assert "Answer in JSON" in planned(text).after()


@pytest.mark.parametrize(
    ("old", "effort", "after"),
    [
        ("gpt-5", "minimal", 'reasoning_effort="minimal"'),
        ("o3", "high", 'reasoning_effort="high"'),
        ("o4-mini", "low", 'reasoning_effort="low"'),
    ],
)
def test_an_effort_goes_on_and_thinking_is_not_switched_off(
    old: str, effort: str, after: str
) -> None:
    found = planned(chat(f'reasoning_effort="{effort}"', model=f'"{old}"'), target="ark")
    assert after in found.after()
    assert "thinking" not in found.after()


def test_what_reasons_goes_on_where_a_model_does_not_think_by_default() -> None:
    after = planned(chat(model='"o3-mini"'), target="hunyuan").after()
    assert 'extra_body={"thinking": {"type": "enabled"}}' in after
    assert "thinking" not in planned(chat(model='"gpt-4o-mini"'), target="hunyuan").after()


@pytest.mark.parametrize(("old", "kind"), [("gpt-4o", "disabled"), ("o3", "enabled")])
def test_a_model_of_which_nobody_says_whether_it_thinks_is_told(old: str, kind: str) -> None:
    after = planned(chat(model=f'"{old}"'), target="hunyuan").after()
    assert 'model="hy4"' in after and f'"thinking": {{"type": "{kind}"}}' in after


def test_a_schema_goes_to_a_model_that_was_seen_to_keep_to_it() -> None:
    schema = 'response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}'
    assert '"doubao-seed-2-1-pro-260628"' in planned(chat(schema), target="ark").after()
    assert '"hy3-preview"' in planned(chat(schema), target="hunyuan").after()


def test_a_limit_is_called_as_the_provider_calls_it() -> None:
    found = planned(chat("max_completion_tokens=50, n=1, logprobs=False"), target="hunyuan")
    assert "max_tokens=50" in found.after()
    assert "n=1" not in found.after() and "logprobs" not in found.after()
    assert codes(found) == ["parameter-renamed"]  # what has no effect goes without a word


@pytest.mark.parametrize("arguments", ["n=2", "n=q", "logprobs=True", "audio={}"])
def test_what_would_change_the_program_is_not_taken_away(arguments: str) -> None:
    found = planned(chat(arguments), target="hunyuan")
    assert isinstance(found.decision("app.py", Kind.CALL), Checklist)
    assert set(codes(found)) & {"value-refused", "parameter-refused"}


def test_a_model_of_ones_own_is_no_misspelling() -> None:
    found = planned(chat(), target="ark", model_map={"gpt-4o": "ep-20260101-abcde"})
    assert '"ep-20260101-abcde"' in found.after()
    assert "model-own" in found.codes() and "model-chosen" not in found.codes()


def test_a_name_without_its_version_is_refused() -> None:
    from migrator.providers import RetiredModelError

    with pytest.raises(RetiredModelError, match="no real id"):
        planned(chat(), target="ark", model_map={"gpt-4o": "doubao-seed-2.1-pro"})


def test_how_thinking_is_switched_off_is_said_in_the_providers_words() -> None:
    found = planned(chat(model="q"), target="ark")
    assert OFF in found.item("thinking-unknown").action


# -- the Responses API ----------------------------------------------------------------------------


def respond(arguments: str = "") -> str:
    return (
        "from openai import OpenAI\nclient = OpenAI()\ndef ask(q):\n"
        f'    a = client.responses.create(model="gpt-4o", input=q{arguments})\n'
        "    return a.output_text\n"
    )


def test_a_limit_is_called_otherwise_twice() -> None:
    text = respond(", max_output_tokens=9").replace("(q)", "(q: str)")
    found = planned(text, target="hunyuan")
    assert "max_tokens=9" in found.after()
    assert found.item("responses-chat").title.endswith("for `input`")


def test_what_did_not_reason_does_not_start_to_by_the_responses_endpoint() -> None:
    after = planned(respond(", truncation='auto'"), target="ark").after()
    assert 'reasoning={"effort": "minimal"}' in after
    assert "truncation" not in after


def test_rows_stay_with_batches_that_nobody_carries_out() -> None:
    row = '{"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": body}'
    found = planned(
        "import json\nfrom openai import OpenAI\nclient = OpenAI()\n"
        'def row(q):\n    body = {"model": "gpt-4o-mini", "messages": q}\n'
        f"    return json.dumps({row})\n"
        "def start(name):\n    return client.batches.create(input_file_id=name, "
        'endpoint="/v1/chat/completions", completion_window="24h")\n',
        target="ark",
    )
    assert '"gpt-4o-mini"' in found.after()
    assert set(found.codes()) >= {"endpoint-missing"}


# -- embeddings -----------------------------------------------------------------------------------


def test_each_text_is_a_request_where_a_request_makes_one_vector() -> None:
    found = planned(embed("input=texts, user='u'"), target="ark")
    assert "create_embeddings( client, model=" in flat(found)
    assert "dimensions=2048" in found.after() and "user" not in found.after()
    (module,) = found.plan.files
    assert module.path == "ark_embeddings.py"
    assert codes(found) == ["parameter-dropped", "vector-width", "embedding-single"]


def test_later_ones_are_awaited() -> None:
    text = embed("input=texts").replace("OpenAI", "AsyncOpenAI").replace("def", "async def")
    found = planned(text.replace("return client", "return await client"), target="ark")
    assert "await create_embeddings_async(" in found.after()
    (made,) = found.instructions(AdapterCall)
    assert isinstance(made, AdapterCall) and made.function == "create_embeddings_async"


STAYING: dict[str, str] = {
    "a method that is handed on": "partial(client.embeddings.create, model=M)(input=texts)",
    "a raw response": "client.embeddings.with_raw_response.create(model=M, input=texts)",
}


@pytest.mark.parametrize("body", STAYING.values(), ids=list(STAYING))
def test_what_no_function_can_make_stays_with_the_reason(body: str) -> None:
    head = "from functools import partial\nfrom openai import OpenAI\nclient = OpenAI()\n"
    text = f'{head}M = "text-embedding-3-small"\ndef embed(texts):\n    return {body}\n'
    found = planned(text, target="ark")
    assert "media-untraced" in found.codes()
    assert found.after() == found.files["app.py"]


def test_requests_without_the_package_stay_with_how_to_do_it() -> None:
    found = planned(
        "import os, requests\ndef embed(q):\n"
        '    key = os.environ["OPENAI_API_KEY"]\n'
        '    return requests.post("https://api.openai.com/v1/embeddings", '
        'headers={"Authorization": f"Bearer {key}"}, '
        'json={"model": "text-embedding-3-small", "input": q}).json()\n',
        target="ark",
    )
    assert "/embeddings/multimodal" in found.item("endpoint-unproven").action


@pytest.mark.parametrize(
    ("given", "told"), [("texts", True), ('"short"', False), (f'["{"a" * 2001}"]', True)]
)
def test_how_long_a_text_may_be_is_told_where_it_may_be_longer(given: str, told: bool) -> None:
    found = planned(embed(f"input={given}"), target="hunyuan")
    assert ("embedding-length" in found.codes()) is told
    assert 'encoding_format="float"' in found.after()
    assert "dimensions" not in found.after()


# -- pictures -------------------------------------------------------------------------------------

PICTURES: dict[str, tuple[str, Any, list[str]]] = {
    "a small size": (', size="1024x1792"', 'size="1536x2688"', ["parameter-changed"]),
    "a size of its own": (', size="640x480"', "size", ["parameter-dropped"]),
    "a large size": (', size="3840x2160"', 'size="3840x2160"', []),
    "a size of run time": (", size=size", "size=size", ["parameter-range"]),
    "one picture": (", n=1", "n=1", []),
    "a background that is left open": (
        ', background="auto"',
        'background="opaque"',
        ["parameter-changed"],
    ),
}


@pytest.mark.parametrize(("arguments", "text", "told"), PICTURES.values(), ids=list(PICTURES))
def test_pictures_of_ark(arguments: str, text: str, told: list[str]) -> None:
    found = planned(draw(arguments), target="ark")
    assert 'extra_body={"watermark": False}' in found.after()
    gone = told == ["parameter-dropped"] or text == "n=1"
    assert (f" {text.partition('=')[0]}=" in flat(found)) is not gone
    assert gone or text in found.after()
    assert [one for one in codes(found) if one not in ("endpoint-partly", "picture-links")] == told


@pytest.mark.parametrize("arguments", [", n=2", ", n=size", ', background="transparent"'])
def test_pictures_that_ark_does_not_draw_stay(arguments: str) -> None:
    found = planned(draw(arguments), target="ark")
    assert isinstance(found.decision("app.py", Kind.CALL), Checklist)


def test_the_data_of_pictures_is_asked_for_where_it_is_answered() -> None:
    text = draw("", ".data[0].b64_json").replace("dall-e-3", "gpt-image-1")
    found = planned(text, target="ark")
    assert 'response_format="b64_json"' in found.after()
    assert "urlopen" not in found.after()
