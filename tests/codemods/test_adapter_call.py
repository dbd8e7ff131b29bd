"""Calls that a function of a module beside the code makes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.edits import AdapterCall
from tests.codemods.rewriting import At, refusals, rewritten

SPEAK = 'client.audio.speech.create(model="m", voice="v", input=q)'
HEAD = "import json\n\nfrom openai import OpenAI\n\nimport words\n\nclient = OpenAI()\n\n"


def made(method: str = "audio.speech.create", module: str = "house_speech") -> AdapterCall:
    return AdapterCall(
        method, "create_speech", module, "house_speech.py", ("house_speech", "words")
    )


def test_the_client_is_handed_to_the_function_which_is_imported_with_ones_own() -> None:
    assert rewritten(f"{HEAD}x = {SPEAK}\n", At(SPEAK, made())) == (
        "import json\n\nfrom openai import OpenAI\n\nimport words\n"
        "from house_speech import create_speech\n\nclient = OpenAI()\n\n"
        'x = create_speech(client, model="m", voice="v", input=q)\n'
    )


def test_a_method_of_the_module_gets_a_client_with_its_settings() -> None:
    call = 'openai.audio.speech.create(model="m", voice="v", input=q)'
    instruction = replace(made(), of_module=True)
    assert rewritten(f"import openai\nx = {call}\n", At(call, instruction)).endswith(
        "x = create_speech(\n    openai.OpenAI(api_key=openai.api_key, base_url=openai.base_url), "
        'model="m", voice="v", input=q\n)\n'
    )
    refused = "x = made().audio.speech.create(input=q)\n"
    (told,) = refusals(refused, At(refused[4:-1], instruction))
    assert "by its name" in told


@pytest.mark.parametrize(
    ("call", "method", "after"),
    [
        ("self.client.audio.speech.create(input=q)", "", "create_speech(self.client, input=q)"),
        ("make().audio.speech.create(input=q)", "", "create_speech(make(), input=q)"),
        (
            "clients[0].audio.speech.with_streaming_response.create(input=q)",
            "audio.speech.with_streaming_response.create",
            "create_speech(clients[0], input=q)",
        ),
    ],
)
def test_whatever_the_client_is(call: str, method: str, after: str) -> None:
    text = rewritten(f"x = {call}\n", At(call, made(method or "audio.speech.create")))
    assert text.endswith(f"x = {after}\n")


def test_a_relative_module_is_imported_last() -> None:
    text = rewritten(f"{HEAD}x = {SPEAK}\n", At(SPEAK, made(module=".house_speech")))
    assert "import words\n\nfrom .house_speech import create_speech\n" in text


def test_an_import_that_is_there_is_used() -> None:
    head = f"{HEAD}from house_speech import create_speech as speak\n"
    text = rewritten(f"{head}x = {SPEAK}\n", At(SPEAK, made()))
    assert 'x = speak(client, model="m"' in text
    assert text.count("house_speech") == 1


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("speak(input=q)", "not written as"),
        ("client.audio.speech", "not a call"),
    ],
)
def test_what_is_not_written_as_the_method_is_refused(code: str, why: str) -> None:
    assert why in refusals(f"{HEAD}x = {code}\n", At(code, made()))[0]


def test_a_name_that_means_something_else_is_not_taken() -> None:
    text = f"{HEAD}def create_speech(q):\n    return {SPEAK}\n"
    assert "means something else" in refusals(text, At(SPEAK, made()))[0]
